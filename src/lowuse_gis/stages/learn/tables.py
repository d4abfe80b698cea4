"""Learn the sheets of a delivery, each with a plain layer of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lowuse_gis.core.filing.sheets import table_frame
from lowuse_gis.core.learning.fields import Learnt, learnt_columns
from lowuse_gis.core.learning.sheets import heading_of
from lowuse_gis.stages.learn.files import table_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lowuse_gis.model.filing import ReadPackage

COLUMN = "C{number}"


def learnt_tables(
    package: ReadPackage, books: Sequence[str], known: Mapping[str, Mapping[str, Any]]
) -> dict[str, tuple[dict[str, Any], dict[str, Any], Learnt]]:
    """Draft every sheet that has a heading, with a plain layer of its own.

    Parameters
    ----------
    package, books
        As read, and its workbooks in order.
    known
        What we know of fields, by their titles.

    Returns
    -------
    dict
        Name to the entries of table and layer, and what was learnt.
    """
    found = {}
    for number, path in enumerate(books, 1):
        sheets = [(sheet, rows) for (file, sheet), rows in package.sheets.items() if file == path]
        for at, (sheet, rows) in enumerate(sheets, 1):
            heading, headings = heading_of(rows)
            if heading < 0:
                continue
            name = table_name(number, at)
            codes = [COLUMN.format(number=n) for n in range(1, len(headings) + 1)]
            body = table_frame(rows[heading + 1 :], codes)
            learnt = learnt_columns(name, body, dict(zip(codes, headings, strict=True)), known)
            table: dict[str, Any] = {"title": sheet, "sheet": sheet, "from": name}
            table["columns"] = [list(pair) for pair in zip(headings, codes, strict=True)]
            layer = {"title": sheet, "from": "delivered", "plain": True}
            found[name] = table, {**layer, "fields": list(learnt.fields)}, learnt
    return found
