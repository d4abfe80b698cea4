"""Datums, transformations that only a user can give, and the offset of web maps."""

import json

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import CRS, Transformer

import tiny
from lowuse_gis.core.datum import datum_of, horizontal
from lowuse_gis.core.gcj02 import from_gcj02, offset, to_gcj02
from lowuse_gis.core.place import find_place
from lowuse_gis.core.web_map import misfit
from lowuse_gis.errors import InputError
from lowuse_gis.io.place import Given, placed
from lowuse_gis.io.transforms import read_shift, shift_from_options, shift_from_table
from lowuse_gis.io.unplaced import UnplacedError
from places import distance, esri, points_of

OLD = ["EPSG:2384", "EPSG:2363", "EPSG:2334", "EPSG:4610", "EPSG:2436", "EPSG:2415", "EPSG:21420",
       "EPSG:4214"]  # fmt: skip
SEVEN = (-15.2, 120.7, 30.4, 0.31, -0.42, 0.53, 1.7)  # invented
PUBLISHED = [  # eviltransform/python/test.py: latitude, longitude; the same in GCJ-02
    (31.1774276, 121.5272106, 31.17530398364597, 121.531541859215),
    (22.543847, 113.912316, 22.540796131694766, 113.9171764808363),
    (39.911954, 116.377817, 39.91334545536069, 116.38404722455657),
]


def lots(count=6):
    frame = tiny.frame([tiny.parcel(at + 1, tiny.lot(200 * at, 0)) for at in range(count)])
    return frame, frame.geometry.to_numpy()


def renumbered(frame, function):
    return frame.set_geometry(
        gpd.GeoSeries(shapely.transform(frame.geometry.to_numpy(), function, interleaved=False))
    )


def by_hand(x, y, convention="position_vector"):
    """CGCS2000 plane 4548 to Xian 80 plane with the inverse of SEVEN, written out without PROJ."""
    to_degrees = Transformer.from_crs("EPSG:4548", "EPSG:4490", always_xy=True)
    lon, lat = np.radians(to_degrees.transform(x, y))
    xyz = cartesian(lon, lat, 6378137.0, 298.257222101)
    dx, dy, dz, *turns, ppm = SEVEN
    rx, ry, rz = np.radians(np.array(turns) / 3600) * (1 if convention == "position_vector" else -1)
    cx, sx, cy, sy, cz, sz = (f(r) for r in (rx, ry, rz) for f in (np.cos, np.sin))
    turn = (
        np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
        @ np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
        @ np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    )
    old = np.linalg.solve(turn * (1 + ppm * 1e-6), xyz - np.array([[dx], [dy], [dz]]))
    lon, lat = geographic(old, 6378140.0, 298.257)
    plane = Transformer.from_crs("EPSG:4610", "EPSG:2384", always_xy=True)
    return plane.transform(np.degrees(lon), np.degrees(lat))


def cartesian(lon, lat, a, rf):
    e2 = (2 - 1 / rf) / rf
    n = a / np.sqrt(1 - e2 * np.sin(lat) ** 2)
    return np.array(
        [n * np.cos(lat) * np.cos(lon), n * np.cos(lat) * np.sin(lon), n * (1 - e2) * np.sin(lat)]
    )


def geographic(xyz, a, rf):
    e2 = (2 - 1 / rf) / rf
    p, lat = np.hypot(xyz[0], xyz[1]), np.arctan2(xyz[2], np.hypot(xyz[0], xyz[1]) * (1 - e2))
    for _round in range(10):
        n = a / np.sqrt(1 - e2 * np.sin(lat) ** 2)
        lat = np.arctan2(xyz[2] + e2 * n * np.sin(lat), p)
    return np.arctan2(xyz[1], xyz[0]), lat


@pytest.mark.parametrize("declared", OLD)
def test_old_datums_are_refused_never_relabelled(rulebook, declared):
    numbers = CRS(declared)
    plane = "EPSG:4490" if numbers.is_geographic else None
    frame, _true = lots()
    if plane is None:
        easting = next(p.value for p in numbers.coordinate_operation.params if "easting" in p.name)
        frame = renumbered(frame, lambda x, y: (x - 39_500_000 + easting, y))
    else:
        frame = frame.to_crs(plane)
    with pytest.raises(UnplacedError, match="another datum") as refused:
        placed(frame, declared, Given(), rulebook, "f")
    assert refused.value.code == "2202"
    assert "--helmert" in refused.value.hint
    place = find_place(points_of(frame.crs or "EPSG:4548"), numbers, rulebook)
    assert place.codes == ("2202",)


