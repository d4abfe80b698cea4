"""Rows as they are written: one type of geometry for a layer."""

import numpy as np
import shapely

from lowuse_gis.io.out_layer import as_multi, multi_wkb


def test_polygons_are_written_as_multi_polygons():
    square = shapely.box(0, 0, 1, 1)
    shapes = np.array(
        [
            square,
            None,
            shapely.MultiPolygon([square, shapely.box(2, 2, 3, 3)]),
            shapely.Polygon(),
            shapely.Polygon([(0, 0, 1), (1, 0, 1), (1, 1, 1)]),
            shapely.box(-1, -1, 9, 9) - square,
            shapely.MultiPolygon([square]),
        ],
        dtype=object,
    )
    assert multi_wkb(shapes).to_pylist() == list(shapely.to_wkb(as_multi(shapes), byte_order=1))
