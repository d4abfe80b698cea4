"""What of a check takes whole layers: columns made of all features, sums, and what is left open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lowuse_gis.commands.partitioned.check_layers import piece_of, whole_layer
from lowuse_gis.commands.partitioned.check_part import ENDS
from lowuse_gis.core.attributes import attributes_of
from lowuse_gis.core.inspection.derived import over_layer, with_derived
from lowuse_gis.core.inspection.judged import rules_over
from lowuse_gis.core.inspection.totals import total_faults
from lowuse_gis.core.partitioning import Boxes
from lowuse_gis.core.topology.halfedges import HalfEdges, joined_edges
from lowuse_gis.core.topology.layer import solid_polygons
from lowuse_gis.core.topology.regions import regions_of
from lowuse_gis.core.topology.residue import residue_of_edges
from lowuse_gis.errors import InputError
from lowuse_gis.io.partitions import read_frame
from lowuse_gis.language import _
from lowuse_gis.measures import inspect_shapes
from lowuse_gis.measures.inspect_shapes import FACTS
from lowuse_gis.measures.inspected import about, look
from lowuse_gis.stages.inspect import PARCELS, middle

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from lowuse_gis.commands.partitioned.check_layers import Files
    from lowuse_gis.core.topology.regions import Regions
    from lowuse_gis.measures.inspected import Looked
    from lowuse_gis.model import Delivered, Rulebook, Run

PARCEL = "parcel_code"
MEASURED = {*FACTS, "area", "plane_area"}


@dataclass(frozen=True)
class Layers:
    """The layers of a folder of partitions.

    Attributes
    ----------
    folder, parts, run
        The folder, the names of its partitions, the rules.
    files
        Of each layer, by source.
    """

    folder: Path
    parts: Sequence[str]
    run: Run
    files: Mapping[str, Files]

    def whole(self, source: str, columns: Sequence[str]) -> Delivered:
        """Put columns of a layer together."""
        return whole_layer(self.folder, self.parts, self.files[source], self.run, columns)

    def keys(self) -> dict[str, Delivered]:
        """Return what has to be known of all features of each layer, by source.

        Returns
        -------
        dict
            Their ids, and the columns that sums and groups are made of.
        """
        rulebook = self.run.rulebook
        return {
            source: self.whole(source, sorted(_columns(files, rulebook)))
            for source, files in self.files.items()
        }


def grouped(keys: Delivered, rulebook: Rulebook) -> pd.DataFrame:
    """Make the columns that take all features of a layer to be made.

    Parameters
    ----------
    keys
        Of `Layers.keys`.
    rulebook
        Says which.

    Returns
    -------
    DataFrame
        By ``row``, only features of which a value is not 1: that is what a partition comes to by
        itself for all others.

    Raises
    ------
    InputError
        Where such a column is made of something that is measured.
    """
    rules = over_layer(rulebook.checks.derived, keys.source)
    for rule in rules:
        measured = sorted(_made_of(rule.of, rulebook) & MEASURED - set(keys.frame))
        if measured:
            raise InputError(
                _("{column}: cannot be counted partition by partition").format(column=rule.column),
                _("it is made of {names}: check the files themselves").format(
                    names=", ".join(measured)
                ),
            )
    table = attributes_of(keys.frame)
    table = with_derived(table.reset_index(names="row"), rulebook.checks.derived, keys.source)
    made = table[["row", *(rule.column for rule in rules if rule.column in table)]]
    values = made.drop(columns="row")
    return made[(values.notna() & (values != 1)).any(axis=1)].reset_index(drop=True)


def sums_and_gaps(
    source: str, keys: Mapping[str, Delivered], layers: Layers, left: Sequence[Path]
) -> tuple[list[Looked], pd.DataFrame]:
    """Look at the sums of a layer, and at what it leaves open.

    Parameters
    ----------
    source, keys, layers
        The layer, and all of them.
    left
        Outcomes of partitions, which know the half-edges that are left.

    Returns
    -------
    looked : list of Looked
    about : DataFrame
        What is known of features with findings.
    """
    run, mine = layers.run, keys[source]
    checks = run.rulebook.checks
    tables = {"totals": lambda: total_faults(checks.totals, keys, source)}
    shapes = mine
    if rules_over(checks, "gaps", source):
        regions, shapes = _open(source, layers, left)
        origin = middle(run.rulebook)
        tables["gaps"] = lambda: inspect_shapes.gaps(shapes, checks, origin, regions)
    looked = list(look(mine, tables, run))
    found = pd.concat([one.found for one in looked]) if looked else pd.DataFrame()
    if not len(found):
        return looked, pd.DataFrame()
    if found["x"].isna().any():
        shapes = layers.whole(
            source, [*mine.frame.columns.drop("geometry", errors="ignore"), "geometry"]
        )
    frame = gpd.GeoDataFrame(
        attributes_of(mine.frame),
        geometry=shapes.frame["geometry"].to_numpy() if "geometry" in shapes.frame else None,
    )
    return looked, about([replace(mine, frame=frame)], found, run)


def _open(source: str, layers: Layers, left: Sequence[Path]) -> tuple[Regions, Delivered]:
    """Find the places that a layer covers twice or not at all, from what is left of its edges."""
    origin = middle(layers.run.rulebook)
    edges = joined_edges(
        [_edges(folder / f"left-{source}.parquet", origin) for folder in left], origin
    )
    shapes = np.full(layers.files[source].count, None, dtype=object)
    low, high = (
        np.minimum(edges.start, edges.end) + origin,
        np.maximum(edges.start, edges.end) + origin,
    )
    near = Boxes(np.column_stack([low, high]))
    for part in layers.parts if len(edges.start) else ():
        piece = piece_of(layers.folder, part, layers.files[source], layers.run, ["geometry"])
        frame = piece.delivered.frame[piece.home]
        chosen = near.touched(frame.bounds.to_numpy())
        shapes[piece.places[piece.home][chosen]] = frame.geometry.to_numpy()[chosen]
    threads = layers.run.threads
    residue = residue_of_edges(edges, threads=threads)
    regions = regions_of(residue, shapely.STRtree(solid_polygons(shapes, threads)))
    rows = layers.files[source].rows(np.arange(len(shapes)))
    frame = gpd.GeoDataFrame(geometry=shapes, index=rows)
    return regions, replace(layers.whole(source, []), frame=frame)


def _edges(file: Path, origin: NDArray[np.float64]) -> HalfEdges:
    table = read_frame(file)
    ends = table[ENDS].to_numpy(dtype=float)
    return HalfEdges(ends[:, :2], ends[:, 2:], table["order"].to_numpy(dtype=np.intp), origin)


def _columns(files: Files, rulebook: Rulebook) -> set[str]:
    """Name the columns of a layer that have to be known of all its features."""
    checks, source, known = rulebook.checks, files.source, files.columns
    wanted = {PARCEL} if source == PARCELS else set()
    wanted |= {name for total in checks.totals for layer, names in (
        (total.layer, (total.by, total.of)), (total.total_layer, (total.total_by, total.total_of)),
    ) if layer == source for name in names}  # fmt: skip
    for rule in over_layer(checks.derived, source):
        wanted |= _made_of(rule.of, rulebook)
    specs = rulebook.fields.get(source, {}).items()
    codes = [name for name, spec in specs if spec.get("type") == "code"]
    ids = codes if known is None else [name for name in codes if name in known][:1]
    return wanted.union(ids)


def _made_of(names: Sequence[str], rulebook: Rulebook) -> set[str]:
    """Name what columns are made of in the end."""
    made = {rule.column: rule.of for rule in rulebook.checks.derived}
    found: set[str] = set()
    for name in names:
        found |= _made_of(made[name], rulebook) if name in made else {name}
    return found