@pytest.mark.parametrize(
    ("wkt", "datum"),
    [
        (esri(datum="Xian_1980", a=6378140.0, rf=298.257), "xian80"),
        (esri(datum="Unknown", a=6378140.0, rf=298.257), "xian80"),
        (esri(datum="Beijing_1954", a=6378245.0, rf=298.3), "beijing54"),
        (esri(datum="Unknown", a=6378245.0, rf=298.3), "beijing54"),
        (esri(datum="Xian_1980"), "xian80"),  # a name of an old datum on the new spheroid
        (esri(datum="Unknown"), "cgcs2000"),
        (esri(datum="WGS_1984", rf=298.257223563), "wgs84"),
        (esri(datum="Clarke", a=6378206.4, rf=294.978698214), "other"),
    ],
)
def test_datums_are_told_by_their_numbers(wkt, datum):
    assert datum_of(CRS.from_wkt(wkt)) == datum


def test_towgs84_zeros_are_no_parameters(rulebook):
    zeros = CRS.from_proj4(
        "+proj=tmerc +lon_0=117 +x_0=500000 +ellps=krass +towgs84=0,0,0 +type=crs"
    )
    assert zeros.is_bound
    assert not horizontal(zeros).is_bound
    frame, _true = lots()
    frame = frame.to_crs("EPSG:4548")
    with pytest.raises(UnplacedError, match="another datum"):
        placed(frame, zeros.to_wkt(), Given(), rulebook, "f")


@pytest.mark.parametrize("convention", ["position_vector", "coordinate_frame"])
def test_seven_parameters(rulebook, convention):
    frame, true = lots()
    old = renumbered(
        frame.to_crs("EPSG:4548"),
        lambda x, y: by_hand(x, y, convention),
    )
    text = f"{convention}:" + ",".join(map(str, SEVEN))
    shift = shift_from_options(helmert=text)
    made = placed(old, "EPSG:2384", Given(shift=shift), rulebook, "f")
    assert distance(made.frame.geometry.to_numpy(), true) < 0.002  # the old heights are lost
    assert [(notice.code, made.crs) for notice in made.notices] == [("2103", "EPSG:2384")]
    # the other sign is metres away: it must be named
    other = {"position_vector": "coordinate_frame", "coordinate_frame": "position_vector"}
    wrong = shift_from_options(helmert=text.replace(convention, other[convention]))
    there = placed(old, "EPSG:2384", Given(shift=wrong), rulebook, "f").frame
    assert distance(there.geometry.to_numpy(), true) > 1
    with pytest.raises(InputError, match="whose sign"):
        shift_from_options(helmert=",".join(map(str, SEVEN)))


def test_seven_parameters_see_through_prefix_and_axes(rulebook):
    frame, true = lots()

    def odd(x, y):
        east, north = by_hand(x, y)
        return north, east + 39_000_000

    old = renumbered(frame.to_crs("EPSG:4548"), odd)
    shift = shift_from_options(helmert="position_vector:" + ",".join(map(str, SEVEN)))
    made = placed(old, "EPSG:2384", Given(shift=shift), rulebook, "f")
    assert distance(made.frame.geometry.to_numpy(), true) < 0.002  # the old heights are lost
    with pytest.raises(UnplacedError, match="known system"):
        placed(old, None, Given(shift=shift), rulebook, "f")


def test_a_similarity_of_a_city_system(rulebook):
    frame, true = lots()
    dx, dy, seconds, scale = 393_500.0, 4_200_300.0, 1234.5, 1.0000123
    angle = np.radians(seconds / 3600)

    def to_city(x, y):
        x, y = (x - 39_000_000 - dx) / scale, (y - dy) / scale
        return np.cos(angle) * x + np.sin(angle) * y, -np.sin(angle) * x + np.cos(angle) * y

    city = renumbered(frame, to_city)
    with pytest.raises(UnplacedError, match="local city system"):
        placed(city, None, Given(), rulebook, "f")
    text = f"{dx},{dy},{seconds},{scale}"
    for option in (text, text + "@EPSG:4548"):
        given = Given(shift=shift_from_options(similarity=option))
        made = placed(city, None, given, rulebook, "f")
        assert distance(made.frame.geometry.to_numpy(), true) < 0.001
    away = Given(shift=shift_from_options(similarity=f"{dy},{dx},{seconds},{scale}"))
    with pytest.raises(InputError, match="outside the district"):
        placed(city, None, away, rulebook, "f")
    with pytest.raises(InputError, match="factor near 1"):
        shift_from_options(similarity=f"{dx},{dy},{seconds},12.3")


