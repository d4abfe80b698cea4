"""Small deliveries, one for every check code, and clean ones."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "sample_data"))

from deliveries import files, outlines, places, runs, sound, values, workbooks  # noqa: F401
from deliveries.model import MAKERS

__all__ = ["MAKERS"]
