"""Lint finds every planted fault, with file, code and kind, and nothing in the shipped rules."""

import copy
import json
import shutil
from dataclasses import replace

import pytest

from conftest import ROOT
from lowuse_gis.core.lint import lint
from lowuse_gis.core.lint.measure_keys import ADDED, MEASURES, columns_added
from lowuse_gis.core.lint.raw import RawTable
from lowuse_gis.io.rulebook_files import read_files
from lowuse_gis.measures.kinds import KINDS

RULES = ROOT / "rules"
IND, COM = "national/criteria/industrial.toml", "national/criteria/commercial.toml"
RES, EXC = "national/criteria/residential.toml", "national/criteria/exclusions.toml"
FAC, VIL = "national/criteria/facility.toml", "national/criteria/village.toml"
OWN_IND, OBS = "jinghai/criteria/industrial.toml", "national/obstacles.toml"
HEAD, OWN_HEAD = "national/rulebook.toml", "jinghai/rulebook.toml"
LIMITS, OWN_LIMITS = "national/thresholds.csv", "jinghai/thresholds.csv"
MEAS, FIELDS = "national/measures.toml", "national/fields.toml"


@pytest.fixture(scope="module")
def shipped():
    return read_files(str(RULES / "jinghai"))


class Planted:
    """A copy of the shipped rules to plant faults in; nothing is written to disk."""

    def __init__(self, raw):
        self.raw = raw
        self.files = {name: copy.deepcopy(content) for name, content in raw.files.items()}
        self.tables = dict(raw.tables)
        self.expected = set()

    def entry(self, file, code):
        """Return an entry to spoil, and expect a fault at it."""
        self.expected.add((file, code))
        entries = self.files[file].get("criterion") or self.files[file]["obstacle"]
        return next(entry for entry in entries if entry["code"] == code)

    def add(self, file, number, when, **keys):
        """Add a criterion and expect a fault at it."""
        code = f"T-{number:02}"
        self.expected.add((file, code))
        self.files[file]["criterion"].append(
            {
                "code": code,
                "title": "试",
                "source": {"document": "n147", "clause": "一", "status": "anchored"},
                "strength": "flag",
                "when": when,
            }
            | keys
        )

    def row(self, file, at, /, **cells):
        """Change a row, or add one where `at` is None, and expect a fault at it."""
        table = self.tables[file]
        rows = [dict(row) for row in table.rows]
        if at is None:
            rows.append(dict.fromkeys(table.header, ""))
            at = -1
        elif isinstance(at, str):
            at = next(n for n, row in enumerate(rows) if at in list(row.values())[:2])
        rows[at] |= cells
        self.tables[file] = RawTable(table.header, tuple(rows))
        self.expected.add((file, next(iter(rows[at].values()))))

    def found(self):
        return lint(replace(self.raw, files=self.files, tables=self.tables))

    def only(self, kind, severity="error", count=10, also=()):
        """Expect the planted faults of this kind, and none of other kinds."""
        faults = self.found()
        mine = [fault for fault in faults if fault.kind == kind]
        assert {(fault.file, fault.code) for fault in mine} == self.expected
        assert len(self.expected) == count
        assert {fault.severity for fault in mine} == {severity}
        assert all(fault.message for fault in mine)
        others = [fault for fault in faults if fault.kind not in {kind, *also}]
        assert others == []
        return mine


@pytest.fixture
def planted(shipped):
    return Planted(shipped)


def conditions(planted, *texts, **keys):
    for number, when in enumerate(texts):
        planted.add(IND, number, when, **keys)
    return planted


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


