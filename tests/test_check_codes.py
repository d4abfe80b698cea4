"""Every check code is produced by its sample file, and none by a clean delivery."""

import csv
from pathlib import Path

import pytest

from deliveries import MAKERS
from deliveries.matching import explained, unmatched
from deliveries.model import CHECK, CLASSIFY, UNITS
from lowuse_gis.commands import check, classify, units
from lowuse_gis.io.geopackage import read_layer_frame

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
    return check.check(request).checked.findings


@pytest.mark.parametrize("maker", [m for m in MAKERS if m.by == CHECK], ids=lambda m: m.name)
def test_the_file_shows_its_code_and_no_other(maker, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    delivery = maker.make(folder)
    findings = checked(delivery, tmp_path / "out")
    hold(maker, delivery, findings)


def hold(maker, delivery, findings):
    """Everything that must be found is, and nothing else that is an error or a warning."""
    shown = findings.reindex(columns=SHOWN).to_string()
    assert not unmatched(delivery.wrong, findings), shown
    assert {wrong.code for wrong in delivery.wrong} <= {maker.code} or not maker.code
    loud = findings[findings["severity"].isin(LOUD)] if maker.code else findings
    others = loud[~explained(delivery.wrong, loud)]
    assert not set(others["code"]) - set(delivery.follows), shown


@pytest.mark.parametrize("maker", [m for m in MAKERS if m.by == CLASSIFY], ids=lambda m: m.name)
def test_the_run_shows_its_code_and_no_other(maker, tmp_path):
    delivery = maker.make(tmp_path)
    request = classify.Request(delivery.files, tmp_path / "r.gpkg", **delivery.options)
    classify.classify(request)
    hold(maker, delivery, named(layer_of(request.output)))


def layer_of(result):
    """Read the layer of checks, where what is empty is missing."""
    checks = read_layer_frame(result, "checks")
    texts = checks.columns.drop(["value", "limit", "x", "y", "geometry"], errors="ignore")
    return checks.assign(**{name: checks[name].fillna("") for name in texts})


def named(checks):
    """Name the columns of a layer of checks as the findings of a check are."""
    rows = checks.rename(columns={"other": "other_row", "parcel_code": "id"})
    return rows.assign(source="", file="", column="", other_id="")


@pytest.mark.parametrize("maker", [m for m in MAKERS if m.by == UNITS], ids=lambda m: m.name)
def test_the_units_show_their_code_and_no_other(maker, tmp_path):
    delivery = maker.make(tmp_path)
    result = tmp_path / "r.gpkg"
    classify.classify(classify.Request(delivery.files, result, **delivery.options))
    request = units.Request(
        result, tmp_path / "u.gpkg", barriers=delivery.barriers, rules=delivery.rules
    )
    hold(maker, delivery, named(units.units(request).checks))


def test_every_code_of_the_catalogue_has_a_file():
    assert {maker.code for maker in MAKERS} - {""} == set(CODES)
