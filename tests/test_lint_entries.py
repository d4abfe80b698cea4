"""Lint finds every planted fault of names, texts and thresholds."""

from planting import COM, FAC, HEAD, IND, LIMITS, OBS, OWN_LIMITS, RES, VIL


def test_ties(planted):
    rows = {row["name"]: row for row in planted.tables[LIMITS].rows}
    for name, selectors in {
        "min_parcel_area": {},
        "exclusion_share": {},
        "overlap_tolerance": {},
        "weak_needed": {},
        "idle_months_min": {},
        "untaxed_years_min": {},
        "plot_ratio_factor": {"town": "120118001"},
        "dangerous_share_min": {"zone": "甲园"},
        "planned_share_min": {"industry": "13"},
        "planned_ratio_factor": {"industry": "13", "town": "120118001"},
    }.items():
        planted.row(LIMITS, None, **(rows[name] | selectors | {"value": "7"}))
        if selectors:
            planted.row(LIMITS, None, **(rows[name] | selectors | {"value": "8"}))
    planted.only("tie")


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
    read = {column["source"] for column in planted.tables["columns.csv"].rows}
    faults = [fault for fault in planted.found() if fault.kind == "no-data-duty"]
    assert len(faults) > 10
    assert {fault.code for fault in faults} <= read
    assert {fault.code for fault in faults} >= {"parcels", "survey", "buildings", "tax", "wishes"}
    assert {(fault.file, fault.severity) for fault in faults} == {(HEAD, "warning")}


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
    assert "industrial" in planted.only("unknown-type", also={"unknown-subtype"})[0].hint


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
    planted.files["jinghai/packages/jinghai.toml"]["status"] = "fine"
    planted.expected |= {("jinghai/units.toml", ""), ("jinghai/packages/jinghai.toml", "")}
    planted.only("unknown-status")


def test_unknown_subtypes(planted):
    for number, subtype in enumerate(["0108", "01", "x", "0201", "0301", "停产", "0599", "0401"]):
        planted.add(IND, number, f"plot_ratio < {number}", subtype=subtype)
    planted.add(VIL, 8, "plot_ratio < 8", subtype="0101")
    planted.add(COM, 9, "plot_ratio < 9", subtype="0501")
    planted.add(COM, 10, "plot_ratio < 10", subtype="0201")
    planted.expected -= {(COM, "T-10")}
    planted.only("unknown-subtype")


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
