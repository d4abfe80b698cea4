"""The sample district taken to a sealed legacy and a package, and ways to spoil a copy of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import geopandas as gpd
import pyogrio

SAMPLE = Path(__file__).parents[1] / "sample_data"
PATIENCE = 600  # seconds that a worker waits for another to build
ENGLISH = {**os.environ, "LOWUSE_LANG": "en"}


def build(folder: Path) -> Path:
    """Return the folder with result, units, plan, legacy, sealed and export; built by the first."""
    done = folder / "done"
    try:
        folder.mkdir()
    except FileExistsError:
        for _second in range(PATIENCE):
            if done.exists():
                return folder
            time.sleep(1)
        raise
    (folder / "ledgers").mkdir()
    own = ("--ledgers", folder / "ledgers")
    result, units, plan = (folder / f"{n}.gpkg" for n in ("result", "units", "plan"))
    legacy, sealed = folder / "legacy.gpkg", folder / "sealed"
    run("classify", "--project", SAMPLE, "-o", result, "-q")
    run("units", result, "--project", SAMPLE, "-o", units)
    run("plan", result, units, "--year", 2025, "--project", SAMPLE, "-o", plan)
    run("legacy", "find", "--project", SAMPLE, *own, "-o", legacy, "-q")
    run("legacy", "seal", legacy, "--by", "甲", "--on", "2024-03-31", *own, "-o", sealed)
    export(folder, folder / "export")
    done.touch()
    return folder


def run(*words: object) -> None:
    """Run one command in a process of its own."""
    command = [sys.executable, "-m", "lowuse_gis", *map(str, words)]
    subprocess.run(command, check=True, capture_output=True, env=ENGLISH)


def export(made: Path, into: Path, *words: object) -> Path:
    """File what was made; return the package."""
    given = ("--plan", made / "plan.gpkg", "--legacy", made / "sealed", "--draft")
    run("export", made / "result.gpkg", made / "units.gpkg", *given, *words, "-o", into)
    (package,) = into.iterdir()
    return package


def package_of(made: Path) -> Path:
    """Return the package of the sample."""
    (package,) = (made / "export").iterdir()
    return package


def copied(package: Path, into: Path) -> Path:
    """Copy a package, to be spoilt."""
    return Path(shutil.copytree(package, into / package.name))


def find(package: Path, ending: str) -> Path:
    """Return the one file or FileGDB whose name ends so."""
    (path,) = [p for p in package.rglob("*") if p.name.endswith(ending)]
    return path


def rewrite(path: Path, layer: str, change, **options: object) -> None:
    """Read one layer of a GeoPackage or FileGDB, change it, and write all layers anew."""
    names = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
    frames = {name: pyogrio.read_dataframe(path, layer=name) for name in names}
    frames[layer] = change(frames[layer])
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    driver = "OpenFileGDB" if path.suffix == ".gdb" else "GPKG"
    for name, frame in frames.items():
        if frame is not None:
            frame.to_file(path, layer=name, driver=driver, **options)


def reshape(path: Path, change, **options: object) -> None:
    """Read a shapefile, change it, and write it again."""
    frame = change(gpd.read_file(path))
    for part in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
        path.with_suffix(part).unlink(missing_ok=True)
    frame.to_file(path, **{"encoding": "GBK", **options})
