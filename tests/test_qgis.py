"""A project of QGIS and the styles in GeoPackages: complete, repeatable, safe with any text."""

from __future__ import annotations

import shutil
import sqlite3
import zipfile
from contextlib import closing
from datetime import date
from functools import cache
from xml.etree import ElementTree as ET

import geopandas as gpd
import pyogrio
import pytest
import shapely

import tiny
from filing import run
from lowuse_gis.core.cartography.conventions import theme_style, verdict_style
from lowuse_gis.core.cartography.elements import document, node
from lowuse_gis.core.cartography.sheet import BOX, scale_of
from lowuse_gis.core.verdict import VERDICTS
from lowuse_gis.io.geopackage import write_geopackage
from lowuse_gis.io.layer_styles import STYLES
from lowuse_gis.io.out_layer import Column, OutLayer
from lowuse_gis.io.rulebook import read_rulebook

HOSTILE = '镇<a href="x">&amp;\'"[% 1/0 %]\u0007'


@pytest.fixture(scope="module")
def judged_once(tmp_path_factory):
    """Results of parcels in towns, each made once."""

    @cache
    def call(names, shaped):
        folder = tmp_path_factory.mktemp("judged")
        records = [
            tiny.parcel(
                n, tiny.lot(5000 * n, 0) if shaped else None,
                XZQMC=name, XZQDM=f"12011890{n}", QLRMC=HOSTILE,
            )
            for n, name in enumerate(names, 1)
        ]  # fmt: skip
        tiny.frame(records).to_file(folder / "p.gpkg", layer="p")
        run("classify", folder / "p.gpkg", "-o", folder / "r.gpkg", "-q")
        return folder

    return call


@pytest.fixture
def judged(judged_once, tmp_path):
    """A result of parcels in two towns; a copy."""

    def call(names=("清泽镇", HOSTILE), *, shaped=True):
        shutil.copytree(judged_once(names, shaped), tmp_path, dirs_exist_ok=True)
        return tmp_path / "r.gpkg"

    return call


@pytest.fixture
def project(tmp_path, lowuse):
    def call(result, *more, name="project.qgz"):
        code, _out, err = lowuse("qgis", result, "-o", tmp_path / name, *more, "-q")
        assert code == 0, err
        with zipfile.ZipFile(tmp_path / name) as archive:
            assert archive.namelist() == ["project.qgs"]
            return ET.fromstring(archive.read("project.qgs"))

    return call


def styles(path):
    with closing(sqlite3.connect(path)) as base:
        return base.execute(
            "SELECT f_table_name, useAsDefault, styleQML FROM layer_styles ORDER BY id"
        ).fetchall()


def test_every_layer_with_shapes_has_one_style_of_its_own(judged):
    result = judged()
    shaped = {str(n) for n, kind in pyogrio.list_layers(result) if kind is not None}
    own = [layer for layer, default, _qml in styles(result) if default]
    assert sorted(own) == sorted(shaped)
    fields = set(pyogrio.read_info(result, layer="parcels")["fields"])
    for layer, _default, text in styles(result):
        root = ET.fromstring(text)
        entries = root.findall(".//category") + root.findall(".//rule") or [root]
        assert len(root.findall("renderer-v2/symbols/symbol")) == len(entries)
        if layer == "parcels":
            assert {alias.get("field") for alias in root.iter("alias")} <= fields


def test_the_style_has_the_colours_of_the_rulebook_and_the_words_of_codes(judged):
    maps = read_rulebook("jinghai").maps
    (text,) = [t for layer, default, t in styles(judged()) if default and layer == "parcels"]
    root = ET.fromstring(text)
    symbols = {s.get("name"): s for s in root.findall("renderer-v2/symbols/symbol")}
    found = {
        category.get("value"): symbols[category.get("symbol")].find(".//Option[@name='color']")
        for category in root.iter("category")
    }
    for code, colour in maps["verdict_colours"].items():
        red, green, blue, _opaque = map(int, found[code].get("value").split(","))
        assert f"#{red:02x}{green:02x}{blue:02x}" == colour
    words = root.find(".//field[@name='verdict']//Option[@type='List']")
    pairs = {option.get("value") for option in words.iter("Option")} - {None}
    assert {"low_use", "undetermined", "not_low_use", "excluded", "too_small"} <= pairs


