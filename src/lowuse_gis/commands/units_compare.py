"""``lowuse units --compare``: what differs between two drawings of units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.commands.results import rulebook_named
from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.geopackage import write_geopackage
from lowuse_gis.io.svg_map import Paint, svg_map
from lowuse_gis.io.unit_schema import out_layer, titles
from lowuse_gis.io.units_file import UnitsFile, read_units
from lowuse_gis.language import _
from lowuse_gis.stages.units.changes import CHANGED, ONLY_A, ONLY_B, SAME, unit_changes
from lowuse_gis.stages.units.totals import totals

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

COLOURS = {SAME: "#9BC2A8", CHANGED: "#F0B95B", ONLY_A: "#C9504B", ONLY_B: "#4B7FC9"}
TABLES = ("members", "left_out", "blocks", "runs")


@dataclass(frozen=True)
class Compared:
    """Two drawings side by side.

    Attributes
    ----------
    totals
        Measure, and its value in the first and in the second drawing.
    changes
        A line per unit of either.
    files
        What was written.
    """

    totals: pd.DataFrame
    changes: gpd.GeoDataFrame
    files: tuple[Path, ...]


def compare(first: Path, second: Path, output: Path, *, overwrite: bool) -> Compared:
    """Compare two drawings in numbers and on a map.

    Parameters
    ----------
    first, second
        Units files.
    output
        GeoPackage to write; the map stands beside it as an SVG.
    overwrite
        Whether what stands there may go.

    Returns
    -------
    Compared
    """
    picture = output.with_suffix(".svg")
    refuse_existing([output, picture], overwrite=overwrite)
    a, b = read_units(first, TABLES), read_units(second, TABLES)
    changes = unit_changes((a.units, b.units), (a.tables["members"], b.tables["members"]))
    both = pd.DataFrame({"a": _totals(a), "b": _totals(b)})
    table = both.rename_axis("measure").reset_index()
    run = b.tables["runs"].iloc[0]
    rulebook = rulebook_named(str(run["rulebook"]))
    known = titles(rulebook)
    with all_or_nothing([output, picture]) as (part, drawing):
        layers = [
            out_layer("changes", _("units of both"), changes, known),
            out_layer("totals", _("totals"), table, known),
        ]
        write_geopackage(part, layers, rulebook.crs, date.fromisoformat(str(run["as_of"])))
        drawing.write_text(_map(changes, first.name, second.name), encoding="utf-8")
    return Compared(table, changes, (output, picture))


def _totals(file: UnitsFile) -> dict[str, float]:
    return totals(file.units, file.tables["blocks"], file.tables["left_out"])


def _map(changes: gpd.GeoDataFrame, first: str, second: str) -> str:
    words = {
        SAME: _("the same in both"),
        CHANGED: _("changed"),
        ONLY_A: _("only in {file}").format(file=first),
        ONLY_B: _("only in {file}").format(file=second),
    }
    paints = [
        Paint(
            changes.loc[changes["state"] == state, "geometry"].to_numpy(),
            f"{words[state]}: {(changes['state'] == state).sum():,}",
            colour,
        )
        for state, colour in COLOURS.items()
    ]
    return svg_map(paints, _("{a} against {b}").format(a=first, b=second))
