"""Seconds and memory of every stage of the road, for districts of several sizes.

``python benchmarks/stages.py --sizes 30000 100000 300000`` writes RESULTS-stages.md and prints it.
Every size runs in a process of its own, the peer comparison in another, never two at once.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import psutil
import shapely

from district import folder_of, made
from pages import page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import geopandas as gpd

RESULTS = page("stages")
SIZES = [30_000, 100_000, 300_000]
PEER_SIZE = 100_000
SMALL = 6_000  # parcels: enough for compiled loops to be used
LIBRARIES = ["numpy", "pandas", "geopandas", "shapely", "pyogrio", "pyproj", "duckdb", "pyarrow"]
PAUSE = 0.02  # seconds between two looks at memory
STEEP, HOT = 1.3, 0.25
MEGABYTE = 1 << 20
RESET_PEAK = Path("/proc/self/clear_refs")


@dataclass
class Meter:
    """Times stages and keeps the highest resident memory during each."""

    lines: list[dict[str, Any]] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure one stage: seconds, and peak RSS in MB by the kernel's own mark."""
        with _peak() as peak:
            begun = time.perf_counter()
            yield
            seconds = time.perf_counter() - begun
        self.lines.append({"stage": name, "seconds": seconds, "peak": peak[0] / MEGABYTE})


@contextmanager
def _peak() -> Iterator[list[int]]:
    """Peak RSS of the block: the kernel's resettable mark where there is one, else samples."""
    found = [0]
    if RESET_PEAK.exists():
        RESET_PEAK.write_text("5", encoding="ascii")
        yield found
        found[0] = _kernel_mark()
        return
    done, process = threading.Event(), psutil.Process()

    def look() -> None:
        while not done.wait(PAUSE):
            found[0] = max(found[0], process.memory_info().rss)

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    yield found
    done.set()
    watcher.join()


def _kernel_mark() -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def road(count: int, threads: int) -> dict[str, Any]:
    """Take a district down the road in this process."""
    from lowuse_gis.commands import classify as command  # noqa: PLC0415  not in the parent
    from lowuse_gis.commands.classified_files import tables_of  # noqa: PLC0415
    from lowuse_gis.commands.supplies import prepare  # noqa: PLC0415
    from lowuse_gis.io.findings_wide import widened  # noqa: PLC0415
    from lowuse_gis.io.problem_list import write_problem_list  # noqa: PLC0415
    from lowuse_gis.io.result_writing import checks_table, write_result  # noqa: PLC0415
    from lowuse_gis.stages.read import Reading  # noqa: PLC0415

    meter = Meter()
    with tempfile.TemporaryDirectory(dir=folder_of(count)) as folder:
        out = Path(folder) / "result.gpkg"
        request = command.Request((), out, project=folder_of(count), threads=threads)
        run, supplies = prepare(request)
        with meter.stage("read"):
            survey = command.read(supplies, Reading(), run)
        for name, step in _middle(run):
            with meter.stage(name):
                survey = step(survey)
        with meter.stage("summarise"):
            summary = command.summarise(survey, run)
        with meter.stage("write result"):
            checks = checks_table(survey.checks, survey.parcels["parcel_code"], run.rulebook)
            wide = widened(out.with_suffix(".findings.gpkg"), survey.findings)
            write_result(out, survey, run, tables_of(summary), checks, lambda: wide)
        with meter.stage("write problem list"):
            write_problem_list(out.with_suffix(".xlsx"), survey.problems, run)
        verdicts = survey.parcels["verdict"].value_counts().to_dict()
        facts = {"parcels out": len(survey.parcels), "verdicts": verdicts}
        del survey, summary
        _units(out, count, meter)
    return {"count": count, "lines": meter.lines, **facts}


