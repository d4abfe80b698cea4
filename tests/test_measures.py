"""Measures over tables and places, on parcels whose numbers a person can check."""

import pandas as pd
import pytest

import tiny
from lowuse_gis.io.result import read_result
from lowuse_gis.measures.codes import _extracted

HEAD = "宗地代码,"
NOBODY = ("supply", "idle_land", "title_disputes")


@pytest.fixture
def judged(lowuse, tmp_path):
    """Classify four industrial lots with the tables and layers given."""
    records = [
        tiny.parcel(n, tiny.lot(200 * n, 0), YDKG="20230901" if n == 2 else None)
        for n in range(1, 5)
    ]
    records[3]["JGSJ"] = "20200101"
    parcels = tiny.write_shapefile(tiny.frame(records), tmp_path / "p.shp")

    def call(*layers, **tables):
        options = [part for layer in layers for part in ("-s", layer)]
        for name, text in tables.items():
            path = tmp_path / f"{name}.csv"
            path.write_text(text, encoding="utf-8")
            options += ["-s", f"{name}={path}"]
        out = tmp_path / "r.gpkg"
        code, _out, err = lowuse(
            "classify", parcels, *options, "-o", out, "-q", "--overwrite", "--as-of", "2024-03-31"
        )
        assert code == 0, err
        return read_result(out)

    return call


def parcel(result, number):
    return result.parcels[result.parcels["parcel_code"] == tiny.code(number)].iloc[0]


def test_one_marked_firm_is_enough_and_all_must_be_known_not_to_be(judged):
    rows = [
        "企业名称,统一社会信用代码,宗地代码,经营状态,是否淘汰类,环保不达标",
        f"甲,X1,{tiny.code(1)},正常,是,否",
        f"乙,X2,{tiny.code(1)},正常,,否",
        f"丙,X3,{tiny.code(2)},正常,否,否",
        f"丁,X4,{tiny.code(2)},正常,,否",
        f"戊,X5,{tiny.code(3)},正常,否,否",
    ]
    found = judged(enterprises="\n".join(rows)).parcels
    assert found["phase_out_firm"].iloc[0]
    assert pd.isna(found["phase_out_firm"].iloc[1])
    assert not found["phase_out_firm"].iloc[2]
    assert pd.isna(found["phase_out_firm"].iloc[3])  # no firm is known
    assert pd.isna(found["unsafe_firm"]).all()  # the table has no such column


def test_construction(judged):
    supply = "宗地代码,建设状态,约定开工日\n" + f"{tiny.code(1)},在建,2023-01-01\n"
    supply += f"{tiny.code(2)},未开工,\n"
    result = judged(supply=supply)
    states = result.parcels["construction_state"].tolist()
    assert states == ["2", "1", "0", "3"]  # 3 not in a complete table; 4 completed by its own date
    assert parcel(result, 2)["months_since_agreed_start"] == 6  # the parcel's own date
    excluded = result.parcels["criteria_met"].str.contains("EXC-04")
    assert excluded.tolist() == [True, True, False, False]
    without = judged().parcels["construction_state"]
    assert without.isna().tolist() == [True, True, True, False]


def test_mean_of_the_industry_by_longest_prefix(judged):
    firms = "企业名称,统一社会信用代码,宗地代码,行业代码\n"
    firms += "".join(
        f"企{n},X{n},{tiny.code(n)},{c}\n" for n, c in enumerate(("C3311", "2669", "C21"), 1)
    )
    means = "行业代码,亩均税收（元/亩）\nC,990000\n33,108000\n33,550000\n26,90000\n2669,140000\n"
    result = judged(enterprises=firms, industry_means=means)
    assert result.parcels["industry_tax_per_mu"].fillna(-1).tolist() == pytest.approx(
        [10.8, 14, -1, -1]
    )
    asked = {n: parcel(result, n)["ask"].split(";") for n in (3, 4)}
    assert "tax" in asked[3]  # whoever has the means lacks furniture
    assert "tax" not in asked[4]  # no firm is known: first of all who is there


def test_a_threshold_of_a_park(judged, tmp_path):
    park = tiny.frame(
        [{"KFYQMC": "天津子牙经济技术开发区", "geometry": tiny.lot(150, -50, 200, 200)}]
    )
    park.to_file(tmp_path / "park.gpkg", layer="KFYQ")
    tax = "宗地代码,年度,入库税收（万元）\n"
    tax += "".join(f"{tiny.code(n)},{y},{7 * 15}\n" for n in range(1, 5) for y in (2022, 2023))
    firms = "企业名称,统一社会信用代码,宗地代码,行业代码\n"
    firms += "".join(
        f"企{n},X{n},{tiny.code(n)},{'G5990' if n == 2 else '3311'}\n" for n in range(1, 5)
    )
    result = judged(f"parks={tmp_path / 'park.gpkg'}", tax=tax, enterprises=firms)
    assert result.parcels["zone"].tolist() == [
        "天津子牙经济技术开发区",
        "园区外",
        "园区外",
        "园区外",
    ]
    lines = result.tables["findings"].query("criterion == 'IND-02'").set_index("row")
    assert lines["limit"].tolist() == [8, 3, 5, 5]
    assert lines["truth"].tolist() == ["true", "false", "false", "false"]  # 7 per mu
    assert lines["threshold"].tolist() == [
        "tax_per_mu_min[zone=天津子牙经济技术开发区]",
        "tax_per_mu_min[industry=59]",
        "tax_per_mu_min",
        "tax_per_mu_min",
    ]


