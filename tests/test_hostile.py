"""Whatever is handed over ends in notices or one error, soon and in little memory."""

import json
import random
import shutil
import struct
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import tiny
from lowuse_gis.errors import InputError
from lowuse_gis.io.encoding import text_encoding
from lowuse_gis.io.shapefile_parts import dbf_records, dbf_widths
from zips import Archive, Line, deflated

SECONDS = 30  # for one input, on a busy machine
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.fixture
def survived():
    """Read paths in another process; return what was told of each."""

    def call(paths):
        reader = Path(__file__).with_name("hostile_reader.py")
        done = subprocess.run(
            [sys.executable, str(reader)],
            input="\n".join(map(str, paths)),
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        ended = paths[min(len(lines), len(paths) - 1)]
        assert done.returncode == 0, f"{ended} ended the reader: {done.stderr[-2000:]}"
        wrong = {str(p): line["wrong"] for p, line in zip(paths, lines, strict=True)}
        assert {p: why for p, why in wrong.items() if why} == {}
        slow = {str(p): line["seconds"] for p, line in zip(paths, lines, strict=True)}
        assert {p: s for p, s in slow.items() if s > SECONDS} == {}
        return [line["told"] for line in lines]

    return call


def test_hostile_archives(survived, shared_data):
    paths = sorted((shared_data / "hostile" / "zip").glob("*.zip"))
    assert len(paths) > 100
    told = dict(zip((p.stem for p in paths), survived(paths), strict=True))
    silent = [name for name, codes in told.items() if not codes]
    assert silent == []
    assert told["bogus"] == ["1201"]
    assert "1101" in told["encrypt"]


def test_hostile_shapefiles(survived, shared_data, tmp_path):
    folder = tmp_path / "shapefile"
    shutil.copytree(shared_data / "hostile" / "shapefile", folder)
    told = dict(
        zip(
            ("long", "latin", "all"),
            survived(
                [
                    folder / "corrupt_too_long.shp",
                    folder / "latin1.shp",
                    folder,
                ]
            ),
            strict=True,
        )
    )
    assert "10 rows" in told["long"]
    assert "1202" in told["latin"]
    assert "1 rows" in told["latin"] or "neither UTF-8 nor GBK" in " ".join(told["latin"])
    assert "10 rows" in told["all"]


def workbook(path, sheet):
    plain = BytesIO()
    openpyxl.Workbook().save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                data = f'<?xml version="1.0"?><worksheet xmlns="{SHEET}">{sheet}</worksheet>'
            new.writestr(name, data)
    return path


def test_workbooks_that_would_fill_all_memory(survived, tmp_path):
    cell = '<c r="{}"><v>1</v></c>'.format
    rows = '<sheetData><row r="1">{}</row><row r="1048576">{}</row></sheetData>'.format
    bare = "<c><v>1</v></c>"
    sheets = {
        "far": rows(cell("A1"), cell("XFD1048576")),
        "odd": rows(cell("A1"), cell("ZZZZZZZZ99999999999")),
        "bare": rows(bare * 16000, bare),
        "merged": rows(cell("A1"), "")
        + '<mergeCells><mergeCell ref="B2:XFD1048576"/></mergeCells>',
        "said": '<dimension ref="A1:XFD1048576"/>'
        f'<sheetData><row r="1">{cell("A1")}</row></sheetData>',
    }
    paths = [workbook(tmp_path / f"{name}.xlsx", sheet) for name, sheet in sheets.items()]
    zeros = deflated(bytes(1 << 20) * 400)
    bomb = Archive([Line(b"xl/worksheets/sheet1.xml", method=8, body=zeros, size=100, crc=0)])
    (tmp_path / "bomb.xlsx").write_bytes(bomb.bytes())
    told = survived([*paths, tmp_path / "bomb.xlsx"])
    for name, lines in zip([*sheets, "bomb"], told, strict=True):
        assert ("refused" in lines[-1]) == (name not in {"merged", "said"}), (name, lines)


def test_sizes_of_4_gb_that_are_only_said(survived, layer, tmp_path):
    paths = []
    for name, part, at in (
        ("records", ".dbf", 4),
        ("header", ".dbf", 8),
        ("length", ".shp", 24),
        ("index", ".shx", 24),
        ("offset", ".shx", 100),
        ("content", ".shp", 104),
        ("parts", ".shp", 144),
        ("points", ".shp", 148),
    ):
        path = tiny.write_shapefile(layer, tmp_path / f"{name}.shp")
        data = bytearray(path.with_suffix(part).read_bytes())
        data[at : at + 4] = b"\xee\x6b\x28\x00" if name == "offset" else b"\xff\xff\xff\xee"
        path.with_suffix(part).write_bytes(bytes(data))
        paths.append(path)
    layer.to_file(tmp_path / "a.fgb")
    data = bytearray((tmp_path / "a.fgb").read_bytes())
    header = int.from_bytes(data[8:12], "little")
    for at in (8, 12 + header):
        lie = bytearray(data)
        lie[at : at + 4] = b"\xff\xff\xff\xee"
        paths.append(tmp_path / f"lie{at}.fgb")
        paths[-1].write_bytes(bytes(lie))
    told = survived(paths)
    assert all(lines for lines in told)


def test_rings_of_a_million_vertices(survived, tmp_path):
    angle = np.linspace(0, 2 * np.pi, 1_000_000, endpoint=False)
    x, y = tiny.ORIGIN
    circle = shapely.polygons(np.stack([x + 500 * np.cos(angle), y + 500 * np.sin(angle)], 1))
    frame = gpd.GeoDataFrame({"n": [1]}, geometry=[circle], crs=tiny.CRS)
    paths = [tmp_path / f"a.{suffix}" for suffix in ("shp", "gpkg", "geojson")]
    for path in paths:
        frame.to_file(path)
    assert [lines[-1] for lines in survived(paths)] == ["1 rows"] * 3


def test_texts_that_nest_or_never_end(survived, tmp_path):
    deep = tmp_path / "deep.geojson"
    deep.write_text('{"type":"FeatureCollection","features":' + "[" * 500_000)
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    kml = tmp_path / "laughs.kml"
    kml.write_text(
        f'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a0 "ha">{laughs}]>'
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>&a11;</name></Document></kml>'
    )
    line = tmp_path / "line.csv"
    line.write_text("," * 5_000_000)
    wide = tmp_path / "wide.csv"
    wide.write_text("," * 1_000_000 + "\n" * 100_000)
    points = tmp_path / "points.txt"
    points.write_text("[地块坐标]\n" + "," * 5_000_000 + "\n" + "1" * 5_000_000 + ",@\n")
    told = survived([deep, kml, line, wide, points])
    assert all(lines for lines in told)


@pytest.fixture
def seeds(layer, tmp_path):
    """One delivery in each format."""
    folder = tmp_path / "seeds"
    for suffix in ("shp", "gpkg", "geojson", "fgb", "tab", "parquet", "kml", "dxf", "gdb", "txt"):
        home = folder / suffix
        home.mkdir(parents=True)
        path = home / f"a.{suffix}"
        if suffix == "parquet":
            layer.to_parquet(path)
        elif suffix == "gdb":
            whole = {"promote_to_multi": True, "geometry_type": "MultiPolygon"}
            layer.to_file(path, driver="OpenFileGDB", **whole)
        elif suffix == "dxf":
            with pytest.warns(UserWarning, match="crs"):
                gpd.GeoDataFrame(geometry=layer.exterior.to_numpy()).to_file(path)
        elif suffix == "txt":
            path.write_text("[地块坐标]\n4,1,a,b,面,,,,@\nJ1,1,1,1\nJ2,1,1,2\nJ3,1,2,2\n", "gbk")
        elif suffix == "kml":
            layer.to_crs(4326).to_file(path, driver="LIBKML")
        else:
            layer.to_file(
                path, driver="MapInfo File" if suffix == "tab" else None, encoding="UTF-8"
            )
    (folder / "zip").mkdir()
    shutil.make_archive(str(folder / "zip" / "a"), "zip", folder / "shp")
    return folder


def spoiled(data, chance):
    """Return bytes cut, flipped, overwritten, or with some put in or taken out."""
    data = bytearray(data)
    way, at = chance.randrange(5), chance.randrange(len(data) or 1)
    if way == 0:
        return bytes(data[:at])
    if way == 1:
        del data[at : at + chance.randrange(1, 99)]
    elif way == 2:
        data[at:at] = chance.randbytes(chance.randrange(1, 99))
    elif way == 3:
        data[at : at + 4] = chance.choice(
            [b"\xff" * 4, b"\0" * 4, struct.pack("<I", 4_000_000_000)]
        )
    else:
        for _turn in range(chance.choice([1, 2, 8, 64])):
            at = chance.randrange(min(len(data), chance.choice([64, 512, 1 << 30])) or 1)
            data[at : at + 1] = bytes([chance.randrange(256)])
    return bytes(data)


def test_spoiled_deliveries(survived, seeds, tmp_path):
    chance, paths = random.Random(4), []
    for number in range(25):
        for seed in sorted(seeds.iterdir()):
            copy = tmp_path / f"{seed.name}{number}"
            shutil.copytree(seed, copy)
            files = sorted(p for p in copy.rglob("*") if p.is_file())
            for path in chance.sample(files, min(len(files), chance.choice([1, 1, 2]))):
                path.write_bytes(spoiled(path.read_bytes(), chance))
            paths.append(copy)
    told = survived(paths)
    assert len(told) == 25 * 11
    assert all(lines for lines in told)


@pytest.mark.parametrize("command", ["describe", "check", "classify"])
def test_commands_end_in_one_error_or_a_report(lowuse, shared_data, tmp_path, command):
    archive = shared_data / "hostile" / "zip" / "encrypt.zip"
    options = {
        "describe": (),
        "check": ("-o", tmp_path / "o.gpkg"),
        "classify": ("-o", tmp_path / "o.gpkg"),
    }
    code, _out, err = lowuse(command, archive, *options[command])
    assert code in {0, 1, 2}
    assert "Traceback" not in err
    if code == 2:
        assert "error: " in err
        assert "hint: " in err


def test_an_outside_link_in_a_folder_leads_nowhere(survived, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "round").symlink_to(folder, target_is_directory=True)
    (folder / "gone.shp").symlink_to(tmp_path / "nothing.shp")
    assert survived([folder]) == [["1206"]]


header = st.builds(
    lambda count, start, length, driver: struct.pack(
        "<B3sIHH16xBBxx", 3, b"\0\1\1", count, start, length, 0, driver
    ),
    st.one_of(st.integers(0, 40), st.integers(0, 2**32 - 1)),
    st.one_of(st.integers(0, 200), st.just(65), st.integers(0, 65535)),
    st.one_of(st.integers(0, 40), st.integers(0, 65535)),
    st.integers(0, 255),
)
field = st.builds(
    lambda name, kind, width: struct.pack("<11sc4xBB14x", name, kind, width, 0),
    st.binary(max_size=11),
    st.sampled_from([b"C", b"N", b"\0"]),
    st.integers(0, 255),
)


@given(header, st.lists(field, max_size=4), st.binary(max_size=300), st.binary(max_size=12))
@settings(max_examples=600, deadline=None)
def test_any_dbf_header(tmp_path_factory, head, fields, body, cpg):
    dbf = tmp_path_factory.mktemp("dbf") / "a.dbf"
    dbf.write_bytes(head + b"".join(fields) + b"\r" + body)
    if cpg:
        dbf.with_suffix(".cpg").write_bytes(cpg)
    assert all(0 <= width < 256 for width in dbf_widths(dbf))
    assert dbf_records(dbf) >= -1
    try:
        encoding = text_encoding(dbf).name
    except InputError:
        return
    assert "甲".encode("gbk").decode(encoding, "replace")


@given(st.binary(max_size=100))
@settings(max_examples=300, deadline=None)
def test_any_bytes_for_a_dbf(tmp_path_factory, data):
    dbf = tmp_path_factory.mktemp("dbf") / "a.dbf"
    dbf.write_bytes(data)
    assert dbf_records(dbf) >= -1
    try:
        text_encoding(dbf)
    except InputError:
        return