def _middle(run: Any) -> list[tuple[str, Callable[[Any], Any]]]:
    from lowuse_gis.commands import classify as command  # noqa: PLC0415

    return [
        (
            "mend",
            lambda s: command.match(
                command.identify(command.correct(command.mend(s), run), run), run
            ),
        ),
        ("compose", lambda s: command.compose(_with_areas(command, s), run)),
        ("measure", lambda s: command.measure(s, run)),
        ("check", lambda s: _checked(command, s, run)),
        ("judge", lambda s: _verdicts(command, s, run)),
        ("problems", lambda s: command.problems(s, run)),
    ]


def _checked(command: Any, survey: Any, run: Any) -> Any:
    found = command.inspect_beside(survey, run)
    pairs = command.parcel_overlaps(survey.parcels, run)
    return command.audit(command.check(survey, run, pairs), found.result(), run)


def _with_areas(command: Any, survey: Any) -> Any:
    return survey.with_columns(command.areas_of(survey.parcels))


def _verdicts(command: Any, survey: Any, run: Any) -> Any:
    judged = command.look_around(command.decide(command.judge(survey, run), run), run)
    return command.villages(command.subtype(judged, run), run)


def _units(result: Path, count: int, meter: Meter) -> None:
    from lowuse_gis.commands import units as command  # noqa: PLC0415

    file = result.with_name("units.gpkg")
    with meter.stage("units (whole command)"):
        command.units(command.Request(result, file, project=folder_of(count)))


def peer(count: int, threads: int) -> dict[str, Any]:
    """Covered area of parcels by buildings: gpd.overlay against `covered_area`."""
    import geopandas as gpd  # noqa: PLC0415

    from lowuse_gis.core.covered import covered_area  # noqa: PLC0415

    file = folder_of(count) / "district.gpkg"
    lots = gpd.read_file(file, layer="parcels")[["geometry"]].assign(at=np.arange(count))
    houses = gpd.read_file(file, layer="buildings")[["geometry"]]
    meter = Meter()
    shapes, built = lots.geometry.to_numpy(), houses.geometry.to_numpy()
    with meter.stage("covered_area"):
        covered, pairs, doubled = covered_area(shapes, built, threads=threads)
    with meter.stage("gpd.overlay"):
        plain = _plain(lots, houses)
    summed = np.bincount(pairs.subject, pairs.area, minlength=count)
    twice = np.isin(pairs.context, np.union1d(doubled.subject, doubled.context))
    single = np.setdiff1d(np.arange(count), pairs.subject[twice])
    worst = max(_difference(summed, plain), _difference(covered[single], plain[single]))
    if worst > 1e-6:
        raise SystemExit(f"the peer's answer differs by {worst:.1e}")
    return {"count": count, "lines": meter.lines, "worst": worst, "single": len(single)}


def _plain(lots: gpd.GeoDataFrame, houses: gpd.GeoDataFrame) -> np.ndarray:
    import geopandas as gpd  # noqa: PLC0415

    pieces = gpd.overlay(houses, lots, how="intersection")
    sums = pieces.area.groupby(pieces["at"]).sum()
    found: np.ndarray = sums.reindex(lots["at"], fill_value=0.0).to_numpy()
    return found


def _difference(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.max(np.abs(a - b) / np.maximum(np.maximum(a, b), 1e-9), initial=0.0))


