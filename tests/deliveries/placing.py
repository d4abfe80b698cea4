"""Deliveries at a wrong or doubtful place: codes 2102 to 2206."""

from __future__ import annotations

import numpy as np
import shapely

from deliveries import ground
from deliveries.model import Delivery, Wrong, shows
from deliveries.outlines import lone_parcel, reshape
from deliveries.values import put
from deliveries.writing import as_geopackage, bureau, parcels
from district.shapefile import plane_prj

ZONE = 39_000_000.0
SHAPELESS = {"3102": "the record is taken without its shape"}


def shifted(frame, x: float = 0.0, y: float = 0.0):
    """Return the layer with other coordinates under the same declaration."""
    shapes = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy + (x, y))
    return frame.set_geometry(shapes, crs=frame.crs)


def unchecked(corners: np.ndarray) -> shapely.Polygon:
    """Return a polygon of any numbers."""
    box = shapely.polygons(shapely.linearrings(np.zeros((len(corners), 2))))
    return shapely.set_coordinates(np.array([box], dtype=object), corners)[0]


@shows("2102")
def prj_missing(folder):
    path = parcels(folder, ground.clean().parcels, prj="")
    return Delivery((path,), (Wrong("2102", file="清泽镇"),))


@shows("2103")
def declared_as_wgs84(folder):
    frame = ground.clean().parcels.to_crs(4326)
    path = folder / "宗地.geojson"
    frame.to_file(path, driver="GeoJSON", engine="pyogrio", COORDINATE_PRECISION=11)
    return Delivery((path,), (Wrong("2103", file="宗地"),))


@shows("2201")
def prj_of_another_zone(folder):
    path = parcels(folder, ground.clean().parcels, prj=plane_prj(4526))
    return Delivery((path,), (Wrong("2201", file="清泽镇"),))


@shows("2201")
def prj_without_the_zone_number(folder):
    path = parcels(folder, ground.clean().parcels, prj=plane_prj(4548))
    return Delivery((path,), (Wrong("2201", file="清泽镇"),))


@shows("2201")
def zone_number_left_out(folder):
    path = parcels(folder, shifted(ground.clean().parcels, -ZONE))
    return Delivery((path,), (Wrong("2201", file="清泽镇"),))


@shows("2201")
def axes_swapped(folder):
    frame = ground.clean().parcels
    shapes = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    path = parcels(folder, frame.set_geometry(shapes, crs=frame.crs))
    return Delivery((path,), (Wrong("2201", file="清泽镇"),))


@shows("2202")
def local_system(folder):
    frame = shifted(ground.clean().parcels, -39_480_000.0, -4_290_000.0)
    path = parcels(folder, frame, prj="")
    return Delivery((path,), (Wrong("2202", file="清泽镇"),))


@shows("2203")
def parcel_far_outside(folder):
    def spoiled(shape):
        return shapely.transform(shape, lambda xy: xy + (0.0, 200_000.0)), None

    return lone_parcel(folder, "2203", spoiled)


@shows("2204")
def parcel_in_another_town(folder):
    made = ground.clean()
    other = ground.TOWNS[1]
    put(made.parcels, 1, XZQDM=other, CJDM=other + "001")
    wrong = Wrong("2204", "parcels", 1, name=made.parcels.loc[0, "ZDDM"])
    return Delivery((parcels(folder, made.parcels), bureau(folder, made, "towns")), (wrong,))


@shows("2205")
def parcels_with_heights(folder):
    frame = ground.clean().parcels
    shapes = shapely.force_3d(frame.geometry.to_numpy(), 3.5)
    path = folder / "宗地.gpkg"
    as_geopackage(frame.set_geometry(shapes, crs=frame.crs), path, "ZD")
    return Delivery((path,), (Wrong("2205", file="宗地"),))


@shows("2206")
def coordinate_that_is_no_number(folder):
    frame = ground.clean().parcels
    corners = shapely.get_coordinates(frame.geometry[6])
    corners[2] = np.nan
    reshape(frame, 7, unchecked(corners))
    path = folder / "宗地.gpkg"
    as_geopackage(frame, path, "ZD")
    return Delivery((path,), (Wrong("2206", file="宗地"),), SHAPELESS)


@shows("2206")
def coordinate_without_end(folder):
    made = ground.clean()
    corners = shapely.get_coordinates(made.survey.geometry[6])
    corners[1, 0] = np.inf
    reshape(made.survey, 7, unchecked(corners))
    path = folder / "图斑.gpkg"
    as_geopackage(made.survey, path, "DLTB")
    return Delivery((path,), (Wrong("2206", file="图斑"),), SHAPELESS)
