"""The same plots in every format that is handed over, and what each format does to them."""

import shutil
import sqlite3
import struct
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

import tiny
from lowuse_gis.errors import InputError
from lowuse_gis.io.delivery import find
from lowuse_gis.io.opened import open_layer
from lowuse_gis.io.planar import planar
from lowuse_gis.io.vector import Request, is_survey, read_layer
from osm_pbf import osm_pbf

FLAT = "EPSG:4548"


@pytest.fixture
def into(tmp_path_factory):
    return tmp_path_factory.mktemp("into")


@pytest.fixture
def only(into):
    """Find and open the only layer in a path."""

    def call(path, **options):
        contents = find(path, into)
        (found,) = contents.found
        return found, open_layer(found, **options), contents.notices

    return call


@pytest.fixture
def plots():
    """Four lots: plain, with a hole, of two parts, without a shape."""
    a, b, c = (tiny.lot(x, 0) for x in (0, 200, 400))
    hole = shapely.Polygon(b.exterior.coords, [tiny.lot(240, 40, 20, 20).exterior.coords])
    two = shapely.MultiPolygon([c, tiny.lot(600, 0, 50, 50)])
    shapes = [a, hole, two, None]
    return tiny.frame([tiny.parcel(n, shape or a) for n, shape in enumerate(shapes)]).set_geometry(
        gpd.GeoSeries(shapes, crs=tiny.CRS)
    )


def kinds_of(opened):
    return [shape and shape.geom_type for shape in opened.frame.geometry]


def assert_same(frame, plots, tolerance=1e-3):
    assert frame["ZDDM"].tolist() == plots["ZDDM"].tolist()
    assert frame["QLRMC"].tolist() == plots["QLRMC"].tolist()
    for made, true in zip(frame.geometry, plots.geometry, strict=True):
        assert (made is None) == (true is None)
        if true is not None:
            assert made.symmetric_difference(true).area < tolerance
            assert made.geom_type in {"Polygon", "MultiPolygon"}


@pytest.mark.parametrize(
    ("suffix", "driver"),
    [
        (".shp", "ESRI Shapefile"),
        (".gpkg", "GPKG"),
        (".gdb", "OpenFileGDB"),
        (".geojson", "GeoJSON"),
        (".tab", "MapInfo File"),
        (".mif", "MapInfo File"),
        (".parquet", "Parquet"),
    ],
)
@pytest.mark.parametrize("zipped", [False, True])
def test_every_format_keeps_every_row(only, plots, tmp_path, suffix, driver, zipped):
    folder = tmp_path / "data"
    folder.mkdir()
    path = folder / f"plots{suffix}"
    whole = {"promote_to_multi": True, "geometry_type": "MultiPolygon"} if suffix == ".gdb" else {}
    if suffix == ".parquet":
        plots.to_parquet(path)
    elif suffix == ".geojson":
        plots.to_file(path, RFC7946="NO", COORDINATE_PRECISION=6)
    elif driver == "MapInfo File":
        plots.to_file(
            path, driver=driver, encoding="UTF-8", BOUNDS="39000000,4000000,40000000,5000000"
        )
    else:
        plots.to_file(path, driver=driver, **whole)
    if zipped:
        shutil.make_archive(str(tmp_path / "sent"), "zip", folder)
        path = tmp_path / "sent.zip"
    found, opened, notices = only(path)
    assert (found.format, found.layer, notices) == (driver, "", ())
    assert found.count == 4 or suffix == ".mif"
    assert found.shown == (f"sent.zip/plots{suffix}" if zipped else f"plots{suffix}")
    assert_same(opened.frame, plots, 1.0 if driver == "MapInfo File" else 1e-3)
    assert [n for n in opened.notices if n.code != "2205"] == []


def test_flatgeobuf(only, plots, tmp_path):
    plots.iloc[:3].to_file(tmp_path / "plots.fgb", SPATIAL_INDEX="NO", geometry_type="Unknown")
    _found, opened, _notices = only(tmp_path / "plots.fgb")
    assert_same(opened.frame, plots.iloc[:3])


