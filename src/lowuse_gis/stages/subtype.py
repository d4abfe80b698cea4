"""Name the subtype (低效小类) of low-use parcels by the criterion that weighs most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.verdict import LOW_USE

if TYPE_CHECKING:
    from lowuse_gis.model import Rulebook, Run, Survey

ORDER = ("strong", "weak", "flag")


def subtype(survey: Survey, run: Run) -> Survey:
    """Give every parcel that is, or leans towards, or was decided low-use its subtype.

    Parameters
    ----------
    survey, run
        Judged parcels; the criteria say which subtype they stand for.

    Returns
    -------
    Survey
        With ``subtype``: that of the first criterion met, strong before weak before flag, in order
        of their codes; else the subtype that codes/subtypes.csv marks as the type's other; else
        missing.
    """
    parcels = survey.parcels
    low = (parcels["verdict"] == LOW_USE) | parcels["leaning"].fillna(value=False).astype(bool)
    low &= parcels["verdict_final"].isna() | (parcels["verdict"] == LOW_USE)
    chosen = parcels.loc[low, ["land_type", "criteria_met", "flags_met"]]
    met = chosen["criteria_met"].fillna("") + ";" + chosen["flags_met"].fillna("")
    each = met.str.split(";").explode()
    ranked = _ranked(run.rulebook)
    rank = each.map({code: at for at, (code, _subtype) in enumerate(ranked)}).dropna()
    first = rank.groupby(level=0).min().astype(int)
    named = pd.Series([ranked[at][1] for at in first], index=first.index, dtype="str")
    found = named.reindex(chosen.index)
    found = found.where(found.notna(), chosen["land_type"].map(_others(run.rulebook)))
    column = found.astype("str").where(found.notna()).reindex(parcels.index)
    return survey.with_columns(pd.DataFrame({"subtype": column}))


def _ranked(rulebook: Rulebook) -> list[tuple[str, str]]:
    """Return code and subtype of the criteria that have one, the weightiest first."""
    having = [c for c in rulebook.criteria if c.subtype and c.strength in ORDER]
    having.sort(key=lambda c: (ORDER.index(c.strength), c.code))
    return [(c.code, c.subtype) for c in having]


def _others(rulebook: Rulebook) -> dict[str, str]:
    table = rulebook.codes["subtypes"]
    other = table[np.asarray(table["other"] == "1")]
    return dict(zip(other["type"], other["code"], strict=True))
