"""Coordinate TXT of land offices: plots from points, whatever the file is like."""

import time

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from lowuse_gis.errors import InputError
from lowuse_gis.io.delivery import find
from lowuse_gis.io.land_txt import FIELDS, read_land_txt
from lowuse_gis.io.land_txt_crs import declared
from lowuse_gis.io.opened import open_layer
from lowuse_gis.io.rings import Points, plots_of

HEADER = """[属性描述]
格式版本号=1.01版本
数据产生单位=某局
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=39
精度=0.001
转换参数=0,0,0,0,0,0,0
[地块坐标]
"""
PLOT = "4,1.0000,DK001,甲地块,面,J50G001,工业用地,0601,@\n"
SQUARE = ((4305000, 39492000), (4305100, 39492000), (4305100, 39492100), (4305000, 39492100))


def points(corners=SQUARE, ring=1, start=1):
    return "".join(f"J{n},{ring},{x:.3f},{y:.3f}\n" for n, (x, y) in enumerate(corners, start))


@pytest.fixture
def read(tmp_path):
    def call(text, encoding="gbk", declared=""):
        path = tmp_path / "plots.txt"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        frame, fields, crs, used, notices = read_land_txt(path, "plots.txt", declared)
        assert fields["field"].tolist() == [c for c in frame if c != "geometry"] == list(FIELDS)
        return frame, crs, used, notices

    return call


@pytest.mark.parametrize(
    ("encoding", "used"),
    [("gbk", "GB18030"), ("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16")],
)
def test_a_plot(read, encoding, used):
    frame, crs, was, notices = read(HEADER + PLOT + points(), encoding)
    assert (crs, was, notices) == ("EPSG:4527", used, ())
    line = ["4", "1.0000", "DK001", "甲地块", "面", "J50G001", "工业用地", "0601"]
    assert frame.drop(columns="geometry").to_numpy().tolist() == [line]
    (shape,) = frame.geometry
    assert shape.equals(shapely.box(39492000, 4305000, 39492100, 4305100))


def test_without_zone(read):
    corners = [(x, y - 39_000_000) for x, y in SQUARE]
    frame, crs, _used, _notices = read(HEADER + PLOT + points(corners))
    assert crs == "EPSG:4548"
    assert frame.geometry[0].bounds == (492000, 4305000, 492100, 4305100)


def test_a_zone_on_some_points_only_is_taken_off_and_told(read):
    mixed = [SQUARE[0], *((x, y - 39_000_000) for x, y in SQUARE[1:])]
    frame, crs, _used, notices = read(HEADER + PLOT + points(mixed))
    assert crs == "EPSG:4548"
    assert frame.geometry[0].area == 10_000
    assert [n.code for n in notices] == ["2201"]
    assert "13" in notices[0].note


def test_holes_parts_and_islands(read):
    def ring(number, low, high):
        corners = ((low, low), (high, low), (high, high), (low, high))
        return points([(4305000 + x, 39492000 + y) for x, y in corners], number)

    text = HEADER + PLOT.replace("4,", "20,", 1)
    text += ring(1, 0, 100) + ring(2, 10, 30) + ring(3, 200, 300) + ring(4, 210, 220)
    text += ring(5, 50, 60)
    frame, _crs, _used, notices = read(text)
    (shape,) = frame.geometry
    assert notices == ()
    assert shape.is_valid
    assert shape.area == 2 * 100**2 - 20**2 - 2 * 10**2
    assert [len(part.interiors) for part in shape.geoms] == [2, 1]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\n\n"),
        lambda text: text.replace("00.000\n", "00.000,,\n"),
        lambda text: text.replace(",", "，"),
        lambda text: text.replace(",", " ,  "),
        lambda text: text.replace("J1", " J1"),
        lambda text: text.replace(".000", ""),
        lambda text: text.replace("J", ""),
        lambda text: text.replace(",1,4305", ",,4305"),
        lambda text: text.replace("[地块坐标]", "［地块坐标］"),
        lambda text: text + points(SQUARE[:1]),
        lambda text: text.rstrip("\n"),
        lambda text: text.replace("4,1.0000", "5,1.0000"),
    ],
)
def test_habits_of_writing(read, change):
    frame, crs, _used, notices = read(change(HEADER + PLOT + points()))
    assert (crs, notices) == ("EPSG:4527", ())
    assert frame.geometry[0].equals(shapely.box(39492000, 4305000, 39492100, 4305100))


def test_points_alone(read):
    frame, crs, _used, notices = read(points())
    assert (crs, notices) == (None, ())
    assert frame.geometry[0].area == 10_000
    assert (frame[list(FIELDS)] == "").all(axis=None)


@pytest.mark.parametrize(
    "bad", ["J9,1,4305050.0", "J9,1,abc,39492000", "hello", "J9,x,1,2", "J9,1,43 05,394", "=,=,="]
)
def test_a_line_that_is_not_understood_costs_its_plot_and_no_other(read, bad):
    text = HEADER + PLOT + points() + bad + "\n" + PLOT + points()
    frame, _crs, _used, notices = read(text)
    assert frame.geometry.isna().tolist() == [not bad.startswith("="), False]
    if not bad.startswith("="):
        assert [n.code for n in notices] == ["1201"]
        assert "lines 17" in notices[0].note


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1e999", "NaN"])
def test_coordinates_that_are_no_numbers(tmp_path, number):
    path = tmp_path / "plots.txt"
    path.write_text(HEADER + PLOT + points().replace("4305100.000", number) + PLOT + points())
    (tmp_path / "into").mkdir()
    (found,) = find(path, tmp_path / "into").found
    opened = open_layer(found)
    assert opened.frame.geometry.isna().tolist() == [True, False]
    assert "2206" in {n.code for n in opened.notices}


