"""Ledgers of decisions and corrections: read however they were saved, applied line by line."""

import numpy as np
import pandas as pd
import pytest

import tiny
import towns
from lowuse_gis.commands.classify import Request
from lowuse_gis.commands.classify import classify as run_classify
from lowuse_gis.core.review import fingerprints
from lowuse_gis.errors import InputError
from lowuse_gis.io.ledgers import DECISIONS, append_lines, read_ledger
from lowuse_gis.io.result import read_result
from lowuse_gis.stages.correct import correct
from lowuse_gis.stages.decide import decide

HEAD = towns.LEDGER
CORRECTIONS = "parcel_code,field,old,new,reason,who,when"
SAID = "field visit,张三,2024-03-05"


def survey_of(records, rulebook, **tables):
    """Return a survey as it stands after mending, with the ledgers in it."""
    from lowuse_gis.model import Survey

    parcels = tiny.frame(records)
    parcels.index = pd.Index([f"1:{at}" for at in range(1, len(parcels) + 1)], name="row")
    return Survey(parcels=parcels, tables=tables)


def read(tmp_path, rulebook, name, text, encoding="utf-8-sig"):
    path = tmp_path / f"{name}.csv"
    path.write_bytes(text.encode(encoding))
    return read_ledger(path, name, rulebook)


@pytest.fixture
def corrected(tmp_path, rulebook, run):
    """Apply lines of corrections to two parcels of an owner each, and return parcels and lines."""

    def call(*lines, parcels=None, settings=run):
        base = {"owner": "甲公司", "owner_kind": "2", "registered_area": 1000.0, "remark": np.nan}
        base |= {"registered_use": "0601", "zone": np.nan}
        base |= {"supplied_on": pd.Timestamp("2010-05-01")}
        records = [
            {**base, "parcel_code": code, "geometry": tiny.lot(200 * at, 0)}
            for at, code in enumerate(parcels or ["A", "B"])
        ]
        text = "\n".join([CORRECTIONS, *lines]) + "\n"
        table = read(tmp_path, rulebook, "corrections", text).frame
        survey = correct(survey_of(records, rulebook, corrections=table), settings)
        return survey.parcels, survey.tables["corrections"]

    return call


def test_a_correction_by_name_label_or_field(corrected):
    parcels, lines = corrected(
        f"A,registered_use,0601,0501,{SAID}",
        f"A,登记面积,1000,1200.5,{SAID}",
        f"B,Owner,甲公司,乙公司,{SAID}",
        f"B,BZ,,空置,{SAID}",
        f"B,供地时间,2010/5/1,2012年6月1日,{SAID}",
        f"b?,权利人,甲公司,丙公司,{SAID}",
    )
    assert lines["state"].tolist() == ["applied"] * 5 + ["not_applied"]
    assert lines["note"].tolist() == [""] * 5 + ["unknown parcel"]
    one, two = parcels.iloc[0], parcels.iloc[1]
    assert (one["registered_use"], one["registered_area"]) == ("0501", 1200.5)
    assert (two["owner"], two["remark"]) == ("乙公司", "空置")
    assert two["supplied_on"] == pd.Timestamp("2012-06-01")
    assert one["owner"] == "甲公司"


@pytest.mark.parametrize("old", ["1000", "1,000.0", "１０００", " 1000.00 "])
def test_numbers_are_compared_as_numbers(corrected, old):
    parcels, lines = corrected(f'A,登记面积,"{old}",900,{SAID}')
    assert lines["state"].tolist() == ["applied"]
    assert parcels["registered_area"].tolist() == [900, 1000]


