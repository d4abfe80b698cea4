"""The tables of a rulebook and the headings each must have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lowuse_gis.core.lint.faults import nearest
from lowuse_gis.language import _

if TYPE_CHECKING:
    from lowuse_gis.core.lint.faults import Place
    from lowuse_gis.core.lint.raw import RawTable


@dataclass(frozen=True)
class Sheet:
    """One kind of table.

    Attributes
    ----------
    headings
        What its header row must name.
    code
        The headings that together name a row; no two rows may share them.
    """

    headings: tuple[str, ...]
    code: tuple[str, ...]


SELECTORS = ("town", "zone", "industry")
THRESHOLDS = Sheet(
    ("name", "value", "unit", *SELECTORS, "source", "clause", "status"), ("name", *SELECTORS)
)
COLUMNS = Sheet(
    (
        "name",
        "dtype",
        "unit",
        "label",
        "label_en",
        "domain",
        "stage",
        "source",
        "field",
        "quality",
    ),
    ("name",),
)
CHECKS = Sheet(
    ("code", "severity", "title", "title_en", "cause", "remedy", "remedy_en", "body"), ("code",)
)
CODES = {
    "bodies": Sheet(("code", "name", "name_en", "provides", "role"), ("code",)),
    "domains": Sheet(("domain", "code", "label", "label_en"), ("domain", "code")),
    "industry_control": Sheet(("prefix", "name", "plot_ratio_control"), ("prefix",)),
    "land_classes": Sheet(
        ("code", "name", "name_en", "category", "type_town", "type_village",
         "type_village_industry", "unregistered"), ("code",)),
    "land_types": Sheet(("code", "label", "label_en", "dxlx"), ("code",)),
    "planned_uses": Sheet(("prefix", "name", "type"), ("prefix",)),
    "registered_uses": Sheet(("code", "name", "type_state", "type_collective"), ("code",)),
    "subtypes": Sheet(("code", "type", "label", "label_en", "other"), ("code",)),
    "towns": Sheet(("code", "name", "kind"), ("code",)),
}  # fmt: skip


def checked_sheet(table: RawTable, sheet: Sheet | None, place: Place, *, rows: bool) -> bool:
    """Check the header row of a table, and that no two rows have the same code.

    Parameters
    ----------
    table
        As read.
    sheet
        What it must have; None for a table nobody demands anything of.
    place
        Where faults are noted.
    rows
        Whether doubled rows are looked for.

    Returns
    -------
    bool
        Whether its rows can be used.
    """
    missing = [name for name in (sheet.headings if sheet else ()) if name not in table.header]
    for name in missing:
        place.error(
            "missing-key",
            name,
            _("the heading {name} is missing").format(name=name),
            nearest(name, table.header),
        )
    for name in sorted({name for name in table.header if table.header.count(name) > 1}):
        place.error(
            "doubled-code",
            name,
            _("the heading {name} stands twice").format(name=name),
            _("leave one of the two out"),
        )
    if sheet and rows and not missing:
        _doubled(table, sheet, place)
    return not missing


def _doubled(table: RawTable, sheet: Sheet, place: Place) -> None:
    seen: set[tuple[str, ...]] = set()
    for row in table.rows:
        code = tuple(row[name] for name in sheet.code)
        if code in seen:
            place.at(row[sheet.code[-1]]).error(
                "doubled-code",
                ",".join(sheet.code),
                _("{code} stands twice in this table").format(code=" ".join(code)),
                _("leave one of the two out, or give it a code of its own"),
            )
        seen.add(code)
