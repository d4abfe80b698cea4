"""Drawn town by town over partitions, units are those of the district in one piece."""

import shutil

import geopandas as gpd
import pyogrio
import pytest
import shapely

import scattered
import tiny
from comparing import assert_drawn_alike
from killing import CLUSTER, Killing
from lowuse_gis.commands import units as command
from lowuse_gis.commands.classify import Request, classify
from lowuse_gis.commands.partition import Request as CutRequest
from lowuse_gis.commands.partition import partition
from lowuse_gis.commands.status import status

DRAWING = """
verdicts = ["low_use", "undetermined", "not_low_use"]
minimum_area = 9000.0
maximum_area = 60000.0
border = 1.0
price = 0.05
prices = { "1004" = 0.05 }
infill_maximum_area = 4000.0
minimum_low_use_share = 0.7
barriers = ["国道"]
"""


def code(number, town=1):
    return f"12011890{town}001GB{number:05d}"


def edits(folder):
    """Edits of every kind, within towns and across them, that fit and that do not."""
    x, y = tiny.ORIGIN
    cut = f"LINESTRING ({x - 100} {y + 60}, {x + 1100} {y + 60})"
    surveyed = "LS12011890200100002"
    lines = [
        ("合并", [code(11), code(12)], "", ""),
        ("合并", [code(12), code(18, 2)], "", ""),
        ("合并", [surveyed, code(18, 2)], "", ""),
        ("合并", [code(11), code(38, 2)], "", ""),
        ("固定", [code(3)], "", ""),
        ("固定", [code(13), code(16, 2)], "", ""),
        ("固定", [code(14), code(15, 2), code(15)], "", ""),
        ("排除", [code(24), code(25, 2)], "", ""),
        ("排除", [code(52), code(19, 2)], "", ""),
        ("固定", [code(24)], "", ""),
        ("拆分", [code(2)], cut, ""),
        ("拆分", [code(11), code(18, 2)], cut, ""),
        ("命名", [code(11)], "", "甲"),
        ("命名", [code(18, 2), code(43)], "", "乙"),
        ("命名", [code(12), code(18, 2)], "", "丙"),
        ("命名", [code(21)], "", "丁"),
        ("命名", [code(21)], "", "戊"),
        ("消除", [code(1)], "", ""),
    ]
    text = ["编辑,宗地代码,分割线,名称,理由,编辑人,编辑日期"]
    text += [f'{k},{";".join(c)},"{line}",{name},因,王,2024-05-01' for k, c, line, name in lines]
    (folder / "ledgers").mkdir(exist_ok=True)
    (folder / "ledgers/edits.csv").write_text("\n".join(text) + "\n", encoding="utf-8")


def strange_ground(folder):
    """Take the village from survey polygons at the border of the towns; make rivers and woods."""
    ground = gpd.read_file(folder / "s.gpkg")
    near = ground.centroid.x.sub(tiny.ORIGIN[0] + 480).abs() < 160
    ground.loc[near & (ground.index % 3 != 0), "ZLDWDM"] = None
    ground.loc[ground.index % 7 == 3, "DLBM"] = "1101"
    ground.loc[ground.index % 5 == 1, "DLBM"] = "0301"
    ground.to_file(folder / "s.gpkg", layer="DLTB")


