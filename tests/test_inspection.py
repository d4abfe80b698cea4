"""Cells, fields, derived columns, totals, and what becomes of findings."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from lowuse_gis.core.inspection.cells import cell_faults
from lowuse_gis.core.inspection.derived import with_derived
from lowuse_gis.core.inspection.fields import field_faults
from lowuse_gis.core.inspection.judged import judged
from lowuse_gis.core.inspection.lifecycle import compared, excused
from lowuse_gis.core.inspection.totals import total_faults
from lowuse_gis.io.fields import standard_values
from lowuse_gis.model import CheckBook, CheckRule, Delivered, Derived, Tolerance, Total

DAY = date(2024, 3, 31)


def delivered(rulebook, source, dtype="str", width=0, **columns):
    raw = pd.DataFrame(
        columns, index=[f"1:{n + 1}" for n in range(len(next(iter(columns.values()))))]
    )
    raw.index.name = "row"
    frame = standard_values(raw, rulebook, source)
    fields = pd.DataFrame({"field": list(raw), "column": list(raw), "dtype": dtype, "width": width})
    shapes = gpd.GeoDataFrame(frame, geometry=[None] * len(frame), crs=rulebook.crs)
    return Delivered(source, "a.shp", "", shapes, raw, fields)


def faults(rulebook, source, **columns):
    layer = delivered(rulebook, source, **columns)
    found = cell_faults(layer, rulebook.fields[source], rulebook.domain)
    return {(line.row, line.column): line.fault for line in found.itertuples()}


CODE = "120118902001GB00001"


@pytest.mark.parametrize(
    ("column", "value", "fault"),
    [
        ("parcel_code", CODE, None),
        ("parcel_code", None, "missing"),
        ("parcel_code", " ", "missing"),
        ("parcel_code", "120118902001GB00000", "malformed"),
        ("parcel_code", "12011890200lGB00001", "malformed"),
        ("parcel_code", "320118902001GB00001", "malformed"),
        ("parcel_code", "1.20119E+18", "mangled"),
        ("parcel_code", "１20118902001GB00001", "full_width"),
        ("parcel_code", CODE + " ", "spaces"),
        ("registered_use", "0601", None),
        ("registered_use", "9999", "unlisted"),
        ("registered_area", "12.5", None),
        ("registered_area", "0", "out_of_range"),
        ("registered_area", "many", "unreadable"),
        ("contract_plot_ratio", None, None),
        ("contract_plot_ratio", "21", "out_of_range"),
        ("supplied_on", "2020-13-45", "unreadable"),
        ("owner", "李四 ", "spaces"),
    ],
)
def test_a_cell_has_the_fault_it_has(rulebook, column, value, fault):
    found = faults(rulebook, "parcels", **{column: [value]})
    assert found == ({("1:1", column): fault} if fault else {})


def test_text_that_fills_its_field_may_be_cut(rulebook):
    layer = delivered(rulebook, "parcels", width=10, location=["静海一二三", "静海一二", "abc"])
    found = cell_faults(layer, rulebook.fields["parcels"], rulebook.domain)
    assert found[["row", "fault"]].to_numpy().tolist() == [["1:1", "full"]]


def test_alike_cells_are_all_listed_in_order(rulebook):
    found = faults(rulebook, "survey", survey_class=["0601", "0999", "0601", "0999"])
    assert found == {("1:2", "survey_class"): "unlisted", ("1:4", "survey_class"): "unlisted"}


def test_fields_missing_or_of_another_type(rulebook):
    layer = delivered(rulebook, "survey", survey_class=["0601"], survey_area=["12.5"])
    found = field_faults(layer, rulebook.fields["survey"])
    assert ("survey_area", "wrong_type") in set(zip(found["column"], found["fault"], strict=True))
    assert set(found.loc[found["fault"] == "missing", "column"]) == {
        "survey_id", "polygon_number", "village_code", "survey_ownership",
    }  # fmt: skip


def test_derived_columns_keep_what_is_missing():
    table = pd.DataFrame(
        {
            "a": [3.0, np.nan, 8.0],
            "b": [1.0, 1.0, 0.0],
            "code": ["120118", None, "120223"],
            "begin": ["1201", "1201", "1201"],
        }
    )
    rules = [
        Derived("difference", "difference", ("a", "b")),
        Derived("ratio", "ratio", ("a", "b")),
        Derived("begins", "begins", ("code", "begin")),
        Derived("form", "pattern", ("code",), pattern=r"\d{6}"),
        Derived("first", "part", ("code",), start=0, length=4),
        Derived("same", "group_size", ("begin",)),
        Derived("elsewhere", "ratio", ("a", "b"), layers=("other",)),
        Derived("never", "ratio", ("a", "nothing")),
    ]
    made = with_derived(table, rules, "parcels").astype(object)
    made = made.where(made.notna(), None)
    assert made["difference"].tolist() == [2.0, None, 8.0]
    assert made["ratio"].tolist() == [3.0, None, None]
    assert made["begins"].tolist() == ["yes", None, "no"]
    assert made["form"].tolist() == ["yes", None, "yes"]
    assert made["first"].tolist() == ["1201", None, "1202"]
    assert made["same"].tolist() == [3.0, 3.0, 3.0]
    assert not {"elsewhere", "never"} & set(made)


def test_parts_are_held_against_their_total(rulebook):
    parts = delivered(rulebook, "survey", survey_area=[1.0, 2.0, 5.0, None],
                      village_code=["a", "a", "b", "c"])  # fmt: skip
    whole = delivered(rulebook, "village_boundaries", village_code=["a", "b", "c", "d"],
                      village_area=[3.0, 4.0, 1.0, 2.0])  # fmt: skip
    total = Total("t", "survey", "village_code", "survey_area", "village_boundaries",
                  "village_code", "village_area")  # fmt: skip
    layers = {"survey": parts, "village_boundaries": whole}
    found = total_faults([total], layers, "village_boundaries")
    difference = found.set_index("row")["difference"]
    assert difference.drop("1:3").to_dict() == {"1:1": 0.0, "1:2": 1.0, "1:4": 2.0}
    assert np.isnan(difference["1:3"])
    assert not len(total_faults([total], layers, "survey"))


def book(**severity):
    limit = Tolerance("least", 2.0, "m²", "", "", "proposal", "", "to confirm")
    rules = (
        CheckRule("1", "features", "area < :least", value="area", limit="least"),
        CheckRule("2", "features", "nothing > 1"),
        CheckRule("3", "features", "word = 'x'", layers=("survey",)),
    )
    return CheckBook(rules, {"least": limit}, severity=severity)


def test_unknown_is_no_defect_and_a_missing_column_is_said():
    table = pd.DataFrame({"row": ["1:1", "1:2", "1:3"], "area": [1.0, None, 3.0]})
    outcome = judged(table, book().rules[:2], book(), "parcels")
    assert outcome.found[["code", "row", "value", "limit"]].to_numpy().tolist() == [
        ["1", "1:1", 1.0, 2.0]
    ]
    assert outcome.skipped.to_numpy().tolist() == [["2", "parcels", "nothing"]]


def findings(*lines):
    columns = ["code", "source", "row", "id", "other_row", "other_id", "column", "x", "y"]
    return pd.DataFrame(lines, columns=columns)


def line(code, identity, other="", x=1.0):
    return (code, "parcels", "1:1", identity, "1:2" if other else "", other, "", x, 2.0)


def test_findings_are_new_open_mended_and_back_again():
    first = compared(findings(line("4101", "a", "b"), line("3104", "c")), None, None, DAY)
    assert first.findings["state"].tolist() == ["new", "new"]
    second = compared(
        findings(line("4101", "b", "a")), first.findings, first.mended, date(2024, 4, 30)
    )
    assert second.findings["state"].tolist() == ["open"]  # in whatever order the two are named
    assert second.findings["first_seen"].tolist() == ["2024-03-31"]
    assert second.mended["code"].tolist() == ["3104"]
    third = compared(
        findings(line("3104", "c"), line("3104", "d")), second.findings, second.mended, DAY
    )
    assert third.findings["state"].tolist() == ["back", "new"]
    assert third.mended["code"].tolist() == ["4101"]


def test_findings_without_an_id_are_known_by_their_place():
    before = compared(findings(line("4103", "", x=10.0)), None, None, DAY)
    near = compared(findings(line("4103", "", x=10.2)), before.findings, before.mended, DAY)
    far = compared(findings(line("4103", "", x=14.0)), before.findings, before.mended, DAY)
    assert near.findings["state"].tolist() == ["open"]
    assert far.findings["state"].tolist() == ["new"]
    assert len(far.mended) == 1


def test_exceptions_are_counted_and_unused_ones_are_named():
    found = compared(findings(line("4101", "a", "b"), line("4101", "a", "c")), None, None, DAY)
    ledger = pd.DataFrame(
        [
            ("4101", "", "a", "c", "判决书", "王五", "2024-01-02"),
            ("4101", "", "z", "", "x", "y", ""),
        ],
        columns=["code", "source", "id", "other_id", "reason", "who", "when"],
    )
    marked, unused = excused(found.findings, ledger)
    assert marked["state"].tolist() == ["new", "excused"]
    assert marked["excuse"].tolist() == ["", "判决书; 王五; 2024-01-02"]
    assert unused["id"].tolist() == ["z"]