@pytest.mark.parametrize("zipped", [False, True])
def test_kml(only, plots, tmp_path, zipped):
    path = tmp_path / "plots.kml"
    degrees = plots.to_crs(4326)
    degrees.to_file(path, driver="LIBKML")
    if zipped:
        with zipfile.ZipFile(tmp_path / "plots.kmz", "w") as archive:
            archive.write(path, "doc.kml")
        path = tmp_path / "plots.kmz"
    _found, opened, _notices = only(path)
    assert_same(opened.frame, degrees.set_crs(None, allow_override=True), 1e-9)


def test_a_gbk_geojson(only, plots, tmp_path):
    path = tmp_path / "plots.geojson"
    plots.rename(columns={"QLRLX": "权利人类型"}).to_file(path, RFC7946="NO")
    path.write_bytes(path.read_bytes().decode().encode("gbk"))
    _found, opened, _notices = only(path)
    assert opened.encoding == "GB18030"
    assert "权利人类型" in opened.frame
    assert opened.frame["QLRMC"][0] == "甲0公司"


def test_osm(into, tmp_path):
    ring = [(117.0, 38.9), (117.001, 38.9), (117.001, 38.901), (117.0, 38.901)]
    path = tmp_path / "town.osm.pbf"
    path.write_bytes(osm_pbf([ring, ring], ("landuse", "industrial")))
    found = {item.layer: item for item in find(path, into).found}
    assert set(found) == {"multipolygons", "lines"}
    frame = open_layer(found["multipolygons"]).frame
    assert frame["landuse"].tolist() == ["industrial"] * 2
    assert frame.geometry[0].bounds == pytest.approx((117.0, 38.9, 117.001, 38.901))
    assert len(open_layer(found["lines"], wanted="line").frame) == 0


def test_closed_polylines_of_a_drawing(only, tmp_path):
    square = tiny.lot(0, 0).exterior
    shapes = [
        shapely.LineString(square),
        shapely.LineString(square.coords[:3]),
        shapely.Point(1, 2),
    ]
    drawing = gpd.GeoDataFrame({"Layer": ["JZD"] * 3}, geometry=shapes)
    with pytest.warns(UserWarning, match="crs"):
        drawing.to_file(tmp_path / "a.dxf")
    _found, opened, _notices = only(tmp_path / "a.dxf")
    assert opened.frame.geometry.isna().tolist() == [False, True, True]
    assert opened.frame.geometry[0].equals(tiny.lot(0, 0))
    (notice,) = opened.notices
    assert notice.code == "2205"
    assert "2 without a polygon" in notice.note
    assert "Point 1, LineString 1" in notice.note
    assert kinds_of(only(tmp_path / "a.dxf", wanted="")[1]) == ["Polygon", "LineString", "Point"]
    assert kinds_of(only(tmp_path / "a.dxf", wanted="line")[1])[0] == "LineString"


def test_mixed_kinds_become_polygons_or_rows_without(only, tmp_path):
    a, b = tiny.lot(0, 0), tiny.lot(200, 0)
    shapes = [
        a,
        shapely.GeometryCollection([a, b, shapely.Point(0, 0)]),
        shapely.GeometryCollection([shapely.GeometryCollection([b]), a.exterior]),
        a.exterior,
        shapely.Point(0, 0),
        shapely.Polygon(),
        None,
    ]
    path = tmp_path / "mixed.gpkg"
    gpd.GeoDataFrame({"n": range(7)}, geometry=shapes, crs=FLAT).to_file(path)
    _found, opened, _notices = only(path)
    kinds = ["Polygon", "MultiPolygon", "Polygon", None, None, None, None]
    assert kinds_of(opened) == kinds
    assert opened.frame["n"].tolist() == list(range(7))
    assert opened.frame.geometry.area.iloc[:3].tolist() == [10_000, 20_000, 10_000]
    assert [n.code for n in opened.notices] == ["2205"]
    assert "2 made plain" in opened.notices[0].note
    assert set(opened.lost) == {"LineString", "Point"}


