"""A PostgreSQL cluster of Debian's packages, run on loopback by an ordinary user."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

DEBIAN = "see README: apt-get install"
ORDINARY = ("postgres", "nobody")  # users that exist; a server never runs as root
BOSS, READS, WRITES = "boss", "reads", "writes"
WORD = "s3cret'%;\"word"  # of every user; must never be seen
BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))


def needed(name: str, package: str) -> str:
    """Return the path of a program, or fail naming the package that has it."""
    found = shutil.which(name, path=os.pathsep.join([*map(str, BINARIES), os.environ["PATH"]]))
    return found or pytest.fail(f"{name} is missing; {DEBIAN} {package}")


def as_ordinary_user(*command: object) -> list[str]:
    """Put what makes an ordinary user run it before a command."""
    words = [str(word) for word in command]
    if os.geteuid() != 0:
        return words
    return [needed("runuser", "util-linux"), "-u", ordinary_user(), "--", *words]


def ordinary_user() -> str:
    import pwd  # not on Windows, where nothing of this runs

    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ORDINARY if name in names), "") or pytest.fail("no ordinary user")


def run(*command: object) -> str:
    done = subprocess.run(
        as_ordinary_user(*command), capture_output=True, text=True, check=False, cwd="/",
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@dataclass(frozen=True)
class Server:
    """A cluster that listens on loopback."""

    port: int

    def url(self, name: str, user: str = BOSS, word: str = WORD) -> str:
        return f"postgresql://{user}:{quote(word, safe='')}@127.0.0.1:{self.port}/{name}"

    def connect(self, name: str, user: str = BOSS) -> psycopg.Connection:
        return psycopg.connect(self.url(name, user), autocommit=True)
