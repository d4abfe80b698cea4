"""Run the main job on the sample district and name what to open.

Usage: ``python scripts/demo.py [FOLDER]``; the results stand in FOLDER (``demo`` where none is
given), which is made anew.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "sample_data"
EXAMPLE = "120118902990GB00004"


def run(*arguments: object) -> None:
    """Run one command of lowuse and show it first."""
    words = [str(argument) for argument in arguments]
    print("\n$ lowuse " + " ".join(words), flush=True)
    subprocess.run([sys.executable, "-m", "lowuse_gis", *words], check=True)


def main() -> None:
    """Classify, explain one parcel, draw units, plan a year, hand over."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "demo")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    result, units, package = folder / "result.gpkg", folder / "units.gpkg", folder / "export"
    plan = folder / "plan.gpkg"
    run("classify", "--project", SAMPLE, "-o", result)
    run("explain", result, EXAMPLE)
    run("units", result, "--project", SAMPLE, "-o", units)
    run("plan", result, units, "--year", 2025, "--project", SAMPLE, "-o", plan)
    run("export", result, units, "-o", package)
    print("\n打开看看 / What to open:")
    listed = (
        (result, "QGIS：parcels、lowuse_*、checks 图层 / layers"),
        (folder / "result.问题清单.xlsx", "问题清单 / problem list"),
        (units, "空间单元 / redevelopment units"),
        (folder / "plan.xlsx", "年度实施计划 / plan of the year"),
        (package / "manifest.json", "汇交清单 / manifest of the hand-over"),
    )
    for path, what in listed:
        print(f"  {path!s:<32} {what}")


if __name__ == "__main__":
    main()
