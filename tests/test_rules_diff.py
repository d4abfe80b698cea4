"""Two rulebooks compared: what they say, and what they make of the sample district."""

import json
import shutil

import pytest

from conftest import ROOT
from lowuse_gis.commands import classify
from lowuse_gis.commands.rules_diff import Request, diff_rules
from lowuse_gis.io.geopackage import read_layer_frame
from lowuse_gis.io.rulebook import read_rulebook


@pytest.fixture(scope="module")
def result(sample_result):
    return sample_result


@pytest.fixture
def copy(tmp_path):
    """A copy of the rules, and a way to replace text in its files."""
    folder = tmp_path / "rules"
    shutil.copytree(ROOT / "rules", folder)

    def replaced(file, old, new):
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder / "jinghai"

    return replaced


def told(outcome):
    return {(c.part, c.name, c.kind, c.key, c.old, c.new) for c in outcome.changes}


def test_a_rulebook_does_not_differ_from_itself(lowuse, result, copy):
    rulebook = read_rulebook("jinghai")
    outcome = diff_rules(Request("jinghai", rulebook.folder, result))
    assert outcome.changes == ()
    assert outcome.same
    assert outcome.compared.changed.empty
    assert (outcome.compared.matrix["before"] == outcome.compared.matrix["after"]).all()
    code, out, err = lowuse("rules", "diff", "jinghai", "jinghai", "--data", result)
    assert (code, err) == (0, "")
    assert "this is the same rulebook" in out
    folder = copy("jinghai/rulebook.toml", "# ", "# another comment; ")
    code, out, _err = lowuse("rules", "diff", "jinghai", folder)
    assert code == 0
    assert "the files differ, but nothing that they say does" in out


def test_every_part_is_compared(copy):
    copy("jinghai/criteria/industrial.toml", 'strength = "weak"', 'strength = "flag"')
    copy("national/criteria/facility.toml", 'code     = "FAC-01"', 'code     = "FAC-91"')
    copy("jinghai/thresholds.csv", "tax_per_mu_min,5,", "tax_per_mu_min,5.5,")
    copy(
        "jinghai/thresholds.csv",
        "homestead_factor,",
        "homestead_factor,2,,120118003,,,proposal,,to confirm\nhomestead_factor,",
    )
    copy("national/thresholds.csv", "planned_share_min,0.5,,,,,proposal,,to confirm\n", "")
    copy("national/obstacles.toml", 'category = "99"', 'category = "1"')
    copy("national/fields.toml", '"宗地代码", ', "")
    copy("codes/towns.csv", "120118001,华康街道", "120118001,华康")
    folder = copy("jinghai/rulebook.toml", "survey_year = 2022", "survey_year = 2023")
    copy("national/obstacles.toml", "planned_share < :planned_share_min", "planned_share < 0.5")
    outcome = diff_rules(Request("jinghai", str(folder)))
    found = told(outcome)
    assert ("criteria", "IND-02", "changed", "strength", "weak", "flag") in found
    names = {(c.part, c.name, c.kind) for c in outcome.changes}
    assert {("criteria", "FAC-01", "removed"), ("criteria", "FAC-91", "added")} <= names
    assert ("thresholds", "tax_per_mu_min", "changed", "value", "5", "5.5") in found
    added = ("thresholds", "homestead_factor[town=120118003]", "added", "", "", "2")
    assert added in found
    assert ("thresholds", "planned_share_min", "removed", "", "0.5", "") in found
    assert ("obstacles", "OBS-01", "changed", "category", "99", "1") in found
    assert ("fields", "parcels.parcel_code.names", "changed") in names
    assert ("codes", "codes/towns.csv", "changed", "rows", "23", "23 (+0 -0 ~1)") in found
    assert ("settings", "survey_year", "changed", "", "2022", "2023") in found
    assert outcome.measured_otherwise
    backwards = told(diff_rules(Request(str(folder), "jinghai")))
    turn = {"added": "removed", "removed": "added", "changed": "changed"}
    mirrored = {(p, n, turn[kind], k, b, a) for p, n, kind, k, a, b in found if p != "codes"}
    assert mirrored == {change for change in backwards if change[0] != "codes"}


