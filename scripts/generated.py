"""Keep a folder of generated files: write them, or say which are out of date."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[1]


def in_english() -> None:
    """Let messages of the program be English, as the documents are."""
    os.environ["LOWUSE_LANG"] = "en"


def keep(folder: Path, files: Mapping[str, str]) -> None:
    """Write files and remove all others of the folder; with ``--check`` only compare.

    Parameters
    ----------
    folder
        All that stands in it is generated.
    files
        Name to text.

    Raises
    ------
    SystemExit
        With ``--check``: 1 where a file is out of date, which is printed; else 0.
    """
    standing = {path.name for path in folder.glob("*.*")}
    extra = standing - set(files)
    if "--check" in sys.argv:
        stale = [name for name, text in files.items() if written(folder / name) != text]
        for name in sorted({*stale, *extra}):
            print(f"{folder.relative_to(ROOT)}/{name} is out of date: make reference")
        sys.exit(bool(stale or extra))
    folder.mkdir(parents=True, exist_ok=True)
    for name in extra:
        (folder / name).unlink()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def written(path: Path) -> str:
    """Return the text of a file, empty where there is none.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    str
    """
    return path.read_text(encoding="utf-8") if path.exists() else ""
