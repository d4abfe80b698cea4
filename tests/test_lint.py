"""Lint finds every planted fault of files, keys and codes, and nothing in the shipped rules."""

import copy
import json
import shutil

import pytest

from lowuse_gis.core.lint import lint
from lowuse_gis.core.lint.measure_keys import ADDED, MEASURES, columns_added
from lowuse_gis.core.lint.schema import schemas
from lowuse_gis.io.rulebook_files import read_files
from lowuse_gis.measures.kinds import KINDS
from planting import (
    COM,
    EXC,
    FAC,
    FIELDS,
    HEAD,
    IND,
    LIMITS,
    MEAS,
    OBS,
    OWN_HEAD,
    OWN_IND,
    OWN_LIMITS,
    RES,
    RULES,
    VIL,
)


@pytest.mark.parametrize("name", ["national", "jinghai"])
def test_the_shipped_rulebooks_are_clean(lowuse, name):
    code, out, _err = lowuse("rules", "lint", RULES / name, "--json")
    assert json.loads(out)["faults"] == []
    assert code == 0


def test_the_command_names_every_fault_and_fails(lowuse, tmp_path):
    folder = shutil.copytree(RULES, tmp_path / "rules")
    path = folder / "national" / "criteria" / "industrial.toml"
    spoiled = path.read_text("utf-8").replace('"weak"', '"week"').replace("plot_ratio <", "plot <")
    path.write_text(spoiled, encoding="utf-8")
    code, out, _err = lowuse("rules", "lint", folder / "jinghai", "--json")
    assert code == 1
    faults = json.loads(out)["faults"]
    assert {fault["kind"] for fault in faults} == {"unknown-strength", "unknown-column"}
    assert {fault["file"] for fault in faults} == {IND}
    code, out, _err = lowuse("rules", "lint", folder / "jinghai")
    assert code == 1
    assert "IND-05" in out
    assert "errors" in out.splitlines()[-1]


def test_warnings_alone_do_not_fail(lowuse, tmp_path):
    folder = shutil.copytree(RULES, tmp_path / "rules")
    path = folder / "jinghai" / "rulebook.toml"
    path.write_text("colour = 'red'\n" + path.read_text("utf-8"), encoding="utf-8")
    code, out, _err = lowuse("rules", "lint", folder / "jinghai", "--json")
    assert (code, [fault["kind"] for fault in json.loads(out)["faults"]]) == (0, ["unknown-key"])


def test_syntax(tmp_path):
    folder = shutil.copytree(RULES, tmp_path / "rules")
    broken = {
        IND: 'x = "',
        COM: "x = [",
        RES: "[[criterion]\n",
        EXC: "code = “x”\n",
        FAC: "type = 'a'\ntype = 'b'\n",
        OBS: "= 5\n",
        "jinghai/units.toml": "a.b = 1\na = 2\n",
        OWN_LIMITS: 'name,value\na,"5\n',
        LIMITS: "name,value\na,5,6\n",
        "codes/bodies.csv": "code,name\n\0,x\n",
    }
    for name, text in broken.items():
        (folder / name).write_text(text, encoding="utf-8")
    faults = lint(read_files(str(folder / "jinghai")))
    assert {(f.file, f.kind) for f in faults} == {(name, "syntax") for name in broken}


def test_encoding(tmp_path):
    folder = shutil.copytree(RULES, tmp_path / "rules")
    names = [IND, COM, RES, EXC, FAC, VIL, OBS, OWN_LIMITS, "columns.csv", "codes/towns.csv"]
    for name in names:
        text = (folder / name).read_text("utf-8").replace("²", "2")
        (folder / name).write_bytes(text.encode("gb18030"))
    faults = lint(read_files(str(folder / "jinghai")))
    assert {(f.file, f.kind) for f in faults} == {(name, "encoding") for name in names}
    assert all("line" in fault.message for fault in faults)


def test_missing_keys(planted):
    for key, (file, code) in {
        "title": (IND, "IND-01"),
        "source": (IND, "IND-04"),
        "strength": (COM, "COM-02"),
        "when": (RES, "RES-01"),
        "category": (OBS, "OBS-02"),
        "text": (OBS, "OBS-03"),
        "body": (OBS, "OBS-04"),
    }.items():
        del planted.entry(file, code)[key]
    del planted.entry(IND, "IND-05")["source"]["status"]
    planted.entry(FAC, "FAC-01")["title"] = "  "
    del planted.files[HEAD]["sources"]["tax"]["absence"]
    planted.expected.add((HEAD, "tax"))
    faults = planted.only("missing-key", also={"unused-threshold"})
    assert {fault.key for fault in faults} >= {"when", "source.status", "absence"}


