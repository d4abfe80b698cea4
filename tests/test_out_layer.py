"""Rows as they are written: one type of geometry for a layer, points from coordinates."""

import numpy as np
import pandas as pd
import shapely

from lowuse_gis.io.out_layer import Column, OutLayer, arrow_table, as_multi, multi_wkb


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


def test_points_are_written_from_their_coordinates():
    """As shapes would be; also where there are none, of whatever type the columns are then."""
    x, y = [1.5, np.nan, 39_500_000.25], [2.0, np.nan, -0.0]
    columns = [Column(name, "number") for name in ("x", "y")]
    frame = pd.DataFrame({"x": x, "y": y})
    shapes = shapely.points(x, y)
    shapes[1] = None
    written = arrow_table(OutLayer("p", "p", frame, columns, "Point"))["geom"]
    assert written.to_pylist() == shapely.to_wkb(shapes, byte_order=1).tolist()
    nothing = OutLayer("p", "p", frame.head(0).astype(object), columns, "Point")
    assert arrow_table(nothing)["geom"].to_pylist() == []