def test_wrong_types_of_settings(planted):
    planted.files[HEAD]["survey_year"] = "2022"
    planted.files[HEAD]["documents"]["n147"]["title"] = 147
    planted.files[MEAS]["constants"]["mu"] = "666"
    planted.files["jinghai/units.toml"]["barriers"] = "铁路"
    planted.files["jinghai/package.toml"]["layers"]["DXYD"]["fields"] = [["ZDDM"]]
    planted.files[FIELDS]["tax"]["tax"]["names"] = "税收"
    planted.files[FIELDS]["parcels"] = []
    planted.files[COM] = {"type": "commercial", "criterion": {"code": "COM-02"}}
    planted.files[MEAS]["measure"][2]["sources"] = "permanent_farmland"
    planted.files[MEAS]["identify"] = 5
    planted.expected = {
        (HEAD, ""), (HEAD, "n147"), (MEAS, ""), ("jinghai/units.toml", ""),
        ("jinghai/package.toml", "DXYD"), (FIELDS, "tax"), (FIELDS, "parcels"), (COM, ""),
        (MEAS, "measure #3 overlap"),
    }  # fmt: skip
    planted.only("wrong-type", count=9, also={"missing-key", "not-measured", "unused-threshold"})


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


def test_grammar(planted):
    conditions(
        planted,
        "plot_ratio ＜ 1",
        "plot_ratio < 1; plot_ratio > 0",
        "plot_ratio < 1倍",
        "abs(plot_ratio) < 1",
        "old_estate",
        "plot_ratio IS NULL",
        "plot_ratio < COALESCE(planned_plot_ratio, 1)",
        "plot_ratio < (SELECT 1)",
        "plot_ratio < 1 -- later",
        "parcels.plot_ratio < 1",
    ).only("grammar")


def test_grammar_with_nothing_on_one_side(planted):
    conditions(
        planted,
        "plot_ratio <",
        "wish IN ()",
        "wish IN demand",
        "plot_ratio < 1 AND",
        "(plot_ratio < 1",
        "wish = '4",
        "0.5 < plot_ratio",
        "CASE WHEN plot_ratio < 1 THEN TRUE END",
        "plot_ratio < 1e999",
        "plot_ratio BETWEEN SYMMETRIC 2 AND 1",
    ).only("grammar")


def test_unknown_columns(planted):
    faults = conditions(
        planted,
        "plot_ration < 1",
        "plotratio < 1",
        "PLOT_RATIO < 1",
        "plot_ratio < plan_plot_ratio",
        "wishes = '4'",
        "verdict = 'low_use'",
        "容积率 < 1",
        "plot_ratio < 1 OR tax_pr_mu = 0",
        "NOT (idle_month = 0)",
        'wish = "4"',
    ).only("unknown-column")
    hints = {fault.code: fault.hint for fault in faults}
    assert all("plot_ratio" in hints[code] for code in ("T-00", "T-01", "T-02"))
    assert "tax_per_mu" in hints["T-07"]


def test_unknown_thresholds(planted):
    faults = conditions(
        planted,
        "idle_months >= :idle_month_min",
        "idle_months >= :idle_min",
        "tax_per_mu < :tax_min",
        "plot_ratio < :plot_ratio_facter",
        "plot_ratio < plot_ratio_control * :f",
        "plot_ratio BETWEEN 0 AND :top",
        "plot_ratio IN (1, :two)",
        "plot_ratio < -:minus",
        "area > :MIN_PARCEL_AREA",
        "plot_ratio < 1 OR plot_ratio > :t",
    ).only("unknown-threshold")
    assert "idle_months_min" in faults[0].hint


def test_units(planted):
    conditions(
        planted,
        "idle_months >= :untaxed_years_min",
        "area > :idle_months_min",
        "tax_per_mu < :min_parcel_area",
        "building_density < :planned_share_min",
        "permanent_farmland_share > building_density",
        "plot_ratio < floor_area",
        "tax_last < tax_per_mu",
        "area > registered_area * plane_area",
        "area > registered_area + idle_months",
        "permanent_farmland_share < building_footprint / tax_last",
    ).only("unit-mismatch")


