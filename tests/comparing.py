"""Whether two results say the same, record for record and to the bit of every shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pyogrio

if TYPE_CHECKING:
    from pathlib import Path

DRAWN = ("units", "members", "left_out", "blocks", "checks", "edits")


def records(path: Path, layer: str) -> pd.DataFrame:
    """Return every record of a layer as text, geometry to the bit."""
    frame = pyogrio.read_dataframe(path, layer=layer, use_arrow=True)
    if "geometry" in frame and hasattr(frame, "geometry"):
        shapes = frame.geometry.to_wkb(hex=True)
        frame = pd.DataFrame(frame.drop(columns="geometry")).assign(geometry=shapes)
    return as_text(frame)


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Return every record of a table as text."""
    return frame.astype(object).where(frame.notna(), "").map(str).reset_index(drop=True)


def assert_judged_alike(one: Path, other: Path) -> None:
    """Compare all layers and tables, record by record in their order."""
    layers = sorted(pyogrio.list_layers(one)[:, 0])
    assert layers == sorted(pyogrio.list_layers(other)[:, 0])
    for layer in layers:
        pd.testing.assert_frame_equal(records(one, layer), records(other, layer), obj=layer)


def assert_drawn_alike(one: Path, other: Path) -> None:
    """Compare all tables of units, record by record in their order."""
    for layer in DRAWN:
        frames = [pyogrio.read_dataframe(path, layer=layer) for path in (one, other)]
        shapes = [f.pop("geometry").to_wkb(hex=True) if "geometry" in f else None for f in frames]
        pd.testing.assert_frame_equal(*frames, obj=layer)
        if shapes[0] is not None:
            assert shapes[0].tolist() == shapes[1].tolist(), layer
