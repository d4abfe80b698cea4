"""A broken rulebook is one clean error when it is read, whatever is broken in it."""

import copy
import os
import random
import shutil
from dataclasses import replace
from datetime import date

import pytest

from conftest import ROOT
from lowuse_gis.core.conditions import parsed_criteria
from lowuse_gis.core.lint import lint, refused
from lowuse_gis.core.lint.book import assembled
from lowuse_gis.core.lint.raw import RawTable
from lowuse_gis.errors import RuleError
from lowuse_gis.io import rulebook as reading
from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.io.rulebook_files import LARGEST, read_files

RULES = ROOT / "rules"


@pytest.fixture
def rules(tmp_path):
    return shutil.copytree(RULES, tmp_path / "rules")


@pytest.fixture
def changed(rules):
    """Change a file of a copy of the rules, and read it."""

    def change(name, old, new):
        path = rules / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(RuleError) as error:
            read_rulebook(str(rules / "jinghai"))
        assert error.value.hint
        assert "\n" not in error.value.message
        assert name.rpartition("/")[2] in error.value.message
        return error.value

    return change


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("national/criteria/industrial.toml", 'code     = "IND-01"', "code = 5", "wrong type"),
        ("national/criteria/industrial.toml", '"strong"', '["strong"]', "wrong type"),
        ("national/criteria/industrial.toml", '"strong"', '"stong"', "stong"),
        ("national/criteria/industrial.toml", "IND-04", "IND-01", "stands twice"),
        ("national/criteria/commercial.toml", "COM-02", "IND-01", "stands twice"),
        ("national/criteria/industrial.toml", "[[criterion]]", "[criterion]", "TOML"),
        ("national/criteria/industrial.toml", 'type = "industrial"', "type = 1", "wrong type"),
        ("national/criteria/industrial.toml", '"industrial"', '"industry"', "unknown land type"),
        ("national/criteria/industrial.toml", "idle_months >=", "idle_month >=", "unknown column"),
        ("national/criteria/industrial.toml", "idle_months >=", "idle_months ≥", "not a"),
        ("national/criteria/industrial.toml", ":idle_months_min", "'12'", "number"),
        ("national/criteria/industrial.toml", "{idle_months}", "{idle_months.real}", "not allowed"),
        ("national/criteria/industrial.toml", "{idle_months}", "{idle_months!r:>9}", "not allowed"),
        ("national/criteria/industrial.toml", "{idle_months}", "{idle}", "unknown column"),
        ("national/criteria/industrial.toml", "{idle_months}", "{0}", "not allowed"),
        ("national/obstacles.toml", "{planned_share}", "{:planned_share_min}", "only columns"),
        ("national/obstacles.toml", "{planned_share}", "{planned_share.__class__}", "not allowed"),
        ("national/obstacles.toml", "OBS-02", "OBS-01", "stands twice"),
        ("national/obstacles.toml", 'category = "01"', "", "missing"),
        ("national/rulebook.toml", "survey_year = 2022", "survey_year = '2022'", "wrong type"),
        ("national/rulebook.toml", 'undetermined = "4"', "", "undetermined"),
        ("national/rulebook.toml", '[documents.n147]\ntitle = "', '[documents]\nn = "', "wrong"),
        ("jinghai/rulebook.toml", "116.60, ", "", "envelope"),
        ("national/rulebook.toml", "natural_persons", "natural_person", "natural_persons"),
        ("jinghai/rulebook.toml", 'title = "静', 'titel = "静', "title"),
        ("jinghai/thresholds.csv", ",5,", ",五,", "not a number"),
        ("jinghai/thresholds.csv", "name,value", "name,valu", "value"),
        ("national/thresholds.csv", "exclusion_share,0.5,,,,,", "exclusion_share,0.5,", "cells"),
        ("national/measures.toml", "[constants]", "[constant]", "constants"),
        ("national/measures.toml", "mu = 666.6667", "", "constants.mu"),
        ("national/measures.toml", 'kind = "idle"', 'kind = "idler"', "idler"),
        ("national/measures.toml", 'kind = "idle"', 'kind = ["idle"]', "wrong type"),
        ("national/measures.toml", 'links = "enterprises"', "", "links"),
        ("national/fields.toml", '["小区名称"]', '"小区名称"', "wrong type"),
        ("national/fields.toml", "^(?P<year>", "^((?P<year>", "regular expression"),
        ("columns.csv", "plot_ratio,number", "plot_ratio,float", "float"),
        ("columns.csv", "built_year", "plot_ratio", "stands twice"),
        ("checks.csv", "code,severity", "kode,severity", "code"),
        ("codes/bodies.csv", "code,name", "id,name", "code"),
    ],
)  # fmt: skip
def test_one_clean_error(changed, name, old, new, said):
    assert said in changed(name, old, new).message


