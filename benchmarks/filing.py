"""Filing, sealing and verifying at size, beside plain geopandas writes of the same layers.

``python benchmarks/filing.py [--size 300000]`` classifies the sample district, tiles it a hundred
times at a tenth of its scale, files all parcels by the profile of the district, verifies the
package, seals 100,000 records, and writes benchmarks/RESULTS-filing.md. Each part runs in a
process of its own.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from kernel_clock import peak
from lowuse_gis.commands.verify import Request, verify
from lowuse_gis.core.area import ellipsoidal_area
from lowuse_gis.core.filing.names import known_names
from lowuse_gis.core.filing.seal import broken_records, seal_of
from lowuse_gis.core.filing.values import filed_field
from lowuse_gis.io.package.names import package_files
from lowuse_gis.io.package.writing import Filing, write_package
from lowuse_gis.io.profiles import profile_of
from lowuse_gis.io.result import Result, read_result
from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.model.filing import NUMBER, WHOLE, FiledLayer
from lowuse_gis.stages.filing.datasets import Filed, datasets
from lowuse_gis.stages.filing.filed import content_of
from pages import page

ROOT = Path(__file__).parents[1]
RESULTS = page("filing")
SCALE, SIDE = 0.1, 10
SEALED = 100_000
DAY = date(2024, 3, 31)


def classified(folder: Path) -> Path:
    """Classify the sample district."""
    path = folder / "result.gpkg"
    command = [sys.executable, "-m", "lowuse_gis", "classify", "--project", ROOT / "sample_data"]
    subprocess.run([*map(str, command), "-o", str(path), "-q"], check=True, capture_output=True)
    return path


def tiled(path: Path, size: int) -> Any:
    """Return a result of `size` parcels, all of them low-use: the sample, small and many times."""

    one = read_result(path)
    parcels = one.parcels.reset_index()
    west, south, east, north = parcels.total_bounds
    step = np.array([east - west, north - south]) * SCALE
    copies = []
    for n in range(-(-size // len(parcels))):
        move = np.array([west, south]) + step * divmod(n % (SIDE * SIDE), SIDE)
        shapes = shapely.transform(
            parcels.geometry.to_numpy(),
            lambda xy, move=move: (xy - [west, south]) * SCALE + move,
        )
        codes = parcels["parcel_code"] + f"{n:04d}"
        copies.append(
            parcels.assign(row=f"{n}:" + parcels["row"], parcel_code=codes, geometry=shapes)
        )
    whole = gpd.GeoDataFrame(pd.concat(copies, ignore_index=True), crs=parcels.crs).iloc[:size]
    area = np.round(ellipsoidal_area(whole.geometry.to_numpy(), whole.crs), 2)
    plane = np.round(shapely.area(whole.geometry.to_numpy()), 2)
    whole = whole.assign(area=area, plane_area=plane, low_use_area=area, verdict="low_use")
    filled = {"land_type": "industrial", "criteria_met": "IND-02", "result_code": "1"}
    whole = whole.assign(**{name: whole[name].fillna(text) for name, text in filled.items()})
    return Result(whole.set_index("row"), one.tables)


def file_package(path: Path, size: int, folder: Path) -> dict[str, float]:
    """File a package, then write its layers as geopandas does."""

    rulebook = read_rulebook("jinghai")
    result = tiled(path, size)
    begun = time.perf_counter()
    name, profile = profile_of("", rulebook)
    names = {**known_names(rulebook, DAY.isoformat()), "audience": "inside"}
    content = content_of(
        datasets(Filed(result.parcels, result.tables["problems"]), rulebook),
        profile,
        names,
        rulebook,
    )
    filed = {name: layer.frame for name, layer in content.layers.items()}
    files = list(package_files(profile, names, content.layers, content.sheets, filed))
    filing = Filing("", name, profile, names, files, content, result.tables, rulebook, DAY, size)
    package = folder / "package"
    package.mkdir()
    write_package(package, filing)
    ours = time.perf_counter() - begun
    begun = time.perf_counter()
    for n, frame in ((n, filed[n]) for n in ("DXYD", "DXYDGH")):
        frame.to_file(folder / "plain.gpkg", layer=n, engine="pyogrio")
        frame.to_file(folder / "plain.gdb", layer=n, driver="OpenFileGDB", engine="pyogrio")
        frame.to_file(folder / f"{n}.shp", encoding="GBK", engine="pyogrio")
    plain = time.perf_counter() - begun
    return {"seconds": ours, "plain": plain, "memory": peak() / 1024}


def verify_package(folder: Path) -> dict[str, float]:
    """Verify the package."""

    begun = time.perf_counter()
    found = verify(Request(folder / "package"))
    seconds = time.perf_counter() - begun
    return {"seconds": seconds, "memory": peak() / 1024, "findings": len(found.findings)}


def seal_records() -> dict[str, float]:
    """Seal records of squares, then hold them against their seal."""

    rulebook = read_rulebook("jinghai")
    profile = rulebook.packages["jinghai"]
    spec = profile["layers"]["LSYLYD"]
    fields = [filed_field(entry, profile["maps"], rulebook) for entry in spec["fields"]]
    at = np.arange(SEALED)
    west, south = 39_500_000.0 + at % 300 * 50.0, 4_300_000.0 + at // 300 * 50.0
    shapes = shapely.segmentize(shapely.box(west, south, west + 40, south + 40), 8.0)
    content = {f.code: at / 100 if f.kind in {NUMBER, WHOLE} else at.astype(str) for f in fields}
    frame = gpd.GeoDataFrame(content, geometry=shapes, crs=rulebook.crs)
    layer = FiledLayer("LSYLYD", "", fields, frame, rulebook.crs, spec["key"], spec)
    begun = time.perf_counter()
    seal = seal_of(layer, {})
    sealed = time.perf_counter() - begun
    begun = time.perf_counter()
    assert not len(broken_records(frame, seal))
    return {"seconds": sealed, "verified": time.perf_counter() - begun, "memory": peak() / 1024}


def in_process(part: str, *arguments: object) -> dict[str, float]:
    """Run one part in a process of its own."""
    command = [sys.executable, __file__, "--part", part, *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def report(
    size: int, filed: dict[str, float], verified: dict[str, float], sealed: dict[str, float]
) -> str:
    """Write the results as a page."""
    machine = platform.processor() or platform.machine()
    rows = [
        ("file: FileGDB, GeoPackage, shapefiles, workbooks, map, metadata, hashes", filed),
        (
            "the same two layers by `GeoDataFrame.to_file`, three formats",
            {"seconds": filed["plain"]},
        ),
        (f"verify: {verified['findings']:,} findings", verified),
        (f"seal {SEALED:,} records of 21 vertices", sealed),
        ("hold them against the seal", {"seconds": sealed["verified"]}),
    ]
    lines = [
        "# Filing, sealing, verifying",
        "",
        f"{machine}, Python {platform.python_version()}; one run each, 2 cores.",
        f"{size:,} parcels, all low-use, by the profile `jinghai`: two layers of them.",
        "",
        "| | seconds | peak memory (GB) |",
        "|---|---:|---:|",
        *(f"| {what} | {said['seconds']:.1f} | {_memory(said)} |" for what, said in rows),
        "",
    ]
    return "\n".join(lines)


def _memory(said: dict[str, float]) -> str:
    return f"{said['memory']:.1f}" if "memory" in said else ""


def main() -> None:
    """Run all parts, or one of them for the first."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=300_000)
    parser.add_argument("--part", nargs="+", default=[])
    given = parser.parse_args()
    if given.part:
        part, *rest = given.part
        parts = {
            "file": lambda: file_package(Path(rest[0]), int(rest[1]), Path(rest[2])),
            "verify": lambda: verify_package(Path(rest[0])),
            "seal": seal_records,
        }
        print(json.dumps(parts[part]()))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = classified(folder)
        filed = in_process("file", path, given.size, folder)
        verified = in_process("verify", folder)
        text = report(given.size, filed, verified, in_process("seal"))
    RESULTS.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