def test_a_pipeline(rulebook):
    frame, true = lots()
    city = renumbered(frame, lambda x, y: (x - 39_400_000, y - 4_300_000))
    plain = "+proj=affine +xoff=400000 +yoff=4300000"
    degrees = (
        f"+proj=pipeline +step {plain} "
        "+step +inv +proj=tmerc +lon_0=117 +x_0=500000 +ellps=GRS80 "
        "+step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )
    for text in (plain, degrees, degrees.rsplit(" +step", 1)[0]):
        given = Given(shift=shift_from_options(pipeline=text))
        made = placed(city, None, given, rulebook, "f")
        assert distance(made.frame.geometry.to_numpy(), true) < 0.001
    with pytest.raises(InputError, match="PROJ does not accept"):
        shift_from_options(pipeline="+proj=nonsense")
    lost = Given(shift=shift_from_options(pipeline="+proj=affine +xoff=500000"))
    with pytest.raises(InputError, match="outside the district"):
        placed(city, None, lost, rulebook, "f")
    flat = "+proj=affine +s11=0 +s12=0 +xoff=493000 +yoff=4305000 +s22=0"
    with pytest.raises(InputError, match=r"cannot be undone|PROJ does not accept"):
        placed(city, None, Given(shift=shift_from_options(pipeline=flat)), rulebook, "f")


def test_parameters_from_tables_and_files(tmp_path):
    seven = {"helmert": list(SEVEN), "convention": "position_vector"}
    shift = shift_from_table(seven, "lowuse.toml")
    assert (shift.kind, shift.values, shift.convention) == ("helmert", SEVEN, "position_vector")
    file = tmp_path / "city.toml"
    file.write_text('[transform]\nsimilarity = [1, 2, 3, 1.00001]\nto = "EPSG:4548"\n')
    four = read_shift(file)
    assert (four.values, four.to) == ((1, 2, 3, 1.00001), "EPSG:4548")
    assert shift_from_table("city.toml", str(tmp_path / "lowuse.toml")) == four
    assert shift_from_options(transform=file) == four
    assert shift_from_table({"gcj02": True}, "x").kind == "gcj02"
    assert shift_from_options() is None
    with pytest.raises(InputError, match="more than one"):
        shift_from_options(pipeline="+proj=noop", gcj02=True)


@pytest.mark.parametrize(
    "table",
    [
        {}, {"helmert": [1, 2]}, {"similarity": ["a", 1, 2, 3]}, {"similarity": 5}, {"dx": 1}, 7,
        {"similarity": [1, 2, 3, 1], "to": "EPSG:0"}, {"gcj02": False}, "missing.toml",
        {"helmert": [1, 2, 3, 0, 0, 0, float("nan")], "convention": "position_vector"},
        {"helmert": [1, 2, 3, 0, 0, 0, 1.0000123e3], "convention": "position_vector"},
        {"helmert": [1, 2, 3, 4000, 0, 0, 1], "convention": "position_vector"},
        {"pipeline": ""}, {"gcj02": True, "pipeline": "+proj=noop"},
    ],
)  # fmt: skip
def test_wrong_tables_are_refused(table, tmp_path):
    with pytest.raises(InputError):
        shift_from_table(table, str(tmp_path / "lowuse.toml"))


@pytest.mark.parametrize(("lat", "lon", "gcj_lat", "gcj_lon"), PUBLISHED)
def test_gcj02_gives_the_published_points(lat, lon, gcj_lat, gcj_lon):
    east, north = to_gcj02(np.array([lon]), np.array([lat]))
    assert abs(east[0] - gcj_lon) < 1e-9
    assert abs(north[0] - gcj_lat) < 1e-9
    east, north = from_gcj02(np.array([gcj_lon]), np.array([gcj_lat]))
    assert abs(east[0] - lon) < 1e-9
    assert abs(north[0] - lat) < 1e-9


def test_gcj02_is_undone_to_less_than_a_centimetre_everywhere():
    lon, lat = (v.ravel() for v in np.meshgrid(np.linspace(73, 135, 300), np.linspace(3, 54, 300)))
    back = from_gcj02(*to_gcj02(lon, lat))
    assert np.abs(np.stack(back) - np.stack([lon, lat])).max() * 111_320 < 0.0001
    assert np.abs(np.stack(offset(np.array([2.35]), np.array([48.85])))).max() == 0


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857", "EPSG:4548"])
def test_gcj02_is_undone_in_any_system(rulebook, crs):
    frame, true = lots()
    mars = renumbered(frame.to_crs("EPSG:4490"), to_gcj02).set_crs("EPSG:4490")
    if crs != "EPSG:4548":
        mars = mars.set_crs("EPSG:4326", allow_override=True)
    numbers = mars.to_crs(crs)
    given = Given(shift=shift_from_options(gcj02=True))
    made = placed(numbers, crs, given, rulebook, "f")
    assert distance(made.frame.geometry.to_numpy(), true) < 0.01
    shifted = placed(numbers, crs, Given(), rulebook, "f").frame.geometry.to_numpy()
    assert 400 < distance(shifted, true) < 700


@pytest.fixture(scope="module")
def blocks():
    """Blocks of odd sizes with streets between, in the working system."""
    rng = np.random.default_rng(7)
    x, y = np.meshgrid(np.arange(0, 3000, 150), np.arange(0, 3000, 130))
    jitter = rng.uniform(0, 40, (2, x.size))
    wide, high = rng.uniform(50, 100, (2, x.size))
    west, south = tiny.ORIGIN[0] + x.ravel() + jitter[0], tiny.ORIGIN[1] + y.ravel() + jitter[1]
    return shapely.box(west, south, west + wide, south + high)


def mars(geometry):
    frame = gpd.GeoSeries(geometry, crs="EPSG:4527").to_crs("EPSG:4490")
    moved = shapely.transform(frame.to_numpy(), to_gcj02, interleaved=False)
    return gpd.GeoSeries(moved, crs="EPSG:4490").to_crs("EPSG:4527").to_numpy()


def test_the_offset_of_web_maps_is_found_beside_a_reference(blocks):
    drawn = shapely.transform(blocks[::2], lambda xy: xy + 2 * np.sin(xy))  # by another hand
    found = misfit(mars(drawn), blocks, "EPSG:4527")
    assert found.verdict == "layer"
    assert 400 < found.distance < 700
    assert misfit(drawn, blocks, "EPSG:4527").verdict == "fits"
    assert misfit(drawn, mars(blocks), "EPSG:4527").verdict == "reference"


def test_no_offset_is_seen_where_there_is_another_or_nothing_to_compare(blocks):
    away = shapely.transform(blocks[::2], lambda xy: xy + np.array([411.0, -260.0]))
    assert misfit(away, blocks, "EPSG:4527").verdict == "unclear"
    other = shapely.transform(blocks[::2], lambda xy: xy + np.array([30_000.0, 0]))
    assert misfit(other, blocks, "EPSG:4527").verdict == "unclear"
    assert misfit(blocks[:0], blocks, "EPSG:4527") is None
    assert misfit(blocks, np.array([None]), "EPSG:4527") is None


def test_the_offset_of_web_maps_in_real_shapes(shared_data):
    text = (shared_data / "osm" / "shanghai_landuse.geojson").read_text(encoding="utf-8")
    landuse = gpd.GeoDataFrame.from_features(json.loads(text)["features"], crs="EPSG:4326")
    shapes = landuse[landuse.geom_type.isin(["Polygon", "MultiPolygon"])]
    there = shapes.to_crs("EPSG:4528").geometry.to_numpy()
    degrees = shapely.transform(
        shapes.to_crs("EPSG:4326").geometry.to_numpy(), to_gcj02, interleaved=False
    )
    web = gpd.GeoSeries(degrees, crs="EPSG:4326").to_crs("EPSG:4528").to_numpy()
    assert misfit(web[::3], there, "EPSG:4528").verdict == "layer"
    assert misfit(there[::3], there, "EPSG:4528").verdict == "fits"