def test_lines_where_lines_are_wanted(only, tmp_path):
    line = shapely.LineString([(0, 0), (1, 1)])
    shapes = [line, shapely.GeometryCollection([line, line]), tiny.lot(0, 0)]
    path = tmp_path / "roads.gpkg"
    gpd.GeoDataFrame({"n": range(3)}, geometry=shapes, crs=FLAT).to_file(path)
    _found, opened, _notices = only(path, wanted="line")
    assert kinds_of(opened) == ["LineString", "MultiLineString", None]


def test_heights_and_measures_are_dropped(only, tmp_path):
    high = shapely.force_3d(tiny.lot(0, 0), 7.5)
    path = tmp_path / "high.gpkg"
    gpd.GeoDataFrame({"n": [1]}, geometry=[high], crs=FLAT).to_file(path)
    _found, opened, _notices = only(path)
    assert not shapely.has_z(opened.frame.geometry[0])
    assert "1 with heights" in opened.notices[0].note


def test_coordinates_that_are_no_numbers(only, tmp_path):
    path = tmp_path / "endless.gpkg"
    a = tiny.lot(0, 0)
    corners = [a.exterior.coords[0], *a.exterior.coords[1:-1], a.exterior.coords[0]]
    with np.errstate(invalid="ignore"):
        bad = [shapely.Polygon([*corners[:2], (v, 0), *corners[3:]]) for v in (np.nan, np.inf)]
    gpd.GeoDataFrame({"n": range(3)}, geometry=[bad[0], a, bad[1]], crs=FLAT).to_file(
        path, SPATIAL_INDEX="NO"
    )
    _found, opened, _notices = only(path)
    assert opened.frame.geometry.isna().tolist() == [True, False, True]
    assert [n.code for n in opened.notices] == ["2206"]
    assert "1, 3" in opened.notices[0].note


def test_every_coordinate_is_looked_at():
    """Also where area and length tell nothing of it, or are too large to be numbers."""
    far = shapely.box(0, 0, 1e200, 1e200)
    with np.errstate(invalid="ignore"):
        hidden = shapely.GeometryCollection([shapely.Point(np.nan, 0), tiny.lot(0, 0)])
        points = shapely.MultiPoint([(0, 0), (np.inf, 1)])
        line = shapely.LineString([(0, 0), (np.nan, 1), (2, 2)])
    shapes = np.array([far, hidden, points, line, shapely.Point(1, 2), tiny.lot(0, 0), None])
    taken = planar(shapes, "f", "l", "", close=False).shapes
    gone = shapely.is_missing(taken)
    assert gone.tolist() == [False, True, True, True, False, False, True]


def curve() -> bytes:
    """Return a circle of radius 100 as ISO WKB."""
    x, y = tiny.ORIGIN
    ring = [(x - 100, y), (x, y + 100), (x + 100, y), (x, y - 100), (x - 100, y)]
    string = struct.pack("<BII", 1, 8, 5) + b"".join(struct.pack("<dd", *point) for point in ring)
    return struct.pack("<BII", 1, 10, 1) + string


def test_curves_become_short_lines(only, tmp_path):
    path = tmp_path / "curved.gpkg"
    gpd.GeoDataFrame({"n": [1]}, geometry=[tiny.lot(0, 0)], crs=FLAT).to_file(
        path, SPATIAL_INDEX="NO", layer="curved"
    )
    with sqlite3.connect(path) as base:
        base.execute("update gpkg_geometry_columns set geometry_type_name = 'CURVEPOLYGON'")
        blob = b"GP\x00\x01" + struct.pack("<i", 4548) + curve()
        base.execute("update curved set geom = ?", (blob,))
    base.close()
    _found, opened, _notices = only(path)
    assert opened.frame.geometry[0].area == pytest.approx(np.pi * 100**2, rel=2e-3)
    assert "curves" in opened.notices[0].note


