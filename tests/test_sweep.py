"""Thresholds swept over the sample district: against its verdicts, and against edited rules."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from conftest import ROOT
from lowuse_gis.commands import classify
from lowuse_gis.commands.rules_sweep import Request, rejudged, sweep_rules
from lowuse_gis.core.conditions import parsed_criteria
from lowuse_gis.core.judging import judgement_of
from lowuse_gis.core.ranges import parse_param
from lowuse_gis.core.sweeping import all_targets, swings, target_of
from lowuse_gis.core.weighing import verdict_table
from lowuse_gis.io.geopackage import read_layer_frame
from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.stages.rejudge import sweep

SPECIAL = "tax_per_mu_min[industry=59]"
MOVED = [
    ("plot_ratio_factor", 0.7),
    ("plot_ratio_factor_strong", 0.9),
    ("tax_per_mu_min", 8.0),
    (SPECIAL, 20.0),
    ("weak_needed", 1.0),
    ("weak_needed", 3.0),
    ("exclusion_share", 0.05),
    ("min_parcel_area", 900.0),
    ("old_estate_year", 1990.0),
    ("idle_months_min", 3.0),
]


@pytest.fixture(scope="module")
def result(sample_result):
    return sample_result


@pytest.fixture(scope="module")
def sample(result, rulebook):
    return rejudged(result, rulebook)


def edited_rules(folder, label, value):
    """Copy the rules and give one row of the thresholds another value, as a person would."""
    shutil.copytree(ROOT / "rules", folder)
    name, _bracket, selector = label.partition("[")
    _key, _sign, wanted = selector.rstrip("]").partition("=")
    for district in ("national", "jinghai"):
        file = folder / district / "thresholds.csv"
        lines = file.read_text(encoding="utf-8").splitlines()
        for at, line in enumerate(lines):
            cells = line.split(",")
            if cells[0] == name and "".join(cells[3:6]) == wanted:
                lines[at] = ",".join([name, str(value), *cells[2:]])
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / "jinghai"


def found_target(label, rulebook):
    return target_of(label, rulebook, parsed_criteria(rulebook))


def test_judging_again_gives_what_the_result_says(sample, result):
    table, judgement = sample
    written = read_layer_frame(result, "parcels").set_index("row")
    again = judgement_of(table.parcels, judgement.rulebook)
    again = verdict_table(again.verdict, again.leaning, table.parcels)
    assert len(again) > 3000
    assert (again["verdict"] == written["verdict"]).all()
    assert (again["leaning"].astype(bool) == written["leaning"].astype(bool)).all()
    assert (again["low_use_area"] == written["low_use_area"]).all()
    assert (again["possible_area"] == written["possible_area"]).all()
    assert not table.absent


@pytest.mark.parametrize("label", ["plot_ratio_factor", "tax_per_mu_min", "weak_needed", SPECIAL])
def test_the_present_value_moves_nothing(sample, label, result, rulebook):
    _table, judgement = sample
    target = found_target(label, rulebook)
    (swing,) = swings(judgement, target, [target.present])
    assert len(swing.rows) == 0
    written = read_layer_frame(result, "parcels")
    line = sweep(judgement, target, [target.present]).by_value.iloc[0]
    assert line["low_use"] == (written["verdict"] == "low_use").sum()
    assert line["low_use_area"] == pytest.approx(written["low_use_area"].sum(), abs=0.01)
    assert line["leaning"] == written["leaning"].sum()
    assert line["undetermined"] == (written["verdict"] == "undetermined").sum()
    assert (line["change"], line["change_area"], line["moved"]) == (0, 0, 0)


@pytest.mark.parametrize(("label", "value"), MOVED)
def test_a_swing_is_what_edited_rules_give(sample, rulebook, tmp_path, label, value):
    """Every parcel, moved or not, is judged as by a copy of the rules with that value."""
    table, judgement = sample
    edited = read_rulebook(str(edited_rules(tmp_path / "rules", label, value)))
    assert edited.sha256 != rulebook.sha256
    whole = judgement_of(table.parcels, edited)
    (swing,) = swings(judgement, found_target(label, rulebook), [value])
    verdict, leaning = judgement.verdict.copy(), judgement.leaning.copy()
    verdict[swing.rows], leaning[swing.rows] = swing.verdict, swing.leaning
    assert len(swing.rows) > 0
    assert (verdict == whole.verdict).all()
    assert (leaning == whole.leaning).all()


def test_a_swing_is_what_classify_gives(sample, rulebook, tmp_path):
    """Measured and judged from the start by edited rules, the parcels come out the same."""
    table, judgement = sample
    edited = edited_rules(tmp_path / "rules", "plot_ratio_factor", 0.8)
    path = tmp_path / "edited.gpkg"
    request = classify.Request((), path, project=ROOT / "sample_data", rules=str(edited))
    classify.classify(request)
    written = read_layer_frame(path, "parcels").set_index("row").loc[table.parcels.index]
    found = sweep(judgement, found_target("plot_ratio_factor", rulebook), [0.8])
    line = found.by_value.set_index("value").loc[0.8]
    assert line["low_use"] == (written["verdict"] == "low_use").sum()
    assert line["low_use_area"] == pytest.approx(written["low_use_area"].sum(), abs=0.01)
    assert line["leaning"] == written["leaning"].sum()
    assert line["undetermined"] == (written["verdict"] == "undetermined").sum()
    before = table.parcels["verdict_rule"]
    assert line["moved"] == (written["verdict"] != before).sum() > 0
    town = found.by_town.set_index("town_code")["least_area"]
    low = written[written["verdict"] == "low_use"].groupby("town_code")["low_use_area"].sum()
    assert town.to_dict() == pytest.approx(low.to_dict(), abs=0.01)
    kind = found.by_type.set_index("land_type")["least"]
    counted = written.loc[written["verdict"] == "low_use", "land_type"].value_counts()
    assert kind.to_dict() == counted.to_dict()


def test_a_laxer_plot_ratio_finds_ever_more(sample, rulebook):
    _table, judgement = sample
    values = parse_param("plot_ratio_factor=0.4:1.6:0.1")[1]
    found = sweep(judgement, found_target("plot_ratio_factor", rulebook), values).by_value
    assert found["low_use"].is_monotonic_increasing
    assert found["low_use_area"].is_monotonic_increasing
    assert found["low_use"].iloc[-1] > found["low_use"].iloc[0]


def test_flips_are_the_nearest_and_in_order(sample, rulebook):
    _table, judgement = sample
    target = found_target("plot_ratio_factor", rulebook)
    values = [0.6, 0.7, 0.8, 0.9, 1.1, 1.2]
    flips = sweep(judgement, target, values).flips
    position = {row: at for at, row in enumerate(judgement.parcels.index)}
    by_value = {swing.value: swing for swing in swings(judgement, target, values)}
    for line in flips.to_dict("records"):
        at = position[line["row"]]
        assert line["verdict"] == judgement.verdict[at] != line["would_be"]
        swing = by_value[line["at"]]
        assert swing.verdict[swing.rows == at].tolist() == [line["would_be"]]
        for value, other in by_value.items():
            if abs(value - 1) < abs(line["at"] - 1) - 1e-9:
                moved = other.verdict[other.rows == at]
                assert all(verdict == judgement.verdict[at] for verdict in moved)
    assert not flips["row"].duplicated().any()
    keys = list(zip(flips["distance"], -flips["area"], strict=True))
    assert keys == sorted(keys)
    ever = np.unique(np.concatenate([s.rows[s.verdict != judgement.verdict[s.rows]]
                                     for s in by_value.values()]))  # fmt: skip
    assert len(flips) == len(ever) > 20


def test_parcels_of_special_rows_stay(sample, result, rulebook):
    _table, judgement = sample
    target = found_target("tax_per_mu_min", rulebook)
    findings = read_layer_frame(result, "findings")
    lines = findings[findings["criterion"] == "IND-02"].set_index("row")["threshold"].fillna("")
    special = lines.index[lines.str.contains("[", regex=False)]
    found = sweep(judgement, target, [0.0, 1000.0])
    assert found.special == len(special) > 0
    assert found.used == (lines == "tax_per_mu_min").sum()
    assert found.unknown == (lines == "").sum()
    for swing in swings(judgement, target, [0.0, 1000.0]):
        moved = judgement.parcels.index[swing.rows]
        assert len(moved)
        assert not set(moved) & set(special)


def test_the_ranking_has_every_threshold_and_agrees_with_sweeps(sample, result, rulebook):
    _table, judgement = sample
    outcome = sweep_rules(Request(result))
    ranking = outcome.ranking.set_index("threshold")
    conditions = parsed_criteria(rulebook)
    read = {name for c in conditions.values() for name in c.thresholds} | {"weak_needed"}
    assert set(ranking.index) == read == {t.name for t in all_targets(rulebook, conditions)}
    weight = ranking["lower_change_area"].abs() + ranking["higher_change_area"].abs()
    assert weight.is_monotonic_decreasing
    for name in ("tax_per_mu_min", "plot_ratio_factor_strong", "vacancy_rate_min"):
        line = ranking.loc[name]
        assert line["lower"] == pytest.approx(line["present"] * 0.8)
        assert line["higher"] == pytest.approx(line["present"] * 1.2)
        target = found_target(name, rulebook)
        found = sweep(judgement, target, [line["lower"], line["higher"]]).by_value
        assert found["change_area"].tolist() == [
            line["lower_change_area"], 0, line["higher_change_area"]
        ]  # fmt: skip
        assert found["moved"].tolist() == [line["lower_moved"], 0, line["higher_moved"]]
    needed = ranking.loc["weak_needed"]
    assert (needed["lower"], needed["higher"]) == (1, 3)
    year = ranking.loc["old_estate_year"]
    assert 1950 < year["lower"] < 2000 < year["higher"] < 2050


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a=0.1:0.3:0.1", (0.1, 0.2, 0.3)),
        ("a=0.1:0.35:0.1", (0.1, 0.2, 0.3)),
        ("a=1.0:0.8:-0.1", (0.8, 0.9, 1.0)),
        ("a = 3 , 1,3", (1.0, 3.0)),
        ("a=7", (7.0,)),
        ("a=1:200:1", tuple(float(n) for n in range(1, 201))),
    ],
)
def test_ranges_are_read_to_the_digit(text, expected):
    assert parse_param(text) == ("a", expected)


@pytest.mark.parametrize(
    ("param", "said", "advised"),
    [
        ("plot_ratio_factr=1:2:1", "unknown threshold plot_ratio_factr", "plot_ratio_factor"),
        ("tax_per_mu_min[zone=x]=1:2:1", "unknown threshold tax_per_mu_min[zone=x]", "高新产业园"),
        ("plot_ratio_factor", "not of the form", "NAME=0.4:1.0:0.05"),
        ("plot_ratio_factor=1:2", "not of the form", "NAME=0.4:1.0:0.05"),
        ("plot_ratio_factor=1:2:3:4", "not of the form", "NAME=0.4:1.0:0.05"),
        ("plot_ratio_factor=a,b", "not of the form", "NAME=0.4:1.0:0.05"),
        ("plot_ratio_factor=1:nan:1", "not of the form", "NAME=0.4:1.0:0.05"),
        ("plot_ratio_factor=0:1e999999:1", "not of the form", "NAME=0.4:1.0:0.05"),
        ("plot_ratio_factor=", "not of the form", "NAME=0.4:1.0:0.05"),
        ("plot_ratio_factor=0.4:1:0", "the step is 0", "such as 0.05"),
        ("plot_ratio_factor=1:0.4:0.1", "leads away", "smaller value first"),
        ("plot_ratio_factor=0:201:1", "202 values, more than 200", "larger step"),
        ("planned_share_min=0:1:0.5", "no criterion reads", "plot_ratio_factor"),
    ],
)
def test_what_is_refused(refused, result, param, said, advised):
    error, hint = refused("rules", "sweep", result, "--param", param)
    assert said in error
    assert advised in hint


def test_files_that_are_refused(refused, result, tmp_path):
    param = ("--param", "plot_ratio_factor=0.9,1.0")
    error, _hint = refused("rules", "sweep", result, *param, "-o", tmp_path / "sweep.txt")
    assert ".xlsx or .csv" in error
    there = tmp_path / "sweep.xlsx"
    there.write_bytes(b"kept")
    error, _hint = refused("rules", "sweep", result, *param, "-o", there)
    assert "exists already" in error
    assert there.read_bytes() == b"kept"
    error, _hint = refused("rules", "sweep", tmp_path / "none.gpkg", *param)
    assert "no such file" in error
    error, _hint = refused("rules", "sweep", ROOT / "sample_data" / "survey.gpkg", *param)
    assert "not a result" in error


def test_the_workbook_has_every_borderline_parcel(lowuse, result, tmp_path):
    param = ("--param", "tax_per_mu_min=3:8:1", "--param", "weak_needed=1,2,3")
    paths = [tmp_path / "a.xlsx", tmp_path / "b.xlsx"]
    for path in paths:
        code, out, _err = lowuse("rules", "sweep", result, *param, "-o", path, "--json")
        assert code == 0
    assert paths[0].read_bytes() == paths[1].read_bytes()
    found = json.loads(out)
    book = CalamineWorkbook.from_path(str(paths[0]))
    assert book.sheet_names == ["values", "by type", "by town", "borderline parcels"]
    lines = book.get_sheet_by_name("borderline parcels").to_python()[3:]
    assert len(lines) == len(found["borderline"]) > 100
    values = book.get_sheet_by_name("values").to_python()[3:]
    assert [line[0] for line in values] == ["tax_per_mu_min"] * 6 + ["weak_needed"] * 3
    assert [line[3] for line in values if line[1] in {5.0, 2.0}] == ["●", "●"]
    swept = found["sweeps"][0]["values"]
    assert [round(v["low_use_area"] / 10_000, 6) for v in swept] == [v[5] for v in values[:6]]


def test_the_csv_has_the_values(lowuse, result, tmp_path):
    path = tmp_path / "sweep.csv"
    param = ("--param", "plot_ratio_factor=0.8:1.2:0.1")
    assert lowuse("rules", "sweep", result, *param, "-o", path)[0] == 0
    frame = pd.read_csv(path)
    assert frame["value"].tolist() == [0.8, 0.9, 1.0, 1.1, 1.2]
    assert frame["present"].fillna("").tolist() == ["", "", "●", "", ""]


def test_the_screen_marks_the_present_and_draws_bars(lowuse, result, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    code, out, err = lowuse("rules", "sweep", result, "--param", "tax_per_mu_min=3,8")
    assert (code, err) == (0, "")
    assert "● 5" in out
    assert "█" in out
    assert "another row of this threshold" in out
    assert "Borderline parcels to visit first" in out
    code, out, _err = lowuse("rules", "sweep", result, "--param", "all")
    assert code == 0
    assert "Which threshold moves most" in out
    assert "flags only" in out


def test_other_rules_than_the_result_was_judged_by_are_told(lowuse, result, sample, tmp_path):
    table, _judgement = sample
    folder = edited_rules(tmp_path / "rules", "tax_per_mu_min", 7)
    edited = judgement_of(table.parcels, read_rulebook(str(folder)))
    differing = int((edited.verdict != table.parcels["verdict_rule"].to_numpy()).sum())
    param = ("--param", "tax_per_mu_min=5,9")
    code, out, err = lowuse("rules", "sweep", result, *param, "--rules", folder)
    assert code == 0
    assert differing > 0
    (note,) = err.splitlines()
    assert note.startswith("note: the result was judged by other rules")
    assert f"{differing} of {len(table.parcels)} verdicts differ" in note
    assert "● 7" in out
