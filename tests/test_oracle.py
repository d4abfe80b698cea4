"""Every measure and verdict of the sample district against the slow, plain second opinion."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pyogrio
import pytest
import shapely

from oracle import accounts, judging, shapes, values
from oracle.criteria import SUBTYPES
from oracle.reading import read_district

ROOT = Path(__file__).parents[1]
AREAS = (
    "plane_area",
    "building_footprint",
    "floor_area",
    "permanent_farmland_area",
    "redline_area",
    "control_area",
    "heritage_area",
    "legacy_area",
    "low_use_area",
)
OF_AREA = {
    "permanent_farmland_area",
    "redline_area",
    "control_area",
    "heritage_area",
    "legacy_area",
    "low_use_area",
}
RATIOS = (
    "construction_share",
    "surveyed_share",
    "plot_ratio",
    "dangerous_floor_share",
    "permanent_farmland_share",
    "redline_share",
    "growth_boundary_share",
    "reclamation_share",
    "idle_homestead_share",
    "planned_share",
    "planned_plot_ratio",
    "plot_ratio_control",
)
PER_MU = ("tax_per_mu_last", "tax_per_mu_previous", "tax_per_mu")
TOLERANCES = (
    dict.fromkeys(RATIOS, 2e-6)
    | {"building_density": 2e-4}  # a per cent: a hundred times a ratio
    | {"village_land_per_head": 2e-4}
    | dict.fromkeys(("tax_last", "tax_previous", *PER_MU), 1e-3)
)
EXACT = (
    "ownership",
    "parcel_kind",
    "stratum",
    "owner_count",
    "town_code",
    "village_code",
    "survey_class",
    "settlement",
    "land_type",
    "land_type_basis",
    "built_year",
    "planned_use",
    "planned_type",
    "firm_count",
    "idle_months",
    "industry_code",
    "tax_years",
    "untaxed_years",
    "old_estate",
    "facility_idle_months",
    "homestead_state",
    "zone",
    "village_kind",
    *("phase_out_firm", "unsafe_firm", "polluting_firm"),
    *("building_coefficient", "output_per_mu", "investment_per_mu"),
    *("contract_investment_per_mu", "construction_state", "months_since_agreed_start"),
    *("idle_land", "title_dispute", "seized", "polluted_site", "urban_village"),
    *("let_share", "untaxed_tenants", "vacancy_rate", "vacant_months"),
    *("utilisation", "surplus_facility", "industry_tax_per_mu"),
    *("wish", "demand", "difficulty", "difficulty_kind"),
    *("tenant_consent", "town_priority", "funding"),
    *("strong_met", "weak_met", "weak_needed"),
    "verdict",
    "leaning",
    "subtype",
)
SETS = ("criteria_met", "flags_met", "criteria_unknown")
VERDICTS = ("low_use", "undetermined", "not_low_use")
COLUMNS = ("area", *AREAS, *TOLERANCES, *EXACT, "criteria_met", "flags_met")
VILLAGE_COLUMNS = (
    "idle_homestead_share",
    "village_land_per_head",
    "criteria_met",
    "criteria_unknown",
    "verdict",
)


@pytest.fixture(scope="module")
def opinion():
    return judging.evaluate(read_district(ROOT / "sample_data"))


@pytest.fixture(scope="module")
def result(sample_result):
    """Return the file of a run of the program."""
    return sample_result


def rows_of(result, layer):
    return pyogrio.read_dataframe(result, layer=layer, read_geometry=False).to_dict("records")


def test_every_parcel_agrees_with_the_second_opinion(opinion, result):
    parcels = rows_of(result, "parcels")
    judged = {row["row"]: row for row in parcels if row["origin"] == "registered"}
    assert sorted(judged) == sorted(opinion.parcels)
    differences = [
        (row, parcel["parcel_code"], column, parcel[column], judged[row][column])
        for row, parcel in opinion.parcels.items()
        for column in COLUMNS
        if not agrees(column, parcel, judged[row][column])
    ]
    assert not differences, told(differences)


def test_every_village_agrees_with_the_second_opinion(opinion, result):
    judged = {row["village_code"]: row for row in rows_of(result, "villages")}
    assert sorted(judged) == sorted(opinion.villages)
    differences = [
        (code, "", column, village[column], judged[code][column])
        for code, village in opinion.villages.items()
        for column in VILLAGE_COLUMNS
        if not agrees(column, village, judged[code][column])
    ]
    assert not differences, told(differences)


def test_every_obstacle_agrees_with_the_second_opinion(opinion, result):
    rows = rows_of(result, "problems")
    problems = [(row["row"], row["code"], row["category"]) for row in rows]
    own = [problem for problem in problems if problem[0] in opinion.parcels]
    assert len(own) == len(set(own))
    differences = [
        (row, opinion.parcels[row]["parcel_code"], code, category, "only the second opinion")
        for row, code, category in sorted(opinion.obstacles - set(own))
    ] + [
        (row, opinion.parcels[row]["parcel_code"], code, category, "only the program")
        for row, code, category in sorted(set(own) - opinion.obstacles)
    ]
    assert not differences, told(differences)


def test_the_sample_has_every_case_of_interest(opinion):
    """Agreement says little where nothing is met."""
    parcels = opinion.parcels.values()
    met = {code for p in parcels for code in p["criteria_met"] | p["flags_met"]}
    assert met >= set(SUBTYPES) | {"ALL-01", "IND-12", "VIL-03", "VIL-04", "OUT-OF-SCOPE"}
    assert met >= {f"EXC-0{n}" for n in range(1, 7)} | {f"FLG-0{n}" for n in range(1, 4)}
    assert {village["verdict"] for village in opinion.villages.values()} == set(VERDICTS)
    found = {code for _, code, _ in opinion.obstacles}
    assert found == {f"OBS-{n:02}" for n in (*range(1, 19), 90)} - {"OBS-10"}


def agrees(column, parcel, found):
    """Tell whether the program found what was expected; both missing agree."""
    expected = parcel[column]
    if column in SETS:
        return expected == (set() if values.is_missing(found) else set(found.split(";")))
    if expected is None or values.is_missing(found):
        return expected is None and values.is_missing(found)
    if column in EXACT:
        return expected == found
    return abs(expected - found) <= tolerance(column, parcel)


def tolerance(column, parcel):
    if column in TOLERANCES and column not in PER_MU:
        return TOLERANCES[column]
    # The program's ellipsoidal area may differ from this one by so much; both are rounded to 0.01.
    ellipsoidal = 0.001 + 9.6e-5 * parcel["perimeter"] + 0.01
    if column == "area":
        return ellipsoidal
    if column in PER_MU:
        return 1e-3 + abs(parcel[column]) * ellipsoidal / parcel["area"]
    allowed = max(0.02, 2e-8 * abs(parcel[column]) + 0.011)
    return allowed + (ellipsoidal if column in OF_AREA else 0.0)


def told(differences):
    """Return the first differences as a table, then how many there are in each column."""
    lines = [f"{len(differences)} differences", "row | code | column | oracle | lowuse"]
    lines += [" | ".join(map(str, one)) for one in differences[:20]]
    lines += [
        f"{column}: {count}"
        for column, count in Counter(column for _, _, column, *_ in differences).most_common()
    ]
    return "\n".join(lines)


def test_second_opinion_stands_alone():
    for module in (ROOT / "tests" / "oracle").glob("*.py"):
        assert "lowuse_gis" not in module.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("start", "months"),
    [
        (date(2023, 3, 31), 12),
        (date(2023, 4, 15), 11),
        (date(2022, 6, 1), 21),
        (date(2024, 5, 1), 0),
    ],
)
def test_whole_months_until_the_end_of_march(start, months):
    assert accounts.whole_months(start, date(2024, 3, 31)) == months


def test_whole_months_until_a_day_within_a_month():
    assert accounts.whole_months(date(2023, 3, 16), date(2024, 3, 15)) == 11
    assert accounts.whole_months(date(2023, 3, 15), date(2024, 3, 15)) == 12


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2022.08.15", date(2022, 8, 15)),
        ("20220815", date(2022, 8, 15)),
        ("2022-08-15", date(2022, 8, 15)),
        ("2022年8月", date(2022, 8, 31)),
        ("2022年", date(2022, 12, 31)),
        ("", None),
    ],
)
def test_dates_as_they_are_written(written, meant):
    assert values.day(written) == meant


def test_codes_lose_blanks_and_full_width():
    assert values.code(" 12０118 ９02990GB00001 ") == "120118902990GB00001"
    assert values.code("  ") is None


def test_a_hole_counts_off_the_ellipsoidal_area():
    shell = shapely.box(39_492_000, 4_305_000, 39_492_100, 4_305_100)
    hole = shapely.box(39_492_040, 4_305_040, 39_492_060, 4_305_060)
    whole, less = shapes.sizes(shell), shapes.sizes(shell.difference(hole))
    assert less["plane_area"] == 9600
    assert whole["area"] == pytest.approx(10_000, rel=1e-3)
    assert less["area"] == pytest.approx(whole["area"] * 0.96, abs=0.02)
