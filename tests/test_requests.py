"""Who owes what: out as workbooks, back as they return, and what comes of the answers."""

import hashlib
import json
import random
import shutil
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest

from answering import SUMMARY, Sheet, fill, industry_means, predicted
from conftest import ROOT
from lowuse_gis.commands.classify import Request
from lowuse_gis.commands.classify import classify as run_classify
from lowuse_gis.commands.requests import write_requests
from lowuse_gis.io.answer_tables import read_answer_table
from lowuse_gis.io.result import read_result
from lowuse_gis.stages.explain import explain
from lowuse_gis.stages.requests import requests_of
from oracle.reading import read_district

SAMPLE = ROOT / "sample_data"
HOUSING, PLANNING, TAX = "区住房建设委", "市规划资源局静海分局", "区税务局"
UNASKED = ["Ellipsoidal area", "Tax per mu (mean of two years)"]  # of a parcel without a shape
WITHOUT_FIELD = {"area"}  # a shape cannot be typed into a table


def book_of(folder, body, town="河湾镇"):
    return folder / f"数据需求_{body}_{town}.xlsx"


@pytest.fixture(scope="module")
def base(sample_result, tmp_path_factory):
    """The sample result, with the workbooks that go out; made once."""
    folder = tmp_path_factory.mktemp("sample")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOWUSE_LANG", "en")
        shutil.copyfile(sample_result, folder / "r.gpkg")
        write_requests(folder / "r.gpkg", folder / "out")
    return folder


@pytest.fixture(scope="module")
def result(base):
    return read_result(base / "r.gpkg")


@pytest.fixture(scope="module")
def sheets(base, rulebook):
    paths = [path for path in sorted((base / "out").iterdir()) if path.name != SUMMARY]
    return {path.name: Sheet(path, rulebook) for path in paths}


@pytest.fixture
def out(base, tmp_path):
    return shutil.copytree(base / "out", tmp_path / "out")


@pytest.fixture
def again(tmp_path):
    """Classify the sample again with workbooks that came back."""
    return lambda *files: classified(tmp_path / "again.gpkg", *files)


def classified(output, *files):
    sources = [("answers", str(file)) for file in files]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOWUSE_LANG", "en")
        run_classify(Request([], output, SAMPLE, sources=sources))
    return read_result(output)


def asked_by_hand(result, rulebook):
    """Return body, row and column of every cell to ask for, written out parcel by parcel."""
    settles = {}
    for column, spec in rulebook.fields["answers"].items():
        for name in spec.get("settles", [column]):
            settles.setdefault(name, []).append(column)
    cells = set()
    for row, parcel in result.parcels.iterrows():
        missing = parcel["missing"].split(";") if parcel["missing"] else []
        sources = parcel["missing_from"].split(";") if parcel["missing_from"] else []
        assert len(missing) == len(sources)
        for name, source in zip(missing, sources, strict=True):
            wanted = settles.get(f"{name}@{source}", settles.get(name, []))
            body = rulebook.sources[source].body
            cells |= {(body, row, c) for c in wanted if pd.isna(parcel[c])}
    return cells


def test_exactly_what_is_missing_is_asked_of_whoever_has_it(result, sheets, rulebook):
    bodies = dict(
        zip(rulebook.codes["bodies"]["name"], rulebook.codes["bodies"]["code"], strict=True)
    )
    found = {
        (bodies[name.split("_")[1]], row, column)
        for name, sheet in sheets.items()
        for row, column in sheet.open_cells()
    }
    assert found == asked_by_hand(result, rulebook)
    asked = {row for _body, row, _column in found}
    open_ = result.parcels["verdict_rule"] == "undetermined"
    assert set(result.parcels.index[~open_]).isdisjoint(asked)
    lacking = result.parcels["missing"].fillna("").str.split(";").map(set) - [{""}]
    suppliable = result.parcels.index[open_ & (lacking - [WITHOUT_FIELD]).map(bool)]
    assert set(suppliable) == asked


