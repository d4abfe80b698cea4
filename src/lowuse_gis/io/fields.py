"""Match the fields of a file to standard columns."""

from __future__ import annotations

import difflib
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from lowuse_gis.core.values import as_codes, as_dates, as_domain, as_numbers, as_text
from lowuse_gis.errors import InputError
from lowuse_gis.language import _, language, pick

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from lowuse_gis.model import Rulebook

DBF_NAME = 10
BRACKETS = re.compile(r"[（(\[【].*?[)）\]】]")
CONVERT = {"code": as_codes, "number": as_numbers, "date": as_dates, "text": as_text}


@lru_cache(maxsize=100_000)
def normal(name: str) -> str:
    """Reduce a field name or heading to what is compared.

    Parameters
    ----------
    name
        As the file has it.

    Returns
    -------
    str
        Half-width, upper case, without spaces and bracketed units.

    Examples
    --------
    >>> normal("占用面积（亩） ")
    '占用面积'
    """
    half = unicodedata.normalize("NFKC", str(name))
    return re.sub(r"\s", "", BRACKETS.sub("", half)).upper()


@lru_cache(maxsize=10_000)
def truncations(name: str) -> set[str]:
    """Return what remains of a name in a DBF header of ten bytes.

    Parameters
    ----------
    name
        A full name.

    Returns
    -------
    set of str
        Cut as GBK and as UTF-8; only for names that do not fit and of which enough remains.
    """
    cut = set()
    for encoding in ("gb18030", "utf-8"):
        data = name.encode(encoding)
        if len(data) > DBF_NAME:
            cut.add(data[:DBF_NAME].decode(encoding, errors="ignore"))
    return {text for text in cut if len(text) >= 3}  # noqa: PLR2004


def match_fields(
    names: Sequence[str],
    rulebook: Rulebook,
    source: str,
    given: Mapping[str, str],
    *,
    strict: bool = True,
) -> dict[str, str]:
    """Find which field is which standard column.

    Parameters
    ----------
    names
        Field names of the file.
    rulebook
        Its fields.toml knows the aliases.
    source
        The source the file stands for.
    given
        What the user said with ``--map``, in either order.
    strict
        Whether all of it must hold for this file: not where it was said of several.

    Returns
    -------
    dict
        Standard column to field name. The first alias that occurs wins.

    Raises
    ------
    InputError
        Where what was said does not hold.
    """
    found = _given(names, rulebook, source, given, strict=strict)
    normals: dict[str, str] = {}
    for name in names:
        normals.setdefault(normal(name), name)
    for column, spec in rulebook.fields.get(source, {}).items():
        if column in found:
            continue
        known = _known_as((*spec["names"], column))
        hit = next((normals[name] for name in known if name in normals), None)
        if hit is not None and hit not in found.values():
            found[column] = hit
    return found