def test_what_is_not_applied_says_why(corrected):
    parcels, lines = corrected(
        f"A,登记面积,999,900,{SAID}",
        f"A,登记面积,,900,{SAID}",
        f"A,登记面积,about 1000,900,{SAID}",
        f"A,登记面积,1000,about 900,{SAID}",
        f"A,权利人类型,民营企业,巨头,{SAID}",
        f"A,颜色,red,blue,{SAID}",
        f"A,plot_ratio,0.2,0.9,{SAID}",
        "A,权利人,甲公司,乙公司,because,,2024-03-05",
        "A,权利人,甲公司,乙公司,because,张三,",
        "A,权利人,甲公司,乙公司,because,张三,one day",
        f",权利人,甲公司,乙公司,{SAID}",
    )
    assert set(lines["state"]) == {"not_applied"}
    notes = lines["note"].tolist()
    assert notes[0] == notes[1] == notes[2] == "the old value differs: found 1000"
    assert notes[3] == notes[4] == "the new value is not readable"
    assert notes[5] == "unknown field"
    assert "measured" in notes[6]
    assert notes[7] == notes[8] == "who corrected it, or when, is not said"
    assert notes[9] == "the date is not readable"
    assert notes[10] == "unknown parcel"
    assert lines["line"].tolist() == list(range(2, 13))
    assert set(parcels["owner"]) == {"甲公司"}
    assert set(parcels["registered_area"]) == {1000}


def test_corrections_of_a_field_follow_one_another(corrected):
    parcels, lines = corrected(
        f"A,权利人,甲公司,乙公司,{SAID}",
        f"A,权利人,甲公司,丁公司,{SAID}",
        f"A,权利人,乙公司,丙公司,{SAID}",
    )
    assert lines["state"].tolist() == ["applied", "not_applied", "applied"]
    assert "found 乙公司" in lines["note"].iloc[1]
    assert parcels["owner"].tolist() == ["丙公司", "甲公司"]


def test_a_corrected_code_is_the_code_from_then_on(corrected):
    parcels, lines = corrected(
        f"A,宗地代码,A,C,{SAID}",
        f"A,权利人,甲公司,乙公司,{SAID}",
        f"C,权利人,甲公司,丙公司,{SAID}",
    )
    assert lines["note"].tolist() == ["", "unknown parcel", ""]
    assert parcels[["parcel_code", "owner"]].iloc[0].tolist() == ["C", "丙公司"]


def test_parcels_of_one_code_are_corrected_by_row(corrected):
    parcels, lines = corrected(
        f"A,权利人,甲公司,乙公司,{SAID}", f"1:2,宗地代码,A,B,{SAID}", parcels=["A", "A"]
    )
    assert lines["note"].tolist() == ["several parcels have this code", ""]
    assert parcels["parcel_code"].tolist() == ["A", "B"]


def test_a_value_may_be_taken_away(corrected):
    parcels, _lines = corrected(f"A,权利人,甲公司,,{SAID}")
    assert parcels["owner"].isna().tolist() == [True, False]


def test_names_of_persons_stay_masked(corrected, run):
    parcels, lines = corrected(
        f"A,权利人类型,2,5,{SAID}",
        f"A,权利人,甲公司,王小明,{SAID}",
        f"Z,权利人,王小明,王大明,{SAID}",
    )
    assert parcels["owner"].iloc[0] == "王**"
    assert not lines[["old", "new"]].astype(str).apply(lambda c: c.str.contains("明")).any().any()
    from dataclasses import replace

    shown = replace(run, with_names=True)
    parcels, _lines = corrected(f"A,权利人,甲公司,王小明,{SAID}", settings=shown)
    assert parcels["owner"].iloc[0] == "王小明"


@pytest.fixture
def decided(tmp_path, rulebook, run):
    """Set lines of decisions beside three judged parcels; ``{0}`` is a parcel's fingerprint."""

    def call(*lines):
        records = [
            {"parcel_code": code, "land_type": "industrial", "verdict": verdict, "leaning": False,
             "verdict_rule": verdict, "result_code": "1", "criteria_met": "IND-13", "area": 1.0,
             "origin": "registered", "control_area": 0.0, "permanent_farmland_area": 0.0,
             "redline_area": 0.0, "geometry": tiny.lot(0, 0)}
            for code, verdict in (("A", "low_use"), ("B", "undetermined"), ("C", "low_use"))
        ]  # fmt: skip
        survey = survey_of(records, rulebook)
        marks = fingerprints(survey.parcels).tolist()
        text = "\n".join([HEAD, *(line.format(*marks) for line in lines)])
        table = read(tmp_path, rulebook, "decisions", text).frame
        survey = decide(survey_of(records, rulebook, decisions=table), run)
        return survey.parcels, survey.tables["decisions"]

    return call


