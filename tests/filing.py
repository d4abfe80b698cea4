"""The sample district taken to a sealed legacy and a package, and ways to spoil a copy of it."""

from __future__ import annotations

import hashlib
import importlib.metadata
import io
import os
import shutil
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pyogrio
import pytest

from lowuse_gis.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "sample_data"
PATIENCE = 600  # seconds that a worker waits for another to build
ENGLISH = {**os.environ, "LOWUSE_LANG": "en"}


def once(folder: Path, make: Callable[[Path], None], kept: Path | None = None) -> Path:
    """Return a folder that the first worker makes, or copies from where an earlier run kept it.

    What is kept must be named by all it was made of: see `fingerprint`.
    """
    done = folder / "done"
    try:
        folder.mkdir()
    except FileExistsError:
        for _tenth in range(PATIENCE * 10):
            if done.exists():
                return folder
            time.sleep(0.1)
        raise
    if kept and kept.is_dir():
        shutil.copytree(kept, folder, dirs_exist_ok=True)
    else:
        make(folder)
        if kept:
            keep(folder, kept)
    done.touch()
    return folder


def keep(folder: Path, kept: Path) -> None:
    """Copy a folder to where later runs look, all or nothing, and drop what was kept before."""
    for old in kept.parent.glob(f"{kept.name.partition('-')[0]}-*"):
        shutil.rmtree(old, ignore_errors=True)
    part = kept.with_name(f"part-{os.getpid()}-{kept.name}")
    shutil.copytree(folder, part)
    with suppress(OSError):
        part.rename(kept)
    shutil.rmtree(part, ignore_errors=True)


def fingerprint() -> str:
    """Hash all that the sample's results are made of: sources, rules, data, versions."""
    digest = hashlib.sha256()
    found = (p for top in (ROOT / "src", ROOT / "rules", SAMPLE) for p in top.rglob("*"))
    for path in sorted(p for p in found if p.is_file() and "__pycache__" not in p.parts):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    digest.update(Path(__file__).read_bytes() + sys.version.encode())
    versions = sorted(f"{d.name} {d.version}" for d in importlib.metadata.distributions())
    digest.update("\n".join(versions).encode())
    return digest.hexdigest()[:16]


def classify(folder: Path) -> None:
    """Judge the sample district, in a process of its own."""
    run_apart("classify", "--project", SAMPLE, "-o", folder / "result.gpkg", "-q")


def build(folder: Path, classified: Path) -> None:
    """Take what was judged to units, plan, legacy, sealed and export."""
    for path in classified.glob("result.*"):
        shutil.copyfile(path, folder / path.name)
    plan(folder)
    seal(folder)
    export(folder, folder / "export")


def plan(folder: Path) -> None:
    """Draw units and plan a year."""
    result, units = folder / "result.gpkg", folder / "units.gpkg"
    run("units", result, "--project", SAMPLE, "-o", units)
    planned = ("--year", 2025, "--project", SAMPLE, "-o", folder / "plan.gpkg")
    run("plan", result, units, *planned)


def seal(folder: Path) -> None:
    """Find the legacy and seal it."""
    (folder / "ledgers").mkdir()
    own, legacy = ("--ledgers", folder / "ledgers"), folder / "legacy.gpkg"
    run("legacy", "find", "--project", SAMPLE, *own, "-o", legacy, "-q")
    said = ("--by", "甲", "--on", "2024-03-31", *own, "-o", folder / "sealed")
    run("legacy", "seal", legacy, *said)


def run(*words: object) -> None:
    """Run one command in this process, in English; it must succeed."""
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(said):
        patch.setenv("LOWUSE_LANG", "en")
        patch.setattr(sys, "argv", ["lowuse", *map(str, words)])
        with pytest.raises(SystemExit) as stopped:
            main()
    assert not stopped.value.code, said.getvalue()


def run_apart(*words: object) -> None:
    """Run one command in a process of its own: what sets and hashes put in order differs there."""
    command = [sys.executable, "-m", "lowuse_gis", *map(str, words)]
    subprocess.run(command, check=True, capture_output=True, env=ENGLISH)


def export(made: Path, into: Path, *words: object, by: Callable[..., None] = run) -> Path:
    """File what was made; return the package."""
    given = ("--plan", made / "plan.gpkg", "--legacy", made / "sealed", "--draft")
    by("export", made / "result.gpkg", made / "units.gpkg", *given, *words, "-o", into)
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
