"""The rulebook as a workbook for a meeting."""

import openpyxl
import pytest


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    from lowuse_gis.commands.rules_table import tabled

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOWUSE_LANG", "en")
        path = tabled("jinghai", tmp_path_factory.mktemp("t") / "rules.xlsx", overwrite=False)
    return openpyxl.load_workbook(path)


def cells(sheet):
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def test_there_is_a_sheet_for_every_part(book):
    assert book.sheetnames == [
        "About", "Industrial", "Commercial", "Residential", "Facility", "Village", "Exclusions",
        "Flags", "Obstacles", "Thresholds", "Industry control values",
    ]  # fmt: skip


def test_every_rule_stands_once(book, rulebook):
    listed = [row["rule code"] for name in book.sheetnames[1:8] for row in cells(book[name])]
    assert sorted(listed) == sorted(c.code for c in rulebook.criteria)
    assert [row["rule code"] for row in cells(book["Obstacles"])] == [
        o.code for o in rulebook.obstacles
    ]
    assert len(cells(book["Thresholds"])) == len(rulebook.thresholds)
    assert len(cells(book["Industry control values"])) == len(rulebook.codes["industry_control"])


def test_a_row_has_condition_threshold_basis_and_room_for_opinions(book):
    row = next(r for r in cells(book["Industrial"]) if r["rule code"] == "IND-13")
    assert row["strength"] == "Strong"
    assert row["condition in words"].startswith("Plot ratio < Control plot ratio")
    assert row["thresholds"] == "plot_ratio_factor_strong = 0.6"
    assert row["clause"] == "容积率控制指标"
    assert row["status"] == "superseded, to confirm"
    assert "Housing" in row["supplied by"]
    assert row["opinion of the body"] is None
    assert row["proposed change"] is None


def test_what_waits_for_confirmation_is_coloured(book, rulebook):
    status = {c.code: c.status for c in rulebook.criteria}
    for name in book.sheetnames[1:8]:
        for row in book[name].iter_rows(min_row=4):
            plain = row[0].fill.fill_type is None
            assert plain == (status[row[0].value] == "anchored")


def test_it_prints_on_one_page_width_with_repeated_heading(book):
    for name in book.sheetnames:
        sheet = book[name]
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight in {0, "0"}
        assert sheet.print_title_rows == "$1:$3"
    assert int(book["Industrial"].page_setup.paperSize) == 8  # A3


def test_the_cover_has_version_hash_and_legend(book, rulebook):
    about = {row["item"]: row["content"] for row in cells(book["About"])}
    assert about["hash of the rules"] == rulebook.sha256
    assert rulebook.version in about["version"]
    assert "rows in this colour" in about["to confirm"]


def test_same_rules_same_bytes_in_either_language(tmp_path, lowuse, monkeypatch):
    for language in ("en", "zh"):
        monkeypatch.setenv("LOWUSE_LANG", language)
        first, second = tmp_path / f"{language}1.xlsx", tmp_path / f"{language}2.xlsx"
        assert lowuse("rules", "table", "-o", first)[0] == 0
        assert lowuse("rules", "table", "jinghai", "-o", second)[0] == 0
        assert first.read_bytes() == second.read_bytes()
    assert (tmp_path / "en1.xlsx").read_bytes() != (tmp_path / "zh1.xlsx").read_bytes()


def test_special_rows_are_written_with_where_they_hold(tmp_path, lowuse):
    lowuse("rules", "new", tmp_path / "xihe")
    with (tmp_path / "xihe" / "thresholds.csv").open("a", encoding="utf-8") as file:
        file.write("idle_months_min,6,个月,,高新园,,order53,,to confirm\n")
    lowuse("rules", "table", tmp_path / "xihe", "-o", tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    row = next(r for r in cells(book["Industrial"]) if r["rule code"] == "IND-01")
    assert row["thresholds"] == "idle_months_min = 12 个月\nidle_months_min [高新园] = 6 个月"


def test_wrong_names_and_existing_files_are_refused(refused, tmp_path):
    assert "workbook" in refused("rules", "table", "-o", tmp_path / "r.csv")[0]
    (tmp_path / "r.xlsx").write_bytes(b"x")
    assert "exists already" in refused("rules", "table", "-o", tmp_path / "r.xlsx")[0]
    assert (tmp_path / "r.xlsx").read_bytes() == b"x"
