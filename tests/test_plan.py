"""The ranking, the pathways, the year's programme and the register, on tables seen by eye."""

import sqlite3
from contextlib import closing
from datetime import date
from itertools import product

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest

import tiny
from lowuse_gis.core.lint.plan_keys import UNIT_COLUMNS
from lowuse_gis.core.yearly import QUARTERS, Carry, scheduled
from lowuse_gis.stages.planning.key_areas import key_areas
from lowuse_gis.stages.planning.pathways import of_units, pathways_of
from lowuse_gis.stages.planning.ranking import ranked
from lowuse_gis.stages.planning.register import in_units, register_at
from lowuse_gis.stages.planning.yearly_plan import drawn_up

QUESTION = {
    "code": "W", "axis": "wish", "title": "意愿", "weight": 1, "otherwise": 10, "ask": "towns",
    "answers": [{"when": "share >= 0.6", "points": 100}, {"when": "share >= 0.3", "points": 50}],
}  # fmt: skip
RANKING = {
    "strong_wish": 60,
    "strong_feasibility": 60,
    "question": [
        QUESTION,
        {**QUESTION, "code": "F", "axis": "feasibility", "ask": "",
         "answers": [{"when": "size = 1", "points": 80}]},
    ],
}  # fmt: skip


def unit_table(**columns):
    size = len(next(iter(columns.values())))
    return pd.DataFrame({"unit_id": [f"u{n}" for n in range(size)], **columns})


def test_points_are_those_of_the_first_answer_that_holds():
    units = unit_table(share=[0.9, 0.4, 0.1], size=[1, 1, 2])
    ranking, points = ranked(units, RANKING)
    assert ranking["wish_low"].tolist() == [100, 50, 10]
    assert ranking["quadrant"].tolist() == ["first", "win_owners", "later"]
    assert ranking["rank"].tolist() == [1, 2, 3]
    asked = points[points["code"] == "W"]
    assert asked["answer"].tolist() == ["share >= 0.6", "share >= 0.3", ""]
    assert asked["values"].tolist() == ["share = 0.9", "share = 0.4", "share = 0.1"]


def test_what_is_not_known_leaves_room_and_names_whom_to_ask():
    ranking, points = ranked(unit_table(share=[np.nan], size=[1]), RANKING)
    assert ranking[["wish_low", "wish_high"]].to_numpy().tolist() == [[10, 100]]
    assert ranking["quadrant"].tolist() == ["open"]
    assert points[points["code"] == "W"]["ask"].tolist() == ["towns"]


def test_ties_are_broken_by_the_id_in_whatever_order():
    units = unit_table(share=[0.9] * 3, size=[1] * 3)
    ranking, _points = ranked(units[::-1], RANKING)
    assert ranking.sort_index()["rank"].tolist() == [1, 2, 3]


WISHED, FEASIBLE = ("wish_low", "wish_high"), ("feasibility_low", "feasibility_high")


@pytest.mark.parametrize(
    ("axis", "code", "answers", "points"),
    [
        (WISHED, "WISH-4", {}, (0, 100)),
        (WISHED, "WISH-4", {"tenant_consent_share": 0.9}, (100, 100)),
        (WISHED, "WISH-4", {"tenant_consent_share": 0.6}, (50, 50)),
        (WISHED, "WISH-4", {"tenant_consent_share": 0.0}, (0, 0)),
        (WISHED, "WISH-5", {}, (0, 100)),
        (WISHED, "WISH-5", {"priority_share": 0.5}, (100, 100)),
        (WISHED, "WISH-5", {"priority_share": 0.4}, (0, 40)),
        (WISHED, "WISH-5", {"priority_share": 0.4, "deferred_share": 0.1}, (40, 40)),
        (WISHED, "WISH-5", {"priority_share": 0.0, "deferred_share": 1.0}, (0, 0)),
        (FEASIBLE, "FEAS-8", {}, (0, 100)),
        (FEASIBLE, "FEAS-8", {"funded_share": 0.6}, (100, 100)),
        (FEASIBLE, "FEAS-8", {"funded_share": 0.0, "funding_named_share": 0.5}, (60, 60)),
        (FEASIBLE, "FEAS-8", {"funded_share": 0.0, "funding_named_share": 0.0}, (0, 0)),
    ],
)
def test_what_towns_have_not_answered_is_unknown_and_not_none(
    rulebook, axis, code, answers, points
):
    questions = {question["code"]: question for question in rulebook.plan["question"]}
    names = sorted(UNIT_COLUMNS | set(rulebook.units["measures"]))
    blank = pd.DataFrame({"unit_id": ["u"], **dict.fromkeys(names, np.nan)})
    ranking, found = ranked(blank.assign(**answers), rulebook.plan)
    (told,) = found[found["code"] == code].to_dict("records")
    assert (told["low"], told["high"]) == points
    assert told["ask"] == ("" if points[0] == points[1] else "towns")
    without = ranked(blank, rulebook.plan)[0]
    weight = questions[code]["weight"] / 100  # of all weights of the axis
    gained = [ranking[end].iloc[0] - without[end].iloc[0] for end in axis]
    assert gained == pytest.approx([weight * points[0], weight * (points[1] - 100)])


