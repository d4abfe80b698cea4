"""Checked partition by partition, a district shows what it shows in one piece."""

import shutil
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from typer.testing import CliRunner

import bordered
import scattered
from killing import CLUSTER, Killing
from lowuse_gis.cli import app
from lowuse_gis.commands.check import Request, check
from lowuse_gis.commands.partition import Request as CutRequest
from lowuse_gis.commands.partition import partition
from lowuse_gis.errors import InputError
from lowuse_gis.io.partitions import HOME, part_file, read_manifest
from lowuse_gis.stages.read import Reading

SAMPLE = Path(__file__).parents[1] / "sample_data"
ACROSS = {"2204", "3302", "3305", "3403", "4101", "4102", "4104", "4105", "4106", "4401"}


@pytest.fixture(scope="module", autouse=True)
def _english():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOWUSE_LANG", "en")
        yield


@pytest.fixture(scope="module")
def district(request, tmp_path_factory):
    """A project, and what a check of it in one piece shows."""
    base = tmp_path_factory.mktemp(request.param)
    folder, rules = SAMPLE, ""
    if request.param == "bordered":
        folder = bordered.build(base)
    elif request.param == "scattered":
        folder = scattered.build(base)
        rules = str(folder / "rules/wanting")
    return folder, rules, check(Request([], base / "whole", project=folder, rules=rules))


def cut(folder, data, most, **more):
    partition(CutRequest([], data, folder, most=most, **more))
    return data


def checked(folder, data, output, **more):
    return check(Request([data], output, project=folder, workers=1, overwrite=True, **more))


def assert_same(whole, parts):
    one, other = whole.checked, parts.checked
    shapes = [f.findings["geometry"].map(shapely.to_wkb) for f in (one, other)]
    pd.testing.assert_frame_equal(
        one.findings.assign(geometry=shapes[0]),
        other.findings.assign(geometry=shapes[1]),
        check_exact=True,
    )
    pd.testing.assert_frame_equal(one.skipped, other.skipped)
    for file, again in zip(whole.files, parts.files, strict=True):
        assert file.read_bytes() == again.read_bytes(), file.name


@pytest.mark.parametrize(
    ("district", "share"),
    [("bordered", 0.15), ("scattered", 0.15), ("sample", 0.4)],
    indirect=["district"],
)
def test_partitions_show_what_the_whole_shows(district, tmp_path, share):
    folder, rules, whole = district
    layers = whole.checked.layers
    most = int(share * sum(len(d.frame) for d in layers if d.source in {"parcels", "survey"}))
    data = cut(folder, tmp_path / "data", most, rules=rules)
    assert len(read_manifest(data).partitions) > 2
    assert_same(whole, checked(folder, data, tmp_path / "parts", rules=rules))


def test_a_worker_that_is_killed_changes_nothing(tmp_path):
    pytest.importorskip("distributed")
    folder, killing = bordered.build(tmp_path / "d"), Killing()
    data = cut(folder, tmp_path / "data", 30)
    parts = check(Request([data], tmp_path / "parts", project=folder, **CLUSTER), killing.progress)
    assert killing.killed
    assert_same(check(Request([], tmp_path / "whole", project=folder)), parts)


def homes(data, layer):
    """Which partition each polygon is at home in."""
    parts = []
    for part in read_manifest(data).partitions:
        frame = gpd.read_parquet(part_file(data, part.name, layer))
        parts.append(frame[frame[HOME]].assign(part=part.name))
    return pd.concat(parts)


