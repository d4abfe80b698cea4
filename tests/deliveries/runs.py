"""Inputs whose faults only show when parcels are classified, or units drawn over them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from deliveries import ground
from deliveries.model import CLASSIFY, UNITS, Delivery, Wrong, shows
from deliveries.outlines import FREE, add, reshape
from deliveries.values import put
from deliveries.writing import as_geopackage, bureau, parcels
from district import bending

AS_OF = date(2024, 3, 31)
RULES = Path(__file__).parents[2] / "rules"
ASSUMING = """name = "assuming"
extends = "jinghai"
title = "按用途推定层数"
version = "1"
"""
FIRM = "企业名称,统一社会信用代码,行业代码,宗地代码,占用面积（亩）,经营状态,停产日期\n"


def classified(folder, made, wrong, *tables: tuple[str, str]) -> Delivery:
    """Return parcels with a survey and tables, as sources of a run of classify."""
    sources = [("survey", str(bureau(folder, made, "survey")))]
    for name, text in tables:
        path = folder / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        sources.append((name, str(path)))
    files = (parcels(folder, made.parcels),)
    return Delivery(files, wrong, options={"sources": sources, "as_of": AS_OF})


@shows("3304", CLASSIFY)
def registered_for_another_use(folder):
    made = ground.clean()
    at = made.parcels.index[made.parcels["YT"] == "0601"][2]
    put(made.parcels, at + 1, YT="0701")
    wrong = Wrong("3304", row=int(at) + 1, name=made.parcels.loc[at, "ZDDM"])
    return classified(folder, made, (wrong,))


@shows("4201", CLASSIFY)
def built_crumb_without_parcel(folder):
    made = ground.clean()
    crumb = bending.patch(made.survey.geometry[FREE - 1], 6.0, 5.0)
    rest = bending.with_hole(made.survey.geometry[FREE - 1], crumb)
    reshape(made.survey, FREE, rest, "TBMJ TBDLMJ")
    made.survey = add(
        made.survey, FREE, crumb, DLBM="0601", CZCSXM="202", QSXZ="20", TBMJ=30.0, TBDLMJ=30.0,
        TBBH="9999", BSM="120118011099999999",
    )  # fmt: skip
    place = shapely.point_on_surface(crumb)
    wrong = Wrong("4201", value=30.0, about=0.01, place=(place.x, place.y), reach=5.0)
    return classified(folder, made, (wrong,))


@shows("6101", CLASSIFY)
def firm_on_an_unknown_parcel(folder):
    line = "甲,91120118MA2TH3BJ31,C3311,120118901001GB00777,10,正常,\n"
    wrong = Wrong("6101", note="120118901001GB00777")
    return classified(folder, ground.clean(), (wrong,), ("enterprises", FIRM + line))


@shows("6102", CLASSIFY)
def firm_with_an_area_not_understood(folder):
    line = "甲,91120118MA00011816,C3311,120118901001GB00001,十来亩,正常,\n"
    wrong = Wrong("6102", note="十来亩")
    return classified(folder, ground.clean(), (wrong,), ("enterprises", FIRM + line))


@shows("6111", CLASSIFY)
def tax_of_a_firm_on_no_parcel(folder):
    firm = "甲,91120118MA00011816,C3311,120118901001GB00001,10,正常,\n"
    head = "税号,企业名称,年度,入库税收（万元）\n"
    tax = head + "91120118MA00011816,甲,2023,5\n9112022310340012X1,乙,2023,7.25\n"
    wrong = Wrong("6111", note="9112022310340012X1", value=7.25)
    tables = ("enterprises", FIRM + firm), ("tax", tax)
    return classified(folder, ground.clean(), (wrong,), *tables)


@shows("6112", CLASSIFY)
def output_that_two_bodies_give_differently(folder):
    made = ground.clean()
    code = made.parcels["ZDDM"].iloc[0]
    mu = made.parcels.geometry.iloc[0].area / 666.6667
    firm = f"甲,91120118MA00011816,C3311,{code},10,正常,\n"
    output = f"统一社会信用代码,年度,产值（万元）\n91120118MA00011816,2023,{100 * mu:.4f}\n"
    reported = f"宗地代码,地均产出（万元/亩）\n{code},140\n"
    wrong = Wrong("6112", name=code, value=100.0, about=0.5)
    tables = ("enterprises", FIRM + firm), ("output", output), ("performance", reported)
    return classified(folder, made, (wrong,), *tables)


@shows("6113", CLASSIFY)
def building_without_storeys(folder):
    made = ground.clean()
    made.buildings["SYZT"] = "1"
    made.buildings.loc[made.buildings.index[0], ["CS", "JZMJ"]] = np.nan
    at = made.parcels.geometry.intersects(made.buildings.geometry.iloc[0])
    rules = folder / "rules" / "assuming"
    rules.mkdir(parents=True)
    (rules / "rulebook.toml").write_text(ASSUMING, encoding="utf-8")
    shipped = (RULES / "national" / "measures.toml").read_text(encoding="utf-8")
    assumed = shipped.replace('assumed = "6113"', 'assumed = "6113"\nstoreys = { "1" = 1 }')
    (rules / "measures.toml").write_text(assumed, encoding="utf-8")
    wrong = Wrong("6113", name=made.parcels.loc[at, "ZDDM"].iloc[0])
    delivery = classified(folder, made, (wrong,))
    sources = [*delivery.options["sources"], ("buildings", str(bureau(folder, made, "buildings")))]
    return Delivery(
        delivery.files,
        (wrong,),
        options={**delivery.options, "sources": sources, "rules": str(rules)},
    )


@shows("6121", CLASSIFY)
def letting_known_by_its_owner_only(folder):
    made = ground.clean()
    owner = made.parcels["QLRMC"].iloc[0]
    made.parcels.loc[made.parcels.index[1:], "QLRMC"] = "乙公司"
    rows = f"权利人,出租比例（%）\n{owner},60\n"
    wrong = Wrong("6121", note=made.parcels["ZDDM"].iloc[0])
    delivery = classified(folder, made, (wrong,), ("leases", rows))
    return replace(delivery, follows={"6101": "until it is confirmed, the row finds no parcel"})


JOINING_ALL = """name = "joining"
extends = "jinghai"
title = "待定宗地也划入单元"
version = "1"
"""


@shows("4402", UNITS)
def parcel_that_a_main_road_cuts(folder):
    made = ground.clean()
    code, shape = made.parcels[["ZDDM", "geometry"]].iloc[0]
    west, south, east, north = shape.bounds
    x = west + 0.3 * (east - west)
    small, large = sorted(
        (shape.intersection(shapely.box(*box)) for box in
         ((west, south, x, north), (x, south, east, north))),
        key=lambda part: part.area,
    )  # fmt: skip
    line = shapely.LineString([(x, south - 1), (x, north + 1)])
    others = made.parcels.index[made.parcels.geometry.intersects(line)]
    made.parcels = made.parcels.drop(index=others[1:])
    road = gpd.GeoDataFrame({"道路等级": ["主干路"]}, geometry=[line])
    rules = folder / "rules" / "joining"
    rules.mkdir(parents=True)
    (rules / "rulebook.toml").write_text(JOINING_ALL, encoding="utf-8")
    verdicts = 'verdicts = ["low_use", "undetermined", "not_low_use"]'
    (rules / "units.toml").write_text(verdicts, encoding="utf-8")
    shares = [f"{part.area / shape.area * 100:.1f}%" for part in (large, small)]
    wrong = Wrong(
        "4402", name=code, value=small.area / shape.area, about=1e-3, note=" / ".join(shares),
        inside=small,
    )  # fmt: skip
    barriers = (as_geopackage(road, folder / "roads.gpkg", "roads"),)
    return replace(classified(folder, made, (wrong,)), rules=str(rules), barriers=barriers)