def test_weights_add_up_on_both_axes(rulebook):
    weights = pd.DataFrame(rulebook.plan["question"]).groupby("axis")["weight"].sum()
    assert weights.to_dict() == {"feasibility": 100, "wish": 100}


def low_use(rulebook, **columns):
    """One low-use parcel with the given columns; all others are missing."""
    known = rulebook.columns
    kinds = {"number": float, "flag": "boolean", "text": "str", "code": "str", "date": "str"}
    frame = pd.DataFrame(
        {n: pd.Series([None], dtype=kinds[k]) for n, k in known["dtype"].items() if n != "row"}
    )
    values = {"verdict": "low_use", "land_type": "industrial", "area": 10_000.0} | columns
    for name, value in values.items():
        frame[name] = pd.Series([value], dtype=kinds[known["dtype"][name]])
    frame.index = pd.Index(["1:1"], name="row")
    return gpd.GeoDataFrame(frame, geometry=[tiny.lot(0, 0)], crs=tiny.CRS)


@pytest.mark.parametrize(
    ("columns", "pathway"),
    [
        ({"seized": True}, "PTH-01"),
        ({"legacy_area": 6000.0}, "PTH-02"),
        ({"land_type": "village", "homestead_state": "3"}, "PTH-03"),
        ({"idle_land": True}, "PTH-04"),
        ({"polluting_firm": True}, "PTH-05"),
        ({"land_type": "commercial", "polluting_firm": True}, ""),
        ({"land_type": "residential", "urban_village": True}, "PTH-06"),
        ({"land_type": "residential", "old_estate": True}, "PTH-07"),
        ({"plan_conformity": "2"}, "PTH-08"),
        ({"wish": "1", "plan_conformity": "1", "owner_count": 1.0}, "PTH-09"),
        ({"firm_count": 1.0, "idle_months": 0.0}, "PTH-10"),
        ({"land_type": "facility", "facility_idle_months": 12.0}, "PTH-11"),
        ({"idle_months": 6.0}, "PTH-12"),
    ],
)
def test_every_pathway(rulebook, columns, pathway):
    found = pathways_of(low_use(rulebook, **columns), rulebook)
    assert found["pathway"].tolist() == [pathway]
    assert (found["document"] != "").tolist() == [bool(pathway)]


def test_a_pathway_tells_its_clause_and_what_is_missing_before_it(rulebook):
    found = pathways_of(low_use(rulebook, idle_land=True, seized=False), rulebook).iloc[0]
    assert "53号令" in found["document"] or "第53号" in found["document"]
    assert found["clause"] == "第十四条"
    assert found["unknown"] == "PTH-02"
    assert found["misses"] == "legacy_area"
    assert "bonds" in found["tools"]


def test_a_unit_has_the_pathway_of_most_of_its_low_use_land():
    members = pd.DataFrame(
        {
            "unit_id": ["a"] * 3,
            "row": ["1:1", "1:2", "1:3"],
            "low_use_area": [40.0, 50.0, 10.0],
        }
    )
    suggested = pd.DataFrame(
        {"row": ["1:1", "1:2", "1:3"], "pathway": ["P", "Q", ""], "disposal": ["01", "02", ""]}
    )
    found = of_units(members, suggested, pd.Series(["a", "b"]))
    assert found["pathway"].tolist() == ["Q", ""]
    assert found["pathway_share"].tolist()[0] == 0.9
    assert np.isnan(found["pathway_share"].tolist()[1])


