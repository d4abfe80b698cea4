"""The workbook in which people confirm which parcel or firm a row means, and its return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.io.tables import read_table
from lowuse_gis.io.workbook import OutSheet, write_workbook
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import pandas as pd

    from lowuse_gis.model import Rulebook

SOURCE = "matches"  # the entry of fields.toml
SHOWN = (
    "source", "given", "target", "target_name", "method", "score", "place", "decision", "who",
    "when", "note",
)  # fmt: skip
FILLED = ("decision", "who", "when", "note")
TEXT = "@"


def write_matches(path: Path, lines: pd.DataFrame, rulebook: Rulebook, as_of: date) -> None:
    """Write the matches that people are to confirm.

    Parameters
    ----------
    path
        A new file.
    lines
        Of the result's table ``matched``.
    rulebook
        Knows the headings.
    as_of
        The date judged for.
    """
    heads = {name: _heading(name, rulebook) for name in SHOWN}
    frame = lines.assign(**dict.fromkeys(FILLED, "")).reindex(columns=list(SHOWN))
    frame["source"] = frame["source"].astype("str")
    words = [pick(*labels) for labels in rulebook.domain("yes_no").values()]
    sheet = OutSheet(
        _("matches"),
        _("Is it the same? Rows of tables and what they seem to mean"),
        frame.rename(columns=heads),
        _(
            "{decision}: {words}; {who} and {when} are needed. Do not change the other columns."
        ).format(
            decision=heads["decision"],
            words=" / ".join(words),
            who=heads["who"],
            when=heads["when"],
        ),
        {heads["score"]: 3},
        {heads["target"]: TEXT, heads["when"]: "yyyy-mm-dd"},
        {heads["decision"]: words},
        {heads["who"]: 12, heads["when"]: 14, heads["note"]: 20},
    )
    write_workbook(path, [sheet], as_of)


def _heading(name: str, rulebook: Rulebook) -> str:
    chinese, english = rulebook.fields[SOURCE][name]["names"][:2]
    return pick(chinese, english)


def read_matches(path: Path, rulebook: Rulebook) -> pd.DataFrame:
    """Read a workbook that came back.

    Parameters
    ----------
    path
        A workbook or CSV; columns in any order.
    rulebook
        Knows the headings.

    Returns
    -------
    DataFrame
        ``source``, ``given``, ``target``, ``decision`` as a code, ``who``, ``when``, ``note``, as
        text; ``file`` and ``cell``.

    Raises
    ------
    InputError
        Where the file cannot be opened or is no such list.
    """
    table = read_table(path, SOURCE, rulebook).frame
    frame = table.reindex(columns=["source", "given", "target", *FILLED]).astype("str")
    for name in ("given", "target"):
        frame[name] = frame[name].str.lstrip("'")
    return frame.assign(file=path.name, cell=table["place"])
