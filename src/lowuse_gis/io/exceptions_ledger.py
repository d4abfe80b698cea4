"""The ledger of exceptions: findings that somebody has excused, with reason and name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.errors import InputError
from lowuse_gis.io.csv_text import read_table_text, require
from lowuse_gis.language import _

if TYPE_CHECKING:
    from pathlib import Path

    from lowuse_gis.model import Rulebook

NAME = "exceptions.csv"
COLUMNS = ("code", "source", "id", "other_id", "reason", "who", "when")
NEEDED = ("code", "id", "reason", "who")


def read_exceptions(folder: Path | None, rulebook: Rulebook) -> pd.DataFrame:
    """Read the exceptions of a project.

    Parameters
    ----------
    folder
        Of the ledgers; None, or one without exceptions.csv, for none.
    rulebook
        Knows the codes of checks.

    Returns
    -------
    DataFrame
        Columns `COLUMNS` as text; empty where nothing stands.

    Raises
    ------
    InputError
        Where a line lacks its code, id, reason or name, or names an unknown check.
    """
    path = folder / NAME if folder else None
    if path is None or not path.exists():
        return pd.DataFrame(columns=list(COLUMNS), dtype="str")
    raw = read_table_text(path)
    require(path, raw.columns, NEEDED, COLUMNS)
    frame = raw.reindex(columns=list(COLUMNS)).fillna("").map(str.strip)
    frame = frame[(frame != "").any(axis=1)]
    lines = frame.index + 2
    for name in NEEDED:
        blank = (frame[name] == "").to_numpy()
        if blank.any():
            raise InputError(
                _("{path}: line {line}: {name} is empty").format(
                    path=path, line=lines[blank][0], name=name
                ),
                _("an exception needs code, id, reason and who"),
            )
    unknown = ~frame["code"].isin(rulebook.check_catalogue["code"]).to_numpy()
    if unknown.any():
        raise InputError(
            _("{path}: line {line}: unknown check {code}").format(
                path=path, line=lines[unknown][0], code=frame["code"][unknown].iloc[0]
            ),
            _("codes stand in checks.csv of the rules"),
        )
    return frame
