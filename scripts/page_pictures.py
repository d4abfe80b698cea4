"""Take the pictures of the map's page and of a card for the documents, in a real browser.

Usage: ``python scripts/page_pictures.py``; needs the packages that ``make test-system`` needs.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
SAMPLE, PICTURES = ROOT / "sample_data", ROOT / "docs" / "pictures" / "map"
SWIFT = ("--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
IDLE = "body[data-map=idle]"
SETTLED = 1500  # ms until the list is filled
TOWN, CARD = "柳桥镇", "120118902003GB00110"


def lowuse(*words: object) -> None:
    """Run a command in Chinese."""
    command = [sys.executable, "-m", "lowuse_gis", *map(str, words)]
    subprocess.run(
        command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "LOWUSE_LANG": "zh"}
    )


def shot(page: Page, name: str) -> None:
    """Wait until the page stands still and take it."""
    page.wait_for_selector(IDLE)
    page.wait_for_timeout(SETTLED)
    page.evaluate("() => { document.querySelector('#side').scrollTop = 0; }")
    page.screenshot(path=PICTURES / f"{name}.png")


def main() -> None:
    """Make the page of the sample district and take what the documents show."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        result, units, file = (Path(folder) / n for n in ("r.gpkg", "u.gpkg", "map.html"))
        lowuse("classify", "--project", SAMPLE, "-o", result, "-q")
        lowuse("units", result, "--project", SAMPLE, "-o", units)
        lowuse("map", result, "--units", units, "-o", file, "-q")
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=SWIFT)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(file.as_uri())
        shot(page, "district")
        page.select_option("#town", label=TOWN)
        page.wait_for_selector(IDLE)
        page.wait_for_timeout(SETTLED)
        page.click("#list button >> nth=2")
        page.evaluate("() => lowuse.map.jumpTo({zoom: 14.6})")
        shot(page, "parcel")
        page.click("#close")
        page.click("#reset")
        page.click("#tool-whole")
        page.select_option("#theme", "tax")
        shot(page, "productivity")
        lowuse("card", result, CARD, "-o", Path(folder) / "cards")
        page.set_viewport_size({"width": 900, "height": 1160})
        page.goto((Path(folder) / "cards" / f"{CARD}.html").as_uri())
        page.screenshot(path=PICTURES / "card.png")
        browser.close()


if __name__ == "__main__":
    main()
