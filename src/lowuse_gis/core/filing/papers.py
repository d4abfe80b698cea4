"""Scans and reports beside the data: what their names say, and whether a record stands behind."""

from __future__ import annotations

import re
from string import Formatter
from typing import TYPE_CHECKING, Any

import pandas as pd

from lowuse_gis.core.filing.names import bad_signs, named

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

PARTS = {"id": r"(?P<id>.+)", "type": r"(?P<type>[^_]+)", "number": r"(?P<number>\d+)"}
PATTERN, TYPE, RECORD, DOUBLED = "pattern", "type", "record", "doubled"
NOWHERE = ""  # stands for the index of papers that cannot be filed


def paper_table(
    files: Sequence[str],
    spec: Mapping[str, Any],
    names: Mapping[str, object],
    ids: Collection[str],
) -> pd.DataFrame:
    """Read what the names of papers say.

    Parameters
    ----------
    files
        Names without folders.
    spec
        Entry of [[papers]].
    names
        What its pattern may name beside {id}, {type} and {number}.
    ids
        Of the records that papers may be of; only looked at where the pattern has {id}.

    Returns
    -------
    DataFrame
        ``file``, ``id``, ``type``, ``number`` and ``fault``: ``pattern``, ``type``, ``record``,
        ``doubled`` or empty; one row a file.

    Examples
    --------
    >>> spec = {"name": "{id}_{type}_{number}", "types": ["认定表"], "ids": ["DXYD.DKBH"]}
    >>> table = paper_table(["A1_认定表_1.pdf", "A2_认定表_1.pdf", "a.pdf"], spec, {}, {"A1"})
    >>> table["fault"].tolist()
    ['', 'record', 'pattern']
    """
    named(spec["name"], {**names, **PARTS}, "papers")  # refuses what is no pattern
    parts = [
        re.escape(text) + (PARTS.get(key) or re.escape(str(names[key])) if key else "")
        for text, key, _spec, _conversion in Formatter().parse(spec["name"])
    ]
    endings = "|".join(map(re.escape, spec.get("endings", ())))
    whole = f"(?:{''.join(parts)})" + (rf"\.(?i:{endings})" if endings else r"\.[^.]+")
    table = pd.DataFrame({"file": pd.Series(list(files), dtype="str")})
    said = table["file"].str.extract(f"^{whole}$")
    table = table.join(said.reindex(columns=list(PARTS)).astype("str").fillna(""))
    fits = table["file"].str.fullmatch(whole).astype(bool)
    signs = table["file"].map(lambda name: bool(bad_signs(name))).astype(bool)
    fault = pd.Series("", index=table.index, dtype="str")
    if "{id}" in spec["name"] and "ids" in spec:
        fault = fault.mask(~table["id"].isin(ids), RECORD)
    fault = fault.mask(~table["type"].isin(spec["types"]), TYPE)
    fault = fault.mask(~fits | signs, PATTERN)
    twice = table["file"].str.casefold().duplicated(keep=False) & (fault == "")
    return table.assign(fault=fault.mask(twice, DOUBLED))


def paper_ids(spec: Mapping[str, Any], frames: Mapping[str, pd.DataFrame]) -> set[str]:
    """Return the ids of the records that papers may be of.

    Parameters
    ----------
    spec
        Entry of [[papers]]; its ``ids`` are of the form LAYER.FIELD.
    frames
        Layers by name.

    Returns
    -------
    set of str
    """
    found: set[str] = set()
    for place in spec.get("ids", ()):
        layer, _dot, field = place.partition(".")
        if layer in frames and field in frames[layer]:
            found |= set(frames[layer][field].dropna().astype("str").str.strip())
    return found
