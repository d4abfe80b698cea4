"""A real server on loopback, and programs of the system; what is missing fails, it never skips."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from cluster import BOSS, DEBIAN, READS, WORD, WRITES, Server, needed, ordinary_user, run

if TYPE_CHECKING:
    from collections.abc import Iterator


collect_ignore = ["qgis_reader.py"]  # runs in the Python of QGIS


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Turn a skip into a failure: whoever asks for these tests wants them run."""
    report = yield
    if report.skipped and "system" in item.keywords:
        report.outcome = "failed"
        report.longrepr = f"skipped, which counts as failed here: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    initdb, control = needed("initdb", "postgresql"), needed("pg_ctl", "postgresql")
    with tempfile.TemporaryDirectory(prefix="lowuse-pg-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        data, word = home / "data", home / "word"
        word.write_text(WORD)
        data.mkdir()
        if os.geteuid() == 0:
            for path in (home, data, word):
                shutil.chown(path, ordinary_user())
        login = ("-A", "scram-sha-256", f"--pwfile={word}")
        run(initdb, "-D", data, "-U", BOSS, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", *login)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        )
        run(control, "-D", data, "-w", "-l", home / "log", "-o", options, "start")
        try:
            yield Server(port)
        finally:
            run(control, "-D", data, "-w", "-m", "immediate", "stop")


@pytest.fixture(scope="session")
def roles(server):
    """Return the server with two roles: one may make schemas, one may only log in."""
    with server.connect("postgres") as connection:
        for role in (READS, WRITES):
            text = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
            connection.execute(text.format(sql.Identifier(role), sql.Literal(WORD)))
    return server


@pytest.fixture(scope="session")
def new_database(roles):
    """Make an empty database with PostGIS, in place of one of that name."""
    with roles.connect("postgres") as connection:
        connection.execute("CREATE DATABASE fresh")
    with roles.connect("fresh") as connection:
        try:
            connection.execute("CREATE EXTENSION postgis")
        except psycopg.Error as error:
            pytest.fail(f"no PostGIS: {error}; {DEBIAN} postgresql-postgis")

    def call(name: str) -> str:
        with roles.connect("postgres") as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name} TEMPLATE fresh")
            connection.execute(f"GRANT CREATE ON DATABASE {name} TO {WRITES}")
        return name

    return call


@pytest.fixture
def database(new_database) -> str:
    """Return the name of an empty database with PostGIS."""
    return new_database("land")


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    """Forget the tester's own connections; debugging is on, so that tracebacks are seen."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PGPASSFILE", "/nonexistent")
    monkeypatch.setenv("LOWUSE_DEBUG", "1")