def best_by_hand(value, cost, town, carried, carry):
    """Look at every plan there can be."""
    best = 0.0
    for plan in product(range(QUARTERS + 1), repeat=len(value)):
        quarter = np.array(plan)
        inside = quarter > 0
        count = np.bincount(town[inside], minlength=len(carried)) + carried
        starts = np.bincount(quarter, minlength=QUARTERS + 1)[1:]
        money = np.bincount(quarter, cost, minlength=QUARTERS + 1)[1:]
        if (
            inside.sum() <= carry.projects
            and cost[inside].sum() <= carry.money
            and (count <= np.maximum(carry.per_town, carried)).all()
            and (starts <= carry.per_quarter).all()
            and (money <= carry.quarter_money).all()
        ):
            gain = value * (1 - carry.later * (quarter - 1))
            best = max(best, gain[inside].sum())
    return best


@pytest.mark.parametrize("seed", range(12))
def test_no_plan_is_worth_more(seed):
    rng = np.random.default_rng(seed)
    value, cost = rng.uniform(1, 9, 5), rng.uniform(1, 9, 5)
    town, carried = rng.integers(0, 2, 5), rng.integers(0, 2, 2)
    carry = Carry(3, 16.0, 2, 0, 1, 9.0, 0.05)
    found = scheduled(value, cost, town, carried, carry)
    assert found.worth == pytest.approx(best_by_hand(value, cost, town, carried, carry))


def test_a_town_that_can_have_no_project_is_told():
    carry = Carry(2, 10.0, 2, 1, 5, 10.0, 0.0)
    town = np.array([0, 0, 1])
    found = scheduled(
        np.array([5.0, 4.0, 1.0]), np.array([5.0, 5.0, 4.0]), town, np.zeros(2, int), carry
    )
    assert sorted(town[found.quarter > 0]) == [
        0,
        1,
    ]  # each town has one, though two of 0 are better
    dear = np.array([5.0, 5.0, 99.0])
    found = scheduled(np.array([5.0, 4.0, 1.0]), dear, town, np.zeros(2, int), carry)
    assert found.short == {1: 1}
    assert (found.quarter > 0).tolist() == [True, True, False]


GATES = [
    "scheme",
    "pre_review",
    "review",
    "approval",
    "supply",
    "construction",
    "operation",
    "exit",
]


def lines(*entries):
    rows = [
        {"project": "XM", "gate": gate, "when": when, "due": due, "line": n}
        for n, (gate, when, due) in enumerate(entries, 2)
    ]
    frame = pd.DataFrame(rows)
    for name in ("name", "unit", "parcels", "body", "investment"):
        frame[name] = None
    frame.loc[0, ["name", "unit", "investment"]] = ["甲", "u0", "120"]
    return frame.astype({"investment": "str"})


def test_the_register_says_where_a_project_stands_and_what_is_late(rulebook):
    ledger = lines(("scheme", "2025-01-01", None), ("pre_review", "2025-02-01", None))
    found = register_at(ledger, rulebook.plan, date(2025, 1, 31)).iloc[0]
    assert (found["gate"], found["next_gate"], found["due"]) == (
        "scheme",
        "pre_review",
        "2025-01-31",
    )
    assert found["overdue_days"] == 0
    found = register_at(ledger, rulebook.plan, date(2025, 3, 20)).iloc[0]
    assert (found["gate"], found["next_gate"], found["due"]) == (
        "pre_review",
        "review",
        "2025-03-18",
    )
    assert found["overdue_days"] == 2
    assert found["name"] == "甲"
    assert len(register_at(ledger, rulebook.plan, date(2024, 1, 1))) == 0


@pytest.mark.parametrize(
    ("gates", "state"),
    [
        (1, "prepared"),
        (3, "prepared"),
        (4, "begun"),
        (6, "begun"),
        (7, "revitalised"),
        (8, "ended"),
    ],
)
def test_gates_make_states(rulebook, gates, state):
    passed = [(gate, f"2025-0{n}-01", None) for n, gate in enumerate(GATES[:gates], 1)]
    found = register_at(lines(*passed), rulebook.plan, date(2026, 1, 1))
    assert found["state"].tolist() == [state]


def test_a_line_without_gate_or_date_does_not_count(rulebook):
    ledger = lines(
        ("scheme", "2025-01-01", None), ("dance", "2025-02-01", None), ("review", "x", None)
    )
    assert register_at(ledger, rulebook.plan, date(2026, 1, 1))["gate"].tolist() == ["scheme"]


