"""What a check finds in a partition: features, vertices, overlaps, edges, and what is left open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from lowuse_gis.commands.partitioned.check_layers import at_home, files_from, flat, piece_of
from lowuse_gis.commands.partitioned.job import facts_of
from lowuse_gis.commands.partitioned.layers import keep, refuse_damaged
from lowuse_gis.core.inspection.findings import SKIPPED, noted
from lowuse_gis.core.inspection.judged import rules_over
from lowuse_gis.core.lookup import is_among, rows_among
from lowuse_gis.core.topology.halfedges import untwinned
from lowuse_gis.core.topology.layer import solid_polygons
from lowuse_gis.core.topology.rings import rings_of
from lowuse_gis.measures.inspected import about, look
from lowuse_gis.stages.inspect import PARCELS, TOWNS, Part, middle, source_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lowuse_gis.commands.partitioned.check_layers import Piece
    from lowuse_gis.commands.partitioned.job import Job
    from lowuse_gis.measures.inspected import Looked
    from lowuse_gis.model import Delivered, Run

ALONE = ("features", "vertices")  # tables in which a feature stands for itself
KEYED = ("table", "rule", "beside", "order", "at")  # the order in which the whole has findings
ENDS = ["start_x", "start_y", "end_x", "end_y"]
TABLES = ("features", "totals", "vertices", "overlaps", "gaps", "edges")
GROUPED = "grouped-"  # facts: columns that take all features of a layer, by layer


def inspect_part(job: Job) -> None:
    """Check the layers of a partition for what is at home in it.

    Parameters
    ----------
    job
        Its facts: ``blank``, features without attributes; town boundaries; what is counted over
        whole layers; ``layers``, the files of each. The outcome: ``found``, with what puts it in
        order; ``skipped`` checks; what is known ``about`` features with findings; ``areas`` of
        parcels; ``counts`` of what is at home; half-edges that are ``left-`` of layers that should
        cover.
    """
    refuse_damaged(job)
    run, (facts, known) = job.run, facts_of(job)
    pieces = {
        name: piece_of(job.folder, job.part, files_from(content), run)
        for name, content in known["layers"].items()
    }
    blank = facts["blank"]["row"]
    pieces = {name: _with_blank(piece, blank) for name, piece in pieces.items()}
    by_source = {name: piece.delivered for name, piece in pieces.items()}
    if TOWNS in facts:
        whole = facts[TOWNS].set_index("row")
        by_source[TOWNS] = replace(by_source[TOWNS], frame=gpd.GeoDataFrame(whole))
    found, skipped, frames = [noted(())], [pd.DataFrame(columns=list(SKIPPED))], {}
    areas = pd.DataFrame({"parcel_code": [], "area": [], "order": []})
    for name, piece in pieces.items():
        part = Part(files_from(known["layers"][name]).count, facts[GROUPED + name].set_index("row"))
        for looked in _looked(piece, by_source, part, run):
            skipped.append(looked.skipped.assign(table=TABLES.index(looked.name)))
            found.append(_keyed(looked, piece))
            if name == PARCELS and looked.name == "features":
                areas = _areas(looked.table, piece)
        if rules_over(run.rulebook.checks, "gaps", name):
            frames[f"left-{name}"] = _left(piece, run)
    whole = pd.concat([part for part in found if len(part)] or found[:1], ignore_index=True)
    named = [pieces[name].delivered for name in pieces]
    keep(
        job,
        {
            "found": flat(whole.reindex(columns=[*found[0], *KEYED])),
            "skipped": pd.concat(skipped, ignore_index=True).astype(dict.fromkeys(SKIPPED, "str")),
            "about": about(named, whole, run),
            "areas": areas,
            "counts": pd.DataFrame(
                {"source": [*pieces], "count": [int(p.home.sum()) for p in pieces.values()]}
            ),
            **frames,
        },
    )


def _with_blank(piece: Piece, blank: pd.Series) -> Piece:
    """Say which features had no attribute, in place of the cells that are not kept."""
    index = piece.delivered.frame.index
    raw = pd.DataFrame({"any": pd.Series("", index).where(~rows_among(index, pd.Index(blank)))})
    return replace(piece, delivered=replace(piece.delivered, raw=raw))


def _looked(
    piece: Piece, by_source: Mapping[str, Delivered], part: Part, run: Run
) -> Iterator[Looked]:
    """Look at what is at home, beside what lies near it where features are compared."""
    mine = at_home(piece)
    alone = source_tables(mine, by_source, run, part)
    beside = source_tables(piece.delivered, by_source, run, part)
    tables = {name: (alone if name in ALONE else beside)[name] for name in beside}
    return look(piece.delivered, tables, run)


def _keyed(looked: Looked, piece: Piece) -> pd.DataFrame:
    """Keep findings of what is at home, with what puts them in the order of the whole."""
    found = looked.found
    home = piece.order[piece.home]
    found = found[is_among(found["row"], home.index.to_series())]
    block = 0
    if "beside" in looked.table:
        block = looked.table["beside"].to_numpy()[found["at"].to_numpy(dtype=int)]
    order = home.reindex(found["row"]).to_numpy()
    return found.assign(table=TABLES.index(looked.name), beside=block, order=order)


def _areas(features: pd.DataFrame, piece: Piece) -> pd.DataFrame:
    """List the areas of parcels by code; that of an invalid shape is none."""
    if "parcel_code" not in features:
        return pd.DataFrame({"parcel_code": [], "area": [], "order": []})
    order = piece.order.reindex(features["row"]).to_numpy()
    areas = features[["parcel_code", "area"]].assign(order=order).dropna(subset=["parcel_code"])
    return areas.fillna({"area": 0.0})


def _left(piece: Piece, run: Run) -> pd.DataFrame:
    """List the half-edges that no neighbour at home here cancels."""
    solid = solid_polygons(at_home(piece).frame.geometry.to_numpy(), run.threads)
    edges = untwinned(rings_of(solid, middle(run.rulebook)))
    columns = [*edges.start.T, *edges.end.T]
    left = pd.DataFrame(dict(zip(ENDS, columns, strict=True)))
    return left.assign(order=piece.places[piece.home][edges.position])
