"""The tiny district in other systems, and .prj files as ArcGIS writes them."""

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Transformer

import tiny

ESRI = (
    'PROJCS["{name}",GEOGCS["GCS_{datum}",DATUM["D_{datum}",SPHEROID["S",{a},{rf}]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],'
    'PARAMETER["False_Easting",{fe}],PARAMETER["False_Northing",0.0],'
    'PARAMETER["Central_Meridian",{cm}],PARAMETER["Scale_Factor",1.0],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


def esri(name="X", fe=39500000.0, cm=117.0, datum="China_2000", a=6378137.0, rf=298.257222101):
    return ESRI.format(name=name, fe=fe, cm=cm, datum=datum, a=a, rf=rf)


def points_of(crs, *, swapped=False, envelope=(116.60, 38.58, 117.20, 39.10), count=200):
    """Return random points of the district in some system."""
    rng = np.random.default_rng(4)
    lon = rng.uniform(envelope[0], envelope[2], count)
    lat = rng.uniform(envelope[1], envelope[3], count)
    source = "EPSG:4326" if str(crs) in {"EPSG:3857", "EPSG:32650"} else "EPSG:4490"
    x, y = Transformer.from_crs(source, crs, always_xy=True).transform(lon, lat)
    return np.stack((y, x) if swapped else (x, y), axis=1)


def moved_lots(crs, *, swapped=False, count=6):
    """Return lots in some system's numbers, and where they really are."""
    lots = [tiny.lot(200 * at, 0) for at in range(count)]
    frame = tiny.frame([tiny.parcel(at + 1, lot) for at, lot in enumerate(lots)])
    geometry = frame.to_crs(crs).geometry.to_numpy()
    if swapped:
        geometry = shapely.transform(geometry, lambda x, y: (y, x), interleaved=False)
    return frame.set_geometry(gpd.GeoSeries(geometry)), frame.geometry.to_numpy()


def distance(a, b):
    return float(np.max(shapely.hausdorff_distance(a, b)))