def test_numbers_without_a_unit(planted):
    conditions(
        planted,
        "idle_months >= 12",
        "area > 200",
        "tax_per_mu < 5",
        "building_density < 30",
        "area > registered_area + 10",
        "tax_last BETWEEN 0 AND 3",
        "untaxed_years IN (1, 2)",
        "floor_area < -(-100)",
        "area > 2 * 3",
        "idle_months > 12 / 2",
    ).only("unit-mismatch", "warning")


def test_units_that_go_together(planted):
    conditions(
        planted,
        "area > registered_area * 1.5",
        "tax_last = 0",
        "permanent_farmland_share > permanent_farmland_area / area",
        "floor_area < area * plot_ratio",
        "area > registered_area + plane_area / 2",
        "built_year < 2000",
        "plot_ratio < 1 - planned_share",
    )
    assert planted.found() == ()


def test_ties(planted):
    add = {"value": "7", "source": "proposal", "status": "to confirm"}
    for name, selectors in {
        "min_parcel_area": {"unit": "m²"},
        "exclusion_share": {},
        "overlap_tolerance": {"unit": "m²"},
        "weak_needed": {},
        "idle_months_min": {"unit": "月"},
        "untaxed_years_min": {"unit": "年"},
        "plot_ratio_factor": {"town": "120118001"},
        "dangerous_share_min": {"zone": "甲园"},
        "planned_share_min": {"industry": "13"},
        "planned_ratio_factor": {"industry": "13", "town": "120118001"},
    }.items():
        planted.row(LIMITS, None, name=name, **add, **selectors)
        if set(selectors) - {"unit"}:
            planted.row(LIMITS, None, name=name, **(add | {"value": "8"}), **selectors)
    planted.only("tie", also={"implied"})


def test_rows_that_differ_are_no_ties(planted):
    add = {"name": "plot_ratio_factor", "source": "proposal", "status": "to confirm"}
    for value, selectors in enumerate(
        [{"town": "120118001"}, {"zone": "甲园"}, {"industry": "1"}, {"industry": "13"},
         {"town": "120118002"}, {"town": "120118001", "zone": "甲园"},
         {"town": "120118001", "industry": "13"}, {"zone": "甲园", "industry": "13"}]
    ):  # fmt: skip
        planted.row(LIMITS, None, value=str(value), **add, **selectors)
    assert planted.found() == ()


def test_rows_that_stand_twice(planted):
    for row in planted.tables[LIMITS].rows[:10]:
        planted.row(LIMITS, None, **row)
    planted.only("duplicate-row", "warning")


def test_contradictions(planted):
    conditions(
        planted,
        "plot_ratio < 3 AND plot_ratio > 5",
        "wish = '1' AND wish = '4'",
        "plot_ratio BETWEEN 5 AND 3",
        "plot_ratio < 1 AND NOT plot_ratio < 1",
        "survey_class LIKE '06%' AND survey_class = '0701'",
        "old_estate = TRUE AND old_estate = FALSE",
        "plot_ratio > :plot_ratio_factor AND plot_ratio < :plot_ratio_factor_strong",
        "plot_ratio < planned_plot_ratio AND planned_plot_ratio <= plot_ratio",
        "wish IN ('1', '2') AND NOT wish IN ('1', '2', '3')",
        "supplied_on < '2010-01-01' AND supplied_on >= '2010-01-01'",
    ).only("contradictory")


def test_contradictions_of_several_kinds(planted):
    conditions(
        planted,
        "plot_ratio < 1 / 0",
        "(plot_ratio < 1 OR plot_ratio > 3) AND plot_ratio BETWEEN 1.5 AND 2",
        "survey_class LIKE '06%' AND survey_class LIKE '07%'",
        "survey_class LIKE '0601%' AND NOT survey_class LIKE '06%'",
        "plot_ratio = 1 AND plot_ratio <> 1",
        "plot_ratio >= 1 AND plot_ratio <= 1 AND plot_ratio <> 1",
        "NOT (plot_ratio < 2 OR plot_ratio > 1)",
        "plot_ratio < 0.5 * 2 AND plot_ratio > 1.0",
        "planned_type = 'industrial' AND planned_type <> 'industrial'",
        "plot_ratio < planned_plot_ratio * 2 AND plot_ratio > planned_plot_ratio * 2",
    ).only("contradictory")


