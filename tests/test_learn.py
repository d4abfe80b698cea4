"""A profile drafted from an accepted delivery: the delivery fits it, a changed one does not."""

from __future__ import annotations

import json
import shutil
import tomllib
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

from conftest import ROOT
from filing import copied, export, find, package_of, reshape, rewrite
from lowuse_gis.commands.learn import Request as LearnRequest
from lowuse_gis.commands.learn import learn
from lowuse_gis.commands.verify import Request, verify
from lowuse_gis.core.filing.names import named
from lowuse_gis.core.learning.patterns import pattern_of
from lowuse_gis.core.lint.faults import Place
from lowuse_gis.core.lint.keys import checked
from lowuse_gis.core.lint.package_keys import PACKAGE

DATABASE = "低效用地数据库.gpkg"
CRS, ELSEWHERE = "EPSG:4527", "EPSG:4528"


def drafted(package: Path, into: Path) -> Path:
    """Learn a profile, see that the delivery itself fits it, and return its file."""
    file = into / "draft.toml"
    found = learn(LearnRequest(package, file))
    assert found.written == file
    assert not len(found.findings[found.findings["severity"] == "error"])
    assert verify(Request(package, profile=str(file))).errors == 0
    return file


def codes(package: Path, profile: Path) -> set[str]:
    found = verify(Request(package, profile=str(profile))).findings
    return set(found["code"])


def content(profile: Path) -> dict:
    return tomllib.loads(profile.read_text(encoding="utf-8"))


def lots(count: int, **columns: object) -> gpd.GeoDataFrame:
    left, low, crs = columns.pop("at", (39_487_000.0, 4_300_000.0, CRS))
    shapes = [
        shapely.box(left + 200 * n, low, left + 200 * n + 100, low + 80) for n in range(count)
    ]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=crs)


