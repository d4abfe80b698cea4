"""The page of a map holds the result; nothing of the data is markup, no server is asked."""

from __future__ import annotations

import base64
import gzip
import json
import re
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

import tiny
from filing import run
from lowuse_gis.io import page_file
from lowuse_gis.io.overview import overview_of
from lowuse_gis.io.tiles import tiles_of
from lowuse_gis.stages.maps.lists import PIECE, classed, members_of, outlines_of, places_of

HOSTILE = '</script><script>document.title="taken"</script><img src=x onerror=alert(1)>'
LONG = "很长的名字" * 400
TURNED = "شركة الأراضي 🏭 \u202eabc"


def unpacked(text):
    return gzip.decompress(base64.b64decode(text))


def blob(page, name):
    (text,) = re.findall(rf'<script type="text/plain" id="{name}">([^<]*)</script>', page)
    return unpacked(text)


def pieces(page):
    (text,) = re.findall(r'<script type="application/json" id="texts">([^<]*)</script>', page)
    return [line for piece in json.loads(text) for line in json.loads(unpacked(piece))]


def arrays(page):
    raw, facts = blob(page, "arrays"), json.loads(blob(page, "facts"))
    kinds = {"Float32Array": "<f4", "Float64Array": "<f8", "Uint8Array": "u1", "Uint32Array": "<u4"}
    return {
        a["name"]: np.frombuffer(raw, kinds[a["type"]], a["length"], a["offset"])
        for a in facts["arrays"]
    }


@pytest.fixture
def mapped(tmp_path, lowuse):
    def call(result, *more, name="map.html"):
        code, _out, err = lowuse("map", result, "-o", tmp_path / name, *more, "-q")
        assert code == 0, err
        return (tmp_path / name).read_text(encoding="utf-8")

    return call


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """A result of four parcels: names that mean harm, a very long one, one without a shape."""

    @cache
    def call(names=(HOSTILE, LONG, TURNED, "甲公司"), count=4):
        folder = tmp_path_factory.mktemp("judged")
        records = [
            tiny.parcel(n, None if n == count > 1 else tiny.lot(300 * n, 0), QLRMC=names[n - 1])
            for n in range(1, count + 1)
        ]
        tiny.frame(records).to_file(folder / "p.gpkg", layer="p")
        run("classify", folder / "p.gpkg", "-o", folder / "r.gpkg", "-q")
        return folder / "r.gpkg"

    return call


def test_the_page_holds_every_parcel_of_the_result(judged, mapped):
    result = judged()
    page = mapped(result)
    parcels = pyogrio.read_dataframe(result, layer="parcels")
    facts, lines, held = json.loads(blob(page, "facts")), pieces(page), arrays(page)
    assert facts["count"] == len(lines) == len(parcels) == len(held["area"])
    assert [line[0] for line in lines] == parcels["row"].tolist()
    assert [line[3] for line in lines] == parcels["owner"].tolist()
    verdicts = [facts["lists"]["verdict"][at]["code"] for at in held["verdict"]]
    assert verdicts == parcels["verdict"].tolist()
    assert held["area"] == pytest.approx(parcels["area"].to_numpy(), rel=1e-6, nan_ok=True)
    assert np.isnan(held["x"]).tolist() == parcels.geometry.isna().tolist()


def test_no_text_of_the_data_is_markup(judged, mapped):
    page = mapped(judged())
    own = re.sub(r"<script>.*?</script>|<style>.*?</style>", "", page, flags=re.DOTALL)
    assert HOSTILE not in page
    assert "onerror" not in own
    assert own.count("<script") == 6
    assert LONG not in page


def test_no_server_is_asked(judged, mapped):
    page = mapped(judged())
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    assert "default-src 'none'" in policy
    assert "http" not in policy
    own = page.split("<body>")[1].split("<script>")[0]
    assert not re.search(r"(src|href)=", own)
    assert "sourceMappingURL" not in page


def test_the_same_result_gives_the_same_page(judged, mapped):
    result = judged()
    assert mapped(result) == mapped(result, name="again.html")


def test_one_parcel(judged, mapped):
    page = mapped(judged(names=("甲公司",), count=1))
    assert json.loads(blob(page, "facts"))["count"] == 1


