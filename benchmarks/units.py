"""Measure the choice of units beside what a planner would run instead.

python benchmarks/units.py [--peers PYTHON] [--small 200] [--planted 150] [--repeat 3]

PYTHON has spopt, for max-p; without it max-p is left out. Small blocks are held against the true
optimum, planted ones against the units planted and the certified bound. All ways get the same
blocks, are scored with the product's own objective, and use one thread. RESULTS-units.md is
written from the same run.
"""

from __future__ import annotations

import argparse
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lowuse_gis.core.joining import choose
from lowuse_gis.core.joining.bound import upper_bound
from lowuse_gis.core.joining.exact import optimum
from lowuse_gis.core.joining.problem import objective
from pages import page
from unit_ground import plain, planar, planted, surveyed
from unit_peers import bridged, closing, greedy, helped, max_p, sound, touching
from unit_report import planted_table, small_table, written

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from unit_ground import Place

    Labels = NDArray[np.int64]
    Way = Callable[[Place], Labels]

SEEDS = {"plain": 101, "surveyed": 202, "planted": 303}
NOISE = (0.04, 0.10)  # share of plots whose use is turned over after planting
SEVERAL = (303, 1, 2, 3, 4)
AGREEMENT = """## Agreement with planted units, by noise

Adjusted Rand index, mean (least to greatest) of {seeds} seeds, {blocks} lattices each. Noise turns
the use of plots over after planting, so that at 4 % a planted unit is no longer what the objective
wants: the planted units themselves reach 0.888 of the bound there, what is found 0.98. The more is
gained beside what was planted, the less alike they are. Written by `--agreement`."""
OURS = "**choice of units**"
QUICK = "**choice of units**, `kicks=1`"
PEERS: dict[str, Way] = {
    "touching low-use land": touching,
    "low-use land within 25 m": bridged,
    "closing by ±15 m": closing,
    "greedy growth": greedy,
}
MAX_P = "max-p (spopt)"


@dataclass(frozen=True)
class Run:
    """What a way found, and the seconds it took; ``why`` where it was not run."""

    way: str
    label: Labels | None = None
    s: float = 0.0
    why: str = ""


def ours(place: Place, kicks: int = 6) -> Labels:
    """Choose units without looking at every choice; the bound is computed too."""
    return choose(place.problem, threads=1, exact=False, kicks=kicks).label


def timed(function: Callable[[], Any], repeat: int) -> tuple[Any, float]:
    """Call several times; return the answer and the median of the seconds."""
    spent = []
    for _time in range(repeat):
        begin = time.perf_counter()
        answer = function()
        spent.append(time.perf_counter() - begin)
    return answer, statistics.median(spent)


def runs_of(place: Place, ways: dict[str, Way], given: argparse.Namespace) -> list[Run]:
    """Run every way on the same place, max-p once and last."""
    found = []
    for name, way in ways.items():
        label, spent = timed(lambda way=way: way(place), given.repeat)
        found.append(Run(name, label, spent))
        print(f"{name}: {spent:.3f} s", flush=True)
    if not given.peers:
        return [*found, Run(MAX_P, why="not run: no Python with spopt")]
    label, told = max_p(place, given.peers)
    given.versions = told["versions"]
    print(f"{MAX_P}: {told['s']:.1f} s", flush=True)
    return [*found, Run(MAX_P, label, told["s"])]


def every_choice(place: Place) -> Labels:
    """Return the true optimum of every block."""
    blocks = range(len(place.problem.blocks) - 1)
    return np.concatenate([optimum(place.problem, block) for block in blocks])


def small(name: str, place: Place, given: argparse.Namespace) -> dict[str, Any]:
    """Hold every way against the optimum of small blocks."""
    problem = place.problem
    label, spent = timed(lambda: every_choice(place), 1)
    best = objective(problem, label)
    pays = best > 0
    if np.bincount(problem.block, problem.area).max() > problem.most:
        raise SystemExit(f"{name}: a block so large that units may have to lie side by side")
    choice = choose(problem, threads=1, exact=False)
    if (choice.bound < best).any():
        raise SystemExit(f"{name}: a bound below the optimum")
    ways = {OURS: ours, **PEERS}
    if name == "plain":
        del ways["low-use land within 25 m"]  # the same there: all plots touch
    lines = []
    for run in runs_of(place, ways, given):
        line: dict[str, Any] = {"way": run.way, "s": run.s, "why": run.why}
        if run.label is not None:
            worth = objective(problem, sound(problem, run.label))
            eased = objective(problem, helped(problem, run.label))
            if (np.maximum(worth, eased) > best).any():
                raise SystemExit(f"{name}, {run.way}: worth more than the optimum")
            line |= {"ratio": worth[pays] / best[pays], "worth": int(worth.sum())}
            line |= {"helped": eased[pays] / best[pays], "solved": worth[pays] == best[pays]}
        lines.append(line)
    return {
        "name": name, "seed": SEEDS[name], "blocks": len(best), "nodes": len(problem),
        "pays": int(pays.sum()), "best": int(best.sum()), "bound": int(choice.bound.sum()),
        "met": float((choice.bound == best)[pays].mean()), "every": spent, "lines": lines,
    }  # fmt: skip


