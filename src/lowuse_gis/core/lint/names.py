"""The names that a rulebook knows."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from lowuse_gis.core.lint import (
    check_keys,
    indicator_keys,
    measure_keys,
    package_keys,
    plan_keys,
    shapes,
)
from lowuse_gis.core.lint.checks import limits_known

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowuse_gis.core.lint.book import Book
    from lowuse_gis.core.lint.entry import Entry

CATEGORY = "problem_category"
JUDGED = "judge"
NOBODY = "missing"  # an obstacle's body: whoever has what is missing
OTHER = "other"
KINDS_OF_VALUE = {
    "text": "text",
    "code": "text",
    "number": "number",
    "flag": "flag",
    "date": "date",
}


class Names:
    """The names that a rulebook knows, by what they name.

    Parameters
    ----------
    book
        The rulebook's entries.
    """

    def __init__(self, book: Book) -> None:
        self._book = book

    @cached_property
    def columns(self) -> Mapping[str, Entry]:
        """Every standard column."""
        return self._book.columns

    @cached_property
    def measured(self) -> Mapping[str, Entry]:
        """The columns that criteria may read: all but those of the verdict."""
        return {n: e for n, e in self.columns.items() if e.text("stage") != JUDGED}

    @cached_property
    def thresholds(self) -> Mapping[str, list[Entry]]:
        """The rows of each threshold; of rows of the same selectors, the last."""
        last: dict[tuple[str, ...], Entry] = {}
        for row in self._book.thresholds:
            last[(row.code, row.text("town"), row.text("zone"), row.text("industry"))] = row
        found: dict[str, list[Entry]] = {}
        for row in last.values():
            found.setdefault(row.code, []).append(row)
        return found

    @cached_property
    def documents(self) -> set[str]:
        """The keys of [documents]."""
        return {entry.code for entry in self._book.documents}

    @cached_property
    def sources(self) -> Mapping[str, Entry]:
        """The sources by name."""
        return {entry.code: entry for entry in self._book.sources}

    @cached_property
    def bodies(self) -> Mapping[str, Entry]:
        """The bodies by code."""
        return {entry.code: entry for entry in self._book.codes.get("bodies", [])}

    @cached_property
    def towns(self) -> set[str]:
        """The codes of the towns."""
        return {entry.text("code") for entry in self._book.codes.get("towns", [])}

    @cached_property
    def land_types(self) -> set[str]:
        """The codes of the land types."""
        return {entry.text("code") for entry in self._book.codes.get("land_types", [])}

    @cached_property
    def subtypes(self) -> Mapping[str, str]:
        """The land type of each subtype."""
        return {e.text("code"): e.text("type") for e in self._book.codes.get("subtypes", [])}

    @cached_property
    def domains(self) -> Mapping[str, set[str]]:
        """The codes of each code list."""
        found: dict[str, set[str]] = {}
        for row in self._book.codes.get("domains", []):
            found.setdefault(row.text("domain"), set()).add(row.text("code"))
        for table, rows in self._book.codes.items():
            if rows and "code" in rows[0].content:
                codes = {row.text("code") for row in rows}
                for ending in ("es", "s"):
                    if table.endswith(ending):
                        found.setdefault(table.removesuffix(ending), codes)
        return found

    def listed(self, names: str) -> set[str]:
        """Return the names of a list that keys take from.

        Parameters
        ----------
        names
            As `Key.names` has it.

        Returns
        -------
        set of str
            Empty for a list that nobody keeps.
        """
        lists: Mapping[str, object] = {
            "absences": shapes.ABSENCES,
            "amount_tables": indicator_keys.AMOUNT_TABLES,
            "audiences": package_keys.AUDIENCES,
            "axes": plan_keys.AXES,
            "bodies": self.bodies,
            "categories": self._categories,
            "check_tables": check_keys.TABLES,
            "checks": self._book.checks,
            "columns": self.columns,
            "derived_kinds": check_keys.DERIVED_KINDS,
            "datasets": package_keys.DATASETS,
            "disposals": self.domains.get("disposal", ()),
            "documents": self.documents,
            "domains": self.domains,
            "field_types": shapes.FIELD_TYPES,
            "formats": package_keys.FORMATS,
            "gates": self.domains.get("gate", ()),
            "land_types": self.land_types,
            "layer_shapes": package_keys.SHAPES,
            "limits": limits_known(self._book),
            "measure_kinds": measure_keys.MEASURES,
            "needs": package_keys.NEEDS,
            "privacy": package_keys.PRIVACY,
            "quadrants": self.domains.get("quadrant", ()),
            "responsible": {*self.bodies, NOBODY},
            "roads": shapes.ROADS,
            "settled": self._settled,
            "source_kinds": shapes.SOURCE_KINDS,
            "sources": self.sources,
            "statuses": self.domains.get("status", ()),
            "strengths": shapes.STRENGTHS,
            "subtypes": self.subtypes,
            "sums": plan_keys.SUMS,
            "tables": self._book.codes,
            "verdicts": self.domains.get("verdict", ()),
            "village_strengths": shapes.VILLAGE_STRENGTHS,
        }
        return set(lists.get(names, ()))  # type: ignore[call-overload]

    @cached_property
    def _settled(self) -> set[str]:
        """The columns, and these with the source that may be to blame."""
        return {*self.columns, *(f"{c}@{s}" for c in self.columns for s in self.sources)}

    @cached_property
    def _categories(self) -> set[str]:
        """The categories of problems, and the columns that hold one."""
        holding = {n for n, e in self.columns.items() if e.text("domain") == CATEGORY}
        codes = self.domains.get(CATEGORY, set())
        return codes | holding if codes else set()

    def kind_of(self, column: str) -> str:
        """Return what a column's values are: text, number, flag or date.

        Parameters
        ----------
        column
            A standard column.

        Returns
        -------
        str
        """
        return KINDS_OF_VALUE.get(self.columns[column].text("dtype"), "text")