def test_nothing_that_reads_results_takes_styles_for_a_table(judged, lowuse, tmp_path):
    code, out, err = lowuse("describe", judged())
    assert code == 0, err
    assert STYLES not in out


def test_a_geopackage_without_styles_has_no_table_of_them(tmp_path):
    frame = gpd.GeoDataFrame({"a": ["x"]}, geometry=[shapely.box(0, 0, 1, 1)], crs=tiny.CRS)
    layer = OutLayer("l", "l", frame, [Column("a", "text")], "MultiPolygon")
    write_geopackage(tmp_path / "x.gpkg", [layer], tiny.CRS, date(2024, 1, 1))
    with closing(sqlite3.connect(tmp_path / "x.gpkg")) as base:
        assert not base.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (STYLES,)).fetchall()


def test_the_project_names_files_relative_to_itself(judged, project, tmp_path):
    root = project(judged())
    sources = [source.text for source in root.findall("projectlayers/maplayer/datasource")]
    assert {source.split("|")[0] for source in sources} == {"./r.gpkg"}
    assert root.findtext("properties/Paths/Absolute") == "false"
    (tmp_path / "sub").mkdir()
    root = project(tmp_path / "r.gpkg", name="sub/project.qgz")
    source = root.findtext("projectlayers/maplayer/datasource")
    assert source.startswith("../r.gpkg|layername=")


def test_tree_layers_and_sheets_speak_of_the_same_layers(judged, project):
    root = project(judged())
    ids = [layer.findtext("id") for layer in root.findall("projectlayers/maplayer")]
    assert len(ids) == len(set(ids))
    assert min(map(len, ids)) > 10  # QGIS gives layers with shorter ids ids of its own
    tree = root.find("layer-tree-group")
    assert [leaf.get("id") for leaf in tree.iter("layer-tree-layer")] == ids
    for reference in root.findall("Layouts//LayerSet/Layer"):
        assert reference.text in ids
    uuids = {item.get("uuid") for item in root.iter("LayoutItem")}
    linked = [i.get(k) for i in root.iter("LayoutItem") for k in ("mapUuid", "linkedMap")]
    assert set(filter(None, linked)) <= uuids


def test_a_bookmark_and_a_sheet_for_every_town(judged, project):
    root = project(judged(("清泽镇", "柳桥镇")))
    names = [place.get("name") for place in root.iter("Bookmark")]
    assert names[1:] == ["清泽镇", "柳桥镇"]
    assert len(root.findall("Layouts/Layout")) == 3
    (first, second) = [place.get("extent") for place in list(root.iter("Bookmark"))[1:]]
    town = shapely.from_wkt(first)
    assert town.covers(tiny.lot(5000, 0))
    assert not town.intersects(shapely.from_wkt(second))


def test_texts_of_the_data_stay_texts(judged, project):
    root = project(judged())
    names = [place.get("name") for place in root.iter("Bookmark")]
    assert HOSTILE.replace("\u0007", "") in names
    labels = [item.get("labelText") for item in root.iter("LayoutItem") if item.get("labelText")]
    assert any('<a href="x">' in text for text in labels)
    assert not [text for text in labels if "[%" in text]
    assert not list(root.iter("a"))


def test_the_same_inputs_give_the_same_bytes(judged, project, tmp_path):
    result = judged()
    project(result)
    project(result, name="again.qgz")
    assert (tmp_path / "project.qgz").read_bytes() == (tmp_path / "again.qgz").read_bytes()


@pytest.mark.parametrize("shaped", [True, False])
def test_one_parcel_and_none_with_a_shape(judged, project, shaped):
    root = project(judged(("清泽镇",), shaped=shaped))
    assert len(list(root.iter("Bookmark"))) == 1 + shaped
    extent = root.find("ProjectViewSettings/DefaultViewExtent")
    assert float(extent.get("xmax")) - float(extent.get("xmin")) >= 200


@pytest.mark.parametrize("wide", [1.0, 900.0, 15_300.0, 80_000.0])
def test_a_sheet_shows_all_of_its_extent(wide):
    metres = scale_of((0.0, 0.0, wide, wide)) / 1000
    assert BOX[2] * metres >= wide
    assert BOX[3] * metres >= wide


