"""Mark a piece of legacy, so that an answer about another piece is noticed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.core.attributes import attributes_of
from lowuse_gis.core.filing.canonical import record_hashes
from lowuse_gis.core.review import MARK
from lowuse_gis.model.filing import NUMBER, FiledField

if TYPE_CHECKING:
    import geopandas as gpd

TEXTS = (
    "village_code", "survey_class", "class_2009", "class_2019", "state", "period", "procedure",
    "plan_conformity",
)  # fmt: skip
AREA = FiledField("area", "", NUMBER, 15, 2)


def piece_marks(pieces: gpd.GeoDataFrame) -> pd.Series:
    """Mark pieces by what was judged of them.

    Parameters
    ----------
    pieces
        As judged, before any answer.

    Returns
    -------
    Series of str
        Twelve hexadecimal digits of the SHA-256 of the shape (0.1 mm), area, village, classes,
        state, period, procedures and conformity; from the first letter on. The code is not in it:
        a piece that is only numbered anew is the same piece.
    """
    fields = [*(FiledField(name, "", "C", 254, 0) for name in TEXTS), AREA]
    table = attributes_of(pieces)
    table = table.reindex(columns=[field.code for field in fields])
    table[list(TEXTS)] = table[list(TEXTS)].astype("str")
    hashes = pd.Series(record_hashes(table, fields, pieces.geometry.to_numpy()), pieces.index)
    return hashes.astype("str").str.extract(f"({MARK})")[0].astype("str")
