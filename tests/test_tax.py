"""Tax per mu: keyed by firm through a table of firms, by the parcel's own code, or by parcel."""

import pytest

import tiny
from lowuse_gis.io.result import read_result

HEAD = "税号,年度,入库税收（万元）\n"


@pytest.fixture
def tax_of(lowuse, tmp_path):
    records = [
        tiny.parcel(1, tiny.lot(0, 0, 200, 100), USCC="X1"),
        tiny.parcel(2, tiny.lot(300, 0), USCC="X1"),
        tiny.parcel(3, tiny.lot(500, 0), USCC="X2"),
        tiny.parcel(4, tiny.lot(700, 0)),
    ]
    parcels = tiny.write_shapefile(tiny.frame(records), tmp_path / "p.shp")

    def call(**tables):
        options = []
        for name, text in tables.items():
            path = tmp_path / f"{name}.csv"
            path.write_text(text, encoding="utf-8")
            options += ["-s", f"{name}={path}"]
        out = tmp_path / "r.gpkg"
        code, _out, err = lowuse(
            "classify", parcels, *options, "-o", out, "-q", "--overwrite", "--as-of", "2024-03-31"
        )
        assert code == 0, err
        return read_result(out).parcels

    return call


def test_by_the_parcels_own_credit_code(tax_of):
    found = tax_of(tax=HEAD + "X1,2023,30\nX1,2022,60\nX2,2023,5\n")
    assert found["tax_last"].fillna(-1).tolist() == pytest.approx([20, 10, 5, -1], abs=1e-3)
    assert found["tax_years"].tolist() == [2, 2, 1, 0]
    assert found["tax_last"].sum() == pytest.approx(35, abs=1e-3)  # nothing is lost


def test_by_parcel_code(tax_of):
    text = "宗地代码,2022年入库税收（元）,2023年入库税收（元）\n"
    found = tax_of(tax=text + f"{tiny.code(4)},0,0\n{tiny.code(1)},10000,20000\n")
    assert found["tax_last"].fillna(-1).tolist() == pytest.approx([2, -1, -1, 0])
    assert found["untaxed_years"].fillna(-1).tolist() == [0, -1, -1, 2]


def test_a_table_of_firms_stands_above_the_parcels_own_code(tax_of):
    firms = "统一社会信用代码,宗地代码,占用面积（亩）\n" + f"X2,{tiny.code(4)},15\n"
    found = tax_of(tax=HEAD + "X1,2023,30\nX2,2023,5\n", enterprises=firms)
    assert found["tax_last"].fillna(-1).tolist() == [-1, -1, -1, 5]


def test_who_is_asked(tax_of):
    found = tax_of(tax=HEAD + "X2,2023,5\n")
    asked = found["ask"].str.split(";")
    assert "tax" in asked.iloc[0]  # the firm is known, its tax is not
    assert "tax" not in asked.iloc[3]  # no firm is known