def test_the_file_is_named_with_its_path_and_the_code(changed, rules):
    error = changed("national/criteria/industrial.toml", "idle_months >=", "idle_month >=")
    assert error.message.startswith(str(rules / "national" / "criteria" / "industrial.toml"))
    assert ": IND-01: " in error.message
    assert "idle_months" in error.hint


@pytest.mark.parametrize(
    "name",
    ["codes/bodies.csv", "codes/towns.csv", "codes/land_classes.csv",
     "national/measures.toml", "national/fields.toml"],
)  # fmt: skip
def test_a_file_that_is_not_there(rules, name):
    (rules / name).unlink()
    with pytest.raises(RuleError, match="no such file") as error:
        read_rulebook(str(rules / "jinghai"))
    assert name in error.value.message


@pytest.mark.parametrize("name", ["columns.csv", "jinghai/rulebook.toml", "jinghai/units.toml"])
def test_not_utf8(rules, name):
    path = rules / name
    path.write_bytes(path.read_text("utf-8").replace("²", "").encode("gb18030"))
    with pytest.raises(RuleError, match="UTF-8") as error:
        read_rulebook(str(rules / "jinghai"))
    assert "save" in error.value.hint


def test_a_byte_order_mark_does_no_harm(rules):
    for name in ("columns.csv", "jinghai/rulebook.toml", "jinghai/criteria/village.toml"):
        path = rules / name
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert len(read_rulebook(str(rules / "jinghai")).criteria) > 20


@pytest.mark.parametrize("name", ["codes/towns.csv", "jinghai/criteria/village.toml"])
def test_a_huge_file(rules, name):
    with (rules / name).open("a", encoding="utf-8") as file:
        file.write("#" * LARGEST)
    with pytest.raises(RuleError, match="5 MB"):
        read_rulebook(str(rules / "jinghai"))