def test_no_line_stands_twice_and_the_largest_area_first(result, sheets):
    for name, sheet in sheets.items():
        town = name.removesuffix(".xlsx").split("_")[2]
        rows = list(sheet.rows)
        assert len(rows) == sheet.sheet.max_row - 3
        areas = result.parcels["possible_area"][rows].tolist()
        assert areas == sorted(areas, reverse=True)
        own = result.parcels.loc[rows, ["zone", "town_name"]]
        assert (own == town).any(axis=1).all()


def test_cells_that_are_not_asked_for_are_grey_and_the_others_have_lists(sheets):
    sheet = sheets[book_of(ROOT, HOUSING).name]
    grey = {"FFE7E6E6"}
    for row in list(sheet.rows)[:40]:
        for column in sheet.asked:
            cell = sheet.cell(row, column)
            assert (cell.fill.fgColor.rgb in grey) == (cell.value == "—")
    valid = {r.sqref.ranges.__iter__().__next__().min_col: r for r in
             sheet.sheet.data_validations.dataValidation}  # fmt: skip
    listed = valid[sheet.columns["urban_village"]]
    assert (listed.type, listed.formula1) == ("list", '"Yes,No"')
    share = valid[sheet.columns["dangerous_floor_share"]]
    assert (share.type, share.formula1, share.formula2) == ("decimal", "0", "1")
    heads = {column: head for head, column in sheet.heads.items()}
    assert heads[sheet.columns["floor_area"]] == "Floor area (m²)"


def test_a_long_list_stands_on_a_sheet_of_its_own(sheets, rulebook):
    towns = "数据需求_各乡镇、街道、园区_清泽镇.xlsx"
    sheet = sheets[towns]
    choices = sheet.book["choices"]
    words = [cell.value for cell in choices["A"]][3:]
    at = [c for c in sheet.asked if "domain" in sheet.fields[c]].index("parcel_kind")
    words = [cell.value for cell in list(choices.columns)[at]][3:]
    labels = [both[1] for both in rulebook.domain("parcel_kind").values()]
    assert words == labels
    assert len(set(labels)) == len(labels)
    formulas = [rule.formula1 for rule in sheet.sheet.data_validations.dataValidation]
    letter = "ABC"[at]
    assert f"'choices'!${letter}$4:${letter}${3 + len(words)}" in formulas


def test_the_lines_say_what_answers_decide(result, sheets):
    sheet = sheets[book_of(ROOT, HOUSING).name]
    why = sheet.heads["what the answers decide"]
    texts = {row: sheet.sheet.cell(at, why).value for row, at in sheet.rows.items()}
    assert all(texts.values())
    findings = result.tables["findings"]
    open_ = findings[(findings["truth"] == "unknown") & (findings["criterion"] == "RES-04")]
    row = next(
        row for row in open_["row"] if row in texts and sheet.cell(row, "floor_area").value is None
    )
    assert "RES-04" in texts[row]
    assert "Plot ratio < 1" in texts[row]
    leaning = result.parcels.index[result.parcels["leaning"].fillna(value=False).astype(bool)]
    assert not [row for row in leaning if row in texts and "IND-" in texts[row]]


def test_bodies_without_a_data_duty_are_never_asked(result, rulebook):
    whole = requests_of(result, rulebook)
    assert {"housing", "tax"} <= set(whole.lines["body"])
    bodies = rulebook.codes["bodies"]
    idle = bodies.assign(provides=bodies["provides"].mask(bodies["code"] == "housing", ""))
    without = replace(rulebook, codes={**rulebook.codes, "bodies": idle})
    rest = requests_of(result, without)
    assert "housing" not in set(rest.lines["body"])
    assert "plot_ratio" in set(rest.unasked["column"])
    assert "plot_ratio" not in set(whole.unasked["column"])
    others = whole.lines[whole.lines["body"] != "housing"].reset_index(drop=True)
    pd.testing.assert_frame_equal(rest.lines, others)


