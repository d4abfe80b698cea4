"""The ledger of exceptions: findings that somebody has excused, with reason and name."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.errors import InputError
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
    frame = _read(path)
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


def _read(path: Path) -> pd.DataFrame:
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise InputError(
            _("{path}: the text is neither UTF-8 nor GBK").format(path=path),
            _("save it again as UTF-8 CSV"),
        )
    try:
        raw = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    except ValueError as error:
        raise InputError(
            _("{path}: cannot be read as a table: {reason}").format(
                path=path, reason=str(error).strip()
            ),
            _("correct that line; every line needs as many commas as the heading"),
        ) from error
    absent = [name for name in NEEDED if name not in raw]
    if absent:
        raise InputError(
            _("{path}: the column {names} is missing").format(path=path, names=", ".join(absent)),
            _("its heading must read: {names}").format(names=",".join(COLUMNS)),
        )
    return raw.reindex(columns=list(COLUMNS)).fillna("").map(str.strip)
