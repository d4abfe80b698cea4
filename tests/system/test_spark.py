"""Executors of Spark: three of this machine, one of them killed in the middle."""

import os
import signal
from pathlib import Path

import psutil
import pytest

import scattered
from cluster import needed
from comparing import assert_judged_alike
from filing import run_apart
from lowuse_gis.commands.classify import Request, classify
from lowuse_gis.commands.partition import Request as CutRequest
from lowuse_gis.commands.partition import partition
from lowuse_gis.engines import engine_of
from lowuse_gis.errors import InputError
from test_engines import sign

pytestmark = pytest.mark.system
NAMES = [str(number) for number in range(6)]


def die_once(item):
    """Take down the executor at the first item that says so, once."""
    folder, name = item
    mark = Path(folder) / "killed"
    if name == "0" and not mark.exists():
        mark.touch()
        executor = next(p for p in psutil.Process().parents() if p.name() == "java")
        os.kill(executor.pid, signal.SIGKILL)
    sign(item)


def refuse(item):
    raise InputError("no such file", "look for it")


@pytest.fixture(scope="module")
def engine():
    with pytest.MonkeyPatch.context() as patch:
        needed("java", "default-jre-headless")
        for folder in Path(__file__).parents[:3]:  # where executors find these functions
            patch.setenv("PYTHONPATH", str(folder), prepend=os.pathsep)
        spark = engine_of("spark", 3)
        yield spark
        spark.close()


def test_every_input_is_done(engine, tmp_path):
    items = [(str(tmp_path), name) for name in NAMES]
    assert sorted(engine.over(sign, items)) == items
    assert str(os.getpid()) not in {(tmp_path / name).read_text() for name in NAMES}


def test_a_lost_executor_loses_nothing(engine, tmp_path):
    items = [(str(tmp_path), name) for name in NAMES]
    assert sorted(engine.over(die_once, items)) == items
    assert (tmp_path / "killed").exists()
    assert all((tmp_path / name).exists() for name in NAMES)


def test_what_is_refused_there_is_told_here(engine, tmp_path):
    with pytest.raises(InputError, match="no such file"):
        list(engine.over(refuse, [(str(tmp_path), "0")]))


def test_a_district_is_judged_as_in_one_piece(tmp_path):
    folder = scattered.build(tmp_path)
    rules = str(folder / "rules/wanting")
    classify(Request([], tmp_path / "whole.gpkg", folder, rules=rules))
    data, parts = tmp_path / "data", tmp_path / "parts.gpkg"
    partition(CutRequest([], data, folder, rules=rules, most=60))
    told = ("--project", folder, "--rules", rules, "--engine", "spark", "--workers", 2)
    run_apart("classify", data, *told, "-o", parts, "-q")  # one cluster to a process
    assert_judged_alike(tmp_path / "whole.gpkg", parts)
