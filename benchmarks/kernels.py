"""Time the compiled kernels beside what a user would run instead, with equal answers asserted.

python benchmarks/kernels.py 30000 300000 [--peers PYTHON] [--postgis DSN] [--only JOB ...]

PYTHON, this one unless said, has geopandas, duckdb with its spatial extension, sedonadb, libpysal,
exactextract and rasterstats; DSN is a scratch database with PostGIS. Every way runs in a process of
its own and never two at once; one that cannot be run is named with the reason. What was measured is
kept in kernels.json, and RESULTS-kernels.md is written from it.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from kernel_layers import DATA, folder
from kernel_report import written
from pages import PAGES, page
from postgis import version_of

HERE = Path(__file__).parent
COMPACT = Path("/proc/sys/vm/compact_memory")
WARM = 6_000  # lots that compiled code is loaded with
OFTEN = 30_000  # lots up to which the median of three runs is taken
LIMIT = 120  # seconds a way may take, and as much again to read its layers
JOBS: dict[str, list[str]] = {
    "areas": [
        "geopandas.overlay", "shapely intersection", "shapely, contains shortcut", "DuckDB",
        "SedonaDB", "PostGIS",
    ],
    "overlaps": ["geopandas.overlay", "shapely intersection", "DuckDB", "SedonaDB", "PostGIS"],
    "rook": ["shapely relate", "libpysal Rook", "DuckDB", "SedonaDB", "PostGIS"],
    "rook moved": ["shapely bands", "shapely relate", "DuckDB", "SedonaDB", "PostGIS"],
    "rook cut": ["shapely bands", "shapely relate", "DuckDB", "SedonaDB", "PostGIS"],
    "dissolve": [
        "geopandas.dissolve", "geopandas.dissolve coverage", "shapely.coverage_union", "DuckDB",
        "DuckDB, unary", "SedonaDB", "PostGIS",
    ],
    "ellipsoid": ["pyproj + numpy", "pyproj.Geod loop", "DuckDB", "PostGIS"],
    "zonal": ["exactextract", "rasterstats"],
    "taking apart": [],
    "road": ["geopandas", "DuckDB"],
}  # fmt: skip
STARTS = {
    "taking apart": ["kernels from shapely", "kernels from WKB"],
    "road": ["kernels"],
}
EITHER = ["kernels from shapely", "kernels from ragged"]
ABOUT = {  # absolute, relative
    "areas": (1e-5, 0), "overlaps": (1e-5, 0), "rook": (1e-5, 0), "rook moved": (0.02, 0),
    "rook cut": (0.02, 0), "dissolve": (1e-4, 1e-9), "ellipsoid": (1e-3, 1e-7),
    "zonal": (0, 1e-6), "taking apart": (1e-8, 0), "road": (0, 1e-9),
}  # fmt: skip
LEAST = {"overlaps": 1e-4, "rook": 1e-3, "rook moved": 0.05, "rook cut": 0.05}  # pairs compared
DIFFERS = {  # known to give other answers; said in the table, and never the best peer
    ("dissolve", "SedonaDB"),  # its union leaves seams between members
    ("rook moved", "shapely relate"),
    ("rook cut", "shapely relate"),
}
OTHER = {"rasterstats"}  # asks another question: cells whose centre is inside


def command(job: str, way: str, count: int, given: argparse.Namespace, out: Path) -> list[str]:
    """Return how a way is run."""
    here, small = str(folder(count)), str(folder(WARM))
    ours = {"kernels from shapely": "shapely", "kernels from ragged": "ragged"}
    ours |= {"kernels from WKB": "wkb", "pyproj + numpy": "numpy"}
    if job == "road":
        python = sys.executable if way == "kernels" else given.peers
        return [python, str(HERE / "kernel_road.py"), way, here, small, str(out)]
    if way in ours:
        order = [sys.executable, str(HERE / "kernel_ours.py"), job, ours[way]]
        return [*order, here, small, str(out)]
    engine, _comma, more = way.partition(",")
    if engine in {"DuckDB", "SedonaDB", "PostGIS"}:
        order = [given.peers, str(HERE / "kernel_queries.py"), f"{job}{_comma}{more}", engine]
        return [*order, here, given.postgis or "-", str(out)]
    return [given.peers, str(HERE / "kernel_peers.py"), job, way, here, small, str(out)]


def run(order: list[str]) -> dict[str, Any] | str:
    """Run a way once; return what it took, or why there is nothing.

    Before each, free memory is put together to large pages, where this machine lets us: to look
    for them took one run half a second, and the next none.
    """
    with suppress(OSError):
        COMPACT.write_text("1", encoding="ascii")
    try:
        done = subprocess.run(order, capture_output=True, text=True, timeout=3 * LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return f"over {LIMIT} s"
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode == 0 and lines:
        took: dict[str, Any] = json.loads(lines[-1])
        return took
    if done.returncode == -14 or "statement timeout" in done.stderr:
        return f"over {LIMIT} s"
    sys.stderr.write(done.stderr[-1500:])
    return "failed: " + (done.stderr.strip().splitlines() or ["no message"])[-1][:120]


def pairs_of(found: dict[str, Any], least: float) -> tuple[Any, Any]:
    """Return pairs above a least value, each once, sorted, as one number; and the values."""
    a, b = np.asarray(found["a"], dtype=np.int64), np.asarray(found["b"], dtype=np.int64)
    value = np.asarray(found.get("value", np.full(len(a), np.inf)))
    keep = value > least
    key = np.minimum(a, b)[keep] * 10_000_000 + np.maximum(a, b)[keep]
    order = np.argsort(key)
    return key[order], value[keep][order]


def agreement(job: str, way: str, mine: dict[str, Any], its: dict[str, Any]) -> dict[str, Any]:
    """Return the largest difference and whether the answers are the same."""
    about, share = ABOUT[job]
    if way in OTHER:
        value, other = np.asarray(its["value"]), np.asarray(mine["value"])
        return {"same": None, "off": float(np.nanmedian(np.abs(value / other - 1)))}
    if "a" in mine:
        (key, value), (other, its_value) = (pairs_of(x, LEAST[job]) for x in (mine, its))
        missing = float(1 - np.isin(key, other).mean())
        if "value" not in its:  # pairs only
            return {"same": missing == 0 and len(key) == len(other), "off": 0.0}
        if len(key) != len(other) or missing:
            return {"same": False, "off": np.inf, "missing": missing}
    else:
        same = [name for name in ("low", "units") if name in mine and mine[name] != its[name]]
        if same:
            return {"same": False, "off": np.inf}
        value, its_value = np.asarray(mine["value"]), np.asarray(its["value"])
        if "length" in mine and "length" in its:
            value = np.concatenate([value, mine["length"]])
            its_value = np.concatenate([its_value, its["length"]])
    off = np.abs(value - its_value)
    fine = np.all(off <= about + share * np.abs(value))
    return {"same": bool(fine), "off": float(off.max(initial=0.0))}


def hopeless(job: str, way: str, count: int, before: list[dict[str, Any]]) -> str:
    """Say why a way is not tried: by a smaller size it takes longer than allowed."""
    for x in before:
        if (x["job"], x["way"]) == (job, way) and x["count"] < count and "s" in x:
            likely = x["s"] * count / x["count"]
            if likely > LIMIT:
                return f"not run: about {likely:,.0f} s, by {x['s']:.1f} s at {x['count']:,}"
    return ""


def measured(
    job: str, count: int, given: argparse.Namespace, before: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Run every way of a job and compare its answer with that of the first."""
    starts, lines = STARTS.get(job, EITHER), []
    first = DATA / f"answer-{job.replace(' ', '_')}-{count}.npz"
    for way in [*starts, *JOBS[job]]:
        line: dict[str, Any] = {"job": job, "count": count, "way": way, "ours": way in starts}
        lines.append(line)
        if "PostGIS" in way and not given.postgis:
            line["why"] = "not run"
            continue
        if why := hopeless(job, way, count, before):
            line["why"] = why
            continue
        out = first if way == starts[0] else DATA / "answer.npz"
        runs: list[dict[str, Any]] = []
        for _time in range(given.repeat if count <= OFTEN or way in starts else 1):
            found = run(command(job, way, count, given, out))
            if isinstance(found, str):
                line["why"] = found
                break
            runs.append(found)
            if found["s"] > LIMIT / 4:
                break
        if runs:
            line |= {key: statistics.median(r[key] for r in runs) for key in runs[0]}
            line["runs"] = len(runs)
            line |= agreement(job, way, dict(np.load(first)), dict(np.load(out)))
        print(line, flush=True)
        if line.get("same") is False and (job, way) not in DIFFERS:
            sys.exit(f"{job}, {way}, {count}: another answer than {starts[0]}")
    return lines


