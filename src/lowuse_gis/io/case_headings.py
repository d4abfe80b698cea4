"""Find out what the columns of a sheet of golden cases are."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lowuse_gis.errors import InputError
from lowuse_gis.io.fields import normal
from lowuse_gis.io.headings import HEAD, HEADING_UNIT, cell_text
from lowuse_gis.language import _

if TYPE_CHECKING:
    from lowuse_gis.io.headings import Sheet
    from lowuse_gis.model import Rulebook

ROLES = {
    "name": ("用例", "用例名称", "case", "name"),
    "type": ("类型", "低效类型", "地类类型", "type"),
    "verdict": ("预期判定", "预期结果", "expected", "expected verdict"),
    "met": ("预期标准", "expected criteria"),
    "unknown": ("预期不明", "expected unknown"),
    "note": ("说明", "note"),
}
LAND_TYPE = "land_type"


@dataclass(frozen=True)
class CaseHeading:
    """One heading.

    Attributes
    ----------
    row, at
        Where it stands.
    label
        As written, without the default.
    role
        ``name``, ``verdict``, ``met``, ``unknown`` or ``note``; empty for a column.
    column
        The standard column; empty for a role.
    default
        What a blank cell means: None that it is missing, empty text (``园区=``) that it is known
        to be none.
    factor
        From the unit of the heading to the standard unit.
    """

    row: int
    at: int
    label: str
    role: str = ""
    column: str = ""
    default: str | None = None
    factor: float = 1.0


def find_headings(sheet: Sheet, rulebook: Rulebook, file: str) -> list[CaseHeading]:
    """Find the heading row of a sheet of cases and read it.

    Parameters
    ----------
    sheet, rulebook, file
        The sheet, the rules, and what to call the file.

    Returns
    -------
    list of CaseHeading
        Empty where no row names an expected verdict.

    Raises
    ------
    InputError
        Where a heading is not known, or one column is named twice.
    """
    for row in range(min(HEAD, len(sheet.cells))):
        texts = [cell_text(cell) for cell in sheet.cells.iloc[row]]
        if any(_role(text) == "verdict" for text in texts):
            found = [
                _heading(text, row, at, rulebook, file) for at, text in enumerate(texts) if text
            ]
            _refuse_doubled(found, file)
            return found
    return []


def _role(text: str) -> str:
    plain = normal(text)
    return next((role for role, names in ROLES.items() if plain in map(normal, names)), "")


def _heading(text: str, row: int, at: int, rulebook: Rulebook, file: str) -> CaseHeading:
    label, sign, default = text.replace("＝", "=").partition("=")
    label, role = label.strip(), _role(label)
    said = default.strip() if sign else None
    if role == "type":
        return CaseHeading(row, at, label, column=LAND_TYPE, default=said)
    if role:
        return CaseHeading(row, at, label, role=role)
    known = column_names(rulebook)
    column = known.get(normal(label))
    if column is None:
        near = difflib.get_close_matches(normal(label), known, n=3, cutoff=0.4)
        labels = [str(rulebook.columns.at[known[name], "label"]) for name in near]
        raise InputError(
            _("{file}: unknown heading {heading}").format(file=file, heading=label),
            _("nearest known names: {names}").format(names=", ".join(dict.fromkeys(labels)) or "-"),
        )
    return CaseHeading(
        row, at, label, column=column, default=said, factor=_factor(label, column, rulebook, file)
    )


def column_names(rulebook: Rulebook) -> dict[str, str]:
    """Return by which names a case may name the columns that criteria read.

    Parameters
    ----------
    rulebook
        Holds columns.csv.

    Returns
    -------
    dict
        Label, English label, field code or name, as compared, to column.
    """
    table = rulebook.columns
    names: dict[str, str] = {}
    for key in ("name", "label", "label_en", "field"):
        measured = table[
            (table["stage"] != "judge") & (table["name"] != "row") & (table[key] != "")
        ]
        for name, text in zip(measured["name"], measured[key], strict=True):
            names.setdefault(normal(text), name)
    return names


def _factor(label: str, column: str, rulebook: Rulebook, file: str) -> float:
    """Return what a heading's unit is worth in the standard unit."""
    named = HEADING_UNIT.search(label)
    standard = str(rulebook.columns.at[column, "unit"])
    own = normal(str(rulebook.columns.at[column, "label_en"])) != normal(label)
    if not named or named[1] == standard or not own:
        return 1.0
    unit = rulebook.fields["units"].get(named[1])
    if unit and unit["to"] == standard:
        return float(unit["factor"])
    raise InputError(
        _("{file}: {heading}: the unit is not {unit}").format(
            file=file, heading=label, unit=standard or "—"
        ),
        _("write values in {unit}, and the heading without a unit").format(unit=standard or "—"),
    )


def _refuse_doubled(headings: list[CaseHeading], file: str) -> None:
    seen: set[str] = set()
    for heading in headings:
        key = heading.column or heading.role
        if key in seen and key != "note":
            raise InputError(
                _("{file}: {heading} stands twice").format(file=file, heading=heading.label),
                _("keep one of the two columns"),
            )
        seen.add(key)
