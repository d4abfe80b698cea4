"""Publishing without a server: what is refused before one is asked, and what is told to nobody."""

from __future__ import annotations

import sys

import pytest

from lowuse_gis.commands.publish import told
from lowuse_gis.errors import InputError
from lowuse_gis.io.database.contract import read_contract
from lowuse_gis.io.database.names import LONGEST, distinct, fitted
from lowuse_gis.io.database.target import place_of, settings
from lowuse_gis.io.result_schema import CHECKS, COLUMNS, CRITERIA, FINDINGS, LABELS, PROBLEMS

SCHEMAS = {
    "findings": FINDINGS, "checks": CHECKS, "problems": PROBLEMS, "criteria": CRITERIA,
    "labels": LABELS, "columns": COLUMNS,
}  # fmt: skip


def test_without_the_library_one_line_says_how_to_get_it(refused, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    error, hint = refused("publish", "result.gpkg", "postgresql://me:s3cret@host/land")
    assert "psycopg" in error
    assert "lowuse-gis[postgis]" in hint
    assert "s3cret" not in error + hint


def test_files_are_looked_at_before_a_server_is_asked(refused, tmp_path):
    error, _hint = refused("publish", tmp_path / "no.gpkg", "postgresql://me:s3cret@host/land")
    assert "no such file" in error
    assert "s3cret" not in error


def test_a_plan_is_published_with_its_units(refused, low_use_result, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", sys.modules.get("psycopg", sys))
    words = ("publish", low_use_result, "postgresql://host/land", "--plan", low_use_result)
    error, hint = refused(*words)
    assert "published with its units" in error
    assert "UNITS --plan PLAN" in hint
    with_units = ("publish", low_use_result, low_use_result, *words[2:])
    error, hint = refused(*with_units)
    assert "not a result of lowuse" in error


@pytest.mark.parametrize(
    "words",
    [
        ["units.gpkg", "other.gpkg"],
        ["postgresql://a/b", "service=c"],
        ["postgres:/me:s3cret@host/x"],
        ["me:s3cret@host"],
    ],
)
def test_words_that_cannot_be_meant_are_refused_and_not_repeated(words):
    with pytest.raises(InputError) as caught:
        told(words)
    assert "s3cret" not in caught.value.message + caught.value.hint


@pytest.mark.parametrize("option", ["--schema", "--reader"])
@pytest.mark.parametrize("name", ["", "模" * 22, "postgresql://me:s3cret@host"])
def test_names_that_a_server_would_cut_are_refused(refused, option, name):
    words = ("publish", "r.gpkg", "service=office", option, name)
    if option == "--reader" and not name:
        return
    error, hint = refused(*words)
    assert option in error
    assert "s3cret" not in error + hint


def test_no_database_named(refused, monkeypatch):
    for name in ("PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE"):
        monkeypatch.delenv(name, raising=False)
    error, hint = refused("publish", "r.gpkg")
    assert "no database named" in error
    assert "service=NAME" in hint


def test_the_place_has_neither_user_nor_password():
    given = settings("postgresql://me:s3cret@office:5433/land?sslmode=require")
    assert place_of(given) == "office:5433/land"


def test_names_stay_apart_when_they_are_shortened():
    long = "宗" * 30
    made = distinct([long + "甲", long + "乙", long], ())
    assert len(set(made.values())) == 3
    assert max(len(name.encode()) for name in made.values()) <= LONGEST
    assert fitted(long + "甲").startswith("宗" * 10)


def test_names_of_views_are_taken_too():
    made = distinct(["a", "current_a", "a_"], ["b"], "current_")
    assert made == {"a": "a", "current_a": "current_a_", "a_": "a__"}


@pytest.mark.parametrize("table", SCHEMAS)
def test_what_the_contract_says_of_a_table_is_there(table):
    rules, columns = read_contract().rules(table), {name for name, _kind in SCHEMAS[table]}
    assert rules.title
    assert columns >= {*rules.key, *rules.required, *rules.index, *rules.checks}
    assert columns >= {link.column for link in rules.links}


def test_links_lead_to_tables_with_one_key(rulebook):
    contract = read_contract()
    for rules in contract.tables.values():
        assert all(len(contract.rules(link.to).key) == 1 for link in rules.links)
    parcels = contract.rules("parcels")
    known = set(rulebook.columns["name"])
    assert known >= {*parcels.key, *parcels.required, *parcels.index, *parcels.checks}


def test_verdicts_and_truths_are_those_of_the_rules(rulebook):
    condition = read_contract().rules("parcels").checks["verdict"]
    assert set(condition.split("'")[1::2]) == set(rulebook.domain("verdict"))
    weights = {*rulebook.check_catalogue["severity"], *rulebook.checks.severity.values()}
    allowed = set(read_contract().rules("checks").checks["severity"].split("'")[1::2])
    assert allowed >= weights - {"off"}
