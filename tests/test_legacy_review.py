"""Towns on their legacy: out as workbooks, back into the ledger, and in force for find and seal."""

from __future__ import annotations

import csv
import io
import json
import shutil

import openpyxl
import pandas as pd
import pyogrio
import pytest

import tiny
from filing import run
from lowuse_gis.core.legacy_marks import piece_marks
from lowuse_gis.io.legacy_file import read_legacy

VILLAGE = "120118901001"
FIRST, SECOND, DOUBTFUL, SMALL = (f"YL{VILLAGE}{n:05d}" for n in (1, 2, 3, 4))
HEADS = ("Decision", "Used since (year)", "Kind of user", "Reason", "Confirmed by", "Confirmed on")
WHO = ("清泽镇人民政府", "2024-3-5")
CONFIRMED = ("Confirmed", 1987, "Company", None, *WHO)
NOT = ("Not legacy", None, None, "2015年新建", *WHO)


def write_project(folder):
    """Four lots without procedures: two plain, one that the plan makes farmland, one small."""
    lots = [tiny.lot(0, 0), tiny.lot(200, 0), tiny.lot(400, 0), tiny.lot(600, 0, 10, 10)]
    tiny.write_shapefile(tiny.frame([tiny.parcel(1, tiny.lot(2000, 0))]), folder / "p.shp")
    tiny.frame([tiny.survey_polygon(lot) for lot in lots]).to_file(folder / "s.gpkg", layer="DLTB")
    whole = tiny.survey_polygon(tiny.lot(-50, -50, 900, 300))
    away = tiny.survey_polygon(tiny.lot(8000, 0))
    for name, shape in (("c09", whole), ("c19", whole), ("pz", away), ("gd", away)):
        tiny.frame([shape]).to_file(folder / f"{name}.gpkg", layer=name)
    plan = [
        {"planned_use": "100101", "geometry": tiny.lot(-50, -50, 400, 300)},
        {"planned_use": "0101", "geometry": tiny.lot(350, -50, 200, 300)},
        {"planned_use": "100101", "geometry": tiny.lot(550, -50, 300, 300)},
    ]
    tiny.frame(plan).to_file(folder / "plan.gpkg", layer="plan")
    (folder / "lowuse.toml").write_text(
        'rules = "jinghai"\nas_of = 2024-03-31\n[sources]\nparcels = "p.shp"\nsurvey = "s.gpkg"\n'
        'construction_2009 = "c09.gpkg"\nconstruction_2019 = "c19.gpkg"\napprovals = "pz.gpkg"\n'
        'supplied_land = "gd.gpkg"\nplanning = "plan.gpkg"\n',
        encoding="utf-8",
    )
    (folder / "ledgers").mkdir()
    return folder


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """The project as nobody has answered yet, its legacy found."""
    folder = write_project(tmp_path_factory.mktemp("project"))
    run("legacy", "find", "--project", folder, "-o", folder / "l.gpkg", "-q")
    return folder


@pytest.fixture
def project(found, tmp_path):
    return shutil.copytree(found, tmp_path, dirs_exist_ok=True)


@pytest.fixture
def find(project, lowuse):
    """Find legacy, or read what was found before anybody answered."""

    def call(name="l.gpkg"):
        out = ""
        if not (project / name).exists():
            words = ("legacy", "find", "--project", project, "-o", project / name, "-q")
            code, out, err = lowuse(*words)
            assert code == 0, err
        return read_legacy(project / name)[0].set_index("legacy_code"), out

    return call


@pytest.fixture
def answer(project, lowuse):
    """Fill in a workbook of its own and take it in; return what was said."""

    def call(answers, legacy="l.gpkg", change=None):
        out = project / "out"
        words = ("--project", project, "-o", out, "--overwrite")
        code, _out, err = lowuse("legacy", "review", "out", project / legacy, *words)
        assert code == 0, err
        (path,) = out.iterdir()
        book = openpyxl.load_workbook(path)
        sheet = book.worksheets[0]
        heads = {cell.value: cell.column for cell in sheet[3]}
        at = heads["Legacy code"]
        rows = {sheet.cell(row, at).value: row for row in range(4, sheet.max_row + 1)}
        for legacy_code, values in answers.items():
            for head, value in zip(HEADS, values, strict=True):
                sheet.cell(rows[legacy_code], heads[head]).value = value
        if change:
            change(sheet, heads, rows)
        book.save(path)
        return take(path, legacy)

    def take(path, legacy="l.gpkg"):
        words = ("--legacy", project / legacy, "--project", project, "--json")
        code, out, err = lowuse("legacy", "review", "in", path, *words)
        assert code == 0, err
        return json.loads(out)

    call.again = lambda: take(next((project / "out").iterdir()))
    return call


