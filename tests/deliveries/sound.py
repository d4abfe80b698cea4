"""Clean deliveries: nothing at all is to be found."""

from __future__ import annotations

from deliveries import ground, records
from deliveries.model import Delivery, shows
from deliveries.writing import as_geopackage, bureau, parcels


@shows("")
def everything_clean(folder):
    made = ground.clean()
    return Delivery((parcels(folder, made.parcels), bureau(folder, made)))


@shows("")
def parcels_town_by_town(folder):
    made = ground.clean()
    towns = made.parcels.groupby("XZQDM")
    files = [
        parcels(folder / name, part.reset_index(drop=True), encoding=encoding, cpg=cpg, driver=0)
        for (name, part), (encoding, cpg) in zip(
            towns, (("gbk", "GBK"), ("utf-8", "UTF-8")), strict=True
        )
    ]
    return Delivery((*files, bureau(folder, made, "survey", "villages", "towns")))


@shows("")
def parcels_as_geopackage(folder):
    made = ground.clean()
    path = folder / "宗地.gpkg"
    as_geopackage(made.parcels, path, "ZD")
    return Delivery((path, bureau(folder, made, "survey")))


@shows("")
def survey_as_shapefile(folder):
    from deliveries.writing import as_shapefile

    made = ground.clean()
    fields = (
        "BSM C18, YSDM C10, TBBH C8, DLBM C5, QSXZ C2, ZLDWDM C19, ZLDWMC C60, TBMJ N15.2,"
        "KCMJ N15.2, TBDLMJ N15.2, TBXHDM C6, CZCSXM C4, FRDBS C1, SJNF N4.0, MSSM C2"
    )
    assert set(made.survey) - {"geometry"} == {part.split()[0] for part in fields.split(",")}
    return Delivery((as_shapefile(made.survey, folder / "DLTB.shp", fields),))


@shows("")
def old_county_code_and_exclave(folder):
    made = ground.clean()
    frame = made.parcels
    frame.loc[3, "ZDDM"] = "120223" + frame.loc[3, "ZDDM"][6:]
    frame.loc[3, "BDCDYH"] = frame.loc[3, "ZDDM"] + "W00000000"
    made.survey.loc[3, "ZLDWDM"] = "1306829010010000000"
    made.survey.loc[3, "FRDBS"] = "1"
    return Delivery((parcels(folder, frame), bureau(folder, made, "survey")))


@shows("")
def surface_and_underground(folder):
    import pandas as pd

    frame = ground.clean().parcels
    code = "120118901001GX00001"
    below = frame.iloc[[3]].assign(ZDDM=code, BDCDYH=code + "W00000000")
    whole = pd.concat([frame, below], ignore_index=True)
    return Delivery((parcels(folder, whole, fields=records.PARCEL_FIELDS),))