def _alone(what: str, count: int, threads: int) -> dict[str, Any]:
    """Run one measurement in a fresh process and take its JSON."""
    command = [sys.executable, __file__, "--one", what, "--sizes", str(count)]
    command += ["--threads", str(threads)]
    environment = os.environ | {"LOWUSE_LANG": "en"}
    done = subprocess.run(command, stdout=subprocess.PIPE, env=environment, check=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def machine() -> list[str]:
    """Describe the machine and the libraries."""
    model, cpu = platform.processor() or platform.machine(), Path("/proc/cpuinfo")
    if cpu.exists():
        names = [x for x in cpu.read_text(encoding="utf-8").splitlines() if "model name" in x]
        model = names[0].partition(":")[2].strip() if names else model
    memory = psutil.virtual_memory().total / (1 << 30)
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return [
        f"- {model}, {psutil.cpu_count()} cores, {memory:.0f} GB; {platform.system()}",
        f"- Python {platform.python_version()}, {versions}, GEOS {shapely.geos_version_string}",
    ]


def stage_table(runs: list[dict[str, Any]]) -> list[str]:
    """Write seconds and peak memory per stage and size, and the growth of the seconds."""
    sizes = [run["count"] for run in runs]
    heads = [f"{n:,} s | MB" for n in sizes]
    lines = [f"| stage | {' | '.join(heads)} | growth | share |"]
    lines.append("|---|" + "---:|" * (2 * len(sizes) + 2))
    total = [sum(line["seconds"] for line in run["lines"]) for run in runs]
    for at, first in enumerate(runs[0]["lines"]):
        seconds = [run["lines"][at]["seconds"] for run in runs]
        peaks = [run["lines"][at]["peak"] for run in runs]
        lines.append(_row(first["stage"], seconds, peaks, sizes, total[-1]))
    peaks = [max(line["peak"] for line in run["lines"]) for run in runs]
    return [*lines, _row("all", total, peaks, sizes, total[-1])]


def _row(
    name: str, seconds: list[float], peaks: list[float], sizes: list[int], total: float
) -> str:
    cells = [f"{s:.2f} | {p:,.0f}" for s, p in zip(seconds, peaks, strict=True)]
    growth = (seconds[-1] / seconds[0]) / (sizes[-1] / sizes[0])
    share = seconds[-1] / total
    marks = [f"**{growth:.2f}**" if growth > STEEP else f"{growth:.2f}"]
    marks.append(f"**{share:.0%}**" if HOT < share < 1 else f"{share:.0%}")
    return f"| {name} | {' | '.join([*cells, *marks])} |"


def peer_table(answer: dict[str, Any]) -> list[str]:
    """Write how the plain way compares."""
    base = answer["lines"][0]["seconds"]
    lines = ["| way | s | MB | ratio |", "|---|---:|---:|---:|"]
    for line in answer["lines"]:
        ratio = f"{line['seconds'] / base:.1f}"
        cells = [line["stage"], f"{line['seconds']:.2f}", f"{line['peak']:,.0f}", ratio]
        lines.append(f"| {' | '.join(cells)} |")
    note = (
        f"Largest relative difference of a parcel's area: {answer['worst']:.1e} (sums of pairs over"
        " all parcels; places counted once over the"
        f" {answer['single']:,} parcels without doubled footprints)."
    )
    return [*lines, "", note]


def report(runs: list[dict[str, Any]], compared: dict[str, Any], threads: int) -> str:
    """Write the whole page."""
    out = [f"{run['count']:,} → {run['parcels out']:,}" for run in runs]
    lines = [
        "# Benchmark of the stages",
        "",
        "Written by `python benchmarks/stages.py`; the districts by `benchmarks/district.py`.",
        "",
        *machine(),
        f"- threads for geometry: {threads}",
        f"- parcels in → out with survey parcels: {'; '.join(out)}",
        "",
        "MB is the highest resident memory during the stage, everything held from before included.",
        "Growth is seconds per parcel at the largest size over those at the smallest: 1 is linear.",
        f"Bold: growth above {STEEP}, or more than {HOT:.0%} of the total.",
        "",
        *stage_table(runs),
        "",
        f"## Buildings on parcels at {compared['count']:,}, against plain geopandas",
        "",
        *peer_table(compared),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--peer-size", type=int, default=PEER_SIZE)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--output", type=Path, default=RESULTS)
    parser.add_argument("--one", choices=["road", "peer"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    threads = arguments.threads
    if arguments.one:
        measured = {"road": road, "peer": peer}[arguments.one](arguments.sizes[0], threads)
        print(json.dumps(measured, ensure_ascii=False))
        return
    for count in {SMALL, *arguments.sizes, arguments.peer_size}:
        made(count)
    _alone("road", SMALL, threads)  # compiles
    runs = [_alone("road", count, threads) for count in sorted(arguments.sizes)]
    page = report(runs, _alone("peer", arguments.peer_size, threads), threads)
    arguments.output.write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()