def test_classes_of_a_theme_meet_without_gap(judged):
    maps = read_rulebook("jinghai").maps
    theme = next(theme for theme in maps["theme"] if theme["code"] == "tax")
    rules = [entry.rule for entry in theme_style(theme, maps, "").entries]
    low = [rule for rule in rules if '"tax_per_mu" < 1' in rule and ">=" not in rule]
    assert len(rules) == len(theme["colours"]) + 2
    assert len(low) == 1
    assert any('"tax_per_mu" >= 1 AND "tax_per_mu" < 5' in rule for rule in rules)


def test_a_project_is_refused_that_is_none_or_is_there(judged, refused, project, tmp_path):
    result = judged()
    error, _hint = refused("qgis", result, "-o", tmp_path / "p.qgs")
    assert "qgz" in error
    project(result)
    error, _hint = refused("qgis", result, "-o", tmp_path / "project.qgz")
    assert "project.qgz" in error
    error, _hint = refused("qgis", tmp_path / "p.gpkg", "-o", tmp_path / "new.qgz")
    assert "p.gpkg" in error


def test_a_document_is_xml_whatever_it_holds():
    text = document(node("a", {"b": "\x00\ud800<&\"'\n"}, "]]>\x0b"))
    assert ET.fromstring(text).get("b") == "<&\"'\n"


def test_borders_stand_beside_the_project_in_its_system(judged, project, tmp_path):
    result = judged(("清泽镇", "柳桥镇"))
    towns = gpd.GeoDataFrame(
        {"XZQDM": ["120118901", "120118902"], "XZQMC": ["清泽镇", HOSTILE.replace("\u0007", "")]},
        geometry=[tiny.lot(4900, -100, 2000, 500), tiny.lot(9900, -100, 2000, 500)],
        crs=tiny.CRS,
    )
    towns.to_crs("EPSG:4490").to_file(tmp_path / "survey.gpkg", layer="XZQ")
    named = f"town_boundaries={tmp_path / 'survey.gpkg'}:XZQ"
    root = project(result, "-s", named)
    beside = tmp_path / "project_borders.gpkg"
    read = gpd.read_file(beside, layer="town_boundaries")
    assert read.crs == tiny.CRS
    assert read.geometry.iloc[0].symmetric_difference(towns.geometry.iloc[0]).area < 1
    layer = next(
        m
        for m in root.findall("projectlayers/maplayer")
        if m.findtext("id") == "lowuse_town_boundaries"
        for m in root.findall("projectlayers/maplayer")
        if m.findtext("id") == "lowuse_town_boundaries"
    )
    assert layer.findtext("datasource") == "./project_borders.gpkg|layername=town_boundaries"
    (border,) = [b for b in read_rulebook("jinghai").maps["border"] if b["name"] == "town_name"]
    edge = layer.find(".//Option[@name='line_color']").get("value")
    red, green, blue = map(int, edge.split(",")[:3])
    assert f"#{red:02x}{green:02x}{blue:02x}" == border["colour"]
    assert layer.find(".//rendering").get("scaleMax") == str(border["names_from"])
    for sheet in root.findall("Layouts/Layout"):
        assert "lowuse_town_boundaries" in [each.text for each in sheet.iter("Layer")]


def test_what_is_no_border_is_refused(judged, refused, tmp_path):
    result = judged()
    error, hint = refused("qgis", result, "-o", tmp_path / "p.qgz", "-s", f"roads={result}")
    assert "roads" in error
    assert "town_boundaries" in hint
    assert not (tmp_path / "p.qgz").exists()


def test_edges_and_scales_are_those_of_the_rulebook(rulebook):
    maps = {**rulebook.maps, "edges": {**rulebook.maps["edges"], "low_use": "#010203"}}
    maps["lettering"] = {**maps["lettering"], "parcels_from": 4321, "parcel_signs": 3}
    style = verdict_style(maps, {})
    assert style.entries[0].symbol.outline == "#010203"
    assert (style.lettering.scale, style.lettering.expression) == (4321, 'right("parcel_code", 3)')
    assert [entry.value for entry in style.entries] == list(VERDICTS)