def test_thresholds_that_differ_by_town_are_not_said_to_contradict(planted):
    planted.add(IND, 1, "plot_ratio > :plot_ratio_factor AND plot_ratio < :planned_ratio_factor")
    planted.row(LIMITS, None, name="planned_ratio_factor", value="3", town="120118001",
                source="proposal", status="to confirm")  # fmt: skip
    assert planted.found() == ()


def test_tautologies(planted):
    conditions(
        planted,
        "plot_ratio < 5 OR plot_ratio >= 5",
        "plot_ratio < 5 OR plot_ratio > 3",
        "wish <> '1' OR wish <> '4'",
        "old_estate = TRUE OR old_estate = FALSE",
        "NOT (wish = '1' AND wish = '4')",
        "plot_ratio < planned_plot_ratio OR plot_ratio >= planned_plot_ratio",
        "plot_ratio BETWEEN 1 AND 2 OR plot_ratio NOT BETWEEN 1 AND 2",
        "survey_class LIKE '06%' OR survey_class NOT LIKE '06%'",
        "plot_ratio < :plot_ratio_factor OR plot_ratio > :plot_ratio_factor_strong",
        "wish IN ('1', '2') OR wish <> '1'",
    ).only("tautology")


def test_comparisons_that_decide_nothing(planted):
    faults = conditions(
        planted,
        "plot_ratio < 3 AND plot_ratio < 5",
        "plot_ratio < 3 OR plot_ratio < 5",
        "wish = '1' AND wish <> '4'",
        "wish = '1' OR wish IN ('1', '2')",
        "plot_ratio < 1 AND (built_year < 1990 OR built_year >= 1990)",
        "plot_ratio < 1 OR (built_year < 1990 AND built_year > 2000)",
        "plot_ratio BETWEEN 1 AND 2 AND plot_ratio > 0",
        "survey_class LIKE '06%' AND survey_class <> '0701'",
        "plot_ratio < 1 AND plot_ratio < 1",
        "NOT (plot_ratio >= 3 OR plot_ratio >= 5)",
    ).only("implied", "warning", also={"duplicate"})
    assert "plot_ratio < 5" in faults[0].message
    assert "plot_ratio < 3" in faults[1].message


def test_sound_conditions_are_left_alone(planted):
    conditions(
        planted,
        "plot_ratio > 1 AND plot_ratio < 3",
        "plot_ratio >= 1 AND plot_ratio <= 1",
        "wish = '1' OR wish = '4'",
        "plot_ratio < planned_plot_ratio * 2 AND plot_ratio > planned_plot_ratio * 3",
        "survey_class LIKE '06%' AND NOT survey_class = '0601'",
        "wish <> '1' AND wish <> '4'",
        "(plot_ratio < 1 AND built_year < 1990) OR (plot_ratio < 2 AND built_year < 1980)",
        "planned_type <> land_type AND planned_share > 0.5",
        "supplied_on < '2010-01-01' OR completed_on < '2012-06-30'",
    )
    assert planted.found() == ()


def test_duplicates(planted):
    planted.add(IND, 0, "idle_months >= :idle_months_min", strength="strong")
    planted.add(
        IND, 1, "NOT plot_ratio >= plot_ratio_control * :plot_ratio_factor", strength="weak"
    )
    planted.add(IND, 2, "plot_ratio < :plot_ratio_factor_strong * plot_ratio_control",
                strength="strong")  # fmt: skip
    planted.add(IND, 3, "NOT planned_type = 'industrial'")
    planted.add(RES, 4, "NOT dangerous_floor_share < :dangerous_share_min",
                strength="strong")  # fmt: skip
    planted.add(RES, 5, "built_year <= :old_estate_year AND old_estate = TRUE", strength="weak")
    planted.add(VIL, 6, "homestead_state IN ('3') AND parcel_kind = 'JC'", strength="strong")
    planted.add(EXC, 7, "NOT permanent_farmland_share < :exclusion_share", strength="exclusion")
    planted.add(FAC, 8, "NOT (facility_idle_months < :idle_months_min)", strength="strong")
    planted.add(COM, 9, "planned_type <> 'commercial'")
    planted.only("duplicate")


