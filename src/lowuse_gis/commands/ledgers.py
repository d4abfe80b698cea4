"""Where the ledgers of a project are, and how they come into a survey."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lowuse_gis.errors import InputError
from lowuse_gis.io.ledgers import ledger_file, read_ledgers
from lowuse_gis.io.project import find_project
from lowuse_gis.language import _

if TYPE_CHECKING:
    from pathlib import Path

    from lowuse_gis.model import Run, Survey


def ledgers_folder(given: Path | None, project: Path | None) -> Path | None:
    """Say where the ledgers are.

    Parameters
    ----------
    given
        Folder named on the command line; stands above the project.
    project
        Project file or folder; None looks for one in the working folder.

    Returns
    -------
    Path, or None
        None where none is named and the project has none.
    """
    found = None if given else find_project(project)
    if given or found is None:
        return given
    return found.ledgers if found.ledgers_named or found.ledgers.is_dir() else None


def ledgers_to_write(given: Path | None, project: Path | None) -> Path:
    """Say where ledgers are written, which need not be there yet.

    Parameters
    ----------
    given, project
        As `ledgers_folder` takes them.

    Returns
    -------
    Path

    Raises
    ------
    InputError
        Where no folder is known.
    """
    found = None if given else find_project(project)
    folder = found.ledgers if found else given
    if folder is None:
        raise InputError(
            _("no folder of ledgers is named"),
            _("add --ledgers FOLDER, or --project FOLDER with a lowuse.toml"),
        )
    return folder


def existing_ledger(given: Path | None, project: Path | None, name: str) -> Path | None:
    """Find a ledger.

    Parameters
    ----------
    given, project
        As `ledgers_folder` takes them.
    name
        Of the ledger.

    Returns
    -------
    Path, or None
        None where there is none.
    """
    folder = ledgers_folder(given, project)
    file = ledger_file(folder, name) if folder else None
    return file if file and file.exists() else None


def with_ledgers(survey: Survey, folder: Path | None, run: Run) -> Survey:
    """Add the decisions and corrections of the towns to what was read.

    Parameters
    ----------
    survey, run
        As read, and the rules.
    folder
        Of the ledgers; None for none.

    Returns
    -------
    Survey
        The ledgers are tables of it and stand among its sources.
    """
    ledgers = read_ledgers(folder, run.rulebook) if folder else {}
    return replace(
        survey,
        tables={**survey.tables, **{name: ledger.frame for name, ledger in ledgers.items()}},
        sources=(*survey.sources, *(ledger.source for ledger in ledgers.values())),
    )