def test_what_is_planted_lies_across_borders(tmp_path):
    folder = bordered.build(tmp_path / "d")
    data = cut(folder, tmp_path / "data", 30)
    found = checked(folder, data, tmp_path / "parts").checked.findings
    assert set(found["code"]) >= ACROSS
    ground = homes(data, "survey")
    gaps = found[(found["code"] == "4102") & (found["source"] == "survey")]["geometry"]
    tree = shapely.STRtree(ground.geometry.to_numpy())
    gap, at = tree.query(gaps.to_numpy(dtype=object), predicate="intersects")
    parts = pd.Series(ground["part"].to_numpy()[at]).groupby(gap).nunique()
    assert (parts > 1).sum() >= 3
    assert parts.max() > 2  # the long one
    gap = gaps.loc[gaps.map(lambda g: g.area).idxmax()]
    assert gap.area > 89  # with holes it runs through


def outcomes(data):
    kept = data / "work"
    return {p for step in ("receive", "offset", "inspect") for p in kept.glob(f"{step}/*/*")
            if not p.name.startswith("facts")}  # fmt: skip


def test_a_change_is_checked_where_it_matters(tmp_path):
    folder = bordered.build(tmp_path / "d")
    data = cut(folder, tmp_path / "data", 50)
    checked(folder, data, tmp_path / "one")
    before = outcomes(data)
    checked(folder, data, tmp_path / "again")
    assert outcomes(data) == before
    lots = gpd.read_file(folder / "p1.gpkg", layer="ZD")
    lots.loc[14, "geometry"] = lots.geometry[14].buffer(-3)
    (folder / "p1.gpkg").unlink()
    lots.to_file(folder / "p1.gpkg", layer="ZD")
    with pytest.raises(InputError, match="not what was cut"):
        checked(folder, data, tmp_path / "again")
    cut(folder, data, 50, overwrite=True)
    parts = checked(folder, data, tmp_path / "other")
    assert_same(check(Request([], tmp_path / "whole", project=folder)), parts)
    kept = {p.parent.relative_to(data / "work").as_posix() for p in outcomes(data) & before}
    names = [part.name for part in read_manifest(data).partitions]
    again = [name for name in names if f"inspect/{name}" not in kept]
    assert 1 <= len(again) < len(names)
    assert len([name for name in kept if name.startswith("receive/")]) == 6  # of seven files


def test_without_the_files_themselves(tmp_path):
    folder = bordered.build(tmp_path / "d")
    data = cut(folder, tmp_path / "data", 50)
    whole = check(Request([], tmp_path / "whole", project=folder)).checked.findings
    alone = shutil.copytree(data, tmp_path / "elsewhere" / "data")
    result = CliRunner().invoke(
        app, ["check", str(alone), "-o", str(tmp_path / "parts"), "--workers", "1"]
    )
    assert result.exception is None, result.output
    skipped = gpd.read_file(tmp_path / "parts" / "findings.gpkg", layer="skipped")
    lacking = skipped[skipped["column"] == "the files it was cut from"]
    assert {("3201", "parcels"), ("3101", "survey")} <= set(
        lacking[["code", "source"]].itertuples(index=False, name=None)
    )
    found = gpd.read_file(tmp_path / "parts" / "findings.gpkg", layer="findings")
    for code in ACROSS - {"3302"}:
        assert (found["code"] == code).sum() == (whole["code"] == code).sum(), code
    assert not set(found["code"]) & {"3201", "3208", "6107"}


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"mend": True}, "not mended"),
        ({"crs": "EPSG:4548"}, "read already"),
        ({"engine": "none"}, "unknown engine"),
    ],
)
def test_what_does_not_go_with_partitions_is_told(tmp_path, more, told):
    folder = bordered.build(tmp_path / "d")
    data = cut(folder, tmp_path / "data", 200)
    with pytest.raises(InputError, match=told):
        checked(folder, data, tmp_path / "out", **more)
    assert not (tmp_path / "out").exists()


def test_a_part_of_a_layer_is_refused(tmp_path):
    folder = bordered.build(tmp_path / "d")
    data = cut(folder, tmp_path / "data", 200, reading=Reading(town=bordered.TOWNS[0]))
    with pytest.raises(InputError, match=r"parcels: \d+ of 73 features"):
        checked(folder, data, tmp_path / "out")