def test_unused_thresholds(planted):
    for number in range(10):
        planted.row(OWN_LIMITS, None, name=f"spare_{number}", value="1", source="proposal",
                    status="to confirm")  # fmt: skip
    planted.only("unused-threshold", "warning")


def test_unknown_strengths(planted):
    words = ["week", "Strong", "stong", "flags", "exclude", "smal", "强", "2", "none", "weak "]
    for number, word in enumerate(words):
        planted.add(IND, number, f"plot_ratio < {number}", strength=word)
    faults = planted.only("unknown-strength")
    assert "weak" in faults[0].hint
    assert "strong" in faults[2].hint


def test_strengths_in_the_village(planted):
    for number in range(10):
        planted.add(VIL, number, f"plot_ratio < {number}", village=f"strong{number}")
    planted.only("unknown-strength")


def test_missing_clauses(planted):
    for number in range(10):
        source = {"document": "n147", "status": "anchored"} | ({"clause": ""} if number % 2 else {})
        planted.add(COM, number, f"plot_ratio < {number}", source=source)
    planted.only("missing-clause", "warning")


def test_a_proposal_needs_no_clause(planted):
    source = {"document": "proposal", "clause": "", "status": "to confirm"}
    planted.add(COM, 1, "plot_ratio < 0.3", source=source)
    assert planted.found() == ()


def test_unknown_documents(planted):
    names = ["n174", "n417", "order35", "plans", "jgj", "guides", "tdt", "n24", "stocks"]
    for number, name in enumerate(names):
        source = {"document": name, "clause": "一", "status": "anchored"}
        planted.add(COM, number, f"plot_ratio < {number}", source=source)
    planted.row(LIMITS, "exclusion_share", source="proposals", clause="一")
    faults = planted.only("unknown-document")
    assert "n147" in faults[0].hint


def test_nobody_has_the_data(planted):
    for name in ("buildings", "enterprises", "wishes", "homesteads"):
        planted.files[HEAD]["sources"][name]["body"] = name
        planted.expected.add((HEAD, name))
    for code in ("OBS-02", "OBS-03", "OBS-04", "OBS-05"):
        planted.entry(OBS, code)["body"] = "mayor"
    planted.row("checks.csv", "4101", body="nobody")
    planted.row("checks.csv", "4102", body="town")
    planted.only("no-data-duty")


def test_nobody_can_be_asked(planted):
    for source in list(planted.files[HEAD]["sources"]):
        planted.files[HEAD]["sources"][source]["body"] = "commerce"
    planted.expected = {
        (HEAD, name)
        for name in ("parcels", "survey", "buildings", "permanent_farmland", "ecological_redline",
                     "growth_boundary", "planning", "enterprises", "tax", "dangerous_buildings",
                     "old_estates", "facilities", "homesteads", "wishes")
    }  # fmt: skip
    planted.only("no-data-duty", "warning", count=14)


def test_unknown_codes(planted):
    faults = conditions(
        planted,
        "parcel_kind = 'JX1'",
        "survey_class LIKE '99%'",
        "wish IN ('4', '44')",
        "planned_type <> 'industry'",
        "homestead_state = '废弃'",
        "owner_kind = '企业'",
        "settlement = '999'",
        "ownership = 'g'",
        "right_kind <> 'QL'",
        "stratum = 'underground'",
    ).only("unknown-value")
    assert "industrial" in faults[3].hint


