"""Form of parcels, roads at them, limits of plans, what stands around; taken where needed."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
import shapely

import tiny
from lowuse_gis.core import frontage as at_roads
from lowuse_gis.core.nearest_line import nearest
from lowuse_gis.io.result import read_result
from lowuse_gis.measures.around import around
from lowuse_gis.measures.ground import conformity, form, plan_limits
from lowuse_gis.model import Run, Survey

AS_OF = date(2024, 3, 31)


@pytest.fixture
def survey(layer):
    parcels = layer.rename_axis("row")
    parcels.index = parcels.index.map(lambda at: f"1:{at + 1}")
    return Survey(parcels.assign(area=parcels.area))


def test_form(survey, rulebook):
    geometry = survey.parcels.geometry.to_numpy()
    geometry[1] = shapely.affinity.rotate(shapely.box(0, 0, 90, 10), 30)
    geometry[2] = None
    found = form(survey, {"width": "w", "compactness": "c"}, Run(rulebook, AS_OF)).columns
    assert found["w"].iloc[1] == pytest.approx(10, abs=0.01)
    assert found["c"].iloc[1] == pytest.approx(4 * np.pi * 900 / 200**2, abs=1e-4)
    assert found.iloc[2].isna().all()


def test_limits_of_a_plan(survey, rulebook):
    texts = pd.Series(["≤2.0,＞1.5", "1.5", None, "待定"], index=survey.parcels.index, dtype="str")
    survey = survey.with_columns(pd.DataFrame({"t": texts}), [], {})
    found = plan_limits(
        survey, {"column": "t", "lower": "l", "upper": "u"}, Run(rulebook, AS_OF)
    ).columns
    assert found["u"].fillna(-1).tolist() == [2, 1.5, -1, -1]
    assert found["l"].fillna(-1).tolist() == [1.5, -1, -1, -1]


def test_conformity(survey, rulebook):
    columns = pd.DataFrame(
        {
            "p": pd.Series(
                ["industrial", "commercial", None, "industrial"], dtype="str"
            ).to_numpy(),
            "t": pd.Series(["industrial"] * 4, dtype="str").to_numpy(),
            "s": [1.0, 0.9, 0.0, np.nan],
        },
        index=survey.parcels.index,
    )
    spec = {"planned": "p", "present": "t", "share": "s", "into": "c"}
    spec |= {"conforms": "1", "differs": "2", "no_plan": "3"}
    found = conformity(survey.with_columns(columns, [], {}), spec, Run(rulebook, AS_OF)).columns
    assert found["c"].tolist() == ["1", "2", "3", "1"]


def test_what_stands_around(survey, rulebook):
    verdict = pd.Series(
        ["low_use", "not_low_use", "low_use", "excluded"], index=survey.parcels.index
    )
    survey = survey.with_columns(pd.DataFrame({"verdict": verdict}), [], {})
    spec = {
        "verdict": "low_use",
        "verdicts": ["low_use", "not_low_use"],
        "reach": 150.0,
        "into": "a",
    }
    found = around(survey, spec, Run(rulebook, AS_OF)).columns["a"]
    near = survey.parcels.geometry.distance(survey.parcels.geometry.iloc[1]) <= 150
    assert near.tolist() == [True, True, True, False]
    assert found.tolist() == [0, 1, 0, 1]


@pytest.fixture
def wanting(tmp_path):
    """A rulebook that wants columns which no rule reads."""
    folder = tmp_path / "rules" / "wanting"
    folder.mkdir(parents=True)
    (folder / "rulebook.toml").write_text(
        'name = "wanting"\nextends = "jinghai"\ntitle = "要"\nversion = "1"\n'
        'wanted_columns = ["road_distance", "compactness"]\n',
        encoding="utf-8",
    )
    return folder


def test_measures_on_demand(parcels, wanting, lowuse, tmp_path):
    for rules, there in (("jinghai", False), (wanting, True)):
        code, _out, err = lowuse(
            "classify",
            parcels,
            "--rules",
            rules,
            "-o",
            tmp_path / "r.gpkg",
            "--overwrite",
            "--as-of",
            AS_OF,
        )
        assert code == 0, err
        found = read_result(tmp_path / "r.gpkg").parcels
        assert found["compactness"].notna().all() == there
        assert found["road_distance"].isna().all()  # no roads were supplied


def test_roads(parcels, wanting, lowuse, tmp_path):
    west, south, east, _north = tiny.lot(0, 0).bounds
    lines = [shapely.LineString([(west - 50, south - 10), (east + 50, south - 10)])] * 2
    records = [
        {"DLDJ": kind, "geometry": line}
        for kind, line in zip(["主干路", "河流"], lines, strict=True)
    ]
    tiny.frame(records).to_file(tmp_path / "roads.gpkg")
    code, _out, err = lowuse(
        "classify", parcels, "-s", f"roads={tmp_path / 'roads.gpkg'}", "--rules", wanting, "-o",
        tmp_path / "r.gpkg", "--as-of", AS_OF,
    )  # fmt: skip
    assert code == 0, err
    found = read_result(tmp_path / "r.gpkg").parcels
    assert found["road_distance"].iloc[0] == pytest.approx(10, abs=0.01)
    assert found["road_frontage"].iloc[0] == pytest.approx(east - west + 20 * (3**0.5), abs=25)
    assert found["road_distance"].iloc[3] > 100
    assert found["road_frontage"].iloc[3] == 0


@pytest.fixture
def streets():
    """Bent lines, one of them with a doubled vertex, over lots that some of them cross."""
    random = np.random.default_rng(11)
    lines = [shapely.LineString(random.uniform(0, 500, (n, 2))) for n in (2, 3, 5)]
    lines.append(shapely.LineString([(0, 250), (250, 250), (250, 250), (500, 260)]))
    lines.append(shapely.MultiLineString([[(0, 0), (500, 0)], [(0, 500), (500, 500)]]))
    places, sizes = random.uniform(0, 500, (800, 2)), random.uniform(5, 60, 800)
    lots = [shapely.Point(at).buffer(size, 3) for at, size in zip(places, sizes, strict=True)]
    lots[0] = shapely.Polygon(
        shapely.box(100, 200, 400, 300).exterior, [shapely.box(150, 240, 300, 270).exterior]
    )
    lots[1] = shapely.union_all([shapely.box(0, 0, 9, 9), shapely.box(480, 480, 495, 495)])
    return np.array(lots), np.array(lines)


@pytest.mark.parametrize("compiled_from", [0, 10_000])
@pytest.mark.parametrize("east", [0.0, 39_000_000.0])
@pytest.mark.parametrize("reach", [1.0, 30.0])
def test_frontage_is_the_boundary_inside_round_bands(streets, reach, east, compiled_from):
    lots, lines = (
        shapely.transform(some, lambda xy: xy + np.array([east, 0.0])) for some in streets
    )
    band = shapely.union_all(shapely.buffer(lines, reach, quad_segs=256))
    plain = shapely.length(shapely.intersection(shapely.boundary(lots), band))
    found = at_roads.frontage(lots, lines, reach, compiled_from=compiled_from)
    assert np.allclose(found, plain, atol=0.01, rtol=0)
    assert 0.2 < (plain > 0).mean() < 1


@pytest.mark.parametrize("reach", [0.25, 30.0])
@pytest.mark.parametrize("east", [0.0, 39_000_000.0])
def test_both_ways_measure_the_same_frontage(streets, reach, east):
    """To the last digit, so that it does not matter which way serves a part of a district."""
    shifted = (shapely.transform(some, lambda xy: xy + np.array([east, 0.0])) for some in streets)
    lots, lines = shifted
    lots = np.append(lots, [None, shapely.Polygon()])
    plain, compiled = (
        at_roads.frontage(lots, lines, reach, compiled_from=least) for least in (len(lots) + 1, 0)
    )
    assert np.array_equal(plain, compiled)
    assert plain[-2:].tolist() == [0, 0]
    assert len(np.unique(plain)) > 100


def test_distance_and_frontage_do_not_hang_on_what_else_is_measured(streets):
    """To the last bit: a half cent must not be rounded otherwise in a partition."""
    lots, lines = streets
    order = np.random.default_rng(5).permutation(len(lots))
    turned = lines[::-1]
    for measured in (
        lambda some, roads: at_roads.frontage(some, roads, 30.0),
        lambda some, roads: at_roads.frontage(some, roads, 30.0, compiled_from=0),
        nearest,
        lambda some, roads: nearest(some, roads, compiled_from=0),
    ):
        whole = measured(lots, lines)
        assert np.array_equal(measured(lots[order], turned), whole[order])
        assert np.array_equal(measured(lots[700:], lines), whole[700:])


def test_frontage_at_areas_is_that_at_their_outlines_where_no_lot_lies_within(streets):
    _lots, lines = streets
    lots = shapely.box([0, 60, 200], 0, [50, 110, 250], 50)
    ground = shapely.box(0, 60, 110, 80)
    by_area = at_roads.frontage(lots, np.array([ground, lines[4]]), 15.0)
    by_line = at_roads.frontage(lots, np.array([ground.exterior, lines[4]]), 15.0)
    assert np.allclose(by_area, by_line, atol=0.5)
    assert by_line[0] > by_line[2] > 0


@pytest.mark.parametrize("compiled_from", [0, 10_000])
@pytest.mark.parametrize("east", [0.0, 39_000_000.0])
def test_the_nearest_line_is_the_nearest_of_all(streets, east, compiled_from):
    """Also from within a hole, to a line all within, and where there is no shape."""
    lots, lines = (
        shapely.transform(some, lambda xy: xy + np.array([east, 0.0])) for some in streets
    )
    within = shapely.LineString([(east + 700, 700), (east + 710, 705)])
    hole = shapely.box(east + 695, 690, east + 720, 710).exterior
    lots[:3] = [
        shapely.box(east + 690, 680, east + 730, 720),
        shapely.Polygon(shapely.box(east + 690, 680, east + 730, 720).exterior, [hole]),
        shapely.box(east + 600, 695, east + 697, 706),
    ]
    lines = np.append(lines, within)
    plain = shapely.distance(lots[:, None], lines[None, :]).min(axis=1)
    found = nearest(lots, lines, compiled_from=compiled_from)
    assert np.allclose(found, plain, atol=1e-6, rtol=0)
    assert found[:3].tolist() == [0, 5, 3]
    lots[3:5] = [None, shapely.Polygon()]
    gone = nearest(lots, lines, compiled_from=compiled_from)
    assert np.isnan(gone[3:5]).all()
    assert np.array_equal(np.delete(gone, [3, 4]), np.delete(found, [3, 4]))


def test_the_nearest_of_areas_is_measured_too(streets):
    _lots, lines = streets
    both = np.append(lines, shapely.box(700, 700, 900, 900))
    far = np.array([shapely.box(800, 800, 810, 810), shapely.box(2000, 800, 2001, 801)])
    assert nearest(far, both).round(6).tolist() == [0.0, 1100.0]