def test_wrong_types(planted):
    planted.entry(IND, "IND-01")["strength"] = ["strong"]
    planted.entry(IND, "IND-04")["title"] = 5
    planted.entry(IND, "IND-05")["source"] = "n147"
    planted.entry(COM, "COM-02")["when"] = True
    planted.entry(COM, "COM-03")["source"]["clause"] = 3
    planted.entry(OBS, "OBS-05")["types"] = "industrial"
    planted.entry(RES, "RES-01")["evidence"] = {"a": "b"}
    planted.entry(FAC, "FAC-01")["subtype"] = 401
    planted.files[IND]["criterion"][3]["code"] = 13
    planted.expected.add((IND, "#4"))
    planted.files[OWN_HEAD]["envelope"] = [117.2, 38.5, 116.6, 39.1]
    planted.expected.add((OWN_HEAD, ""))
    planted.only("wrong-type", also={"unused-threshold"})


def first_overlap(planted):
    """Return the first measure of that kind, and how it is named."""
    measures = planted.files[MEAS]["measure"]
    at = next(at for at, measure in enumerate(measures) if measure["kind"] == "overlap")
    return measures[at], f"measure #{at + 1} overlap"


def test_wrong_types_of_settings(planted):
    planted.files[HEAD]["survey_year"] = "2022"
    planted.files[HEAD]["documents"]["n147"]["title"] = 147
    planted.files[MEAS]["constants"]["mu"] = "666"
    planted.files["jinghai/units.toml"]["barriers"] = "铁路"
    planted.files["national/packages/standard.toml"]["layers"]["DXYD"]["fields"] = [["ZDDM"]]
    planted.files[FIELDS]["tax"]["tax"]["names"] = "税收"
    planted.files[FIELDS]["parcels"] = []
    planted.files[COM] = {"type": "commercial", "criterion": {"code": "COM-02"}}
    overlap, name = first_overlap(planted)
    overlap["sources"] = "permanent_farmland"
    planted.files[MEAS]["identify"] = 5
    planted.expected = {
        (HEAD, ""), (HEAD, "n147"), (MEAS, ""), ("jinghai/units.toml", ""),
        ("national/packages/standard.toml", "DXYD"), (FIELDS, "tax"), (FIELDS, "parcels"),
        (COM, ""), (MEAS, name),
    }  # fmt: skip
    planted.only("wrong-type", count=9, also={"missing-key", "not-measured", "unused-threshold"})


def test_unknown_keys(planted):
    planted.entry(IND, "IND-01")["evidnce"] = "x"
    planted.entry(IND, "IND-04")["titel"] = "x"
    planted.entry(IND, "IND-05")["source"]["Clause"] = "x"
    planted.entry(COM, "COM-02")["note"] = "x"
    planted.entry(OBS, "OBS-01")["tools"] = "x"
    planted.files[HEAD]["sources"]["tax"]["layers"] = "x"
    overlap, name = first_overlap(planted)
    overlap["shares"] = "x"
    planted.files["jinghai/units.toml"]["bridge"] = 1
    planted.files[FIELDS]["tax"]["tax"]["units"] = "x"
    planted.row(LIMITS, "exclusion_share")
    planted.expected -= {(LIMITS, "exclusion_share")}
    planted.files[RES]["criteria"] = []
    planted.expected |= {
        (HEAD, "tax"), (MEAS, name), ("jinghai/units.toml", ""), (FIELDS, "tax"),
        (RES, ""),
    }  # fmt: skip
    faults = planted.only("unknown-key", "warning")
    assert any("evidence" in fault.hint for fault in faults)