def test_kinds_that_do_not_go_together(planted):
    conditions(
        planted,
        "plot_ratio < '1'",
        "homestead_state = 3",
        "old_estate = 'TRUE'",
        "old_estate = 1",
        "supplied_on < 2010",
        "supplied_on < '2010年'",
        "plot_ratio LIKE '1%'",
        "planned_use < planned_share * 2",
        "plot_ratio < planned_use * 2",
        "survey_class = planned_type",
    ).only("type-mismatch")


def test_templates(planted):
    for number, evidence in enumerate(
        [
            "{plot_ration}",
            "{:plot_ratio_facter}",
            "{plot_ratio.real}",
            "{plot_ratio.__class__.__init__.__globals__}",
            "{plot_ratio[0]}",
            "{plot_ratio!r:>9999}",
            "{plot_ratio:>9999}",
            "{}",
            "{0} {",
        ]
    ):
        planted.add(COM, number, f"plot_ratio < {number}", evidence=evidence)
    planted.entry(OBS, "OBS-05")["text"] = "{:planned_share_min}"
    planted.only("template")


def test_thresholds_that_the_condition_does_not_read(planted):
    for number in range(10):
        planted.add(COM, number, f"plot_ratio < {number}", evidence="{:plot_ratio_factor}")
    planted.only("template", "warning")


def test_unknown_types(planted):
    for number, file in enumerate([IND, COM, RES, FAC, VIL]):
        planted.files[file]["type"] = ["industrail", "Commercial", "housing", "other", "村庄"][
            number
        ]
        planted.expected.add((file, ""))
    for code in ("OBS-01", "OBS-02", "OBS-03"):
        planted.entry(OBS, code)["types"] = ["industrial", code]
    planted.row("codes/subtypes.csv", "0101", type="industry")
    planted.row("codes/subtypes.csv", "0201", type="")
    assert "industrial" in planted.only("unknown-type")[0].hint


def test_unknown_categories(planted):
    codes = [f"OBS-0{number}" for number in range(1, 10)] + ["OBS-90"]
    for number, code in enumerate(codes):
        planted.entry(OBS, code)["category"] = f"{number}x"
    planted.only("unknown-category")


def test_unknown_statuses(planted):
    words = ["confirmed", "anchor", "to-confirm", "Anchored", "待确认", "superceded", "draft"]
    for number, word in enumerate(words):
        source = {"document": "n147", "clause": "一", "status": word}
        planted.add(COM, number, f"plot_ratio < {number}", source=source)
    planted.row(LIMITS, "exclusion_share", status="sure")
    planted.files["jinghai/units.toml"]["status"] = "fine"
    planted.files["jinghai/package.toml"]["status"] = "fine"
    planted.expected |= {("jinghai/units.toml", ""), ("jinghai/package.toml", "")}
    planted.only("unknown-status")


def test_unknown_subtypes(planted):
    for number, subtype in enumerate(["0108", "01", "x", "0201", "0301", "停产", "0599", "0401"]):
        planted.add(IND, number, f"plot_ratio < {number}", subtype=subtype)
    planted.add(VIL, 8, "plot_ratio < 8", subtype="0101")
    planted.add(COM, 9, "plot_ratio < 9", subtype="0501")
    planted.add(COM, 10, "plot_ratio < 10", subtype="0201")
    planted.expected -= {(COM, "T-10")}
    planted.only("unknown-subtype")


def test_columns_that_nothing_measures(planted):
    for number in range(10):
        planted.row("columns.csv", None, name=f"new_{number}", dtype="number", stage="measure")
        planted.add(RES, number, f"new_{number} < 1 AND plot_ratio < 1")
    planted.expected = {place for place in planted.expected if place[0] == RES}
    planted.only("not-measured", "warning")