def test_too_few_points_and_a_wrong_count(read):
    text = HEADER + PLOT + points(SQUARE[:2]) + PLOT.replace("4,", "9,", 1) + points()
    frame, _crs, _used, notices = read(text)
    assert frame.geometry.isna().tolist() == [True, False]
    notes = [n.note for n in notices]
    assert "fewer than three" in notes[0]
    assert "lines 12" in notes[0]
    assert "more or fewer points" in notes[1]
    assert "lines 12, 15" in notes[1]


def test_a_plot_without_points_stays(read):
    frame, _crs, _used, notices = read(HEADER + PLOT + PLOT + points())
    assert frame.geometry.isna().tolist() == [True, False]
    assert [n.code for n in notices] == ["1201"]


def test_other_bytes_are_refused(read):
    with pytest.raises(InputError, match="neither UTF-8 nor GBK"):
        read(HEADER.encode("gbk") + b"\x80\xff\xff\n")
    frame, *_rest = read((HEADER + PLOT + points()).encode("big5", "replace"), declared="big5")
    assert len(frame) == 1


@pytest.mark.parametrize("degrees", [3, 6])
@pytest.mark.parametrize("front", [True, False])
@pytest.mark.parametrize(
    ("said", "datum"),
    [
        ("2000国家大地坐标系", "China 2000"),
        ("CGCS2000", "China 2000"),
        ("80国家大地坐标系", "Xian 1980"),
        ("1954北京坐标系", "Beijing 1954"),
    ],
)
def test_declared_systems(said, datum, degrees, front):
    zones = {3: (25, 39, 45), 6: (13, 20, 23)}[degrees]
    for zone in zones:
        header = [f"坐标系={said}", f"几度分带={degrees}", f"带号={zone}", "投影类型=高斯克吕格"]
        crs = CRS.from_user_input(declared(header, zone_in_front=front))
        values = {p.name: p.value for p in crs.coordinate_operation.params}
        assert values["Longitude of natural origin"] == (zone * 3 if degrees == 3 else zone * 6 - 3)
        assert values["False easting"] == 500_000 + (zone * 1_000_000 if front else 0)
        assert datum in crs.datum.name


@pytest.mark.parametrize(
    "header",
    [
        [],
        ["坐标系=2000国家大地坐标系"],
        ["坐标系=独立坐标系", "几度分带=3", "带号=39"],
        ["坐标系=CGCS2000", "几度分带=3", "带号=99"],
        ["坐标系=CGCS2000", "几度分带=3", "带号=39", "带号=40"],
        ["坐标系=CGCS2000", "几度分带=3", "带号=39", "投影类型=墨卡托"],
        ["坐标系=CGCS2000", "几度分带=1.5", "带号=39"],
    ],
)
def test_what_a_header_leaves_open_is_not_guessed(header):
    assert declared(header, zone_in_front=True) is None


def test_a_million_points(tmp_path):
    angle = np.linspace(0, 2 * np.pi, 1000, endpoint=False)
    parts = [HEADER]
    for plot in range(1000):
        north = 4305000 + plot % 40 * 100 + 40 * np.cos(angle)
        east = 39492000 + plot // 40 * 100 + 40 * np.sin(angle)
        pairs = zip(north.tolist(), east.tolist(), strict=True)
        parts.append(f"1000,0.5,DK{plot},甲,面,,,,@\n{points(pairs)}")
    path = tmp_path / "many.txt"
    path.write_text("".join(parts), encoding="gbk")
    start = time.perf_counter()
    frame, *_rest = read_land_txt(path, "many.txt")
    assert time.perf_counter() - start < 30
    assert len(frame) == 1000
    assert frame.geometry.area.min() > 5000


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("any") / "a.txt"
    path.write_bytes(data)
    try:
        frame, *_rest = read_land_txt(path, "a.txt")
    except InputError:
        return
    assert len(frame) <= data.count(b"@") + data.count(b"\x20") + len(data)


pieces = st.sampled_from(
    [
        *(
            PLOT,
            "@",
            ",",
            "J1,1,1,1",
            "J2,1,2,1\n",
            "J3,1,2,2\n",
            "J4,2,0,0\n",
            "\n",
            "[",
            "=",
            "nan",
        ),
        *("J,1,nan,inf\n", "J1,999999999,1e308,-1e308\n", "，", "\0", "\u3000", "带号=39\n", "\r"),
    ]
)


@given(st.lists(pieces, max_size=40).map("".join))
@settings(max_examples=500, deadline=None)
def test_any_lines(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("lines") / "a.txt"
    path.write_text(text, encoding="utf-8", newline="")
    frame, _fields, _crs, _used, _notices = read_land_txt(path, "a.txt")
    heads = sum(line.strip(" \0\u3000").endswith("@") for line in text.splitlines())
    assert len(frame) in {heads, heads + 1}


@given(
    st.lists(
        st.tuples(
            st.integers(0, 3),
            st.integers(0, 3),
            st.floats(-1e9, 1e9),
            st.floats(-1e9, 1e9),
        ),
        max_size=60,
    )
)
@settings(max_examples=500, deadline=None)
def test_any_points(rows):
    table = np.array(rows, float).reshape(-1, 4)
    plot, ring = table[:, 0].astype(np.int64), table[:, 1].astype(np.int64)
    shapes, few = plots_of(Points(plot, ring, table[:, 2:]), 4)
    there = set(np.flatnonzero(~shapely.is_missing(shapes)).tolist())
    assert there == set(plot.tolist()) - set(few.tolist())
