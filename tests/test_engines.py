"""Workers of this machine: they stay from step to step, and one that is lost is replaced."""

import os
import signal
from pathlib import Path

import pytest

from lowuse_gis.engines.local import TRIES, Local
from lowuse_gis.errors import EngineError


def sign(item):
    """Leave the number of the process in a file."""
    folder, name = item
    (Path(folder) / name).write_text(str(os.getpid()))


def die_once(item):
    """Be killed at the first item that says so, once."""
    folder, name = item
    mark = Path(folder) / "killed"
    if name == "0" and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    sign(item)


def die(item):
    os.kill(os.getpid(), signal.SIGKILL)


def refuse(item):
    raise ValueError(item[1])


@pytest.fixture
def engine():
    local = Local(2)
    yield local
    local.close()


def items(folder, names="0123"):
    return [(str(folder), name) for name in names]


def test_workers_stay_from_step_to_step(engine, tmp_path):
    pids = []
    for _step in range(2):
        assert sorted(engine.over(sign, items(tmp_path))) == items(tmp_path)
        pids.append({(tmp_path / name).read_text() for name in "0123"})
    assert str(os.getpid()) not in pids[0]
    assert len(pids[0] | pids[1]) <= 2


def test_a_lost_worker_is_replaced(engine, tmp_path):
    assert sorted(engine.over(die_once, items(tmp_path))) == items(tmp_path)
    assert all((tmp_path / name).exists() for name in "0123")


def test_workers_that_are_lost_again_and_again_are_told(engine, tmp_path):
    with pytest.raises(EngineError, match=str(TRIES)):
        list(engine.over(die, items(tmp_path)))


def test_after_an_error_the_engine_works_on(engine, tmp_path):
    with pytest.raises(ValueError, match="0"):
        list(engine.over(refuse, items(tmp_path, "00")))
    assert sorted(engine.over(sign, items(tmp_path))) == items(tmp_path)
