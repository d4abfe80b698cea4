"""The city's return list: every row matched to a filed record or listed, none taken in twice."""

from __future__ import annotations

import pandas as pd
import pyogrio
import pytest

from filing import find, package_of

HEADS = ["地块编号", "标识码", "宗地代码", "图层", "审核意见", "退回日期"]


@pytest.fixture(scope="module")
def package(filed):
    return package_of(filed)


@pytest.fixture(scope="module")
def plots(package):
    return pyogrio.read_dataframe(find(package, "低效用地数据库.gpkg"), layer="DXYD")


def returned(path, *rows):
    pd.DataFrame(list(rows), columns=HEADS).to_excel(path, index=False)
    return path


def taken(folder):
    return pd.read_csv(folder / "receipts.csv", dtype="str", encoding="utf-8-sig")


def test_rows_are_matched_by_whatever_code_they_have(lowuse, package, plots, tmp_path):
    a, b, c = plots.iloc[3], plots.iloc[7], plots.iloc[11]
    file = returned(
        tmp_path / "退回清单.xlsx",
        (a["DKBH"], None, None, "DXYD", "面积有误", "2024-05-01"),
        (None, b["BSM"], None, None, "权利人缺失", "2024-05-01"),
        (None, None, c["ZDDM"], None, "用途不符", "2024-05-01"),
        ("没有这一块", None, None, None, "查无此块", "2024-05-01"),
    )
    words = (
        "receipt",
        file,
        "--package",
        package,
        "--ledgers",
        tmp_path / "l",
        "--on",
        "2024-05-02",
    )
    code, out, err = lowuse(*words)
    assert code == 0, err
    assert "3 of 4" in out
    assert "查无此块" in out
    ledger = taken(tmp_path / "l")
    assert ledger["matched_code"].tolist()[:3] == [a["DKBH"], b["DKBH"], c["DKBH"]]
    assert ledger["state"].tolist() == ["matched"] * 3 + ["unmatched"]
    assert set(ledger["taken_on"]) == {"2024-05-02"}


def test_a_list_taken_in_again_adds_nothing(lowuse, package, plots, tmp_path):
    key = plots["DKBH"][0]
    first = returned(tmp_path / "a.xlsx", (key, None, None, None, "面积有误", "2024-05-01"))
    more = returned(
        tmp_path / "b.xlsx",
        (key, None, None, None, "面积有误", "2024-05-01"),
        (key, None, None, None, "图形有误", "2024-06-01"),
    )
    for file in (first, first, more):
        code, _out, err = lowuse("receipt", file, "--package", package, "--ledgers", tmp_path / "l")
        assert code == 0, err
    assert taken(tmp_path / "l")["problem"].tolist() == ["面积有误", "图形有误"]


def test_a_code_of_another_layer_is_no_match(lowuse, package, plots, tmp_path):
    file = returned(tmp_path / "a.xlsx", (plots["DKBH"][0], None, None, "KJDY", "x", None))
    lowuse("receipt", file, "--package", package, "--ledgers", tmp_path / "l")
    assert taken(tmp_path / "l")["state"].tolist() == ["unmatched"]


def test_formulas_in_a_list_stay_text(lowuse, package, plots, tmp_path):
    (tmp_path / "a.csv").write_text(f"地块编号,问题\n{plots['DKBH'][0]},=1+1\n", encoding="gbk")
    code, _out, err = lowuse(
        "receipt", tmp_path / "a.csv", "--package", package, "--ledgers", tmp_path / "l"
    )
    assert code == 0, err
    assert taken(tmp_path / "l")["problem"].tolist() == ["'=1+1"]


def test_bad_requests(refused, package, tmp_path):
    (tmp_path / "a.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    own = ("--ledgers", tmp_path / "l")
    refused("receipt", tmp_path / "a.csv", "--package", package, *own)
    refused("receipt", tmp_path / "none.xlsx", "--package", package, *own)
    (tmp_path / "empty").mkdir()
    refused("receipt", tmp_path / "a.csv", "--package", tmp_path / "empty", *own)
    assert not (tmp_path / "l").exists()