def ledger_lines(project):
    text = (project / "ledgers" / "legacy_decisions.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))


def counted(said):
    (line,) = said["files"]
    return {state: line[state] for state in ("accepted", "known", "listed", "open")}


def faults(said):
    return {line["legacy_code"]: line["faults"] for line in said["listed"]}


def test_the_lots_are_judged_as_the_other_tests_take_them(find):
    pieces, _out = find()
    assert pieces["state"].to_dict() == {
        FIRST: "legacy", SECOND: "legacy", DOUBTFUL: "doubtful", SMALL: "too_small",
    }  # fmt: skip


def test_answers_go_round_and_fill_the_empty_columns(find, answer, project):
    before, _out = find()
    said = answer({FIRST: CONFIRMED})
    assert counted(said) == {"accepted": 1, "known": 0, "listed": 0, "open": 2}
    (line,) = ledger_lines(project)
    assert line["legacy_code"] == FIRST
    assert (line["decision"], line["used_since"], line["used_by"]) == ("confirm", "1987", "3")
    assert (line["who"], line["date"], line["town"]) == (WHO[0], "2024-03-05", "清泽镇")
    assert line["answers"] == before.loc[FIRST, "fingerprint"]
    pieces, _out = find("again.gpkg")
    piece = pieces.loc[FIRST]
    assert (piece["state"], piece["used_since"], piece["used_by"]) == ("legacy", "1987", "3")
    assert (piece["confirmed_by"], piece["confirmed_on"]) == (WHO[0], "20240305")
    assert pieces.loc[[SECOND, DOUBTFUL, SMALL], "confirmed_by"].isna().all()
    assert pieces["state"].equals(before["state"])
    assert pieces["fingerprint"].equals(before["fingerprint"])
    sources = pyogrio.read_dataframe(project / "again.gpkg", layer="sources")
    assert "legacy_decisions" in set(sources["name"])


def test_the_workbook_has_lists_to_choose_from_and_leaves_out_small_pieces(find, answer, project):
    find()
    seen = {}

    def look(sheet, heads, rows):
        seen["rows"] = set(rows)
        seen["lists"] = len(sheet.data_validations.dataValidation)
        seen["evidence"] = sheet.cell(rows[FIRST], heads["evidence"]).value
        seen["noted"] = sheet.cell(rows[DOUBTFUL], heads["noted"]).value

    assert counted(answer({}, change=look))["accepted"] == 0
    assert seen["rows"] == {FIRST, SECOND, DOUBTFUL}
    assert seen["lists"] == 2
    assert "c09.gpkg" in seen["evidence"]
    assert "plan" in seen["noted"]
    assert not (project / "ledgers" / "legacy_decisions.csv").exists()


def test_the_same_workbook_twice_is_known(find, answer, project):
    find()
    answer({FIRST: CONFIRMED})
    assert counted(answer.again())["known"] == 1
    assert len(ledger_lines(project)) == 1


def test_what_the_town_calls_not_legacy_leaves_the_list_with_the_reason(
    find, answer, project, lowuse
):
    before, _out = find()
    answer({SECOND: NOT, DOUBTFUL: NOT})
    pieces, out = find("again.gpkg")
    assert pieces.loc[[SECOND, DOUBTFUL], "state"].tolist() == ["rejected"] * 2
    assert pieces.loc[SECOND, "reason"] == "2015年新建"
    assert SECOND in out
    assert "2015年新建" in out
    assert list(pieces.index) == list(before.index)
    tables = [
        pyogrio.read_dataframe(project / name, layer="balance") for name in ("l.gpkg", "again.gpkg")
    ]
    assert round(tables[0]["area"].sum(), 2) == round(tables[1]["area"].sum(), 2)
    words = ("--by", "甲", "--project", project, "-o", project / "sealed")
    code, _out, err = lowuse("legacy", "seal", project / "again.gpkg", *words)
    assert code == 0, err
    (path,) = (project / "sealed").glob("*.gpkg")
    assert pyogrio.read_dataframe(path)["YLBH"].tolist() == [FIRST]


def test_a_doubtful_piece_is_sealed_once_the_town_confirmed_it(
    find, answer, project, lowuse, refused
):
    find()
    words = ("--by", "甲", "--project", project, "-o", project / "sealed")
    error, _hint = refused("legacy", "seal", project / "l.gpkg", *words)
    assert "doubtful" in error
    answer({DOUBTFUL: ("Confirmed", "1992年", "Village collective", "先定规划", *WHO)})
    find("again.gpkg")
    code, _out, err = lowuse("legacy", "seal", project / "again.gpkg", *words)
    assert code == 0, err
    (path,) = (project / "sealed").glob("*.gpkg")
    sealed = pyogrio.read_dataframe(path).set_index("YLBH")
    assert set(sealed.index) == {FIRST, SECOND, DOUBTFUL}
    record = sealed.loc[DOUBTFUL, ["YDSJ", "QRDW", "QRRQ", "BZ"]]
    assert record.tolist() == ["1992", WHO[0], "20240305", "先定规划"]
    error, _hint = refused(
        "legacy", "review", "in", project / "out", "--legacy", project / "l.gpkg", "--project",
        project,
    )  # fmt: skip
    assert "sealed" in error


def test_an_answer_to_a_piece_that_changed_is_stale(find, answer, project):
    find()
    answer({FIRST: CONFIRMED, SECOND: CONFIRMED})
    shutil.copy(project / "out" / next((project / "out").iterdir()).name, project / "old.xlsx")
    lots = [tiny.lot(0, 0, 90, 100), tiny.lot(200, 0), tiny.lot(400, 0), tiny.lot(600, 0, 10, 10)]
    tiny.frame([tiny.survey_polygon(lot) for lot in lots]).to_file(project / "s.gpkg", layer="DLTB")
    pieces, out = find("again.gpkg")
    assert pd.isna(pieces.loc[FIRST, "confirmed_by"])
    assert pieces.loc[SECOND, "confirmed_by"] == WHO[0]
    lines = pyogrio.read_dataframe(project / "again.gpkg", layer="answers")
    assert lines["state"].tolist() == ["stale", "current"]
    assert "not in force" in out
    said = answer({}, "again.gpkg", swap)
    assert faults(said) == {FIRST: "stale"}


def test_a_piece_whose_answer_no_longer_stands_is_not_sealed(
    find, answer, project, lowuse, refused
):
    find()
    answer({FIRST: NOT, DOUBTFUL: ("Confirmed", "1992", "Company", "先定规划", *WHO)})
    lots = [tiny.lot(0, 0, 90, 100), tiny.lot(200, 0), tiny.lot(400, 0), tiny.lot(600, 0, 10, 10)]
    tiny.frame([tiny.survey_polygon(lot) for lot in lots]).to_file(project / "s.gpkg", layer="DLTB")
    find("again.gpkg")
    words = ("--by", "甲", "--project", project, "-o", project / "sealed")
    error, hint = refused("legacy", "seal", project / "again.gpkg", *words)
    assert error.startswith("error: 1 pieces have answers of towns that no longer stand")
    assert "review status" in hint
    assert not (project / "sealed").exists()
    code, _out, err = lowuse("legacy", "seal", project / "again.gpkg", *words, "--leave-open")
    assert code == 0, err
    (path,) = (project / "sealed").glob("*.gpkg")
    assert set(pyogrio.read_dataframe(path)["YLBH"]) == {SECOND, DOUBTFUL}


def test_a_year_that_layers_of_former_years_deny_needs_a_reason(find, answer, project):
    tiny.frame([tiny.survey_polygon(tiny.lot(-50, -50, 900, 300))]).to_file(
        project / "c86.gpkg", layer="c86"
    )
    with (project / "lowuse.toml").open("a", encoding="utf-8") as file:
        file.write('construction_1986 = "c86.gpkg"\n')
    pieces, _out = find("dated.gpkg")
    assert pieces.loc[FIRST, "period"] == "1"
    told = ("Confirmed", 1992, "Company", None, *WHO)
    assert faults(answer({FIRST: told}, "dated.gpkg")) == {FIRST: "against_period"}
    why = (*told[:3], "1986年为老厂，1992年重建", *WHO)
    assert counted(answer({FIRST: why}, "dated.gpkg"))["accepted"] == 1
    early = ("Confirmed", 1985, "Company", None, *WHO)
    assert counted(answer({SECOND: early}, "dated.gpkg"))["accepted"] == 1


def test_status_adds_up_and_says_what_is_open(find, answer, project, lowuse):
    find()
    answer({FIRST: NOT, SECOND: CONFIRMED})
    lots = [tiny.lot(0, 0, 90, 100), tiny.lot(200, 0), tiny.lot(400, 0), tiny.lot(600, 0, 10, 10)]
    tiny.frame([tiny.survey_polygon(lot) for lot in lots]).to_file(project / "s.gpkg", layer="DLTB")
    find("again.gpkg")
    code, out, err = lowuse("legacy", "review", "status", project / "again.gpkg", "--json")
    assert code == 0, err
    (town,) = json.loads(out)["towns"]
    assert town == {
        "town": "清泽镇", "pieces": 3, "confirmed": 1, "refused": 0, "stale": 1, "open": 1,
    }  # fmt: skip
    code, out, _err = lowuse("legacy", "review", "status", project / "l.gpkg")
    assert code == 0
    assert "清泽镇" in out


def swap(sheet, heads, rows):
    """Answer the first piece with a fingerprint that is not its own."""
    for head, value in zip(HEADS, CONFIRMED, strict=True):
        sheet.cell(rows[FIRST], heads[head]).value = value
    sheet.cell(rows[FIRST], heads["Piece fingerprint"]).value = "a" * 12


def test_an_answer_follows_a_piece_that_is_only_numbered_anew(find, answer, project):
    find()
    answer({SECOND: CONFIRMED})
    lots = [tiny.lot(200, 0), tiny.lot(400, 0)]
    tiny.frame([tiny.survey_polygon(lot) for lot in lots]).to_file(project / "s.gpkg", layer="DLTB")
    pieces, _out = find("again.gpkg")
    assert pieces["confirmed_by"].dropna().to_dict() == {FIRST: WHO[0]}


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        (("Confirmed", "about 1990", None, None, *WHO), "bad_year"),
        (("Confirmed", 2015, None, None, *WHO), "bad_year"),
        (("Confirmed", 1987, "张三", None, *WHO), "unknown_user"),
        (("perhaps", 1987, None, None, *WHO), "unknown_decision"),
        ((None, 1987, None, None, None, None), "no_decision"),
        (("Not legacy", None, None, None, *WHO), "no_reason"),
        (("Confirmed", None, None, None, None, "2024-13-45"), "no_who;bad_date"),
        (("Confirmed", None, None, None, "镇政府", None), "no_date"),
    ],
)
def test_bad_answers_are_listed_and_not_taken(find, answer, project, values, fault):
    find()
    said = answer({FIRST: values})
    assert faults(said) == {FIRST: fault}
    assert not (project / "ledgers" / "legacy_decisions.csv").exists()