def test_columns_lose_their_measure(planted):
    planted.files[MEAS]["measure"] = [
        entry for entry in planted.files[MEAS]["measure"] if entry["kind"] != "buildings"
    ]
    places = {(f.file, f.code) for f in planted.found() if f.kind == "not-measured"}
    assert places == {
        (IND, "IND-05"), (IND, "IND-13"), (COM, "COM-03"), (RES, "RES-01"), (RES, "RES-02"),
        (RES, "RES-04"),
    }  # fmt: skip


def test_values_of_thresholds(planted):
    values = ["", "五", "5%", "1,000", "５", "nan", "inf", "1_000", "5 万", "=1+1"]
    for row, value in zip(planted.tables[LIMITS].rows[:10], values, strict=True):
        planted.row(LIMITS, row["name"], value=value)
    planted.only("threshold-value")


def test_selectors_of_thresholds(planted):
    add = {"value": "1", "source": "proposal", "status": "to confirm"}
    names = [row["name"] for row in planted.tables[LIMITS].rows[:10]]
    for name, selectors in zip(
        names,
        [{"town": "华康街道"}, {"town": "120118999"}, {"town": "120118"}, {"town": "120118001 "},
         {"industry": "C13"}, {"industry": "制造业"}, {"industry": "１３"}, {"industry": "13 "},
         {"zone": " 甲园"}, {"industry": "13-14"}],
        strict=True,
    ):  # fmt: skip
        planted.row(LIMITS, None, name=name, **add, **selectors)
    planted.only("threshold-selector", also={"unit-mismatch"})


def test_thresholds_from_nowhere(planted):
    for number, row in enumerate(planted.tables[LIMITS].rows[:10]):
        planted.row(LIMITS, row["name"], **{("source", "status")[number % 2]: ""})
    planted.only("threshold-basis")


def test_unknown_keys(planted):
    planted.entry(IND, "IND-01")["evidnce"] = "x"
    planted.entry(IND, "IND-04")["titel"] = "x"
    planted.entry(IND, "IND-05")["source"]["Clause"] = "x"
    planted.entry(COM, "COM-02")["note"] = "x"
    planted.entry(OBS, "OBS-01")["tools"] = "x"
    planted.files[HEAD]["sources"]["tax"]["layers"] = "x"
    planted.files[MEAS]["measure"][2]["shares"] = "x"
    planted.files["jinghai/units.toml"]["bridge"] = 1
    planted.files[FIELDS]["tax"]["tax"]["units"] = "x"
    planted.row(LIMITS, "exclusion_share")
    planted.expected -= {(LIMITS, "exclusion_share")}
    planted.files[RES]["criteria"] = []
    planted.expected |= {
        (HEAD, "tax"), (MEAS, "measure #3 overlap"), ("jinghai/units.toml", ""), (FIELDS, "tax"),
        (RES, ""),
    }  # fmt: skip
    faults = planted.only("unknown-key", "warning")
    assert any("evidence" in fault.hint for fault in faults)


def test_references_between_files(planted):
    planted.files[FIELDS]["taxes"] = planted.files[FIELDS]["tax"]
    planted.files[MEAS]["measure"][2]["sources"] = ["farmland"]
    planted.files[MEAS]["measure"][0]["check"] = "9999"
    planted.files[MEAS]["measure"][7]["table"] = "uses"
    planted.files[MEAS]["measure"][8]["kind"] = "firm"
    planted.files[MEAS]["identify"][0]["pattern"] = "("
    planted.files[MEAS]["measure"][3]["area"] = "red_area"
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


def test_every_kind_of_measure_is_declared(run, rulebook):
    assert set(MEASURES) == set(KINDS)
    assert set(ADDED) <= set(MEASURES)
    added = {name for entry in rulebook.measures["measure"] for name in columns_added(entry)}
    assert {"plot_ratio", "tax_per_mu", "dangerous_floor_share", "wish"} <= added


def test_messages_cannot_steer_a_terminal(planted):
    planted.entry(IND, "IND-01")["strength"] = "\x1b[2J\nstrong"
    assert all(text.isprintable() for fault in planted.found() for text in vars(fault).values())
