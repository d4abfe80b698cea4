"""Rebuild the sample district, byte for byte: ``python sample_data/make_sample.py [--out DIR]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from district.build import build  # noqa: E402


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to")
    parser.add_argument("--no-map", action="store_true", help="leave out the map")
    options = parser.parse_args()
    build(options.out, with_map=not options.no_map)


if __name__ == "__main__":
    main()