def test_the_summary_adds_up(base, sheets):
    book = openpyxl.load_workbook(base / "out" / SUMMARY)
    lines = [[cell.value for cell in row] for row in book["by body"].iter_rows(min_row=4)]
    counted = {line[2]: line[3] for line in lines}
    assert counted == {name: len(sheet.rows) for name, sheet in sheets.items()}
    by_data = list(book["by data"].iter_rows(min_row=4, values_only=True))
    total = sum(line[3] for line in by_data)
    assert total == sum(len(sheet.open_cells()) for sheet in sheets.values())
    left = [line[0].value for line in book["not asked for"].iter_rows(min_row=4)]
    assert left == UNASKED


def test_the_same_bytes_again_and_nothing_is_replaced_unasked(base, tmp_path, lowuse, refused):
    code, out, err = lowuse("requests", base / "r.gpkg", "-o", tmp_path / "b", "--json")
    assert code == 0, err
    said = json.loads(out)
    assert [one["column"] for one in said["unasked"]] == UNASKED
    marks = [
        {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}
        for folder in (base / "out", tmp_path / "b")
    ]
    assert marks[0] == marks[1]
    assert {one["file"] for one in said["files"]} | {SUMMARY} == set(marks[0])
    error, hint = refused("requests", base / "r.gpkg", "-o", tmp_path / "b")
    assert "exists already" in error
    assert "--overwrite" in hint
    changed = next((tmp_path / "b").iterdir())
    changed.write_bytes(b"")
    code, _out, err = lowuse(
        "requests", base / "r.gpkg", "-o", tmp_path / "b", "--overwrite", "--by", "2024-05-31"
    )
    assert code == 0, err
    guide = openpyxl.load_workbook(book_of(tmp_path / "b", TAX)).worksheets[1]
    assert "Please send this file back by 2024-05-31." in [cell.value for cell in guide["A"]]


def test_in_chinese(base, tmp_path, lowuse, monkeypatch):
    monkeypatch.setenv("LOWUSE_LANG", "zh")
    code, _out, err = lowuse("requests", base / "r.gpkg", "-o", tmp_path / "b")
    assert code == 0, err
    sheet = openpyxl.load_workbook(book_of(tmp_path / "b", HOUSING)).worksheets[0]
    heads = [cell.value for cell in sheet[3]]
    assert {"总建筑面积（m²）", "危房建筑面积占比（0–1）", "宗地指纹"} <= set(heads)


def test_an_old_result_is_refused(base, tmp_path, result, rulebook):
    old = replace(result, parcels=result.parcels.drop(columns="missing_from"))
    with pytest.raises(Exception, match="from which source"):
        requests_of(old, rulebook)


def test_answers_turn_exactly_the_verdicts_predicted(result, out, again, rulebook):
    meant = fill(out, result.parcels, rulebook, random.Random(1))
    district = read_district(SAMPLE)
    foreseen = predicted(result.parcels, meant, district, industry_means(district))
    after = again(*sorted(out.glob("*.xlsx")))
    before = result.parcels["verdict_rule"].to_dict()
    expected, found = before | foreseen, after.parcels["verdict_rule"].to_dict()
    wrong = {row: (expected[row], found[row]) for row in before if expected[row] != found[row]}
    assert not wrong, [(row, wrong[row], meant.get(row)) for row in list(wrong)[:5]]
    assert sum(verdict != before[row] for row, verdict in foreseen.items()) > 100
    lines = after.tables["answers"]
    assert set(lines["state"]) == {"filled"}
    assert len(lines) == sum(map(len, meant.values()))