def test_a_folder_in_place_of_a_file(rules):
    path = rules / "jinghai" / "thresholds.csv"
    path.unlink()
    path.mkdir()
    with pytest.raises(RuleError, match="no such file"):
        read_rulebook(str(rules / "jinghai"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_a_pipe_in_place_of_a_file(rules):
    path = rules / "jinghai" / "thresholds.csv"
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(RuleError, match="no such file"):
        read_rulebook(str(rules / "jinghai"))


def chain(rules, **extends):
    for name, base in extends.items():
        (rules / name).mkdir(exist_ok=True)
        text = f"name = '{name}'\ntitle = 'x'\nversion = '1'\nextends = '{base}'\n"
        (rules / name / "rulebook.toml").write_text(text, encoding="utf-8")
    return str(rules / next(iter(extends)))


@pytest.mark.parametrize(
    "extends",
    [{"a": "a"}, {"a": "b", "b": "a"}, {"a": "b", "b": "c", "c": "a"}, {"a": "b", "b": "b"},
     {"a": "b", "b": "c", "c": "b"}],
)  # fmt: skip
def test_loops(rules, extends):
    folder = chain(rules, **extends)
    with pytest.raises(RuleError, match="extends itself"):
        read_rulebook(folder)
    assert [(f.file, f.kind) for f in lint(read_files(folder)) if f.kind == "extends"] == [
        (f"{list(extends)[-1]}/rulebook.toml", "extends")
    ]


def test_a_loop_by_a_relative_path(rules, monkeypatch):
    chain(rules, a="b", b="a")
    monkeypatch.chdir(rules)
    with pytest.raises(RuleError, match="extends itself"):
        read_rulebook("a")


@pytest.mark.parametrize(
    "base", ["../jinghai", "..", "/etc", "a/b", "a\\\\b", ".", "nobody", "x" * 300, "a..b"]
)
def test_what_cannot_be_extended(rules, base):
    with pytest.raises(RuleError, match=r"extends|no rulebook") as error:
        read_rulebook(chain(rules, mine=base))
    assert error.value.hint


def test_extends_of_a_wrong_type(rules):
    path = rules / "jinghai" / "rulebook.toml"
    path.write_text(path.read_text("utf-8").replace('"national"', "['national']"), encoding="utf-8")
    with pytest.raises(RuleError, match="wrong type"):
        read_rulebook(str(rules / "jinghai"))


def test_a_rulebook_without_units_says_so_when_they_are_asked_for(rules):
    folder = chain(rules, mine="jinghai")
    assert read_rulebook(folder).units["bridge_distance"] == 25
    (rules / "jinghai" / "units.toml").unlink()
    assert read_rulebook(folder).units["bridge_distance"] == 25  # the baseline's
    (rules / "national" / "units.toml").unlink()
    (rules / "national" / "plan.toml").unlink()  # its questions ask for measures of units.toml
    rulebook = read_rulebook(folder)
    with pytest.raises(RuleError, match="bridge_distance"):
        rulebook.units["bridge_distance"]


def test_the_baseline_alone_can_be_read_and_lints_clean():
    assert read_rulebook(str(RULES / "national")).name == "national"
    assert lint(read_files(str(RULES / "national"))) == ()


def test_deep_nesting_is_no_crash(rules):
    (rules / "jinghai" / "units.toml").write_text("x = " + "[" * 100_000, encoding="utf-8")
    with pytest.raises(RuleError, match="TOML"):
        read_rulebook(str(rules / "jinghai"))


def test_a_misnamed_file_is_noted(rules):
    (rules / "jinghai" / "thresholds.csv").rename(rules / "jinghai" / "treshold.csv")
    found = {(f.file, f.kind) for f in lint(read_files(str(rules / "jinghai")))}
    assert ("jinghai/treshold.csv", "unread-file") in found


def test_the_command_line_shows_no_traceback(refused, rules):
    path = rules / "national" / "criteria" / "industrial.toml"
    path.write_text(path.read_text("utf-8").replace('"strong"', "['strong']"), encoding="utf-8")
    error, _hint = refused("rules", "list", rules / "jinghai")
    assert "industrial.toml" in error


VALUES = (
    5, True, 0.5, "", "x", "（", [], ["a"], [1], {}, {"a": 1}, [{}], float("nan"), date(2024, 1, 1),
    "{a.b}", "a < 3", "(" * 200, 10**30,
)  # fmt: skip


def spoiled(raw, chance):
    """Return a copy of the files with one value, key or cell changed."""
    files = {name: copy.deepcopy(content) for name, content in raw.files.items()}
    tables = dict(raw.tables)
    if chance.random() < 0.3:
        name = chance.choice(sorted(tables))
        rows = [dict(row) for row in tables[name].rows]
        chance.choice(rows)[chance.choice(tables[name].header)] = chance.choice(["", "x", "1e999"])
        tables[name] = RawTable(tables[name].header, tuple(rows))
    else:
        table = files[chance.choice(sorted(files))]
        while True:
            key = chance.choice(list(table) if isinstance(table, dict) else range(len(table)))
            inside = table[key]
            if not isinstance(inside, dict | list) or not inside or chance.random() < 0.1:
                break
            table = inside
        if chance.random() < 0.3:
            del table[key]
        else:
            table[key] = chance.choice(VALUES)
    return replace(raw, files=files, tables=tables)


def test_no_wrong_value_anywhere_is_a_crash():
    raw, chance = read_files(str(RULES / "jinghai")), random.Random(7)
    stopped = 0
    for _round in range(50):
        broken = spoiled(raw, chance)
        lint(broken)
        book = assembled(broken)
        if next(refused(book), None) is not None:
            stopped += 1
            continue
        try:
            parsed_criteria(reading._rulebook(book, broken))
        except RuleError:
            stopped += 1
    assert 10 < stopped < 50
