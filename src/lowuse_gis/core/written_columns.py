"""Standard columns written out for people, with unit and labels."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lowuse_gis.core.wording import written, written_list
from lowuse_gis.language import pick

if TYPE_CHECKING:
    import pandas as pd

    from lowuse_gis.model import Rulebook

MISSING = "missing"  # the column that lists other columns


def written_column(parcels: pd.DataFrame, rulebook: Rulebook, name: str) -> pd.Series:
    """Write a standard column out, with unit and labels.

    Parameters
    ----------
    parcels, rulebook
        The table and what columns.csv says of its columns.
    name
        The column.

    Returns
    -------
    Series of str
    """
    if name == MISSING:
        return written_list(parcels[name], partial(_label, rulebook))
    row = rulebook.columns.loc[name]
    return written(parcels[name], row["unit"], rulebook.domain(row["domain"]))


def _label(rulebook: Rulebook, name: str) -> str:
    row = rulebook.columns.loc[name]
    return pick(row["label"], row["label_en"])
