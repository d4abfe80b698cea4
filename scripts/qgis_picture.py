"""Take the picture of a printed sheet for the documents, in Debian's QGIS.

Usage: ``python scripts/qgis_picture.py``; needs the packages that ``make test-system`` needs.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
SAMPLE, PICTURE = ROOT / "sample_data", ROOT / "docs" / "pictures" / "qgis" / "sheet.png"
READER = ROOT / "tests" / "system" / "qgis_reader.py"
MAKER = "示例区规划资源局"
DPI = "80"


def run(*words: object, **more: str) -> None:
    """Run a command in Chinese, without a screen."""
    own = {**os.environ, "LOWUSE_LANG": "zh", "QT_QPA_PLATFORM": "offscreen", **more}
    subprocess.run([*map(str, words)], check=True, stdout=subprocess.DEVNULL, env=own)


def main() -> None:
    """Make the project of the sample district, and print its sheets."""
    with tempfile.TemporaryDirectory() as name:
        folder, lowuse = Path(name), (sys.executable, "-m", "lowuse_gis")
        result, units, project = (folder / n for n in ("r.gpkg", "u.gpkg", "p.qgz"))
        run(*lowuse, "classify", "--project", SAMPLE, "-o", result, "-q")
        run(*lowuse, "units", result, "--project", SAMPLE, "-o", units)
        borders = ("-s", f"town_boundaries={SAMPLE / 'survey.gpkg'}:XZQ")
        run(*lowuse, "qgis", result, "--units", units, "-o", project, "--by", MAKER, *borders)
        run("/usr/bin/python3", READER, "project", project, folder, QGIS_READER_DPI=DPI)
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / "0.png", PICTURE)


if __name__ == "__main__":
    main()
