"""Sort scans and reports into the folders of a package, and say which cannot be filed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from lowuse_gis.core.filing.names import named
from lowuse_gis.core.filing.papers import NOWHERE, PATTERN, paper_ids, paper_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from lowuse_gis.model.filing import FiledLayer


def papers_of(
    paths: Sequence[Path],
    profile: Mapping[str, Any],
    names: Mapping[str, object],
    layers: Mapping[str, FiledLayer],
) -> dict[str, pd.DataFrame]:
    """Sort papers by the first entry of the profile whose pattern they follow.

    Parameters
    ----------
    paths
        The files.
    profile, names
        What is filed, and what its patterns may name.
    layers
        Filed layers; their records are what papers may be of.

    Returns
    -------
    dict
        Path of the index to ``file`` (in the package), ``id``, ``type``, ``number``, ``fault`` and
        ``source``; what cannot be filed stands under an empty path.
    """
    frames = {name: layer.frame for name, layer in layers.items()}
    left = pd.Series(list(paths), dtype=object)
    found: dict[str, pd.DataFrame] = {}
    wrong: list[pd.DataFrame] = []
    for spec in (spec for spec in profile.get("papers", ()) if "index" in spec):
        table = paper_table([path.name for path in left], spec, names, paper_ids(spec, frames))
        table["source"] = left.to_numpy()
        mine = table[table["fault"] != PATTERN]
        left = left[(table["fault"] == PATTERN).to_numpy()].reset_index(drop=True)
        wrong.append(mine[mine["fault"] != ""])
        right = mine[mine["fault"] == ""].sort_values(["id", "type", "number", "file"])
        folder = named(spec["folder"], names, "papers")
        filed = right.assign(file=f"{folder}/" + right["file"])
        if len(filed):
            found[named(spec["index"], names, "papers")] = filed.reset_index(drop=True)
    rest = pd.DataFrame({"file": [path.name for path in left], "source": left}).assign(
        id="", type="", number="", fault=PATTERN
    )
    refused = pd.concat([*wrong, rest], ignore_index=True)
    return {**found, NOWHERE: refused} if len(refused) else found
