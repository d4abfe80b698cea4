"""Put what stands in the pages of the benchmarks on one page: `python benchmarks/summary.py`.

RESULTS.md takes sections of the other pages as they stand, so that no number is written twice by
hand; each says where it is from, and that page says how it was measured.
"""

from __future__ import annotations

import re

from pages import PAGES, page
from summary_plot import draw

HEAD = """# What was measured

Put together by `python benchmarks/summary.py` from the pages it names, which say how, on what and
under which load. `make bench` measures all of it again, peers beside ours, and ends with this page.
Not all pages are of one day, nor all lines that carry a day, and the shared machine they were
measured on is up to twice as fast on one day as on another: compare within a page and a day.

![times the best peer takes; distances from memory bandwidth and from the disk](results.svg)
"""
# title, page, heading of the section there ("" is what stands before the first), only its tables
SECTIONS = (
    ("Stages of `classify`", "stages", "", True),
    ("Compiled loops beside the best peer", "kernels", "lots: how many times", True),
    ("Distance from memory bandwidth", "kernels", "lots: from memory bandwidth", True),
    ("Overlaps and gaps beside peers", "topology", "", True),
    ("Rules and findings beside peers", "rules", "", True),
    ("Choosing units beside peers", "units", "planted units, 4% noise", True),
    ("Units of a whole district", "units-road", "", True),
    ("Filing, sealing, verifying beside peers", "filing", "", True),
    ("Whole commands beside reading and writing alone", "floor", "", True),
    (
        "Partitions beside one piece: wall seconds · CPU seconds · MB · load before",
        "equality",
        "",
        True,
    ),
    ("Whole commands from 30,000 to 3,000,000 parcels", "growth", "", False),
    ("Growth, a city and a nation", "growth", "Growth and what follows", False),
    ("Scaling over workers", "growth", "Scaling over workers", False),
    ("Distance from the floor", "growth", "Distance from the floor", False),
    ("The page of `map`", "map", "", True),
    ("`check`", "check", "", True),
    ("Start of commands", "startup", "", True),
)


def section(name: str, heading: str, *, tables: bool) -> str:
    """Return a section of a page: its tables alone, or its text from the first picture or table."""
    text = page(name).read_text(encoding="utf-8")
    parts = re.split(r"^#+ (.*)$", text, flags=re.MULTILINE)  # before, heading, text, heading, …
    found = [body for title, body in zip(parts[1::2], parts[2::2], strict=True)
             if heading in title]  # the largest size comes first  # fmt: skip
    if not found:
        raise SystemExit(f"RESULTS-{name}.md has no section {heading!r}")
    lines = found[0].strip().splitlines()
    if tables:
        return "\n".join(line for line in lines if line.startswith("|"))
    first = next((n for n, line in enumerate(lines) if line.startswith(("|", "!"))), 0)
    return "\n".join(lines[first:])


def main() -> None:
    text = HEAD
    for title, name, heading, tables in SECTIONS:
        text += f"\n## {title}\n\n{section(name, heading, tables=tables)}\n\n"
        text += f"From [RESULTS-{name}.md](RESULTS-{name}.md).\n"
    compared = (
        section("kernels", "lots: how many times", tables=True),
        section("kernels", "lots: from memory bandwidth", tables=True),
        section("growth", "Distance from the floor", tables=True),
    )
    draw(*compared, PAGES / "results.svg")
    (PAGES / "RESULTS.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
