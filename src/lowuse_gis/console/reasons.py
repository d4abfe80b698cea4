"""The criteria of one parcel as a table, and what each rests on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rich.text import Text

from lowuse_gis.console.show import table
from lowuse_gis.core.wording import written_number
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from lowuse_gis.console.labels import Labels

TRUTH_STYLE = {"true": "bold red", "unknown": "yellow", "false": "green"}
MARKS = {"true": "√", "unknown": "?", "false": "×"}
QUIET = ("exclusion", "flag", "small")


def nothing(value: object) -> bool:
    """Say whether a cell of a table holds nothing."""
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def plain(value: object) -> str:
    """Write a cell, empty where it holds nothing."""
    return "" if nothing(value) else str(value)


def told(findings: pd.DataFrame) -> pd.DataFrame:
    """Choose what is told unless all is asked for.

    Parameters
    ----------
    findings
        All lines of the parcel.

    Returns
    -------
    DataFrame
        Without the exclusions and flags that are known not to be met.
    """
    return findings[~(findings["strength"].isin(QUIET) & (findings["truth"] == "false"))]


def left_out(findings: pd.DataFrame) -> str:
    """Name the criteria that `told` leaves out; empty where it tells all."""
    quiet = findings.drop(index=told(findings).index)
    return "、".join(dict.fromkeys(quiet["criterion"]))


def reasons_table(findings: pd.DataFrame, labels: Labels, title: str) -> Table:
    """Make the table of criteria.

    Parameters
    ----------
    findings, labels, title
        The lines to show, what codes are called, and the heading.

    Returns
    -------
    Table
        One line per comparison: value, limit and how far the value is from it.
    """
    made = table(
        title,
        [(_("criterion"), "left"), (_("strength"), "left"), (_("outcome"), "left"),
         (_("measure"), "left"), (_("value"), "right"), (_("known as"), "left"),
         (_("limit"), "left"), (_("margin"), "right"), (_("source"), "left")],
    )  # fmt: skip
    several = set(findings.loc[findings["atom"] > 0, "criterion"])
    for line in findings.to_dict("records"):
        made.add_row(*_cells(line, labels, marked=line["criterion"] in several))
    return made


def _cells(line: dict[str, Any], labels: Labels, *, marked: bool) -> list[str | Text]:
    first = line["atom"] == 0
    title = f"{line['criterion']} {pick(line['title'], line['title_en'] or '')}"
    outcome = Text(labels.code("truth", line["truth"]), TRUTH_STYLE.get(line["truth"], ""))
    mark = f"{MARKS[line['atom_truth']]} " if marked else ""
    return [
        title if first else "",
        labels.code("strength", line["strength"]) if first else "",
        outcome if first else "",
        mark + labels.column(line["measure"]),
        labels.value(line["measure"], line["value"], line["text"]),
        "" if nothing(line["quality"]) else labels.code("quality", line["quality"]),
        limit_of(line, labels),
        margin_of(line),
        _source(line),
    ]


def limit_of(line: dict[str, Any], labels: Labels) -> str:
    """Write what a value is compared with.

    Parameters
    ----------
    line, labels
        A finding, and what codes are called.

    Returns
    -------
    str
        The number where it is known, else the rule's own words with the columns' names.
    """
    sign = {"in": "∈", "like": "≈", "between": "∈", "<>": "≠", ">=": "≥", "<=": "≤"}
    operator = sign.get(line["operator"], line["operator"])
    if not nothing(line["limit"]):
        return f"{operator} {written_number(line['limit'])}"
    words = [labels.condition_word(line["measure"], word) for word in line["compared"].split(" ")]
    return f"{operator} {' '.join(words)}"


def margin_of(line: dict[str, Any]) -> str:
    """Write how far a number is from its limit, also as a share of the limit."""
    if nothing(line["limit"]) or nothing(line["value"]):
        return ""
    gap = line["value"] - line["limit"]
    text = f"{'+' if gap > 0 else ''}{written_number(gap)}"
    return text if line["limit"] == 0 else f"{text}（{gap / abs(line['limit']):+.0%}）"


def basis_lines(findings: pd.DataFrame, labels: Labels) -> list[str]:
    """Write where each criterion comes from, and which rows of the thresholds it used.

    Parameters
    ----------
    findings, labels
        The lines to show, and what codes are called.

    Returns
    -------
    list of str
        One per criterion.
    """
    lines = []
    for code, atoms in findings.groupby("criterion", sort=False):
        first = atoms.iloc[0]
        status = labels.code("status", first["status"])
        parts = [f"{first['document']} {plain(first['clause'])}".strip() + f"（{status}）"]
        used = atoms.drop_duplicates("threshold")
        for row, known in zip(used["threshold"], used["threshold_status"], strict=True):
            if not nothing(row):
                written = "、".join(_threshold(name, labels) for name in row.split(";"))
                parts.append(f"{written}（{labels.code('status', plain(known))}）")
        lines.append(f"  {code}  " + "；".join(parts))
    return lines


def _threshold(row: str, labels: Labels) -> str:
    """Call a row of the thresholds by its name, with what it is restricted to."""
    key, mark, rest = row.partition("[")
    return labels.code("threshold", key) + mark + rest


def _source(line: dict[str, Any]) -> str:
    if nothing(line["source_file"]):
        return _("not supplied")
    dated = plain(line["source_date"]) or _("(undated)")
    return f"{plain(line['source_file'])} {dated}"
