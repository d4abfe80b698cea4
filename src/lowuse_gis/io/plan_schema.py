"""What the layers of a plan file are called in a GIS, column by column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.io.unit_schema import titles
from lowuse_gis.language import _

if TYPE_CHECKING:
    from lowuse_gis.model import Rulebook


def plan_titles(rulebook: Rulebook, table: str) -> dict[str, str]:
    """Return the title of each column of a table of a plan file.

    Parameters
    ----------
    rulebook
        Knows the standard columns, and what is summed up over the parcels of a unit.
    table
        Its name; the same column is a question in one and a pathway in another.

    Returns
    -------
    dict
        Column to title, in the user's language.
    """
    own = {
        "points": {"code": _("question number"), "title": _("question"), "ask": _("body to ask")},
        "pathways": {"title": _("title of the pathway"), "text": _("reason")},
        "unplaced": {"name": _("project name"), "parcels": _("parcel codes")},
        "key_areas": {"units": _("number of units")},
    }
    return titles(rulebook) | _ranked() | _planned() | _advised() | own.get(table, {})


def _ranked() -> dict[str, str]:
    """Return what stands beside a unit where units are put in order."""
    return {
        "pathway": _("pathway"),
        "disposal": _("disposal"),
        "pathway_share": _("share of the pathway"),
        "wish_low": _("wish (at least)"),
        "wish_high": _("wish (at most)"),
        "feasibility_low": _("feasibility (at least)"),
        "feasibility_high": _("feasibility (at most)"),
        "quadrant": _("quadrant"),
        "rank": _("rank"),
        "key_area": _("key area"),
        "axis": _("axis"),
        "low": _("points (at least)"),
        "high": _("points (at most)"),
        "weight": _("weight"),
        "answer": _("answer"),
        "values": _("values"),
    }


def _planned() -> dict[str, str]:
    """Return what stands beside a project."""
    return {
        "investment": _("investment (10,000 yuan)"),
        "quarters": _("quarters needed"),
        "quarter": _("quarter of the beginning"),
        "project": _("project number"),
        "project_name": _("project name"),
        "body": _("implementing body"),
        "kind": _("new or carried over"),
        "year": _("year"),
        "number": _("no."),
        "longitude": _("longitude"),
        "latitude": _("latitude"),
        "begins": _("begins"),
        "ends": _("ends"),
        "allowed": _("allowed"),
        "used": _("used"),
        "short": _("short by"),
        "unit": _("unit"),
        "gate": _("gate"),
        "since": _("since"),
        "next_gate": _("next gate"),
        "responsible": _("responsible"),
        "due": _("due"),
        "overdue_days": _("days overdue"),
        "passed": _("gates passed"),
    }


def _advised() -> dict[str, str]:
    """Return what stands beside the pathway of a parcel."""
    return {
        "tools": _("policy tools"),
        "document": _("document"),
        "clause": _("clause"),
        "status": _("status"),
        "others": _("other pathways open"),
        "unknown": _("pathways undetermined"),
        "misses": _("what lacks"),
    }