def copied() -> float:
    """Return how many bytes a second one thread copies, read and written together."""
    from time import perf_counter  # noqa: PLC0415

    block = np.ones(1 << 25)
    other, took = block.copy(), []
    for _time in range(7):
        begin = perf_counter()
        np.copyto(other, block)
        took.append(perf_counter() - begin)
    return 2 * block.nbytes / min(took)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", nargs="*", type=int, default=[30_000, 300_000])
    parser.add_argument("--peers", default=sys.executable, help="a Python with the peers")
    parser.add_argument("--postgis", default="", help="connection string of a scratch database")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=list(JOBS), help="jobs to run again")
    given = parser.parse_args()
    os.environ["KERNEL_LIMIT"] = str(LIMIT)
    kept = PAGES / "kernels.json"
    facts: dict[str, Any] = json.loads(kept.read_text()) if kept.exists() else {"lines": []}
    for count in given.counts:
        folder(count)
        for job in given.only:
            lines = measured(job, count, given, facts["lines"])
            old = [x for x in facts["lines"] if (x["job"], x["count"]) != (job, count)]
            facts["lines"] = [*old, *lines]
            facts["speed"] = copied()
            if given.postgis:
                facts["postgis"] = version_of(given.postgis)
            kept.write_text(json.dumps(facts, indent=1), encoding="utf-8")
            page("kernels").write_text(written(facts, given.peers), encoding="utf-8")


if __name__ == "__main__":
    main()
