"""Processes at work end with the command that is killed."""

import subprocess
import sys
import time

import psutil
import pytest

BESIDE = """
import os, time
from lowuse_gis.engines.beside import MANY, beside, kept_beside
if __name__ == "__main__":
    with kept_beside():
        print(beside(MANY, os.getpid).result(), flush=True)
        time.sleep(600)
"""
WORKERS = """
import multiprocessing, time
from lowuse_gis.engines.local import Local
if __name__ == "__main__":
    local = Local(2)
    assert len([*local.over(abs, [1, 2, 3])]) == 3
    print(*(one.pid for one in multiprocessing.active_children()), flush=True)
    time.sleep(600)
"""


@pytest.mark.parametrize(("script", "count"), [(BESIDE, 1), (WORKERS, 2)])
def test_they_do_not_outlive_the_command(script, count):
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as command:
        others = [int(one) for one in command.stdout.readline().split()]
        command.kill()
    assert len(others) == count
    for _look in range(100):
        if not any(psutil.pid_exists(one) for one in others):
            return
        time.sleep(0.1)
    pytest.fail("they are still there")
