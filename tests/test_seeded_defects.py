"""Hundreds of defects sown in a district of real shapes: each is found, and nothing else."""

import pytest

from deliveries.matching import explained, unmatched
from deliveries.writing import bureau, parcels
from lowuse_gis.commands import check
from seeding import district
from seeding.sowing import sown

LOUD = ("error", "warning")
SHOWN = ["code", "source", "row", "other_row", "column", "value", "limit", "note", "x", "y"]


@pytest.fixture(scope="module")
def osm(tmp_path_factory, request):
    import os
    from pathlib import Path

    root = Path(__file__).parents[2]
    folder = Path(os.environ.get("LOWUSE_SHARED") or root / "shared" / "data") / "osm"
    if not folder.is_dir():
        reason = f"{folder}: no folder of shared data"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    return folder


@pytest.fixture(scope="module")
def plan(osm):
    return sown(district.build(osm))


@pytest.fixture(scope="module")
def findings(plan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sown")
    files = (parcels(folder, plan.ground.parcels), bureau(folder, plan.ground))
    return check.check(check.Request(files=files, output=folder / "out")).findings


def test_hundreds_are_sown(plan):
    defects = [seed for seed in plan.seeds if seed.wrong]
    assert len(defects) >= 200
    assert len(plan.seeds) - len(defects) >= 40


def test_every_defect_is_found(plan, findings):
    missing = [
        (seed.kind, wrong)
        for seed in plan.seeds
        for wrong in unmatched([*seed.wrong, *seed.follows], findings)
    ]
    assert not missing


def test_nothing_else_is_found(plan, findings):
    due = [wrong for seed in plan.seeds for wrong in (*seed.wrong, *seed.follows)]
    loud = findings[findings["severity"].isin(LOUD)]
    others = loud[~explained(due, loud)]
    assert others.empty, others[SHOWN].to_string()
