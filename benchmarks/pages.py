"""Where what was measured is kept: beside the scripts, or in the folder BENCH_PAGES names."""

from __future__ import annotations

import os
from pathlib import Path

HERE = Path(__file__).parent
PAGES = Path(os.environ.get("BENCH_PAGES") or HERE)


def page(name: str) -> Path:
    """Return the file of a page."""
    return PAGES / f"RESULTS-{name}.md"


def noted(name: str) -> str:
    """Return what is known of a page's numbers and not measured: notes-NAME.md, written by hand."""
    file = HERE / f"notes-{name}.md"
    return "\n" + file.read_text(encoding="utf-8") if file.exists() else ""
