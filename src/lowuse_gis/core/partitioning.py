"""Cut a district into parts: by town, and large towns into tiles; and what lies at a part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

ALL = "all"  # name of the part where no town is known
MARGIN = 0.01  # m: mending and rounding move a boundary by less


def parts_of(
    centres: NDArray[np.float64], towns: NDArray[np.object_], most: int
) -> NDArray[np.object_]:
    """Name the part that each place belongs to.

    Parameters
    ----------
    centres
        Rows of x and y; NaN where a place is not known.
    towns
        Town of each; empty text where not known: it then goes with the nearest whose town is.
    most
        Places in a part; a town with more is cut in half, again and again, across its longer side.
        Towns whose codes follow each other share a part while they fit: what a part costs beside
        the work in it is then paid once.

    Returns
    -------
    ndarray of str
        The town, with a number behind it where it is cut; the first and the last of several.

    Examples
    --------
    >>> xy = np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [9.0, 9.0]])
    >>> parts_of(xy, np.array(["a", "", "a", "b"], dtype=object), 2).tolist()
    ['a-1', 'a-2', 'a-2', 'b']
    >>> parts_of(xy, np.array(["a", "", "a", "b"], dtype=object), 4).tolist()
    ['a..b', 'a..b', 'a..b', 'a..b']
    """
    known, placed = towns != "", placed_at(centres)
    names = np.where(known, towns, ALL).astype(object)
    lost = np.flatnonzero(~known & placed)
    if (known & placed).any() and len(lost):
        names[lost] = names[nearest(centres[lost], centres, known & placed)]
    if known.any():
        names[~known & ~placed] = min(names[known])
    codes, found = pd.factorize(names, sort=True)
    parts = np.empty(len(names), dtype=object)
    for first, last in _together(np.bincount(codes, minlength=len(found)), most):
        mine = np.flatnonzero((codes >= first) & (codes <= last))
        name = found[first] if first == last else f"{found[first]}..{found[last]}"
        tiles = _tiles(mine[np.argsort(~placed[mine], kind="stable")], centres, most)
        for number, tile in enumerate(tiles, start=1):
            parts[tile] = f"{name}-{number}" if len(tiles) > 1 else name
    return parts


def _together(sizes: NDArray[np.intp], most: int) -> Iterator[tuple[int, int]]:
    """Take towns together in their order while they fit: the first and the last of each part."""
    first, total = 0, 0
    for at, size in enumerate(sizes.tolist()):
        if at > first and total + size > most:
            yield first, at - 1
            first, total = at, 0
        total += size
    if len(sizes):
        yield first, len(sizes) - 1


def _tiles(
    places: NDArray[np.intp], centres: NDArray[np.float64], most: int
) -> list[NDArray[np.intp]]:
    if len(places) <= most:
        return [places]
    xy = np.nan_to_num(centres[places], nan=np.nanmin(centres[places], initial=np.inf))
    axis = int(np.argmax(np.ptp(xy, axis=0)))
    order = places[np.argsort(xy[:, axis], kind="stable")]
    half = len(order) // 2
    return [*_tiles(order[:half], centres, most), *_tiles(order[half:], centres, most)]


def nearest(
    of: NDArray[np.float64], centres: NDArray[np.float64], among: NDArray[np.bool_]
) -> NDArray[np.intp]:
    """Find the nearest place of each.

    Parameters
    ----------
    of, centres
        Rows of x and y.
    among
        Which of `centres` count; one at least.

    Returns
    -------
    ndarray of int
        Positions in `centres`; that of the first where `of` is not known.
    """
    chosen = np.flatnonzero(among)
    lost = ~placed_at(of)
    _far, at = cKDTree(centres[chosen]).query(np.where(lost[:, None], centres[chosen[:1]], of))
    return chosen[at]


def placed_at(centres: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say which places are known.

    Parameters
    ----------
    centres
        Rows of x and y.

    Returns
    -------
    ndarray of bool
    """
    return ~np.isnan(centres[:, 0])


def centres_of(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the middle of boxes.

    Parameters
    ----------
    boxes
        Rows of west, south, east, north; NaN for none.

    Returns
    -------
    ndarray
        Rows of x and y; NaN where there is no box.
    """
    return (boxes[:, :2] + boxes[:, 2:]) / 2


class Boxes:
    """Boxes to be asked whether others touch them.

    Parameters
    ----------
    bounds
        Rows of west, south, east, north; NaN for none.
    """

    def __init__(self, bounds: NDArray[np.float64]) -> None:
        self._extent = extent(bounds)
        self._tree = shapely.STRtree(_as_boxes(bounds, 0.0))

    def touched(
        self,
        others: NDArray[np.float64],
        known: NDArray[np.intp] | None = None,
        reach: float = MARGIN,
    ) -> NDArray[np.intp]:
        """Choose those of other boxes that touch one of these.

        Parameters
        ----------
        others
            Rows of west, south, east, north; NaN for none.
        known
            Positions in `others` that are chosen without being asked.
        reach
            Metres by which these are made larger.

        Returns
        -------
        ndarray of int
            Positions in `others`, sorted, each once.

        Examples
        --------
        >>> row = np.array([[0.0, 0, 1, 1], [1, 0, 2, 1], [2, 0, 3, 1], [np.nan] * 4])
        >>> Boxes(row[:1]).touched(row, known=np.array([3])).tolist()
        [0, 1, 3]
        """
        west, south, east, north = self._extent
        asked = (others[:, 0] <= east + reach) & (others[:, 2] >= west - reach)
        asked &= (others[:, 1] <= north + reach) & (others[:, 3] >= south - reach)
        chosen = np.zeros(len(others), dtype=bool)
        if known is not None:
            asked[known], chosen[known] = False, True
        near = np.flatnonzero(asked)  # few, where what lies within is known
        chosen[near[self._tree.query(_as_boxes(others[near], reach))[0]]] = True
        return np.flatnonzero(chosen)


def _as_boxes(bounds: NDArray[np.float64], reach: float) -> NDArray[np.object_]:
    west, south, east, north = bounds.T
    boxes = shapely.box(west - reach, south - reach, east + reach, north + reach)
    boxes[np.isnan(west)] = None
    return boxes


def grown(bounds: NDArray[np.float64], reach: float) -> NDArray[np.float64]:
    """Make boxes larger on all sides.

    Parameters
    ----------
    bounds
        Rows of west, south, east, north; NaN for none.
    reach
        Metres.

    Returns
    -------
    ndarray
    """
    return bounds + np.array([-reach, -reach, reach, reach])


def extent(*bounds: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """Return the box around boxes.

    Parameters
    ----------
    *bounds
        Rows of west, south, east, north; NaN for none.

    Returns
    -------
    tuple of float
        NaN where there is none.
    """
    rows = np.concatenate([*bounds, np.empty((0, 4))])
    rows = rows[~np.isnan(rows).any(axis=1)]
    if not len(rows):
        return (np.nan,) * 4
    west, south = rows[:, :2].min(axis=0)
    east, north = rows[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)


def meet(
    one: tuple[float, float, float, float],
    other: tuple[float, float, float, float],
    reach: float = MARGIN,
) -> bool:
    """Say whether two boxes come as near as a distance.

    Parameters
    ----------
    one, other
        West, south, east, north; NaN for none.
    reach
        Metres.

    Returns
    -------
    bool
        False where one is none.
    """
    return bool(
        one[0] - reach <= other[2]
        and other[0] - reach <= one[2]
        and one[1] - reach <= other[3]
        and other[1] - reach <= one[3]
    )
