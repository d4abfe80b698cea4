"""Legacy found partition by partition is that of the whole district, byte for byte."""

import random
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

import bordered
import tiny
from killing import CLUSTER, Killing
from lowuse_gis.commands.legacy_find import Request, find
from lowuse_gis.commands.partition import Request as CutRequest
from lowuse_gis.commands.partition import partition
from lowuse_gis.commands.status import status
from lowuse_gis.errors import InputError
from lowuse_gis.io.partitions import read_manifest

SAMPLE = Path(__file__).parents[1] / "sample_data"
EVIDENCE = """construction_2009 = "c09.gpkg"
construction_2019 = "c19.gpkg"
approvals = { path = "a.gpkg", towns_missing = ["120118902"] }
supplied_land = "g.gpkg"
"""


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setenv("LOWUSE_LANG", "en")


def build(folder):
    """The bordered district with evidence that lies across every border, and a town's answers."""
    bordered.build(folder)
    chance = random.Random(8)

    def boxes(count, least, most):
        return [
            tiny.lot(chance.uniform(-50, 1150), chance.uniform(-50, 550),
                     chance.uniform(least, most), chance.uniform(least, most))
            for _ in range(count)
        ]  # fmt: skip

    for name, count, field in (
        ("c09", 40, "DLBM"),
        ("c19", 40, "DLBM"),
        ("a", 6, "PZWH"),
        ("g", 6, "HTBH"),
    ):
        most = 300 if name.startswith("c") else 120
        records = [
            {field: f"070{n % 3}", "geometry": s} for n, s in enumerate(boxes(count, 30, most))
        ]
        tiny.frame(records).to_file(folder / f"{name}.gpkg", layer=name)
    few = gpd.read_file(folder / "p1.gpkg", layer="ZD").iloc[::9]
    for file in ("p1", "p2"):
        (folder / f"{file}.gpkg").unlink()
    few.to_file(folder / "p1.gpkg", layer="ZD")
    project = folder / "lowuse.toml"
    project.write_text(project.read_text("utf-8") + EVIDENCE, encoding="utf-8")
    return folder


def answered(folder, pieces):
    (folder / "ledgers").mkdir()
    some = pieces[pieces["state"] == "legacy"].iloc[::3]
    lines = pd.DataFrame(
        {
            "遗留用地编号": some["legacy_code"],
            "确认结果": "不属于",
            "理由": "已拆",
            "确认单位": "镇政府",
            "确认日期": "2024-05-01",
            "图斑指纹": some["fingerprint"],
        }
    )
    lines.to_csv(folder / "ledgers" / "legacy_decisions.csv", index=False, encoding="utf-8")


def cut(folder, data, most, **more):
    partition(CutRequest([], data, folder, most=most, **more))
    return data


def found(folder, output, **more):
    find(Request(output, folder, overwrite=True, **more))
    return output.read_bytes()


def outcomes(data):
    return {p for p in (data / "work").glob("pieces/*/*") if not p.name.startswith("facts")}


def test_parts_give_what_the_whole_gives(tmp_path):
    folder = build(tmp_path / "d")
    pieces = find(Request(tmp_path / "first.gpkg", folder)).pieces
    answered(folder, pieces)
    whole = found(folder, tmp_path / "whole.gpkg")
    states = pyogrio.read_dataframe(tmp_path / "whole.gpkg", layer="legacy")["state"]
    assert {"legacy", "open", "rejected"} <= set(states)
    for most in (30, 70):
        data = cut(folder, tmp_path / f"data{most}", most)
        assert len(read_manifest(data).partitions) > 1
        assert found(folder, tmp_path / "parts.gpkg", data=data, workers=1) == whole


def test_a_worker_that_is_killed_changes_nothing(tmp_path):
    pytest.importorskip("distributed")
    folder, killing = build(tmp_path / "d"), Killing()
    data = cut(folder, tmp_path / "data", 30)
    find(Request(tmp_path / "parts.gpkg", folder, data=data, **CLUSTER), killing.progress)
    assert killing.killed
    assert (tmp_path / "parts.gpkg").read_bytes() == found(folder, tmp_path / "whole.gpkg")


def test_a_sample_in_parts_gives_the_same_file(filed, tmp_path):
    data = cut(SAMPLE, tmp_path / "data", 3000)
    whole = found(SAMPLE, tmp_path / "whole.gpkg")
    assert found(SAMPLE, tmp_path / "parts.gpkg", data=data, workers=1) == whole


def test_a_change_is_cut_where_it_matters(tmp_path):
    folder = build(tmp_path / "d")
    data = cut(folder, tmp_path / "data", 30)
    found(folder, tmp_path / "one.gpkg", data=data, workers=1)
    before = outcomes(data)
    found(folder, tmp_path / "one.gpkg", data=data, workers=1)
    assert outcomes(data) == before
    layer = gpd.read_file(folder / "a.gpkg")
    layer.loc[0, "geometry"] = layer.geometry[0].buffer(-5)
    (folder / "a.gpkg").unlink()
    layer.to_file(folder / "a.gpkg", layer="a")
    (work,) = status(data).others
    assert (work.command, work.state, work.changed) == ("legacy", "stale", ("a.gpkg",))
    parts = found(folder, tmp_path / "parts.gpkg", data=data, workers=1)
    assert outcomes(data) & before
    assert outcomes(data) != before
    assert parts == found(folder, tmp_path / "whole.gpkg")


def test_what_does_not_fit_is_told(tmp_path):
    folder = build(tmp_path / "d")
    with pytest.raises(InputError, match="for a folder of partitions"):
        found(folder, tmp_path / "x.gpkg", workers=2)
    data = cut(folder, tmp_path / "data", 70)
    layer = gpd.read_file(folder / "s.gpkg", layer="DLTB").iloc[:-1]
    (folder / "s.gpkg").unlink()
    layer.to_file(folder / "s.gpkg", layer="DLTB")
    with pytest.raises(InputError, match="is not what was cut"):
        found(folder, tmp_path / "x.gpkg", data=data)
    assert not (tmp_path / "x.gpkg").exists()