def planned_units(count=3, **columns):
    frame = pd.DataFrame(
        {
            "unit_id": [f"u{n}" for n in range(count)], "name": "", "town_code": "901",
            "town_name": "甲镇", "area": 66_666.67, "low_use_area": 60_000.0, "disposal": "02",
            "quadrant": "first", "rank": range(1, count + 1), "wish_low": 80.0, "wish_high": 80.0,
            "feasibility_low": 80.0, "feasibility_high": 90.0, "key_area": "",
        }
        | columns
    )  # fmt: skip
    lots = [tiny.lot(400 * n, 0, 300, 222) for n in range(count)]
    return gpd.GeoDataFrame(frame, geometry=lots, crs=tiny.CRS)


def registered(unit, gate, rulebook):
    passed = GATES[: GATES.index(gate) + 1]
    ledger = lines(*((name, f"2024-0{n}-01", None) for n, name in enumerate(passed, 1)))
    return register_at(ledger.assign(unit=unit), rulebook.plan, date(2024, 12, 31))


def test_what_was_begun_is_carried_over_and_what_is_done_is_not_planned(rulebook):
    mu = rulebook.constants["mu"]
    plan = drawn_up(
        planned_units(), registered("u1", "approval", rulebook), rulebook.plan, 2025, mu
    )
    told = plan.projects.set_index("unit_id")
    assert told["kind"].to_dict() == {"u1": "carried_over", "u0": "new", "u2": "new"}
    assert told.loc["u1", "investment"] == 120
    assert told.loc["u0", "investment"] == pytest.approx(66_666.67 / mu * 40, abs=0.01)
    assert told.loc["u0", ["begins", "ends"]].tolist() == ["2025Q1", "2026Q2"]
    done = drawn_up(
        planned_units(), registered("u1", "operation", rulebook), rulebook.plan, 2025, mu
    )
    assert sorted(done.projects["unit_id"]) == ["u0", "u2"]


def test_limits_that_what_is_carried_over_breaks_are_told_by_how_much(rulebook):
    spec = {**rulebook.plan, "yearly": {**rulebook.plan["yearly"], "investment": 100.0}}
    register = registered("u1", "approval", rulebook)
    plan = drawn_up(planned_units(), register, spec, 2025, rulebook.constants["mu"])
    assert plan.projects["unit_id"].tolist() == ["u1"]
    short = plan.limits.set_index("limit")["short"]
    assert short["investment"] == 20


def test_key_areas_are_strong_units_near_each_other():
    units = planned_units(4, quadrant=["first", "first", "later", "first"])
    spec = {
        "id_prefix": "KA-",
        "distance": 150.0,
        "least_units": 2,
        "least_area": 1.0,
        "quadrants": ["first"],
    }
    areas, member = key_areas(units, spec)
    assert areas["units"].tolist() == [2]
    assert member.str.startswith("KA-901-").tolist() == [True, True, False, False]
    assert areas["area"].tolist() == [pytest.approx(2 * 66_666.67)]


@pytest.fixture
def drawn_file(tmp_path, lowuse, low_use_result):
    units = tmp_path / "u.gpkg"
    code, _out, err = lowuse("units", low_use_result, "-o", units)
    assert code == 0, err
    return units


def test_plan_writes_layers_and_a_workbook_the_same_each_time(
    tmp_path, lowuse, refused, low_use_result, drawn_file
):
    out, ask = tmp_path / "plan.gpkg", ("plan", low_use_result, drawn_file, "--year", "2025")
    code, said, err = lowuse(*ask, "-o", out)
    assert code == 0, err
    assert "Plan of 2025" in said
    book = openpyxl.load_workbook(out.with_suffix(".xlsx"))
    assert len(book.sheetnames) == 4
    assert {"projects", "ranking", "key_areas", "points", "pathways", "limits"} <= set(
        gpd.list_layers(out)["name"]
    )
    ranking = gpd.read_file(out, layer="ranking")
    points = gpd.read_file(out, layer="points")
    assert set(points["unit_id"]) == set(ranking["unit_id"])
    first = out.read_bytes(), out.with_suffix(".xlsx").read_bytes()
    error, _hint = refused(*ask, "-o", out)
    assert "exists" in error
    code, _said, err = lowuse(*ask, "-o", out, "--overwrite")
    assert (out.read_bytes(), out.with_suffix(".xlsx").read_bytes()) == first
    error, hint = refused(
        "plan", low_use_result, drawn_file, "--year", "1", "-o", tmp_path / "x.gpkg"
    )
    assert "2025" in hint


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_column_of_a_plan_has_a_title(
    tmp_path, lowuse, low_use_result, drawn_file, monkeypatch, language
):
    monkeypatch.setenv("LOWUSE_LANG", language)
    output = tmp_path / "plan.gpkg"
    words = ("plan", low_use_result, drawn_file, "--year", "2025", "-o", output)
    code, _out, err = lowuse(*words)
    assert code == 0, err
    with closing(sqlite3.connect(output)) as base:
        titled = set(base.execute("SELECT table_name, column_name FROM gpkg_data_columns"))
        for layer in ("projects", "ranking", "key_areas", "points", "pathways", "limits"):
            columns = {line[1] for line in base.execute(f"PRAGMA table_info({layer})")}
            assert not {(layer, name) for name in columns - {"fid", "geom"}} - titled


