"""Which partition everything is at home in, and what has to be known there beside that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.partitioning import (
    MARGIN,
    Boxes,
    centres_of,
    extent,
    grown,
    nearest,
    parts_of,
    placed_at,
)
from lowuse_gis.io.partitions import PARCELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from lowuse_gis.model import Rulebook
    from lowuse_gis.model.partition import Bounds

    Places = NDArray[np.intp]


@dataclass(frozen=True)
class Outline:
    """What of a layer decides where it is cut, so that the layer itself need not be held.

    Attributes
    ----------
    boxes
        West, south, east, north of each feature; NaN for none.
    towns
        Town of each, empty text where not known; None for layers that follow others.
    """

    boxes: NDArray[np.float64]
    towns: NDArray[np.object_] | None = None


@dataclass(frozen=True)
class Cut:
    """A partition, before it is written.

    Attributes
    ----------
    name
        Of the partition.
    rows, home
        By layer the places of what has to be known in it, and which of these are at home.
    bounds, context
        Around what is at home, and around all that has to be known.
    """

    name: str
    rows: Mapping[str, Places]
    home: Mapping[str, NDArray[np.bool_]]
    bounds: Bounds
    context: Bounds


def cuts_of(outlines: Mapping[str, Outline], rulebook: Rulebook, most: int) -> Iterator[Cut]:
    """Cut layers: parcels and survey polygons by place, the others where the nearest of them is.

    Parameters
    ----------
    outlines
        By layer, parcels first; lines are not among them.
    rulebook
        Says which layer is the survey, and in which ones features bring in those they overlap.
    most
        Parcels and survey polygons in a partition.

    Yields
    ------
    Cut
        By name.
    """
    ground = rulebook.measures["survey"]["source"]
    chained = [s["source"] for s in rulebook.measures["measure"] if s["kind"] == "buildings"]
    compared = compared_layers(rulebook, outlines)
    farthest = max((reach for _layer, _other, reach in compared), default=0.0)
    names, homes = _homes(outlines, ground, most)
    boxes = {name: outlines[name].boxes for name in homes}
    rows = {name: _by_part(codes, len(names)) for name, codes in homes.items()}
    for number, name in enumerate(names):
        mine = {layer: places[number] for layer, places in rows.items()}
        near = _near(mine, boxes, ground, chained)
        brought = [boxes[layer][near[layer]] for layer in chained if layer in near]
        for layer, other, reach in compared:
            if {layer, other} <= set(mine):
                asked = Boxes(boxes[layer][mine[layer]])
                near[other] = asked.touched(boxes[other], near[other], reach)
        own = [boxes[layer][mine[layer]] for layer in (PARCELS, ground) if layer in mine]
        yield Cut(
            name=name,
            rows=near,
            home={layer: homes[layer][at] == number for layer, at in near.items()},
            bounds=extent(*own),
            context=extent(*(grown(part, farthest) for part in (*own, *brought))),
        )


def compared_layers(rulebook: Rulebook, layers: Iterable[str]) -> list[tuple[str, str, float]]:
    """Say which layers checks compare, feature by feature.

    Parameters
    ----------
    rulebook
        Its checks of overlaps and edges.
    layers
        Those there are.

    Returns
    -------
    list of tuple
        A layer, the one its features are compared with, and within how many metres.
    """
    checks, found = rulebook.checks, {}
    for rule in checks.rules:
        for layer in rule.layers or tuple(layers):
            if rule.over in {"overlaps", "edges"}:
                found[layer, layer] = MARGIN
            if rule.over == "edges":
                found[layer, rule.other] = max(MARGIN, checks.limit("edge_distance"))
    return [(*pair, reach) for pair, reach in sorted(found.items()) if set(pair) <= set(layers)]


def _homes(
    outlines: Mapping[str, Outline], ground: str, most: int
) -> tuple[list[str], dict[str, NDArray[np.int64]]]:
    """Name the partitions, and number the one that each feature is at home in."""
    sited = [name for name in (PARCELS, ground) if name in outlines]
    sites = np.concatenate([centres_of(outlines[name].boxes) for name in sited])
    towns = np.concatenate([outlines[name].towns for name in sited])
    codes, names = pd.factorize(parts_of(sites, towns, most), sort=True)
    homes = _apart(codes, outlines, sited)
    others, placed = [name for name in outlines if name not in sited], placed_at(sites)
    if others and placed.any():
        centres = np.concatenate([centres_of(outlines[name].boxes) for name in others])
        homes |= _apart(codes[nearest(centres, sites, placed)], outlines, others)
    return [str(name) for name in names], homes


def _apart(
    codes: NDArray[np.int64], outlines: Mapping[str, Outline], names: Sequence[str]
) -> dict[str, NDArray[np.int64]]:
    ends = np.cumsum([len(outlines[name].boxes) for name in names])
    return dict(zip(names, np.split(codes, ends[:-1]), strict=True))


def _by_part(codes: NDArray[np.int64], count: int) -> list[Places]:
    order = np.argsort(codes, kind="stable")
    return np.split(order, np.searchsorted(codes[order], np.arange(1, count)))


def _near(
    mine: Mapping[str, Places],
    boxes: Mapping[str, NDArray[np.float64]],
    ground: str,
    chained: Sequence[str],
) -> dict[str, Places]:
    """Choose what has to be known in a part: what is at home there, and what touches that.

    Features of a layer whose overlaps with each other are listed bring in those they overlap, and
    the parcels under these.
    """
    own = [boxes[name][mine[name]] for name in (PARCELS, ground) if name in mine]
    asked = Boxes(np.concatenate(own))
    near = {name: asked.touched(boxes[name], mine[name]) for name in mine}
    for name in (n for n in chained if n in near):
        brought = Boxes(boxes[name][near[name]]).touched(boxes[name], near[name])
        near[name] = brought
        near[PARCELS] = Boxes(boxes[name][brought]).touched(boxes[PARCELS], near[PARCELS])
    return near
