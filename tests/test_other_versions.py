"""Results of other versions of lowuse: brought up or refused by everything that reads one."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

import tiny
from lowuse_gis.io.result import read_with_rules
from lowuse_gis.io.result_age import ESSENTIAL, TABLES

CALLS = {
    "map": ("map", "RESULT", "-o", "map.html", "-q"),
    "card": ("card", "RESULT", tiny.code(1), "-o", "cards"),
    "report": ("report", "RESULT", "-o", "report.docx", "-q"),
    "progress": ("report", "RESULT", "--period", "mid-term", "-o", "report.html", "-q"),
    "qgis": ("qgis", "RESULT", "-o", "project.qgz"),
    "units": ("units", "RESULT", "-o", "units.gpkg"),
    "export": ("export", "RESULT", "-o", "package", "--draft"),
    "explain": ("explain", "RESULT", tiny.code(1)),
    "requests": ("requests", "RESULT", "-o", "requests"),
    "review": ("review", "out", "RESULT", "-o", "review"),
}


@pytest.fixture
def asked(lowuse, low_use_result, tmp_path, monkeypatch):
    """Ask one thing of the result; return exit code and what was said."""
    monkeypatch.chdir(tmp_path)

    def call(name):
        words = [low_use_result if word == "RESULT" else word for word in CALLS[name]]
        code, _out, err = lowuse(*words)
        return code, [line for line in err.splitlines() if not line.startswith("·")]

    return call


def changed(path, *statements):
    """Change a GeoPackage as another program would."""
    with closing(sqlite3.connect(path)) as base, base:
        base.create_function("ST_IsEmpty", 1, lambda _shape: False)
        for name in ("MinX", "MaxX", "MinY", "MaxY"):
            base.create_function(f"ST_{name}", 1, lambda _shape: 0.0)
        for statement in statements:
            base.execute(statement)


def without_columns(path, kept):
    with closing(sqlite3.connect(path)) as base:
        names = [line[1] for line in base.execute("PRAGMA table_info(parcels)")]
    absent = [name for name in names if name not in {*kept, "fid", "geom"}]
    changed(path, *(f'ALTER TABLE parcels DROP COLUMN "{name}"' for name in absent))
    return absent


def without_table(path, name):
    changed(
        path,
        f"DROP TABLE {name}",
        *(
            f"DELETE FROM {table} WHERE table_name = '{name}'"
            for table in ("gpkg_contents", "gpkg_data_columns", "gpkg_ogr_contents")
        ),
    )


def test_what_every_result_has_is_what_is_written(low_use_result):
    result, rulebook = read_with_rules(low_use_result)
    assert set(result.tables) >= TABLES
    assert {"row", *result.parcels.columns} >= set(ESSENTIAL)
    known = set(rulebook.columns.index) - set(result.parcels.columns) - {"row"}
    assert known == {"low_use_around"}  # measured on demand: nothing is added to a result of now


def test_columns_that_are_not_there_are_not_known(low_use_result):
    before = read_with_rules(low_use_result)[0].parcels
    absent = without_columns(low_use_result, ESSENTIAL)
    after = read_with_rules(low_use_result)[0].parcels
    assert len(absent) > 80
    assert set(after.columns) == set(before.columns)
    assert after[absent].isna().all(axis=None)
    for name in absent:
        assert after[name].dtype.kind == before[name].dtype.kind, name
    assert after["verdict"].tolist() == before["verdict"].tolist()


@pytest.mark.parametrize("name", CALLS)
def test_an_older_result_is_read_or_refused(name, asked, low_use_result):
    without_columns(low_use_result, ESSENTIAL)
    code, said = asked(name)
    assert code in {0, 2}, said
    if code:
        assert len(said) == 2, said
        assert said[0].startswith("error: ")
        assert said[1].startswith("hint: ")
    assert name not in {"map", "card", "report", "progress", "qgis", "units"} or code == 0, said


@pytest.mark.parametrize("name", CALLS)
def test_a_result_without_its_verdicts_is_refused(name, asked, low_use_result):
    changed(low_use_result, "ALTER TABLE parcels DROP COLUMN low_use_area")
    code, said = asked(name)
    assert code == 2
    assert "low_use_area" in said[0]
    assert "judge anew" in said[1]


@pytest.mark.parametrize("table", sorted(TABLES))
def test_a_table_that_is_needed_is_named(table, asked, low_use_result):
    without_table(low_use_result, table)
    for name in CALLS:
        code, said = asked(name)
        assert code in {0, 2}, (name, said)
        if code == 2:
            assert len(said) == 2, (name, said)
            assert "lowuse" in said[0], (name, said)
    code, said = asked("report")
    unread = {"checks", "villages", "thresholds", "summary", "columns"}
    assert code == (0 if table in unread - {"columns"} else 2), said


@pytest.mark.parametrize("name", CALLS)
def test_a_result_of_a_later_version_is_refused(name, asked, low_use_result):
    changed(low_use_result, "UPDATE runs SET lowuse = '99.1'")
    code, said = asked(name)
    assert code == 2
    assert "written by lowuse 99.1" in said[0]
    assert "99.1 or later" in said[1]


@pytest.mark.parametrize("statement", ["DELETE FROM runs", "ALTER TABLE runs DROP COLUMN mu"])
def test_a_result_that_does_not_say_what_made_it_is_refused(statement, asked, low_use_result):
    changed(low_use_result, statement)
    code, said = asked("report")
    assert code == 2
    assert "judge anew" in said[1]