def test_the_latest_decision_stands(decided):
    parcels, lines = decided(
        "A,1:1,镇,not_low_use,b,,张三,2024-03-07,{0},f,r,d",
        "A,1:1,镇,excluded,a,,张三,2024-03-05,{0},f,r,d",
        "B,1:2,镇,low_use,a,,张三,2024-03-05,{1},f,r,d",
        "B,1:2,镇,excluded,a,,张三,2024/3/5,{1},f,r,d",
    )
    assert parcels["verdict_final"].fillna("-").tolist() == ["not_low_use", "excluded", "-"]
    assert parcels["verdict_rule"].tolist() == ["low_use", "undetermined", "low_use"]
    assert parcels["verdict"].tolist() == ["not_low_use", "excluded", "low_use"]
    assert parcels["result_code"].tolist() == ["3", "5", "1"]
    assert (parcels["low_use_area"] > 0).tolist() == [False, False, True]
    assert parcels["decision_state"].fillna("-").tolist() == ["current", "current", "-"]
    assert lines["state"].tolist() == ["current", "superseded", "superseded", "current"]
    assert parcels["decided_on"].iloc[0] == pd.Timestamp("2024-03-07")


def test_a_stale_decision_hides_older_ones(decided):
    parcels, lines = decided(
        "A,1:1,镇,excluded,a,,张三,2024-03-05,{0},f,r,d",
        "A,1:1,镇,not_low_use,b,,张三,2024-03-07,000000000000,f,r,d",
    )
    assert lines["state"].tolist() == ["superseded", "stale"]
    assert parcels["verdict_final"].isna().all()
    assert parcels["decision_state"].iloc[0] == "stale"


def test_every_line_of_the_ledger_is_listed(decided):
    _parcels, lines = decided(
        "Z,9:9,镇,excluded,a,,张三,2024-03-05,{0},f,r,d",
        "A,1:1,镇,perhaps,a,,张三,2024-03-05,{0},f,r,d",
        "A,1:1,镇,excluded,a,,张三,2024-02-30,{0},f,r,d",
        "A,1:1,镇,不低效,a,,张三,2024-02-28,{0},f,r,d",
        "",
        "C,7:7,镇,低效,a,,张三,45356,{2},f,r,d",
    )
    states = ["unknown_parcel", "invalid", "invalid", "current", "current"]
    assert lines["state"].tolist() == states
    assert lines["row"].iloc[-1] == "1:3"  # files in another order
    assert lines["line"].tolist() == [2, 3, 4, 5, 7]


def test_without_a_ledger_the_columns_are_there(rulebook, run):
    survey = decide(survey_of([tiny.parcel(1, tiny.lot(0, 0))], rulebook), run)
    names = ["verdict_final", "decision_state", "decided_by", "decided_on", "decision_reason"]
    assert survey.parcels[names].isna().all().all()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_ledgers_as_spreadsheet_programs_save_them(tmp_path, rulebook, encoding):
    text = "认定人,认定日期,parcel_code,decision,判定指纹,备注\r\n张三,2024/3/5,A,低效,x,y\r\n"
    ledger = read(tmp_path, rulebook, "decisions", text, encoding)
    assert ledger.frame["decision"].tolist() == ["low_use"]
    assert ledger.source.rows == 1
    lines = pd.DataFrame({"parcel_code": ["B"], "who": ["李四"], "decision": ["excluded"]})
    append_lines(tmp_path / "decisions.csv", DECISIONS, lines, rulebook)
    data = (tmp_path / "decisions.csv").read_bytes()
    assert data.decode("utf-8-sig") == text + "李四,,B,excluded,,\r\n"
    assert data.startswith(b"\xef\xbb\xbf")


def test_an_unfinished_last_line_is_finished_first(tmp_path, rulebook):
    path = tmp_path / "decisions.csv"
    path.write_text(HEAD + "\nA,1:1", encoding="utf-8-sig")
    append_lines(path, DECISIONS, pd.DataFrame({"parcel_code": ["B"]}), rulebook)
    assert path.read_text(encoding="utf-8-sig") == f"{HEAD}\nA,1:1\nB{',' * 11}\n"


