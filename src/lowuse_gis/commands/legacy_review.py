"""``lowuse legacy review``: ask the towns about legacy, and take in what they answer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from lowuse_gis.commands.answers import Ledger, Taken, Written, take_answers, write_workbooks
from lowuse_gis.commands.ledgers import ledgers_to_write
from lowuse_gis.commands.legacy_seal import refuse_sealed
from lowuse_gis.commands.results import rulebook_named
from lowuse_gis.errors import InputError
from lowuse_gis.io.ledgers import LEGACY_DECISIONS
from lowuse_gis.io.legacy_file import read_answers, read_legacy
from lowuse_gis.io.legacy_workbook import FORM, write_legacy_review
from lowuse_gis.language import _
from lowuse_gis.stages.legacy.asked import asked_pieces, asked_status, weighed_pieces

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd


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
    rulebook = rulebook_named(str(run["rulebook"]), project=project)
    lines = asked_pieces(pieces, rulebook)
    if not len(lines):
        raise InputError(
            _("{path}: no piece that a town could answer").format(path=path),
            _("see the layer legacy in QGIS"),
        )

    def write(part: Path, own: pd.DataFrame, as_of: date) -> None:
        write_legacy_review(part, own, rulebook, as_of)

    as_of = date.fromisoformat(str(run["as_of"]))
    return write_workbooks(lines, "town", folder, FORM, write, as_of, overwrite=overwrite)


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
    rulebook = rulebook_named(str(run["rulebook"]), project=project)
    folder = ledgers_to_write(ledgers, project)
    ledger = Ledger(folder, LEGACY_DECISIONS, "legacy_decision", run, rulebook)
    return take_answers(
        files,
        FORM,
        ledger,
        lambda answers, before: weighed_pieces(answers, before, pieces, rulebook),
    )


def status(path: Path) -> pd.DataFrame:
    """Count by town what is answered and what is open.

    Parameters
    ----------
    path
        What ``legacy find`` wrote, with the ledger.

    Returns
    -------
    DataFrame
    """
    return asked_status(_pieces(path)[0], read_answers(path))


def _pieces(path: Path) -> tuple[gpd.GeoDataFrame, pd.Series]:
    pieces, run = read_legacy(path)
    if "fingerprint" not in pieces:
        raise InputError(
            _("{path}: its pieces have no fingerprints").format(path=path),
            _("run 'lowuse legacy find' again"),
        )
    return pieces, run
