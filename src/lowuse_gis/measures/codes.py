"""Measures that read one column: parts of a code, values looked up, names counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lowuse_gis.core.in_arrow import in_arrow
from lowuse_gis.core.lookup import by_longest_prefix, mapped, one_of
from lowuse_gis.measures.measured import Measured, check_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowuse_gis.model import Run, Survey


def pattern(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Take a code apart by a regular expression; a code that does not fit is a check row.

    Parameters
    ----------
    survey, spec, run
        ``column``, ``pattern`` with named groups, ``into`` (group to column), ``join`` (column of
        several groups), ``temporary`` (codes that are none yet), ``check``.

    Returns
    -------
    Measured
        Missing where the code is missing or does not fit.
    """
    del run
    codes = survey.parcels[spec["column"]]
    groups = _extracted(codes, spec["pattern"])
    columns = {column: groups[group] for group, column in spec["into"].items()}
    for column, parts in spec["join"].items():
        columns[column] = groups[parts[0]].str.cat([groups[part] for part in parts[1:]])
    odd = codes[groups.isna().all(axis=1)]
    bad = odd[~odd.str.fullmatch(spec["temporary"]).fillna(value=False).astype(bool)]
    checks = [check_rows(spec["check"], bad.index, note=bad.fillna(""))]
    return Measured(pd.DataFrame(columns), checks)


def _extracted(codes: pd.Series, pattern: str) -> pd.DataFrame:
    """Return the named groups of a pattern, in Arrow where it knows all that the pattern uses.

    There a group that is left out is empty, and not missing.
    """
    try:
        found = pc.extract_regex(in_arrow(codes.astype("str"), pa.large_string()), pattern)
    except pa.ArrowInvalid:
        return codes.str.extract(pattern)
    names = [field.name for field in found.type]
    parts = dict(zip(names, (part.to_pandas() for part in found.flatten()), strict=True))
    groups = pd.DataFrame(parts).set_axis(codes.index).astype("str")
    return codes.str.extract(pattern) if groups.eq("").any(axis=None) else groups


def lookup(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Look a column's codes up in a code table or a list of the rulebook.

    Parameters
    ----------
    survey, spec, run
        ``column`` and ``into``; ``values``, or ``table`` (of codes/) or ``source`` (a table that
        was supplied) with ``key`` and ``value``; ``prefix``
        to match by the longest beginning; ``digits`` to leave letters of the code out; ``default``
        for codes that are not listed, ``missing`` for codes that are missing; ``unlisted``, the
        source to ask for a value that the table lacks; ``number`` where the values are numbers.

    Returns
    -------
    Measured
        Missing where the code is.
    """
    codes, values = survey.parcels[spec["column"]], _values(survey, spec, run)
    if spec.get("digits"):
        codes = codes.str.replace(r"\D", "", regex=True)
    found = by_longest_prefix(codes, values) if spec.get("prefix") else mapped(codes, values)
    if "default" in spec:
        found = found.where(found.notna() | codes.isna(), spec["default"])
    if "missing" in spec:
        found = found.where(codes.notna(), spec["missing"])
    causes = {}
    if "unlisted" in spec:  # a known code without a value is not the fault of the code's source
        own = run.rulebook.columns["source"][spec["column"]]
        blame = one_of(codes.isna().to_numpy(), own, spec["unlisted"], codes.index)
        causes[spec["into"]] = blame.where(found.isna())
    if spec.get("number"):
        result = pd.to_numeric(found, errors="coerce").astype(float)
    else:
        result = found.astype("str").where(found.notna())
    return Measured(pd.DataFrame({spec["into"]: result}), causes=causes)


def _values(survey: Survey, spec: Mapping[str, Any], run: Run) -> dict[str, Any]:
    """Return what each code stands for; of two lines for a code the first counts."""
    if "values" in spec:
        return dict(spec["values"])
    known = run.rulebook.codes[spec["table"]] if "table" in spec else None
    table = survey.tables.get(spec["source"]) if known is None else known
    if table is None or spec["value"] not in table:
        return {}
    keys = table[spec["key"]]
    if spec.get("digits"):
        keys = keys.str.replace(r"\D", "", regex=True)
    pairs = pd.DataFrame({"key": keys, "value": table[spec["value"]]}).replace("", np.nan)
    first = pairs.dropna().drop_duplicates("key")
    return dict(zip(first["key"], first["value"], strict=True))


def count_names(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Count the names in a text, by the signs that stand between them.

    Parameters
    ----------
    survey, spec, run
        ``column``, ``separators`` and ``into``.

    Returns
    -------
    Measured
        Missing where the text is.
    """
    del run
    text = survey.parcels[spec["column"]]
    signs = "[" + spec["separators"].replace("/", r"\/") + "]"
    count = text.str.strip(spec["separators"]).str.count(signs) + 1
    return Measured(pd.DataFrame({spec["into"]: count.astype(float)}))
