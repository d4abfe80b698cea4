"""Every measure and verdict of the sample district against the slow, plain second opinion."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pyogrio
import pytest
import shapely

from oracle import inquiries, judging, measuring, obstacles, values
from oracle.reading import read_district

ROOT = Path(__file__).parents[1]
AREAS = (
    "plane_area",
    "building_footprint",
    "floor_area",
    "permanent_farmland_area",
    "redline_area",
    "control_area",
    "low_use_area",
    "heritage_area",
)
OF_AREA = {"permanent_farmland_area", "redline_area", "control_area", "low_use_area"}
OF_AREA.add("heritage_area")
RATIOS = (
    "construction_share",
    "surveyed_share",
    "plot_ratio",
    "dangerous_floor_share",
    "permanent_farmland_share",
    "redline_share",
    "growth_boundary_share",
    "planned_share",
    "planned_plot_ratio",
    "plot_ratio_control",
    "reclamation_share",
    "idle_homestead_share",
    "industry_tax_per_mu",
    "building_coefficient",
    "output_per_mu",
    "investment_per_mu",
    "contract_investment_per_mu",
    "let_share",
    "vacancy_rate",
    "utilisation",
    "village_land_per_head",
)
PER_MU = ("tax_per_mu_last", "tax_per_mu_previous", "tax_per_mu")
TOLERANCES = (
    dict.fromkeys(RATIOS, 2e-6)
    | {"building_density": 2e-4}  # a per cent: a hundred times a ratio
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
    "wish",
    "verdict",
    "leaning",
    "zone",
    "phase_out_firm",
    "unsafe_firm",
    "polluting_firm",
    "construction_state",
    "months_since_agreed_start",
    "idle_land",
    "title_dispute",
    "seized",
    "polluted_site",
    "urban_village",
    "surplus_facility",
    "village_kind",
    "difficulty_kind",
    "difficulty",
    "subtype",
    "untaxed_tenants",
    "vacant_months",
)
SETS = ("criteria_met", "flags_met")
COLUMNS = ("area", *AREAS, *TOLERANCES, *EXACT, *SETS)


def sample_folder():
    """Return the folder of the sample district: the one in the repository, else the named one."""
    for folder in (ROOT / "sample_data", Path(os.environ.get("LOWUSE_SAMPLE", "/nowhere"))):
        if (folder / "lowuse.toml").exists() and list(folder.glob("parcels/*.shp")):
            return folder
    return pytest.skip("the sample district has not been made")


def test_every_parcel_agrees_with_the_second_opinion(tmp_path):
    folder = sample_folder()
    output = tmp_path / "r.gpkg"
    judged, district = run_program(folder, output), read_district(folder)
    expected = {parcel["row"]: parcel for parcel in judging.evaluate(district)}
    assert sorted(judged) == sorted(expected)
    differences = [
        (row, parcel["parcel_code"], column, parcel[column], judged[row][column])
        for row, parcel in expected.items()
        for column in COLUMNS
        if not agrees(column, parcel, judged[row][column])
    ]
    assert not differences, told(differences)
    compare_obstacles(expected, district, output)
    compare_villages(expected, district, output)


def compare_obstacles(expected, district, output):
    """Hold the problem list against the obstacles of every parcel that was read."""
    listed = pyogrio.read_dataframe(output, layer="problems", read_geometry=False)
    found = {}
    for row, code, category in zip(listed["row"], listed["code"], listed["category"], strict=True):
        found.setdefault(row, set()).add((code, category))
    wrong = {
        row: (wanted, found.get(row, set()))
        for row, parcel in expected.items()
        if (wanted := obstacles.obstacles_of(parcel, district.thresholds)) != found.get(row, set())
    }
    assert not wrong, dict(list(wrong.items())[:5])


def compare_villages(expected, district, output):
    """Hold the verdicts of whole villages against those of the second opinion."""
    judged = pyogrio.read_dataframe(output, layer="villages", read_geometry=False)
    judged = judged.set_index("village_code")
    wanted = obstacles.villages_of(expected.values(), district.thresholds)
    for village, (criteria, verdict) in wanted.items():
        said = judged.loc[village, "criteria_met"]
        assert (set(said.split(";")) if said else set()) == criteria, village
        assert judged.loc[village, "verdict"] == verdict, village
    assert len(wanted) > 20


def run_program(folder, output):
    """Return the registered parcels of a run of the program, by row."""
    command = [sys.executable, "-m", "lowuse_gis", "classify", "--project", str(folder)]
    environment = os.environ | {"LOWUSE_LANG": "en"}
    run = subprocess.run(
        [*command, "-o", str(output), "-q"],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 0, run.stderr
    frame = pyogrio.read_dataframe(output, layer="parcels", read_geometry=False)
    return {row["row"]: row for row in frame.to_dict("records") if row["origin"] == "registered"}


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
    # The program's ellipsoidal area may differ from this one by so much; both are rounded to 0.01.
    ellipsoidal = 0.001 + 9.6e-5 * parcel["perimeter"] + 0.01
    if column == "area":
        return ellipsoidal
    if column in PER_MU:
        return 1e-3 + abs(parcel[column]) * ellipsoidal / parcel["area"]
    if column in AREAS:
        allowed = max(0.02, 2e-8 * abs(parcel[column]) + 0.011)
        return allowed + (ellipsoidal if column in OF_AREA else 0.0)
    return TOLERANCES[column]


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
    assert inquiries.whole_months(start, date(2024, 3, 31)) == months


def test_whole_months_until_a_day_within_a_month():
    assert inquiries.whole_months(date(2023, 3, 16), date(2024, 3, 15)) == 11
    assert inquiries.whole_months(date(2023, 3, 15), date(2024, 3, 15)) == 12


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
    whole, less = measuring.sizes(shell), measuring.sizes(shell.difference(hole))
    assert less["plane_area"] == 9600
    assert whole["area"] == pytest.approx(10_000, rel=1e-3)
    assert less["area"] == pytest.approx(whole["area"] * 0.96, abs=0.02)
