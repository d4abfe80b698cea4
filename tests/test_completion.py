"""Completion by the shell: the script that is printed, and the words that a shell is told."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest


def told(**asked):
    command = [sys.executable, "-m", "lowuse_gis"]
    env = {**os.environ, "LOWUSE_LANG": "en", **asked}
    run = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    return run.stdout.split()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_every_shell_has_a_script(lowuse, shell):
    code, out, err = lowuse("completion", shell)
    assert (code, err) == (0, "")
    assert "_LOWUSE_COMPLETE" in out
    assert f"complete_{shell}" in out


def test_bash_takes_its_script(lowuse):
    _code, out, _err = lowuse("completion", "bash")
    if shutil.which("bash"):
        subprocess.run(["bash", "-n"], input=out, text=True, check=True)


def test_commands_and_options_are_completed():
    ask = {"_LOWUSE_COMPLETE": "complete_bash"}
    assert told(COMP_WORDS="lowuse cla", COMP_CWORD="1", **ask) == ["classify"]
    assert set(told(COMP_WORDS="lowuse legacy ", COMP_CWORD="2", **ask)) >= {
        "find",
        "seal",
        "review",
    }
    assert "--units" in told(COMP_WORDS="lowuse map --u", COMP_CWORD="2", **ask)


def test_an_unknown_shell_is_refused(lowuse):
    code, _out, err = lowuse("completion", "tcsh")
    assert code == 2
    assert err.startswith("error:")
