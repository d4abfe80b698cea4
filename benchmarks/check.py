"""Seconds and memory of ``lowuse check`` with the whole catalogue, for deliveries of several sizes.

``python benchmarks/check.py --sizes 30000 100000 300000`` writes benchmarks/RESULTS-check.md and
prints it. A delivery is a shapefile of parcels, exactly noded lots with 27 vertices each of which
one in a hundred is broken (``topology_layers.py``), and the survey in a GeoPackage, whose polygons
are rows of five whole lots. Every size runs in a process of its own, one after the other.

The geometric measures beside PostGIS, DuckDB, geopandas and GEOS: ``topology.py``.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from district import CRS, DATA, LOTS, SURVEYED, blocks, lots, parcels
from kernel_clock import peak
from lowuse_gis.commands import check as command
from lowuse_gis.commands.progress import Progress
from lowuse_gis.core.area import ellipsoidal_area
from pages import page
from stages import machine
from topology_layers import SEED, cadastre, planted

RESULTS = page("check")
SIZES = (30_000, 100_000, 300_000)


def delivery(count: int) -> list[Path]:
    """Write the files of a delivery, unless they stand already."""
    folder = DATA / f"check-{count}"
    files = [folder / "宗地.shp", folder / "DLTB.gpkg"]
    if all(file.exists() for file in files):
        return files
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng([SEED, count])
    layout = blocks(count, random)
    plain = parcels(layout, lots(layout, random), count, random)
    shapes = planted(cadastre(count))
    mine = plain.iloc[np.arange(len(shapes)) % len(plain)].reset_index(drop=True)
    mine = mine.set_geometry(gpd.GeoSeries(shapes, crs=CRS))
    added = mine.index >= len(plain)  # copies, which have codes of their own
    number = pd.Series(99_999 - np.arange(added.sum()), mine.index[added]).astype(str)
    mine.loc[added, "ZDDM"] = mine.loc[added, "ZDDM"].str[:14] + number
    mine["ZDMJ"] = shapely.area(shapes).round(2)
    mine.to_file(files[0], encoding="GBK")
    survey(count, plain).to_file(files[1], layer="DLTB")
    return files


def survey(count: int, lots_: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Join the lots of each row before any was broken."""
    whole = shapely.make_valid(cadastre(count), method="structure", keep_collapsed=False)
    rows = whole[: len(whole) // LOTS * LOTS].reshape(-1, LOTS)
    shapes = shapely.union_all(rows, axis=1)
    first = lots_.iloc[np.arange(len(shapes)) * LOTS].reset_index(drop=True)
    number = pd.Series(np.arange(len(shapes))).astype(str).str.zfill(8)
    area = np.round(ellipsoidal_area(shapes, CRS), 2)
    return gpd.GeoDataFrame(
        {
            "BSM": "120118" + number,
            "TBBH": number,
            "DLBM": first["YT"].map(SURVEYED),
            "ZLDWDM": first["ZDDM"].str[:12] + "0000000",
            "TBMJ": area,
            "KCMJ": 0.0,
            "TBDLMJ": area,
            "SJNF": 2022,
        },
        geometry=shapes,
        crs=CRS,
    )


def run(count: int, *, mend: bool, alone: bool) -> dict[str, Any]:
    """Check a delivery, or its parcels alone, in this process."""
    files, progress = delivery(count)[: 1 if alone else 2], Progress()
    with tempfile.TemporaryDirectory(dir=DATA) as folder:
        request = command.Request(files=files, output=Path(folder) / "out", mend=mend)
        checked = command.check(request, progress).checked
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "records": [len(layer.frame) for layer in checked.layers],
        "vertices": [int(shapely.get_num_coordinates(layer.frame.geometry.to_numpy()).sum())
                     for layer in checked.layers],
        "findings": len(checked.findings),
        "seconds": progress.seconds,
        "cpu": usage.ru_utime + usage.ru_stime,
        "megabytes": round(peak()),
    }  # fmt: skip


def apart(count: int, *options: str) -> dict[str, Any]:
    """Check in a process of its own."""
    delivery(count)
    program = [sys.executable, __file__, "--one", str(count), *options]
    words = os.environ | {"LOWUSE_LANG": "en"}
    done = subprocess.run(program, check=True, capture_output=True, text=True, env=words)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def report(runs: dict[str, dict[str, Any]]) -> str:
    """Write the results down."""
    names = list(dict.fromkeys(name for found in runs.values() for name in found["seconds"]))
    heading = ["parcels", "survey", "vertices", "findings", *names, "s", "CPU s", "µs a vertex",
               "MB"]  # fmt: skip
    lines = ["| " + " | ".join(heading) + " |", "|" + "---:|" * len(heading)]
    for label, found in runs.items():
        parts, vertices = found["seconds"], sum(found["vertices"])
        total = sum(parts.values())
        cells = [label, f"{sum(found['records'][1:]):,}", f"{vertices:,}", f"{found['findings']:,}",
                 *(f"{parts[name]:.1f}" if name in parts else "" for name in names),
                 f"{total:.1f}", f"{found['cpu']:.1f}", f"{1e6 * total / vertices:.2f}",
                 f"{found['megabytes']:,}"]  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    what = "Written by `python benchmarks/check.py`: whole catalogue, two threads, results written."
    text = ["# Benchmark of check", "", what, "", *machine(), "", *lines]
    return "\n".join(text) + "\n"


def main() -> None:
    """Run every size, or one in this process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--one", type=int, default=0, help="this size in this process")
    parser.add_argument("--parcels", action="store_true", help="without the survey")
    parser.add_argument("--mend", action="store_true", help="mend too")
    arguments = parser.parse_args()
    if arguments.one:
        found = run(arguments.one, mend=arguments.mend, alone=arguments.parcels)
        print(json.dumps(found, ensure_ascii=False))
        return
    largest = arguments.sizes[-1]
    runs = {f"{largest:,}, parcels alone": apart(largest, "--parcels")}
    runs |= {f"{count:,}": apart(count) for count in arguments.sizes}
    runs[f"{largest:,}, mended"] = apart(largest, "--mend")
    text = report(runs)
    RESULTS.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