def test_units_of_another_result_are_refused(tmp_path, refused, lowuse, low_use_result, drawn_file):
    with low_use_result.open("ab") as file:
        file.write(b"\0")
    error, hint = refused(
        "plan", low_use_result, drawn_file, "--year", "2025", "-o", tmp_path / "p.gpkg"
    )
    assert "another result" in error
    assert "lowuse units" in hint


def test_a_project_is_entered_and_led_from_gate_to_gate(tmp_path, lowuse, refused):
    folder = tmp_path / "ledgers"
    place = ("--ledgers", folder, "--rules", "jinghai")
    code, said, err = lowuse(
        "projects",
        "add",
        "北片",
        "--unit",
        "DY1",
        "--investment",
        "1200",
        "--date",
        "2025-01-10",
        *place,
    )
    assert code == 0, err
    assert "XM2025-001" in said
    error, _hint = refused("projects", "status", "XM2025-001", "approval", *place)
    assert "comes next" in error
    error, _hint = refused("projects", "status", "XM2025-009", "pre_review", *place)
    assert "no such project" in error
    error, _hint = refused("projects", "status", "XM2025-001", "dance", *place)
    assert "no such gate" in error
    error, _hint = refused(
        "projects", "status", "XM2025-001", "乡镇预审", "--date", "2024-01-01", *place
    )
    assert "before" in error
    code, _said, err = lowuse(
        "projects", "status", "XM2025-001", "乡镇预审", "--date", "2025-02-01", *place
    )
    assert code == 0, err
    code, said, err = lowuse(
        "projects", "list", "--as-of", "2025-12-31", "--overdue", "--json", *place
    )
    assert "XM2025-001" in said
    code, said, err = lowuse(
        "projects", "list", "--as-of", "2025-12-31", "--revitalised", "--json", *place
    )
    assert "XM2025-001" not in said
    error, _hint = refused("projects", "add", "南片", *place)
    assert "land" in error
    error, _hint = refused("projects", "add", "南片", "--unit", "x", "--investment", "much", *place)
    assert "no sum" in error


def test_numbers_of_projects_begin_as_the_rulebook_says(tmp_path, lowuse, rulebook):
    rules = tmp_path / "rules" / "own"
    rules.mkdir(parents=True)
    head = 'name = "own"\nextends = "jinghai"\ntitle = "编号"\nversion = "1"\n'
    (rules / "rulebook.toml").write_text(head, encoding="utf-8")
    register = {**rulebook.plan["register"], "id_prefix": "P.+"}
    lines = [f'{key} = "{value}"' for key, value in register.items()]
    (rules / "plan.toml").write_text("\n".join(["[register]", *lines]), encoding="utf-8")
    place = ("--date", "2025-01-10", "--ledgers", tmp_path / "ledgers", "--rules", rules)
    for number in ("P.+2025-001", "P.+2025-002"):
        code, said, err = lowuse("projects", "add", "北片", "--unit", "u", *place)
        assert code == 0, err
        assert number in said


def test_a_register_without_projects_says_so(tmp_path, lowuse):
    code, _said, err = lowuse("projects", "list", "--ledgers", tmp_path, "--rules", "jinghai")
    assert code == 0
    assert "lowuse projects add" in err


def test_a_project_follows_its_parcels_into_the_unit_that_has_most_of_them():
    members = pd.DataFrame({"parcel_code": ["1", "2", "3"], "unit_id": ["b", "b", "c"]})
    register = pd.DataFrame({"unit": ["b", "gone", "gone"], "parcels": [None, "1; 2;3", "9"]})
    found = in_units(register, members, pd.Series(["b", "c"]))
    assert found["unit"].tolist() == ["b", "b", "gone"]
