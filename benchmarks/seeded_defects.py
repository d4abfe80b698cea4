"""Defects sown in the whole district of real shapes: how many are found, what else, how long.

python benchmarks/seeded_defects.py ../shared/data/osm [--times 10]

The test (tests/test_seeded_defects.py) does the same on a small part of the district.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests")]

from deliveries.matching import explained, unmatched  # noqa: E402
from deliveries.writing import bureau, parcels  # noqa: E402
from lowuse_gis.commands import check  # noqa: E402
from seeding import district, sowing  # noqa: E402

LOUD = ("error", "warning")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("osm", type=Path, help="folder of the OSM extracts")
    parser.add_argument("--times", type=int, default=10, help="times each wrong value is sown")
    arguments = parser.parse_args()
    sowing.TIMES = arguments.times
    start = time.perf_counter()
    plan = sowing.sown(district.build(arguments.osm, district.WHOLE))
    count = {name: len(plan.frame(name)) for name in ("parcels", "survey", "buildings")}
    print(f"built {count} in {time.perf_counter() - start:.1f} s")
    with tempfile.TemporaryDirectory() as folder:
        files = (parcels(Path(folder), plan.ground.parcels), bureau(Path(folder), plan.ground))
        start = time.perf_counter()
        outcome = check.check(check.Request(files=files, output=Path(folder) / "out"))
        findings = outcome.checked.findings
        print(f"checked in {time.perf_counter() - start:.1f} s")
    due = [wrong for seed in plan.seeds for wrong in (*seed.wrong, *seed.follows)]
    defects = sum(bool(seed.wrong) for seed in plan.seeds)
    missing = unmatched(due, findings)
    loud = findings[findings["severity"].isin(LOUD)]
    others = loud[~explained(due, loud)]
    print(f"{defects} defects, {len(plan.seeds) - defects} harmless; {len(due)} findings due")
    print(f"missing {len(missing)}, others {len(others)}")
    for wrong in missing:
        print("missing", wrong)
    print(others[["code", "source", "row", "other_row", "value", "x", "y"]].to_string())


if __name__ == "__main__":
    main()
