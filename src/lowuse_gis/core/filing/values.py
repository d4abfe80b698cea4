"""Values of a dataset as a field of a package files them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lowuse_gis.core.filing.gbk import gbk_bytes
from lowuse_gis.core.filing.names import named
from lowuse_gis.core.names import masked_names
from lowuse_gis.errors import RuleError
from lowuse_gis.language import _
from lowuse_gis.model.filing import DATE, NUMBER, WHOLE, FiledField

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowuse_gis.model import Rulebook

UNITS = {"m²": 1.0, "ha": 1e-4, "%": 100.0}
MU = "mu"
MORE = "…"


def filed_field(spec: Mapping[str, Any], maps: Mapping[str, Any], rulebook: Rulebook) -> FiledField:
    """Read a field's entry of a profile.

    Parameters
    ----------
    spec
        Its entry.
    maps
        Tables of the profile.
    rulebook
        Its code lists.

    Returns
    -------
    FiledField

    Raises
    ------
    RuleError
        Where the type is none.

    Examples
    --------
    >>> field = filed_field({"code": "MJ", "title": "面积", "type": "N15,2"}, {}, None)
    >>> field.kind, field.length, field.decimals
    ('N', 15, 2)
    """
    found = re.fullmatch(r"([CNID])(\d*)(?:,(\d+))?", spec["type"])
    if not found or (found[1] != DATE and not found[2]) or bool(found[3]) != (found[1] == NUMBER):
        raise RuleError(
            _("field {code}: {type} is no type").format(code=spec["code"], type=spec["type"]),
            _("C18 text of 18 bytes, N15,2 number of two decimals, I4 whole number, D date"),
        )
    return FiledField(
        code=spec["code"],
        title=spec["title"],
        kind=found[1],
        length=int(found[2] or 8),
        decimals=int(found[3] or 0),
        need=spec.get("need", "O"),
        domain=_domain(spec, maps, rulebook),
        links=spec.get("links", ""),
        sums=spec.get("sums", ""),
        wide=spec.get("wide", False),
        any_sign=spec.get("any_sign", False),
    )


def _domain(
    spec: Mapping[str, Any], maps: Mapping[str, Any], rulebook: Rulebook
) -> Mapping[str, str]:
    name = spec.get("domain", "")
    if not name:
        return {}
    if name in maps:
        return {str(filed): str(value) for value, filed in maps[name].items()}
    return {code: label for code, (label, _english) in rulebook.domain(name).items()}


def filed_values(
    frame: pd.DataFrame,
    spec: Mapping[str, Any],
    maps: Mapping[str, Any],
    names: Mapping[str, object],
    rulebook: Rulebook,
) -> pd.Series:
    """Compute what a field says of each record, before it is cut to its length.

    Parameters
    ----------
    frame
        The dataset, in the order of the records.
    spec
        The field's entry of the profile.
    maps, names
        Tables of the profile, and what its patterns may name.
    rulebook
        Code lists, units of columns, the mu.

    Returns
    -------
    Series
        On the dataset's index.

    Raises
    ------
    RuleError
        Where the profile asks for what is not there.
    """
    said = _said(frame, spec, names)
    if said is not None:
        return said
    column = spec.get("from", "")
    values = frame[column] if column in frame else pd.Series(np.nan, index=frame.index)
    if values.dtype == object:  # dates without a time
        values = pd.to_datetime(values, errors="coerce") if column.endswith("_on") else values
    if spec.get("label"):
        domain = rulebook.domain(str(rulebook.columns.loc[column, "domain"]))
        values = values.astype("str").map({code: label for code, (label, _en) in domain.items()})
    if "unit" in spec:
        values = values.astype(float) * _factor(column, spec["unit"], rulebook)
    if "per" in spec:
        values = values / frame[spec["per"]].where(frame[spec["per"]] > 0)
    if "start" in spec or "length" in spec:
        start = spec.get("start", 0)
        values = values.astype("str").str.slice(start, start + spec.get("length", len(MORE) * 254))
    if "map" in spec:
        values = values.astype("str").map(maps[spec["map"]])
    if spec.get("private") and names.get("audience") == "outside":
        kind = frame.get("owner_kind", pd.Series("", index=frame.index))
        values = masked_names(values, kind, rulebook.natural_persons)
    return values


def _said(
    frame: pd.DataFrame, spec: Mapping[str, Any], names: Mapping[str, object]
) -> pd.Series | None:
    """Return what the profile itself says; None where a column does."""
    if "numbered" in spec:
        pattern = spec["numbered"]
        named(pattern, {**names, "n": 1}, spec["code"])  # refuses what is no pattern
        numbers = [pattern.format(**{**names, "n": n}) for n in _upto(frame)]
        return pd.Series(numbers, index=frame.index, dtype="str")
    if "value" in spec:
        text = named(spec["value"], names, spec["code"])
        return pd.Series(text, index=frame.index, dtype="str")
    if not spec.get("from"):  # filled in by people
        return pd.Series(np.nan, index=frame.index, dtype="str")
    return None


def _upto(frame: pd.DataFrame) -> range:
    return range(1, len(frame) + 1)


def _factor(column: str, unit: str, rulebook: Rulebook) -> float:
    if unit == MU:
        return 1 / float(rulebook.constants["mu"])
    if unit in UNITS:
        return UNITS[unit]
    raise RuleError(
        _("{column}: unknown unit {unit}").format(column=column, unit=unit),
        _("known names: {names}").format(names=", ".join([*UNITS, MU])),
    )


def fitted(
    values: pd.Series, field: FiledField, signs: Mapping[str, str] | None = None
) -> tuple[pd.Series, int]:
    """Round numbers and cut texts to what a field holds.

    Parameters
    ----------
    values
        What the field says.
    field
        Its type.
    signs
        Signs that GBK has not, and what is filed instead.

    Returns
    -------
    values : Series
        Texts (missing where empty), floats, or whole numbers (Int64).
    cut : int
        How many texts were longer in GBK than the field, and end in ``…`` now.
    """
    if field.kind == NUMBER:
        return values.astype(float).round(field.decimals) + 0.0, 0
    if field.kind == WHOLE:
        return values.astype(float).round().astype("Int64"), 0
    if field.kind == DATE:
        text = _plain(values).str.replace("-", "", regex=False).str.slice(0, field.length)
        return text.where(text.str.len() == field.length), 0
    text = _plain(values)
    for sign, other in (signs or {}).items():
        text = text.str.replace(sign, other, regex=False)
    long = text_lengths(text, field) > field.length
    if long.any():
        cut = [_cut(t, field) for t in text[long]]
        text = text.mask(long, pd.Series(cut, index=text.index[long], dtype="str"))
    return text.where(text != ""), int(long.sum())


def _cut(text: str, field: FiledField) -> str:
    if field.wide:
        return text[: field.length - len(MORE)] + MORE
    room = field.length - len(MORE.encode("gbk"))
    return text.encode("gbk", "replace")[:room].decode("gbk", "ignore") + MORE


def text_lengths(text: pd.Series, field: FiledField) -> pd.Series:
    """Count texts as the length of their field does.

    Parameters
    ----------
    text, field
        No missing values; a field of text.

    Returns
    -------
    Series of int
        Bytes in GBK, or signs.
    """
    return text.str.len() if field.wide else gbk_bytes(text)


def _plain(values: pd.Series) -> pd.Series:
    """Write values as text: whole numbers without decimals, no spaces at the ends."""
    if values.dtype.kind == "M":
        values = values.dt.strftime("%Y%m%d")
    if values.dtype.kind == "f" and values.notna().any():
        whole = values.dropna()
        if (whole == whole.round()).all():
            values = values.astype("Int64")
    text = values.astype("str").where(values.notna(), "").fillna("").str.strip()
    return text.astype("str")
