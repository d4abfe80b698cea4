"""A scratch PostGIS on loopback, where Debian's postgresql and postgresql-postgis are installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

OPTIONS = (
    "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c shared_buffers=2GB"
    " -c work_mem=256MB -c maintenance_work_mem=1GB -c max_wal_size=8GB"
    " -c max_parallel_workers_per_gather=2"
)


def program(name: str) -> str | None:
    """Return the path of a program of the server, which Debian keeps out of PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((str(folder / name) for folder in folders if (folder / name).exists()), None)


def asked(dsn: str, command: str) -> str:
    """Have one command done; return what it says."""
    order = ["psql", "-qAt", "-v", "ON_ERROR_STOP=1", dsn, "-c", command]
    return subprocess.run(order, capture_output=True, text=True, check=True).stdout.strip()


def version_of(dsn: str) -> str:
    """Return the versions of PostGIS and its GEOS."""
    return asked(
        dsn, "SELECT 'PostGIS ' || postgis_lib_version() || ', GEOS ' || postgis_geos_version()"
    )


@contextmanager
def scratch() -> Iterator[str]:
    """Run a server until the block ends; give its connection string, "" if there is none here."""
    initdb, control = program("initdb"), program("pg_ctl")
    if not (initdb and control and shutil.which("psql")):
        yield ""
        return
    with tempfile.TemporaryDirectory(prefix="bench-pg-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        data = home / "data"
        data.mkdir()
        as_user = []
        if os.geteuid() == 0:
            as_user = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]
            for path in (home, data):
                shutil.chown(path, "postgres", "postgres")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]

        def run(*words: object) -> None:
            line = [*as_user, *map(str, words)]
            subprocess.run(line, check=True, stdout=subprocess.DEVNULL, cwd=home)

        run(initdb, "-D", data, "-U", "postgres", "-E", "UTF8", "-A", "trust", "--no-sync")
        start = f"-p {port} {OPTIONS}"
        run(control, "-D", data, "-w", "-l", home / "log", "-o", start, "start")
        server = f"postgresql://postgres@127.0.0.1:{port}"
        try:
            asked(f"{server}/postgres", "CREATE DATABASE bench")
            asked(f"{server}/bench", "CREATE EXTENSION postgis")
            yield f"{server}/bench"
        finally:
            run(control, "-D", data, "-w", "-m", "immediate", "stop")
