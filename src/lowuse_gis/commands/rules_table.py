"""``lowuse rules table``: the rulebook as a workbook for a meeting."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from lowuse_gis.core.conditions import parsed_criteria
from lowuse_gis.core.described import (
    WEAK_NEEDED,
    described_criterion,
    described_obstacle,
    users_of,
)
from lowuse_gis.core.threshold_rows import threshold_rows
from lowuse_gis.core.thresholds import SELECTORS
from lowuse_gis.core.wording import LIST_MARK, written_number
from lowuse_gis.errors import InputError
from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.io.rules_workbook import Page, write_rules
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lowuse_gis.core.described import Described
    from lowuse_gis.core.threshold_rows import ThresholdRow
    from lowuse_gis.model import Criterion, Rulebook

DECIDING = ("strong", "weak")
OUTSIDE = ("exclusion", "small")
FLAG = "flag"
CONTROL = "industry_control"


def tabled(name: str, output: Path, *, overwrite: bool) -> Path:
    """Write a rulebook as a workbook.

    Parameters
    ----------
    name
        Name or folder of the rulebook.
    output, overwrite
        Where to, and whether what stands there may be replaced.

    Returns
    -------
    Path
        What was written.

    Raises
    ------
    LowuseError
        Where it cannot be written; nothing is written then.
    """
    if output.suffix.lower() != ".xlsx":
        raise InputError(
            _("{path}: the table is a workbook").format(path=output),
            _("give it a name that ends in .xlsx"),
        )
    refuse_existing([output], overwrite=overwrite)
    rulebook = read_rulebook(name)
    parsed_criteria(rulebook)
    with all_or_nothing([output]) as (part,):
        cover, pages = _cover(rulebook), _pages(rulebook)
        write_rules(part, cover, pages, date(rulebook.survey_year, 12, 31))
    return output


def _pages(rulebook: Rulebook) -> list[Page]:
    types = rulebook.codes["land_types"].to_dict("records")
    pages = []
    for kind in types:
        label = pick(kind["label"], kind["label_en"])
        chosen = _chosen(rulebook, DECIDING, kind["code"])
        pages.append(_criteria_page(rulebook, label, chosen))
    pages.append(_criteria_page(rulebook, _("Exclusions"), _chosen(rulebook, OUTSIDE), types=True))
    pages.append(_criteria_page(rulebook, _("Flags"), _chosen(rulebook, (FLAG,)), types=True))
    pages += [_obstacles_page(rulebook), _thresholds_page(rulebook)]
    return [*pages, _control_page(rulebook)] if CONTROL in rulebook.codes else pages


def _chosen(
    rulebook: Rulebook, strengths: Sequence[str], kind: str | None = None
) -> list[Criterion]:
    """Return criteria of some strengths, the weightiest first."""
    found = [
        criterion
        for criterion in rulebook.criteria
        if criterion.strength in strengths and kind in (None, criterion.land_type)
    ]
    return sorted(found, key=lambda criterion: strengths.index(criterion.strength))


def _criteria_page(
    rulebook: Rulebook, name: str, criteria: list[Criterion], *, types: bool = False
) -> Page:
    columns = {
        _("rule code"): 9, _("name"): 18, **({_("type"): 10} if types else {}), _("strength"): 7,
        _("condition in words"): 36, _("thresholds"): 30, _("document"): 28, _("clause"): 20,
        _("status"): 11, _("data source"): 18, _("supplied by"): 20, **_opinions(),
    }  # fmt: skip
    rows = []
    for criterion in criteria:
        it = described_criterion(rulebook, criterion)
        kind = [_types(rulebook, it.land_types)] if types else []
        rows.append([
            it.code, it.title, *kind, _label(rulebook, "strength", it.strength), it.words,
            _thresholds(it.thresholds), it.document, it.clause,
            _label(rulebook, "status", it.status), *_sources(it), "", "",
        ])  # fmt: skip
    statuses = [criterion.status for criterion in criteria]
    return Page(name, _titled(rulebook, name), columns, rows, statuses)


def _obstacles_page(rulebook: Rulebook) -> Page:
    columns = {
        _("rule code"): 9, _("name"): 18, _("category"): 10, _("type"): 14,
        _("condition in words"): 36,
        _("thresholds"): 26, _("wording"): 28, _("responsible"): 20, _("policy tool"): 24,
        **_opinions(),
    }  # fmt: skip
    rows = []
    for obstacle in rulebook.obstacles:
        it = described_obstacle(rulebook, obstacle)
        rows.append([
            it.code, it.title, _label(rulebook, "problem_category", obstacle.category),
            _types(rulebook, it.land_types), it.words, _thresholds(it.thresholds), it.text,
            it.body, it.tool, "", "",
        ])  # fmt: skip
    name = _("Obstacles")
    return Page(name, _titled(rulebook, name), columns, rows)


def _thresholds_page(rulebook: Rulebook) -> Page:
    columns = {
        _("threshold"): 30, _("value"): 9, _("unit of measure"): 10, _("town"): 12, _("park"): 20,
        _("industry"): 9, _("used by"): 20, _("document"): 28, _("clause"): 24, _("status"): 12,
        **_opinions(),
    }  # fmt: skip
    users = users_of(rulebook)
    lines = threshold_rows(rulebook, list(rulebook.thresholds["name"]))
    rows: list[list[str | float]] = [
        [
            line.name, line.value, line.unit, line.town, line.zone, line.industry,
            LIST_MARK.join(users.get(line.name, ())), line.document, line.clause,
            _label(rulebook, "status", line.status), "", "",
        ]
        for line in lines
    ]  # fmt: skip
    name = _("Thresholds")
    return Page(name, _titled(rulebook, name), columns, rows, [line.status for line in lines])


def _control_page(rulebook: Rulebook) -> Page:
    columns = {
        _("industry"): 9, _("name"): 36, _("control plot ratio"): 12, _("edition"): 24,
        _("document"): 36, _("status"): 14, **_opinions(),
    }  # fmt: skip
    lines = rulebook.codes[CONTROL].to_dict("records")
    rows: list[list[str | float]] = [
        [
            line["prefix"], line["name"], float(line["plot_ratio_control"]), line["edition"],
            rulebook.documents.get(line["source"], line["source"]),
            _label(rulebook, "status", line["status"]), "", "",
        ]
        for line in lines
    ]  # fmt: skip
    name = _("Industry control values")
    statuses = [line["status"] for line in lines]
    return Page(name, _titled(rulebook, name), columns, rows, statuses, wide=False)


def _cover(rulebook: Rulebook) -> Page:
    """Write what this is, how many rules of which status it has, and what the colours mean."""
    statuses = rulebook.domain("status")
    counts = {
        code: sum(criterion.status == code for criterion in rulebook.criteria) for code in statuses
    }
    lines = [
        (_("title"), pick(rulebook.title, rulebook.title_en), ""),
        (_("version"), f"{rulebook.name} {rulebook.version}", ""),
        (_("hash of the rules"), rulebook.sha256, ""),
        (_("criteria, obstacles, threshold rows"),
         f"{len(rulebook.criteria)}, {len(rulebook.obstacles)}, {len(rulebook.thresholds)}", ""),
        *((pick(*statuses[code]), _("{count} criteria; rows in this colour").format(count=count),
           code) for code, count in counts.items()),
        (_("strong"), _("one that is met is enough"), ""),
        (_("weak"), _("so many must be met: {value}").format(value=_weak(rulebook)), ""),
        (_("flag"), _("noted, never decides"), ""),
        (_("exclusion"), _("takes the parcel out, whatever its type"), ""),
        (_("missing data"), _("a condition on a missing value is unknown"), ""),
        (_("threshold"), _(":name stands in the sheet of thresholds; the special row wins"), ""),
    ]  # fmt: skip
    return Page(
        _("About"),
        pick(rulebook.title, rulebook.title_en),
        {_("item"): 30, _("content"): 90},
        [line[:2] for line in lines],
        [line[2] for line in lines],
        wide=False,
    )


def _weak(rulebook: Rulebook) -> str:
    rows = threshold_rows(rulebook, [WEAK_NEEDED])
    return LIST_MARK.join(written_number(row.value) for row in rows) or "—"


def _opinions() -> dict[str, int]:
    return {_("opinion of the body"): 24, _("proposed change"): 24}


def _titled(rulebook: Rulebook, name: str) -> str:
    return f"{pick(rulebook.title, rulebook.title_en)} · {name} · {rulebook.version}"


def _label(rulebook: Rulebook, domain: str, code: str) -> str:
    labels = rulebook.domain(domain)
    return pick(*labels[code]) if code in labels else code


def _types(rulebook: Rulebook, kinds: Sequence[str]) -> str:
    return LIST_MARK.join(_label(rulebook, "land_type", kind) for kind in kinds) or _("all types")


def _sources(it: Described) -> tuple[str, str]:
    """Name the sources of what a rule reads, and the bodies that have them."""
    known = [column for column in it.columns if column.source]
    titles = dict.fromkeys(column.source_title for column in known)
    bodies = dict.fromkeys(column.body for column in known)
    return "\n".join(titles), "\n".join(bodies)


def _thresholds(rows: Sequence[ThresholdRow]) -> str:
    """Write a line per row of the thresholds: name, value and where it holds."""
    return "\n".join(_threshold(row) for row in rows)


def _threshold(row: ThresholdRow) -> str:
    chosen = [getattr(row, selector) for selector in SELECTORS if getattr(row, selector)]
    where = f" [{LIST_MARK.join(chosen)}]" if chosen else ""
    return f"{row.name}{where} = {written_number(row.value, row.unit)}"
