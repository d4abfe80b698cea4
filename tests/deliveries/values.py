"""Deliveries with wrong attributes: codes 31xx to 34xx and 8101."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deliveries import ground, records
from deliveries.model import Delivery, Wrong, shows
from deliveries.writing import bureau, parcels

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

ROW = 7
LAST = 11
MU = 666.6667
SECOND_VILLAGE = "1201189010020000000"


def put(frame: gpd.GeoDataFrame, row: int, **values: object) -> None:
    """Write values into the record of a row, counted from 1."""
    for name, value in values.items():
        frame.loc[row - 1, name] = value


def parcel_value(
    folder: Path, code: str, column: str = "", follows: dict[str, str] | None = None, **values
) -> Delivery:
    """Return parcels of which one has other values."""
    frame = ground.clean().parcels
    name = frame.loc[ROW - 1, "ZDDM"] if "ZDDM" not in values else values["ZDDM"]
    put(frame, ROW, **values)
    wrong = Wrong(code, "parcels", ROW, name=name or "", column=column)
    return Delivery((parcels(folder, frame),), (wrong,), follows or {})


def survey_value(folder: Path, code: str, column: str = "", row: int = ROW, **values) -> Delivery:
    """Return a survey of which one polygon has other values; sums of villages are kept."""
    made = ground.clean()
    put(made.survey, row, **values)
    name = made.survey.loc[row - 1, "BSM"]
    wrong = Wrong(code, "survey", row, name=name or "", column=column)
    return Delivery((bureau(folder, made, "survey"),), (wrong,))


@shows("3101")
def field_missing(folder):
    frame = ground.clean().parcels
    fields = records.PARCEL_FIELDS.replace("YT C4,", "")
    path = parcels(folder, frame, fields=fields)
    return Delivery((path,), (Wrong("3101", "parcels", file="清泽镇"),))


@shows("3101")
def numbers_as_text(folder):
    frame = ground.clean().parcels
    fields = records.PARCEL_FIELDS.replace("ZDMJ N15.2", "ZDMJ C15")
    path = parcels(folder, frame.assign(ZDMJ=frame["ZDMJ"].astype(str)), fields=fields)
    return Delivery((path,), (Wrong("3101", "parcels", file="清泽镇"),))


@shows("3101")
def codes_as_numbers(folder):
    frame = ground.clean().parcels
    fields = records.PARCEL_FIELDS.replace("XZQDM C12", "XZQDM N15.2")
    path = parcels(folder, frame.assign(XZQDM=frame["XZQDM"].astype(float)), fields=fields)
    return Delivery((path,), (Wrong("3101", "parcels", file="清泽镇"),))


@shows("3102")
def record_without_geometry(folder):
    frame = ground.clean().parcels
    frame.loc[ROW - 1, "geometry"] = None
    wrong = Wrong("3102", "parcels", ROW, name=frame.loc[ROW - 1, "ZDDM"])
    return Delivery((parcels(folder, frame),), (wrong,))


@shows("3103")
def text_fills_its_field(folder):
    fields = records.PARCEL_FIELDS.replace("ZL C60", "ZL C20")
    frame = ground.clean().parcels.assign(ZL="清泽镇一村")
    put(frame, ROW, ZL="清泽镇第一村工业大道北侧十号")
    wrong = Wrong("3103", "parcels", ROW, column="location", name=frame.loc[ROW - 1, "ZDDM"])
    return Delivery((parcels(folder, frame, fields=fields),), (wrong,))


@shows("3104")
def required_value_missing(folder):
    return parcel_value(folder, "3104", "registered_use", YT=None)


@shows("3104")
def class_missing(folder):
    return survey_value(folder, "3104", "survey_class", 2, DLBM=None)


@shows("3105")
def empty_record(folder):
    frame = ground.clean().parcels
    put(frame, ROW, **dict.fromkeys([name for name in frame if name != "geometry"]))
    wrong = (Wrong("3105", "parcels", ROW),)
    follows = {"3104": "an empty record lacks what is required"}
    return Delivery((parcels(folder, frame),), wrong, follows)


@shows("3201")
def use_unlisted(folder):
    return parcel_value(folder, "3201", "registered_use", YT="0699")


@shows("3201")
def class_unlisted(folder):
    return survey_value(folder, "3201", "survey_class", 2, DLBM="0199")


@shows("3202")
def plot_ratio_of_25(folder):
    return parcel_value(folder, "3202", "contract_plot_ratio", HTRJL=25.0)


@shows("3202")
def storeys_of_61(folder):
    made = ground.clean()
    put(made.buildings, ROW, CS=61.0)
    wrong = Wrong("3202", "buildings", ROW, name="F000007", column="storeys")
    return Delivery((bureau(folder, made, "buildings"),), (wrong,))


@shows("3203")
def code_with_letter_l(folder):
    return parcel_value(folder, "3203", "parcel_code", ZDDM="12011890100lGB00007", BDCDYH=None)


@shows("3203")
def code_of_18_digits(folder):
    return parcel_value(folder, "3203", "parcel_code", ZDDM="120118901001GB0007", BDCDYH=None)


@shows("3203")
def code_of_another_county(folder):
    return parcel_value(folder, "3203", "parcel_code", ZDDM="130682901001GB00007", BDCDYH=None)


@shows("3204")
def area_in_mu(folder):
    size = ground.clean().parcels.loc[ROW - 1, "ZDMJ"]
    follows = {"3405": "an area in mu is not that of the shape"}
    return parcel_value(folder, "3204", "", follows, ZDMJ=round(size / MU, 2))


@shows("3204")
def area_in_hectares(folder):
    size = ground.clean().parcels.loc[ROW - 1, "ZDMJ"]
    follows = {"3405": "an area in hectares is not that of the shape"}
    return parcel_value(folder, "3204", "", follows, ZDMJ=round(size / 10_000, 2))


@shows("3205")
def credit_code_check_digit(folder):
    right = ground.clean().parcels.loc[ROW - 1, "USCC"]
    wrong = right[:-1] + ("A" if right[-1] != "A" else "B")
    return parcel_value(folder, "3205", "", USCC=wrong)


@shows("3206")
def unit_of_another_parcel(folder):
    return parcel_value(folder, "3206", "", BDCDYH="120118901001GB00999W00000000")


@shows("3206")
def unit_without_fixtures_but_number(folder):
    code = ground.clean().parcels.loc[ROW - 1, "ZDDM"]
    return parcel_value(folder, "3206", "", BDCDYH=code + "W00000001")


@shows("3207")
def credit_code_from_a_spreadsheet(folder):
    follows = {"3205": "what is left of the code fails its check"}
    return parcel_value(folder, "3207", "credit_code", follows, USCC="9.11202E+17")


@shows("3208")
def full_width_digits(folder):
    fields = records.PARCEL_FIELDS.replace("XZQDM C12", "XZQDM C24")
    frame = ground.clean().parcels
    put(frame, ROW, XZQDM="１２０１１８９０１", CJDM=None)
    wrong = Wrong("3208", "parcels", ROW, column="town_code", name=frame.loc[ROW - 1, "ZDDM"])
    return Delivery((parcels(folder, frame, fields=fields),), (wrong,))


@shows("3208")
def spaces_around(folder):
    return survey_value(folder, "3208", "village_name", ZLDWMC=" 第001村 ")


@shows("3209")
def date_not_understood(folder):
    return parcel_value(folder, "3209", "supplied_on", GDSJ="零九年前后")


@shows("3301")
def village_of_another_town(folder):
    return parcel_value(folder, "3301", CJDM="120118902001")


@shows("3301")
def survey_of_another_county(folder):
    return survey_value(folder, "3301", ZLDWDM="1306829010010000000")


@shows("3302")
def parcel_code_doubled(folder):
    frame = ground.clean().parcels
    put(frame, LAST, ZDDM=frame.loc[ROW - 1, "ZDDM"], BDCDYH=frame.loc[ROW - 1, "BDCDYH"])
    name = frame.loc[ROW - 1, "ZDDM"]
    wrong = tuple(Wrong("3302", "parcels", row, name=name, value=2) for row in (ROW, LAST))
    return Delivery((parcels(folder, frame),), wrong)


@shows("3302")
def parcel_code_in_two_towns(folder):
    frame = ground.clean().parcels
    mine = frame["XZQDM"] == ground.TOWNS[0]
    one, two = (frame[m].reset_index(drop=True) for m in (mine, ~mine))
    put(two, 1, ZDDM=one.loc[0, "ZDDM"], BDCDYH=one.loc[0, "BDCDYH"])
    files = (parcels(folder / "东", one), parcels(folder / "西", two))
    name = one.loc[0, "ZDDM"]
    return Delivery(files, (Wrong("3302", "parcels", 1, name=name, value=2),) * 2)


@shows("3303")
def independent_industry_on_farmland(folder):
    return survey_value(folder, "3303", "", 2, DLBM="0103", CZCSXM="202A")


@shows("3303")
def rural_road_in_a_town(folder):
    return survey_value(folder, "3303", DLBM="1006", CZCSXM="202")


@shows("3305")
def identifier_doubled(folder):
    made = ground.clean()
    put(made.survey, LAST, BSM=made.survey.loc[ROW - 1, "BSM"])
    name = made.survey.loc[ROW - 1, "BSM"]
    wrong = tuple(Wrong("3305", "survey", row, name=name, value=2) for row in (ROW, LAST))
    return Delivery((bureau(folder, made, "survey"),), wrong)


@shows("3305")
def polygon_number_doubled_in_a_village(folder):
    made = ground.clean()
    rows = made.survey.index[made.survey["ZLDWDM"] == SECOND_VILLAGE][:2] + 1
    put(made.survey, rows[1], TBBH=made.survey.loc[rows[0] - 1, "TBBH"])
    wrong = tuple(Wrong("3305", "survey", int(row), value=2) for row in rows)
    return Delivery((bureau(folder, made, "survey"),), wrong)


@shows("3306")
def abandoned_farmland(folder):
    return survey_value(folder, "3306", "", 2, DLBM="0103", TBXHDM="FQ")


@shows("3401")
def survey_area_off(folder):
    size = ground.clean().survey.loc[ROW - 1, "TBMJ"] + 1.2
    made = survey_value(folder, "3401", TBMJ=size, TBDLMJ=size)
    wrong = Wrong("3401", "survey", ROW, name=made.wrong[0].name, value=1.2, about=0.006)
    return Delivery(made.files, (wrong,))


@shows("3402")
def class_area_off(folder):
    size = ground.clean().survey.loc[ROW - 1, "TBMJ"] - 0.02
    made = survey_value(folder, "3402", TBDLMJ=round(size, 2))
    wrong = Wrong("3402", "survey", ROW, name=made.wrong[0].name, value=0.02, about=0.001)
    return Delivery(made.files, (wrong,))


@shows("3403")
def village_area_off(folder):
    made = ground.clean()
    put(made.villages, 2, DCMJ=made.villages.loc[1, "DCMJ"] + 1.5)
    wrong = Wrong("3403", "village_boundaries", 2, name=SECOND_VILLAGE, value=1.5)
    return Delivery((bureau(folder, made, "survey", "villages"),), (wrong,))


@shows("3405")
def registered_area_off(folder):
    size = ground.clean().parcels.loc[ROW - 1, "ZDMJ"]
    return parcel_value(folder, "3405", ZDMJ=round(size * 1.1, 2))


@shows("8101")
def survey_of_another_year(folder):
    made = survey_value(folder, "8101", SJNF=2021)
    wrong = Wrong("8101", "survey", ROW, name=made.wrong[0].name, value=2021)
    return Delivery(made.files, (wrong,))
