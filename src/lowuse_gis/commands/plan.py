"""``lowuse plan``: rank units, name key areas and pathways, draw up the plan of a year."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.commands.ledgers import existing_ledger
from lowuse_gis.commands.results import read_with_rules
from lowuse_gis.errors import InputError
from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.geopackage import write_geopackage
from lowuse_gis.io.ledgers import COLUMNS, PROJECTS, read_ledger
from lowuse_gis.io.plan_schema import plan_titles
from lowuse_gis.io.plan_workbook import (
    pathway_sheet,
    plan_sheet,
    points_sheet,
    ranking_sheet,
)
from lowuse_gis.io.unit_schema import out_layer
from lowuse_gis.io.units_file import read_units
from lowuse_gis.io.vector import file_hash
from lowuse_gis.io.workbook import write_workbook
from lowuse_gis.language import _
from lowuse_gis.stages.planning.key_areas import key_areas
from lowuse_gis.stages.planning.pathways import of_units, pathways_of
from lowuse_gis.stages.planning.ranking import ranked
from lowuse_gis.stages.planning.register import in_units, register_at, unreadable
from lowuse_gis.stages.planning.yearly_plan import YearlyPlan, drawn_up

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from lowuse_gis.io.out_layer import OutLayer
    from lowuse_gis.io.result import Result
    from lowuse_gis.io.units_file import UnitsFile
    from lowuse_gis.model import Rulebook

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Request:
    """What the user asked for.

    Attributes
    ----------
    result, units
        What classify and units wrote.
    year
        The year planned for.
    output
        GeoPackage to write; the workbook stands beside it.
    project, ledgers
        Where the register of projects is.
    rules
        Rulebook whose plan.toml and pathways.toml count; that of the result where empty.
    """

    result: Path
    units: Path
    year: int
    output: Path
    project: Path | None = None
    ledgers: Path | None = None
    rules: str = ""
    overwrite: bool = False


@dataclass(frozen=True)
class Planned:
    """A plan, for the screen and the files.

    Attributes
    ----------
    year
        Planned for.
    units
        Ranked, with pathway, quadrant and key area.
    points
        A line per unit and question.
    areas
        Key areas.
    pathways
        A line per low-use parcel.
    yearly
        The projects, and the limits they were chosen within.
    unplaced
        Projects of the register that lie in no unit.
    unread
        Lines of the register without gate or date.
    """

    year: int
    units: gpd.GeoDataFrame
    points: pd.DataFrame
    areas: gpd.GeoDataFrame
    pathways: pd.DataFrame
    yearly: YearlyPlan
    unplaced: pd.DataFrame
    unread: int
    rulebook: Rulebook
    files: tuple[Path, ...] = ()


def plan(request: Request) -> Planned:
    """Plan a year and write it.

    Parameters
    ----------
    request
        What the user asked for.

    Returns
    -------
    Planned

    Raises
    ------
    InputError
        Where the units are of another result, or there is no such year.
    """
    workbook = request.output.with_suffix(".xlsx")
    refuse_existing([request.output, workbook], overwrite=request.overwrite)
    if not FIRST_YEAR <= request.year <= LAST_YEAR:
        raise InputError(
            _("{year} is no year of a plan").format(year=request.year), _("such as --year 2025")
        )
    result, rulebook = read_with_rules(request.result, request.rules, request.project)
    file = read_units(request.units, ("members", "runs"))
    _of_one_result(request, file)
    planned = planned_for(request, result, file, rulebook)
    as_of = date.fromisoformat(str(result.run["as_of"]))
    run = _run_line(request, file)
    with all_or_nothing([request.output, workbook]) as (part, sheets):
        write_geopackage(part, layers_of(planned, run), rulebook.crs, as_of)
        pages = [
            plan_sheet(planned.yearly.projects, file.tables["members"], rulebook),
            ranking_sheet(planned.units, rulebook),
            points_sheet(planned.points, rulebook),
            pathway_sheet(planned.pathways, rulebook),
        ]
        write_workbook(sheets, pages, as_of)
    return replace(planned, files=(request.output, workbook))


def _of_one_result(request: Request, file: UnitsFile) -> None:
    """Refuse units that were drawn over another result."""
    drawn_over = str(file.tables["runs"].iloc[0].get("result_sha256", ""))
    if drawn_over != file_hash(request.result):
        raise InputError(
            _("{units} was drawn over another result than {result}").format(
                units=request.units, result=request.result
            ),
            _("draw the units again: lowuse units {result} -o {units} --overwrite").format(
                units=request.units, result=request.result
            ),
        )


def planned_for(request: Request, result: Result, file: UnitsFile, rulebook: Rulebook) -> Planned:
    """Rank, plan and name pathways, without writing.

    Parameters
    ----------
    request, result, file, rulebook
        What was asked for, and what was read.

    Returns
    -------
    Planned
    """
    spec, members = rulebook.plan, file.tables["members"]
    pathways = pathways_of(result.parcels, rulebook)
    units = file.units.join(of_units(members, pathways, file.units["unit_id"]))
    ranking, points = ranked(units, spec)
    units = units.join(ranking)
    areas, member = key_areas(units, spec["key_area"])
    units["key_area"] = member
    lines = register_lines(request.ledgers, request.project, rulebook)
    as_of = date(request.year - 1, 12, 31)  # a year's plan is made at the end of the one before
    register = in_units(register_at(lines, spec, as_of), members, units["unit_id"])
    placed = register["unit"].isin(units["unit_id"])
    mu = rulebook.constants["mu"]
    yearly = drawn_up(units, register[placed], spec, request.year, mu)
    unread = int(unreadable(lines, spec).sum())
    return Planned(
        request.year, units, points, areas, pathways, yearly, register[~placed], unread, rulebook
    )


def register_lines(ledgers: Path | None, project: Path | None, rulebook: Rulebook) -> pd.DataFrame:
    """Read the register of projects.

    Parameters
    ----------
    ledgers, project
        Where the ledgers are.
    rulebook
        Knows the headings.

    Returns
    -------
    DataFrame
        Empty where there is none.
    """
    file = existing_ledger(ledgers, project, PROJECTS)
    if file is None:
        return pd.DataFrame(columns=[*COLUMNS[PROJECTS], "line"], dtype="str")
    return read_ledger(file, PROJECTS, rulebook).frame


def layers_of(planned: Planned, run: pd.DataFrame) -> list[OutLayer]:
    """Return the layers of a plan file.

    Parameters
    ----------
    planned, run
        The plan, and the line that says what made it.

    Returns
    -------
    list of OutLayer
    """
    rulebook = planned.rulebook
    tables = [
        ("projects", _("projects of the year"), planned.yearly.projects),
        ("ranking", _("units in order"), planned.units),
        ("key_areas", _("key areas"), planned.areas),
        ("points", _("points by question"), planned.points),
        ("pathways", _("pathways of parcels"), planned.pathways),
        ("limits", _("limits of the year"), planned.yearly.limits),
        ("unplaced", _("projects in no unit"), planned.unplaced),
        ("runs", _("runs"), run),
    ]
    return [
        out_layer(name, title, frame, plan_titles(rulebook, name)) for name, title, frame in tables
    ]


def _run_line(request: Request, file: UnitsFile) -> pd.DataFrame:
    ledger = existing_ledger(request.ledgers, request.project, PROJECTS)
    line = file.tables["runs"].iloc[0].drop("geometry", errors="ignore").to_dict() | {
        "units_sha256": file_hash(request.units),
        "year": str(request.year),
        "projects_sha256": file_hash(ledger) if ledger else "",
    }
    return pd.DataFrame([{key: str(value) for key, value in line.items()}])
