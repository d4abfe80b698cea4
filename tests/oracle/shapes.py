"""Plain sums over shapes and names: areas on the ellipsoid, areas of pieces, longest prefixes."""

from __future__ import annotations

import pyproj
import shapely

from oracle.reading import polygons

LONGEST_EDGE = 70.0
GEOD = pyproj.Geod(ellps="GRS80")
TO_DEGREES = pyproj.Transformer.from_crs("EPSG:4527", "EPSG:4490", always_xy=True).transform


def sizes(shape):
    """Return the area on the ellipsoid and in the plane, and the length of all edges."""
    if shape is None:
        return {"area": None, "plane_area": None, "perimeter": 0.0}
    area = 0.0
    for part in polygons(shapely.segmentize(shape, LONGEST_EDGE)):
        area += ellipsoidal(part.exterior) - sum(ellipsoidal(hole) for hole in part.interiors)
    return {"area": round(area, 2), "plane_area": round(shape.area, 2), "perimeter": shape.length}


def ellipsoidal(ring):
    degrees = [TO_DEGREES(x, y) for x, y in ring.coords]
    area, _ = GEOD.polygon_area_perimeter([x for x, _ in degrees], [y for _, y in degrees])
    return abs(area)


def summed(pairs):
    """Return the sum for each name."""
    sums = {}
    for name, area in pairs:
        sums[name] = sums.get(name, 0.0) + area
    return sums


def largest(sums):
    """Return the name with the largest sum, the smaller of two equal ones; missing never counts."""
    named = [name for name in sums if name is not None]
    return min(named, key=lambda name: (-sums[name], name)) if named else None


def covered_area(pieces):
    """Return the area of pieces laid over each other."""
    union = shapely.Polygon()
    for piece in pieces:
        union = union.union(piece)
    return union.area


def longest_prefix(name, table):
    """Return the value of the longest key that a name begins with."""
    for length in range(len(name), 0, -1):
        if name[:length] in table:
            return table[name[:length]]
    return None
