"""Run the main job on the sample district and name what to open.

Usage: ``python scripts/demo.py [FOLDER]``; the results stand in FOLDER (``demo`` where none is
given), which is made anew.
"""

import shutil
import stat
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "sample_data"
EXAMPLE = "120118902990GB00004"
DAY = "2024-03-31"


def run(*arguments: object) -> None:
    """Run one command of lowuse and show it first."""
    words = [str(argument) for argument in arguments]
    print("\n$ lowuse " + " ".join(words), flush=True)
    subprocess.run([sys.executable, "-m", "lowuse_gis", *words], check=True)


def cleared(folder: Path) -> Path:
    """Return the folder, empty; what a former run sealed is read-only."""
    if folder.is_dir():
        for path in folder.rglob("*"):
            path.chmod(path.stat().st_mode | stat.S_IWRITE)
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return folder


def main() -> None:
    """Classify, explain a parcel, draw units, plan a year, seal the legacy, file, verify, map."""
    folder = cleared(Path(sys.argv[1] if len(sys.argv) > 1 else "demo"))
    result, units, plan = (folder / f"{name}.gpkg" for name in ("result", "units", "plan"))
    legacy, sealed, filed = folder / "legacy.gpkg", folder / "sealed", folder / "export"
    own = ("--ledgers", folder / "ledgers")  # so that the sample itself is not sealed
    (folder / "ledgers").mkdir()
    run("classify", "--project", SAMPLE, "-o", result)
    run("explain", result, EXAMPLE)
    run("units", result, "--project", SAMPLE, "-o", units)
    run("plan", result, units, "--year", 2025, "--project", SAMPLE, "-o", plan)
    run("legacy", "find", "--project", SAMPLE, *own, "-o", legacy)
    run("legacy", "seal", legacy, "--by", "示例经办人", "--on", DAY, *own, "-o", sealed)
    words = ("--plan", plan, "--legacy", sealed, "--draft")
    run("export", result, units, *words, "-o", filed)
    (package,) = filed.iterdir()
    run("verify", package, "-o", folder / "verified")
    run("map", result, "--units", units, "--legacy", legacy, "-o", folder / "map.html")
    print("\n打开看看 / What to open:")
    listed = (
        (folder / "map.html", "用浏览器打开的地图 / map, in any browser"),
        (result, "QGIS：parcels、lowuse_*、checks 图层 / layers"),
        (folder / "result.问题清单.xlsx", "问题清单 / problem list"),
        (units, "空间单元 / redevelopment units"),
        (folder / "plan.xlsx", "年度实施计划 / plan of the year"),
        (sealed / "封库确认表.pdf", "历史遗留用地封库确认表 / sheet of the seal"),
        (package, "两库一清单成果 / package to file"),
    )
    for path, what in listed:
        print(f"  {path!s:<32} {what}")


if __name__ == "__main__":
    main()