def test_empty_workbooks_change_nothing(base, result, out, again):
    (out / f"~${SUMMARY}").write_bytes(b"open elsewhere")
    after = again(*sorted(out.glob("*.xlsx")))
    assert set(after.tables) == set(result.tables)
    for name, table in after.tables.items():
        if name != "sources":
            pd.testing.assert_frame_equal(table, result.tables[name])
    pd.testing.assert_frame_equal(
        pd.DataFrame(after.parcels.to_wkb()), pd.DataFrame(result.parcels.to_wkb())
    )
    sources = after.tables["sources"]
    mine = sources[sources["name"] == "answers"]
    assert len(mine) == len(list(out.iterdir())) - 2  # without the summary and the lock
    assert mine["sha256"].str.fullmatch("[0-9a-f]{64}").all()
    rest = sources[sources["name"] != "answers"].reset_index(drop=True)
    pd.testing.assert_frame_equal(rest, result.tables["sources"])


@pytest.fixture(scope="module")
def mixed(base, rulebook, result, tmp_path_factory):
    """Good and bad answers in one run; what was typed where, and the result."""
    out = shutil.copytree(base / "out", tmp_path_factory.mktemp("mixed") / "out")
    other = Sheet(shutil.copy(book_of(out, HOUSING), out / "other.xlsx"), rulebook)
    sheet = Sheet(book_of(out, HOUSING), rulebook)
    cells, typed, used = sheet.open_cells(), {}, set()

    def free(column):
        """Return a registered parcel that nothing was typed for yet."""
        row = next(r for r, c in cells if c == column and r not in used and r[0] != "0")
        used.add(row)
        return row

    def put(name, row, column, value, of=sheet):
        cell = of.cell(row, column)
        cell.value = value
        typed[name] = (row, of.path.name, f"data needed!{cell.coordinate}")

    floor, share, listed = "floor_area", "dangerous_floor_share", "urban_village"
    put("text", free(floor), floor, "about 3000")
    row = free(floor)
    put("mu", row, floor, round(result.parcels.at[row, "area"] / 666.6667 * 0.7, 2))
    put("percent", free(share), share, 35)
    put("percent sign", free(share), share, "35%")
    put("word", free(listed), listed, "perhaps")
    put("good", free(listed), listed, "Yes")
    row = free(floor)
    put("conflict", row, floor, 5000)
    put("other file", row, floor, 6000, other)
    put("formula", free(floor), floor, "=1/0")
    row = free(floor)
    put("foreign", row, floor, 900)
    sheet.cell(row, "parcel_code").value = "120118904999GB00002"
    row = free(floor)
    put("doubled", row, floor, 1000)
    last = sheet.sheet.max_row + 1
    for at, cell in enumerate(sheet.sheet[sheet.rows[row]], start=1):
        sheet.sheet.cell(last, at).value = cell.value
    sheet.sheet.cell(last, sheet.columns[floor]).value = 1200
    sheet.save()
    own = Sheet(shutil.copy(book_of(out, PLANNING, "清泽镇"), out / "own.xlsx"), rulebook)
    known = result.parcels["planned_plot_ratio"].dropna().index.intersection(list(own.rows))[0]
    put("own", known, "planned_plot_ratio", 9.5, own)
    survey = next(row for row in own.rows if row.startswith("0:"))
    own.sheet.cell(own.rows[survey], own.columns["parcel_mark"]).value = "a00000000000"
    put("other land", survey, "land_type", "Industrial", own)
    after = classified(out / "a.gpkg", book_of(out, HOUSING), other.save(), own.save())
    return typed, after


CODES = {
    "text": "6102", "mu": "6102", "percent": "6102", "percent sign": "6102", "word": "6102",
    "formula": "6102", "conflict": "6112", "other file": "6112", "doubled": "6112",
    "own": "6112", "foreign": "6101", "other land": "6101",
}  # fmt: skip


