"""Read CSV files that people keep, also after a spreadsheet program saved them in its own way."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.errors import InputError
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path


def decoded(path: Path, data: bytes) -> tuple[str, str]:
    """Decode the text of a file.

    Parameters
    ----------
    path
        Names it.
    data
        Its bytes.

    Returns
    -------
    text, encoding : str
        UTF-8, with or without its mark, or GB18030.

    Raises
    ------
    InputError
        Where it is neither.
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise InputError(
        _("{path}: the text is neither UTF-8 nor GBK").format(path=path),
        _("save it again as UTF-8 CSV"),
    )


def read_table_text(path: Path) -> pd.DataFrame:
    """Read all cells as text, empty lines too, so that rows keep their places.

    Parameters
    ----------
    path
        A CSV file in UTF-8 or GBK.

    Returns
    -------
    DataFrame
        Line 2 of the file is row 0.

    Raises
    ------
    InputError
        Where it cannot be decoded, or its lines differ in length.
    """
    text, _encoding = decoded(path, path.read_bytes())
    try:
        return pd.read_csv(
            io.StringIO(text), dtype=str, keep_default_na=False, skip_blank_lines=False
        )
    except ValueError as error:
        raise InputError(
            _("{path}: cannot be read as a table: {reason}").format(
                path=path, reason=str(error).strip()
            ),
            _("correct that line; every line needs as many commas as the heading"),
        ) from error


def require(
    path: Path, found: Collection[str], needed: Iterable[str], heading: Iterable[str]
) -> None:
    """Refuse a file that lacks a column.

    Parameters
    ----------
    path
        Names it.
    found, needed
        The columns it has, and those it must have.
    heading
        All that it may have, for the hint.

    Raises
    ------
    InputError
        Where one is missing.
    """
    absent = [column for column in needed if column not in found]
    if absent:
        raise InputError(
            _("{path}: the column {names} is missing").format(path=path, names=", ".join(absent)),
            _("its heading must read: {names}").format(names=",".join(heading)),
        )
