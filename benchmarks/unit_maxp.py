"""Run max-p of spopt on each part of a graph; started by `unit_peers.py` in spopt's environment.

python unit_maxp.py IN.npz OUT.npy
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd
from libpysal.weights import W
from spopt.region import MaxPHeuristic

SEED = 1
ENGINE = sys.modules["spopt.region.maxp"]
PICK = ENGINE._pick_move_area  # noqa: SLF001


def movable(labels: Any, regions: Any, sums: Any, *rest: Any) -> list[int]:
    """Leave out areas without another region beside them: spopt 0.7.0 turns round them for ever."""
    areas, near = PICK(labels, regions, sums, *rest), rest[1].neighbors
    return [area for area in areas if any(labels[other] != labels[area] for other in near[area])]


ENGINE._pick_move_area = movable  # noqa: SLF001


def main() -> None:
    given = dict(np.load(sys.argv[1]))
    frame = pd.DataFrame({"area": given["area"], "share": given["share"]})
    label, unit, spent = np.full(len(frame), -1), 0, 0.0
    np.random.seed(SEED)  # noqa: NPY002  # spopt draws from the old generator
    for part in range(given["part"].max() + 1):
        nodes = np.flatnonzero(given["part"] == part)
        if len(nodes) < 2 or frame["area"].iloc[nodes].sum() < given["least"]:
            continue
        at = {int(node): k for k, node in enumerate(nodes)}
        near: dict[int, list[int]] = {k: [] for k in range(len(nodes))}
        mine = np.isin(given["left"], nodes)
        for a, b in zip(given["left"][mine], given["right"][mine], strict=True):
            near[at[int(a)]].append(at[int(b)])
            near[at[int(b)]].append(at[int(a)])
        here = frame.iloc[nodes].reset_index(drop=True)
        model = MaxPHeuristic(
            here,
            W(near, silence_warnings=True),
            ["share"],
            "area",
            given["least"],
            max_iterations_sa=1,
        )
        begin = time.perf_counter()
        model.solve()
        spent += time.perf_counter() - begin
        label[nodes] = unit + np.asarray(model.labels_)
        unit = label.max() + 1
    np.save(sys.argv[2], label)
    print(json.dumps({"s": spent, "versions": {x: version(x) for x in ("spopt", "libpysal")}}))


if __name__ == "__main__":
    main()
