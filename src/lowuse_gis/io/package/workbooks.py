"""Workbooks of a package: its sheets, the rules it rests on, and what was found in the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.core.attributes import attributes_of
from lowuse_gis.io.workbook import OutSheet, write_workbook
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    import pandas as pd

    from lowuse_gis.model import Rulebook
    from lowuse_gis.model.filing import FiledSheet

CHECKED = ("code", "severity", "title", "row", "value", "limit", "note", "remedy", "body", "x", "y",
           "file", "cell")  # fmt: skip


def write_sheets(path: Path, sheets: Sequence[FiledSheet], note: str, as_of: date) -> None:
    """Write filed sheets into one workbook.

    Parameters
    ----------
    path, sheets
        Where to, and what.
    note
        The line below the title, such as that it is a draft.
    as_of
        Stands for the date of writing.
    """
    pages = [
        OutSheet(sheet.name, sheet.title, sheet.frame, note, formats=dict(sheet.formats))
        for sheet in sheets
    ]
    write_workbook(path, pages, as_of)


def write_rules(
    path: Path, tables: Mapping[str, pd.DataFrame], rulebook: Rulebook, as_of: date
) -> None:
    """Write the criteria and thresholds that the verdicts rest on.

    Parameters
    ----------
    path
        Where to.
    tables
        Of the result: the criteria and thresholds it was judged by.
    rulebook
        Its title.
    as_of
        Stands for the date of writing.
    """
    run = tables["runs"].iloc[0]
    note = f"{run['title']} {run['version']} SHA-256 {run['rules_sha256']}"
    criteria = tables["criteria"]
    documents = criteria["document"].map(dict(rulebook.documents))
    criteria = criteria.assign(document=documents.fillna(criteria["document"]))
    pages = [
        OutSheet(_("criteria"), _("criteria"), criteria.drop(columns=["title_en"]), note),
        OutSheet(_("thresholds"), _("thresholds"), tables["thresholds"], note),
        OutSheet(_("sources"), _("sources"), tables["sources"], note),
    ]
    write_workbook(path, pages, as_of)


def write_quality(path: Path, checks: pd.DataFrame, cut: pd.DataFrame, as_of: date) -> None:
    """Write what was found in the data, and what the package had to shorten.

    Parameters
    ----------
    path
        Where to.
    checks
        Check rows of the result.
    cut
        Layer, field and number of shortened texts.
    as_of
        Stands for the date of writing.
    """
    checks = attributes_of(checks)
    by_code = checks.groupby(["code", "severity", "title"], as_index=False).size()
    pages = [
        OutSheet(_("summary"), _("Quality report"), by_code),
        OutSheet(_("check records"), _("check records"), checks.reindex(columns=list(CHECKED))),
        OutSheet(_("shortened"), _("texts that were too long for their field"), cut),
    ]
    write_workbook(path, pages, as_of)
