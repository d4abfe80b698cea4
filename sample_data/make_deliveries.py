"""Rebuild the sample delivery: ``python sample_data/make_deliveries.py [--out DIR]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from district.delivery import deliver  # noqa: E402


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE / "deliveries", help="folder to write to")
    options = parser.parse_args()
    for line in deliver(HERE, options.out):
        print(*line)


if __name__ == "__main__":
    main()
