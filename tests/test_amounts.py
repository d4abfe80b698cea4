"""Amounts of firms on parcels: every firm's total is kept to the cent, nothing is made up."""

from dataclasses import replace
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tiny
from lowuse_gis.io.result import read_result
from lowuse_gis.measures.amounts import amounts, authority, per_mu
from lowuse_gis.measures.tables import linked
from lowuse_gis.model import Run, Survey

SPEC = {
    "source": "tax",
    "amount": "tax",
    "links": "enterprises",
    "basis": ["occupied_area", "occupied_floor", "land"],
    "into": ["tax_last", "tax_previous"],
    "places": 6,
    "check": "6111",
}


def district(areas, links, paid):
    """Return a survey of parcels P0, P1, …, firms on them, and what the firms paid."""
    parcels = gpd.GeoDataFrame(
        {
            "parcel_code": pd.Series([f"P{k}" for k in range(len(areas))], dtype="str"),
            "area": np.array(areas, dtype=float),
            "credit_code": pd.Series([None] * len(areas), dtype="str"),
        },
        geometry=[tiny.lot(200 * k, 0) for k in range(len(areas))],
        crs="EPSG:4527",
    )
    parcels.index = pd.Index([f"1:{k + 1}" for k in range(len(areas))], name="row")
    firms = pd.DataFrame(
        links, columns=["credit_code", "parcel_code", "occupied_area", "occupied_floor"]
    )
    firms = firms.astype(
        {
            "credit_code": "str",
            "parcel_code": "str",
            "occupied_area": float,
            "occupied_floor": float,
        }
    )
    tax = pd.DataFrame(paid, columns=["credit_code", "year", "tax"])
    tax = tax.astype({"credit_code": "str", "year": float, "tax": float})
    return Survey(
        parcels, tables={"enterprises": firms, "tax": tax.assign(place="1", firm_name="甲")}
    )


def measured(survey, rulebook):
    return amounts(survey, SPEC, Run(rulebook, date(2024, 3, 31)))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_total_is_kept_to_the_cent(rulebook, data):
    count = data.draw(st.integers(1, 6))
    areas = data.draw(st.lists(st.floats(1, 1e6), min_size=count, max_size=count))
    links, paid = [], []
    for firm in range(data.draw(st.integers(1, 5))):
        on = data.draw(st.lists(st.integers(0, count), unique=True, max_size=count))  # one unknown
        known = data.draw(st.booleans())
        for at in on:
            size = data.draw(st.floats(0.01, 1e5)) if known else None
            links.append((f"F{firm}", f"P{at}", size, None))
        cents = data.draw(st.integers(0, 10**12))
        paid.append((f"F{firm}", 2023, cents / 1e6))
    survey = district(areas, links, paid)
    found = measured(survey, rulebook)
    on_parcels = found.columns["tax_last"]
    listed = pd.concat(found.checks)["value"].fillna(0).sum()
    firms = survey.tables["enterprises"]
    for code, _year, total in paid:
        mine = firms[firms["credit_code"] == code]
        whole = mine["parcel_code"].isin(survey.parcels["parcel_code"]).all() and len(mine)
        alone = (
            not firms[firms["parcel_code"].isin(mine["parcel_code"])]["credit_code"].ne(code).any()
        )
        if whole and alone:
            rows = survey.parcels.index[survey.parcels["parcel_code"].isin(mine["parcel_code"])]
            assert round(on_parcels[rows].sum() * 1e6) == round(total * 1e6)
    assert on_parcels.sum() + listed <= sum(total for *_firm, total in paid) + 1e-6
    assert (on_parcels.dropna() >= 0).all()


def test_shares_follow_the_first_basis_that_is_known_for_the_whole_firm(rulebook):
    links = [
        ("A", "P0", 100, None), ("A", "P1", 300, None),
        ("B", "P2", None, 50), ("B", "P3", 7, 150),
        ("C", "P4", None, None), ("C", "P5", None, 9),
    ]  # fmt: skip
    paid = [(code, 2023, 100.0) for code in "ABC"]
    survey = district([10, 10, 10, 10, 10, 30], links, paid)
    assert measured(survey, rulebook).columns["tax_last"].tolist() == [25, 75, 25, 75, 25, 75]


def test_an_unknown_firm_leaves_the_sum_unknown(rulebook):
    links = [("A", "P0", 1, None), ("B", "P0", 1, None), ("A", "P1", 1, None)]
    survey = district([10, 10], links, [("A", 2023, 8.0)])
    found = measured(survey, rulebook)
    assert found.columns["tax_last"].fillna(-1).tolist() == [-1, 4]
    assert found.causes["tax_last"].tolist() == ["tax", "tax"]


def test_money_that_reaches_no_parcel_is_listed(rulebook):
    links = [("A", "P0", 1, None), ("B", "P9", 1, None)]
    survey = district(
        [10], links, [("A", 2023, 8.0), ("B", 2023, 3.0), ("C", 2022, 2.5), ("D", 2023, 0)]
    )
    listed = pd.concat(measured(survey, rulebook).checks)
    assert listed["value"].tolist() == [3.0, 2.5]
    assert listed["code"].unique().tolist() == ["6111"]


