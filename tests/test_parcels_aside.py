"""Layers of parcels written from handed rows: the bytes of a file that is written in one go."""

from datetime import date

import geopandas as gpd
import pandas as pd
import pytest

import tiny
from lowuse_gis.core.verdict import LOW_USE
from lowuse_gis.io.geopackage import write_geopackage
from lowuse_gis.io.out_layer import Column, OutLayer
from lowuse_gis.io.parcels_aside import begin_with_parcels, hand_over

CRS, DAY = "EPSG:4527", date(2022, 12, 31)
COLUMNS = [Column(name, "code") for name in ("row", "verdict", "land_type")]


def layer(name, frame):
    return OutLayer(name, name, frame, COLUMNS, "MultiPolygon")


@pytest.mark.parametrize("types", [["industrial", "village", "industrial"], ["village"] * 3, []])
def test_the_bytes_are_the_same(tmp_path, types):
    """Also where no parcel, or none of a type, is low-use."""
    frame = gpd.GeoDataFrame(
        {
            "row": [f"1:{n}" for n in range(4)],
            "verdict": [LOW_USE] * len(types) + ["not_low_use"] * (4 - len(types)),
            "land_type": pd.Series([*types, *["village"] * (4 - len(types))], dtype="str"),
        },
        geometry=[tiny.lot(100 * n, 0) for n in range(4)],
        crs=CRS,
    )
    low = frame["verdict"] == LOW_USE
    of = {code: frame[low & (frame["land_type"] == code)] for code in ("industrial", "village")}
    layers = [layer("parcels", frame), *(layer(f"lowuse_{code}", of[code]) for code in of)]
    table = OutLayer("checks", "checks", frame[["row"]].head(2), COLUMNS[:1])
    write_geopackage(tmp_path / "once.gpkg", [*layers, table], CRS, DAY)
    bare = [layer(one.name, frame.head(0)) for one in layers]
    hand_over(tmp_path / "rows", layers[0])
    begin_with_parcels(tmp_path / "begun.gpkg", tmp_path / "rows", bare, CRS, DAY)
    write_geopackage(tmp_path / "begun.gpkg", [table], CRS, DAY, bare)
    assert (tmp_path / "begun.gpkg").read_bytes() == (tmp_path / "once.gpkg").read_bytes()
    assert not (tmp_path / "rows").exists()
