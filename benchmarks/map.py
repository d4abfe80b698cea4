"""The page of `lowuse map`: how large it is, how long it takes, how fast it is in a browser.

``python benchmarks/map.py [--sizes 30000]`` classifies the invented district of each size, writes
its page, opens it in headless Chromium with software rendering (1280×800, no network), and writes
benchmarks/RESULTS-map.md. ``--data`` names a folder of districts made by benchmarks/district.py;
those that are not there are made.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from district import DATA, write
from pages import page

if TYPE_CHECKING:
    from playwright.sync_api import Page

RESULTS = page("map")
CHROMIUM = "/usr/bin/chromium"
SWIFT = ("--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
VIEW = {"width": 1280, "height": 800}
IDLE = "() => document.body.dataset.map === 'idle'"
ZOOM, PANS, STEP = 16, 9, 400  # street zoom; how often, and pixels of a pan
MEGABYTE = 1e6
WAIT = 120_000  # ms
HEAD = """# The page of `lowuse map`

{machine}, Python {python}, {cores} cores; Chromium {chromium}, headless with software rendering,
1280×800, offline. Invented districts (`benchmarks/district.py`). First view: from opening the file
until nothing is left to draw. Pan: {step} to {farthest} pixels at zoom {zoom}, until nothing is
left to draw, {pans} times; from afar: the same where the whole district is seen.

| parcels | file (MB) | written in (s) | first view (s) | pan (s) | longest | from afar (s) |
|---:|---:|---:|---:|---:|---:|---:|
"""


def run(*words: object) -> float:
    """Run a command; return its seconds."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "lowuse_gis", *map(str, words)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def opened(page: Page, file: Path) -> float:
    """Open the page; return the seconds until the first view stands."""
    begun = time.perf_counter()
    page.goto(file.as_uri())
    page.wait_for_function(IDLE, polling="raf", timeout=WAIT)
    return time.perf_counter() - begun


def panned(page: Page) -> list[float]:
    """Pan there and back; return seconds until idle, by the page's own clock."""
    return [
        page.evaluate(
            """step => new Promise(done => {
                const begun = performance.now();
                lowuse.map.once("idle", () => done((performance.now() - begun) / 1000));
                lowuse.map.panBy([step, step / 2], { animate: false });
            })""",
            STEP * (1 if at % 2 else -1) * (1 + at // 2 % 3),
        )
        for at in range(PANS)
    ]


def near(page: Page) -> None:
    """Go to street zoom over the parcel in the middle of the list, and wait."""
    page.evaluate(
        """zoom => new Promise(done => {
            const at = Math.floor(lowuse.arrays.x.length / 2);
            lowuse.map.once("idle", done);
            lowuse.map.jumpTo({ center: [lowuse.arrays.x[at], lowuse.arrays.y[at]], zoom });
        })""",
        ZOOM,
    )


def measured(count: int, data: Path) -> tuple[str, str]:
    """Measure one size; return its line, and the version of the browser."""
    district = data / str(count)
    if not district.is_dir():
        write(count, district)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        result, file = Path(name) / "r.gpkg", Path(name) / "m.html"
        run("classify", "--project", district, "-o", result, "-q")
        seconds = run("map", result, "-o", file, "-q")
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=SWIFT)
        page = browser.new_context(viewport=VIEW, offline=True).new_page()
        first = opened(page, file)
        far = panned(page)
        near(page)
        pans = panned(page)
        version = browser.version
        browser.close()
        line = (
            f"| {count:,} | {file.stat().st_size / MEGABYTE:.1f} | {seconds:.1f} | {first:.1f} |"
            f" {statistics.median(pans):.2f} | {max(pans):.2f} | {statistics.median(far):.2f} |"
        )
        return line, version


def main() -> None:
    """Measure all sizes and write them down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[30_000])
    parser.add_argument("--data", type=Path, default=DATA)
    asked = parser.parse_args()
    lines, version = [], ""
    for count in asked.sizes:
        line, version = measured(count, asked.data)
        lines.append(line)
    head = HEAD.format(
        machine=platform.machine(), python=platform.python_version(), chromium=version,
        cores=os.cpu_count(), zoom=ZOOM, step=STEP, farthest=3 * STEP,
        pans=PANS,
    )  # fmt: skip
    RESULTS.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    print(head + "\n".join(lines))


if __name__ == "__main__":
    main()
