"""Ways from a file's coordinates to CGCS2000 that only the user can give."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import cos, hypot, radians, sin
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS, Transformer
from pyproj.crs import ProjectedCRS

from lowuse_gis.core.datum import horizontal
from lowuse_gis.core.gcj02 import from_gcj02, to_gcj02

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from lowuse_gis.core.systems import System

    Numbers = NDArray[np.float64]
    Way = Callable[[Numbers, Numbers], tuple[Numbers, Numbers]]

PIPELINE, HELMERT, SIMILARITY, GCJ02 = "pipeline", "helmert", "similarity", "gcj02"
CONVENTIONS = ("position_vector", "coordinate_frame")
SECOND = 1 / 3600


@dataclass(frozen=True)
class Shift:
    """Parameters that lead from a file's coordinates to CGCS2000.

    Attributes
    ----------
    kind
        ``pipeline``, ``helmert``, ``similarity`` or ``gcj02``.
    values
        Of a Helmert transformation dx, dy, dz (m), rx, ry, rz (arc-seconds), s (ppm); of a
        similarity dx, dy (m), rotation (arc-seconds, counter-clockwise), scale (a factor).
    convention
        Of the rotations of a Helmert transformation: ``position_vector`` or ``coordinate_frame``.
    text
        The PROJ pipeline.
    to
        The system a pipeline or similarity leads to; where empty it is told by the numbers.
    """

    kind: str
    values: tuple[float, ...] = ()
    convention: str = ""
    text: str = ""
    to: str = ""


@dataclass(frozen=True)
class Road:
    """A way between two sets of coordinates, and the way back.

    Attributes
    ----------
    there, back
        Take and give x and y.
    """

    there: Way
    back: Way

    def then(self, other: Road) -> Road:
        """Return this way with another behind it.

        Parameters
        ----------
        other
            What comes after.

        Returns
        -------
        Road
        """
        return Road(
            lambda x, y: other.there(*self.there(x, y)),
            lambda x, y: self.back(*other.back(x, y)),
        )

    def misses(self, points: Numbers) -> float:
        """Return how far there and back misses the start.

        Parameters
        ----------
        points
            Rows of x and y.

        Returns
        -------
        float
            The largest distance in the units of the start; infinite where there is no way back.
        """
        x, y = points[:, 0], points[:, 1]
        back = np.stack(self.back(*self.there(x, y)), axis=1)
        if not len(points):
            return 0.0
        distance = np.abs(back - points).max()
        return float(distance) if np.isfinite(distance) else float("inf")


def by_transformer(transformer: Transformer) -> Road:
    """Return the way a PROJ transformation goes.

    Parameters
    ----------
    transformer
        With x first on both sides.

    Returns
    -------
    Road
    """
    return Road(
        transformer.transform,
        partial(transformer.transform, direction="INVERSE"),
    )


def turned() -> Road:
    """Return the way that swaps the axes."""
    return Road(lambda x, y: (y, x), lambda x, y: (y, x))


def gcj02() -> Road:
    """Return the way that undoes GCJ-02 in degrees."""
    return Road(from_gcj02, to_gcj02)


def similarity(shift: Shift) -> Road:
    """Return a similarity of the plane.

    Parameters
    ----------
    shift
        With dx, dy, rotation and scale.

    Returns
    -------
    Road
        X = dx + k (x cos r - y sin r), Y = dy + k (x sin r + y cos r).

    Examples
    --------
    >>> x, y = similarity(Shift(SIMILARITY, (100, 200, 324000, 2))).there(
    ...     np.array([1.0]), np.array([0.0])
    ... )
    >>> float(x[0].round(9)), float(y[0].round(9))
    (100.0, 202.0)
    """
    dx, dy, rotation, scale = shift.values
    a, b = scale * cos(radians(rotation * SECOND)), scale * sin(radians(rotation * SECOND))
    size = hypot(a, b) ** 2

    def there(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
        return dx + a * x - b * y, dy + b * x + a * y

    def back(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
        east, north = x - dx, y - dy
        return (a * east + b * north) / size, (a * north - b * east) / size

    return Road(there, back)


def helmert(shift: Shift, declared: CRS, system: System) -> Road:
    """Return the way from a plane or geographic system on another datum to CGCS2000 degrees.

    Parameters
    ----------
    shift
        With seven parameters and their convention.
    declared
        Says the datum.
    system
        The system that the numbers are in, whatever their datum.

    Returns
    -------
    Road
        Heights are taken as 0, which matters by a millimetre or two.
    """
    source = on_datum(declared, system)
    base = source.geodetic_crs or source
    ellipsoid = base.ellipsoid
    axis, flattening = (
        (ellipsoid.semi_major_metre, ellipsoid.inverse_flattening) if ellipsoid else (0.0, 0.0)
    )
    names = ("x", "y", "z", "rx", "ry", "rz", "s")
    terms = [f"+{name}={value!r}" for name, value in zip(names, shift.values, strict=True)]
    text = (
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
        f"+step +proj=cart +a={axis!r} +rf={flattening!r} "
        f"+step +proj=helmert {' '.join(terms)} +convention={shift.convention} +exact "
        "+step +inv +proj=cart +ellps=GRS80 "
        "+step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )
    across = by_transformer(Transformer.from_pipeline(text))
    if not source.is_projected:
        return across
    return by_transformer(Transformer.from_crs(source, base, always_xy=True)).then(across)


def on_datum(declared: CRS, system: System) -> CRS:
    """Return a system on the datum of another.

    Parameters
    ----------
    declared
        Says the datum.
    system
        Says the projection.

    Returns
    -------
    CRS
    """
    base = horizontal(declared).geodetic_crs or horizontal(declared)
    if not system.crs.is_projected:
        return base
    return ProjectedCRS(
        system.crs.coordinate_operation, system.name, system.crs.coordinate_system, base
    )