def test_bad_requests(judged, refused, tmp_path, monkeypatch):
    result = judged()
    refused("map", tmp_path / "none.gpkg", "-o", tmp_path / "m.html")
    refused("map", result.with_name("p.gpkg"), "-o", tmp_path / "m.html")
    refused("map", result, "--units", result.with_name("p.gpkg"), "-o", tmp_path / "m.html")
    (tmp_path / "m.html").write_text("mine", encoding="utf-8")
    refused("map", result, "-o", tmp_path / "m.html")
    monkeypatch.setattr(page_file, "LIBRARY", "no_such_package_at_all")
    _error, hint = refused("map", result, "-o", tmp_path / "other.html")
    assert hint == "hint: pip install maplibre"
    assert (tmp_path / "m.html").read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "other.html").exists()


def test_every_tile_holds_what_touches_it():
    lots = [tiny.lot(400 * n, 300 * (n % 5)) for n in range(40)]
    frame = gpd.GeoDataFrame({"i": range(40)}, geometry=lots, crs=tiny.CRS)
    tiles = tiles_of(frame, "lots", 14)
    column = (frame.to_crs("EPSG:4326").bounds["minx"] + 180) / 360 * 2**14
    assert set(np.floor(column).astype(int)) <= set(tiles.index[:, 0].tolist())
    at = tiles.index[:, 2:]
    assert at[0, 0] == 0
    assert (at[1:, 0] == at[:-1, 0] + at[:-1, 1]).all()
    assert at[-1].sum() == len(tiles.data)
    assert all(b"lots" in gzip.decompress(tiles.data[o : o + n]) for o, n in at)
    nothing = tiles_of(frame.iloc[:0], "lots", 14)
    assert (len(nothing.index), nothing.data) == (0, b"")


def test_a_cell_knows_the_parcel_that_matters_most():
    lots = [tiny.lot(0, 0, 100, 100), tiny.lot(0, 0, 50, 100), None]
    frame = gpd.GeoDataFrame(geometry=lots, crs=tiny.CRS)
    seen = overview_of(frame, np.array([2, 0, 1]))
    counts = dict(zip(*np.unique(seen.cells, return_counts=True), strict=True))
    assert set(counts) <= {0, 1, 2}
    assert counts[2] == pytest.approx(counts[1], rel=0.05)
    west, north = seen.corners[0]
    assert (
        shapely.box(*frame.to_crs("EPSG:4326").total_bounds)
        .buffer(1e-4)
        .contains(shapely.Point(west, north))
    )
    assert overview_of(frame.iloc[2:], np.array([0])).cells.tolist() == [[0]]


def test_what_is_not_known_is_a_class_of_its_own():
    values = pd.Series([None, -1.0, 1.0, 2.0, 5.0])
    assert classed(values, [1.0, 2.0]).tolist() == [-1, 0, 1, 2, 2]


def test_members_by_code():
    met = pd.Series(["A;B", None, "B", ""])
    found, counts = members_of(met, ["B", "C", "A"])
    assert (found.tolist(), counts) == ([0, 2, 0], [2, 0, 1])


def test_places_lie_in_their_parcels():
    ring = tiny.lot(0, 0, 100, 100).difference(tiny.lot(10, 10, 80, 80))
    frame = gpd.GeoDataFrame(geometry=[ring, None], crs=tiny.CRS)
    places = places_of(frame)
    back = gpd.GeoSeries([shapely.Point(places[0])], crs="EPSG:4326").to_crs(tiny.CRS)
    assert ring.buffer(0.05).contains(back.iloc[0])
    assert np.isnan(places[1]).all()


def test_outlines_carry_what_is_asked_and_no_empty_shape():
    frame = gpd.GeoDataFrame(
        {"unit_id": ["a", "b"], "name": [None, "x"]}, geometry=[tiny.lot(0, 0), None], crs=tiny.CRS
    )
    made = outlines_of(frame, {"id": "unit_id", "name": "name"})
    assert [f["properties"] for f in made["features"]] == [{"id": "a", "name": ""}]
    assert outlines_of(None, {})["features"] == []
    assert PIECE > 1