def test_an_unknown_code_is_listed_and_the_others_are_taken(find, answer, project):
    find()

    def rename(sheet, heads, rows):
        sheet.cell(rows[SECOND], heads["Legacy code"]).value = "YL999"

    said = answer({FIRST: CONFIRMED, SECOND: CONFIRMED}, change=rename)
    assert faults(said) == {"YL999": "unknown_piece"}
    assert [line["legacy_code"] for line in ledger_lines(project)] == [FIRST]


def test_another_answer_of_the_same_day_is_listed_and_a_later_one_counts(find, answer):
    find()
    answer({FIRST: CONFIRMED})
    assert faults(answer({FIRST: NOT})) == {FIRST: "contradicts"}
    later = (*NOT[:-1], "2024-03-06")
    assert counted(answer({FIRST: later}))["accepted"] == 1
    pieces, _out = find("again.gpkg")
    assert pieces.loc[FIRST, "state"] == "rejected"


def test_answers_of_a_ledger_that_contradict_each_other_are_not_guessed_at(find, answer, project):
    find()
    answer({FIRST: CONFIRMED})
    path = project / "ledgers" / "legacy_decisions.csv"
    line = ledger_lines(project)[0]
    rows = [
        line | {"decision": "not_legacy", "reason": "新建"},
        line | {"legacy_code": "YL999", "answers": "f" * 12},
        line | {"used_since": "soon"},
    ]
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, list(line)).writerows(rows)
    pieces, out = find("again.gpkg")
    assert pieces.loc[FIRST, "state"] == "legacy"
    assert pd.isna(pieces.loc[FIRST, "confirmed_by"])
    lines = pyogrio.read_dataframe(project / "again.gpkg", layer="answers")
    states = ["contradicting", "contradicting", "unknown_piece", "invalid"]
    assert lines["state"].tolist() == states
    assert "YL999" in out


def test_marks_tell_pieces_apart_and_survive_the_file(find, project):
    pieces, _out = find()
    assert pieces["fingerprint"].is_unique
    again = piece_marks(pieces.reset_index())
    assert again.tolist() == pieces["fingerprint"].tolist()
    moved = pieces.reset_index().assign(period="3")
    assert not set(piece_marks(moved)) & set(again)


def test_bad_requests(find, project, refused):
    find()
    legacy = ("--legacy", project / "l.gpkg", "--project", project)
    refused("legacy", "review", "out", project / "s.gpkg", "-o", project / "out")
    refused("legacy", "review", "in", project / "none.xlsx", *legacy)
    refused("legacy", "review", "in", project / "s.gpkg", *legacy)