@pytest.fixture(scope="module")
def learnt(filed, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOWUSE_LANG", "en")
        return drafted(package_of(filed), tmp_path_factory.mktemp("learnt"))


def test_the_draft_says_what_the_profile_of_the_sample_says(learnt, rulebook):
    draft, ours = content(learnt), rulebook.packages["jinghai"]
    assert draft["folder"] == ours["folder"]
    assert draft["encoding"] == "GBK"
    assert draft["crs"] == CRS
    assert draft["status"] == "to confirm"
    for name in ("DXYD", "DXYDGH", "KJDY", "ZDQY", "LSYLYD"):
        mine, theirs = draft["layers"][name], ours["layers"][name]
        state = [theirs["state"]] if "state" in theirs else []
        assert [f["code"] for f in mine["fields"]] == [
            *(f["code"] for f in theirs["fields"]), *state
        ]  # fmt: skip
        types = {f["code"]: f["type"] for f in mine["fields"]}
        for field in theirs["fields"]:
            kind = field["type"][0]
            assert types[field["code"]][0] == kind, field
            if kind in "CN":
                assert types[field["code"]] == field["type"], field
    paths = {file["path"] for file in draft["file"]}
    assert {file["path"] for file in ours["file"] if "each" not in file} <= paths
    assert not any(path.endswith((".dbf", ".shx", ".prj", ".cpg")) for path in paths)


def test_code_lists_are_drafted_only_of_few_values_and_said_to_be_drafts(learnt):
    draft, text = content(learnt), learnt.read_text(encoding="utf-8")
    fields = {f["code"]: f for f in draft["layers"]["DXYD"]["fields"]}
    assert sorted(draft["maps"][fields["DXLX"]["domain"]]) == ["01", "02", "03", "04", "05"]
    assert fields["DLBM"]["domain"] == "land_class"  # a list that the rulebook has
    assert "domain" not in fields["DKBH"]
    assert "domain" not in fields["RDZT"]  # one value alone is no list
    assert all(line.endswith("# to confirm") for line in text.splitlines() if "[maps." in line)


def test_the_draft_is_of_the_schema_and_the_same_each_time(filed, learnt, tmp_path):
    faults = []
    checked(content(learnt), PACKAGE, Place("draft", "", faults))
    assert faults == []
    again = drafted(package_of(filed), tmp_path)
    assert again.read_bytes() == learnt.read_bytes()


def renamed(frame):
    return frame.rename(columns={"QLLX": "QL"})


CHANGES = {
    "a field renamed": (lambda p: rewrite(find(p, DATABASE), "DXYD", renamed), "3151"),
    "another system": (
        lambda p: reshape(find(p, "KJDY.shp"), lambda f: f.to_crs(ELSEWHERE)),
        "2251",
    ),
    "a file gone": (lambda p: find(p, "静海区低效用地分布图.svg").unlink(), "1151"),
    "a part gone": (lambda p: find(p, "KJDY.cpg").unlink(), "1252"),
    "another length": (lambda p: reshape(find(p, "ZDQY.shp"), lambda f: f), "3155"),
    "a code of no list": (
        lambda p: rewrite(find(p, DATABASE), "DXYD", lambda f: f.assign(DXLX="09")),
        "3261",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_planted_change_is_found(filed, learnt, tmp_path, name):
    package = copied(package_of(filed), tmp_path)
    change, code = CHANGES[name]
    change(package)
    assert code in codes(package, learnt)


def test_a_changed_heading_and_an_emptied_cell_of_a_sheet_are_found(filed, learnt, tmp_path):
    package = copied(package_of(filed), tmp_path)
    path = find(package, "问题清单.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["问题清单"]
    at = next(row for row in range(1, 12) if sheet.cell(row, 1).value == "序号")
    sheet.cell(at, 2).value = "地块"
    book.save(path)
    assert "6161" in codes(package, learnt)


def test_the_next_delivery_with_another_date_fits(filed, learnt, tmp_path):
    whole = package_of(filed)
    later = Path(shutil.copytree(whole, tmp_path / whole.name.replace("20240331", "20250331")))
    (later / "manifest.json").unlink()
    assert "1158" not in codes(later, learnt)
    wrong = later.rename(tmp_path / "成果")
    assert "1158" in codes(wrong, learnt)


def test_the_delivery_of_a_pilot_city_fits_its_draft(filed, tmp_path):
    package = export(filed, tmp_path / "pilot", "--profile", "pilot_city")
    for own in ("manifest.json", "sha256sum.txt"):
        (package / own).unlink()
    profile = drafted(package, tmp_path)
    headings = [pair[0] for pair in content(profile)["tables"]["book1_sheet1"]["columns"]]
    assert len(headings) == 20
    reshape(package / "XZTB.shp", lambda f: f.rename(columns={"DLMC": "MC"}))
    (package / "GHTB.shp").unlink()
    assert {"3151", "1151"} <= codes(package, profile)


@pytest.fixture
def nobodys(tmp_path):
    """A folder as somebody far away packs it: towns, spaces, degrees, no .cpg, points, a list."""
    folder = tmp_path / "西河区 成果{2023}"
    there = (40_551_000.0, 3_490_000.0, ELSEWHERE)
    for town, start in (("上河镇", 0), ("下河镇", 40)):
        (folder / town).mkdir(parents=True)
        frame = lots(
            40, at=there, 编号=[f"P{start + n:03}" for n in range(40)],
            类型=["工业", "商业"] * 20, 面积=[8000.125 + n for n in range(40)],
        )  # fmt: skip
        frame.to_file(folder / town / "地块.shp", encoding="GBK")
        (folder / town / "地块.cpg").unlink()
    degrees = lots(5, at=there, 名称=list("甲乙丙丁戊")).to_crs("EPSG:4490")
    degrees.to_file(folder / "单元.shp", encoding="UTF-8")
    points = degrees.set_geometry(degrees.to_crs(ELSEWHERE).centroid, crs=ELSEWHERE)
    points.assign(注="5 m² ㎡").to_file(folder / "点位.gpkg", layer="点位")
    pd.DataFrame({"编号": ["P000", "P001"], "面积": [1.25, 2.5]}).to_excel(
        folder / "清 单.xlsx", index=False
    )
    (folder / "说明.txt").write_text("x")
    return folder


def test_a_folder_by_nobody_in_particular_fits_its_draft(nobodys, tmp_path):
    profile = drafted(nobodys, tmp_path)
    draft = content(profile)
    assert draft["layers"]["地块"]["pieces"]
    assert draft["layers"]["点位"]["shape"] == "point"
    assert draft["layers"]["单元"]["crs"] == "EPSG:4490"
    assert draft["envelope"][0] > 119
    assert {file["format"] for file in draft["file"]} == {"shp", "gpkg", "xlsx", "other"}


def test_changes_of_a_folder_by_nobody_are_found(nobodys, tmp_path):
    profile = drafted(nobodys, tmp_path)
    path = nobodys / "下河镇" / "地块.shp"
    frame = gpd.read_file(path, encoding="GBK")
    spoilt = frame.assign(类型="未知").rename(columns={"面积": "MJ"})
    spoilt.to_file(path, encoding="GBK")
    (nobodys / "单元.prj").unlink()
    (nobodys / "说明.txt").unlink()
    found = verify(Request(nobodys, profile=str(profile))).findings
    assert {"3151", "3261", "1252", "1151", "2251"} <= set(found["code"])
    assert set(found.loc[found["code"] == "3261", "file"]) == {"下河镇/地块.shp"}


def test_a_shapefile_in_capitals_is_learnt(tmp_path):
    folder = tmp_path / "成果"
    folder.mkdir()
    lots(8, 编号=[f"甲{n}" for n in range(8)]).to_file(folder / "a.shp", encoding="GBK")
    for path in list(folder.iterdir()):
        path.rename(path.with_name(path.name.upper()))
    profile = drafted(folder, tmp_path)
    (file,) = content(profile)["file"]
    assert file["parts"] == [".SHX", ".DBF", ".PRJ", ".CPG"]
    (folder / "A.DBF").rename(folder / "A.dbf")
    assert "1153" in codes(folder, profile)


def test_a_zip_is_learnt_from(nobodys, tmp_path):
    archive = shutil.make_archive(str(tmp_path / "a" / nobodys.name), "zip", nobodys)
    profile = drafted(Path(archive), tmp_path)
    assert verify(Request(nobodys, profile=str(profile))).errors == 0


@pytest.mark.parametrize("name", ["a{b}c", "{county}", "静海区_20240331_120118", "1201181_2024"])
def test_a_pattern_gives_its_name_again(name):
    names = {"as_of": "20240331", "district": "静海区", "county": "120118", "year": "2024"}
    assert named(pattern_of(name, names), names, "name") == name


def test_bad_deliveries_are_refused_in_two_lines(refused, tmp_path):
    refused("verify", "--learn", tmp_path / "none", "-q")
    empty = tmp_path / "empty"
    empty.mkdir()
    error, _hint = refused("verify", "--learn", empty, "-q", "-o", tmp_path / "p.toml")
    assert "no layer and no sheet" in error
    (empty / "a.gpkg").write_bytes(b"no database")
    error, _hint = refused("verify", "--learn", empty, "-q", "-o", tmp_path / "p.toml")
    assert "a.gpkg" in error
    broken = tmp_path / "b.zip"
    broken.write_bytes(b"PK\3\4no archive")
    refused("verify", "--learn", broken, "-q")
    outside = tmp_path / "o.zip"
    with zipfile.ZipFile(outside, "w") as archive:
        archive.writestr("../outside.txt", "x")
    refused("verify", "--learn", outside, "-q")
    (empty / "a.gpkg").unlink()
    (empty / "a.shp").symlink_to(ROOT / "README.md")
    error, _hint = refused("verify", "--learn", empty, "-q")
    assert "a.shp" in error
    refused("verify", "--learn", empty, "--profile", "jinghai", "-q")
    assert not (tmp_path / "p.toml").exists()


def test_shared_hostile_archives_are_refused_or_learnt(shared_data, lowuse):
    for archive in sorted((shared_data / "hostile" / "zip").glob("*.zip")):
        code, _out, err = lowuse("verify", "--learn", archive, "-q")
        assert code == 2, archive.name
        assert len(err.splitlines()) == 2, err


BROKEN = {
    "no TOML": "a = ",
    "a list": "layers = []",
    "nothing": "",
    "an unknown key": "[layrs.A]\ntitle = 'a'",
    "an unknown layer": "[[file]]\npath='a.shp'\nformat='shp'\nlayers=['B']",
    "a pattern": "folder = '{'",
    "an unknown name": "folder = '{county.__class__}'",
    "a type": "[layers.A]\ntitle='a'\nfrom='delivered'\nfields=[{code='a',title='a',type='Z9'}]",
    "a system": "crs = 'EPSG:no'",
    "a dataset": "[layers.A]\ntitle='a'\nfrom='x'\nfields=[]",
    "a format": "[[file]]\npath='a'\nformat='x'",
    "a column": "[layers.A]\ntitle='a'\nfrom='delivered'\nfields=[]\n"
    "[tables.T]\ntitle='t'\nsheet='t'\nfrom='A'\ncolumns=[['x','X']]",
    "a sheet of nothing": "[tables.T]\ntitle='t'\nsheet='t'\nfrom='A'",
    "an envelope": "envelope = [1]",
    "a base": "extends = 'nobody'",
    "a base that is no text": "extends = ['jinghai']",
    "links": "[layers.A]\ntitle='a'\nfrom='delivered'\n"
    "fields=[{code='a',title='a',type='C9',links='B'}]",
}
WHOLE = "title='t'\nfolder='f'\nencoding='GBK'\naudience='inside'\n"


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_profile_is_refused_in_two_lines(refused, tmp_path, name):
    file = tmp_path / "p.toml"
    own, text = BROKEN[name], WHOLE
    for key in ("folder", "layers", "file"):
        if f"{key} =" in own or f"{key}=" in own:
            text = "\n".join(line for line in text.splitlines() if not line.startswith(key)) + "\n"
    tables = (
        "" if "[[file]]" in own or name == "no TOML" else "\n[[file]]\npath='a.txt'\nformat='other'"
    )
    file.write_text(text + own + tables, encoding="utf-8")
    refused("verify", tmp_path, "--profile", file, "-q")


def test_a_missing_profile_file_is_refused(refused, tmp_path):
    error, _hint = refused("verify", tmp_path, "--profile", tmp_path / "no.toml", "-q")
    assert "no.toml" in error


def test_without_a_file_the_profile_is_printed(lowuse, nobodys):
    code, out, _err = lowuse("verify", "--learn", nobodys, "-q")
    assert code == 0
    assert "地块" in tomllib.loads(out)["layers"]
    code, out, _err = lowuse("verify", "--learn", nobodys, "-q", "--json")
    assert code == 0
    assert any("类型" in line["place"] for line in json.loads(out)["confirm"])
