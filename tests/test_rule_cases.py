"""Golden cases: the district's own, and what the command makes of wrong sheets."""

import json
import shutil

import pandas as pd
import pytest
import xlsxwriter

from conftest import ROOT
from lowuse_gis.commands.rules_test import judged_cases
from lowuse_gis.io.rulebook import read_rulebook

CASES = ROOT / "rules" / "jinghai" / "cases.csv"
HEAD = "用例,类型,停产月数=0,连续未缴税年数=0,现状容积率=1.2,行业容积率控制值=0.7,亩均税收=20"


def sheet(tmp_path, *rows, head=HEAD, more=",预期判定,预期标准"):
    path = tmp_path / "c.csv"
    path.write_text("\n".join([head + more, *rows]) + "\n", encoding="utf-8-sig")
    return path


@pytest.fixture(autouse=True)
def _wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")  # no cell of a table is folded


@pytest.fixture(scope="module")
def outcome():
    return judged_cases("jinghai")


def test_the_rules_still_judge_the_district_s_cases(outcome):
    assert [(case.place, case.name) for case in outcome.cases if not case.passed] == []


def test_every_criterion_has_a_case_met_unmet_and_unknown(outcome, rulebook):
    codes = [criterion.code for criterion in rulebook.criteria]
    kinds = {code: set(outcome.truths[code].dropna()) for code in codes}
    assert {code for code, kind in kinds.items() if len(kind) < 3} == set()


def test_cases_do_not_depend_on_defaults_of_the_program(outcome):
    assert list(outcome.neutral) == []


def test_cases_are_written_for_spreadsheets():
    assert CASES.read_bytes().startswith("﻿用例,类型,".encode())


def test_cases_are_no_part_of_the_rulebook_s_hash(tmp_path):
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    folder = tmp_path / "rules" / "jinghai"
    before = read_rulebook(str(folder)).sha256
    (folder / "cases.csv").write_text("x", encoding="utf-8")
    assert read_rulebook(str(folder)).sha256 == before
    with (folder / "thresholds.csv").open("a", encoding="utf-8") as file:
        file.write("more,1,,,,,proposal,,to confirm\n")
    assert read_rulebook(str(folder)).sha256 != before


def test_passed_and_failed_cases_are_told_apart(lowuse, tmp_path):
    path = sheet(tmp_path, "甲,工业,12,,,,,低效,IND-01", "乙,工业,,,,,,低效,IND-01")
    code, out, _err = lowuse("rules", "test", path)
    assert code == 1
    assert "H3" in out  # the cell of the second case's expected verdict
    assert "Data insufficient" in out
    assert "1 of 2 cases passed" in out
    assert "Ellipsoidal area (m²) 10000" in out
    code, out, _err = lowuse("rules", "test", path, "--json")
    told = json.loads(out)
    assert code == 1
    assert [case["passed"] for case in told["cases"]] == [True, False]
    assert told["cases"][1]["result"] == "4"
    assert told["taken_as"]["redline_share"] == 0


def test_all_passed(lowuse, tmp_path):
    code, out, _err = lowuse("rules", "test", sheet(tmp_path, "甲,工业,12,,,,,低效,"))
    assert code == 0
    assert "1 of 1 cases passed" in out


@pytest.mark.parametrize(
    ("expected", "cell", "fits"),
    [
        ("待定", "缺", True),
        ("数据不足", "缺", True),
        ("疑似", "缺", False),
        ("undetermined", "缺", True),
        ("Low-use", "12", True),
        ("不低效", "缺", False),
    ],
)
def test_verdicts_are_known_by_label_and_code(tmp_path, expected, cell, fits):
    case = judged_cases("jinghai", sheet(tmp_path, f"甲,工业,{cell},,,,,{expected},")).cases[0]
    assert case.passed is fits


def test_leaning_is_undetermined_too(tmp_path):
    head = HEAD + ",占永久基本农田比例"
    for expected, fits in (("待定", True), ("疑似", True), ("数据不足", False)):
        path = sheet(tmp_path, f"甲,工业,12,,,,,缺,{expected},IND-01", head=head)
        assert judged_cases("jinghai", path).cases[0].passed is fits


def test_columns_go_by_any_of_their_names_and_units(tmp_path):
    rows = ["甲,industrial,12,0.1,too_small,", "乙,01,12,1,1,"]
    path = sheet(tmp_path, *rows, head="case,type,idle_months,TQMJ（亩）", more=",expected,note")
    outcome = judged_cases("jinghai", path)
    assert [(case.result, case.passed) for case in outcome.cases] == [("6", True), ("1", True)]


