"""Keys of rulebook files: what a file may say, declared once for reading, lint and editors."""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lowuse_gis.core.lint.faults import Place


@dataclass(frozen=True)
class Key:
    """One key of a TOML file.

    Attributes
    ----------
    name
        How it is written.
    kind
        What it holds, one of `KINDS`.
    required
        Whether an entry without it is of no use.
    names
        The list of known names that it takes from, such as ``documents``; empty for free text.
    closed
        Whether nothing but these names is right, in whatever rulebook.
    writes
        ``values`` or ``keys`` where these are columns that a measure adds.
    parts
        The keys of the table or tables it holds.
    about
        What it says, for people who write rules.
    """

    name: str
    kind: str = "text"
    required: bool = False
    names: str = ""
    closed: bool = False
    writes: str = ""
    parts: tuple[Key, ...] = ()
    about: str = ""


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _list_of(fits: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, list) and all(map(fits, value))


def _map_of(fits: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, dict) and all(map(fits, value.values()))


def _text(value: object) -> bool:
    return isinstance(value, str)


def _pair(value: object) -> bool:
    return isinstance(value, list) and tuple(map(type, value)) == (str, str)


def _table(value: object) -> bool:
    return isinstance(value, dict)


KINDS: dict[str, tuple[Callable[[object], bool], str]] = {
    "text": (_text, 'name = "text"'),
    "integer": (lambda value: isinstance(value, int) and not isinstance(value, bool), "name = 2"),
    "number": (_number, "name = 0.5"),
    "flag": (lambda value: isinstance(value, bool), "name = true"),
    "texts": (_list_of(_text), 'name = ["text"]'),
    "numbers": (_list_of(_number), "name = [1, 2]"),
    "pairs": (_list_of(_pair), 'name = [["A", "b"]]'),
    "text_map": (_map_of(_text), 'name = { a = "text" }'),
    "number_map": (_map_of(_number), "[name] a = 0.5"),
    "texts_map": (_map_of(_list_of(_text)), 'name = { a = ["text"] }'),
    "table": (_table, "name = { … }"),
    "tables": (_list_of(_table), "[[name]]"),
    "table_map": (_map_of(_table), "[name.entry]"),
}


def checked(content: Mapping[str, Any], keys: Sequence[Key], place: Place) -> dict[str, Any]:
    """Check a table's keys and types.

    Parameters
    ----------
    content
        As TOML gives it.
    keys
        What it may hold.
    place
        Where faults are noted: ``missing-key``, ``wrong-type``, ``unknown-key``.

    Returns
    -------
    dict
        What is right in it; a key whose value is of a wrong type is left out.
    """
    return _checked(content, keys, place, "")


def _checked(
    content: Mapping[str, Any], keys: Sequence[Key], place: Place, path: str
) -> dict[str, Any]:
    known = {key.name: key for key in keys}
    for name in content:
        if name not in known:
            _unknown(path + name, name, known, place)
    clean: dict[str, Any] = {}
    for key in keys:
        value = content.get(key.name)
        if value is None or (key.required and isinstance(value, str) and not value.strip()):
            if key.required:
                place.error(
                    "missing-key",
                    path + key.name,
                    _("{key} is missing").format(key=path + key.name),
                    _("add the line: {example}").format(example=_example(key)),
                )
        elif KINDS[key.kind][0](value):
            clean[key.name] = _inside(value, key, place, path + key.name)
        else:
            place.error(
                "wrong-type",
                path + key.name,
                _("{key} = {value}: of the wrong type").format(
                    key=path + key.name, value=_short(value)
                ),
                _("write it as: {example}").format(example=_example(key)),
            )
    return clean


def _inside(value: Any, key: Key, place: Place, path: str) -> Any:
    if not key.parts:
        return value
    if key.kind == "table":
        return _checked(value, key.parts, place, f"{path}.")
    entries = value.items() if key.kind == "table_map" else enumerate(value, 1)
    clean = {}
    for name, table in entries:
        if place.code:
            clean[name] = _checked(table, key.parts, place, f"{path}.{name}.")
        else:
            own = name if isinstance(name, str) else code_of(table, name)
            clean[name] = _checked(table, key.parts, place.at(own), "")
    return clean if key.kind == "table_map" else list(clean.values())


def code_of(entry: Mapping[str, Any], number: int) -> str:
    """Name an entry: by its code, or by its number in the file where it has none.

    Parameters
    ----------
    entry, number
        As read, and its place in the file, from 1.

    Returns
    -------
    str
    """
    code = entry.get("code")
    return code if isinstance(code, str) and code.strip() else f"#{number}"


def _unknown(path: str, name: str, known: Mapping[str, Key], place: Place) -> None:
    near = difflib.get_close_matches(name, known, n=1)
    hint = (
        _("did you mean {name}? Nobody reads {other}").format(name=near[0], other=name)
        if near
        else _("known keys: {names}").format(names=", ".join(known))
    )
    place.warning("unknown-key", path, _("unknown key {key}").format(key=path), hint)


def _example(key: Key) -> str:
    return KINDS[key.kind][1].replace("name", key.name, 1)


def _short(value: object, most: int = 40) -> str:
    text = str(value)
    return text if len(text) <= most else text[:most] + "…"
