"""The graph that units are chosen from: neighbours, what parts them, blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from lowuse_gis.core.neighbours import near, rook
from lowuse_gis.core.overlay import overlaps
from lowuse_gis.stages.units.barriers import crossed, hard_lines, parted_by_lines
from lowuse_gis.stages.units.nodes import LOW
from lowuse_gis.stages.units.straddling import BLOCK, DRAWN, cut_parcels, seen_at

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from lowuse_gis.stages.units.nodes import Surroundings

NONE = -1
MOSTLY = 0.5  # of a parcel: less, and it does not belong to an area drawn by hand


@dataclass(frozen=True)
class Graph:
    """Nodes and what holds them together or apart.

    Attributes
    ----------
    nodes
        Of `nodes_of`, hard ones left out, with ``block`` (ascending), ``open`` and ``barrier``:
        metres of border to what is no neighbour; in order of block and key.
    left, right, border
        Neighbours within a block and metres of common border; 0 where only near.
    straddling
        Of `seen_at`: parcels that a block or a line cuts.
    """

    nodes: gpd.GeoDataFrame
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    border: NDArray[np.float64]
    straddling: pd.DataFrame


def graph_of(
    nodes: gpd.GeoDataFrame,
    around: Surroundings,
    spec: Mapping[str, Any],
    *,
    towns: Collection[str] | None = None,
    threads: int = 2,
) -> Graph:
    """Find neighbours and near ones, and cut what a barrier parts.

    Parameters
    ----------
    nodes
        Of `nodes_of`.
    around
        Barriers and blocks.
    spec
        ``units.toml``.
    towns
        Towns whose blocks and cut parcels are wanted, where the nodes are these towns and what lies
        at them; all where None.
    threads
        Threads to use.

    Returns
    -------
    Graph
        Nodes of one block hang together; blocks never share a unit.
    """
    shapes = nodes.geometry.to_numpy()
    left, right, border = rook(shapes, threads=threads, compiled_from=0)
    town = _filled(nodes["town"], nodes["town"].notna().to_numpy(), left, right, border)
    kinds = _group(nodes["land_type"], spec.get("kept_apart", {}))
    kinds = _filled(kinds, (nodes["part"] == LOW).to_numpy(), left, right, border)
    place = np.full(len(nodes), NONE, dtype=np.int64)
    lines = hard_lines(around.barriers, spec)
    parted = parted_by_lines(
        nodes, lines, (left, right, border), spec["cut_share"], threads=threads
    )
    straddling = parted.straddling
    if around.blocks is not None:
        place, cut = _placed(nodes, around.blocks, BLOCK, spec["cut_share"], threads)
        straddling = pd.concat([cut, straddling], ignore_index=True)
    hard = nodes["hard"].to_numpy(dtype=bool)
    wall = hard[left] | hard[right] | parted.cut
    for label in (town, place):
        wall |= label[left] != label[right]
    other_kind = ~wall & (kinds[left] != kinds[right])
    barrier = _border_sums(left, right, np.where(wall, border, 0), len(nodes))
    held = ~wall & ~other_kind
    links = left[held], right[held], border[held]
    if spec["multi_part"]:
        touching = left * len(nodes) + right
        kept = town, kinds, place
        links = _with_bridges(nodes, parted.sides, links, touching, kept, lines, spec)
    rest = shapely.length(shapes) - _border_sums(left, right, border, len(nodes))
    open_ = np.maximum(rest, 0)
    open_ += _border_sums(left, right, np.where(other_kind, border, 0), len(nodes))
    nodes = nodes.assign(open=open_.round(2), barrier=barrier.round(2), town=town)
    asked = np.ones(len(nodes), dtype=bool) if towns is None else np.isin(town, list(towns))
    return _in_blocks(nodes, links, asked, straddling[asked[straddling["at"].to_numpy(int)]])


def taken_graph(
    nodes: gpd.GeoDataFrame, drawn: gpd.GeoDataFrame, spec: Mapping[str, Any], *, threads: int = 2
) -> Graph:
    """Make each area drawn by hand a block of its own, of the nodes that lie mostly in it.

    Parameters
    ----------
    nodes
        Of `nodes_of`, at the areas.
    drawn
        Areas.
    spec
        ``units.toml``.
    threads
        Threads to use.

    Returns
    -------
    Graph
        Blocks need not hang together.
    """
    shapes = nodes.geometry.to_numpy()
    left, right, border = rook(shapes, threads=threads, compiled_from=0)
    place, cut = _placed(nodes, drawn, DRAWN, spec["cut_share"], threads)
    wall = nodes["hard"].to_numpy(dtype=bool)
    parted = place[left] != place[right]
    walled = parted & (wall[left] | wall[right])
    barrier = _border_sums(left, right, np.where(walled, border, 0), len(nodes))
    rest = shapely.length(shapes) - _border_sums(left, right, border, len(nodes))
    open_ = np.maximum(rest, 0)
    open_ += _border_sums(left, right, np.where(parted & ~walled, border, 0), len(nodes))
    town = _filled(nodes["town"], nodes["town"].notna().to_numpy(), left, right, border)
    nodes = nodes.assign(open=open_.round(2), barrier=barrier.round(2), town=town)
    held = ~parted & (place[left] != NONE)
    return _numbered(nodes, (left[held], right[held], border[held]), place, place != NONE, cut)


def _border_sums(
    left: NDArray[np.int64], right: NDArray[np.int64], border: NDArray[np.float64], count: int
) -> NDArray[np.float64]:
    sums = np.bincount(left, border, count) + np.bincount(right, border, count)
    return sums.astype(float)


def _filled(
    values: pd.Series,
    known: NDArray[np.bool_],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    border: NDArray[np.float64],
) -> NDArray[np.object_]:
    """Give nodes without a value that of the known neighbour with the longest border."""
    label = values.astype("str").fillna("").to_numpy(dtype=object).copy()
    ends = pd.DataFrame(
        {
            "at": np.concatenate([left, right]),
            "near": np.concatenate([right, left]),
            "border": np.concatenate([border, border]),
        }
    )
    ends = ends[~known[ends["at"]] & known[ends["near"]]]
    ends["label"] = label[ends["near"]]
    sums = ends.groupby(["at", "label"], as_index=False)["border"].sum()
    best = sums.sort_values(["at", "border", "label"], ascending=[True, False, True])
    best = best.drop_duplicates("at")
    label[best["at"]] = best["label"].to_numpy()
    return label


def _group(land_type: pd.Series, kept_apart: Mapping[str, Sequence[str]]) -> pd.Series:
    """Name the group of each land type; types not named are one group together."""
    groups = {kind: name for name, kinds in kept_apart.items() for kind in kinds}
    return land_type.map(groups).astype("str").fillna("")


def _placed(
    nodes: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, by: str, least: float, threads: int
) -> tuple[NDArray[np.int64], pd.DataFrame]:
    """Put each node into the area that holds most of it, and list the parcels that areas cut.

    What lies outside all areas counts like one of them; areas drawn by hand must hold more than
    half.
    """
    shapes, others = nodes.geometry.to_numpy(), areas.geometry.to_numpy()
    pairs = overlaps(shapes, others, threads=threads, compiled_from=0)
    whole = shapely.area(shapes)
    share = pairs.area / whole[pairs.subject]
    rest = np.clip(1 - np.bincount(pairs.subject, share, len(nodes)), 0, 1)
    order = np.lexsort((pairs.context, -share, pairs.subject))
    subject, first = np.unique(pairs.subject[order], return_index=True)
    best = share[order][first]
    held = (best > MOSTLY) if by == DRAWN else (best >= rest[subject])
    place = np.full(len(nodes), NONE, dtype=np.int64)
    place[subject[held]] = pairs.context[order][first][held]
    side = np.concatenate([pairs.context, np.full(len(subject), NONE)])
    node = np.concatenate([pairs.subject, subject])
    part = np.concatenate([share, rest[subject]])
    sides = np.lexsort((side, -part, side != place[node], node))
    cut = cut_parcels(nodes, (node[sides], part[sides]), by, least)
    at = cut["at"].to_numpy()
    mine = place[at]
    inside = np.where(mine == NONE, pairs.context[order][first][np.searchsorted(subject, at)], mine)
    beyond = np.where(
        mine == NONE,
        shapely.intersection(shapes[at], others[inside]),
        shapely.difference(shapes[at], others[inside]),
    )
    return place, seen_at(cut, beyond)


def _with_bridges(
    nodes: gpd.GeoDataFrame,
    sides: NDArray[np.object_],
    links: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]],
    touching: NDArray[np.int64],
    labels: tuple[NDArray[Any], ...],
    lines: NDArray[np.object_],
    spec: Mapping[str, Any],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Join low-use parcels that lie near each other with nothing between that parts them.

    Of a parcel cut by a line only its larger side counts.
    """
    left, right, border = links
    low = np.flatnonzero((nodes["part"] == LOW).to_numpy())
    shapes = nodes.geometry.to_numpy()
    a, b = (low[ends] for ends in near(sides[low], spec["bridge_distance"]))
    keep = np.ones(len(a), dtype=bool)
    for label in labels:
        keep &= label[a] == label[b]
    keep &= ~np.isin(a * len(nodes) + b, touching)  # these are joined or parted by their border
    a, b = a[keep], b[keep]
    walls = shapes[nodes["hard"].to_numpy(dtype=bool)]
    free = ~crossed(shapely.shortest_line(sides[a], sides[b]), lines, walls)
    a, b = a[free], b[free]
    return (
        np.concatenate([left, a]),
        np.concatenate([right, b]),
        np.concatenate([border, np.zeros(len(a))]),
    )


