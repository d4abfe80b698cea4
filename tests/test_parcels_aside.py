"""Layers of parcels written from handed rows: the bytes of a file that is written in one go."""

from datetime import date

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

import tiny
from lowuse_gis.core.verdict import LOW_USE
from lowuse_gis.io.check_rows import checks_layer
from lowuse_gis.io.geopackage import write_geopackage
from lowuse_gis.io.out_layer import Column, OutLayer
from lowuse_gis.io.parcels_aside import add_parcels, begin_with_checks, hand_over
from lowuse_gis.io.result_writing import checks_table
from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.io.styled import styled
from lowuse_gis.measures.measured import check_rows
from lowuse_gis.model import Run

CRS = "EPSG:4527"
COLUMNS = [Column(name, "code") for name in ("row", "verdict", "land_type")]


def layer(name, frame):
    return OutLayer(name, name, frame, COLUMNS, "MultiPolygon")


@pytest.mark.parametrize("types", [["industrial", "village", "industrial"], ["village"] * 3, []])
def test_the_bytes_are_the_same(tmp_path, types):
    """Also where no parcel, or none of a type, is low-use; parcels are listed first."""
    run = Run(read_rulebook("jinghai"), date(2022, 12, 31))
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
    checks = (check_rows("4201", pd.Series(["1:1", "1:0"]), note=pd.Series(["a", "b"])),)
    codes = pd.Series([f"12022300{n}" for n in range(4)], frame["row"], name="parcel_code")
    listed = checks_table(checks, codes, run.rulebook)
    (points,) = styled([checks_layer(listed)], run.rulebook)
    table = OutLayer("problems", "problems", frame[["row"]].head(2), COLUMNS[:1])
    names = [one.name for one in layers]
    once, begun = tmp_path / "once.gpkg", tmp_path / "begun.gpkg"
    write_geopackage(once, [points, *layers, table], CRS, run.as_of, (), names)
    bare = [layer(one.name, frame.head(0)) for one in layers]
    hand_over(tmp_path / "rows", layers[0])
    found, counts = begin_with_checks(tmp_path / "checks.gpkg", checks, codes, run)
    for _again in range(2):  # as where the process that did it was lost
        if not (tmp_path / "rows").exists():
            hand_over(tmp_path / "rows", layers[0])
        add_parcels(begun, tmp_path / "checks.gpkg", tmp_path / "rows", bare, run)
    write_geopackage(begun, [table], CRS, run.as_of, [found, *bare], names)
    assert begun.read_bytes() == once.read_bytes()
    assert not (tmp_path / "rows").exists()
    assert counts[["code", "rows"]].to_numpy().tolist() == [["4201", 2]]
    order = pyogrio.list_layers(begun)[:, 0].tolist()
    assert order == [*names, "checks", "problems", "layer_styles"]