def likeness(truth: Labels, label: Labels) -> float:
    """Return the adjusted Rand index over nodes of a unit; others of them are on their own."""
    either = (truth >= 0) | (label >= 0)
    alone = np.arange(either.sum()) + max(truth.max(), label.max()) + 1
    one, other = (np.where(x[either] >= 0, x[either], alone) for x in (truth, label))
    one, other = (np.unique(x, return_inverse=True)[1] for x in (one, other))
    return float(planar.rand_index(one, other))


def planted_lines(place: Place, runs: list[Run], bound: NDArray[np.int64]) -> list[dict[str, Any]]:
    """Score what the ways found on planted ground."""
    problem, lines = place.problem, []
    for run in [Run("the planted units themselves", place.truth), *runs]:
        line: dict[str, Any] = {"way": run.way, "s": run.s, "why": run.why}
        if run.label is not None:
            label = sound(problem, run.label)
            worth = objective(problem, label)
            eased = objective(problem, helped(problem, run.label))
            if (np.maximum(worth, eased) > bound).any():
                raise SystemExit(f"{run.way}: worth more than the bound")
            line |= {"of": worth.sum() / bound.sum(), "helped": eased.sum() / bound.sum()}
            line |= {"rand": likeness(place.truth, label), "met": float((worth == bound).mean())}
            line["units"] = len(np.unique(label[label >= 0]))
        lines.append(line)
    return lines


def large(noise: float, given: argparse.Namespace) -> dict[str, Any]:
    """Hold every way against planted units and the certified bound."""
    place = planted(SEEDS["planted"], given.planted, noise)
    choice = choose(place.problem, threads=1, exact=False)
    _bound, spent = timed(lambda: upper_bound(place.problem, choice.objective), given.repeat)
    ways: dict[str, Way] = {OURS: ours, QUICK: lambda where: ours(where, kicks=1), **PEERS}
    del ways["low-use land within 25 m"]  # the same there: all plots touch
    runs = runs_of(place, ways, given)
    return {
        "noise": noise, "seed": SEEDS["planted"], "blocks": given.planted, "bounding": spent,
        "nodes": len(place.problem), "planted": len(np.unique(place.truth)) - 1,
        "lines": planted_lines(place, runs, choice.bound),
    }  # fmt: skip


def agreement(given: argparse.Namespace) -> list[str]:
    """Say how like the planted units what is found is, by noise, over several seeds."""
    lines = [*AGREEMENT.format(blocks=given.planted, seeds=len(SEVERAL)).splitlines(), ""]
    lines += [f"| noise | {OURS} | touching low-use land | nodes |", "|--:|--:|--:|--:|"]
    for noise in (0.0, 0.01, 0.02, 0.04):
        places = [planted(seed, given.planted, noise) for seed in SEVERAL]
        cells = []
        for way in (ours, touching):
            found = [likeness(x.truth, sound(x.problem, way(x))) for x in places]
            cells.append(f"{np.mean(found):.3f} ({min(found):.3f} to {max(found):.3f})")
        lines.append(f"| {noise:.0%} | {cells[0]} | {cells[1]} | {len(places[0].problem):,} |")
        print(lines[-1], flush=True)
    return [*lines, ""]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", default="", help="a Python with spopt")
    parser.add_argument("--small", type=int, default=200, help="small blocks of each kind")
    parser.add_argument("--planted", type=int, default=150, help="blocks of planted ground")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--agreement", action="store_true", help="only that section, printed")
    given = parser.parse_args()
    given.versions = {}
    ours(planted(1, 2, NOISE[0]))  # machine code is loaded
    if given.agreement:
        print("\n".join(agreement(given)))
        return
    places = {"plain": plain, "surveyed": surveyed}
    tables = []
    for name, place in places.items():
        tables.append(small_table(small(name, place(SEEDS[name], given.small), given)))
        print("\n".join(tables[-1]), flush=True)
    for noise in NOISE:
        tables.append(planted_table(large(noise, given)))
        print("\n".join(tables[-1]), flush=True)
    tables.append(agreement(given))
    page("units").write_text(written(tables, given), encoding="utf-8")


if __name__ == "__main__":
    main()
