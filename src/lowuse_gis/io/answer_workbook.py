"""What workbooks that towns fill in have in common: headings, the sheet of advice, reading back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.io.tables import read_table
from lowuse_gis.io.workbook import OutSheet, harmless
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from lowuse_gis.model import Rulebook

TEXT, DAY = "@", "yyyy-mm-dd"
ANSWERS = "answers"  # the fingerprint of what is answered
UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
LONGEST = 60


@dataclass(frozen=True)
class Form:
    """What is asked of towns, and how it is read back.

    Attributes
    ----------
    prefix
        Begins the name of a file, whatever the language.
    source
        The entry of ``fields.toml`` that knows the headings.
    codes
        Columns that say what is answered; a spreadsheet may have set an apostrophe before them.
    answered
        Columns that the town fills in.
    prose
        Those of them that are free text.
    """

    prefix: str
    source: str
    codes: tuple[str, ...]
    answered: tuple[str, ...]
    prose: tuple[str, ...]

    def file_name(self, town: str) -> str:
        """Name the workbook of a town or park.

        Parameters
        ----------
        town
            Its name; characters that a file name may not have are replaced.

        Returns
        -------
        str

        Examples
        --------
        >>> Form("认定表_", "decisions", (), (), ()).file_name("王口镇/东区")
        '认定表_王口镇_东区.xlsx'
        """
        return self.prefix + UNSAFE.sub("_", town).strip(" .")[:LONGEST] + ".xlsx"

    def headings(self, names: Sequence[str], rulebook: Rulebook) -> dict[str, str]:
        """Return what columns are called in the language of the user.

        Parameters
        ----------
        names
            Columns of the entry.
        rulebook
            Knows their names, the Chinese one first.

        Returns
        -------
        dict
        """
        known = rulebook.fields[self.source]
        return {name: pick(*known[name]["names"][:2]) for name in names}

    def read(self, path: Path, rulebook: Rulebook) -> pd.DataFrame:
        """Read a workbook that came back from a town.

        Parameters
        ----------
        path
            A workbook or CSV; columns in any order, sheets and titles added.
        rulebook
            Knows the headings.

        Returns
        -------
        DataFrame
            Codes, what the town wrote and the fingerprint, as text with decisions as codes;
            ``file`` and ``place`` (sheet and row).

        Raises
        ------
        InputError
            Where the file cannot be opened or has no column of decisions.
        """
        table = read_table(path, self.source, rulebook).frame
        columns = dict.fromkeys((*self.codes, *self.answered, ANSWERS))
        frame = table.reindex(columns=list(columns)).astype("str")
        for name in self.prose:
            tidy = frame[name].str.replace(r"\s+", " ", regex=True)
            frame[name] = tidy.map(harmless, na_action="ignore").astype("str")
        for name in (*self.codes, ANSWERS):
            frame[name] = frame[name].str.lstrip("'")
        frame[ANSWERS] = frame[ANSWERS].str.lower()
        return frame.assign(file=harmless(path.name), place=table["place"])


def rules_line(rulebook: Rulebook, as_of: date) -> str:
    """Say by which rules and for which date was judged.

    Parameters
    ----------
    rulebook, as_of
        The rules and the date.

    Returns
    -------
    str
    """
    return _("Rules: {title} {version}; as of {date}").format(
        title=pick(rulebook.title, rulebook.title_en), version=rulebook.version, date=as_of
    )


def guide(lines: Sequence[str]) -> OutSheet:
    """Return the sheet that says how a workbook is filled in.

    Parameters
    ----------
    lines
        One piece of advice each.

    Returns
    -------
    OutSheet
    """
    heading = _("how to fill in")
    return OutSheet(heading, heading, pd.DataFrame({_("please note"): list(lines)}))
