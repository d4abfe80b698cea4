"""Projects and styles in a real QGIS, without a screen."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

import tiny
from cluster import DEBIAN, needed
from filing import run
from lowuse_gis.io.rulebook import read_rulebook

READER = Path(__file__).with_name("qgis_reader.py")
HOSTILE = "镇<b>&amp;\"'[% 1/0 %]"
NEEDED_ITEMS = {
    "QgsLayoutItemMap", "QgsLayoutItemLegend", "QgsLayoutItemPicture", "QgsLayoutItemScaleBar",
    "QgsLayoutItemLabel",
}  # fmt: skip

pytestmark = pytest.mark.system


def told(what, path, folder):
    """Ask Debian's QGIS about a project, or of a layer alone."""
    python = needed("/usr/bin/python3", "python3")
    have = subprocess.run([python, "-c", "import qgis.core"], capture_output=True, check=False)
    assert have.returncode == 0, f"QGIS is missing; {DEBIAN} qgis python3-qgis"
    own = {"PATH": os.environ["PATH"], "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"}
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        [python, READER, what, path, folder], capture_output=True, text=True, check=False,
        env=own | {"HOME": str(folder)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads((folder / "told.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def opened(tmp_path_factory, filed):
    folder = tmp_path_factory.mktemp("qgis")
    more = ("--units", filed / "units.gpkg", "--legacy", filed / "legacy.gpkg")
    run("qgis", filed / "result.gpkg", *more, "-o", folder / "p.qgz", "-q")
    return told("project", folder / "p.qgz", folder / "out"), folder / "out"


def test_the_project_opens_without_a_word_of_complaint(opened):
    found, _folder = opened
    assert found["read"]
    assert found["log"] == []
    assert found["crs"] == "EPSG:4527"
    assert all(layer["valid"] and layer["renderer"] for layer in found["layers"].values())
    assert len(found["groups"]) == 5
    assert len(found["places"]) > 2


def test_layers_have_classes_aliases_and_words(opened):
    found, _folder = opened
    (parcels,) = [one for one in found["layers"].items() if one[0] == "lowuse_parcels_0"]
    told_of = parcels[1]
    assert told_of["count"] > 0
    assert told_of["renderer"] == "categorizedSymbol"
    assert len(told_of["classes"]) == 5
    assert told_of["aliases"]["plot_ratio"] not in {"", "plot_ratio"}
    assert {code for pair in told_of["words"]["verdict"] for code in pair.values()} >= {"low_use"}


def test_colours_of_verdicts_and_units_are_drawn(opened):
    found, _folder = opened
    maps = read_rulebook("jinghai").maps
    colours = [*map(maps["verdict_colours"].get, ("low_use", "undetermined", "not_low_use"))]
    assert set(colours) | {maps["unit_colour"]} <= set(found["colours"])


def test_every_sheet_is_exported_with_what_belongs_on_it(opened):
    found, folder = opened
    assert len(found["sheets"]) == len(found["places"])
    for name, sheet in found["sheets"].items():
        assert sheet["done"], name
        assert all(sheet["done"]), name
        assert set(sheet["items"]) >= NEEDED_ITEMS, name
        assert any("CGCS2000" in text for text in sheet["texts"]), name
    assert (folder / "0.pdf").read_bytes().startswith(b"%PDF")
    assert len(list(folder.glob("*.png"))) == len(found["sheets"])


@pytest.mark.parametrize(
    ("file", "layer", "kind"),
    [
        ("result.gpkg", "parcels", "categorizedSymbol"),
        ("result.gpkg", "checks", "categorizedSymbol"),
        ("units.gpkg", "units", "singleSymbol"),
        ("legacy.gpkg", "legacy", "categorizedSymbol"),
    ],
)
def test_a_layer_alone_takes_its_style_from_the_geopackage(tmp_path, filed, file, layer, kind):
    found = told("layer", f"{filed / file}|{layer}", tmp_path / "out")
    assert found["valid"]
    assert found["renderer"] == kind
    assert found["labels"] == (layer != "legacy")
    assert any(found["aliases"].values())
    assert found["log"] == []


def test_hostile_texts_and_one_parcel(tmp_path):
    record = tiny.parcel(1, tiny.lot(0, 0), XZQMC=HOSTILE, QLRMC=HOSTILE)
    tiny.frame([record]).to_file(tmp_path / "p.gpkg", layer="p")
    run("classify", tmp_path / "p.gpkg", "-o", tmp_path / "r.gpkg", "-q")
    run("qgis", tmp_path / "r.gpkg", "-o", tmp_path / "p.qgz", "-q")
    found = told("project", tmp_path / "p.qgz", tmp_path / "out")
    assert found["log"] == []
    assert found["places"][1] == HOSTILE
    assert any(
        HOSTILE.split("[", maxsplit=1)[0] in text
        for sheet in found["sheets"].values()
        for text in sheet["texts"]
    )