def test_widths_of_fields(only, layer, tmp_path):
    path = tiny.write_shapefile(layer, tmp_path / "a.shp")
    _found, opened, _notices = only(path)
    raw = path.with_suffix(".dbf").read_bytes()
    true = [raw[at + 16] for at in range(32, int.from_bytes(raw[8:10], "little") - 1, 32)]
    assert opened.fields["width"].tolist() == true
    assert opened.fields["field"].tolist() == [c for c in layer if c != "geometry"]


@pytest.mark.parametrize(("suffix", "driver"), [(".gpkg", "GPKG"), (".gdb", "OpenFileGDB")])
def test_widths_where_a_database_knows_them(only, layer, tmp_path, suffix, driver):
    shape = tiny.write_shapefile(layer, tmp_path / "a.shp", "UTF-8", cpg=True)
    _meta, table = pyogrio.read_arrow(shape)
    path = tmp_path / f"a{suffix}"
    kind = {"geometry_type": "MultiPolygon"} if suffix == ".gdb" else {"geometry_type": "Polygon"}
    pyogrio.write_arrow(table, path, driver=driver, crs=FLAT, geometry_name="wkb_geometry", **kind)
    if suffix == ".gpkg":
        with sqlite3.connect(path) as base:
            base.execute('create table "wide" (fid integer primary key, "ZDDM" text(19))')
            base.execute(
                "insert into gpkg_contents (table_name, data_type, identifier)"
                " values ('wide', 'attributes', 'wide')"
            )
            base.execute("insert into wide values (1, 'x')")
        base.close()
    found = find(path, tmp_path).found
    opened = open_layer(found[-1])
    widths = dict(zip(opened.fields["field"], opened.fields["width"], strict=True))
    assert widths["ZDDM"] == (19 if suffix == ".gpkg" else 80)


def test_many_layers_of_a_geopackage(into, plots, tmp_path):
    path = tmp_path / "all.gpkg"
    for name in ("b", "a", "空"):
        plots.to_file(path, layer=name)
    plots.iloc[:0].to_file(path, layer="empty")
    contents = find(path, into)
    assert [(f.layer, f.count) for f in contents.found] == [
        *(("b", 4), ("a", 4), ("空", 4), ("empty", 0)),
    ]
    assert [(n.code, n.layer) for n in contents.notices] == [("1206", "empty")]
    assert [len(open_layer(f).frame) for f in contents.found] == [4, 4, 4, 0]


def test_a_folder_of_all_sorts(into, plots, layer, tmp_path):
    folder = tmp_path / "静海"
    for town in ("b", "a"):
        (folder / town).mkdir(parents=True)
        tiny.write_shapefile(layer, folder / town / "宗地.shp")
    (folder / "list.csv").write_text("宗地代码\n1\n")
    (folder / "a" / "readme.docx").write_bytes(b"x")
    (folder / "a" / "photo.jpg").write_bytes(b"x")
    (folder / "b" / "scan.JPG").write_bytes(b"x")
    (folder / "note.txt").write_text("hello")
    (folder / ".hidden.shp").write_bytes(b"x")
    (folder / "link").symlink_to(folder, target_is_directory=True)
    contents = find(folder, into)
    assert [(f.shown, f.kind) for f in contents.found] == [
        ("静海/a/宗地.shp", "layer"),
        ("静海/b/宗地.shp", "layer"),
        ("静海/list.csv", "table"),
    ]
    assert {n.code for n in contents.notices} == {"1102"}
    notes = [n.note for n in contents.notices]
    assert [note.split(",")[0] for note in notes] == [".docx", ".jpg", ".txt"]
    assert "2 files" in notes[1]
    assert contents == find(folder, into)


def test_a_geodatabase_by_any_name(into, plots, tmp_path):
    gdb = tmp_path / "x.gdb"
    plots.to_file(gdb, driver="OpenFileGDB", promote_to_multi=True, geometry_type="MultiPolygon")
    shutil.make_archive(str(tmp_path / "bare"), "zip", gdb)
    (found,) = find(tmp_path / "bare.zip", into).found
    assert found.format == "OpenFileGDB"
    assert_same(open_layer(found).frame, plots)
    assert find(gdb, into).found[0].shown == "x.gdb"


