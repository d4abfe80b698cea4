"""One rule of a rulebook, on the screen."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.text import Text

from lowuse_gis.console.show import label_of, table, to_screen
from lowuse_gis.core.threshold_rows import threshold_name
from lowuse_gis.core.thresholds import SELECTORS
from lowuse_gis.core.wording import LIST_MARK, written_number
from lowuse_gis.language import _

if TYPE_CHECKING:
    from lowuse_gis.core.described import Described, Reading
    from lowuse_gis.core.threshold_rows import ThresholdRow
    from lowuse_gis.model import Rulebook


def rule_json(described: Described, rulebook: Rulebook) -> dict[str, Any]:
    """Return a rule as plain values.

    Parameters
    ----------
    described, rulebook
        The rule, and where it is from.

    Returns
    -------
    dict
    """
    return {"rulebook": rulebook.name, "version": rulebook.version, **asdict(described)}


def show_rule(described: Described, rulebook: Rulebook) -> None:
    """Print everything the rulebook knows about a rule.

    Parameters
    ----------
    described, rulebook
        The rule, and the labels.
    """
    screen = to_screen()
    title = "" if described.title == described.code else described.title
    screen.print(Text(f"{described.code} {title}".strip(), style="bold"))
    for label, text in _lines(described, rulebook):
        if text:
            screen.print(Text.assemble((f"{label}  ", "dim"), text), soft_wrap=True)
    if described.thresholds:
        screen.print(_thresholds(described.thresholds, rulebook))
    if described.columns:
        screen.print(_columns(described.columns))


def _lines(described: Described, rulebook: Rulebook) -> list[tuple[str, str]]:
    types, strengths = rulebook.domain("land_type"), rulebook.domain("strength")
    kinds = LIST_MARK.join(label_of(types, code) for code in described.land_types)
    verdicts = rulebook.domain("verdict")
    status = label_of(rulebook.domain("status"), described.status) if described.status else ""
    return [
        (_("type"), kinds or (_("all types") if described.when else "")),
        (_("strength"), label_of(strengths, described.strength) if described.strength else ""),
        (_("for the village"), label_of(strengths, described.village) if described.village else ""),
        (_("verdicts"), LIST_MARK.join(label_of(verdicts, code) for code in described.verdicts)),
        (_("condition"), described.when),
        (_("in words"), described.words),
        (_("basis"), f"{described.document} {described.clause}".strip()),
        (_("status"), status),
        (_("subtype"), described.subtype),
        (_("wording"), described.text),
        (_("responsible"), described.body),
        (_("policy tool"), described.tool),
        (_("used by"), LIST_MARK.join(described.used_by)),
        (_("file"), described.file),
    ]


def _thresholds(rows: tuple[ThresholdRow, ...], rulebook: Rulebook) -> object:
    headings = (
        _("threshold"), _("what"), _("value"), _("holds for"), _("basis"), _("status"),
    )  # fmt: skip
    made = table(_("Thresholds"), [(heading, "left") for heading in headings])
    for row in rows:
        made.add_row(
            row.name,
            threshold_name(rulebook, row.name),
            written_number(row.value, row.unit),
            where_it_holds(row),
            f"{row.document} {row.clause}".strip(),
            label_of(rulebook.domain("status"), row.status),
        )
    return made


def where_it_holds(row: ThresholdRow) -> str:
    """Say where a row of the thresholds holds.

    Parameters
    ----------
    row
        With its selectors.

    Returns
    -------
    str
    """
    names = {"town": _("town {code}"), "zone": _("park {code}"), "industry": _("industry {code}")}
    chosen = [names[s].format(code=getattr(row, s)) for s in SELECTORS if getattr(row, s)]
    return LIST_MARK.join(chosen) or _("everywhere else")


def _columns(columns: tuple[Reading, ...]) -> object:
    headings = (
        _("column"),
        _("what"),
        _("unit of measure"),
        _("source"),
        _("ask"),
        _("not in the source"),
    )
    made = table(_("Columns it reads"), [(heading, "left") for heading in headings])
    for column in columns:
        made.add_row(
            column.column,
            column.label,
            column.unit,
            column.source_title or "—",
            column.body or "—",
            what_absence_means(column.absence),
        )
    return made


def what_absence_means(absence: str) -> str:
    """Say what follows where a place or code is not in a source that was supplied.

    Parameters
    ----------
    absence
        ``no``, ``unknown`` or empty.

    Returns
    -------
    str
    """
    if absence == "no":
        return _("known not to be there")
    return _("nothing is known: the value is missing") if absence else "—"
