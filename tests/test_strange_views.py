"""Maps, cards, reports and projects of strange results: nothing, one parcel, names of any kind."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from contextlib import closing

import pypdfium2
import pytest
from docx import Document

import tiny
from lowuse_gis.io.fonts import in_font
from stored import findings_tables

LONG = "天津市静海区某某有限责任公司" * 40
NAMES = {
    "long": LONG,
    "right to left": "شركة الاختبار للتجارة \u202eabc\u202c (甲)",
    "emoji": "🏭 甲公司 👩‍🏭🇨🇳 \U0001f9ff",
    "signs": "甲\u200b\ufeff\u0301\x0b公司 \ud7ff \uffff",
}
UNKNOWN = """UPDATE parcels SET owner = NULL, town_name = NULL, town_code = NULL, land_type = NULL,
    location = NULL, geom = NULL, area = NULL, low_use_area = NULL, possible_area = NULL"""
VIEWS = {
    "map": ("map", "RESULT", "-o", "map.html", "-q"),
    "card": ("card", "RESULT", tiny.code(1), "-o", "cards", "-q"),
    "word": ("report", "RESULT", "--period", "mid-term", "-o", "report.docx", "-q"),
    "page": ("report", "RESULT", "-o", "report.html", "-q"),
    "qgis": ("qgis", "RESULT", "-o", "project.qgz", "-q"),
}


def changed(path, *statements):
    """Change a result as no command would."""
    with closing(sqlite3.connect(path)) as base, base:
        base.create_function("ST_IsEmpty", 1, lambda _shape: False)
        for name in ("MinX", "MaxX", "MinY", "MaxY"):
            base.create_function(f"ST_{name}", 1, lambda _shape: 0.0)
        for statement, *values in statements:
            base.execute(statement, values)


@pytest.fixture
def views(lowuse, low_use_result, tmp_path, monkeypatch):
    """Write every view of the result; return what was said of those that were refused."""
    monkeypatch.chdir(tmp_path)

    def call(*names):
        refused = {}
        for name in names or VIEWS:
            words = [low_use_result if word == "RESULT" else word for word in VIEWS[name]]
            code, _out, err = lowuse(*words, "--overwrite")
            assert code in {0, 2}, (name, err)
            if code:
                refused[name] = err
        return refused

    return call


@pytest.mark.parametrize("kind", NAMES)
def test_names_of_any_kind_are_shown_in_every_view(kind, views, low_use_result, tmp_path):
    name = NAMES[kind]
    texts = "UPDATE parcels SET owner = ?, town_name = ?, location = ?"
    changed(low_use_result, (texts, name, name, name), ("UPDATE problems SET owner = ?", name))
    assert views() == {}
    known = name.split()[-1] if kind == "emoji" else "甲" if kind != "long" else LONG[:200]
    text = "\n".join(
        cell.text for t in Document("report.docx").tables for row in t.rows for cell in row.cells
    )
    assert ("甲" if kind != "long" else LONG) in text
    assert known in (tmp_path / "report.html").read_text(encoding="utf-8")
    (card,) = (tmp_path / "cards").glob("*.html")
    assert known in card.read_text(encoding="utf-8")
    (printed,) = (tmp_path / "cards").glob("*.pdf")
    assert len(pypdfium2.PdfDocument(printed)) == 1
    with zipfile.ZipFile("project.qgz") as archive:
        assert "甲" in archive.read("project.qgs").decode("utf-8") or kind == "long"


def test_a_result_of_nothing_is_shown_or_refused(views, low_use_result):
    tables = ("parcels", "problems", "checks", *findings_tables(low_use_result))
    changed(low_use_result, *((f"DELETE FROM {table}",) for table in tables))
    refused = views()
    assert set(refused) == {"card"}  # there is no parcel of that code
    assert tiny.code(1) in refused["card"]


def test_one_parcel_with_nothing_known_is_shown(views, low_use_result):
    changed(
        low_use_result,
        ("DELETE FROM parcels WHERE parcel_code <> ?", tiny.code(1)),
        *(
            (f"DELETE FROM {table} WHERE row NOT IN (SELECT row FROM parcels)",)
            for table in findings_tables(low_use_result)
        ),
        (UNKNOWN,),
    )
    assert views() == {}


def test_units_that_are_not_there_yet_are_told(lowuse, refused, low_use_result, tmp_path):
    for view in ("map", "qgis", "report"):
        output = tmp_path / {"map": "m.html", "qgis": "p.qgz", "report": "r.docx"}[view]
        none = tmp_path / "none.gpkg"
        error, hint = refused(view, low_use_result, "--units", none, "-o", output)
        assert "none.gpkg" in error
        assert "lowuse units" in hint
        assert not output.exists()
    changed(low_use_result, ("UPDATE parcels SET verdict = 'not_low_use', verdict_rule = verdict",))
    code, _out, err = lowuse("units", low_use_result, "-o", tmp_path / "u.gpkg")
    assert code == 0, err
    for view, name in (("map", "m.html"), ("qgis", "p.qgz"), ("report", "r.docx")):
        code, _out, err = lowuse(
            view, low_use_result, "--units", tmp_path / "u.gpkg", "-o", tmp_path / name, "-q"
        )
        assert code == 0, (view, err)


def test_what_a_font_lacks_is_replaced_by_a_sign_that_it_has():
    told = in_font("甲🏭公司\u202eش")
    assert told.startswith("甲")
    assert "公司" in told
    assert "🏭" not in told
    assert "\u202e" not in told
    assert json.dumps(told)