def test_without_the_parks_the_park_is_asked_for(judged):
    tax = "宗地代码,年度,入库税收（万元）\n"
    tax += "".join(f"{tiny.code(n)},{y},{7 * 15}\n" for n in range(1, 5) for y in (2022, 2023))
    result = judged(tax=tax)
    lines = result.tables["findings"].query("criterion == 'IND-02'")
    assert set(lines["truth"]) == {"unknown"}
    assert "zone" in parcel(result, 1)["missing"].split(";")


def test_a_difficulty_without_a_kind_is_another(judged):
    wishes = "宗地代码,盘活意愿,存在困难,困难类别\n"
    wishes += f"{tiny.code(1)},强,缺钱,资金\n{tiny.code(2)},强,说不清,\n"
    result = judged(wishes=wishes)
    assert result.parcels["difficulty_kind"].fillna("").tolist() == ["05", "99", "", ""]
    problems = result.tables["problems"].query("code in ('OBS-15', 'OBS-90')")
    assert list(zip(problems["code"], problems["category"], strict=True)) == [
        ("OBS-15", "05"),
        ("OBS-90", "99"),
    ]


def test_what_towns_answer_is_kept_apart_from_what_they_do_not(judged):
    wishes = "宗地代码,盘活意愿,使用人是否同意,乡镇优先级,资金落实情况\n"
    wishes += f"{tiny.code(1)},强,同意,优先,渠道明确\n{tiny.code(2)},强,,未定,\n"
    parcels = judged(wishes=wishes).parcels
    told = parcels[["tenant_consent", "town_priority", "funding"]].fillna("")
    assert told.to_numpy().tolist() == [["1", "1", "2"], ["", "9", ""], [""] * 3, [""] * 3]


def test_a_village_share_counts_known_homesteads_once(lowuse, tmp_path):
    records = [
        tiny.parcel(n, tiny.lot(40 * n, 0, 16, 16), ZDDM=tiny.code(n, "JC"), YT="0702", CJDM=v)
        for n, v in enumerate(["120118901001"] * 4 + ["120118901002"], 1)
    ]
    parcels = tiny.write_shapefile(tiny.frame(records), tmp_path / "p.shp")
    rows = ["宗地代码,利用状态"]
    rows += [
        f"{tiny.code(n, 'JC')},{s}"
        for n, s in ((1, "空置"), (1, "废弃"), (2, "正常"), (3, ""), (3, "废弃"))
    ]
    (tmp_path / "h.csv").write_text("\n".join(rows), encoding="utf-8")
    villages = (
        "村级代码,村名,户籍人口,村庄建设用地面积（亩）,村庄类型\n120118901001,甲村,100,30,撤并\n"
    )
    (tmp_path / "v.csv").write_text(villages + "120118901002,乙村,0,30,保留\n", encoding="utf-8")
    out = tmp_path / "r.gpkg"
    options = ["-s", f"homesteads={tmp_path / 'h.csv'}", "-s", f"villages={tmp_path / 'v.csv'}"]
    code, _out, err = lowuse("classify", parcels, *options, "-o", out, "-q")
    assert code == 0, err
    found = read_result(out)
    assert found.parcels["idle_homestead_share"].fillna(-1).tolist() == [0.5] * 4 + [-1]
    per_head = found.parcels["village_land_per_head"].fillna(-1).tolist()
    assert per_head == pytest.approx([30 * 666.6667 / 100] * 4 + [-1], abs=1e-3)
    village = found.tables["villages"].set_index("village_code")
    assert village["village_name"].tolist() == ["甲村", "乙村"]
    assert village["criteria_met"].fillna("").tolist() == ["VIL-01;VIL-04", ""]
    assert village["verdict"].tolist() == ["low_use", "undetermined"]


@pytest.mark.parametrize(
    "pattern",
    [r"^(?P<a>[A-Z])(?P<b>\d)$", r"^(?P<a>[A-Z])(?P<b>\d)?$", r"^(?P<a>[A-Z])(?P<b>(?=\d).)$"],
)
def test_groups_of_a_pattern_are_those_of_python(pattern):
    codes = pd.Series(["A1", "B", None, "", "12"], index=list("vwxyz"), dtype="str")
    pd.testing.assert_frame_equal(_extracted(codes, pattern), codes.str.extract(pattern))
