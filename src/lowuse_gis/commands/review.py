"""``lowuse review``: ask the towns, take in what they decide, and say how far they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.commands.ledgers import ledgers_to_write
from lowuse_gis.commands.supplies import rulebook_for
from lowuse_gis.errors import InputError
from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.ledgers import COLUMNS, DECISIONS, append_lines, ledger_file, read_ledger
from lowuse_gis.io.result import read_result
from lowuse_gis.io.review_workbook import file_name, read_answers, write_review
from lowuse_gis.language import _, pick
from lowuse_gis.stages.answers import ACCEPTED, weighed
from lowuse_gis.stages.review import review_status, review_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from lowuse_gis.model import Rulebook


@dataclass(frozen=True)
class Written:
    """The workbooks that were written, for the screen.

    Attributes
    ----------
    folder
        Where they are.
    files
        Per workbook ``file``, ``town``, and the number of ``parcels``.
    """

    folder: Path
    files: pd.DataFrame


@dataclass(frozen=True)
class Taken:
    """What became of the answers, for the screen.

    Attributes
    ----------
    ledger
        The ledger of decisions.
    lines
        Every line of the workbooks with its ``state`` and ``faults``.
    unread
        File and reason of each that could not be read.
    words
        What the codes of decisions are called.
    """

    ledger: Path
    lines: pd.DataFrame
    unread: Sequence[tuple[str, str]]
    words: Mapping[str, str]


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
    result = read_result(path)
    rulebook = rulebook_for(project, str(result.run["rulebook"]))
    as_of = date.fromisoformat(str(result.run["as_of"]))
    lines = review_table(result)
    name = lines["reviewer"].map({town: file_name(town) for town in lines["reviewer"].unique()})
    groups = dict(list(lines.groupby(name)))
    made = not folder.exists()
    finals = [folder] if made else [folder / file for file in groups]
    refuse_existing(finals, overwrite=overwrite)
    with all_or_nothing(finals) as parts:
        if made:
            parts[0].mkdir()
        targets = [parts[0] / file for file in groups] if made else parts
        for part, group in zip(targets, groups.values(), strict=True):
            write_review(part, group, rulebook, as_of)
    rows = [(file, group["reviewer"].iloc[0], len(group)) for file, group in groups.items()]
    return Written(folder, pd.DataFrame(rows, columns=["file", "town", "parcels"]))


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
    rulebook = rulebook_for(project, str(result.run["rulebook"]))
    folder = ledgers_to_write(ledgers, project)
    answers, unread = _read_all(files, rulebook)
    ledger = ledger_file(folder, DECISIONS)
    before = pd.DataFrame(columns=[*COLUMNS[DECISIONS], "line"], dtype="str")
    if ledger.exists():
        before = read_ledger(ledger, DECISIONS, rulebook).frame
    lines = weighed(answers, before, result, rulebook)
    accepted = lines[lines["state"] == ACCEPTED]
    if len(accepted):
        run = result.run
        stamp = {"rulebook": f"{run['rulebook']} {run['version']}", "as_of": str(run["as_of"])}
        append_lines(ledger, DECISIONS, accepted.assign(**stamp), rulebook)
    words = {code: pick(*labels) for code, labels in rulebook.domain("decision").items()}
    return Taken(ledger, lines, unread, words)


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


def _read_all(
    files: Sequence[Path], rulebook: Rulebook
) -> tuple[pd.DataFrame, list[tuple[str, str]]]:
    answers, unread, hint = [], [], ""
    for file in dict.fromkeys(files):
        try:
            answers.append(read_answers(file, rulebook))
        except InputError as error:
            unread.append((file.name, error.message))
            hint = hint or error.hint
    if not answers:
        raise InputError(
            _("none of the {count} files could be read: {reason}").format(
                count=len(unread), reason="; ".join(reason for _file, reason in unread)
            ),
            hint,
        )
    return pd.concat(answers, ignore_index=True), unread
