"""``lowuse card``: one parcel on one page (一地一策), as HTML and PDF."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.commands.progress import Progress
from lowuse_gis.commands.results import read_with_rules
from lowuse_gis.errors import InputError
from lowuse_gis.io.answer_workbook import UNSAFE, rules_line
from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.card_file import write_html, write_pdf
from lowuse_gis.io.geopackage import read_layer_frame
from lowuse_gis.io.result import in_sql
from lowuse_gis.io.units_file import read_units
from lowuse_gis.language import _
from lowuse_gis.stages.cards import cards_of, chosen_rows
from lowuse_gis.stages.maps.content import further_texts
from lowuse_gis.stages.planning.pathways import pathways_of
from lowuse_gis.stages.review import review_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lowuse_gis.io.result import Result


@dataclass(frozen=True)
class Request:
    """What the user asked for.

    Attributes
    ----------
    result, folder
        What classify wrote, and where cards go.
    wanted
        Parcel codes or rows.
    units, unit
        What units wrote, and the unit whose parcels are wanted too.
    rules
        Rulebook whose map.toml counts; that of the result where empty.
    """

    result: Path
    folder: Path
    wanted: Sequence[str] = ()
    units: Path | None = None
    unit: str = ""
    rules: str = ""
    overwrite: bool = False


def write_cards(request: Request, progress: Progress | None = None) -> list[Path]:
    """Write the cards of some parcels, all or none.

    Parameters
    ----------
    request, progress
        What the user asked for, and what shows how far it is.

    Returns
    -------
    list of Path
        Two files per parcel.

    Raises
    ------
    InputError
        Where no parcel is named, or one that the result does not have.
    """
    result, rulebook = read_with_rules(request.result, request.rules)
    rows = chosen_rows(result.parcels, [*request.wanted, *_members(request, result)])
    if not rows:
        raise InputError(_("no parcel is named"), _("give parcel codes, or --unit with --units"))
    own = _only(result, request.result, rows)
    texts = review_table(own).set_index("row").join(further_texts(own, None))
    pathways = pathways_of(own.parcels, rulebook).set_index("row")
    cards = cards_of(result.parcels, rows, texts, pathways, rulebook)
    as_of = date.fromisoformat(str(result.run["as_of"]))
    source = rules_line(rulebook, as_of)
    double = pd.Series([card.code for card in cards]).duplicated(keep=False)
    names = [UNSAFE.sub("_", c.row if d else c.code) for c, d in zip(cards, double, strict=True)]
    made = not request.folder.exists()
    files = [request.folder / f"{name}.{kind}" for name in names for kind in ("html", "pdf")]
    finals = [request.folder] if made else files
    refuse_existing(finals, overwrite=request.overwrite)
    with all_or_nothing(finals) as parts:
        if made:
            parts[0].mkdir(parents=True)
        targets = [parts[0] / file.name for file in files] if made else parts
        progress = progress or Progress()
        with progress.stage(_("writing"), len(cards)) as reached:
            for at, card in enumerate(cards):
                write_html(targets[2 * at], card, source)
                write_pdf(targets[2 * at + 1], card, source, as_of)
                reached(at + 1)
    return files


def _members(request: Request, result: Result) -> list[str]:
    """Return the rows of the parcels in the unit that is named."""
    if not request.unit:
        return []
    if request.units is None:
        raise InputError(
            _("--unit needs the file of the units"), _("give it with --units units.gpkg")
        )
    members = read_units(request.units, ("members",)).tables["members"]
    rows = members.loc[members["unit_id"] == request.unit, "row"].dropna()
    if not len(rows):
        raise InputError(
            _("no unit {unit} in {path}").format(unit=request.unit, path=request.units),
            _("see the layer units"),
        )
    return list(dict.fromkeys(rows[rows.isin(result.parcels.index)]))  # not the land between


def _only(result: Result, path: Path, rows: Sequence[str]) -> Result:
    """Return a result of some parcels only, the rest of its lines left on the disk."""
    mine = f"row IN {in_sql(rows)}"
    tables = {name: read_layer_frame(path, name, mine) for name in ("findings", "problems")}
    rest = {n: result.tables[n] for n in ("runs", "criteria", "labels", "columns", "thresholds")}
    return replace(result, parcels=result.parcels.loc[list(rows)], tables=tables | rest)
