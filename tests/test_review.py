"""Decisions of the towns: out as workbooks, back as they return, and beside the verdicts."""

import datetime as dt
import hashlib
import json
import re
import shutil
import subprocess

import numpy as np
import openpyxl
import pandas as pd
import pytest

import tiny
import towns
from lowuse_gis.commands.classify import Request
from lowuse_gis.commands.classify import classify as run_classify
from lowuse_gis.commands.review import write_out
from lowuse_gis.core.review import fingerprints, matched_rows
from lowuse_gis.core.values import as_days
from lowuse_gis.core.wording import written
from lowuse_gis.io.result import read_result
from towns import Book

WHO = ("", "张三", "2024-3-5")
CLEAR = ("Excluded", "planned road", *WHO)


@pytest.fixture(scope="module")
def sent_out(tmp_path_factory):
    """A project that was judged, with the workbooks that go out; made once."""
    folder = towns.write_project(tmp_path_factory.mktemp("sent"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOWUSE_LANG", "en")
        run_classify(Request([], folder / "r.gpkg", folder))
        write_out(folder / "r.gpkg", folder / "out")
    return folder


@pytest.fixture
def project(sent_out, tmp_path):
    return shutil.copytree(sent_out, tmp_path / "project")


@pytest.fixture
def classify(project, lowuse):
    def call(name="again.gpkg", *more):
        code, out, err = lowuse("classify", "--project", project, "-o", project / name, "-q", *more)
        assert code == 0, err
        return read_result(project / name), out

    return call


@pytest.fixture
def books(project):
    """The workbooks of the towns, by town."""
    return {path.stem.partition("_")[2]: path for path in (project / "out").iterdir()}


@pytest.fixture
def hand_in(project, lowuse):
    def call(*files, result="r.gpkg"):
        code, out, err = lowuse(
            "review", "in", *files, "--result", project / result, "--project", project, "--json"
        )
        assert code == 0, err
        return json.loads(out)

    return call


def counts(said):
    names = ("accepted", "known", "listed", "open")
    return {name: sum(file[name] for file in said["files"]) for name in names}


def ledger(project):
    return towns.lines(project / "ledgers" / "decisions.csv")


def faults(said):
    return {line["parcel_code"]: line["faults"] for line in said["listed"]}


def test_a_workbook_for_every_town_and_park(books):
    assert set(books) == {"清泽镇", "北园_东区", "未知乡镇"}
    sheet = Book(books["清泽镇"])
    verdicts = [sheet.get(row, "verdict proposed") for row in sheet.rows.values()]
    assert verdicts[0] == "Low-use"
    assert verdicts[-1] == "Too small"
    row = sheet.rows[tiny.code(1)]
    assert "IND-13 Very low plot ratio" in sheet.get(row, "why it is proposed")
    assert "Industry" in sheet.get(sheet.rows[tiny.code(2)], "who is asked")
    assert sheet.sheet.cell(row, sheet.heads["Parcel code"]).number_format == "@"
    assert sheet.sheet.freeze_panes == "A4"
    assert [sheet.get(row, head) for head in towns.ANSWERS] == [None] * 5
    rule = sheet.sheet.data_validations.dataValidation[0]
    assert rule.formula1 == '"Low-use,Not low-use,Undetermined,Excluded"'
    guide = [str(cell.value) for cell in sheet.book.worksheets[1]["A"]]
    assert any("2024.1-draft" in line and "2024-03-31" in line for line in guide)


def test_every_parcel_is_in_one_workbook(books, project):
    result = read_result(project / "r.gpkg")
    rows = [Book(path) for path in books.values()]
    seen = [
        book.get(at, "Row") for book in rows for at in range(towns.HEAD + 1, book.sheet.max_row + 1)
    ]
    assert sorted(seen) == sorted(result.parcels.index)


def test_chinese_headings_and_evidence(project, lowuse, monkeypatch):
    monkeypatch.setenv("LOWUSE_LANG", "zh")
    code, _out, err = lowuse("review", "out", project / "r.gpkg", "-o", project / "zh")
    assert code == 0, err
    cells = openpyxl.load_workbook(project / "zh" / "认定表_清泽镇.xlsx").worksheets[0]
    heads = [cell.value for cell in cells[towns.HEAD]]
    assert {"要素行号", "宗地代码", "认定结果", "理由", "佐证文件", "认定人", "认定日期"} <= set(
        heads
    )
    assert heads[-1] == "判定指纹"
    texts = [str(cell.value) for row in cells.iter_rows() for cell in row]
    assert any("IND-13 容积率严重偏低：现状容积率 0.2，行业控制值 0.7 × 0.6" in t for t in texts), [
        t for t in texts if "IND" in t
    ]


def test_the_same_bytes_twice(books, project, lowuse):
    lowuse("review", "out", project / "r.gpkg", "-o", project / "again")
    for path in books.values():
        digests = {
            hashlib.sha256(file.read_bytes()).hexdigest()
            for file in (path, project / "again" / path.name)
        }
        assert len(digests) == 1


def test_filled_workbooks_are_not_overwritten_unasked(books, project, refused, lowuse):
    error, _hint = refused("review", "out", project / "r.gpkg", "-o", project / "out")
    assert "认定表_" in error
    other = project / "out" / "notes.txt"
    other.write_text("kept")
    code, _out, _err = lowuse(
        "review", "out", project / "r.gpkg", "-o", project / "out", "--overwrite"
    )
    assert code == 0
    assert other.exists()


def test_round_trip(books, project, hand_in, classify, lowuse):
    book = Book(books["清泽镇"])
    book.answer(1, "Low-use", None, "照片1.jpg", "张三", "2024-3-5")
    book.answer(2, "Excluded", "-planned road", *WHO)
    said = hand_in(book.save(), books["北园_东区"])
    assert counts(said)["accepted"] == 2
    assert counts(said)["listed"] == 0
    one, two = ledger(project)
    assert one["parcel_code"] == tiny.code(1)
    assert (one["decision"], one["date"], one["town"]) == ("low_use", "2024-03-05", "清泽镇")
    assert (one["file"], one["evidence"]) == ("认定表_清泽镇.xlsx", "照片1.jpg")
    assert (one["rulebook"], one["as_of"]) == ("jinghai 2024.1-draft", "2024-03-31")
    assert two["reason"] == "'-planned road"  # no spreadsheet runs it
    result, _out = classify()
    parcels = result.parcels.set_index("parcel_code")
    first = parcels.loc[tiny.code(1)]
    assert (first["verdict_final"], first["decision_state"]) == ("low_use", "current")
    assert first["decided_by"] == "张三"
    assert pd.Timestamp(first["decided_on"]) == pd.Timestamp("2024-03-05")
    second = parcels.loc[tiny.code(2)]
    assert (second["verdict"], second["verdict_rule"]) == ("excluded", "undetermined")
    assert second["verdict_final"] == "excluded"
    assert second["decision_reason"] == "'-planned road"
    assert tiny.code(2) not in set(result.tables["problems"]["parcel_code"])
    listed = result.tables["sources"].set_index("name").loc["decisions"]
    data = (project / "ledgers" / "decisions.csv").read_bytes()
    assert listed["sha256"] == hashlib.sha256(data).hexdigest()
    _code, out, _err = lowuse("review", "status", project / "again.gpkg", "--json")
    town = {line["town"]: line for line in json.loads(out)["towns"]}["清泽镇"]
    assert town["decided"] == 2
    assert town["low_use"] + town["undetermined"] == town["decided"] + town["stale"] + town["open"]


def test_the_ledger_only_grows(books, project, hand_in):
    book = Book(books["清泽镇"])
    book.answer(1, "Low-use", None, *WHO)
    hand_in(book.save())
    path = project / "ledgers" / "decisions.csv"
    before = path.read_bytes()
    assert before.startswith(b"\xef\xbb\xbf" + towns.LEDGER.encode())
    again = hand_in(book.path)
    assert counts(again)["known"] == 1
    assert path.read_bytes() == before
    book.answer(1, "Not low-use", "seen on site", *WHO)
    assert counts(hand_in(book.save()))["accepted"] == 1
    assert path.read_bytes().startswith(before)
    assert not [p for p in path.parent.iterdir() if p != path]


def test_an_old_copy_beside_a_new_one_does_no_harm(books, project, hand_in):
    book = Book(books["清泽镇"])
    book.answer(1, "Low-use", None, *WHO)
    old = book.save(project / "old.xlsx")
    hand_in(old)
    book.answer(1, "Not low-use", "seen on site", "", "张三", "2024-03-06")
    said = hand_in(old, book.save(project / "new.xlsx"))
    assert counts(said) == {"accepted": 1, "known": 1, "listed": 0, "open": counts(said)["open"]}


DATES = ["2024-3-5", "2024/3/5", "20240305", 20240305, "2024年3月5日", "２０２４．３．５ ", 45356]
DATES += ["45356", 45356.0, dt.date(2024, 3, 5), dt.datetime(2024, 3, 5, 9, 30)]  # noqa: DTZ001


@pytest.mark.parametrize("value", DATES, ids=str)
def test_dates_as_people_and_programs_write_them(value, books, project, hand_in):
    book = Book(books["清泽镇"])
    row = book.answer(1, " 低效 ", None, None, " 张三 ", value)
    if not isinstance(value, dt.date):
        book.sheet.cell(row, book.heads["Decided on"]).number_format = "General"
    hand_in(book.save())
    assert [line["date"] for line in ledger(project)] == ["2024-03-05"]


def test_days_that_are_not_whole_are_not_guessed():
    texts = ["2024-02-30", "2024-13-05", "2024年3月", "2024", "3/5/2024", "24-3-5", "soon", None]
    assert as_days(pd.Series(texts)).isna().all()


def test_a_workbook_that_was_worked_on(books, project, hand_in):
    """Title rows merged above, columns turned round and hidden, a sheet and a column added."""
    book = Book(books["清泽镇"])
    book.answer(1, "low_use", None, None, "张三", 45356)
    grid = [[cell.value for cell in row][::-1] for row in book.sheet.iter_rows()]
    made = openpyxl.Workbook()
    first = made.active
    first.append(["本表由某某填写，请勿外传"])
    first.append(["电话", "022-00000000"])
    page = made.create_sheet("清泽")
    for number, line in enumerate(grid):
        extra = "我们的备注" if number == towns.HEAD - 1 else "x" if number >= towns.HEAD else None
        page.append([extra, *line])
    page.insert_rows(1, 2)
    page["A1"] = "清泽镇低效用地认定表"
    page.merge_cells("A1:H2")
    page.column_dimensions["C"].hidden = True
    page.row_dimensions[8].hidden = True
    path = project / "worked.xlsx"
    made.save(path)
    said = hand_in(path)
    assert counts(said)["accepted"] == 1
    assert ledger(project)[0]["decision"] == "low_use"


def test_cells_merged_over_several_parcels_count_for_each(books, project, hand_in):
    book = Book(books["清泽镇"])
    start, end = sorted(book.rows[tiny.code(n)] for n in (1, 2))
    for head, value in zip(
        towns.ANSWERS, ("Excluded", "road", None, "张三", DATES[-2]), strict=True
    ):
        column = book.heads[head]
        book.sheet.cell(start, column).value = value
        book.sheet.merge_cells(start_row=start, end_row=end, start_column=column, end_column=column)
    said = hand_in(book.save())
    assert counts(said)["accepted"] == end - start + 1
    assert {line["date"] for line in ledger(project)} == {"2024-03-05"}


def test_the_word_may_be_written_otherwise(books, project, hand_in):
    book = Book(books["清泽镇"])
    book.answer(1, "非低效用地", "现场核实", *WHO)
    book.answer(2, "　待 定　", None, *WHO)
    hand_in(book.save())
    assert [line["decision"] for line in ledger(project)] == ["not_low_use", "undetermined"]


def test_nothing_is_refused_silently(books, project, hand_in):
    book = Book(books["清泽镇"])
    book.answer(1, "Not low-use", None, *WHO)
    book.answer(2, "maybe", "?", *WHO)
    small = book.answer(7, "Excluded", "too small", "", None, "soon")
    book.set(small, "Verdict fingerprint", "0" * 12)
    stray = book.sheet.max_row + 1
    for head, value in {"Parcel code": "12011890100 1GB99999", "Decision": "Low-use"}.items():
        book.set(stray, head, value)
    book.set(book.rows[tiny.code(5)], "Reason", "to be seen")
    book.sheet.append(["填表人：张三"])
    said = hand_in(book.save())
    wrong = faults(said)
    assert wrong[tiny.code(1)] == "no_reason"
    assert wrong[tiny.code(2)] == "unknown_decision"
    assert wrong[tiny.code(7)] == "stale;no_who;bad_date"
    assert wrong["120118901001GB99999"].startswith("unknown_parcel")
    assert wrong[tiny.code(5)] == "no_decision"
    assert counts(said)["accepted"] == 0
    assert not (project / "ledgers").exists()
    text = {line["parcel_code"]: line["why"] for line in said["listed"]}
    assert "changed" in text[tiny.code(7)]
    rows = book.sheet.max_row - towns.HEAD - 1  # all but the signature
    assert counts(said)["listed"] + counts(said)["open"] == rows


def test_answers_that_contradict_each_other(books, project, hand_in):
    book = Book(books["清泽镇"])
    book.answer(1, "Low-use", None, *WHO)
    book.answer(2, *CLEAR)
    one = book.save(project / "one.xlsx")
    book.answer(1, "Not low-use", "seen", *WHO)
    two = book.save(project / "two.xlsx")
    said = hand_in(one, two)
    doubled = [line for line in said["listed"] if line["parcel_code"] == tiny.code(1)]
    assert [line["file"] for line in doubled] == ["one.xlsx", "two.xlsx"]
    assert {line["faults"] for line in doubled} == {"doubled"}
    assert [line["parcel_code"] for line in ledger(project)] == [tiny.code(2)]
    assert counts(said)["known"] == 1  # the same answer in both files is one


def test_parcels_of_one_code_are_told_apart_by_row(books, project, hand_in, classify):
    book = Book(books["清泽镇"])
    first = book.rows[tiny.code(5)]
    book.answer(5, *CLEAR)
    wanted = book.get(first, "Row")
    hand_in(book.save())
    result, _out = classify()
    decided = result.parcels["decision_state"].notna()
    assert result.parcels.index[decided].tolist() == [wanted]


def test_a_changed_verdict_makes_decisions_stale(books, project, hand_in, classify, lowuse):
    book = Book(books["清泽镇"])
    book.answer(1, "Low-use", None, *WHO)
    hand_in(book.save())
    building = tiny.frame([{"JZBH": "b", "CS": 3, "geometry": tiny.lot(5, 5, 90, 90)}])
    building.to_file(project / "b.gpkg", layer="JZW")
    result, out = classify()
    assert "Stale" in out
    parcel = result.parcels[result.parcels["parcel_code"] == tiny.code(1)].iloc[0]
    assert parcel["decision_state"] == "stale"
    assert pd.isna(parcel["verdict_final"])
    table = result.tables["decisions"]
    assert table["state"].tolist() == ["stale"]
    assert (table["answers"] != table["fingerprint"]).all()
    said = hand_in(book.path, result="again.gpkg")
    assert faults(said) == {tiny.code(1): "stale"}
    _code, out, _err = lowuse("review", "status", project / "again.gpkg", "--json")
    assert sum(line["stale"] for line in json.loads(out)["towns"]) <= 1


def test_fingerprints_know_verdict_and_reasons_but_not_the_order_of_files(project):
    parcels = read_result(project / "r.gpkg").parcels
    marks = fingerprints(parcels)
    assert marks.str.fullmatch("[a-f][0-9a-f]{11}").all()  # no number to a spreadsheet
    assert not marks.duplicated().any()
    one = parcels[parcels["parcel_code"] == tiny.code(1)].iloc[0]
    whole = "|".join([tiny.code(1), "industrial", "low_use", one["criteria_met"], "", ""])
    assert marks[one.name] == re.search("[a-f].{11}", hashlib.sha256(whole.encode()).hexdigest())[0]
    alone = parcels["parcel_code"].notna() & ~parcels["parcel_code"].duplicated(keep=False)
    moved = parcels.set_axis(pd.Index([f"9:{at}" for at in range(len(parcels))]))
    same = fingerprints(moved).to_numpy() == marks.to_numpy()
    assert same[alone.to_numpy()].all()
    for column, value in {
        "criteria_met": "X-1",
        "verdict_rule": "excluded",
        "leaning": True,
    }.items():
        changed = parcels.assign(**{column: value})
        registered = parcels["origin"] == "registered"
        assert (fingerprints(changed) != marks)[registered & (parcels[column] != value)].all()


def test_survey_parcels_are_answered_by_place(project):
    parcels = read_result(project / "r.gpkg").parcels
    survey = parcels[parcels["origin"] == "survey"]
    assert len(survey)
    moved = survey.set_geometry(survey.geometry.translate(5, 0))
    assert (fingerprints(moved) != fingerprints(survey)).all()


def test_lines_find_their_parcels():
    codes = ["A", "B", "B", None]
    parcels = pd.DataFrame({"parcel_code": codes}, index=["1:1", "1:2", "1:3", "1:4"])
    asked = pd.DataFrame(
        [
            ("A", "9:9"),
            ("B", "1:3"),
            ("B", "9:9"),
            ("", "1:4"),
            ("", "1:1"),
            ("Z", "1:1"),
            ("", ""),
        ],
        columns=["code", "row"],
    )
    found = matched_rows(asked["code"], asked["row"], parcels)
    assert found.fillna("-").tolist() == ["1:1", "1:3", "-", "1:4", "1:1", "-", "-"]


def test_a_locked_or_broken_file_is_named_and_the_others_count(books, project, hand_in):
    locked, broken = project / "locked.xlsx", project / "broken.xlsx"
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
    locked.write_bytes(ole + "EncryptedPackage".encode("utf-16-le") + bytes(400))
    broken.write_bytes(b"PK\x03\x04 nothing")
    book = Book(books["清泽镇"])
    book.answer(1, "Low-use", None, *WHO)
    said = hand_in(locked, broken, project / "out", book.save())
    assert [item["file"] for item in said["unread"]] == ["locked.xlsx", "broken.xlsx", "out"]
    assert "password" in said["unread"][0]["reason"]
    assert counts(said)["accepted"] == 1


def test_where_nothing_can_be_read(books, project, refused, tmp_path):
    other = tmp_path / "other.xlsx"
    made = openpyxl.Workbook()
    made.active.append(["名称", "数量"])
    made.active.append(["甲", 1])
    made.save(other)
    error, _hint = refused(
        "review", "in", other, tmp_path / "none.xlsx", "--result", project / "r.gpkg",
        "--project", project,
    )  # fmt: skip
    assert "宗地代码" in error
    assert "none.xlsx" in error


def test_a_folder_of_ledgers_must_be_known(books, project, refused):
    error, hint = refused("review", "in", books["清泽镇"], "--result", project / "r.gpkg")
    assert "ledgers" in error
    assert "--ledgers" in hint


def test_tables_on_the_screen(books, project, lowuse, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    book = Book(books["清泽镇"])
    book.answer(1, "Low-use", None, *WHO)
    book.answer(2, "Excluded", None, *WHO)
    result = project / "r.gpkg"
    code, out, err = lowuse(
        "review", "in", book.save(), "--result", result, "--ledgers", project / "towns"
    )
    assert code == 0, err
    assert "differs from the proposal without a reason" in out
    assert len(towns.lines(project / "towns" / "decisions.csv")) == 1
    code, out, _err = lowuse("review", "status", result)
    assert code == 0
    assert "清泽镇" in out


@pytest.mark.skipif(shutil.which("soffice") is None, reason="soffice is not installed")
def test_through_another_spreadsheet_program_and_back(books, project, hand_in):
    book = Book(books["清泽镇"])
    book.answer(1, "Low-use", None, "照片.jpg", "张三", dt.date(2024, 3, 5))
    source = book.save(project / "t.xlsx")
    for suffix in ("ods", "xlsx"):
        folder = project / suffix
        command = ["soffice", "--headless", "--convert-to", suffix, "--outdir", folder, source]
        subprocess.run([str(word) for word in command], check=True, capture_output=True)
        source = folder / f"t.{suffix}"
    said = hand_in(project / "ods" / "t.ods")
    assert counts(said)["accepted"] == 1
    assert counts(hand_in(source)) == counts(said) | {"accepted": 0, "known": 1}
    assert np.all([line["evidence"] == "照片.jpg" for line in ledger(project)])


@pytest.mark.parametrize("kind", [bool, object])
def test_flags_are_written_as_words_whatever_column_holds_them(kind):
    flags = pd.Series([True, False] if kind is bool else [True, None, False], dtype=kind)
    assert written(flags, "", {}).tolist() == (
        ["yes", "no"] if kind is bool else ["yes", "—", "no"]
    )