@pytest.mark.parametrize(
    ("lost", "codes", "rows"),
    [
        (".shx", ["1202"], 4),
        (".dbf", ["1202"], 4),
        (".shp", ["1202"], 4),
        (".prj", [], 4),
    ],
)
def test_incomplete_shapefiles_are_read_as_far_as_they_go(only, layer, tmp_path, lost, codes, rows):
    folder = tmp_path / "data"
    folder.mkdir()
    path = tiny.write_shapefile(layer, folder / "a.shp")
    path.with_suffix(lost).unlink()
    there = sorted(item.name for item in folder.iterdir())
    found, opened, notices = only(folder)
    assert [n.code for n in notices] == codes
    assert len(opened.frame) == rows == found.count
    assert opened.frame.geometry.isna().all() == (lost == ".shp")
    assert sorted(item.name for item in folder.iterdir()) == there


def test_parts_in_other_case(only, layer, tmp_path):
    path = tiny.write_shapefile(layer, tmp_path / "Parcels.shp")
    path.with_suffix(".dbf").rename(tmp_path / "PARCELS.DBF")
    path.with_suffix(".prj").rename(tmp_path / "parcels.Prj")
    _found, opened, notices = only(path)
    assert notices == ()
    assert opened.frame["QLRMC"].tolist() == layer["QLRMC"].tolist()
    assert opened.crs is not None


def test_any_part_stands_for_the_shapefile(only, layer, parcels):
    found, _opened, _notices = only(parcels.with_suffix(".dbf"))
    assert found.shown == "parcels.shp"


@pytest.mark.parametrize("part", [".shp", ".dbf", ".shx"])
@pytest.mark.parametrize("share", [0.3, 0.7, 0.95])
def test_cut_off_shapefiles_keep_every_record_there_is(into, layer, tmp_path, part, share):
    path = tiny.write_shapefile(layer, tmp_path / "a.shp")
    data = path.with_suffix(part).read_bytes()
    path.with_suffix(part).write_bytes(data[: int(len(data) * share)])
    contents = find(path, into)
    told = [n.code for n in contents.notices]
    for found in contents.found:
        try:
            opened = open_layer(found)
        except InputError:
            told.append("refused")
            continue
        told += [n.code for n in opened.notices]
        assert len(opened.frame) == 4 or part == ".dbf"
    assert told or (part == ".shx" and len(opened.frame) == 4)


def test_a_broken_prj_is_not_used(only, layer, tmp_path):
    path = tiny.write_shapefile(layer, tmp_path / "a.shp")
    path.with_suffix(".prj").write_bytes(b"PROJCS[\xff\xfe")
    _found, opened, notices = only(path)
    assert opened.crs is None
    assert [n.code for n in notices] == ["1202"]


@pytest.mark.parametrize("name", ["a.shp", "a.geojson", "a.gpkg", "a.kml", "a.dxf", "a.tab"])
def test_a_list_of_other_files_is_never_followed(into, layer, tmp_path, name):
    layer.to_file(tmp_path / "secret.gpkg")
    vrt = f"<OGRVRTDataSource><OGRVRTLayer name='secret'><SrcDataSource>{tmp_path}/secret.gpkg"
    (tmp_path / name).write_text(vrt + "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>")
    contents = find(tmp_path / name, into)
    assert contents.found == ()
    assert [n.code for n in contents.notices if n.code != "1202"] == ["1201"]


@pytest.mark.parametrize("name", ["a.shp", "a.gpkg", "a.xlsx", "a.geojson", "a.dbf", "a.parquet"])
def test_files_without_a_byte(into, tmp_path, name):
    (tmp_path / name).touch()
    contents = find(tmp_path / name, into)
    assert contents.found == ()
    assert contents.notices


