"""Where things are shown: results on stdout, progress and messages on stderr."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from rich.console import Console
from rich.text import Text

from lowuse_gis.console.sheet import Sheet
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rich.table import Table

HECTARE = 10_000
WIDE = 160
VERDICT_STYLE = {"low_use": "bold red", "undetermined": "yellow", "not_low_use": "green"}


def to_screen() -> Console:
    """Return the console for results."""
    return Console(file=sys.stdout, highlight=False, width=_width(sys.stdout))


def to_user() -> Console:
    """Return the console for progress and messages."""
    return Console(file=sys.stderr, highlight=False, width=_width(sys.stderr))


def _width(stream: object) -> int | None:
    """Give a pipe room enough for a table not to be folded, unless COLUMNS says how much."""
    shown = getattr(stream, "isatty", lambda: False)()
    return None if shown or "COLUMNS" in os.environ else WIDE


def show_stage(name: str) -> None:
    """Say which stage begins.

    Parameters
    ----------
    name
        Its name.
    """
    to_user().print(Text(f"· {name}", style="dim"))


def print_json(content: object) -> None:
    """Print a result as JSON.

    Parameters
    ----------
    content
        Plain lists, dicts and values; NaN becomes null.
    """
    sys.stdout.write(json.dumps(_plain(content), ensure_ascii=False, indent=2) + "\n")


def _plain(content: object) -> object:
    if isinstance(content, pd.DataFrame):
        return [_plain(record) for record in content.to_dict("records")]
    if isinstance(content, dict):
        return {str(key): _plain(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_plain(value) for value in content]
    if isinstance(content, np.generic):
        content = content.item()
    if content is pd.NA or content is pd.NaT or (isinstance(content, float) and np.isnan(content)):
        return None
    return content if isinstance(content, str | int | float | bool | None) else str(content)


def table(title: str, columns: Sequence[tuple[str, str]]) -> Table:
    """Make an empty table.

    Parameters
    ----------
    title
        Stands above it.
    columns
        Heading and ``left`` or ``right``.

    Returns
    -------
    Table
    """
    made = Sheet(title=title, title_justify="left", title_style="bold", header_style="bold")
    for heading, justify in columns:
        made.add_column(heading, justify="right" if justify == "right" else "left", overflow="fold")
    return made


def files_written(files: Sequence[Path]) -> None:
    """Name what was written, on stderr.

    Parameters
    ----------
    files
        Final names.
    """
    for path in files:
        to_user().print(_("written: {path}").format(path=path), soft_wrap=True)


def label_of(labels: Mapping[str, tuple[str, str]], code: str) -> str:
    """Return the label of a code; the code itself where it has none, a dash for nothing.

    Parameters
    ----------
    labels, code
        A code list, and what is looked for.

    Returns
    -------
    str
    """
    return pick(*labels[code]) if code in labels else code or "—"
