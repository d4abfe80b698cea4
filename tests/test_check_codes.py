"""Every check code is produced by its sample file, and none by a clean delivery."""

import csv
from pathlib import Path

import pytest

from deliveries import MAKERS
from deliveries.matching import explained, unmatched
from deliveries.model import CHECK
from lowuse_gis.commands import check

ROOT = Path(__file__).parents[1]
CATALOGUE = (ROOT / "rules" / "checks.csv").read_text(encoding="utf-8")
CODES = [line["code"] for line in csv.DictReader(CATALOGUE.splitlines())]
SHOWN = ["code", "source", "row", "id", "other_row", "column", "value", "note", "x", "y", "file"]
LOUD = ("error", "warning")


def checked(delivery, output):
    request = check.Request(
        files=delivery.files,
        output=output,
        source=delivery.source,
        rules=delivery.rules,
        **delivery.options,
    )
    return check.check(request).findings


@pytest.mark.parametrize("maker", [m for m in MAKERS if m.by == CHECK], ids=lambda m: m.name)
def test_the_file_shows_its_code_and_no_other(maker, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    delivery = maker.make(folder)
    findings = checked(delivery, tmp_path / "out")
    shown = findings[SHOWN].to_string()
    assert not unmatched(delivery.wrong, findings), shown
    assert {wrong.code for wrong in delivery.wrong} <= {maker.code} or not maker.code
    loud = findings[findings["severity"].isin(LOUD)] if maker.code else findings
    others = loud[~explained(delivery.wrong, loud)]
    assert not set(others["code"]) - set(delivery.follows), shown


def test_every_code_of_the_catalogue_has_a_file():
    assert {maker.code for maker in MAKERS} - {""} == set(CODES)