def test_nothing_there(into, tmp_path):
    (tmp_path / "empty").mkdir()
    assert [n.code for n in find(tmp_path / "empty", into).notices] == ["1206"]
    with pytest.raises(InputError, match="no such file"):
        find(tmp_path / "none.shp", into)


def test_advice_for_what_is_not_read(into, tmp_path):
    for name in ("a.mdb", "a.dwg", "a.vct"):
        (tmp_path / name).write_bytes(b"x")
    notes = [n.note for n in find(tmp_path, into).notices]
    assert ["dxf" in notes[0], "Geodatabase" in notes[1], "GeoPackage" in notes[2]] == [True] * 3


def test_classify_reads_the_one_layer_that_fits_in_an_archive(layer, rulebook, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    tiny.write_shapefile(layer, folder / "宗地.shp")
    tiny.frame([{"NAME": "x", "geometry": tiny.lot(0, 0)}]).to_file(folder / "towns.gpkg")
    shutil.make_archive(str(tmp_path / "sent"), "zip", folder)
    read = read_layer(Request(tmp_path / "sent.zip", "parcels"), rulebook)
    plain = read_layer(Request(folder / "宗地.shp", "parcels"), rulebook)
    pd.testing.assert_frame_equal(pd.DataFrame(read.frame), pd.DataFrame(plain.frame))
    assert not is_survey(tmp_path / "sent.zip", "", rulebook)


def test_classify_asks_where_two_fit(layer, rulebook, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    for name in ("one", "two"):
        tiny.write_shapefile(layer, folder / f"{name}.shp")
    shutil.make_archive(str(tmp_path / "sent"), "zip", folder)
    with pytest.raises(InputError, match="which layer"):
        read_layer(Request(tmp_path / "sent.zip", "parcels"), rulebook)
    assert len(read_layer(Request(tmp_path / "sent.zip", "parcels", "two"), rulebook).frame) == 4


def test_a_survey_in_an_archive_is_known(survey_file, rulebook, tmp_path):
    with zipfile.ZipFile(tmp_path / "survey.zip", "w") as archive:
        archive.write(survey_file, "survey.gpkg")
    assert is_survey(tmp_path / "survey.zip", "", rulebook)


def test_fields_of_the_same_name_are_numbered(only, layer, rulebook, tmp_path):
    path = tiny.write_shapefile(layer, tmp_path / "a.shp")
    data = path.with_suffix(".dbf").read_bytes()
    path.with_suffix(".dbf").write_bytes(data.replace(b"QLRLX\0", b"QLRMC\0"))
    _found, opened, _notices = only(path)
    assert opened.frame["QLRMC"].tolist() == layer["QLRMC"].tolist()
    assert opened.frame["QLRMC_2"].tolist() == layer["QLRLX"].tolist()
    assert [n.code for n in opened.notices] == ["1203"]
    read = read_layer(Request(path, "parcels"), rulebook)
    assert read.frame["owner"].tolist() == layer["QLRMC"].tolist()


@pytest.mark.parametrize(("suffix", "driver"), [(".gpkg", "GPKG"), (".gdb", "OpenFileGDB")])
def test_a_table_in_a_database_is_not_taken_for_parcels(lowuse, plots, tmp_path, suffix, driver):
    path, kind = tmp_path / f"town{suffix}", {"driver": driver, "geometry_type": "MultiPolygon"}
    pyogrio.write_dataframe(plots[:3], path, layer="ZD", promote_to_multi=True, **kind)
    remarks = pd.DataFrame({"remark": ["checked", "not yet"]})
    pyogrio.write_dataframe(remarks, path, layer="remarks", driver=driver)
    lowuse("check", path, "-o", tmp_path / "out")
    found = pyogrio.read_dataframe(tmp_path / "out" / "findings.gpkg", layer="findings")
    assert found.loc[found["code"] == "1102", "layer"].tolist() == ["remarks"]
    assert not found["code"].isin(["3101", "3102"]).any()
