"""What a run starts from: the rules, the date, and the files that project and user name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from lowuse_gis.core.conditions import parsed_criteria
from lowuse_gis.errors import InputError
from lowuse_gis.io.project import find_project
from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.io.supply import Supply
from lowuse_gis.io.vector import is_survey
from lowuse_gis.language import _
from lowuse_gis.model import Run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lowuse_gis.commands.classify import Request
    from lowuse_gis.commands.progress import Progress
    from lowuse_gis.io.project import Project
    from lowuse_gis.model import Rulebook

DEFAULT_RULES = "jinghai"


def run_of(rules: str, as_of: date | None, project: Project | None, threads: int = 2) -> Run:
    """Read the rules, and say as of when.

    Parameters
    ----------
    rules, as_of
        Of the command line; they stand above the project's. Without either it is the district's
        own rulebook, and the end of the year of its survey.
    project
        None where there is none.
    threads
        Threads for geometry.

    Returns
    -------
    Run

    Raises
    ------
    RuleError
        Where the rulebook is missing or wrong.
    """
    rulebook = read_rulebook(rules or (project.rules if project else "") or DEFAULT_RULES)
    day = as_of or (project.as_of if project else None) or date(rulebook.survey_year, 12, 31)
    return Run(rulebook, day, threads)


def rulebook_for(project: Path | None) -> Rulebook:
    """Read the rulebook that a project works by.

    Parameters
    ----------
    project
        Project file or folder; None looks for one in the working folder.

    Returns
    -------
    Rulebook
        The district's own where there is no project or it names none.

    Raises
    ------
    RuleError
        Where the rulebook is missing or wrong.
    """
    found = find_project(project)
    return read_rulebook((found.rules if found else "") or DEFAULT_RULES)


def prepare(request: Request) -> tuple[Run, list[Supply]]:
    """Bring together what the project file and the command line say.

    Parameters
    ----------
    request
        The command line stands above the project file.

    Returns
    -------
    run : Run
    supplies : list of Supply
        Parcels first.

    Raises
    ------
    InputError
        Where no parcel file is named anywhere.
    """
    project = find_project(request.project)
    run = run_of(request.rules, request.as_of, project, request.threads)
    parsed_criteria(run.rulebook)  # a wrong rule is told before anything is read
    known = project.supplies if project else ()
    supplies = [Supply("parcels", file) for file in request.parcels]
    given = [_given_source(name, file) for name, file in request.sources]
    named = {supply.name for supply in [*supplies, *given]}
    supplies += given
    own = [supply for supply in known if not of_legacy(supply.name, run.rulebook)]
    supplies += [supply for supply in own if supply.name not in named]
    supplies.sort(key=lambda supply: supply.name != "parcels")
    if not supplies or supplies[0].name != "parcels":
        raise InputError(
            _("no parcel file is named"),
            _("lowuse classify PARCELS.shp -o result.gpkg, or --project FOLDER with a lowuse.toml"),
        )
    return replace(run, with_names=request.reading.with_names), supplies


def all_supplies(sources: Sequence[tuple[str, str]], project: Project | None) -> list[Supply]:
    """Return every source that is named, whatever it is for.

    Parameters
    ----------
    sources
        Of the command line: name to file; they stand above the project's.
    project
        None where there is none.

    Returns
    -------
    list of Supply
    """
    given = [_given_source(name, file) for name, file in sources]
    named = {supply.name for supply in given}
    known = project.supplies if project else ()
    return given + [supply for supply in known if supply.name not in named]


def of_legacy(name: str, rulebook: Rulebook) -> bool:
    """Say whether only the search for historical legacy reads a source.

    Parameters
    ----------
    name, rulebook
        The source, and what the rulebook says of it.

    Returns
    -------
    bool
        False for an unknown one, which is told elsewhere.
    """
    return name in rulebook.sources and rulebook.sources[name].road == "legacy"


def with_survey_known(supplies: list[Supply], run: Run, progress: Progress) -> list[Supply]:
    """Take a parcel file that is the survey itself for what it is.

    Parameters
    ----------
    supplies, run, progress
        What was supplied, the rules, and who is told.

    Returns
    -------
    list of Supply
        Its construction land is then judged polygon by polygon.
    """
    parcels = [supply for supply in supplies if supply.name == "parcels"]
    if not all(is_survey(supply.path, supply.layer, run.rulebook) for supply in parcels):
        return supplies
    progress.show(_("these are survey polygons without parcels: each is judged by itself"))
    others = [supply for supply in supplies if supply.name not in {"parcels", "survey"}]
    return [*(replace(supply, name="survey") for supply in parcels), *others]


def _given_source(name: str, file: str) -> Supply:
    path, _colon, layer = file.rpartition(":")
    whole = Path(file)
    if path and not whole.exists() and Path(path).exists():
        return Supply(name, Path(path), layer)
    return Supply(name, whole)


def size_of(supplies: Sequence[Supply]) -> int:
    """Return how large the files are that were supplied.

    Parameters
    ----------
    supplies
        What was supplied; of a folder nothing is known.

    Returns
    -------
    int
        Bytes.
    """
    files = {supply.path for supply in supplies if supply.path.is_file()}
    return sum(file.stat().st_size for file in files)
