"""Read what bodies filled in: one line per answer, with its cell and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lowuse_gis.core.asked import ANSWERS, KEYS, SUMMARY, asked_fields, codes_known
from lowuse_gis.core.inspection.cell_places import cells_of
from lowuse_gis.core.values import as_text
from lowuse_gis.io.tables import read_table
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lowuse_gis.io.declared import Declared
    from lowuse_gis.io.tables import Table
    from lowuse_gis.model import Rulebook

EMPTY = ("-", "—", "–", "/")  # cells that are not asked for
LINES = ("file", "place", *KEYS, "column", "value", "fault")
LOST = ("formula", "error")  # kinds of facts
LOCK = "~$"  # what a spreadsheet program leaves beside an open file


@dataclass(frozen=True)
class AnswerTable:
    """The answers of one file.

    Attributes
    ----------
    lines
        Per filled cell ``file``, ``place`` (sheet and cell), the parcel as the file names it,
        ``column``, ``value`` as text, and ``fault``: what is wrong with it, empty for nothing.
    sha256
        Hash of the file.
    rows
        Rows read.
    """

    lines: pd.DataFrame
    sha256: str
    rows: int


def is_answer_file(path: Path) -> bool:
    """Say whether a file of a folder of requests is one that bodies fill in.

    Parameters
    ----------
    path
        A file.

    Returns
    -------
    bool
        False for the summary, and for what a spreadsheet program leaves beside an open file.
    """
    return path.name != SUMMARY and not path.name.startswith(LOCK)


def read_answer_table(
    path: Path,
    rulebook: Rulebook,
    mapping: Mapping[str, str] | None = None,
    declared: Declared | None = None,
) -> AnswerTable:
    """Read a workbook that a body filled in.

    Parameters
    ----------
    path
        A workbook or CSV; columns in any order, lines sorted, sheets added.
    rulebook
        Knows headings, units, code lists and ranges.
    mapping
        Headings named by the user.
    declared
        What else is said of the table.

    Returns
    -------
    AnswerTable

    Raises
    ------
    InputError
        Where the file cannot be opened or no sheet names parcels.
    """
    table = read_table(path, ANSWERS, rulebook, mapping, declared)
    parts = [_no_lines()]
    for column, spec in asked_fields(rulebook.fields).items():
        if column in table.frame:
            part = _answered(table.raw[column], table.frame[column], spec, rulebook)
            place = table.frame.loc[part.index, "place"]
            cells = cells_of(("0:" + place).tolist(), table.positions.loc[part.index, column])
            keys = table.frame.reindex(columns=list(KEYS)).loc[part.index].astype("str")
            parts.append(part.assign(column=column, place=cells, **keys))
    parts.append(_lost(table, rulebook))
    lines = pd.concat(parts, ignore_index=True).assign(file=path.name)
    lines = lines.drop_duplicates("place", keep="last")
    return AnswerTable(lines[list(LINES)].astype("str"), table.sha256, len(table.frame))


def _no_lines() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="str") for name in LINES})


def _lost(table: Table, rulebook: Rulebook) -> pd.DataFrame:
    """List cells whose formula has no result, or an error for one."""
    facts = table.facts[table.facts["kind"].isin(LOST)]
    facts = facts[facts["column"].isin(list(asked_fields(rulebook.fields)))]
    keys = table.frame.drop_duplicates("place").set_index("place").reindex(columns=list(KEYS))
    found = keys.reindex(facts["place"]).reset_index(drop=True).astype("str")
    return found.assign(
        place=facts["cell"].to_numpy(),
        column=facts["column"].to_numpy(),
        value=facts["text"].to_numpy(),
        fault=_("a formula without a result"),
    )


def _answered(
    raw: pd.Series, typed: pd.Series, spec: Mapping[str, Any], rulebook: Rulebook
) -> pd.DataFrame:
    """Return the filled cells of a column with their values as text and what is wrong."""
    said = as_text(raw)
    filled = said.notna() & ~said.isin(EMPTY)
    said, values = said[filled], typed[filled]
    if spec.get("type") == "number":
        fault = _number_faults(said, values, spec)
        text = values.map(repr, na_action="ignore")
    elif spec.get("type") == "date":
        fault = pd.Series(np.where(values.isna(), _("no date"), ""), index=values.index)
        text = values.dt.strftime("%Y-%m-%d")
    else:
        fault, text = _code_faults(values, spec, rulebook), values
    text = text.astype("str").where(values.notna() & (fault == ""), said)
    return pd.DataFrame({"value": text.astype("str"), "fault": fault.astype("str")})


def _number_faults(said: pd.Series, values: pd.Series, spec: Mapping[str, Any]) -> pd.Series:
    """Say what is wrong with numbers: none, another unit, beyond what is plausible."""
    low, high = spec.get("range", (-np.inf, np.inf))
    beyond = _("outside {low} to {high}").format(low=f"{low:g}", high=f"{high:g}")
    percent = said.str.endswith(("%", "％"))
    rate = spec.get("unit") == "%"
    faults = [
        (values.isna(), _("no number")),
        (percent & (not rate), _("a percentage where a number is due")),
        ((values > 0) & (values < 1) & rate & ~percent, _("a ratio where a percentage is due")),
        ((values < low) | (values > high) | np.isinf(values), beyond),
    ]
    masks, texts = zip(*faults, strict=True)
    return pd.Series(np.select(masks, texts, ""), index=values.index)


def _code_faults(values: pd.Series, spec: Mapping[str, Any], rulebook: Rulebook) -> pd.Series:
    known = codes_known(spec, rulebook)
    fault = pd.Series("", index=values.index)
    if known:
        fault = fault.mask(~values.isin(list(known)), _("not in the list of codes"))
    if "pattern" in spec:
        fits = values.str.fullmatch(spec["pattern"]).fillna(value=False).astype(bool)
        fault = fault.mask(~fits, _("not of the form of such a code"))
    return fault
