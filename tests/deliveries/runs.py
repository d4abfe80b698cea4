"""Inputs whose faults only show when parcels are classified: 3304, 4201, 6101, 6102."""

from __future__ import annotations

import shapely

from deliveries import ground
from deliveries.model import CLASSIFY, Delivery, Wrong, shows
from deliveries.outlines import FREE, add, reshape
from deliveries.values import put
from deliveries.writing import bureau, parcels
from district import bending

FIRM = "企业名称,统一社会信用代码,行业代码,宗地代码,占用面积（亩）,经营状态,停产日期\n"


def classified(folder, made, wrong, *tables: tuple[str, str]) -> Delivery:
    """Return parcels with a survey and tables, as sources of a run of classify."""
    sources = [("survey", str(bureau(folder, made, "survey")))]
    for name, text in tables:
        path = folder / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        sources.append((name, str(path)))
    files = (parcels(folder, made.parcels),)
    return Delivery(files, wrong, options={"sources": sources})


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
    line = "甲,91120118MA00011816,C3311,120118901001GB00777,10,正常,\n"
    wrong = Wrong("6101", note="120118901001GB00777")
    return classified(folder, ground.clean(), (wrong,), ("enterprises", FIRM + line))


@shows("6102", CLASSIFY)
def firm_with_an_area_not_understood(folder):
    line = "甲,91120118MA00011816,C3311,120118901001GB00001,十来亩,正常,\n"
    wrong = Wrong("6102", note="十来亩")
    return classified(folder, ground.clean(), (wrong,), ("enterprises", FIRM + line))
