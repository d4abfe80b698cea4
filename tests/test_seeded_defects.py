"""Hundreds of defects sown in a district of real shapes: each is found, and nothing else."""

import csv
from pathlib import Path

import pytest

from deliveries.matching import matched
from deliveries.writing import bureau, parcels
from lowuse_gis.commands import check
from seeding import district
from seeding.sowing import sown

SHOWN = ["code", "source", "row", "other_row", "column", "value", "limit", "note", "x", "y"]
CATALOGUE = Path(__file__).parents[1] / "rules" / "checks.csv"
# said of a whole file, or by another command than check: test_check_codes has a delivery of each
OF_FILES = {
    "1101", "1102", "1201", "1202", "1203", "1204", "1205", "1206",
    "2101", "2102", "2103", "2201", "2202", "2205", "3101", "6101", "6102", "6111", "6112",
    "6113", "6121",
    "6103", "6104", "6105", "6106", "6107", "6108", "6109",
}  # fmt: skip
OF_CLASSIFYING = {"3304", "4201"}
OF_UNITS = {"4402"}


@pytest.fixture(scope="module", params=[20240331, 11], ids="sown by {}".format)
def plan(shared_data, request):
    return sown(district.build(shared_data / "osm"), request.param)


@pytest.fixture(scope="module")
def found(plan, tmp_path_factory):
    """Return what is due by kind of seed, what was found, and which of it stands for which."""
    folder = tmp_path_factory.mktemp("sown")
    files = (parcels(folder, plan.ground.parcels), bureau(folder, plan.ground))
    findings = check.check(check.Request(files=files, output=folder / "out")).checked.findings
    due = [(seed.kind, wrong) for seed in plan.seeds for wrong in (*seed.wrong, *seed.follows)]
    return due, findings, matched([wrong for _kind, wrong in due], findings)


def test_hundreds_of_every_kind_are_sown(plan):
    defects = [seed for seed in plan.seeds if seed.wrong]
    assert len(defects) >= 200
    assert len(plan.seeds) - len(defects) >= 70  # just short of a limit
    with CATALOGUE.open(encoding="utf-8-sig", newline="") as file:
        catalogue = {line["code"] for line in csv.DictReader(file)}
    codes = {wrong.code for seed in defects for wrong in seed.wrong}
    assert codes == catalogue - OF_FILES - OF_CLASSIFYING - OF_UNITS


def test_every_defect_is_found(found):
    due, _findings, at = found
    assert not [what for what, where in zip(due, at, strict=True) if where is None]


def test_nothing_else_is_found_and_nothing_twice(found):
    due, findings, at = found
    others = findings.drop(index=[where for where in at if where is not None])
    assert others.empty, others[SHOWN].to_string()
    assert len(findings) == len(due)