def test_short_rows_are_filled_up(tmp_path):
    assert judged_cases("jinghai", sheet(tmp_path, "甲,工业,12,,,,,低效")).passed


def test_a_workbook_with_a_title_and_two_sheets(tmp_path):
    path = tmp_path / "cases.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, months in (("工业", 12), ("更多", 11)):
            page = book.add_worksheet(name)
            page.write(0, 0, "停产用例")
            heading = [*HEAD.split(","), "预期判定", "备注"]
            page.write_row(1, 0, heading)
            page.write_row(2, 0, ["甲", "工业", months, "", "", "", "", "低效", "x"])
        book.add_worksheet("说明").write(0, 0, "怎样填写")
    cases = judged_cases("jinghai", path).cases
    assert [(case.place, case.passed) for case in cases] == [("工业!H3", True), ("更多!H3", False)]


def test_a_code_column_may_be_known_to_be_empty(tmp_path):
    head = HEAD + ",园区=,行业代码"
    case = judged_cases("jinghai", sheet(tmp_path, "甲,工业,12,,,,,,13,低效,", head=head)).cases[0]
    assert case.passed


def test_neutral_values_leave_the_exclusions_false(tmp_path):
    outcome = judged_cases("jinghai", sheet(tmp_path, "甲,工业,12,,,,,低效,"))
    exclusions = [c.code for c in outcome.rulebook.criteria if c.strength == "exclusion"]
    assert set(outcome.truths[exclusions].iloc[0]) == {"false"}


@pytest.mark.parametrize(
    ("rows", "more", "said", "hinted"),
    [
        (["甲,工业,x,,,,,低效,"], ",预期判定,预期标准", "C2 停产月数 “x”", "left blank"),
        (["甲,工业区,,,,,,低效,"], ",预期判定,预期标准", "B2 类型 “工业区”", "left blank"),
        (["甲,工业,,,,,,低,"], ",预期判定,预期标准", "H2 预期判定 “低”", "left blank"),
        (["甲,工业,,,,,,,"], ",预期判定,预期标准", "H2 预期判定", "left blank"),
        (["甲,工业,,,,,,低效,IND-99"], ",预期判定,预期标准", "I2 预期标准 “IND-99”", "left blank"),
        (["甲,工业,,,,,50%,低效,"], ",预期判定,预期标准", "G2 亩均税收 “50%”", "left blank"),
        (["甲,工业,,,,,,低效,"], ",预期判定,停产月份", "unknown heading 停产月份", "停产月数"),
        (["甲,工业,,,,,,低效,"], ",预期判定,停产月数", "stands twice", "keep one"),
        (["甲,工业,,,,,,低效,"], ",预期判定,登记面积（元）", "the unit is not m²", "m²"),
        ([], ",预期判定,预期标准", "no cases", "one row a case"),
        (["甲,工业,,,,,,低效,"], ",判定,标准", "no cases", "预期判定"),
    ],
)
def test_wrong_sheets_are_refused_with_cell_and_hint(refused, tmp_path, rows, more, said, hinted):
    error, hint = refused("rules", "test", sheet(tmp_path, *rows, more=more))
    assert said in error
    assert hinted in hint


def test_many_faults_are_counted(refused, tmp_path):
    error, _hint = refused("rules", "test", sheet(tmp_path, *["甲,工业,x,,,,,低效,"] * 20))
    assert "C9" in error
    assert "C10" not in error
    assert "and 12 more" in error


def test_a_rulebook_without_cases_says_so(refused):
    error, hint = refused("rules", "test", "--rules", "national")
    assert "no cases yet" in error
    assert "--rules national" in hint


def test_a_changed_threshold_fails_the_cases(tmp_path):
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    file = tmp_path / "rules" / "jinghai" / "thresholds.csv"
    table = pd.read_csv(file, dtype=str, keep_default_na=False)
    general = (table["name"] == "tax_per_mu_min") & (table[["town", "zone", "industry"]] == "").all(
        axis=1
    )
    table.loc[general, "value"] = "6"
    table.to_csv(file, index=False)
    changed = judged_cases(str(tmp_path / "rules" / "jinghai"))
    failed = [case for case in changed.cases if not case.passed]
    assert "税收正好达到下限" in {case.name for case in failed}
    assert not changed.passed
