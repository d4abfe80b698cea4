"""Small deliveries, one for every check code, and clean ones."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "sample_data"))

from deliveries import containers, outlines, placing, sound, values  # noqa: E402, F401
from deliveries.model import MAKERS  # noqa: E402

__all__ = ["MAKERS"]
