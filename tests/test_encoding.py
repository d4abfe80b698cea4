"""Text of shapefiles in whatever encoding it comes."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

import tiny
from lowuse_gis.core.mojibake import LOOKED_AT, restored
from lowuse_gis.errors import InputError
from lowuse_gis.io.encoding import BYTES, text_encoding
from lowuse_gis.io.opened import field_names, open_layer
from lowuse_gis.model import Found

NAMES = ["清泽镇", "柳桥镇", "沄水村", None]


def write(path, encoding, cpg=None):
    frame = gpd.GeoDataFrame(
        {"XZQMC": NAMES, "ZL": ["路一号", "abc", "", "四号"], "ZDMJ": [1.0, 2.0, 3.0, 4.0]},
        geometry=[tiny.lot(200 * n, 0) for n in range(4)],
        crs=tiny.CRS,
    )
    tiny.write_shapefile(frame, path, encoding)
    if cpg:
        path.with_suffix(".cpg").write_text(cpg, encoding="ascii")
    return path


def opened(path):
    return open_layer(Found(path, path.name, "", "layer", "ESRI Shapefile", 4))


def table(path):
    return opened(path).frame.drop(columns="geometry").astype(object).to_numpy().tolist()


def test_gbk_utf8_and_wrong_declarations_give_identical_tables(tmp_path):
    made = [
        write(tmp_path / "a.shp", "GBK"),
        write(tmp_path / "b.shp", "UTF-8"),
        write(tmp_path / "c.shp", "GBK", cpg="UTF-8"),
        write(tmp_path / "d.shp", "UTF-8", cpg="GBK"),
        write(tmp_path / "e.shp", "GBK", cpg="ISO-8859-1"),
        write(tmp_path / "f.shp", "GB18030", cpg="936"),
    ]
    tables = [table(path) for path in made]
    assert tables[0][0][0] == "清泽镇"
    assert all(other == tables[0] for other in tables[1:])


@pytest.mark.parametrize(
    ("encoding", "cpg", "codes"),
    [
        ("GBK", None, []),
        ("GBK", "GBK", []),
        ("GBK", "UTF-8", ["1204"]),
        ("UTF-8", "936", ["1204"]),
    ],
)
def test_a_declaration_that_does_not_fit_is_told(tmp_path, encoding, cpg, codes):
    path = write(tmp_path / "a.shp", encoding, cpg)
    assert [notice.code for notice in opened(path).notices] == codes


def test_columns_of_different_encodings_are_decoded_each_in_its_own(tmp_path):
    path = write(tmp_path / "a.shp", "GBK")
    dbf = path.with_suffix(".dbf")
    data = bytearray(dbf.read_bytes())
    for name in NAMES[:3]:
        old, new = name.encode("gbk"), name.encode("utf-8")
        at = data.index(old + b"    ")
        data[at : at + len(new)] = new
    dbf.write_bytes(bytes(data))
    found = text_encoding(path)
    assert found.name == BYTES
    assert (found.columns[0], found.columns[1]) == ("UTF-8", "GB18030")
    read = opened(path)
    assert read.frame["XZQMC"].tolist()[:3] == NAMES[:3]
    assert read.frame["ZL"].tolist()[0] == "路一号"
    assert [notice.code for notice in read.notices] == ["1204"]


def test_names_of_fields_are_decoded_where_columns_differ(tmp_path):
    frame = gpd.GeoDataFrame(
        {"坐落": NAMES, "权利人": ["甲", "乙", "丙", "丁"]},
        geometry=[tiny.lot(200 * n, 0) for n in range(4)],
        crs=tiny.CRS,
    )
    path = tmp_path / "a.shp"
    tiny.write_shapefile(frame, path, "GBK")
    dbf = path.with_suffix(".dbf")
    data = dbf.read_bytes()
    for name in NAMES[:3]:
        old, new = name.encode("gbk"), name.encode("utf-8")
        data = data.replace(old + b" " * (len(new) - len(old)), new, 1)
    dbf.write_bytes(data)
    assert text_encoding(path).name == BYTES
    read = opened(path)
    assert read.fields["field"].tolist() == ["坐落", "权利人"]
    assert read.frame["坐落"].tolist()[:3] == NAMES[:3]
    assert read.frame["权利人"].tolist() == ["甲", "乙", "丙", "丁"]
    assert [notice.code for notice in read.notices] == ["1204"]
    found = Found(path, path.name, "", "layer", "ESRI Shapefile", 4)
    assert field_names(found) == ["坐落", "权利人"]
    assert open_layer(found, only=lambda names: names[1:]).frame["权利人"].tolist()[0] == "甲"


def test_neither_is_refused_and_never_read_as_latin(tmp_path):
    path = write(tmp_path / "a.shp", "GBK")
    dbf = path.with_suffix(".dbf")
    dbf.write_bytes(dbf.read_bytes().replace("清泽镇".encode("gbk"), b"\xff\xfe\xff\xfe\xff\xfe"))
    with pytest.raises(InputError, match="neither UTF-8 nor GBK"):
        text_encoding(path)


@pytest.mark.parametrize("way", ["latin-1", "gb18030"])
def test_double_encoding_is_undone_as_a_whole(way):
    import pandas as pd

    texts = ["静海", "大邱庄镇", "王口"]  # GBK takes two bytes a time
    broken = pd.Series([*(text.encode().decode(way) for text in texts), "abc", None])
    outcome = restored(broken)
    assert outcome.way == way
    assert outcome.text.tolist()[:4] == [*texts, "abc"]


def test_real_text_is_left_alone_and_lost_signs_are_counted():
    import pandas as pd

    outcome = restored(pd.Series(["静海区", "Müller", "café", "静\ufffd", "静\ufffd"]))
    assert (outcome.way, outcome.lost) == ("", 2)


@pytest.mark.parametrize("plain", [0, LOOKED_AT])
def test_a_long_column_is_undone_as_a_whole_or_not_at_all(plain):
    import pandas as pd

    broken = "静海".encode().decode("latin-1")
    column = pd.Series(["abc"] * plain + [broken] * (LOOKED_AT + 1))
    assert restored(column).text.tolist()[-1] == "静海"
    mixed = pd.concat([column, pd.Series(["王口"])])
    assert restored(mixed).way == ""
    assert restored(mixed).text.equals(mixed)


def test_a_shape_survives_whatever_the_text(tmp_path):
    read = opened(write(tmp_path / "a.shp", "GBK"))
    assert shapely.area(read.frame.geometry.to_numpy()).tolist() == [10_000.0] * 4
