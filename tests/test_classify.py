"""What every result keeps: rows, areas, reasons, bytes, inputs."""

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing

import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely

import tiny
from conftest import four_lots, write_survey
from filing import run
from lowuse_gis.io.result import read_result
from lowuse_gis.io.workbook import harmless


def write_project(folder):
    """Write a whole project: parcels of every awkward kind, survey, buildings, lines, tables."""
    firm = {"QLRMC": "甲公司、乙公司", "USCC": "X1"}
    odd = [
        tiny.parcel(5, tiny.lot(0, 300), **firm),
        tiny.parcel(6, None),
        tiny.parcel(7, shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])),
        tiny.parcel(8, tiny.lot(0, 410, 10, 10)),
        tiny.parcel(9, tiny.lot(60, 300)),
        tiny.parcel(9, tiny.lot(700, 700), ZDDM="12011890100lGB00009"),
        tiny.parcel(10, tiny.lot(0, 0), ZDDM=tiny.code(10, "GX")),
        tiny.parcel(11, tiny.lot(300, 300), ZDDM=tiny.code(11, "ZB")),
    ]
    odd[2]["geometry"] = shapely.transform(
        odd[2]["geometry"], lambda xy: xy * 80 + np.array(tiny.ORIGIN) + [500, 300]
    )
    write_survey(folder / "survey.gpkg")
    parcels = pd.concat([four_lots(), tiny.frame(odd)])
    tiny.write_shapefile(parcels, folder / "p.shp")
    names = ["JZBH", "CS", "CG", "JZMJ", "JGND", "geometry"]
    rows = [
        ("b1", 1, 4.0, None, 1990, tiny.lot(5, 5, 40, 50)),
        ("b2", 1, 9.0, None, 2005, tiny.lot(305, 5, 40, 50)),
        ("b3", None, None, None, None, tiny.lot(505, 5, 9, 9)),
        ("b4", 2, None, None, 1980, tiny.lot(5, 305, 40, 50)),
        ("b5", 2, None, None, 1980, tiny.lot(25, 305, 40, 50)),
    ]
    buildings = [dict(zip(names, row, strict=True)) for row in rows]
    tiny.frame(buildings).to_crs(4548).to_file(folder / "b.gpkg", layer="JZW")
    line = tiny.frame([{"BSM": "1", "geometry": tiny.lot(0, 0, 20, 100)}])
    line.to_file(folder / "c.gpkg", layer="YJJBNTTB")
    line.iloc[:1].assign(geometry=[tiny.lot(300, 300, 60, 100)]).to_file(
        folder / "c.gpkg", layer="STBHHX"
    )
    (folder / "firms.csv").write_text(
        "企业名称,统一社会信用代码,行业代码,宗地代码,占用面积（亩）,经营状态,停产日期\n"
        f"甲,X1,C3311,{tiny.code(1)},10,正常,\n"
        f"甲,X1,C3311,{tiny.code(3)},5,停产,2022-06-01\n"
        f"乙,X2,C3311,{tiny.code(3)},5,停产,2023-04-15\n",
        encoding="utf-8",
    )
    (folder / "tax.csv").write_text(
        "税号,年度,入库税收（万元）\nX1,2023,90\nX1,2022,60\nX2,2023,0\nX2,2022,0\n",
        encoding="utf-8",
    )
    (folder / "wishes.csv").write_text(
        f"宗地代码,盘活意愿,主要诉求,存在困难\n{tiny.code(3)},拒绝,=1+1,+86 电话不通\n",
        encoding="utf-8",
    )
    lists = "".join(f'{n} = "{file}"\n' for n, file in tiny.nobody_listed(folder).items())
    (folder / "lowuse.toml").write_text(
        """
        rules = "jinghai"
        as_of = 2024-03-31
        [sources]
        parcels = "p.shp"
        survey = { path = "survey.gpkg", as_of = "2022-12-31" }
        buildings = "b.gpkg"
        permanent_farmland = "c.gpkg"
        ecological_redline = "c.gpkg"
        enterprises = "firms.csv"
        tax = "tax.csv"
        wishes = "wishes.csv"
        """
        + lists,
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """A project and its result, to be read only."""
    folder = write_project(tmp_path_factory.mktemp("project"))
    run("classify", "--project", folder, "-o", folder / "r.gpkg")
    return folder


@pytest.fixture
def project(judged, tmp_path):
    """A copy of the project with its result."""
    return shutil.copytree(judged, tmp_path, dirs_exist_ok=True)


@pytest.fixture(scope="module")
def result(judged):
    return read_result(judged / "r.gpkg")


def of(result, number, kind="GB"):
    """Return the one parcel of a code."""
    parcels = result.parcels
    return parcels[parcels["parcel_code"] == tiny.code(number, kind)].iloc[0]


def test_every_row_comes_out_once_with_a_verdict(result):
    registered = result.parcels[result.parcels["origin"] == "registered"]
    assert registered.index.tolist() == [f"1:{n}" for n in range(1, 13)]
    assert registered["verdict"].notna().all()
    assert not result.parcels.index.duplicated().any()


def test_areas_balance(result):
    survey = result.tables["balance_survey"]
    parts = survey[["parcels", "survey parcel", "small", "context"]].sum(axis=1)
    assert (survey["surveyed"] - parts).abs().max() < 0.005
    assert survey["residual"].abs().max() < 0.005
    shares = result.tables["balance_parcels"]["area"].sum()
    assert shares == pytest.approx(result.parcels["area"].sum(), abs=0.005)


def test_measures_of_buildings(result):
    one, three, five = of(result, 1), of(result, 3), of(result, 5)
    assert one["plot_ratio"] == pytest.approx(0.2, abs=1e-4)
    assert three["plot_ratio"] == pytest.approx(0.4, abs=1e-4)  # a high storey counts twice
    assert five["building_footprint"] == pytest.approx(60 * 50, abs=0.1)  # no place twice
    assert five["floor_area"] == pytest.approx(2 * 2 * 2000, abs=0.5)
    assert np.isnan(of(result, 4)["plot_ratio"])  # storeys unknown
    assert of(result, 11, "ZB")["plot_ratio"] == 0  # a complete layer without a building


def test_measures_of_firms(result):
    one, three = of(result, 1), of(result, 3)
    assert one["tax_last"] == pytest.approx(60)  # 90 shared out 10 : 5
    assert three["tax_last"] == pytest.approx(30)
    assert three["firm_count"] == 2
    assert three["idle_months"] == 11  # all stand still since the later of the two
    assert one["untaxed_years"] == 0
    assert one["tax_per_mu"] == pytest.approx((60 + 40) / 2 / (one["area"] / 666.6667), rel=1e-5)


def test_control_lines(result):
    part, whole = of(result, 1), of(result, 11, "ZB")
    assert part["permanent_farmland_share"] == pytest.approx(0.2, abs=1e-4)
    assert part["verdict"] == "low_use"
    assert part["low_use_area"] == pytest.approx(part["area"] * 0.8, abs=0.1)
    assert "FLG-02" in part["flags_met"]
    assert whole["verdict"] == "excluded"
    assert whole["criteria_met"].split(";")[0] == "EXC-02"


def test_unknown_is_never_false(result):
    nobody = of(result, 5)
    assert nobody["verdict"] == "undetermined"
    assert {"tax_per_mu", "idle_months", "plot_ratio_control"} <= set(nobody["missing"].split(";"))
    assert "industry" in nobody["ask"].split(";")


def test_checks_name_place_and_remedy(result):
    checks = result.tables["checks"]
    assert {"3102", "3203", "4101", "4103", "4105"} <= set(checks["code"])
    located = checks[checks["row"].isin(["1:5", "1:7"])]
    assert located[["x", "y"]].notna().all().all()
    assert checks["remedy"].ne("").all()
    overlap = checks[checks["code"] == "4101"]
    assert not (overlap["row"] + overlap["other"]).str.contains("1:11").any()  # other stratum


def test_problems(result, project):
    problems = result.tables["problems"]
    assert set(problems["verdict"]) <= {"low_use", "undetermined"}
    assert {"OBS-01", "OBS-04", "OBS-06"} <= set(problems["code"])
    assert (problems.loc[problems["code"] == "OBS-01", "body"] != "").all()
    book = openpyxl.load_workbook(project / "r.问题清单.xlsx")
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any(str(cell.value).startswith("'=1+1") for cell in cells)


def test_harmless_text():
    assert [harmless(text)[0] for text in ("=1", "+86", "-x", "@a", "镇")] == ["'"] * 4 + ["镇"]


def test_coded_domains_and_aliases(project):
    with closing(sqlite3.connect(project / "r.gpkg")) as base:
        titles = dict(
            base.execute(
                "SELECT column_name, title FROM gpkg_data_columns WHERE table_name = 'parcels'"
            )
        )
        query = (
            "SELECT value, description FROM gpkg_data_column_constraints"
            " WHERE constraint_name = 'verdict'"
        )
        codes = dict(base.execute(query))
    assert titles["plot_ratio"] == "Plot ratio"
    assert codes["low_use"] == "Low-use"
    layers = dict(pyogrio.list_layers(project / "r.gpkg"))
    assert layers["lowuse_industrial"] == "MultiPolygon"
    assert pyogrio.read_info(project / "r.gpkg", layer="parcels")["crs"] == "EPSG:4527"


def test_two_runs_give_the_same_bytes(project, lowuse):
    code, out, err = lowuse("classify", "--project", project, "-o", project / "again.gpkg")
    assert code == 0, err
    assert out
    for one, two in (("r.gpkg", "again.gpkg"), ("r.问题清单.xlsx", "again.问题清单.xlsx")):
        digests = {hashlib.sha256((project / name).read_bytes()).hexdigest() for name in (one, two)}
        assert len(digests) == 1


def test_inputs_are_untouched(project, lowuse):
    before = {p.name: p.read_bytes() for p in project.iterdir() if p.is_file()}
    lowuse("classify", "--project", project, "-o", project / "again.gpkg", "-q")
    assert {name: (project / name).read_bytes() for name in before} == before


def test_parcels_alone_are_undetermined(parcels, lowuse, tmp_path):
    code, _out, err = lowuse("classify", parcels, "-o", tmp_path / "alone.gpkg", "-q")
    assert code == 0, err
    found = read_result(tmp_path / "alone.gpkg").parcels
    assert set(found["verdict"]) == {"undetermined"}
    assert (found["ask"] != "").all()


def test_the_survey_alone_is_taken_for_what_it_is(survey_file, lowuse, tmp_path):
    code, _out, err = lowuse("classify", survey_file, "-o", tmp_path / "s.gpkg")
    assert code == 0, err
    assert "survey" in err
    found = read_result(tmp_path / "s.gpkg").parcels
    assert set(found["origin"]) == {"survey"}
    assert len(found) == 2


def test_json(project, lowuse):
    code, out, _err = lowuse(
        "classify", "--project", project, "-o", project / "again.gpkg", "-q", "--json"
    )
    assert code == 0
    said = json.loads(out)
    assert said["parcels_read"] == 12
    assert sum(line["parcels"] for line in said["by_town_and_type"]) >= 12


def test_explain(project, lowuse):
    code, out, _err = lowuse("explain", project / "r.gpkg", tiny.code(1))
    assert code == 0
    assert "Low-use" in out
    assert "IND-13" in out
    assert "b.gpkg" in out
    assert "Smallest change" in out
    code, out, _err = lowuse("explain", project / "r.gpkg", "1:1", "--json")
    said = json.loads(out)[0]
    assert said["would_be"] == "not_low_use"
    assert {c["measure"] for c in said["smallest_change"]} == {"plot_ratio"}


def test_explain_says_how_each_value_is_known(result, project, lowuse):
    _code, out, _err = lowuse("explain", project / "r.gpkg", "1:1", "--json")
    (found,) = json.loads(out)
    known = {line["measure"]: line["quality"] for line in found["findings"]}
    missing = {
        line["measure"] for line in found["findings"] if line["value"] is None and not line["text"]
    }
    assert {known[name] for name in missing} == {"unknown"}
    assert known["plot_ratio"] == found["parcel"]["plot_ratio_quality"] != "unknown"
    assert {"measured", "registered"} <= set(known.values())


def test_explain_names_near_codes(project, refused):
    error, hint = refused("explain", project / "r.gpkg", tiny.code(1)[:-1] + "x")
    assert tiny.code(1)[:-1] in error
    assert tiny.code(1) in hint


def test_explain_lists_all_parcels_of_a_code(lowuse, tmp_path):
    twice = [tiny.parcel(1, tiny.lot(0, 0)), tiny.parcel(1, tiny.lot(200, 0))]
    path = tiny.write_shapefile(tiny.frame(twice), tmp_path / "twice.shp")
    lowuse("classify", path, "-o", tmp_path / "r.gpkg", "-q")
    _code, out, _err = lowuse("explain", tmp_path / "r.gpkg", tiny.code(1), "--json")
    assert [item["row"] for item in json.loads(out)] == ["1:1", "1:2"]
