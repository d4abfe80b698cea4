"""``lowuse matches``: have people confirm what rows of tables mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.commands.ledgers import ledgers_to_write
from lowuse_gis.commands.results import rulebook_named
from lowuse_gis.commands.supplies import rulebook_for
from lowuse_gis.core.matching import AMBIGUOUS, DOUBTFUL
from lowuse_gis.errors import InputError
from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.ledgers import MATCHES, NEEDED, append_lines, ledger_file
from lowuse_gis.io.match_workbook import read_matches, write_matches
from lowuse_gis.io.result import read_result
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TABLE = "matched"


@dataclass(frozen=True)
class Taken:
    """What became of the answers.

    Attributes
    ----------
    ledger
        The ledger of matches.
    lines
        Every line answered, with ``state``: ``accepted`` or what is missing.
    """

    ledger: Path
    lines: pd.DataFrame


def write_out(
    path: Path, output: Path, project: Path | None = None, *, overwrite: bool = False
) -> pd.DataFrame:
    """Write the matches that are not sure.

    Parameters
    ----------
    path
        What classify wrote.
    output
        The workbook.
    project
        Names the rulebook where it is not one of a known name.
    overwrite
        Whether a workbook of that name may be replaced.

    Returns
    -------
    DataFrame
        Per source, method and state, how many rows were matched.

    Raises
    ------
    InputError
        Where nothing is to be confirmed.
    """
    refuse_existing([output], overwrite=overwrite)
    result = read_result(path)
    rulebook = rulebook_named(str(result.run["rulebook"]), project=project)
    lines = result.tables.get(TABLE, pd.DataFrame(columns=["source", "method", "state"]))
    open_ = lines[lines["state"].isin([DOUBTFUL, AMBIGUOUS])]
    if not len(open_):
        raise InputError(
            _("{path}: no match is in doubt").format(path=path),
            _("rows that match nothing are check rows 6101 of the result"),
        )
    order = ["source", "score", "given"]
    with all_or_nothing([output]) as (part,):
        write_matches(
            part,
            open_.sort_values(order, ascending=[True, False, True]),
            rulebook,
            date.fromisoformat(str(result.run["as_of"])),
        )
    return lines.groupby(["source", "method", "state"]).size().rename("rows").reset_index()


def take_in(
    files: Sequence[Path], ledgers: Path | None = None, project: Path | None = None
) -> Taken:
    """Take confirmed and refused matches into the ledger.

    Parameters
    ----------
    files
        Workbooks that came back.
    ledgers
        Folder of the ledgers; that of the project if None.
    project
        Project file or folder.

    Returns
    -------
    Taken
        Lines without an answer are left out; nothing is written where none is accepted.

    Raises
    ------
    InputError
        Where a file cannot be read, or no folder is known.
    """
    folder, rulebook = ledgers_to_write(ledgers, project), rulebook_for(project)
    lines = pd.concat([read_matches(file, rulebook) for file in files], ignore_index=True)
    lines = lines[lines["decision"].notna()].reset_index(drop=True)
    lacking = lines[list(NEEDED[MATCHES])].isna()
    known = lines["decision"].isin(list(rulebook.domain("yes_no")))
    state = pd.Series("accepted", index=lines.index)
    state = state.mask(~known, _("neither yes nor no"))
    state = state.mask(lacking.any(axis=1), _("who or when is missing"))
    lines = lines.assign(state=state)
    ledger = ledger_file(folder, MATCHES)
    accepted = lines[lines["state"] == "accepted"]
    if len(accepted):
        append_lines(ledger, MATCHES, accepted, rulebook)
    return Taken(ledger, lines)
