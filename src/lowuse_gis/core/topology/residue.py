"""What is left of a layer's edges, sorted into simple outlines and tangles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from lowuse_gis.core.topology.contacts import cross, meet
from lowuse_gis.core.topology.halfedges import untwinned, vertex_keys
from lowuse_gis.core.topology.nearby import near_pairs, runs_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.core.topology.halfedges import HalfEdges
    from lowuse_gis.core.topology.rings import Rings

    Floats = NDArray[np.float64]
    Whole = NDArray[np.intp]
    Bools = NDArray[np.bool_]

SNAP = 1e-4  # metres: coordinates are handed over with four decimals


@dataclass(frozen=True)
class Residue:
    """Half-edges without a twin.

    Attributes
    ----------
    edges
        The half-edges.
    outline
        Number of the connected outline of each.
    area
        Signed area of each outline, square metres; below zero around a hole.
    simple
        Outlines that are one closed line and keep away from all others.
    contacts
        Pairs of half-edges that meet elsewhere than at a common end.
    """

    edges: HalfEdges
    outline: Whole
    area: Floats
    simple: Bools
    contacts: tuple[Whole, Whole]


def residue_of(
    rings: Rings, label: Whole | None = None, *, snap: float = SNAP, threads: int = 2
) -> Residue:
    """Find the half-edges without a twin and sort them.

    Parameters
    ----------
    rings
        Rings of valid polygons.
    label
        One number per feature; only features with the same one cancel each other.
    snap
        Metres within which edges count as meeting.
    threads
        Threads to use.

    Returns
    -------
    Residue
        Nearly empty inside an exactly noded layer.
    """
    return residue_of_edges(untwinned(rings, label), snap=snap, threads=threads)


def residue_of_edges(edges: HalfEdges, *, snap: float = SNAP, threads: int = 2) -> Residue:
    """Sort half-edges without a twin.

    Parameters
    ----------
    edges
        Of a layer.
    snap, threads
        As for `residue_of`.

    Returns
    -------
    Residue
    """
    outline, round_ = _outlines(edges)
    contacts = near_pairs(
        runs_of(edges.start, edges.end, snap / 2),
        None,
        lambda a, b: _contacts(edges, a, b, snap),
        threads,
    )
    simple = round_
    simple[outline[contacts[0]]] = False
    simple[outline[contacts[1]]] = False
    doubled = np.bincount(outline, cross(edges.start, edges.end), minlength=len(simple))
    return Residue(edges, outline, doubled / 2, simple, contacts)


def _contacts(edges: HalfEdges, a: Whole, b: Whole, snap: float) -> tuple[Whole, Whole]:
    found = meet((edges.start[a], edges.end[a]), (edges.start[b], edges.end[b]), snap)
    return a[found], b[found]


def _outlines(edges: HalfEdges) -> tuple[Whole, Bools]:
    """Give connected outlines numbers; say which pass every vertex once."""
    count = len(edges.start)
    keys = vertex_keys(np.concatenate([edges.start, edges.end]))
    unique, vertex = np.unique(keys, return_inverse=True)
    start, end = vertex[:count], vertex[count:]
    size = len(unique)
    graph = coo_array((np.ones(count, dtype=np.int8), (start, end)), shape=(size, size))
    outlines, of_vertex = connected_components(graph, directed=False)
    crowded = np.bincount(start, minlength=size) != 1
    simple = np.ones(outlines, dtype=np.bool_)
    simple[of_vertex[crowded]] = False
    return of_vertex[start], simple