def test_a_ledger_of_a_heading_only_is_empty(tmp_path, rulebook):
    assert read(tmp_path, rulebook, "decisions", HEAD + "\n").frame.empty
    assert read(tmp_path, rulebook, "corrections", CORRECTIONS).frame.empty


def test_a_broken_ledger_is_refused(tmp_path, rulebook):
    with pytest.raises(InputError, match="answers") as error:
        read(tmp_path, rulebook, "decisions", "parcel_code,decision,who,date\nA,low_use,x,2024\n")
    assert HEAD in error.value.hint
    with pytest.raises(InputError, match="line 3"):
        read(tmp_path, rulebook, "corrections", f"{CORRECTIONS}\na\n1,2,3,4,5,6,7,8,9\n")
    with pytest.raises(InputError, match="cannot be read as a table"):
        read(tmp_path, rulebook, "corrections", "")
    (tmp_path / "corrections.csv").write_bytes(b"parcel_code\xff\xff\x00\x81\n")
    with pytest.raises(InputError, match="neither"):
        read_ledger(tmp_path / "corrections.csv", "corrections", rulebook)


def test_a_failed_append_leaves_the_ledger_whole(tmp_path, rulebook, monkeypatch):
    from lowuse_gis.errors import OutputError
    from lowuse_gis.io import atomic

    path = tmp_path / "decisions.csv"
    path.write_text(HEAD + "\n", encoding="utf-8-sig")

    def full(_part, _final):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic, "_replace", full)
    with pytest.raises(OutputError):
        append_lines(path, DECISIONS, pd.DataFrame({"parcel_code": ["B"]}), rulebook)
    assert path.read_text(encoding="utf-8-sig") == HEAD + "\n"
    assert [p.name for p in tmp_path.iterdir()] == ["decisions.csv"]


def test_corrections_change_what_is_measured(tmp_path, lowuse):
    """The whole road: a corrected use gives another type; the ledger is among the sources."""
    project = towns.write_project(tmp_path)
    folder = project / "ledgers"
    folder.mkdir()
    (folder / "corrections.csv").write_text(
        f"{CORRECTIONS}\n{tiny.code(1)},DKLX,,02,{SAID}\n{tiny.code(9)},ZL,,x,{SAID}\n",
        encoding="utf-8",
    )
    code, out, err = lowuse("classify", "--project", project, "-o", project / "r.gpkg", "-q")
    assert code == 0, err
    assert "Not applied" in out
    result = read_result(project / "r.gpkg")
    one = result.parcels[result.parcels["parcel_code"] == tiny.code(1)].iloc[0]
    assert (one["land_type"], one["land_type_basis"]) == ("commercial", "assigned")
    assert result.tables["corrections"]["state"].tolist() == ["applied", "not_applied"]
    assert "corrections" in set(result.tables["sources"]["name"])
    again = Request([], project / "again.gpkg", project)
    run_classify(again)
    assert (project / "again.gpkg").read_bytes() == (project / "r.gpkg").read_bytes()


def test_where_the_ledgers_are(tmp_path, lowuse, refused):
    project = towns.write_project(tmp_path)
    toml = project / "lowuse.toml"
    text = toml.read_text(encoding="utf-8").lstrip()
    toml.write_text('ledgers = "nowhere"\n' + text, encoding="utf-8")
    error, _hint = refused("classify", "--project", project, "-o", project / "r.gpkg", "-q")
    assert "nowhere" in error
    toml.write_text("ledgers = 3\n" + text, encoding="utf-8")
    error, _hint = refused("classify", "--project", project, "-o", project / "r.gpkg", "-q")
    assert "ledgers" in error
    other = project / "other"
    other.mkdir()
    (other / "decisions.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    toml.write_text(text, encoding="utf-8")
    error, hint = refused(
        "classify", "--project", project, "-o", project / "r.gpkg", "-q", "--ledgers", other
    )
    assert "decisions.csv" in error
    assert "parcel_code" in hint