def test_doubled_codes(planted):
    for file, code in [(IND, "IND-01"), (COM, "COM-02"), (RES, "RES-02"), (OBS, "OBS-06")]:
        entries = planted.files[file].get("criterion") or planted.files[file]["obstacle"]
        entries.append(copy.deepcopy(planted.entry(file, code)))
    planted.add(FAC, 1, "plot_ratio < 1")
    planted.add(VIL, 1, "plot_ratio < 2")
    planted.expected -= {(FAC, "T-01")}
    planted.row("columns.csv", None, name="area", dtype="number", stage="measure")
    planted.row("checks.csv", None, code="4101")
    planted.row("codes/towns.csv", None, code="120118001")
    planted.row("codes/bodies.csv", None, code="tax")
    planted.row("codes/domains.csv", None, domain="wish", code="4")
    planted.expected = (planted.expected - {("codes/domains.csv", "wish")}) | {
        ("codes/domains.csv", "4")
    }
    planted.only("doubled-code", also={"duplicate", "unit-mismatch", "no-data-duty"})


def test_a_district_may_override(planted):
    planted.files[OWN_IND]["criterion"].append(
        copy.deepcopy(planted.entry(IND, "IND-05")) | {"strength": "strong"}
    )
    assert planted.found() == ()


def test_references_between_files(planted):
    def first(kind, key):
        measures = planted.files[MEAS]["measure"]
        return next(entry for entry in measures if entry["kind"] == kind and key in entry)

    planted.files[FIELDS]["taxes"] = planted.files[FIELDS]["tax"]
    first("overlap", "area")["sources"] = ["farmland"]
    first("buildings", "check")["check"] = "9999"
    first("lookup", "table")["table"] = "uses"
    first("overlap", "area")["area"] = "red_area"
    first("firms", "running")["kind"] = "firm"
    planted.files[MEAS]["identify"][0]["pattern"] = "("
    planted.row("columns.csv", "planned_use", source="plans")
    planted.row("columns.csv", "built_year", dtype="int")
    planted.row("columns.csv", "wish", domain="wishes")
    kinds = {(f.file, f.kind) for f in planted.found() if f.kind != "not-measured"}
    assert kinds == {
        (FIELDS, "unknown-source"), (MEAS, "unknown-source"), (MEAS, "unknown-check"),
        (MEAS, "unknown-table"), (MEAS, "unknown-kind"), (MEAS, "wrong-value"),
        (MEAS, "unknown-column"), ("columns.csv", "unknown-source"),
        ("columns.csv", "wrong-value"), ("columns.csv", "unknown-domain"),
        (RES, "type-mismatch"),
    }  # fmt: skip


def test_how_a_column_is_known_is_a_quality_or_a_column_of_one(planted):
    planted.row("columns.csv", "area", quality="guessed")
    (fault,) = planted.only("wrong-value", count=1)
    assert "guessed" in fault.message
    planted.row("columns.csv", "area", quality="plot_ratio_quality")
    assert not planted.found()


def test_every_kind_of_measure_is_declared(run, rulebook):
    assert set(MEASURES) == set(KINDS)
    assert set(ADDED) <= set(MEASURES)
    added = {name for entry in rulebook.measures["measure"] for name in columns_added(entry)}
    assert {"plot_ratio", "tax_per_mu", "dangerous_floor_share", "wish"} <= added


def test_messages_cannot_steer_a_terminal(planted):
    planted.entry(IND, "IND-01")["strength"] = "\x1b[2J\nstrong"
    assert all(text.isprintable() for fault in planted.found() for text in vars(fault).values())


def refers(content):
    """Name everything that a schema refers to."""
    if isinstance(content, dict):
        return (
            {content["$ref"]} if "$ref" in content else set().union(*map(refers, content.values()))
        )
    return set().union(*map(refers, content)) if isinstance(content, list) else set()


def test_schemas_name_every_key_and_list(shipped_files):
    made = schemas({"strengths": ["strong", "weak"], "documents": ["n147"], "thresholds": ["t"]})
    assert set(made) == {
        "checks",
        "criteria",
        "fields",
        "indicators",
        "measures",
        "obstacles",
        "legacy",
        "map",
        "packages",
        "pathways",
        "plan",
        "rulebook",
        "units",
    }
    for schema in made.values():
        known = {f"#/$defs/{name}" for name in schema["$defs"]}
        assert refers(schema["properties"]) <= known
    criterion = made["criteria"]["properties"]["criterion"]["items"]
    assert criterion["additionalProperties"] is False
    assert "Thresholds: :t." in criterion["properties"]["when"]["description"]
    assert made["criteria"]["$defs"]["strengths"] == {"enum": ["strong", "weak"]}
    written = {key for entry in shipped_files.files[IND]["criterion"] for key in entry}
    assert written <= set(criterion["properties"])
