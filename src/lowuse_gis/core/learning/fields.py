"""Learn the fields of a layer from its records and from what its files declare."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lowuse_gis.core.attributes import attributes_of
from lowuse_gis.core.filing.canonical import canonical_column
from lowuse_gis.core.filing.gbk import gbk_bytes, unwritable
from lowuse_gis.core.verifying.findings import as_numbers
from lowuse_gis.model.filing import DATE, NUMBER, TEXT, WHOLE, FiledField

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lowuse_gis.model.filing import ReadLayer

KINDS = (TEXT, NUMBER, WHOLE, DATE)
MOST_CODES = 24  # different values that a code list may have
LEAST_EACH = 4  # records that bear each of them on average
LONGEST_CODE = 20  # bytes
FINEST = 9  # decimals that a float is looked at for
DIGITS, WHOLE_DIGITS = 15, 9
TEXTS = (10, 20, 60, 100, 254)  # bytes that a text gets whose file declares no length
DBF_TEXT = 254


@dataclass(frozen=True)
class Learnt:
    """What was learnt of a layer or sheet.

    Attributes
    ----------
    fields
        Entries of a profile, in order.
    key
        Field whose values are all there and all different; empty for none.
    maps
        Code lists drafted from the values, by name.
    left_out
        Fields of a kind that no profile has.
    """

    fields: Sequence[dict[str, Any]]
    key: str
    maps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    left_out: Sequence[str] = ()


def learnt_fields(
    name: str,
    copies: Sequence[ReadLayer],
    known: Mapping[str, Mapping[str, Any]],
    *,
    pieces: bool,
) -> Learnt:
    """Learn fields from the copies of a layer, or from its pieces.

    Parameters
    ----------
    name
        Of the layer; code lists are called after it.
    copies
        The one whose fields count first.
    known
        Field code to an entry of a profile that we have: titles, and code lists of the rulebook
        as ``codes``.
    pieces
        Whether each holds other records.

    Returns
    -------
    Learnt
    """
    listed = copies[0].fields
    usable = [code for code in listed["name"] if code != "geometry" and code in copies[0].frame]
    kinds = dict(zip(listed["name"], listed["kind"], strict=True))
    left_out = [code for code in usable if kinds[code] not in KINDS]
    entries, maps = [], dict[str, dict[str, str]]()
    frames = [copy.frame for copy in (copies if pieces else copies[:1])]
    plain = [attributes_of(frame) for frame in frames]
    whole = pd.concat(plain, ignore_index=True)
    for code in (code for code in usable if code not in left_out):
        declared = [_declared(copy, code) for copy in copies]
        entry = _entry(code, kinds[code], whole[code], declared)
        maps |= _named(entry, f"{name}_{code}", whole[code], known.get(code, {}))
        entries.append(entry)
    return Learnt(entries, _key(copies[0].frame, entries), maps, left_out)


def learnt_columns(
    name: str,
    frame: pd.DataFrame,
    titles: Mapping[str, str],
    known: Mapping[str, Mapping[str, Any]],
) -> Learnt:
    """Learn fields from the columns of a sheet, which declares nothing.

    Parameters
    ----------
    name
        Of the sheet's layer.
    frame
        Of `table_frame`.
    titles
        Column to heading.
    known
        As `learnt_fields` takes it, by heading.

    Returns
    -------
    Learnt
    """
    entries, maps = [], dict[str, dict[str, str]]()
    for code in frame:
        values = frame[code]
        there = values.dropna()
        numeric = len(there) > 0 and all(
            isinstance(value, (int, float)) and not isinstance(value, bool) for value in there
        )
        numbers = as_numbers(values) if numeric else values
        kind = TEXT if not numeric else WHOLE if _decimals(numbers) == 0 else NUMBER
        entry = _entry(code, kind, values, [(DBF_TEXT if kind == TEXT else -1, -1)])
        maps |= _named(entry, f"{name}_{code}", values, known.get(titles[code], {}))
        entry["title"] = titles[code] or code
        entries.append(entry)
    return Learnt(entries, "", maps)


def _declared(copy: ReadLayer, code: str) -> tuple[int, int]:
    row = copy.fields[copy.fields["name"] == code]
    if not len(row):
        return -1, -1
    return int(row["length"].iloc[0]), int(row["decimals"].iloc[0])


def _entry(
    code: str, kind: str, values: pd.Series, declared: Sequence[tuple[int, int]]
) -> dict[str, Any]:
    """Write the entry of a field: type as declared, else as its values need it."""
    entry: dict[str, Any] = {"code": code, "title": code, "type": kind}
    decimals = 0
    if kind == NUMBER:
        told = [count for _length, count in declared if count >= 0]
        decimals = told[0] if told else _decimals(as_numbers(values))
    text = canonical_column(values, FiledField(code, "", kind, 0, decimals))
    lengths = [length for length, _count in declared if length > 0]
    if kind == TEXT:
        longest = int(gbk_bytes(text).max()) if len(text) else 0
        length = max(lengths, default=next((n for n in TEXTS if n >= longest), longest))
        if longest > length:
            signs = int(text.str.len().max())
            wide = bool(lengths) and signs <= length
            entry |= {"wide": True} if wide else {}
            length = length if wide else longest
        entry["type"] = f"{TEXT}{length}"
        entry |= {"any_sign": True} if unwritable(text).any() else {}
    elif kind == NUMBER:
        longest = int(text.str.len().max()) if len(text) else 0
        entry["type"] = f"{NUMBER}{max(lengths, default=max(DIGITS, longest))},{decimals}"
    elif kind == WHOLE:
        longest = int(text.str.len().max()) if len(text) else 0
        entry["type"] = f"{WHOLE}{max(lengths, default=max(WHOLE_DIGITS, longest))}"
    if len(text) and not (text == "").any():
        entry["need"] = "M"
    return entry


def _decimals(values: pd.Series) -> int:
    """Return the decimals that the numbers have, as far as floats have such."""
    numbers = values.dropna().to_numpy(dtype=float)
    numbers = numbers[np.isfinite(numbers)]
    for count in range(FINEST):
        off = np.abs(numbers - np.round(numbers, count))
        if not (off > 10.0**-FINEST * np.maximum(1.0, np.abs(numbers))).any():
            return count
    return FINEST


def _named(
    entry: dict[str, Any], name: str, values: pd.Series, known: Mapping[str, Any]
) -> dict[str, dict[str, str]]:
    """Give a field its title and a code list: the rulebook's, or one drafted of few values."""
    entry["title"] = known.get("title", entry["code"])
    kind = entry["type"][0]
    if kind not in {TEXT, WHOLE}:
        return {}
    text = canonical_column(values, FiledField("", "", kind, 0))
    text = text[text != ""]
    codes = sorted(text.unique().tolist())
    if not codes:
        return {}
    if known.get("domain") and set(codes) <= set(known["codes"]):
        entry["domain"] = known["domain"]
        return {}
    few = 1 < len(codes) <= MOST_CODES and len(text) >= LEAST_EACH * len(codes)
    if kind != TEXT or not few or max(len(code.encode()) for code in codes) > LONGEST_CODE:
        return {}
    entry["domain"] = name
    return {name: {code: code for code in codes}}


def _key(frame: pd.DataFrame, entries: Sequence[Mapping[str, Any]]) -> str:
    for entry in entries:
        if entry["type"][0] in {TEXT, WHOLE} and entry.get("need") == "M":
            values = canonical_column(frame[entry["code"]], FiledField("", "", entry["type"][0], 0))
            if values.is_unique:
                return str(entry["code"])
    return ""
