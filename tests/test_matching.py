"""Rows of tables find their parcel or firm by unit, credit code, name, address or place."""

from datetime import date

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

import tiny
from lowuse_gis.core.firm_names import core_of, most_similar, plain
from lowuse_gis.core.matching import by_key, settled
from lowuse_gis.io.result import read_result

AS_OF = date(2024, 3, 31)
FIRMS = [
    "天津青禾制管有限公司",
    "天津市静海区北辰机械厂",
    "静海县东方精密纺织印染整理有限责任公司",
    "天津青禾制管集团有限公司",
]


@pytest.fixture
def matched(lowuse, tmp_path):
    """Classify four parcels with a table, and give its rows as matched, and the parcels."""
    records = [
        tiny.parcel(k + 1, tiny.lot(200 * k, 0), USCC=f"C{k}", QLRMC=name, ZL=f"东风路{k}号")
        for k, name in enumerate(FIRMS)
    ]
    parcels = tiny.write_shapefile(tiny.frame(records), tmp_path / "p.shp")

    def call(source, text, *more):
        path = tmp_path / f"{source}.csv"
        path.write_text(text, encoding="utf-8")
        code, _out, err = lowuse(
            "classify", parcels, "-s", f"{source}={path}", "-o", tmp_path / "r.gpkg", "--as-of",
            AS_OF, "--overwrite", "-q", *more,
        )  # fmt: skip
        assert code == 0, err
        result = read_result(tmp_path / "r.gpkg")
        return result.tables["matched"].set_index("place"), result.parcels

    return call


def test_keys_in_order(matched):
    text = "宗地代码,不动产单元号,信用代码,权利人,坐落,出租比例（%）\n"
    rows = [
        (tiny.code(1), "", "", "", "", 1),
        ("", tiny.code(2) + "F00010001", "C3", "", "", 2),  # the unit comes before the credit code
        ("", "", "C2", "", "", 3),
        ("", "", "", "天津青禾制管集团有限公司", "东风路3号", 4),
    ]
    found, parcels = matched("leases", text + "".join(",".join(map(str, r)) + "\n" for r in rows))
    assert found["method"].tolist() == ["unit_code", "credit_code", "name_and_address"]
    assert found["state"].tolist() == ["sure"] * 3
    assert parcels["let_share"].tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("row", "method", "target"),
    [
        ("（天津）青禾制管有限公司,", "name", 1),  # brackets are signs
        ("天津青禾制管有限公司,", "name", 1),
        ("天津市 北辰机械 厂,", "core_name", 2),
        ("天津东方精密纺职印染整理有限公司,", "similar_name", 3),  # misspelt
        (",东风路２号", "address", 3),
    ],
)
def test_what_is_in_doubt_is_listed_and_not_used(matched, row, method, target):
    found, parcels = matched("leases", f"权利人,坐落,出租比例（%）\n{row},55\n")
    assert parcels["let_share"].isna().all()
    line = found.iloc[0]
    assert (line["method"], line["state"], line["target"]) == (
        method,
        "doubtful",
        tiny.code(target),
    )


def test_a_point_on_a_parcel(matched, rulebook):
    x, y = tiny.lot(400, 0).centroid.coords[0]
    lon, lat = Transformer.from_crs(rulebook.crs, "EPSG:4490", always_xy=True).transform(x, y)
    text = f"单位名称,X坐标,Y坐标,空置率（%）\n甲,{x},{y},40\n"
    found, parcels = matched("vacancy", text)
    assert found["method"].tolist() == ["place"]
    assert parcels["vacancy_rate"].fillna(-1).tolist() == [-1, -1, 40, -1]
    _found, parcels = matched("vacancy", f"单位名称,经度,纬度,空置率（%）\n甲,{lon},{lat},30\n")
    assert parcels["vacancy_rate"].fillna(-1).tolist() == [-1, -1, 30, -1]


def test_the_rulebook_says_from_which_score_on_nobody_is_asked():
    index = pd.Index(["a", "b"])
    found = by_key(
        pd.Series(["x", "y"], index),
        pd.Series(["x", "y", "y"]),
        pd.Series(["1", "2", "3"]),
        "m",
        0.9,
    )
    assert settled([found], index, 0.9)["state"].tolist() == ["sure", "ambiguous"]
    assert settled([found], index, 0.95)["state"].tolist() == ["doubtful", "ambiguous"]


