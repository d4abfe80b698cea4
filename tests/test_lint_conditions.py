"""Lint finds every planted fault of conditions, and leaves sound ones alone."""

from planting import COM, EXC, FAC, IND, LIMITS, MEAS, RES, VIL


def conditions(planted, *texts, **keys):
    for number, when in enumerate(texts):
        planted.add(IND, number, when, **keys)
    return planted


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


def test_columns_that_nothing_measures(planted):
    for number in range(10):
        planted.row("columns.csv", None, name=f"new_{number}", dtype="number", stage="measure")
        planted.add(RES, number, f"new_{number} < 1 AND plot_ratio < 1")
    planted.expected = {place for place in planted.expected if place[0] == RES}
    planted.only("not-measured", "warning")


def test_columns_lose_their_measure(planted):
    planted.files[MEAS]["measure"] = [
        entry
        for entry in planted.files[MEAS]["measure"]
        if entry["kind"] not in {"buildings", "quotient"}
    ]
    places = {(f.file, f.code) for f in planted.found() if f.kind == "not-measured"}
    assert places >= {
        (IND, "IND-05"), (IND, "IND-13"), (COM, "COM-03"), (RES, "RES-01"), (RES, "RES-02"),
        (RES, "RES-04"),
    }  # fmt: skip