def test_the_matrix_is_what_classify_gives(lowuse, result, copy, tmp_path):
    folder = copy("jinghai/thresholds.csv", "tax_per_mu_min,5,", "tax_per_mu_min,8,")
    path = tmp_path / "edited.gpkg"
    request = classify.Request((), path, project=ROOT / "sample_data", rules=str(folder))
    classify.classify(request)
    before = read_layer_frame(result, "parcels").set_index("row")
    after = read_layer_frame(path, "parcels").set_index("row").loc[before.index]
    code, out, err = lowuse("rules", "diff", "jinghai", folder, "--data", result, "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    (change,) = found["changes"]
    assert (change["name"], change["old"], change["new"]) == ("tax_per_mu_min", "5", "8")
    counted = before.groupby([before["verdict"], after["verdict"]])["area"].agg(["size", "sum"])
    matrix = {
        (c["before"], c["after"]): (c["parcels"], c["area"]) for c in found["verdicts"]["matrix"]
    }
    assert set(matrix) == set(counted.index)
    assert len(matrix) > 5
    for cell, (parcels, area) in matrix.items():
        assert parcels == counted.loc[cell, "size"]
        assert area == pytest.approx(counted.loc[cell, "sum"], abs=0.01)
    changed = found["verdicts"]["changed"]
    other = before.index[before["verdict"] != after["verdict"]]
    assert {line["row"] for line in changed} == set(other)
    areas = [line["area"] for line in changed]
    assert areas == sorted(areas, reverse=True)
    net = {line["land_type"]: line["change_area"] for line in found["verdicts"]["by_type"]}
    low = after["low_use_area"].groupby(after["land_type"]).sum()
    was = before["low_use_area"].groupby(before["land_type"]).sum()
    assert net["industrial"] == pytest.approx(low["industrial"] - was["industrial"], abs=0.01)
    assert net["industrial"] > 0
    assert net["residential"] == 0
    towns = {line["town_code"]: line["change"] for line in found["verdicts"]["by_town"]}
    low = (after["verdict"] == "low_use").groupby(after["town_code"]).sum()
    was = (before["verdict"] == "low_use").groupby(before["town_code"]).sum()
    assert towns == (low - was)[lambda s: s.index.isin(towns)].to_dict()


def test_the_criteria_that_made_the_difference(result, copy):
    """A strength changed, a threshold moved, fewer weak ones needed: each named where it counts."""
    folder = copy("jinghai/thresholds.csv", "tax_per_mu_min,5,", "tax_per_mu_min,8,")
    outcome = diff_rules(Request("jinghai", str(folder), result))
    assert set(outcome.compared.changed["criteria"]) == {"IND-02"}
    copy("national/criteria/residential.toml", 'strength = "strong"', 'strength = "flag"')
    changed = diff_rules(Request("jinghai", str(folder), result)).compared.changed
    assert set(changed["criteria"]) == {"IND-02", "RES-01"}
    homes = changed[changed["land_type"] == "residential"]
    assert set(homes["before"]) & {"low_use", "undetermined"}
    assert set(homes["criteria"]) == {"RES-01"}
    copy("national/thresholds.csv", "weak_needed,2,", "weak_needed,1,")
    changed = diff_rules(Request("jinghai", str(folder), result)).compared.changed
    assert changed["criteria"].str.split(";").map(lambda codes: "weak_needed" in codes).all()


def test_a_column_that_was_not_measured_leaves_its_criteria_unknown(lowuse, result, copy):
    copy(
        "columns.csv",
        "row,text",
        "noise,number,dB,噪声,Noise,,measure,buildings,,measured\nrow,text",
    )
    written = read_layer_frame(result, "parcels")
    strict = copy(
        "national/criteria/exclusions.toml", "redline_share >=", "noise > 60 OR redline_share >="
    )
    outcome = diff_rules(Request("jinghai", str(strict), result))
    assert outcome.blind == {"EXC-02": ("noise",)}
    changed = outcome.compared.changed
    assert set(changed["before"]) == {"low_use"}
    assert set(changed["after"]) == {"undetermined"}
    assert len(changed) == (written["verdict"] == "low_use").sum()
    code, out, err = lowuse("rules", "diff", "jinghai", strict, "--data", result)
    assert code == 0
    assert "note: EXC-02 is unknown everywhere: the result has no noise" in err
    assert "that shows only after 'classify'" in err
    assert "come out otherwise" in out
    small = copy(
        "national/criteria/exclusions.toml",
        "area < :min_parcel_area",
        "area < :min_parcel_area OR noise > 80",
    )
    outcome = diff_rules(Request("jinghai", str(small), result))
    assert outcome.blind == {"ALL-01": ("noise",), "EXC-02": ("noise",)}
    changed = outcome.compared.changed  # unknown whether too small: neither low-use nor not
    assert set(changed["before"]) == {"low_use", "not_low_use"}
    assert set(changed["after"]) == {"undetermined"}


def test_what_is_refused(refused, result, tmp_path):
    error, hint = refused("rules", "diff", "jinghai", "jinghia")
    assert "no rulebook jinghia" in error
    assert "jinghai" in hint
    error, _hint = refused("rules", "diff", "jinghai", "jinghai", "--data", tmp_path / "x.gpkg")
    assert "no such file" in error
