"""The workbook of a year's plan: the filed list, the ranking with its chart, the pathways."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.core.wording import written_list
from lowuse_gis.io.charts import Scatter
from lowuse_gis.io.workbook import OutSheet
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from lowuse_gis.model import Rulebook

HECTARE = 10_000


def plan_sheet(projects: pd.DataFrame, members: pd.DataFrame, rulebook: Rulebook) -> OutSheet:
    """Return the list of projects that is filed (年度实施计划).

    Parameters
    ----------
    projects
        Of a year's plan.
    members
        Parcels of the units.
    rulebook
        Labels.

    Returns
    -------
    OutSheet
    """
    parcels = members.dropna(subset=["parcel_code"]).sort_values("parcel_code")
    codes = parcels.groupby("unit_id")["parcel_code"].agg("、".join)
    disposal = {code: pick(*both) for code, both in rulebook.domain("disposal").items()}
    quadrant = {code: pick(*both) for code, both in rulebook.domain("quadrant").items()}
    kinds = {"new": _("new"), "carried_over": _("carried over")}
    frame = pd.DataFrame(
        {
            _("year"): projects["year"],
            _("no."): projects["number"],
            _("project"): projects["project_name"],
            _("project number"): projects["project"],
            _("new or carried over"): projects["kind"].map(kinds),
            _("disposal"): projects["disposal"].map(disposal).fillna(""),
            _("unit"): projects["unit_id"],
            _("key area"): projects["key_area"],
            _("town"): projects["town_name"],
            _("longitude"): projects["longitude"],
            _("latitude"): projects["latitude"],
            _("parcels"): projects["unit_id"].map(codes).fillna(""),
            _("area (ha)"): projects["area"] / HECTARE,
            _("low-use land released (ha)"): projects["low_use_area"] / HECTARE,
            _("implementing body"): projects["body"],
            _("investment (10,000 yuan)"): projects["investment"],
            _("begins"): projects["begins"],
            _("ends"): projects["ends"],
            _("wish (at least)"): projects["wish_low"],
            _("feasibility (at least)"): projects["feasibility_low"],
            _("quadrant"): projects["quadrant"].map(quadrant),
        }
    )
    year = int(projects["year"].iloc[0]) if len(projects) else ""
    decimals = {_("area (ha)"): 4, _("low-use land released (ha)"): 4}
    decimals |= {_("investment (10,000 yuan)"): 2}
    title = _("Yearly plan of low-use land redevelopment {year}").format(year=year).strip()
    note = _("proposed by rules; the district approves it and files it with the city")
    return OutSheet(_("yearly plan"), title, frame, note, decimals)


def ranking_sheet(units: pd.DataFrame, rulebook: Rulebook) -> OutSheet:
    """Return units in order, with a chart of wish against feasibility.

    Parameters
    ----------
    units
        Ranked.
    rulebook
        Labels, and the scores that part the quadrants.

    Returns
    -------
    OutSheet
    """
    quadrant = {code: pick(*both) for code, both in rulebook.domain("quadrant").items()}
    order = units.sort_values("rank")
    wish, feasible = _("wish (at least)"), _("feasibility (at least)")
    frame = pd.DataFrame(
        {
            _("rank"): order["rank"],
            _("unit"): order["unit_id"],
            _("name"): order["name"],
            _("town"): order["town_name"],
            _("low-use area (ha)"): order["low_use_area"] / HECTARE,
            wish: order["wish_low"],
            _("wish (at most)"): order["wish_high"],
            feasible: order["feasibility_low"],
            _("feasibility (at most)"): order["feasibility_high"],
            _("quadrant"): order["quadrant"].map(quadrant),
            _("key area"): order["key_area"],
        }
    )
    lines = rulebook.plan["strong_wish"], rulebook.plan["strong_feasibility"]
    chart = Scatter(wish, feasible, _("Wish against feasibility"), lines)
    title = _("Units by wish and feasibility")
    return OutSheet(
        _("ranking"),
        title,
        frame,
        "",
        {_("low-use area (ha)"): 4},
        chart=chart if len(frame) else None,
    )


def points_sheet(points: pd.DataFrame, rulebook: Rulebook) -> OutSheet:
    """Return the points of every unit by question, with what they rest on.

    Parameters
    ----------
    points, rulebook
        Of the ranking; names of bodies.

    Returns
    -------
    OutSheet
    """
    frame = pd.DataFrame(
        {
            _("unit"): points["unit_id"],
            _("question"): points["code"] + " " + points["title"],
            _("points (at least)"): points["low"],
            _("points (at most)"): points["high"],
            _("weight"): points["weight"],
            _("answer"): points["answer"],
            _("value"): points["values"],
            _("ask"): written_list(points["ask"], lambda code: _body(rulebook, code)),
        }
    )
    return OutSheet(_("points"), _("Points by question"), frame)


def pathway_sheet(pathways: pd.DataFrame, rulebook: Rulebook) -> OutSheet:
    """Return the pathway of every low-use parcel (一地一策).

    Parameters
    ----------
    pathways, rulebook
        Of the parcels; labels and names of columns.

    Returns
    -------
    OutSheet
    """
    disposal = {code: pick(*both) for code, both in rulebook.domain("disposal").items()}
    types = {code: pick(*both) for code, both in rulebook.domain("land_type").items()}
    known = rulebook.columns
    names = {
        name: pick(label, label_en)
        for name, label, label_en in zip(
            known["name"], known["label"], known["label_en"], strict=True
        )
    }
    frame = pd.DataFrame(
        {
            _("parcel code"): pathways["parcel_code"],
            _("town"): pathways["town_name"],
            _("type"): pathways["land_type"].map(types),
            _("area (mu)"): (pathways["area"] / rulebook.constants["mu"]).round(4),
            _("pathway"): pathways["title"],
            _("disposal"): pathways["disposal"].map(disposal).fillna(""),
            _("why"): pathways["text"],
            _("policy tool"): pathways["tools"],
            _("basis"): pathways["document"],
            _("clause"): pathways["clause"],
            _("also possible"): pathways["others"],
            _("missing"): written_list(pathways["misses"], lambda name: names.get(name, name)),
        }
    )
    title = _("Pathway and policy tools, parcel by parcel")
    return OutSheet(_("pathways"), title, frame, "", {_("area (mu)"): 4})


def _body(rulebook: Rulebook, code: str) -> str:
    rows = rulebook.codes["bodies"].set_index("code")
    return pick(rows["name"].get(code, code), rows["name_en"].get(code, code))
