"""Put a bureau's table into the shape of whatever is handed over, so that checks can look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from lowuse_gis.model import Delivered

if TYPE_CHECKING:
    from lowuse_gis.io.tables import Table
    from lowuse_gis.model import Rulebook


def delivered_table(
    table: Table, source: str, file: str, layer: str, number: int, rulebook: Rulebook
) -> Delivered:
    """Make a delivery of a table.

    Parameters
    ----------
    table, source
        As read, and what it is.
    file, layer
        What it is called.
    number
        Number of the file in this run.
    rulebook
        Knows the working CRS, which layers without shapes have too.

    Returns
    -------
    Delivered
        A row is called by number, sheet and line, such as ``2:Sheet1!5``.
    """
    index = pd.Index(f"{number}:" + table.frame["place"], name="row")
    values = table.frame.drop(columns="place").set_index(index)
    frame = gpd.GeoDataFrame(values, geometry=[None] * len(values), crs=rulebook.crs)
    kinds = [str(values[name].dtype) for name in values]
    fields = pd.DataFrame({"field": list(values), "dtype": kinds, "width": 0})
    place = table.facts["place"]
    return Delivered(
        source=source,
        file=file,
        layer=layer,
        frame=frame,
        raw=table.raw.drop(columns="place").set_index(index),
        fields=fields.assign(column=fields["field"]),
        positions=table.positions.set_index(index),
        facts=table.facts.assign(row=(f"{number}:" + place).where(place != "", "")),
    )