def _in_blocks(
    nodes: gpd.GeoDataFrame,
    links: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]],
    asked: NDArray[np.bool_],
    straddling: pd.DataFrame,
) -> Graph:
    """Find the blocks of what hangs together and has low-use land, and leave the rest out."""
    left, right, _border = links
    size = len(nodes)
    net = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(size, size))
    block = connected_components(net, directed=False)[1]
    useful = (np.bincount(block, nodes["low_area"]) > 0)[block] & asked
    return _numbered(nodes, links, block, useful & ~nodes["hard"].to_numpy(dtype=bool), straddling)


def _numbered(
    nodes: gpd.GeoDataFrame,
    links: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]],
    block: NDArray[np.int64],
    useful: NDArray[np.bool_],
    straddling: pd.DataFrame,
) -> Graph:
    """Keep the useful nodes, in order of block and key, with blocks numbered by first node."""
    left, right, border = links
    size, kept = len(nodes), np.flatnonzero(useful)
    _old, first, number = np.unique(block[kept], return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    order = np.argsort(rank[number], kind="stable")
    at = np.full(size, NONE, dtype=np.int64)
    at[kept[order]] = np.arange(len(kept))
    chosen = nodes.iloc[kept[order]].assign(block=rank[number][order]).reset_index(drop=True)
    inside = (at[left] >= 0) & (at[right] >= 0)
    ends = np.sort(np.column_stack([at[left[inside]], at[right[inside]]]), axis=1)
    by = np.lexsort((ends[:, 1], ends[:, 0]))
    return Graph(chosen, ends[by, 0], ends[by, 1], border[inside][by], straddling)
