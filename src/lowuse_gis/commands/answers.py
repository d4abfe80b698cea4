"""Ask the towns by workbooks, and take what they answer into a ledger: whatever is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.core.answers import ACCEPTED
from lowuse_gis.errors import InputError
from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.ledgers import COLUMNS, append_lines, ledger_file, read_ledger
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from lowuse_gis.io.answer_workbook import Form
    from lowuse_gis.model import Rulebook


@dataclass(frozen=True)
class Written:
    """The workbooks that were written, for the screen.

    Attributes
    ----------
    folder
        Where they are.
    files
        Per workbook ``file``, ``town``, and how many ``lines`` it has.
    """

    folder: Path
    files: pd.DataFrame


@dataclass(frozen=True)
class Taken:
    """What became of the answers, for the screen.

    Attributes
    ----------
    ledger
        The ledger they go to.
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


@dataclass(frozen=True)
class Ledger:
    """The ledger that answers go to.

    Attributes
    ----------
    folder, name
        Where it is.
    domain
        The code list of its decisions.
    run
        The line that says what made the result which is answered.
    rulebook
        Knows the headings and words.
    """

    folder: Path
    name: str
    domain: str
    run: pd.Series
    rulebook: Rulebook


def write_workbooks(
    lines: pd.DataFrame,
    town: str,
    folder: Path,
    form: Form,
    write: Callable[[Path, pd.DataFrame, date], None],
    as_of: date,
    *,
    overwrite: bool = False,
) -> Written:
    """Write one workbook per town, all or none.

    Parameters
    ----------
    lines
        What is asked, at least one line.
    town
        Its column that says who is asked.
    folder
        Where to; made where it is missing. What else is in it stays.
    form
        Names the files.
    write
        Writes a workbook of some lines.
    as_of
        The date judged for.
    overwrite
        Whether workbooks of the same name may be replaced.

    Returns
    -------
    Written
    """
    names = {name: form.file_name(name) for name in lines[town].unique()}
    groups = dict(list(lines.groupby(lines[town].map(names))))
    made = not folder.exists()
    finals = [folder] if made else [folder / file for file in groups]
    refuse_existing(finals, overwrite=overwrite)
    with all_or_nothing(finals) as parts:
        if made:
            parts[0].mkdir()
        targets = [parts[0] / file for file in groups] if made else parts
        for part, group in zip(targets, groups.values(), strict=True):
            write(part, group, as_of)
    rows = [(file, group[town].iloc[0], len(group)) for file, group in groups.items()]
    return Written(folder, pd.DataFrame(rows, columns=["file", "town", "lines"]))


def take_answers(
    files: Sequence[Path],
    form: Form,
    ledger: Ledger,
    weigh: Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame],
) -> Taken:
    """Weigh the answers of towns and append those that are accepted to a ledger.

    Parameters
    ----------
    files
        Workbooks that came back.
    form
        Reads them.
    ledger
        Where accepted answers go; nothing is written where none is.
    weigh
        Takes the answers and the lines that the ledger has, and gives each answer its ``state``.

    Returns
    -------
    Taken

    Raises
    ------
    InputError
        Where no file could be read.
    """
    rulebook, run = ledger.rulebook, ledger.run
    answers, unread = _read_all(files, form, rulebook)
    file = ledger_file(ledger.folder, ledger.name)
    before = pd.DataFrame(columns=[*COLUMNS[ledger.name], "line"], dtype="str")
    if file.exists():
        before = read_ledger(file, ledger.name, rulebook).frame
    lines = weigh(answers, before)
    accepted = lines[lines["state"] == ACCEPTED]
    if len(accepted):
        stamp = {"rulebook": f"{run['rulebook']} {run['version']}", "as_of": str(run["as_of"])}
        append_lines(file, ledger.name, accepted.assign(**stamp), rulebook)
    words = {code: pick(*both) for code, both in rulebook.domain(ledger.domain).items()}
    return Taken(file, lines, unread, words)


def _read_all(
    files: Sequence[Path], form: Form, rulebook: Rulebook
) -> tuple[pd.DataFrame, list[tuple[str, str]]]:
    answers, unread, hint = [], [], ""
    for file in dict.fromkeys(files):
        try:
            answers.append(form.read(file, rulebook))
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
