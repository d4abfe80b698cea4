"""Learn how scans are named, and of which records they are."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

SCAN = re.compile(r"(?P<id>.+)_(?P<type>[^_]+)_(?P<number>\d+)\.(?P<ending>[^.]+)")
LEAST, MOST_TYPES = 3, 24  # files that make a pattern; types that are still a list
NAME = "{id}_{type}_{number}"


def learnt_papers(
    files: Sequence[str], frames: Mapping[str, pd.DataFrame]
) -> dict[str, dict[str, Any]]:
    """Find folders whose files are named after a record, a type and a number.

    Parameters
    ----------
    files
        Paths that hold no layer and no sheet.
    frames
        Layers by name.

    Returns
    -------
    dict
        Folder to an entry of [[papers]], without an index.

    Examples
    --------
    >>> scans = [f"05扫描/P{n}_认定表_1.pdf" for n in range(3)]
    >>> learnt_papers(scans, {})["05扫描"]["types"]
    ['认定表']
    """
    folders: dict[str, list[str]] = defaultdict(list)
    for file in files:
        folder, _slash, name = file.rpartition("/")
        folders[folder].append(name)
    learnt = {}
    for folder, names in folders.items():
        found = [SCAN.fullmatch(name) for name in names]
        told = [one for one in found if one]
        types = sorted({one["type"] for one in told})
        if not folder or len(told) < max(LEAST, len(names)) or len(types) > MOST_TYPES:
            continue
        entry: dict[str, Any] = {"folder": folder, "name": NAME, "types": types}
        entry["endings"] = sorted({one["ending"].lower() for one in told})
        places = _places({one["id"] for one in told}, frames)
        learnt[folder] = {**entry, **({"ids": places} if places else {})}
    return learnt


def _places(ids: set[str], frames: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return the first field that has all ids."""
    for name, frame in frames.items():
        for code in frame:
            if code != "geometry" and ids <= set(frame[code].dropna().astype("str").str.strip()):
                return [f"{name}.{code}"]
    return []