def test_bad_answers_are_check_rows_with_file_sheet_and_cell(mixed, result):
    typed, after = mixed
    checks = after.tables["checks"]
    new = checks[checks["note"].fillna("").str.contains("data needed!")]
    assert len(new) == len(CODES) + 1, new[
        ["code", "note"]
    ].to_string()  # the second line of the doubled one
    found = {(line["code"], line["file"], line["cell"]) for line in new.to_dict("records")}
    for name, code in CODES.items():
        _row, file, cell = typed[name]
        assert (code, file, cell) in found, name
        assert new[(new["file"] == file) & (new["cell"] == cell)]["note"].str.contains(file).all()
    at = new.set_index(["file", "cell"])["note"]
    assert "in m²" in at[typed["mu"][1:]]
    assert "0 to 1" in at[typed["percent"][1:]]
    assert "percentage" in at[typed["percent sign"][1:]]
    assert "9.5 / the program has" in at[typed["own"][1:]]
    rows = [typed[name][0] for name in CODES]
    same = result.parcels.loc[rows, ["verdict_rule", "floor_area", "planned_plot_ratio"]]
    pd.testing.assert_frame_equal(after.parcels.loc[rows, same.columns], same)


def test_a_good_answer_among_them_counts_and_explain_names_its_file(mixed, result):
    typed, after = mixed
    row, file, cell = typed["good"]
    assert after.parcels.at[row, "urban_village"]
    taken = after.tables["answers"].query("state == 'filled'")
    assert taken[["row", "column", "file", "place"]].to_numpy().tolist() == [
        [row, "urban_village", file, cell]
    ]
    (told,) = explain(after, row)
    lines = told.findings.set_index("measure")
    assert lines.at["urban_village", "source_file"] == file
    others = lines.drop(index="urban_village")["source_file"]
    assert file not in set(others)
    assert {"answers of the bodies"} == {lines.at["urban_village", "source_title"]}
    (before,) = explain(result, row)
    assert before.findings.set_index("measure").at["urban_village", "source_file"] != file


def test_moved_columns_sorted_lines_and_added_sheets_say_the_same(out, rulebook, result, tmp_path):
    dice = random.Random(7)
    fill(out, result.parcels, rulebook, dice)
    path = book_of(out, PLANNING)
    before = read_answer_table(path, rulebook).lines
    assert len(before) > 500
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    order = list(range(len(lines[0])))
    dice.shuffle(order)
    body = lines[1:]
    dice.shuffle(body)
    made = openpyxl.Workbook()
    made.active.append(["a remark"])
    moved = made.create_sheet("回")
    for line in [lines[0], *body]:
        moved.append([line[at] for at in order])
    made.save(tmp_path / path.name)
    after = read_answer_table(tmp_path / path.name, rulebook).lines
    keys = ["row", "parcel_code", "parcel_mark", "column", "value", "fault"]
    sort = ["row", "column"]
    pd.testing.assert_frame_equal(
        before.sort_values(sort, ignore_index=True)[keys],
        after.sort_values(sort, ignore_index=True)[keys],
    )
    assert after["place"].str.fullmatch(r"回![A-Z]+\d+").all()


def test_units_of_a_heading_are_converted(out, rulebook, result, tmp_path):
    path = book_of(out, HOUSING)
    sheet = Sheet(path, rulebook)
    row = next(row for row, column in sheet.open_cells() if column == "floor_area")
    sheet.cell(row, "floor_area").value = 3
    sheet.sheet.cell(3, sheet.columns["floor_area"]).value = "总建筑面积（亩）"
    (line,) = read_answer_table(sheet.save(), rulebook).lines.to_dict("records")
    assert float(line["value"]) == pytest.approx(2000.0001)
    assert line["fault"] == ""


def test_what_nobody_knows_in_settles_is_a_fault(planted):
    fields = planted.files["national/fields.toml"]["answers"]
    fields["floor_area"] = {**fields["floor_area"], "settles": ["plot_ration"]}
    fields["plot_ration"] = {"names": ["x", "y"]}
    planted.expected = {("national/fields.toml", "answers")}
    assert len(planted.only("unknown-column", count=1)) == 2