def test_years_back_and_means(rulebook):
    survey = district([666.6667, 1333.3334, 666.6667, 666.6667], [("A", "P0", 1, None)], [])
    given_ = pd.DataFrame(
        {"tax_last": [4, 0, 0, np.nan], "tax_previous": [2, 0, np.nan, 0]},
        index=survey.parcels.index,
    )
    survey = survey.with_columns(given_, [], {})
    spec = {
        "amounts": ["tax_last", "tax_previous"], "into": ["a", "b"], "mean": "m", "years": "n",
        "zero_years": "z",
    }  # fmt: skip
    found = per_mu(survey, spec, Run(rulebook, date(2024, 3, 31))).columns.fillna(-1)
    assert found["m"].tolist() == [3, 0, 0, 0]
    assert found["n"].tolist() == [2, 2, 1, 1]
    assert found["z"].tolist() == [0, 2, -1, -1]


def test_the_authority_wins_and_both_are_kept(rulebook):
    survey = district([1, 1, 1, 1], [], [])
    values = pd.DataFrame(
        {
            "output_per_mu_computed": [10, np.nan, 10, 10],
            "output_per_mu_reported": [20, 5, np.nan, 10.4],
        },
        index=survey.parcels.index,
    )
    survey = survey.with_columns(values, [], {})
    spec = {
        "from": ["output_per_mu_computed", "output_per_mu_reported"],
        "into": "output_per_mu", "tolerance": 0.05, "check": "6112",
    }  # fmt: skip
    found = authority(survey, spec, Run(rulebook, date(2024, 3, 31)))
    assert found.columns["output_per_mu"].tolist() == [10, 5, 10, 10]
    (rows,) = found.checks
    assert rows[["row", "value", "limit"]].to_numpy().tolist() == [["1:1", 10, 20]]


@pytest.mark.parametrize(
    ("source", "head", "column", "expected"),
    [
        ("output", "统一社会信用代码,年度,产值（亿元）", "output_last", [2500, 7500]),
        ("employees", "信用代码,2023年参保人数,2022年参保人数", "employees_last", [0.25, 0.75]),
        ("energy", "信用代码,年度,综合能耗", "energy_last", [0.25, 0.75]),
        ("investment", "信用代码,年度,固定资产投资（元）", "investment_last", [0.000025, 0.000075]),
    ],
)
def test_tables_of_every_bureau(source, head, column, expected, lowuse, tmp_path):
    parcels = tiny.frame([tiny.parcel(1, tiny.lot(0, 0)), tiny.parcel(2, tiny.lot(300, 0))])
    path = tiny.write_shapefile(parcels, tmp_path / "p.shp")
    firms = (
        f"统一社会信用代码,宗地代码,占用面积（亩）\nX1,{tiny.code(1)},10\nX1,{tiny.code(2)},30\n"
    )
    (tmp_path / "f.csv").write_text(firms, encoding="utf-8")
    years = "X1,1,1\n" if "2022" in head else "X1,2023,1\n"
    (tmp_path / "t.csv").write_text(f"{head}\n{years}", encoding="utf-8")
    code, _out, err = lowuse(
        "classify", path, "-s", f"enterprises={tmp_path / 'f.csv'}", "-s",
        f"{source}={tmp_path / 't.csv'}", "-o", tmp_path / "r.gpkg", "--as-of", "2024-03-31",
    )  # fmt: skip
    assert code == 0, err
    result = read_result(tmp_path / "r.gpkg").parcels
    assert result[column].tolist() == pytest.approx(expected, abs=0.006)
    assert result[column].sum() == pytest.approx(sum(expected), abs=1e-9)


@pytest.mark.parametrize(
    "codes", [["P0", "P1", None], ["P0", "P0", "P1"], [None, None, None], ["P1", "", None]]
)
def test_rows_are_linked_to_every_parcel_of_their_code(codes):
    survey = district([10.0, 20.0, 30.0], [], [])
    parcels = survey.parcels.assign(parcel_code=pd.Series(codes, survey.parcels.index, "str"))
    table = pd.DataFrame({"parcel_code": pd.Series(["P1", "P9", "P0", None], dtype="str")})
    lines = linked(replace(survey, parcels=parcels), table)
    there = pd.DataFrame({"parcel_code": codes, "at": range(3), "land": parcels["area"].to_numpy()})
    wanted = table.merge(there.dropna(subset="parcel_code"), on="parcel_code", how="left")
    assert lines["at"].tolist() == wanted["at"].fillna(-1).tolist()
    pd.testing.assert_series_equal(lines["land"], wanted["land"])


def test_a_table_is_linked_anew_when_parcels_or_table_change():
    survey = district([10.0, 20.0], [], [])
    seen = []
    for order, sought in [("P0 P1", "P1"), ("P1 P0", "P1"), ("P1 P0", "P0"), ("P0 P1", "P1")]:
        codes = pd.Series(order.split(), survey.parcels.index, "str")
        table = pd.DataFrame({"parcel_code": pd.Series([sought], dtype="str")})
        parcels = survey.parcels.assign(parcel_code=codes)
        seen += linked(replace(survey, parcels=parcels), table)["at"].tolist()
    assert seen == [1, 0, 1, 1]
