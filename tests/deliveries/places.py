"""Deliveries that are not where they say: codes 2102 to 2206."""

from __future__ import annotations

import numpy as np
import pyogrio
import shapely
from pyproj import CRS

from deliveries import ground
from deliveries.model import Delivery, Wrong, shows
from deliveries.outlines import reshape
from deliveries.writing import as_geopackage, bureau, middle, parcels
from district.shapefile import plane_prj

SHAPELESS = {"3102": "the record is taken without its shape"}


def moved(folder, frame, crs, code, name="宗地.gpkg", **more):
    """Write parcels of another system and say which code is due."""
    path = folder / name
    pyogrio.write_dataframe(frame.set_crs(crs, allow_override=True), path, layer="ZD")
    return Delivery((path,), (Wrong(code, file=path.name),), source="parcels", **more)


@shows("2102")
def no_system_declared(folder):
    path = parcels(folder, ground.clean().parcels, prj="")
    return Delivery((path,), (Wrong("2102", file=path.name),), source="parcels")


@shows("2103")
def system_of_satellites(folder):
    frame = ground.clean().parcels.to_crs(4490)
    return moved(folder, frame, 4326, "2103")


@shows("2201")
def zone_of_the_neighbour(folder):
    path = parcels(folder, ground.clean().parcels, prj=plane_prj(4526))
    return Delivery((path,), (Wrong("2201", file=path.name),), source="parcels")


@shows("2201")
def zone_number_missing(folder):
    frame = ground.clean().parcels.to_crs(4548)
    path = parcels(folder, frame, prj=plane_prj(4527))
    return Delivery((path,), (Wrong("2201", file=path.name),), source="parcels")


@shows("2202")
def numbers_of_a_city_system(folder):
    frame = ground.clean().parcels
    shapes = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy - [39_400_000, 4_200_000])
    path = parcels(folder, frame.set_geometry(shapes, crs=None), prj="")
    return Delivery((path,), (Wrong("2202", file=path.name),), source="parcels")


@shows("2202")
def xian_1980(folder):
    path = parcels(folder, ground.clean().parcels, prj=CRS(2363).to_wkt("WKT1_ESRI"))
    return Delivery((path,), (Wrong("2202", file=path.name),), source="parcels")


@shows("2203")
def one_parcel_far_away(folder):
    frame = ground.clean().parcels
    far = shapely.transform(frame.geometry[10], lambda xy: np.add(xy, (0, 900_000)))
    frame.loc[10, "geometry"] = far
    wrong = Wrong("2203", "parcels", 11, name=frame.loc[10, "ZDDM"])
    why = {"3405": "the ellipsoid is another there"}
    return Delivery((parcels(folder, frame),), (wrong,), why, source="parcels")


@shows("2204")
def parcel_of_the_other_town(folder):
    made = ground.clean()
    frame = made.parcels
    codes = sorted(set(frame["XZQDM"]))
    row = int((frame["XZQDM"] == codes[0]).to_numpy().argmax())
    frame.loc[row, "XZQDM"] = codes[1]
    frame.loc[row, "CJDM"] = codes[1] + "001"
    wrong = Wrong("2204", "parcels", row + 1, place=middle(frame, row + 1), reach=500)
    return Delivery((parcels(folder, frame), bureau(folder, made, "towns")), (wrong,))


@shows("2205")
def shapes_with_heights(folder):
    frame = ground.clean().parcels
    frame = frame.set_geometry(shapely.force_3d(frame.geometry.to_numpy(), 3.0), crs=frame.crs)
    return moved(folder, frame, 4527, "2205")


@shows("2206")
def endless_coordinate(folder):
    frame = ground.clean().parcels
    corners = shapely.get_coordinates(frame.geometry[4])
    corners[1] = 1e308 * 10
    frame.loc[4, "geometry"] = shapely.Polygon(corners)
    why = {"3102": "taken without a shape"}
    return moved(folder, frame, 4527, "2206", follows=why)


def unchecked(corners: np.ndarray) -> shapely.Polygon:
    """Return a polygon of any numbers."""
    box = shapely.polygons(shapely.linearrings(np.zeros((len(corners), 2))))
    return shapely.set_coordinates(np.array([box], dtype=object), corners)[0]


@shows("2103")
def declared_as_wgs84(folder):
    frame = ground.clean().parcels.to_crs(4326)
    path = folder / "宗地.geojson"
    frame.to_file(path, driver="GeoJSON", engine="pyogrio", COORDINATE_PRECISION=11)
    return Delivery((path,), (Wrong("2103", file="宗地"),))


@shows("2201")
def prj_without_the_zone_number(folder):
    path = parcels(folder, ground.clean().parcels, prj=plane_prj(4548))
    return Delivery((path,), (Wrong("2201", file="清泽镇"),))


@shows("2201")
def axes_swapped(folder):
    frame = ground.clean().parcels
    shapes = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    path = parcels(folder, frame.set_geometry(shapes, crs=frame.crs))
    return Delivery((path,), (Wrong("2201", file="清泽镇"),))


@shows("2206")
def coordinate_that_is_no_number(folder):
    frame = ground.clean().parcels
    corners = shapely.get_coordinates(frame.geometry[6])
    corners[2] = np.nan
    reshape(frame, 7, unchecked(corners))
    path = folder / "宗地.gpkg"
    as_geopackage(frame, path, "ZD")
    return Delivery((path,), (Wrong("2206", file="宗地"),), SHAPELESS)
