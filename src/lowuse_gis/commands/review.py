"""``lowuse review``: ask the towns, take in what they decide, and say how far they are."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from lowuse_gis.commands.answers import Ledger, Taken, Written, take_answers, write_workbooks
from lowuse_gis.commands.ledgers import ledgers_to_write
from lowuse_gis.commands.results import rulebook_named
from lowuse_gis.io.ledgers import DECISIONS
from lowuse_gis.io.result import MET, read_result
from lowuse_gis.io.review_workbook import FORM, write_review
from lowuse_gis.stages.answers import weighed
from lowuse_gis.stages.review import review_status, review_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd


def write_out(
    path: Path, folder: Path, project: Path | None = None, *, overwrite: bool = False
) -> Written:
    """Write one workbook per town, sub-district or park.

    Parameters
    ----------
    path
        What classify wrote.
    folder
        Where to; made where it is missing. What else is in it stays.
    project
        Names the rulebook where it is not one of a known name.
    overwrite
        Whether workbooks of the same name may be replaced.

    Returns
    -------
    Written
    """
    result = read_result(path, findings=MET)
    rulebook = rulebook_named(str(result.run["rulebook"]), project=project)

    def write(part: Path, lines: pd.DataFrame, as_of: date) -> None:
        write_review(part, lines, rulebook, as_of)

    as_of, lines = date.fromisoformat(str(result.run["as_of"])), review_table(result)
    return write_workbooks(lines, "reviewer", folder, FORM, write, as_of, overwrite=overwrite)


def take_in(
    files: Sequence[Path], path: Path, ledgers: Path | None = None, project: Path | None = None
) -> Taken:
    """Take the decisions of the towns into the ledger.

    Parameters
    ----------
    files
        Workbooks that came back.
    path
        The result they answer.
    ledgers
        Folder of the ledgers; that of the project if None.
    project
        Project file or folder.

    Returns
    -------
    Taken
        Nothing is written where nothing is accepted.

    Raises
    ------
    InputError
        Where no file could be read, or no folder is known.
    """
    result = read_result(path)
    rulebook = rulebook_named(str(result.run["rulebook"]), project=project)
    folder = ledgers_to_write(ledgers, project)
    ledger = Ledger(folder, DECISIONS, "decision", result.run, rulebook)
    return take_answers(
        files, FORM, ledger, lambda answers, before: weighed(answers, before, result, rulebook)
    )


def status(path: Path) -> pd.DataFrame:
    """Count by town or park what is decided and what is open.

    Parameters
    ----------
    path
        What classify wrote, with the ledger.

    Returns
    -------
    DataFrame
    """
    return review_status(read_result(path))
