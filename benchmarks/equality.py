"""Hold what partitions give against what one piece gives, at any size.

python benchmarks/equality.py 30000 300000 [3000000] [--commands classify check units legacy]

The invented district of each size is judged, checked, drawn and searched for legacy in one piece
and, cut into partitions, by two workers. Files must have the same SHA-256, but the log of a run,
which says when and how long; units the same records in the same order. For units a share of the
undetermined parcels is called low-use by decisions; for legacy boxes are strewn over the district
as its evidence. RESULTS-equality.md keeps the lines of other sizes. Three million parcels in one
table take 21 GB of memory.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import sys
from datetime import datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

from command_clock import Measured, timed
from district import DATA, made
from lowuse_gis.core.review import fingerprints
from lowuse_gis.io.result import read_result
from pages import noted, page

REPORT = page("equality")
WORKERS = 2
SHARE = 22  # percent of undetermined parcels called low-use
FIND = "legacy find"
EVIDENCE = {  # parcels to a box, least and largest side in metres, the field of its code
    "construction_2009": (20, 50, 600, "DLBM"),
    "construction_2019": (20, 50, 600, "DLBM"),
    "approvals": (100, 30, 300, "PZWH"),
    "supplied_land": (100, 30, 300, "HTBH"),
}
DECISIONS = "宗地代码,要素行号,认定结果,理由,认定人,认定日期,判定指纹\n"
HEAD = """# Partitions beside one piece

Written by `python benchmarks/equality.py`: one invented district in one piece, and cut into
partitions by two workers, reading and writing included. *Same*: files with the same SHA-256; of
units (22 % of the undetermined parcels are decided to be low-use) all records of all tables. *One
piece*, *partitions*: wall seconds, CPU seconds, MB of memory, load before.

| parcels | command | compared | MB | same | one piece | partitions | day |
|--:|---|---|--:|---|--:|--:|---|
"""


class District:
    """The district of one size and the folder where it is judged both ways."""

    def __init__(self, count: int, folder: Path) -> None:
        self.count, self.folder, self.source = count, folder, made(count)
        self.data = folder / "data"
        shutil.rmtree(folder, ignore_errors=True)
        self.run("partition", self.data)

    def run(
        self,
        command: str,
        made: Path,
        *given: object,
        workers: int = 1,
        project: Path | None = None,
    ) -> Measured:
        """Run a command on the project, or on what is given."""
        made.parent.mkdir(parents=True, exist_ok=True)
        quiet = () if command == "units" else ("-q",)
        place = ("--project", project or self.source)
        line = (*command.split(), *given, *place, "-o", made, *quiet)
        fine = (0, 1) if command == "check" else (0,)  # 1: there are findings
        took = timed(command, self.count, workers, [self.source], made, *line, fine=fine)
        print(took, flush=True)
        return took

    def run_parts(self, command: str, made: Path, source: Path, *told: object) -> Measured:
        """Run a command on partitions, or on what was made of them."""
        return self.run(command, made, source, *told, "--workers", WORKERS, workers=WORKERS)

    def row(
        self, command: str, compared: list[str], other: list[str], took: tuple[Measured, Measured]
    ) -> str:
        """Write a line of the page."""
        same = "all" if not other else "not " + ", ".join(f"`{name}`" for name in other)
        spent = " | ".join(
            f"{x.wall:,.0f} · {x.cpu:,.0f} · {x.memory:,.0f} · {x.load:.1f}" for x in took
        )
        names = ", ".join(f"`{name}`" for name in compared)
        day = f"{datetime.now().astimezone():%Y-%m-%d}"
        row = f"| {self.count:,} | `{command}` | {names} | {took[0].made:,.0f} | {same} | {spent}"
        return f"{row} | {day} |"


def files(district: District, command: str, name: str) -> str:
    """Run a command both ways and hold its files against each other."""
    took = (
        district.run(command, district.folder / "one" / command / name),
        district.run_parts(command, district.folder / "parts" / command / name, district.data),
    )
    return held(district, command, took)


def held(district: District, command: str, took: tuple[Measured, Measured]) -> str:
    """Hold the files that a command left both ways against each other."""
    left, right = (hashes(district.folder / way / command) for way in ("one", "parts"))
    other = sorted(path for path in left | right if left.get(path) != right.get(path))
    return district.row(command, list(left), other, took)


def hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file below a folder by its path, the log of a run left out."""
    found = {}
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        if not file.name.endswith(".log.json"):
            with file.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            found[file.relative_to(folder).as_posix()] = digest
    return found


