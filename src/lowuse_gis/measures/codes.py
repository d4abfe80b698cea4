"""Measures that read one column: parts of a code, values looked up, names counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lowuse_gis.core.lookup import by_longest_prefix
from lowuse_gis.measures.measured import Measured, absent_means_no, check_rows, covers

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
    groups = codes.str.extract(spec["pattern"])
    columns = {column: groups[group] for group, column in spec["into"].items()}
    for column, parts in spec["join"].items():
        columns[column] = groups[parts[0]].str.cat([groups[part] for part in parts[1:]])
    temporary = codes.str.fullmatch(spec["temporary"]).fillna(value=False).astype(bool)
    bad = groups.isna().all(axis=1) & ~temporary
    rows = survey.parcels.index[bad]
    return Measured(
        pd.DataFrame(columns), [check_rows(spec["check"], rows, note=codes[bad].fillna(""))]
    )


def lookup(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Look a column's codes up in a code table or a list of the rulebook.

    Parameters
    ----------
    survey, spec, run
        ``column`` and ``into``; ``values``, or ``table`` with ``key`` and ``value``; ``prefix``
        to match by the longest beginning; ``digits`` to leave letters of the code out; ``default``
        for codes that are not listed, ``missing`` for codes that are missing; ``unlisted``, the
        source to ask for a value that the table lacks; ``number`` where the values are numbers.

    Returns
    -------
    Measured
        Missing where the code is.
    """
    codes = survey.parcels[spec["column"]]
    if "values" in spec:
        values = dict(spec["values"])
    else:
        table = run.rulebook.codes[spec["table"]]
        values = dict(zip(table[spec["key"]], table[spec["value"]], strict=True))
    values = {key: value for key, value in values.items() if value != ""}
    if spec.get("digits"):
        codes = codes.str.replace(r"\D", "", regex=True)
    found = by_longest_prefix(codes, values) if spec.get("prefix") else codes.map(values)
    if "default" in spec:
        found = found.where(found.notna() | codes.isna(), spec["default"])
    if "missing" in spec:
        found = found.where(codes.notna(), spec["missing"])
    causes = {}
    if "unlisted" in spec:  # a known code without a value: not the code's source is to blame
        gap = pd.Series(np.nan, codes.index, dtype="str")
        causes[spec["into"]] = gap.mask(codes.notna() & found.isna(), spec["unlisted"])
    if spec.get("number"):
        result = pd.to_numeric(found, errors="coerce").astype(float)
    else:
        result = found.astype("str").where(found.notna())
    return Measured(pd.DataFrame({spec["into"]: result}), causes=causes)


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


def listed(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Say whether a parcel is on a list.

    Parameters
    ----------
    survey, spec, run
        ``source`` and ``into``; the list is keyed by parcel code.

    Returns
    -------
    Measured
        True where listed; else false or missing, as the source's absence means.
    """
    del run
    source, codes = spec["source"], survey.parcels["parcel_code"]
    on_list = pd.Series(pd.NA, index=codes.index, dtype="boolean")
    checks = []
    if source in survey.tables:
        table = survey.tables[source]
        if absent_means_no(survey, source):
            on_list[covers(survey, source) & codes.notna().to_numpy()] = False
        on_list[codes.isin(table["parcel_code"].dropna())] = True
        checks = [unmatched(table, survey, spec)]
    return Measured(pd.DataFrame({spec["into"]: on_list}), checks)


def unmatched(table: pd.DataFrame, survey: Survey, spec: Mapping[str, Any]) -> pd.DataFrame:
    """List the rows of a table whose parcel code no parcel has.

    Parameters
    ----------
    table
        With ``parcel_code`` and ``place``.
    survey, spec
        The parcels; ``check`` and ``source`` name the check and the table.

    Returns
    -------
    DataFrame
        Check rows, without a parcel.
    """
    codes = table["parcel_code"]
    lost = table[~codes.isin(survey.parcels["parcel_code"].dropna())]
    note = spec["source"] + " " + lost["place"] + " " + lost["parcel_code"].fillna("")
    return check_rows(spec["check"], pd.Series("", index=lost.index), note=note)
