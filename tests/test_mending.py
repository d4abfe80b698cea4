"""Mending: hand-computed changes, limits, twice is once, and all of it taken back."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box

import tiny
from lowuse_gis.core.mending.changes import Limits
from lowuse_gis.core.mending.coverage import duplicates, mend_coverage
from lowuse_gis.core.mending.passes import mend_layer
from lowuse_gis.core.mending.shapes import mend_shapes
from lowuse_gis.core.mending.texts import mend_texts

LIMITS = Limits(
    near=0.001, tiny=1.0, width=0.05, snap=0.05, least=0.011, area_step=1.0, area_share=0.001
)
EAR = [(0, 0), (100, 0), (100, 100), (99.9, 100.1), (100.1, 100.1), (100, 100), (0, 100)]


def shapes(*given_shapes):
    made = np.empty(len(given_shapes), dtype=object)
    made[:] = given_shapes
    return made


def mended(*given_shapes):
    before = shapes(*given_shapes)
    return mend_shapes(before, before, LIMITS)


@pytest.mark.parametrize(
    ("shape", "operation", "change", "wanted"),
    [
        (
            Polygon([(0, 0), (100, 0), (100, 0.0004), (100, 100), (0, 100)]),
            "doubled_points",
            0.0,
            box(0, 0, 100, 100),
        ),
        (
            Polygon(box(0, 0, 100, 100).exterior, [[(50, 50), (50.5, 50), (50.5, 50.5)]]),
            "tiny_holes_and_parts",
            0.125,
            box(0, 0, 100, 100),
        ),
        (
            MultiPolygon([box(0, 0, 100, 100), box(110, 0, 110.5, 0.5)]),
            "tiny_holes_and_parts",
            -0.25,
            box(0, 0, 100, 100),
        ),
        (
            Polygon(
                [(0, 0), (100, 0), (100, 100), (0, 100)], [[(40, 40), (60, 40), (60, 60), (40, 60)]]
            ),
            "ring_order",
            0.0,
            None,
        ),
    ],
)
def test_each_operation_is_recorded_with_its_change_of_area(shape, operation, change, wanted):
    outcome = mended(shape)
    line = outcome.changes.set_index("operation").loc[operation]
    assert line["applied"]
    assert line["area_change"] == pytest.approx(change, abs=1e-9)
    if wanted is not None:
        assert outcome.geometry[0].equals(wanted)
    assert shapely.from_wkb(line["geometry_before"]).equals_exact(shape, 0)


def test_a_small_crossing_is_mended_and_a_large_one_only_listed():
    bow = Polygon([(200, 0), (300, 100), (300, 0), (200, 100)])
    outcome = mended(Polygon(EAR), bow)
    valid = outcome.changes[outcome.changes["operation"] == "make_valid"]
    assert valid["applied"].tolist() == [True, False]
    assert valid["refused"].tolist() == ["", "area"]
    assert valid["area_change"].tolist() == [0.02, 5000.0]
    assert outcome.geometry[1].equals_exact(bow, 0)


def test_a_hole_stays_a_hole():
    broken = Polygon(EAR, [[(20, 20), (40, 20), (40, 40), (20, 40)]])
    outcome = mended(broken)
    assert shapely.area(outcome.geometry[0]) == pytest.approx(10_000 - 400, abs=0.02)
    assert shapely.get_num_interior_rings(outcome.geometry[0]) == 1


def test_a_tiny_hole_that_another_feature_fills_is_left():
    hole = [(50, 50), (50.5, 50), (50.5, 50.5), (50, 50.5)]
    outcome = mended(Polygon(box(0, 0, 100, 100).exterior, [hole]), Polygon(hole))
    line = outcome.changes[outcome.changes["operation"] == "tiny_holes_and_parts"].iloc[0]
    assert (line["applied"], line["refused"]) == (False, "neighbour")
    assert shapely.area(outcome.geometry[0]) == 10_000 - 0.25


def test_narrow_overlaps_and_gaps_are_closed_and_wide_ones_stay():
    row = [box(0, 0, 100, 100), box(99.99, 0, 200, 100), box(200.02, 0, 300, 100)]
    rest = [box(0, 100, 300, 200), box(0, -100, 300, 0), box(290, 150, 400, 200)]
    before = shapes(*row, *rest)
    stratum = np.full(len(before), "surface", dtype=object)
    limits = Limits(0.001, 1.0, 0.05, 0.05, 0.011, 3.0, 0.001)
    outcome = mend_coverage(before, before, stratum, limits)
    assert outcome.changes["applied"].all()
    after = outcome.geometry
    assert shapely.area(after[:3]).sum() == pytest.approx(30_000)  # overlap once, gap filled
    assert after[5].equals_exact(before[5], 0)
    again = mend_coverage(after, before, stratum, limits)
    assert not len(again.changes)


def test_a_cluster_is_left_alone_where_one_would_change_too_much():
    before = shapes(box(0, 0, 100, 100), box(99.98, 0, 200, 100))
    stratum = np.full(2, "surface", dtype=object)
    strict = Limits(0.001, 1.0, 0.05, 0.05, 0.011, area_step=1.0, area_share=0.0)
    outcome = mend_coverage(before, before, stratum, strict)
    assert outcome.changes["refused"].tolist() == ["area"]
    assert outcome.geometry[1].equals_exact(before[1], 0)


def test_exact_duplicates_are_the_later_ones():
    square = box(0, 0, 10, 10)
    before = shapes(square, shapely.reverse(square), square, None, None)
    table = pd.DataFrame({"a": ["x", "x", "y", "z", "z"]})
    assert duplicates(before, table).tolist() == [False, True, False, False, False]


def test_texts_are_mended_only_where_their_meaning_is_certain(rulebook):
    raw = pd.DataFrame(
        {
            "parcel_code": ["１20118902001GB00001", "120118902001gb00002", "x y", " "],
            "location": [" 路1号 ", "a  b", None, "ok"],
            "right_kind": ["国有建设用地使用权", "3", "乱写", None],
            "registered_area": ["１２", " 5", None, "x"],
        }
    )
    specs = {**rulebook.fields["parcels"]}
    found = mend_texts(raw, specs, rulebook.domain)
    lines = {(c.column, c.position): (c.before, c.after) for c in found.itertuples()}
    assert lines == {
        ("parcel_code", 0): ("１20118902001GB00001", "120118902001GB00001"),
        ("parcel_code", 1): ("120118902001gb00002", "120118902001GB00002"),
        ("parcel_code", 2): ("x y", "xy"),
        ("parcel_code", 3): (" ", ""),
        ("location", 0): (" 路1号 ", "路1号"),
        ("right_kind", 0): ("国有建设用地使用权", "3"),
    }


coordinate = st.integers(0, 12).map(lambda n: n / 2)
ring = st.lists(st.tuples(coordinate, coordinate), min_size=3, max_size=8, unique=True)


def layer_mended(before, limits):
    """Mend as the program does; no two features are alike, all on the surface."""
    table = pd.DataFrame({"number": range(len(before))})
    return mend_layer(before, table, np.full(len(before), "surface", dtype=object), limits)


CROSSED = [
    [(0, 3.5), (3.5, 0), (0, 2.5), (1.5, 0), (0.5, 0), (5.5, 0), (0, 0), (0, 6)],
    [(0, 3), (5.5, 0), (0, 6), (3.5, 3.5), (1, 5.5), (0, 0), (3.5, 5.5), (1, 2.5)],
]  # made valid, one of them has a tiny part that may only go when it is looked at by itself


@settings(max_examples=30, deadline=None)
@given(st.lists(ring, min_size=1, max_size=6))
@example(CROSSED)
def test_twice_is_once_and_nothing_is_lost(rings):
    before = shapes(*(Polygon(points) for points in rings))
    limits = Limits(0.001, 0.2, 0.05, 0.05, 0.011, 0.5, 0.05)
    now = layer_mended(before, limits).geometry
    assert len(now) == len(before)
    assert not layer_mended(now, limits).changes["applied"].any()
    change = np.abs(shapely.area(now) - shapely.area(before))
    assert (change <= np.maximum(0.5, 0.05 * shapely.area(before)) + 1e-9).all()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(-10, 10), min_size=72, max_size=72))
def test_lots_drawn_apart_by_centimetres_fit_each_other_afterwards(steps):
    """Nine lots side by side, every corner of each up to 2 cm off, by steps of 2 mm."""
    jitter = np.array(steps, dtype=float).reshape(9, 4, 2) / 500
    squares = [
        box(100 * x, 100 * y, 100 * x + 100, 100 * y + 100) for x in range(3) for y in range(3)
    ]
    before = shapes(
        *(
            Polygon(shapely.get_coordinates(square)[:4] + by)
            for square, by in zip(squares, jitter, strict=True)
        )
    )
    limits = Limits(0.001, 1.0, 0.05, 0.05, 0.011, 10.0, 0.001)
    now = layer_mended(before, limits).geometry
    assert shapely.is_valid(now).all()
    assert shapely.coverage_is_valid(now, gap_width=0.05)
    assert np.abs(shapely.area(now) - shapely.area(before)).max() < 10.0
    assert shapely.hausdorff_distance(now, before).max() < 0.1
    assert not layer_mended(now, limits).changes["applied"].any()


def test_lots_apart_by_more_are_left_apart():
    before = shapes(box(0, 0, 100, 100), box(100.06, 0, 200, 100), box(0, 100, 100, 200))
    now = layer_mended(before, LIMITS).geometry
    assert all(a.equals_exact(b, 0) for a, b in zip(now, before, strict=True))


@pytest.fixture
def dirty(tmp_path):
    records = [
        tiny.parcel(1, tiny.lot(0, 0)),
        tiny.parcel(2, shapely.transform(Polygon(EAR), lambda xy: xy + tiny.ORIGIN + (200, 0))),
        tiny.parcel(3, tiny.lot(400, 0), ZDDM="120118901001gb00003", QLRMC="丙公司 "),
        tiny.parcel(1, tiny.lot(0, 0)),
    ]
    return tiny.write_shapefile(tiny.frame(records), tmp_path / "a.shp")


def test_check_mends_and_undo_takes_it_back(lowuse, dirty, tmp_path):
    folder = tmp_path / "c"
    code, out, _err = lowuse("check", dirty, "--as", "parcels", "--mend", "-o", folder)
    assert code == 0, out
    clean = gpd.read_file(folder / "clean.gpkg", layer="parcels")
    gone = gpd.read_file(folder / "clean.gpkg", layer="parcels_taken_out")
    assert (len(clean), gone["lw_row"].tolist()) == (3, ["1:4"])
    assert clean["ZDDM"].tolist()[2] == tiny.code(3)
    assert clean["ZDMJ"].tolist() == [10_000.0, round(Polygon(EAR).area, 2), 10_000.0]
    assert clean.geometry.is_valid.all()
    ledger = pd.read_csv(folder / "mends.csv", encoding="utf-8-sig")
    assert set(ledger["operation"]) >= {"text", "make_valid", "taken_out"}
    found = pyogrio.read_dataframe(folder / "findings.gpkg", layer="findings").set_index("code")
    assert found.loc["4103", "state"] == "mended"
    code, out, _err = lowuse("mend", "--undo", folder / "clean.gpkg", "-o", tmp_path / "r.gpkg")
    assert code == 0
    restored = gpd.read_file(tmp_path / "r.gpkg", layer="parcels")
    original = gpd.read_file(dirty, encoding="GBK")
    assert restored["lw_row"].tolist() == ["1:1", "1:2", "1:3", "1:4"]
    for column in ("ZDDM", "QLRMC", "ZDMJ"):
        assert restored[column].tolist() == original[column].tolist()
    for mine, read in zip(restored.geometry, original.geometry, strict=True):
        assert shapely.get_parts(mine)[0].wkb == read.wkb
    assert f"{len(ledger)} changes taken back" in out


def test_undo_of_one_row_leaves_the_others(lowuse, dirty, tmp_path):
    lowuse("check", dirty, "--as", "parcels", "--mend", "-o", tmp_path / "c")
    clean, back = tmp_path / "c" / "clean.gpkg", tmp_path / "r.gpkg"
    lowuse("mend", "--undo", clean, "--row", "1:3", "-o", back)
    restored = gpd.read_file(back, layer="parcels")
    assert restored["ZDDM"].tolist()[2] == "120118901001gb00003"
    assert restored.geometry.is_valid.all()
    code, out, _err = lowuse("mend", "--undo", back, "--row", "1:3", "-o", back, "--overwrite")
    assert code == 0
    assert "0 changes taken back" in out


def test_what_was_changed_since_is_not_taken_back(lowuse, dirty, tmp_path):
    lowuse("check", dirty, "--as", "parcels", "--mend", "-o", tmp_path / "c")
    clean = tmp_path / "c" / "clean.gpkg"
    import sqlite3

    with sqlite3.connect(clean) as base:
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            base.create_function(name, 1, lambda _shape: 0)  # what GeoPackage's triggers call
        base.execute("UPDATE parcels SET ZDDM = '别的' WHERE lw_row = '1:3'")
    base.close()
    _code, out, _err = lowuse("mend", "--undo", clean, "-o", tmp_path / "r.gpkg")
    assert "not taken back" in out
    restored = gpd.read_file(tmp_path / "r.gpkg", layer="parcels")
    assert restored["ZDDM"].tolist()[2] == "别的"


def test_dry_run_lists_and_writes_no_clean_file(lowuse, dirty, tmp_path):
    lowuse("check", dirty, "--as", "parcels", "--dry-run", "-o", tmp_path / "c")
    assert (tmp_path / "c" / "mends.csv").exists()
    assert not (tmp_path / "c" / "clean.gpkg").exists()


def test_requests_that_cannot_be_undone(refused, dirty, lowuse, tmp_path):
    lowuse("check", dirty, "--as", "parcels", "--mend", "-o", tmp_path / "c")
    clean = tmp_path / "c" / "clean.gpkg"
    assert "mend what?" in refused("mend", clean)[0]
    assert "never mended" in refused("mend", "--undo", clean, "--row", "9:9")[0]
    assert "not written by" in refused("mend", "--undo", dirty, "-o", tmp_path / "r.gpkg")[0]


def test_copies_are_taken_out_although_their_neighbour_is_mended(lowuse, tmp_path):
    near = shapely.transform(tiny.lot(100, 0), lambda xy: xy - [0.004, 0])
    lots = {1: tiny.lot(0, 0), 2: near}
    records = [tiny.parcel(number, lots[number]) for number in (1, 2, 2)]
    records[2]["QLRMC"] = "\u3000" + records[2]["QLRMC"]
    file = tiny.write_shapefile(tiny.frame(records), tmp_path / "a.shp")
    folder = tmp_path / "c"
    code, _out, err = lowuse("check", file, "--as", "parcels", "--mend", "-o", folder)
    assert code == 0, err
    gone = gpd.read_file(folder / "clean.gpkg", layer="parcels_taken_out")
    assert gone["lw_row"].tolist() == ["1:3"]
    ledger = pd.read_csv(folder / "mends.csv", encoding="utf-8-sig")
    assert ledger.loc[ledger["row"] == "1:3", "operation"].tolist() == ["taken_out"]
    assert "narrow_overlaps_and_gaps" in set(ledger["operation"])
    code, out, _err = lowuse("mend", "--undo", folder / "clean.gpkg", "-o", tmp_path / "r.gpkg")
    assert "not taken back" not in out
    restored = gpd.read_file(tmp_path / "r.gpkg", layer="parcels")
    assert restored["QLRMC"].tolist()[2].startswith("\u3000")
    assert shapely.area(restored.geometry.to_numpy()).tolist() == pytest.approx([10_000.0] * 3)
