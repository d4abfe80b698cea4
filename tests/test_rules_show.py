"""One rule with everything about it: `lowuse rules show`, and conditions in words."""

import json

import pytest

from lowuse_gis.core.spoken import spoken


@pytest.fixture(autouse=True)
def _wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")  # no cell of a table is folded


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("plot_ratio < plot_ratio_control * :plot_ratio_factor",
         "Plot ratio < Control plot ratio of the industry × Factor on the control plot ratio (1)"),
        ("idle_months >= 12", "Months idle (个月) ≥ 12 个月"),
        ("survey_class LIKE '09%'", "Main survey class begins with “09”"),
        ("survey_class NOT LIKE '09%'", "Main survey class does not begin with “09”"),
        ("survey_class LIKE '0_9%'", "Main survey class like “0_9%”"),
        ("wish IN ('1', '4')", "Wish to redevelop is one of Strong (1)、Refused (4)"),
        ("wish NOT IN ('9')", "Wish to redevelop is none of Not surveyed (9)"),
        ("plot_ratio BETWEEN 1 AND 2", "Plot ratio from 1 to 2"),
        ("old_estate = TRUE", "Listed old estate: yes"),
        ("old_estate <> TRUE", "Listed old estate: no"),
        ("old_estate = FALSE", "Listed old estate: no"),
        ("difficulty <> ''", "Difficulty met ≠ empty"),
        ("plot_ratio < 1 OR firm_count > 2 AND NOT wish = '4'",
         "Plot ratio < 1, or Firms on the parcel > 2, and not (Wish to redevelop = Refused (4))"),
        ("(area < 1 OR area > 2) AND plot_ratio = 0",
         "(Ellipsoidal area (m²) < 1 m², or Ellipsoidal area (m²) > 2 m²), and Plot ratio = 0"),
        ("plot_ratio < -(planned_plot_ratio - 1) / 2",
         "Plot ratio < −(Planned plot ratio limit − 1) ÷ 2"),
    ],
)  # fmt: skip
def test_conditions_are_said_in_words(rulebook, when, words):
    assert spoken(when, rulebook) == words


def test_every_condition_can_be_said(rulebook):
    for rule in (*rulebook.criteria, *rulebook.obstacles):
        words = spoken(rule.when, rulebook)
        assert words
        assert not {"AND", "OR", "<>", "LIKE", "TRUE"} & set(words.split())


def test_a_criterion_is_shown_with_basis_threshold_and_source(lowuse):
    code, out, _err = lowuse("rules", "show", "ind-05")
    assert code == 0
    for text in (
        "IND-05 Low plot ratio", "Industrial", "Weak", "Plot ratio < Control plot ratio",
        "plot_ratio_factor", "容积率控制指标", "superseded", "Housing and Construction",
        "known not to be there", "the value is",
    ):  # fmt: skip
        assert text in out


def test_json_has_all_of_it(lowuse):
    _code, out, _err = lowuse("rules", "show", "VIL-03", "--json")
    told = json.loads(out)
    assert told["rulebook"] == "jinghai"
    assert told["kind"] == "criterion"
    assert told["strength"] == "weak"
    assert told["land_types"] == ["village"]
    assert {row["name"] for row in told["thresholds"]} == {"homestead_standard", "homestead_factor"}
    assert [column["column"] for column in told["columns"]] == ["parcel_kind", "area"]
    assert told["file"].endswith("rules/jinghai/criteria/village.toml")


def test_obstacles_and_thresholds_are_shown_too(lowuse):
    _code, out, _err = lowuse("rules", "show", "OBS-08")
    assert "Refused (4)" in out
    assert "Towns, sub-districts and parks" in out
    _code, out, _err = lowuse("rules", "show", ":idle_months_min", "--rules", "national")
    assert "12 个月" in out
    assert "IND-01" in out
    assert "COM-02" in out


def test_a_criterion_of_the_village_says_so(lowuse):
    _code, out, _err = lowuse("rules", "show", "VIL-01")
    assert "for the village  Strong" in out


def test_special_rows_of_a_threshold_are_told(tmp_path, lowuse):
    lowuse("rules", "new", tmp_path / "xihe", "--extends", "jinghai")
    with (tmp_path / "xihe" / "thresholds.csv").open("a", encoding="utf-8") as file:
        file.write("idle_months_min,6,个月,320999101,,C13,order53,,to confirm\n")
    _code, out, _err = lowuse("rules", "show", "IND-01", "--rules", tmp_path / "xihe")
    assert "12 个月, 1 special values" in out
    assert "town 320999101、industry C13" in out
    assert "everywhere else" in out


@pytest.mark.parametrize(("wanted", "near"), [("IND-5", "IND-05"), ("weak_neded", "weak_needed")])
def test_unknown_rules_are_refused_with_near_names(refused, wanted, near):
    error, hint = refused("rules", "show", wanted)
    assert wanted in error
    assert near in hint
