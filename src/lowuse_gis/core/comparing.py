"""In which entries two rulebooks differ."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from lowuse_gis.core.thresholds import threshold_labels

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from lowuse_gis.model import Criterion, Obstacle, Rulebook, SourceRule

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
THRESHOLD_KEYS = ("value", "unit", "source", "clause", "status")
TABLES = {"columns": "columns.csv", "check_catalogue": "checks.csv",
          "package_catalogue": "package_checks.csv"}  # fmt: skip
HANDLED = {"name", "sha256", "folder", "criteria", "obstacles", "sources", "thresholds", "codes"}
PARTS = ("criteria", "thresholds", "obstacles", "sources", "documents", "fields", "measures",
         "codes", "units", "packages", "pathways", "plan", "legacy", "maps",
         "settings")  # fmt: skip
Entries = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True)
class Change:
    """One difference between two rulebooks.

    Attributes
    ----------
    part
        One of `PARTS`.
    name
        Code, threshold row, source, table or path of keys.
    kind
        ``added``, ``removed`` or ``changed``.
    key
        What of it is changed; empty for the whole.
    old, new
        As the rules write it; empty where it is not there.
    """

    part: str
    name: str
    kind: str
    key: str
    old: str
    new: str


def differences(a: Rulebook, b: Rulebook) -> tuple[Change, ...]:
    """Compare what two rulebooks say, wherever and in whatever order they say it.

    Parameters
    ----------
    a, b
        The rulebooks.

    Returns
    -------
    tuple of Change
        By part, then as the first and then the second rulebook has them; empty where both say the
        same.
    """
    others = [f.name for f in fields(a) if f.name not in HANDLED | set(TABLES)]
    found = [
        *_entries("criteria", _coded(a.criteria), _coded(b.criteria)),
        *_entries("thresholds", _threshold_rows(a), _threshold_rows(b)),
        *_entries("obstacles", _coded(a.obstacles), _coded(b.obstacles)),
        *_entries("sources", _sources(a.sources), _sources(b.sources)),
        *_tables(a, b),
        *(change for name in others for change in _settings(name, a, b)),
    ]
    return tuple(sorted(found, key=lambda change: PARTS.index(change.part)))


def _coded(entries: Sequence[Criterion] | Sequence[Obstacle]) -> Entries:
    return {
        e.code: {k: v for k, v in asdict(e).items() if k not in {"code", "file"}} for e in entries
    }


def _sources(sources: Mapping[str, SourceRule]) -> Entries:
    return {name: asdict(source) for name, source in sources.items()}


def _threshold_rows(rulebook: Rulebook) -> Entries:
    rows = rulebook.thresholds
    lines = rows[list(THRESHOLD_KEYS)].to_dict("records")
    return dict(zip(threshold_labels(rows), lines, strict=True))


def _entries(part: str, a: Entries, b: Entries) -> Iterator[Change]:
    """Compare entries that have a name each."""
    for name, entry in a.items():
        if name not in b:
            yield Change(part, name, REMOVED, "", _summary(entry), "")
            continue
        for key in dict.fromkeys([*entry, *b[name]]):
            old, new = _written(entry.get(key)), _written(b[name].get(key))
            if old != new:
                yield Change(part, name, CHANGED, key, old, new)
    for name, entry in b.items():
        if name not in a:
            yield Change(part, name, ADDED, "", "", _summary(entry))


def _summary(entry: Mapping[str, object]) -> str:
    """Write of an entry what tells most."""
    telling = [entry[key] for key in ("title", "strength", "when", "value", "unit") if key in entry]
    return " · ".join(text for text in map(_written, telling) if text)


def _written(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return str(value)


def _tables(a: Rulebook, b: Rulebook) -> Iterator[Change]:
    """Compare tables by their numbers of rows added, removed and changed."""
    tables_a = {f"codes/{name}.csv": table for name, table in a.codes.items()}
    tables_b = {f"codes/{name}.csv": table for name, table in b.codes.items()}
    for attribute, file in TABLES.items():
        tables_a[file], tables_b[file] = getattr(a, attribute), getattr(b, attribute)
    for name in dict.fromkeys([*tables_a, *tables_b]):
        old, new = tables_a.get(name), tables_b.get(name)
        if old is None or new is None:
            table, kind = (new, ADDED) if old is None else (old, REMOVED)
            rows = str(0 if table is None else len(table))
            yield Change(
                "codes", name, kind, "rows", rows * (old is not None), rows * (new is not None)
            )
            continue
        added, removed, changed = table_changes(old, new)
        if added or removed or changed:
            told = f"{len(new)} (+{added} -{removed} ~{changed})"
            yield Change("codes", name, CHANGED, "rows", str(len(old)), told)


def table_changes(old: pd.DataFrame, new: pd.DataFrame) -> tuple[int, int, int]:
    """Count the rows of a table that were added, removed and changed.

    Parameters
    ----------
    old, new
        All text; a row is known by its first column, or by domain and code.

    Returns
    -------
    added, removed, changed : int

    Examples
    --------
    >>> import pandas as pd
    >>> old = pd.DataFrame({"code": ["1", "2"], "name": ["a", "b"]})
    >>> new = pd.DataFrame({"code": ["2", "3"], "name": ["c", "d"]})
    >>> table_changes(old, new)
    (1, 1, 1)
    """
    only_old = Counter(map(_row, old.to_dict("records")))
    only_new = Counter(map(_row, new.to_dict("records")))
    only_old, only_new = only_old - only_new, only_new - only_old
    key = ["domain", "code"] if {"domain", "code"} <= set(old) & set(new) else [old.columns[0]]
    keys_old = Counter(tuple(dict(row).get(k) for k in key) for row in only_old.elements())
    keys_new = Counter(tuple(dict(row).get(k) for k in key) for row in only_new.elements())
    changed = (keys_old & keys_new).total()
    return keys_new.total() - changed, keys_old.total() - changed, changed


def _row(record: Mapping[Any, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((str(key), str(value)) for key, value in record.items()))


def _settings(name: str, a: Rulebook, b: Rulebook) -> Iterator[Change]:
    part = name if name in PARTS else "settings"
    root = "" if part == name else name
    old, new = dict(_flat(root, getattr(a, name))), dict(_flat(root, getattr(b, name)))
    for key in dict.fromkeys([*old, *new]):
        if old.get(key) == new.get(key):
            continue
        kind = ADDED if key not in old else REMOVED if key not in new else CHANGED
        yield Change(part, key, kind, "", old.get(key, ""), new.get(key, ""))


def _flat(path: str, value: object) -> Iterator[tuple[str, str]]:
    """Take nested tables apart into paths of keys; a table of a list is known by its text."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(f"{path}.{key}".lstrip("."), inner)
    elif isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
        for item in value:
            yield f"{path}: {_written(item)}", _written(item)
    else:
        yield path, _written(value)
