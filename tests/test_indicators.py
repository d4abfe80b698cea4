"""Indicators of reports on progress, on tables seen by eye: never 0 for what is not known."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from docx import Document

import tiny
from lowuse_gis.core.indicators import ALL, NOWHERE, Value, amount, indicators, quotient
from lowuse_gis.io.ledgers import COLUMNS, FIGURES, PROJECTS
from lowuse_gis.stages.planning.register import register_at
from lowuse_gis.stages.report.progress_tables import progress_tables, stated_figures

A, B, C = "120118901", "120118902", "120118903"
AREA = {
    "code": "x", "table": "land", "when": "state = 'done'", "sum": "area", "ask": "planning",
}  # fmt: skip


def lines(*rows):
    return pd.DataFrame(rows, columns=["town_code", "state", "area"])


def test_a_line_that_is_not_known_makes_the_sum_a_lower_bound():
    table = lines((A, "done", 2.0), (A, None, 4.0), (B, "done", np.nan), (B, "open", 8.0))
    found = amount(AREA, table, [A, B, C])
    assert found[A] == Value(2.0, 1, ("planning",))
    assert np.isnan(found[B].number)
    assert found[B].ask == ("planning",)
    assert found[C] == Value(0.0)  # the table is whole, and nothing of it lies there
    assert found[ALL] == Value(2.0, 2, ("planning",))


def test_what_lies_in_no_town_is_told_apart_and_counts():
    found = amount(AREA, lines((A, "done", 2.0), ("", "done", 3.0), ("999", "done", 5.0)), [A])
    assert (found[A].number, found[NOWHERE].number, found[ALL].number) == (2, 8, 10)


def test_nothing_supplied_is_not_zero():
    found = amount(AREA, None, [A])
    assert not any(value.known for value in found.values())
    survey = {"code": "s", "table": "survey", "sum": "surveyed", "ask": "planning"}
    table = pd.DataFrame({"town_code": [A], "surveyed": [7.0]})
    found = amount(survey, table, [A, B])
    assert found[A] == Value(7.0)
    assert not found[B].known  # a town that the survey does not cover
    assert found[ALL] == Value(7.0, 1, ("planning",))


def test_a_quotient_is_known_only_where_its_divisor_is():
    assert quotient(Value(1.0), Value(8.0), 100).number == 12.5
    for divisor in (Value(0.0), Value(np.nan, 0, ("tax",)), Value(8.0, 1, ("tax",))):
        assert not quotient(Value(1.0), divisor, 100).known
    bound = quotient(Value(1.0, 3, ("towns",)), Value(8.0), 100)
    assert (bound.number, bound.lacking, bound.ask) == (12.5, 3, ("towns",))


def ledger(name, *rows):
    frame = pd.DataFrame([dict(row) for row in rows]).reindex(columns=list(COLUMNS[name]))
    return frame.astype("str").assign(line=range(2, len(rows) + 2))


def project(number, gate, when, parcels="", unit="", investment=None):
    return {
        "project": number, "gate": gate, "when": when, "parcels": parcels, "unit": unit,
        "investment": investment,
    }  # fmt: skip


@pytest.fixture
def judged():
    return pd.DataFrame(
        {
            "parcel_code": ["1", "2", "3", "4"], "town_code": [A, A, B, B],
            "verdict": ["low_use", "not_low_use", "low_use", "undetermined"],
            "area": [6000.0, 4000.0, 1000.0, 500.0], "low_use_area": [6000.0, 0.0, 900.0, 0.0],
            "possible_area": [6000.0, 0.0, 900.0, 500.0],
        }
    )  # fmt: skip


def counted(rulebook, parcels, rows, members=None, figures=(), as_of=date(2025, 9, 30)):
    spec = rulebook.indicators
    stated, unread = stated_figures(ledger(FIGURES, *figures), spec, as_of)
    register = register_at(ledger(PROJECTS, *rows), rulebook.plan, as_of) if rows else None
    balance = pd.DataFrame({"town": [A, B], "survey_class": "0601", "surveyed": [2e6, 1e6]})
    tables = progress_tables(parcels, balance, register, members, stated)
    return indicators(spec, spec["period"][0]["indicators"], tables, [A, B]), unread


def test_land_counts_once_by_the_farthest_project(rulebook, judged):
    rows = [
        project("P1", "scheme", "2024-01-01", "1;2"),
        project("P2", "scheme", "2024-01-01", "2", investment="100"),
        project("P2", "operation", "2025-09-30", "2"),
        project("P3", "operation", "2025-10-01", "3"),  # after the date
    ]
    found, _unread = counted(rulebook, judged, rows)
    assert found["IDC-01"][ALL].number == pytest.approx(6900 * 0.0015)
    assert found["IDC-04"][ALL] == Value(15.0)
    assert found["IDC-06"][A] == Value(6.0)
    assert found["IDC-06"][B] == Value(0.0)
    assert found["IDC-07"][ALL].number == pytest.approx(100 * 4000 / 11000)
    assert found["IDC-08"][ALL].number == 2
    assert found["IDC-09"][A].number == 1
    assert found["IDC-11"][ALL] == Value(100.0, 1, ("reform",))


def test_land_that_is_not_found_makes_a_lower_bound(rulebook, judged):
    rows = [
        project("P1", "operation", "2024-01-01", "1;99"),
        project("P2", "operation", "2024-01-01", unit="U"),
    ]
    found, _unread = counted(rulebook, judged, rows)
    assert found["IDC-06"][ALL] == Value(9.0, 2, ("planning",))
    assert found["IDC-06"][A] == Value(9.0, 1, ("planning",))
    assert found["IDC-06"][NOWHERE].lacking == 1
    assert not found["IDC-07"][ALL].known
    members = pd.DataFrame({"unit_id": ["U", "U"], "parcel_code": ["3", "4"]})
    found, _unread = counted(rulebook, judged, rows, members)
    assert found["IDC-06"][B] == Value(2.25)


def test_without_a_register_nothing_of_projects_is_known(rulebook, judged):
    found, _unread = counted(rulebook, judged, [])
    assert found["IDC-01"][ALL].known
    for code in ("IDC-04", "IDC-05", "IDC-06", "IDC-07", "IDC-08", "IDC-09", "IDC-10", "IDC-11"):
        assert not any(found[code][key].known for key in (A, B, ALL)), code
        assert found[code][ALL].ask, code


def figure(name, year, value, unit="亿元", town=""):
    return {"figure": name, "year": year, "value": value, "unit": unit, "town": town}


def test_figures_are_of_the_last_complete_year(rulebook, judged):
    given = [
        figure("gdp", "2023", "400"), figure("地区生产总值", "2024", "500"),
        figure("gdp", "2025", "900"), figure("gdp", "2024", "5000000", "万元"),
        figure("gdp", "2024", "many"), figure("apples", "2024", "1"),
    ]  # fmt: skip
    found, unread = counted(rulebook, judged, [], figures=given)
    assert unread == 3
    assert found["IDC-12"][ALL].number == 300
    assert found["IDC-13"][ALL].number == pytest.approx(0.6)
    assert found["IDC-14"][ALL].ask == ("planning",)
    at_the_end, _unread = counted(rulebook, judged, [], None, given, date(2025, 12, 31))
    assert at_the_end["IDC-13"][ALL].number == pytest.approx(300 / 900)


def test_faults_of_the_file_are_told(planted):
    content = planted.files["national/indicators.toml"]
    amounts = {entry["code"]: entry for entry in content["amount"]}
    amounts["low_use_land"]["when"] = "verdikt = 'low_use'"
    amounts["low_use_parcels"]["when"] = "verdict IS NULL"
    amounts["gdp"]["figure"] = "gpd"
    amounts["investment"]["sum"] = "money"
    content["indicator"][0]["amount"] = "low_use_lnd"
    planted.files["jinghai/indicators.toml"]["period"][0]["indicators"].append("IDC-99")
    faults = {(fault.code, fault.kind) for fault in planted.found()}
    assert faults == {
        ("low_use_land", "unknown-column"), ("low_use_parcels", "grammar"),
        ("gdp", "wrong-value"), ("investment", "unknown-column"),
        ("IDC-01", "wrong-value"), ("mid-term", "wrong-value"),
    }  # fmt: skip


def rows_of(path, heading):
    for table in Document(path).tables:
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        if rows[0][0:2] == heading:
            return {row[0]: row for row in rows[1:]}
    raise AssertionError(heading)


def test_a_report_tells_the_indicators_or_whom_to_ask(lowuse, low_use_result, tmp_path):
    file = tmp_path / "a.docx"
    call = ("report", low_use_result, "--period", "mid-term", "-q")
    assert lowuse(*call, "-o", file)[0] == 0
    told = rows_of(file, ["code", "indicator"])
    assert told["IDC-06"][2] == "—"
    assert "Planning and Natural Resources" in told["IDC-06"][4]
    assert told["IDC-13"][4] == "not known: ask Statistics Bureau"
    assert told["IDC-12"][2] != "—"
    ledgers = tmp_path / "ledgers"
    ledgers.mkdir()
    (ledgers / "projects.csv").write_text("项目编号,环节,日期\n", encoding="utf-8")
    assert lowuse(*call, "--ledgers", ledgers, "-o", tmp_path / "none.docx")[0] == 0
    told = rows_of(tmp_path / "none.docx", ["code", "indicator"])
    assert (told["IDC-06"][2], told["IDC-08"][2]) == ("0.00", "0")  # a register without projects
    (ledgers / "projects.csv").unlink()
    place = ("--ledgers", ledgers, "--rules", "jinghai")
    code, _out, err = lowuse(
        "projects", "add", "南片", "--parcels", tiny.code(1), "--date", "2022-01-01", *place
    )
    assert code == 0, err
    (ledgers / "figures.csv").write_text(
        "指标,年份,数值,单位,来源\n地区生产总值,2022,2,亿元,统计年鉴\n", encoding="gbk"
    )
    word, page = tmp_path / "b.docx", tmp_path / "b.html"
    for path in (word, page):
        assert lowuse(*call, "--ledgers", ledgers, "-o", path)[0] == 0
    told = rows_of(word, ["code", "indicator"])
    assert told["IDC-04"][2] == "15.00"
    assert told["IDC-06"][2] == "0.00"
    assert told["IDC-08"][2] == "1"
    source = page.read_text(encoding="utf-8")
    for row in told.values():
        assert all(cell in source for cell in row)
    assert "统计年鉴" in source
    assert "Mid-term evaluation" in Document(word).paragraphs[0].text
    assert any(row[1] == "figures.csv" for row in rows_of(word, ["what", "name"]).values())


def test_a_period_that_nobody_knows_is_refused(refused, low_use_result, tmp_path):
    file = tmp_path / "r.docx"
    error, hint = refused("report", low_use_result, "--period", "midterm", "-o", file, "-q")
    assert "midterm" in error
    assert "mid-term" in hint
    assert not file.exists()
