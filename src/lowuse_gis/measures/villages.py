"""Measures of the village a parcel lies in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lowuse_gis.core.division_codes import village_of
from lowuse_gis.measures.measured import Measured, check_rows
from lowuse_gis.measures.tables import linked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowuse_gis.model import Run, Survey


def village(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Take what a table of villages says of the parcel's village.

    Parameters
    ----------
    survey, spec, run
        ``source``, keyed by the first twelve digits of the village code; ``into``, column of the
        table to column written; ``ratios``, column written to a pair of columns, the first divided
        by the second; ``check`` for rows of villages without a parcel.

    Returns
    -------
    Measured
        Missing where the village is not known or not in the table, or would be divided by zero.
    """
    index, codes = survey.parcels.index, village_of(survey.parcels["village_code"])
    columns = pd.DataFrame(index=index)
    for target in [*spec["into"].values(), *spec["ratios"]]:
        number = run.rulebook.columns.loc[target, "dtype"] == "number"
        columns[target] = pd.Series(np.nan, index, float if number else "str")
    table = survey.tables.get(spec["source"])
    if table is None:
        return Measured(columns)
    table = table.assign(key=village_of(table["village_code"]))
    rows = table.dropna(subset=["key"]).drop_duplicates("key").set_index("key")
    for column, target in spec["into"].items():
        if column in rows:
            found = codes.map(rows[column])
            columns[target] = found.astype(columns[target].dtype).where(found.notna())
    for target, (part, whole) in spec["ratios"].items():
        if part in rows and whole in rows:
            ratio = rows[part] / rows[whole].where(rows[whole] > 0)
            columns[target] = codes.map(ratio).astype(float).round(4)
    lost = table[~table["key"].isin(codes.dropna())]
    note = spec["source"] + " " + lost["place"] + " " + lost["village_code"].fillna("")
    return Measured(
        columns, [check_rows(spec["check"], pd.Series("", index=lost.index), note=note)]
    )


def village_share(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Measure which share of a village's homesteads is in one of some states.

    Parameters
    ----------
    survey, spec, run
        ``source``, a table keyed by parcel code; ``state``, its column; ``idle``, the states
        counted; ``into``.

    Returns
    -------
    Measured
        Of the homesteads whose state is known, by the first row of each; missing where the village
        has none.
    """
    del run
    parcels, table = survey.parcels, survey.tables.get(spec["source"])
    share = pd.Series(np.nan, index=parcels.index)
    if table is not None and spec["state"] in table:
        links = linked(survey, table)
        links = links[links["at"] >= 0].drop_duplicates("parcel_code")
        links = links.dropna(subset=[spec["state"]])
        villages = village_of(parcels["village_code"]).array[links["at"].to_numpy()]
        idle = links[spec["state"]].isin(spec["idle"]).groupby(villages).mean()
        share = village_of(parcels["village_code"]).map(idle).astype(float).round(6)
    return Measured(pd.DataFrame({spec["into"]: share}))