@pytest.fixture(scope="module")
def district(tmp_path_factory):
    """The scattered district, judged and drawn in one piece."""
    folder = scattered.build(tmp_path_factory.mktemp("scattered"))
    strange_ground(folder)
    (folder / "rules/wanting/units.toml").write_text(DRAWING, encoding="utf-8")
    x, y = tiny.ORIGIN
    blocks = [
        shapely.box(x + 130, y - 50, x + 730, y + 260),
        shapely.box(x, y + 330, x + 450, y + 900),
    ]
    frame = gpd.GeoDataFrame({"id": [1, 2]}, geometry=blocks, crs=tiny.CRS)
    frame.to_file(folder / "blocks.gpkg")
    edits(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOWUSE_LANG", "en")
        rules = str(folder / "rules/wanting")
        classify(Request([], folder / "whole.gpkg", folder, rules=rules))
        drawn(folder, folder / "whole.gpkg", folder / "units.gpkg", blocks=[folder / "blocks.gpkg"])
        drawn(folder, folder / "whole.gpkg", folder / "plain.gpkg", ledgers=folder)
    return folder


@pytest.fixture(scope="module")
def parts(district, tmp_path_factory):
    """The same in small partitions."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOWUSE_LANG", "en")
        return in_parts(district, tmp_path_factory.mktemp("parts"), 25)


def drawn(folder, result, output, rules="rules/wanting", progress=None, **more):
    request = command.Request(result, output, project=folder, rules=str(folder / rules), **more)
    return command.units(request, progress)


def in_parts(folder, base, most):
    """Cut a district and judge it into a folder."""
    rules = str(folder / "rules/wanting")
    partition(CutRequest([], base / "data", folder, rules=rules, most=most))
    classify(Request([base / "data"], base / "r", folder, rules=rules, workers=1))
    return base / "r"


def test_towns_give_what_the_whole_gives(district, parts, tmp_path):
    blocks = [district / "blocks.gpkg"]
    drawn(district, parts, tmp_path / "u.gpkg", blocks=blocks, workers=1)
    assert_drawn_alike(district / "units.gpkg", tmp_path / "u.gpkg")
    drawn(district, parts, tmp_path / "p.gpkg", ledgers=district, workers=1)
    assert_drawn_alike(district / "plain.gpkg", tmp_path / "p.gpkg")


def test_processes_give_what_the_whole_gives(district, tmp_path):
    result = in_parts(district, tmp_path, 60)
    drawn(district, result, tmp_path / "u.gpkg", blocks=[district / "blocks.gpkg"], workers=2)
    assert_drawn_alike(district / "units.gpkg", tmp_path / "u.gpkg")


def test_a_worker_that_is_killed_changes_nothing(district, tmp_path):
    pytest.importorskip("distributed")
    result, killing = in_parts(district, tmp_path, 25), Killing()
    blocks = [district / "blocks.gpkg"]
    drawn(
        district, result, tmp_path / "u.gpkg", blocks=blocks, progress=killing.progress, **CLUSTER
    )
    assert killing.killed
    assert_drawn_alike(district / "units.gpkg", tmp_path / "u.gpkg")


@pytest.mark.parametrize("verdict", ["low_use", "excluded"])
def test_towns_without_low_use_land(district, parts, tmp_path, verdict):
    rules = tmp_path / "few"
    shutil.copytree(district / "rules/wanting", rules)
    text = DRAWING.replace('"low_use", "undetermined", "not_low_use"', f'"{verdict}"')
    (rules / "units.toml").write_text(text, encoding="utf-8")
    one, two = tmp_path / "one.gpkg", tmp_path / "two.gpkg"
    drawn(district, district / "whole.gpkg", one, rules)
    drawn(district, parts, two, rules, workers=1)
    assert_drawn_alike(one, two)


def test_what_is_finished_is_kept(district, parts, tmp_path):
    drawn(district, parts, tmp_path / "one.gpkg", ledgers=district, workers=1)
    data = parts.with_name("data")
    made = {p: p.stat().st_mtime_ns for p in (data / "work").glob("*/*/*/units.parquet")}
    assert ("units", "done") in {(work.command, work.state) for work in status(data).others}
    drawn(district, parts, tmp_path / "two.gpkg", ledgers=district, workers=1)
    assert made == {p: p.stat().st_mtime_ns for p in made}
    assert (tmp_path / "one.gpkg").read_bytes() == (tmp_path / "two.gpkg").read_bytes()


def test_what_cannot_be_is_refused(district, parts, tmp_path, refused):
    out = ("-o", tmp_path / "u.gpkg", "--rules", district / "rules/wanting", "--project", district)
    assert "--take" in refused("units", parts, "--take", district / "blocks.gpkg", *out)[0]
    assert "--sweep" in refused("units", parts, "--sweep", "beta=2", *out)[0]
    assert "folder" in refused("units", district / "whole.gpkg", "--workers", "2", *out)[0]
    moved = tmp_path / "moved"
    shutil.copytree(parts, moved)
    assert "--data" in refused("units", moved, *out)[1]
    data = tmp_path / "data"
    shutil.copytree(parts.with_name("data"), data)
    manifest = data / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8") + "\n", encoding="utf-8")
    assert "other partitions" in refused("units", moved, "--data", data, *out)[0]


def test_the_district_has_what_may_differ(district):
    units, left_out, done = (
        pyogrio.read_dataframe(district / "units.gpkg", layer=name)
        for name in ("units", "left_out", "edits")
    )
    assert units["town_code"].nunique() == 2
    assert "no_place" in set(left_out["reason"])
    assert {"done", "not_done"} == set(done["state"])
    found = set(done["why"])
    assert {"other_block", "many_units", "not_in_unit", "contradiction", "unknown_parcel"} <= found
