"""Check bureaus' tables: what their workbooks hide, and what does not add up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.core.inspection.cell_places import with_cells
from lowuse_gis.core.inspection.cells import cell_faults
from lowuse_gis.core.inspection.derived import with_derived
from lowuse_gis.core.inspection.judged import judged, rules_over
from lowuse_gis.core.inspection.together import together
from lowuse_gis.core.lookup import is_among
from lowuse_gis.core.values import joined_words
from lowuse_gis.engines.beside import beside
from lowuse_gis.io.fields import column_label
from lowuse_gis.measures import inspect_shapes, inspect_tables
from lowuse_gis.measures.measured import check_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lowuse_gis.engines.beside import Task
    from lowuse_gis.model import CheckRule, Delivered, Run, Survey

UNREADABLE, SAID = "3209", "6102"  # reading has said the second of most cells of the first
BETWEEN = "\x1f"  # parts that belong together, as one key
REGISTERED = "registered"  # origin of a parcel of the files
ELSEWHERE = {"6101", "3208"}  # said by the measures that use a table; understood all the same


def inspect_beside(survey: Survey, run: Run) -> Task[list[pd.DataFrame]]:
    """Look for the defects of tables while other stages go on.

    Parameters
    ----------
    survey, run
        With the area of parcels, and the rules.

    Returns
    -------
    Task
        What `audit` takes, when it is done.
    """
    rows = sum(len(delivered.frame) for delivered in survey.received)
    return beside(rows, inspected, survey.received, _areas_of(survey.parcels), run)


def audit(survey: Survey, found: Sequence[pd.DataFrame], run: Run) -> Survey:
    """Say what is wrong with tables.

    Parameters
    ----------
    survey, found, run
        With measured parcels; what `inspected` found in its tables; the rules.

    Returns
    -------
    Survey
        With a check row for every defect of a table, naming file and cell. The same checks as
        those of ``lowuse check``.
    """
    said = {(c, f) for rows in survey.checks for c, f in _cells_said(rows)}
    checks = [_check_rows(rows, said, run) for rows in found]
    return replace(survey, checks=(*survey.checks, *(rows for rows in checks if len(rows))))


def _areas_of(parcels: pd.DataFrame) -> pd.Series:
    """Return the area of each code of a registered parcel, that of the first that bears it."""
    own = parcels[parcels["origin"] == REGISTERED]
    own = own.loc[own["parcel_code"].notna() & own["area"].notna(), ["parcel_code", "area"]]
    return own.drop_duplicates("parcel_code").set_index("parcel_code")["area"]


def inspected(received: Sequence[Delivered], areas: pd.Series, run: Run) -> list[pd.DataFrame]:
    """Find the defects of tables.

    Parameters
    ----------
    received
        The tables as they were read.
    areas
        Square metres, by parcel code.
    run
        The rules.

    Returns
    -------
    list of DataFrame
        A line per defect: of each file alone, then of the rows of all files of a source.
    """
    found = [_own(delivered, received, run, areas) for delivered in received]
    found += [_records(whole, run) for whole in together(received).values()]
    files = {_number(delivered): delivered.file for delivered in received}
    return [_named(rows, files) for rows in found if len(rows)]


def _named(found: pd.DataFrame, files: Mapping[str, str]) -> pd.DataFrame:
    """Name the file of each defect, by the number before its row where it is not known."""
    number = found["row"].astype("str").str.partition(":")[0]
    return found.assign(file=number.map(files).fillna(found.get("file", "")))


def _number(delivered: Delivered) -> str:
    return str(delivered.frame.index[0]).partition(":")[0] if len(delivered.frame) else ""


def _cells_said(rows: pd.DataFrame) -> list[tuple[str, str]]:
    hit = rows[rows["code"] == SAID]
    return list(zip(hit["cell"], hit["file"], strict=True))


def _own(
    delivered: Delivered, received: Sequence[Delivered], run: Run, areas: pd.Series
) -> pd.DataFrame:
    """Judge the tables of facts of one file."""
    specs = run.rulebook.fields.get(delivered.source, {})
    facts = {
        "cells": lambda: cell_faults(delivered, specs, run.rulebook.domain),
        **inspect_tables.tables(delivered, received, specs, areas),
    }
    checks = run.rulebook.checks
    parts = []
    for name, table in facts.items():
        if rules := _rules(run, name, delivered.source):
            outcome = judged(table(), rules, checks, delivered.source)
            parts.append(with_cells(outcome.found, delivered).assign(file=delivered.file))
    kept = [part for part in parts if len(part)]
    return pd.concat(kept, ignore_index=True) if kept else pd.DataFrame()


def _rules(run: Run, over: str, source: str) -> list[CheckRule]:
    return [r for r in rules_over(run.rulebook.checks, over, source) if r.code not in ELSEWHERE]


def _records(delivered: Delivered, run: Run) -> pd.DataFrame:
    """Judge the rows of all files of a source."""
    checks = run.rulebook.checks
    rules = _rules(run, "features", delivered.source)
    table = inspect_shapes.records(delivered, None)
    table = with_derived(table, checks.derived, delivered.source)
    return with_cells(judged(table, rules, checks, delivered.source).found, delivered)


def _check_rows(found: pd.DataFrame, said: set[tuple[str, str]], run: Run) -> pd.DataFrame:
    """Make rows of the check list; a cell of which the same was said already is left out."""
    file = found["file"]
    said_there = pd.Series([f"{cell}{BETWEEN}{name}" for cell, name in said], dtype="str")
    again = is_among(found["cell"].astype("str") + BETWEEN + file, said_there)
    kept = found[~(again & (found["code"] == UNREADABLE))]
    file = file[kept.index]
    pairs = kept[["column", "source"]].fillna("").drop_duplicates()
    labels = {
        (column, source): column_label(run.rulebook, column, source) if column else ""
        for column, source in pairs.itertuples(index=False)
    }
    key = kept["column"].fillna("").astype("str") + BETWEEN + kept["source"].astype("str")
    named = key.map({BETWEEN.join(pair): label for pair, label in labels.items()})
    said_of = joined_words([file, kept["cell"], named], " ")
    note = joined_words([said_of, kept["note"]], ": ")
    rows = [
        check_rows(
            str(code),
            pd.Series("", part.index),
            value=part["value"].to_numpy(dtype=float),
            limit=part["limit"].to_numpy(dtype=float),
            note=part["told"],
            file=part["file"],
            cell=part["cell"],
        )
        for code, part in kept.assign(told=note, file=file).groupby("code", sort=False)
    ]
    return pd.concat(rows, ignore_index=True) if rows else check_rows("", pd.Series(dtype="str"))