@lru_cache(maxsize=10_000)
def _known_as(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return all that a column may be called, what DBF leaves of its names last."""
    aliases = [normal(name) for name in names]
    return (*aliases, *(cut for alias in aliases for cut in sorted(truncations(alias))))


def _given(
    names: Sequence[str],
    rulebook: Rulebook,
    source: str,
    given: Mapping[str, str],
    *,
    strict: bool,
) -> dict[str, str]:
    """Resolve ``--map A=B``, where either side may be the file's."""
    if not given:
        return {}
    known: dict[str, str] = {}
    for column, spec in rulebook.fields.get(source, {}).items():
        for alias in [column, rulebook.columns["label"].get(column, column), *spec["names"]]:
            known.setdefault(normal(alias), column)
    found = {}
    for left, right in given.items():
        for field, column in ((right, left), (left, right)):
            if field in names and normal(column) in known:
                found[known[normal(column)]] = field
                break
        else:
            if not strict:
                continue
            near = difflib.get_close_matches(left, [*names, *known], n=3, cutoff=0.4)
            raise InputError(
                _("--map {left}={right}: no such field in the file").format(left=left, right=right),
                _("fields of the file: {names}; nearest: {near}").format(
                    names=", ".join(names), near=", ".join(near) or "-"
                ),
            )
    return found


def lacks(found: Container[str], column: str, spec: Mapping[str, Any]) -> bool:
    """Say whether a column that is needed is not there.

    Parameters
    ----------
    found
        Columns that are.
    column, spec
        The column, and what fields.toml says of it.

    Returns
    -------
    bool
    """
    stands_in = any(other in found for other in spec.get("unless", ()))
    return bool(spec.get("required")) and column not in found and not stands_in


def require(
    found: Mapping[str, str], names: Sequence[str], rulebook: Rulebook, source: str, file: str
) -> None:
    """Refuse a file that lacks a column its source cannot do without.

    Parameters
    ----------
    found
        What `match_fields` found.
    names
        Field names of the file.
    rulebook, source, file
        What the file stands for and what to call it.

    Raises
    ------
    InputError
        Naming the column, and the nearest fields of the file.
    """
    for column, spec in rulebook.fields.get(source, {}).items():
        if not lacks(found, column, spec):
            continue
        near = [
            n for a in spec["names"] for n in difflib.get_close_matches(a, names, n=2, cutoff=0.4)
        ]
        wanted = spec["names"][0]
        label = column_label(rulebook, column, source)
        raise InputError(
            _("{file}: no field for {label} ({wanted})").format(
                file=file, label=label, wanted=" / ".join(spec["names"])
            ),
            _("nearest fields: {near}; say which: --map {wanted}={field}").format(
                near=", ".join(dict.fromkeys(near)) or ", ".join(names[:12]),
                wanted=wanted,
                field=(near or list(names) or ["FIELD"])[0],
            ),
        )


def column_label(rulebook: Rulebook, column: str, source: str) -> str:
    """Return what people call a standard column.

    Parameters
    ----------
    rulebook
        Holds columns.csv and fields.toml.
    column, source
        Its name, and the source whose column it is.

    Returns
    -------
    str
        The label in the user's language; else the name the source itself uses; else the column.
    """
    if column in rulebook.columns.index:
        row = rulebook.columns.loc[column]
        return pick(row["label"], row["label_en"]) or column
    names = rulebook.fields.get(source, {}).get(column, {}).get("names", [column])
    spoken = [name for name in names if not name.isascii()] if language() != "en" else []
    return (spoken or names)[0]


def renamed(frame: pd.DataFrame, found: Mapping[str, str]) -> pd.DataFrame:
    """Call the fields of a file by their standard columns.

    Parameters
    ----------
    frame
        As the file has it.
    found
        What `match_fields` found.

    Returns
    -------
    DataFrame
        Another field that is already called like one of these columns gets a star.

    Examples
    --------
    >>> renamed(pd.DataFrame({"AREA": [1], "area": [2]}), {"area": "AREA"}).columns.tolist()
    ['area', 'area*']
    """
    columns = {name: column for column, name in found.items()}
    others = {name: f"{name}*" for name in frame if name in found and name not in columns}
    return frame.rename(columns=columns | others)


def standard_values(frame: pd.DataFrame, rulebook: Rulebook, source: str) -> pd.DataFrame:
    """Give every column the type its standard column has.

    Parameters
    ----------
    frame
        Standard columns with the file's values.
    rulebook, source
        Say which type and code list.

    Returns
    -------
    DataFrame
        Codes and text as str, numbers as float, dates as datetime64.
    """
    specs = rulebook.fields.get(source, {})
    return pd.DataFrame(
        {column: _typed(frame[column], specs.get(column, {}), rulebook) for column in frame},
        index=frame.index,
    )


def _typed(values: pd.Series, spec: Mapping[str, Any], rulebook: Rulebook) -> pd.Series:
    if "domain" in spec or "values" in spec:
        known = rulebook.domain(spec.get("domain", ""))
        labels = {label: code for code, both in known.items() for label in (both[1], both[0])}
        return as_domain(values, {**labels, **spec.get("values", {})})
    return CONVERT[spec.get("type", "text")](values)
