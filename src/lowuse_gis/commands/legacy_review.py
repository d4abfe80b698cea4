"""``lowuse legacy review``: ask the towns about legacy, and take in what they answer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.commands.ledgers import ledgers_to_write
from lowuse_gis.commands.legacy_seal import refuse_sealed
from lowuse_gis.commands.review import Taken, Written
from lowuse_gis.commands.supplies import rulebook_for
from lowuse_gis.errors import InputError
from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.ledgers import (
    COLUMNS,
    LEGACY_DECISIONS,
    append_lines,
    ledger_file,
    read_ledger,
)
from lowuse_gis.io.legacy_file import read_legacy
from lowuse_gis.io.legacy_workbook import PREFIX, read_legacy_answers, write_legacy_review
from lowuse_gis.io.review_workbook import file_name
from lowuse_gis.language import _, pick
from lowuse_gis.stages.legacy.asked import ACCEPTED, asked_pieces, weighed_pieces

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd

    from lowuse_gis.model import Rulebook


def write_out(
    path: Path, folder: Path, project: Path | None = None, *, overwrite: bool = False
) -> Written:
    """Write one workbook per town.

    Parameters
    ----------
    path
        What ``legacy find`` wrote.
    folder
        Where to; made where it is missing. What else is in it stays.
    project
        Names the rulebook where it is not one of a known name.
    overwrite
        Whether workbooks of the same name may be replaced.

    Returns
    -------
    Written

    Raises
    ------
    InputError
        Where there is nothing to ask.
    """
    pieces, run = _pieces(path)
    rulebook = rulebook_for(project, str(run["rulebook"]))
    lines = asked_pieces(pieces, rulebook)
    if not len(lines):
        raise InputError(
            _("{path}: no piece that a town could answer").format(path=path),
            _("see the layer legacy in QGIS"),
        )
    name = lines["town"].map({town: file_name(town, PREFIX) for town in lines["town"].unique()})
    groups = dict(list(lines.groupby(name)))
    made = not folder.exists()
    finals = [folder] if made else [folder / file for file in groups]
    refuse_existing(finals, overwrite=overwrite)
    with all_or_nothing(finals) as parts:
        if made:
            parts[0].mkdir()
        targets = [parts[0] / file for file in groups] if made else parts
        as_of = date.fromisoformat(str(run["as_of"]))
        for part, group in zip(targets, groups.values(), strict=True):
            write_legacy_review(part, group, rulebook, as_of)
    rows = [(file, group["town"].iloc[0], len(group)) for file, group in groups.items()]
    return Written(folder, pd.DataFrame(rows, columns=["file", "town", "parcels"]))


def take_in(
    files: Sequence[Path], path: Path, ledgers: Path | None = None, project: Path | None = None
) -> Taken:
    """Take the answers of the towns into ``legacy_decisions.csv``.

    Parameters
    ----------
    files
        Workbooks that came back.
    path
        What ``legacy find`` wrote, which they answer.
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
    SealError
        Where the legacy of this project is sealed.
    """
    refuse_sealed(ledgers, project)
    pieces, run = _pieces(path)
    rulebook = rulebook_for(project, str(run["rulebook"]))
    ledger = ledger_file(ledgers_to_write(ledgers, project), LEGACY_DECISIONS)
    answers, unread = _read_all(files, rulebook)
    before = pd.DataFrame(columns=[*COLUMNS[LEGACY_DECISIONS], "line"], dtype="str")
    if ledger.exists():
        before = read_ledger(ledger, LEGACY_DECISIONS, rulebook).frame
    lines = weighed_pieces(answers, before, pieces, rulebook)
    accepted = lines[lines["state"] == ACCEPTED]
    if len(accepted):
        stamp = {"rulebook": f"{run['rulebook']} {run['version']}", "as_of": str(run["as_of"])}
        append_lines(ledger, LEGACY_DECISIONS, accepted.assign(**stamp), rulebook)
    words = {code: pick(*both) for code, both in rulebook.domain("legacy_decision").items()}
    return Taken(ledger, lines, unread, words)


def _pieces(path: Path) -> tuple[gpd.GeoDataFrame, pd.Series]:
    pieces, run = read_legacy(path)
    if "fingerprint" not in pieces:
        raise InputError(
            _("{path}: its pieces have no fingerprints").format(path=path),
            _("run 'lowuse legacy find' again"),
        )
    return pieces, run


def _read_all(
    files: Sequence[Path], rulebook: Rulebook
) -> tuple[pd.DataFrame, list[tuple[str, str]]]:
    answers, unread, hint = [], [], ""
    for file in dict.fromkeys(files):
        try:
            answers.append(read_legacy_answers(file, rulebook))
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
