"""Ways of the benchmark that are SQL: `python kernel_queries.py JOB ENGINE FOLDER DSN OUT`.

ENGINE is ``DuckDB``, ``SedonaDB`` or ``PostGIS``. Tables, and the index of PostGIS, are there
before the clock starts. Needs nothing of lowuse.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kernel_clock import LIMIT, clocked

NEAR = 0.001
TABLES = {
    "areas": {"p": "lots", "b": "buildings"},
    "overlaps": {"p": "broken"},
    "rook": {"p": "lots"},
    "rook moved": {"p": "moved"},
    "rook cut": {"p": "cut"},
    "dissolve": {"p": "members"},
    "ellipsoid": {"p": "lots"},
}
PAIRS = (
    "SELECT x.id AS a, y.id AS b, x.g AS ag, y.g AS bg FROM p x JOIN p y ON ST_Intersects(x.g, y.g)"
)
ONE_WAY = f"WITH j AS ({PAIRS} AND x.id < y.id)"
JOINED = f"WITH j AS MATERIALIZED ({PAIRS})"  # DuckDB: another predicate makes it a nested loop
SHARED = """, k AS (SELECT a, b, ST_Area(ST_Intersection(ag, bg)) AS value FROM j WHERE a < b)
SELECT a, b, value FROM k WHERE value > 1e-5"""
BORDER = """, k AS (SELECT a, b, ST_Length(ST_Intersection(ST_Boundary(ag), ST_Boundary(bg)))
AS value FROM j WHERE a < b) SELECT a, b, value FROM k WHERE value > 1e-4"""
BANDS = f"""WITH e AS MATERIALIZED (SELECT id, ST_Boundary(g) AS g FROM p),
f AS MATERIALIZED (SELECT id, ST_Buffer(g, {NEAR}) AS g FROM e),
j AS MATERIALIZED (SELECT e.id AS a, f.id AS b, e.g AS ag, f.g AS bg FROM e JOIN f
ON ST_Intersects(e.g, f.g)), k AS (SELECT a, b, ST_Length(ST_Intersection(ag, bg)) AS value
FROM j WHERE a < b) SELECT a, b, value FROM k WHERE value > {NEAR}"""
AREAS = """SELECT p.id AS a, sum(ST_Area(ST_Intersection(p.g, b.g))) AS value
FROM p JOIN b ON ST_Intersects(p.g, b.g) GROUP BY p.id"""
UNITED = """SELECT unit AS a, ST_Area(u) AS value, {} AS length
FROM (SELECT unit, {}(g) AS u FROM p GROUP BY unit) t"""
POSTGIS_BANDS = [
    f"CREATE TEMP TABLE f AS SELECT id, ST_Buffer(ST_Boundary(g), {NEAR}) AS g FROM p",
    "CREATE INDEX ON f USING gist (g)",
    "ANALYZE f",
]
POSTGIS_NEAR = f"""WITH k AS (SELECT p.id AS a, f.id AS b,
ST_Length(ST_Intersection(ST_Boundary(p.g), f.g)) AS value FROM p JOIN f ON p.id < f.id
AND ST_Intersects(f.g, p.g)) SELECT a, b, value FROM k WHERE value > {NEAR}"""
POSTGIS_ROOK = f"""{ONE_WAY} SELECT a, b,
ST_Length(ST_Intersection(ST_Boundary(ag), ST_Boundary(bg))) AS value FROM j
WHERE ST_Relate(ag, bg, 'F***1****')"""
SPHEROID = (
    "SELECT id AS a, ST_Area_Spheroid(ST_FlipCoordinates(ST_Transform(g, 'EPSG:4527',"
    " 'EPSG:4490', always_xy := true))) AS value FROM p"
)
SQL: dict[str, dict[str, str]] = {
    "DuckDB": {
        "areas": AREAS,
        "overlaps": JOINED + SHARED,
        "rook": JOINED + BORDER,
        "rook moved": BANDS,
        "rook cut": BANDS,
        "dissolve": UNITED.format("ST_Perimeter(u)", "ST_CoverageUnion_Agg"),
        "dissolve, unary": UNITED.format("ST_Perimeter(u)", "ST_Union_Agg"),
        "ellipsoid": SPHEROID,
    },
    "SedonaDB": {
        "areas": AREAS,
        "overlaps": ONE_WAY + SHARED,
        "rook": ONE_WAY + BORDER,
        "rook moved": BANDS.replace(" MATERIALIZED", ""),
        "rook cut": BANDS.replace(" MATERIALIZED", ""),
        "dissolve": UNITED.format("ST_Perimeter(u)", "ST_Union_Agg"),
    },
    "PostGIS": {
        "areas": AREAS,
        "overlaps": ONE_WAY + SHARED,
        "rook": POSTGIS_ROOK,
        "rook moved": POSTGIS_NEAR,
        "rook cut": POSTGIS_NEAR,
        "dissolve": UNITED.format("ST_Perimeter(u)", "ST_Union"),
        "ellipsoid": "SELECT id AS a, ST_Area(ST_Transform(g, 4490)::geography) AS value FROM p",
    },
}


def duckdb_with(folder: Path, tables: dict[str, str]) -> Any:
    import duckdb  # noqa: PLC0415
    import duckdb_extension_spatial  # noqa: PLC0415

    root = Path(duckdb_extension_spatial.__file__).parent / "extensions"
    db = duckdb.connect(config={"allow_unsigned_extensions": "true", "threads": "2"})
    db.execute(f"LOAD '{next(root.rglob('spatial.duckdb_extension'))}'")
    db.execute("SET enable_progress_bar = false")
    for table, name in tables.items():
        unit = ", unit" if name == "members" else ""
        source = f"SELECT id{unit}, ST_GeomFromWKB(ST_AsWKB(geometry)) AS g"
        db.execute(f"CREATE TABLE {table} AS {source} FROM '{folder / name}.parquet'")
    return db


def in_duckdb(job: str, folder: Path) -> pd.DataFrame:
    db = duckdb_with(folder, TABLES[job.split(",", maxsplit=1)[0]])
    return clocked(lambda: db.execute(SQL["DuckDB"][job]).df())


def in_sedona(job: str, folder: Path) -> pd.DataFrame:
    import pyarrow as pa  # noqa: PLC0415
    import sedonadb  # noqa: PLC0415

    sd = sedonadb.connect()
    for table, name in TABLES[job].items():
        sd.read_parquet(str(folder / f"{name}.parquet")).to_view("given", overwrite=True)
        unit = ", unit" if name == "members" else ""
        sd.sql(f"SELECT id{unit}, geometry AS g FROM given").to_memtable().to_view(table)
    return clocked(lambda: pa.table(sd.sql(SQL["SedonaDB"][job])).to_pandas())


def psql(dsn: str, *commands: str, given: str | None = None) -> str:
    order = ["psql", "-qAt", "-v", "ON_ERROR_STOP=1", dsn]
    for command in commands:
        order += ["-c", command]
    done = subprocess.run(order, input=given, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


def postgis_tables(folder: Path, dsn: str) -> None:
    """Load the layers of a size into a schema of their own, once."""
    import geopandas as gpd  # noqa: PLC0415

    schema = folder.name.replace("-", "_")
    if psql(dsn, f"SELECT count(*) FROM pg_namespace WHERE nspname = '{schema}'").strip() == "1":
        return
    psql(dsn, f"CREATE SCHEMA {schema}")
    for name in ("lots", "buildings", "broken", "moved", "cut", "members"):
        frame = gpd.read_parquet(folder / f"{name}.parquet")
        unit = frame["unit"] if name == "members" else 0 * frame["id"]
        wkb = frame.geometry.to_wkb(hex=True)
        rows = pd.DataFrame({"id": frame["id"], "unit": unit, "g": wkb})
        psql(dsn, f"CREATE TABLE {schema}.{name} (id int, unit int, g geometry)")
        text = rows.to_csv(sep="\t", header=False, index=False)
        psql(dsn, f"COPY {schema}.{name} FROM STDIN", given=text)
        psql(
            dsn,
            f"UPDATE {schema}.{name} SET g = ST_SetSRID(g, 4527)",
            f"CREATE INDEX ON {schema}.{name} USING gist (g)",
            f"VACUUM FULL ANALYZE {schema}.{name}",
        )


def children_seconds(pid: str) -> float:
    """Return the CPU seconds of all server processes that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def in_postgis(job: str, folder: Path, dsn: str) -> pd.DataFrame:
    """Run a query in a session of its own; its CPU seconds are those of the server's children."""
    schema = folder.name.replace("-", "_")
    pid = psql(dsn, "SELECT pg_read_file('postmaster.pid')").split()[0]
    limit = f"SET statement_timeout = '{LIMIT}s'; SET search_path = public"
    views = [f"CREATE TEMP VIEW {t} AS SELECT * FROM {schema}.{n}" for t, n in TABLES[job].items()]
    more = POSTGIS_BANDS if job in {"rook moved", "rook cut"} else []
    copy = f"COPY ({SQL['PostGIS'][job]}) TO STDOUT CSV HEADER"
    time.sleep(0.5)
    begin, cpu = time.perf_counter(), children_seconds(pid)
    found = psql(dsn, limit, *views, *more, copy)
    seconds = time.perf_counter() - begin
    time.sleep(0.5)
    cpu = children_seconds(pid) - cpu
    print(json.dumps({"s": seconds, "cpu": cpu, "mb": 0.0, "load": os.getloadavg()[0]}))
    return pd.read_csv(io.StringIO(found))


def main() -> None:
    job, engine, folder, dsn, out = sys.argv[1:]
    if engine == "PostGIS":
        postgis_tables(Path(folder), dsn)
        found = in_postgis(job, Path(folder), dsn)
    else:
        found = {"DuckDB": in_duckdb, "SedonaDB": in_sedona}[engine](job, Path(folder))
    if "b" not in found:  # one value per lot or unit, those that meet nothing too
        import pyarrow.parquet as pq  # noqa: PLC0415

        table = TABLES[job.split(",", maxsplit=1)[0]]["p"]
        count = pq.read_metadata(Path(folder) / f"{table}.parquet").num_rows
        count = int(found["a"].max()) + 1 if table == "members" else count
        full = {name: np.zeros(count) for name in found.columns if name != "a"}
        for name, values in full.items():
            values[found["a"]] = found[name]
        np.savez(out, **full)
    else:
        np.savez(out, **{name: found[name].to_numpy() for name in found.columns})


if __name__ == "__main__":
    main()
