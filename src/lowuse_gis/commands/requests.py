"""``lowuse requests``: ask every body for what it owes, one workbook per town."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.commands.results import rulebook_named
from lowuse_gis.core.asked import SUMMARY, asked_fields
from lowuse_gis.core.described import body_names
from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.request_workbook import (
    Letter,
    asked_heading,
    file_name,
    write_request,
    write_summary,
)
from lowuse_gis.io.result import OPEN, read_result
from lowuse_gis.language import _, pick
from lowuse_gis.stages.requests import requests_of

if TYPE_CHECKING:
    from pathlib import Path

    from lowuse_gis.model import Rulebook
    from lowuse_gis.stages.requests import Requests

FILE = "file"


@dataclass(frozen=True)
class Asked:
    """The workbooks that were written, for the screen.

    Attributes
    ----------
    folder
        Where they are.
    files
        Per workbook ``body``, ``town``, ``file``, number of ``parcels``, the ``columns`` asked
        for, and the area at stake in m² and ``mu``.
    unasked
        Missing columns that no workbook asks for, with parcels and area.
    """

    folder: Path
    files: pd.DataFrame
    unasked: pd.DataFrame


def write_requests(
    path: Path,
    folder: Path,
    project: Path | None = None,
    due: date | None = None,
    *,
    overwrite: bool = False,
) -> Asked:
    """Write one workbook per body and town, and their summary.

    Parameters
    ----------
    path
        What classify wrote.
    folder
        Where to; made where it is missing. What else is in it stays.
    project
        Names the rulebook where it is not one of a known name.
    due
        The day by which they should come back.
    overwrite
        Whether workbooks of the same name may be replaced, and what was filled in in them.

    Returns
    -------
    Asked
    """
    result = read_result(path, findings=OPEN)
    rulebook = rulebook_named(str(result.run["rulebook"]), project=project)
    letter = Letter(rulebook, date.fromisoformat(str(result.run["as_of"])), due)
    requests = _with_files(requests_of(result, rulebook), rulebook)
    mu = float(result.run["mu"])
    asked = Asked(folder, _by_file(requests, rulebook), _named(requests.unasked, rulebook, mu))
    groups, cells = (dict(list(t.groupby(FILE))) for t in (requests.lines, requests.cells))
    names = [*groups, SUMMARY]
    made = not folder.exists()
    finals = [folder] if made else [folder / name for name in names]
    refuse_existing(finals, overwrite=overwrite)
    bodies = body_names(rulebook)
    with all_or_nothing(finals) as parts:
        if made:
            parts[0].mkdir()
        targets = [parts[0] / name for name in names] if made else parts
        for part, name in zip(targets, groups, strict=False):
            body = str(groups[name]["body"].iloc[0])
            write_request(part, bodies.get(body, body), groups[name], cells[name], letter)
        write_summary(targets[-1], _summary(asked, requests, rulebook, mu), letter)
    return asked


def _with_files(requests: Requests, rulebook: Rulebook) -> Requests:
    """Name the workbook of every line and cell; the name is Chinese, whatever the language."""
    bodies = rulebook.codes["bodies"]
    names = dict(zip(bodies["code"], bodies["name"], strict=True))

    def files(table: pd.DataFrame) -> pd.DataFrame:
        pairs = table[["body", "town"]].drop_duplicates()
        known = [(b, t, file_name(names.get(b, b), t)) for b, t in pairs.itertuples(index=False)]
        wanted = pd.DataFrame(known, columns=["body", "town", FILE], dtype="str")
        return table.merge(wanted, on=["body", "town"])

    return type(requests)(files(requests.lines), files(requests.cells), requests.unasked)


def _by_file(requests: Requests, rulebook: Rulebook) -> pd.DataFrame:
    """Count workbook by workbook."""
    bodies, fields = body_names(rulebook), asked_fields(rulebook.fields)
    order = {name: at for at, name in enumerate(rulebook.columns["name"])}
    keys = ["body", "town", FILE]
    columns = requests.cells[[*keys, "asked"]].drop_duplicates()
    columns = columns.assign(order=columns["asked"].map(order)).sort_values("order")
    heads = {name: asked_heading(spec) for name, spec in fields.items()}
    columns = columns.assign(head=columns["asked"].map(heads))
    asked = columns.groupby(keys, sort=False)["head"].agg("、".join)
    sums = {"parcels": ("row", "size"), "area": ("area", "sum"), "mu": ("mu", "sum")}
    table = requests.lines.groupby(keys, sort=False).agg(**sums).join(asked.rename("columns"))
    table = table.reset_index().round({"area": 2, "mu": 4})
    table["body"] = table["body"].map(bodies).fillna(table["body"])
    return table[[*keys, "parcels", "columns", "area", "mu"]]


def _named(unasked: pd.DataFrame, rulebook: Rulebook, mu: float) -> pd.DataFrame:
    """Call what nobody is asked for by its name."""
    labels = pick("label", "label_en")
    titles = {name: pick(rule.title, rule.title_en) for name, rule in rulebook.sources.items()}
    return unasked.assign(
        column=unasked["column"].map(rulebook.columns[labels]),
        source=unasked["source"].map(titles),
        mu=(unasked["area"].astype(float) / mu).round(4),
    )


def _summary(
    asked: Asked, requests: Requests, rulebook: Rulebook, mu: float
) -> list[tuple[str, str, pd.DataFrame]]:
    """Lay out the sheets of the summary."""
    fields = asked_fields(rulebook.fields)
    cells = requests.cells
    by_column = cells.groupby(["body", "town", "asked"], sort=False, as_index=False).agg(
        parcels=("row", "size"), area=("area", "sum")
    )
    bodies = body_names(rulebook)
    rank = {name: at for at, name in enumerate(rulebook.codes["bodies"]["code"])}
    by_column = by_column.assign(rank=by_column["body"].map(rank))
    by_column = by_column.sort_values(["rank", "town"], kind="stable", ignore_index=True)
    by_column = by_column.assign(
        body=by_column["body"].map(bodies).fillna(by_column["body"]),
        column=by_column["asked"].map({n: asked_heading(spec) for n, spec in fields.items()}),
        area=by_column["area"].round(2),
        mu=(by_column["area"].astype(float) / mu).round(4),
    )
    return [
        (
            _("by body"),
            _("Who owes what (a parcel may stand in several workbooks)"),
            asked.files,
        ),
        (
            _("by data"),
            _("What is missing, by body, town and column"),
            by_column[["body", "town", "column", "parcels", "area", "mu"]],
        ),
        (
            _("not asked for"),
            _("Missing, but not to be given in a table: hand in the data themselves"),
            asked.unasked,
        ),
    ]