def units(district: District) -> str:
    """Call a share of the undetermined parcels low-use, and draw units both ways."""
    folder = district.folder
    first = folder / "one" / "classify" / "judged.gpkg"
    if not first.exists():
        district.run("classify", first)
    ledgers = folder / "ledgers"
    decide(first, ledgers)
    one, parts = folder / "decided" / "one.gpkg", folder / "decided" / "parts"
    said = ("--ledgers", ledgers)
    district.run("classify", one, *said)
    district.run_parts("classify", parts, district.data, *said)
    drawn = folder / "drawn" / "one.gpkg", folder / "drawn" / "parts.gpkg"
    took = (
        district.run("units", drawn[0], one),
        district.run_parts("units", drawn[1], parts),
    )
    layers = [[str(name) for name in pyogrio.list_layers(file)[:, 0]] for file in drawn]
    compared = [name for name in layers[0] if name not in {"layer_styles", "runs"}]
    other = [name for name in compared if name not in layers[1] or not alike(drawn, name)]
    return district.row("units", compared, other, took)


def legacy(district: District) -> str:
    """Find the land of historical legacy both ways."""
    project = strewn(district.source, district.folder / "evidence", district.count)
    one, parts = (district.folder / way / FIND / "legacy.gpkg" for way in ("one", "parts"))
    spread = ("--data", district.data, "--workers", WORKERS)
    took = (
        district.run(FIND, one, project=project),
        district.run(FIND, parts, *spread, workers=WORKERS, project=project),
    )
    return held(district, FIND, took)


def strewn(source: Path, folder: Path, count: int) -> Path:
    """Strew boxes over a district for evidence of legacy; return a project that names them."""
    folder.mkdir(parents=True)
    text = (source / "lowuse.toml").read_text(encoding="utf-8")
    text = re.sub(r'"(\w+\.(?:gpkg|csv))"', rf'"{source.resolve()}/\1"', text)
    about = pyogrio.read_info(source / "district.gpkg", layer="parcels", force_total_bounds=True)
    low, high = np.split(np.array(about["total_bounds"]), 2)
    chance = np.random.default_rng(count)
    for name, (number, least, most, field) in EVIDENCE.items():
        corner = chance.uniform(low, high, (count // number, 2))
        shapes = shapely.box(*corner.T, *(corner + chance.uniform(least, most, corner.shape)).T)
        codes = chance.choice(["0601", "0701", "0702"], len(shapes))
        layer = gpd.GeoDataFrame({field: codes}, geometry=shapes, crs=about["crs"])
        layer.to_file(folder / f"{name}.gpkg", layer=name, engine="pyogrio")
        text += f'{name} = "{name}.gpkg"\n'
    (folder / "lowuse.toml").write_text(text, encoding="utf-8")
    return folder


def decide(result: Path, ledgers: Path) -> None:
    """Write decisions of towns that call a share of the undetermined parcels low-use."""
    parcels = read_result(result).parcels
    marks = fingerprints(parcels)
    chosen = parcels[parcels["verdict"] == "undetermined"]
    chosen = chosen[(chosen.index.str.split(":").str[1].astype(int) * 7919) % 100 < SHARE]
    lines = [
        f"{code},{row},低效用地,因,甲,2024-05-01,{marks[row]}\n"
        for row, code in chosen["parcel_code"].fillna("").items()
    ]
    ledgers.mkdir(parents=True)
    (ledgers / "decisions.csv").write_text(DECISIONS + "".join(lines), encoding="utf-8")


def alike(drawn: tuple[Path, Path], layer: str) -> bool:
    """Say whether a table is the same in both files, geometry to the bit."""
    one, other = (pyogrio.read_arrow(file, layer=layer)[1] for file in drawn)
    return bool(one.equals(other))


def report(found: list[str]) -> str:
    """Write the page: the new lines, and those it had for other sizes and commands."""
    text = REPORT.read_text(encoding="utf-8") if REPORT.exists() else ""
    known = re.findall(r"^\| [\d,]+ \|.*$", text, re.MULTILINE)
    by = {key(row): row for row in [*known, *found]}
    return HEAD + "".join(f"{by[name]}\n" for name in sorted(by)) + noted("equality")


def key(row: str) -> tuple[int, str]:
    """Return what a line is of."""
    cells = row.split("|")
    return int(cells[1].replace(",", "")), cells[2].strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="+", help="numbers of parcels")
    parser.add_argument("--commands", nargs="+", default=["classify", "check", "units", "legacy"])
    parser.add_argument("--results", type=Path, default=DATA / "equality")
    given = parser.parse_args()
    ways = {
        "classify": lambda district: files(district, "classify", "judged.gpkg"),
        "check": lambda district: files(district, "check", "found"),
        "units": units,
        "legacy": legacy,
    }
    different = False
    for count in given.sizes:
        district = District(count, given.results / str(count))
        for command in given.commands:
            found = ways[command](district)
            different |= "| all |" not in found
            REPORT.write_text(report([found]), encoding="utf-8")
            print(found, flush=True)
        shutil.rmtree(district.folder)
    if different:
        sys.exit("partitions and one piece differ")


if __name__ == "__main__":
    main()
