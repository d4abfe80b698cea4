"""Form of parcels, roads at them, limits of plans, what stands around; taken where needed."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
import shapely

import tiny
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
