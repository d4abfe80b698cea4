"""Results of other versions of lowuse: brought up or refused by everything that reads one."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

import tiny
from lowuse_gis.commands.results import read_with_rules
from lowuse_gis.errors import InputError
from lowuse_gis.io.result_age import ESSENTIAL, TABLES

VIEWS = {
    "map": ("map", "RESULT", "-o", "map.html", "-q"),
    "card": ("card", "RESULT", tiny.code(1), "-o", "cards"),
    "report": ("report", "RESULT", "--period", "mid-term", "-o", "report.docx", "-q"),
    "qgis": ("qgis", "RESULT", "-o", "project.qgz"),
    "units": ("units", "RESULT", "-o", "units.gpkg"),
}
CALLS = {
    **VIEWS,
    "export": ("export", "RESULT", "-o", "package", "--draft"),
    "explain": ("explain", "RESULT", tiny.code(1)),
    "requests": ("requests", "RESULT", "-o", "requests"),
    "review": ("review", "out", "RESULT", "-o", "review"),
    "sweep": ("rules", "sweep", "RESULT", "-p", "plot_ratio_factor=0.5:0.7:0.1"),
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
        f"DROP {'VIEW' if name == 'findings' else 'TABLE'} {name}",
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
    absent = set(without_columns(low_use_result, ESSENTIAL))
    after = read_with_rules(low_use_result)[0].parcels
    unread = {"compactness", "parcel_width"}  # no rule asks for them
    assert set(before.columns) - set(after.columns) == unread
    absent = sorted(absent - unread)
    assert len(absent) > 80
    assert after[absent].isna().all(axis=None)
    for name in absent:
        kinds = {after[name].dtype.kind, before[name].dtype.kind}
        assert len(kinds) == 1 or kinds == {"O", "b"}, name  # flags with and without gaps
    assert after["verdict"].tolist() == before["verdict"].tolist()


def test_an_older_result_is_shown(asked, low_use_result):
    without_columns(low_use_result, ESSENTIAL)
    for name in VIEWS:
        code, said = asked(name)
        assert code == 0, (name, said)
    code, said = asked("export")
    assert code in {0, 2}, said  # what must be filed may lack
    assert code == 0 or said[-1].startswith("hint: ")


def refusals(asked, *others):
    """Return what each command says; all but some must refuse, in two lines."""
    told = {}
    for name in sorted(set(CALLS) - set(others)):
        code, said = asked(name)
        assert code == 2, (name, said)
        assert [line.split(" ")[0] for line in said] == ["error:", "hint:"], (name, said)
        told[name] = said
    return told


def test_a_result_without_its_verdicts_is_refused(asked, low_use_result):
    changed(low_use_result, "ALTER TABLE parcels DROP COLUMN low_use_area")
    for name, said in refusals(asked, "sweep").items():  # that one says what is not there
        assert "low_use_area" in said[0], name
        assert "judge anew" in said[1], name


def test_a_result_of_a_later_version_is_refused(asked, low_use_result):
    changed(low_use_result, "UPDATE runs SET lowuse = '99.1'")
    for name, said in refusals(asked).items():
        assert "written by lowuse 99.1" in said[0], name
        assert "99.1 or later" in said[1], name


def test_a_result_that_does_not_say_what_made_it_is_refused(asked, low_use_result):
    changed(low_use_result, "ALTER TABLE runs DROP COLUMN mu")
    assert all("judge anew" in said[1] for said in refusals(asked).values())
    changed(low_use_result, "DELETE FROM runs")
    assert all("judge anew" in said[1] for said in refusals(asked).values())


def test_a_table_that_is_needed_is_named(asked, low_use_result):
    without_table(low_use_result, "lacking")
    with pytest.raises(InputError, match="lacking"):
        read_with_rules(low_use_result)[0].tables["lacking"]
    with pytest.raises(KeyError):
        read_with_rules(low_use_result)[0].tables["answers"]  # only where somebody answered
    code, said = asked("report")
    assert code == 2
    assert "no lacking" in said[0]
    assert "judge anew" in said[1]
    assert asked("card")[0] == 0  # does not need it
    without_table(low_use_result, "criteria")
    assert all("criteria" in refusal[0] for refusal in (asked("map")[1], asked("report")[1]))