def test_another_code_makes_a_match_doubtful(matched):
    text = f"宗地代码,信用代码,出租比例（%）\n{tiny.code(77)},C2,5\n"
    found, parcels = matched("leases", text)
    assert found["state"].tolist() == ["doubtful"]
    assert parcels["let_share"].isna().all()


def test_firms_by_name(matched):
    text = "企业名称,年度,入库税收（万元）\n"
    text += "静海县东方精密纺织印染整理有限责任公司,2023,7\n天津青禾制管,2023,9\n"
    found, parcels = matched("tax", text)
    assert found["state"].tolist() == ["sure", "ambiguous"]
    assert parcels["tax_last"].fillna(-1).tolist() == [-1, -1, 7, -1]


def test_confirmed_and_refused_are_remembered(matched, lowuse, refused, tmp_path):
    text = "权利人,坐落,出租比例（%）\n天津市北辰机械厂,,55\n,东风路2号,66\n"
    found, parcels = matched("leases", text)
    assert found["state"].tolist() == ["doubtful", "doubtful"]
    book = tmp_path / "确认.xlsx"
    code, _out, err = lowuse("matches", "out", tmp_path / "r.gpkg", "-o", book)
    assert code == 0, err
    refused("matches", "out", tmp_path / "r.gpkg", "-o", book)  # it may have been filled in
    sheet = openpyxl.load_workbook(book)
    page = sheet.worksheets[0]
    heads = [cell.value for cell in page[3]]
    at = {name: heads.index(name) + 1 for name in ("The same?", "Confirmed by", "Confirmed on")}
    for row, answer in ((4, "Yes"), (5, "No")):
        for name, value in zip(at, (answer, "张三", "2024-04-02"), strict=True):
            page.cell(row, at[name], value)
    sheet.save(book)
    code, _out, err = lowuse("matches", "in", book, "--ledgers", tmp_path / "ledgers")
    assert code == 0, err
    ledger = (tmp_path / "ledgers" / "matches.csv").read_bytes()
    assert ledger.startswith(b"\xef\xbb\xbf")
    found, parcels = matched("leases", text, "--ledgers", tmp_path / "ledgers")
    assert set(found["state"]) == {"confirmed", "unmatched"}
    assert parcels["let_share"].notna().sum() == 1
    refused("matches", "out", tmp_path / "r.gpkg", "-o", tmp_path / "again.xlsx")


def test_nothing_is_matched_where_every_code_is_known(matched):
    text = "宗地代码,出租比例（%）\n" + "".join(f"{tiny.code(k + 1)},{k}\n" for k in range(4))
    with pytest.raises(KeyError):
        matched("leases", text)


def test_names_without_place_and_legal_form(rulebook):
    rules = rulebook.matching
    names = pd.Series(FIRMS)
    assert core_of(plain(names), rules["places"], rules["suffixes"]).tolist() == [
        "青禾制管", "北辰机械", "东方精密纺织印染整理", "青禾制管",
    ]  # fmt: skip


words = st.text(alphabet="青禾制管北辰机械东方纺织", min_size=1, max_size=8)


@settings(max_examples=80, deadline=None)
@given(st.lists(words, max_size=12), st.lists(words, min_size=1, max_size=12))
def test_a_row_means_one_code_or_is_ambiguous(rows, known):
    names = pd.Series(rows, dtype="str")
    codes = pd.Series([f"P{k}" for k in range(len(known))])
    lines = settled([by_key(names, pd.Series(known), codes, "name", 1.0)], names.index, 1.0)
    for name, target, state in zip(rows, lines["target"], lines["state"], strict=True):
        assert (state == "unmatched") == (name not in known)
        assert (state == "ambiguous") == (known.count(name) > 1)
        assert state == "unmatched" or known[int(target[1:])] == name


@settings(max_examples=50, deadline=None)
@given(
    st.lists(words, unique=True, min_size=1, max_size=9), st.lists(words, unique=True, max_size=9)
)
def test_the_most_similar_name_is_none_less_alike_than_another(wanted, known):
    from rapidfuzz import fuzz

    at, score, _several = most_similar(wanted, known, 0.5)
    for name, k, how in zip(wanted, at, score, strict=True):
        best = max((fuzz.ratio(name, other) for other in known), default=0)
        assert (k >= 0) == (best >= 50)
        if k >= 0:
            assert fuzz.ratio(name, known[k]) == pytest.approx(best, abs=1e-4)
            assert how * 100 == pytest.approx(best, abs=1e-3)
