"""Judged partition by partition, a district is judged as in one piece, record for record."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import geopandas as gpd
import pandas as pd
import pytest

import scattered
from comparing import as_text, assert_judged_alike
from killing import CLUSTER, Killing
from lowuse_gis.commands.classify import Request, classify
from lowuse_gis.commands.partition import Request as CutRequest
from lowuse_gis.commands.partition import partition
from lowuse_gis.commands.status import status
from lowuse_gis.core.review import fingerprints
from lowuse_gis.io.partitions import read_manifest, write_frame
from lowuse_gis.io.result import read_result


@pytest.fixture(scope="module")
def district(tmp_path_factory):
    """The scattered district with decisions and answers, judged in one piece."""
    folder = scattered.build(tmp_path_factory.mktemp("scattered"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOWUSE_LANG", "en")
        first = folder / "first.gpkg"
        classify(Request([], first, folder, rules=str(folder / "rules/wanting")))
        parcels = read_result(first).parcels
        scattered.answered(folder, parcels, fingerprints(parcels))
        classify(Request([], folder / "whole.gpkg", folder, rules=str(folder / "rules/wanting")))
    return folder


def cut(folder, data, most):
    partition(CutRequest([], data, folder, rules=str(folder / "rules/wanting"), most=most))
    return data


def judged(folder, data, result, **more):
    rules = str(folder / "rules/wanting")
    classify(Request([data], result, folder, rules=rules, overwrite=True, workers=1, **more))
    return result


@pytest.fixture(scope="module")
def parted(district, tmp_path_factory):
    """A copy of the district, cut small and judged; one test changes it and judges again."""
    base = tmp_path_factory.mktemp("parted")
    folder = shutil.copytree(district, base / "district")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOWUSE_LANG", "en")
        judged(folder, cut(folder, base / "data", 25), base / "one.gpkg")
    return base


def test_small_partitions_give_what_the_whole_gives(district, parted):
    assert len(read_manifest(parted / "data").partitions) > 2
    assert_judged_alike(district / "whole.gpkg", parted / "one.gpkg")


def test_a_town_that_an_answer_names_is_named_everywhere(district, parted):
    for result in (district / "whole.gpkg", parted / "one.gpkg"):
        parcels = read_result(result).parcels
        named = parcels.loc[parcels["town_code"] == scattered.FAR_TOWN, "town_name"]
        assert named.tolist() == ["远镇", "远镇"]


def test_partitions_give_what_the_whole_gives(district, tmp_path):
    data = cut(district, tmp_path / "data", 60)
    assert len(read_manifest(data).partitions) == 2
    result = judged(district, data, tmp_path / "parts.gpkg")
    assert_judged_alike(district / "whole.gpkg", result)


def keys(data):
    return json.loads((data / "work" / "classify.json").read_text("utf-8"))["outcomes"]


def outcomes(data):
    return {p: p.stat().st_mtime_ns for p in (data / "work").glob("*/*/*") if len(p.name) == 20}


def test_a_change_is_computed_where_it_matters(parted, tmp_path):
    folder, data = parted / "district", parted / "data"
    before, made = keys(data), outcomes(data)
    judged(folder, data, tmp_path / "again.gpkg")
    assert outcomes(data) == made
    assert (parted / "one.gpkg").read_bytes() == (tmp_path / "again.gpkg").read_bytes()
    wishes = folder / "wishes.csv"
    wishes.write_text(wishes.read_text("utf-8").replace("观望", "愿意", 1), encoding="utf-8")
    assert status(data).changed == ("wishes.csv",)
    assert {line.state for line in status(data).partitions} == {"stale"}
    judged(folder, data, tmp_path / "other.gpkg")
    other = [name for name, key in keys(data).items() if key != before[name]]
    assert [name for name in other if name.startswith("judge/")]
    assert len(other) < len(before) / 2
    assert not [name for name in other if name.startswith("ground/")]
    assert {line.state for line in status(data).partitions} == {"done"}


def test_a_run_that_was_killed_goes_on(district, tmp_path):
    data = cut(district, tmp_path / "data", 25)
    assert {line.state for line in status(data).partitions} == {"missing"}
    command = ["classify", data, "--project", district, "--rules", district / "rules/wanting"]
    command = [sys.executable, "-m", "lowuse_gis", *command, "-o", tmp_path / "r.gpkg"]
    command = [str(part) for part in [*command, "--workers", "1", "-q"]]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as run:
        while run.poll() is None and sum("judge" in str(p) for p in outcomes(data)) < 2:
            time.sleep(0.05)
        run.send_signal(signal.SIGKILL)
    assert not (tmp_path / "r.gpkg").exists()
    made = outcomes(data)
    states = [line.state for line in status(data).partitions]
    assert made
    assert "missing" in states
    judged(district, data, tmp_path / "r.gpkg")
    assert made.items() <= outcomes(data).items()
    assert_judged_alike(district / "whole.gpkg", tmp_path / "r.gpkg")


def test_a_run_whose_disk_was_full_goes_on(district, tmp_path, refused):
    data = cut(district, tmp_path / "data", 25)
    told = ("--project", district, "--rules", district / "rules/wanting", "--workers", "1")

    def until_full(path, frame):
        if "judge" in path.parts and sum("judge" in p.parts for p in outcomes(data)) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write_frame(path, frame)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lowuse_gis.commands.partitioned.layers.write_frame", until_full)
        said, hint = refused("classify", data, *told, "-o", tmp_path / "r.gpkg")
    assert os.strerror(errno.ENOSPC) in said
    assert "what is finished is kept" in hint
    assert not (tmp_path / "r.gpkg").exists()
    made = outcomes(data)
    assert sum("judge" in path.parts for path in made) == 2
    judged(district, data, tmp_path / "r.gpkg")
    assert made.items() <= outcomes(data).items()
    assert_judged_alike(district / "whole.gpkg", tmp_path / "r.gpkg")


def test_a_worker_that_is_killed_changes_nothing(district, tmp_path):
    pytest.importorskip("distributed")
    data, killing = cut(district, tmp_path / "data", 25), Killing()
    rules = str(district / "rules/wanting")
    request = Request([data], tmp_path / "r.gpkg", district, rules=rules, **CLUSTER)
    classify(request, killing.progress)
    assert killing.killed
    assert_judged_alike(district / "whole.gpkg", tmp_path / "r.gpkg")


def test_processes_and_a_folder_give_the_same(district, tmp_path):
    data = cut(district, tmp_path / "data", 60)
    rules = str(district / "rules/wanting")
    classify(Request([data], tmp_path / "r", district, rules=rules, workers=2))
    whole = read_result(district / "whole.gpkg")
    parts = gpd.GeoDataFrame(pd.concat(map(gpd.read_parquet, (tmp_path / "r/parcels").iterdir())))
    parts = parts.set_index("row").loc[whole.parcels.index]
    assert (
        parts.geometry.geom_equals(whole.parcels.geometry).where(parts.geometry.notna(), True).all()
    )
    for name in ("verdict", "criteria_met", "low_use_area", "parcel_code", "low_use_around"):
        pd.testing.assert_series_equal(parts[name], whole.parcels[name], check_dtype=False)
    for name in ("findings", "problems"):
        files = (tmp_path / "r" / name).iterdir()
        assert sum(len(pd.read_parquet(file)) for file in files) == len(whole.tables[name])
    for name in ("checks", "villages", "summary", "sources", "runs", "lacking", "decisions"):
        read = pd.read_parquet(tmp_path / "r" / f"{name}.parquet")
        assert len(read) == len(whole.tables[name])
    checks = pd.read_parquet(tmp_path / "r/checks.parquet")
    assert as_text(checks).equals(as_text(whole.tables["checks"][list(checks)]))
    assert pd.read_parquet(tmp_path / "r/runs.parquet").equals(pd.DataFrame(whole.tables["runs"]))


def test_a_damaged_partition_is_named(district, tmp_path, refused):
    data = cut(district, tmp_path / "data", 33)
    lost = next((data / "parts").glob("*/buildings.parquet"))
    lost.write_bytes(b"PAR1")
    assert "damaged" in {line.state for line in status(data).partitions}
    told = ("--project", district, "--rules", district / "rules/wanting", "--workers", "1")
    said, hint = refused("classify", data, *told, "-o", tmp_path / "r.gpkg")
    assert "buildings.parquet" in said
    assert "lowuse partition" in hint


def test_what_cannot_be_is_refused(district, tmp_path, refused):
    data = cut(district, tmp_path / "data", 1000)
    out = ("-o", tmp_path / "r.gpkg")
    assert "--engine" in refused("classify", "--project", district, "--engine", "dask", *out)[0]
    assert "unknown engine" in refused("classify", data, "--engine", "ray", *out)[0]
    assert "dask" in refused("classify", data, "--scheduler", "tcp://x:1", *out)[1]
    assert "--town" in refused("classify", data, "--town", "120118901", *out)[0]
    assert "no folder of partitions" in refused("status", tmp_path)[0]
    assert "--most" in refused("partition", "--project", district, "--most", "0", *out)[0]
    other = tmp_path / "rules"
    other.mkdir()
    (other / "rulebook.toml").write_text(
        'name = "rules"\nextends = "jinghai"\ntitle = "x"\nversion = "1"\n'
        "envelope = [116, 38, 118, 40]\n",
        encoding="utf-8",
    )
    assert "other rules" in refused("classify", data, "--rules", other, *out)[0]
