"""Deliveries whose files are wrong: codes 11xx, 12xx and 2101."""

from __future__ import annotations

import geopandas as gpd
import pyogrio

from deliveries import ground, records
from deliveries.model import Delivery, Wrong, shows
from deliveries.writing import bureau, cut, parcels, parts, zipped

NO_FIELDS = "without its table the shapefile has no fields"


@shows("1101")
def entry_outside_the_archive(folder):
    shp = parcels(folder / "x", ground.clean().parcels)
    entries = {part.name: part for part in parts(shp)} | {"../上级.txt": b"x"}
    path = zipped(folder / "清泽镇.zip", entries)
    return Delivery((path,), (Wrong("1101", file="清泽镇.zip"),), source="parcels")


@shows("1102")
def note_beside_the_data(folder):
    parcels(folder, ground.clean().parcels)
    (folder / "说明.docx").write_bytes(b"PK")
    return Delivery((folder,), (Wrong("1102"),), source="parcels")


@shows("1201")
def shapefile_cut_off(folder):
    path = parcels(folder, ground.clean().parcels)
    cut(path, 0.5)
    why = dict.fromkeys(("3102", "3105"), "half of the shapes are gone")
    return Delivery((path,), (Wrong("1201", file=path.name),), why, source="parcels")


@shows("1202")
def shapefile_without_its_index(folder):
    path = parcels(folder, ground.clean().parcels)
    path.with_suffix(".shx").unlink()
    return Delivery((path,), (Wrong("1202", file=path.name),), source="parcels")


@shows("1203")
def field_names_in_chinese(folder):
    frame = ground.clean().parcels.rename(columns={"ZL": "土地坐落"})
    path = folder / "清泽镇.shp"
    frame.to_file(path, engine="pyogrio", encoding="GBK")
    path.with_suffix(".cpg").unlink()
    return Delivery((path,), (Wrong("1203", file=path.name),), source="parcels")


@shows("1204")
def wrong_cpg(folder):
    path = parcels(folder, ground.clean().parcels, encoding="gbk", cpg="UTF-8", driver=0)
    return Delivery((path,), (Wrong("1204", file=path.name),), source="parcels")


@shows("1204")
def utf8_written_twice(folder):
    frame = ground.clean().parcels
    frame["XZQMC"] = [name.encode().decode("latin-1") for name in frame["XZQMC"]]
    path = folder / "宗地.gpkg"
    pyogrio.write_dataframe(frame.set_crs(4527, allow_override=True), path, layer="ZD")
    return Delivery((path,), (Wrong("1204", file=path.name),), source="parcels")


@shows("1205")
def signs_lost_for_good(folder):
    frame = ground.clean().parcels
    frame.loc[2, "ZL"] = "静海\ufffd\ufffd"
    path = folder / "宗地.gpkg"
    pyogrio.write_dataframe(frame.set_crs(4527, allow_override=True), path, layer="ZD")
    return Delivery((path,), (Wrong("1205", file=path.name),), source="parcels")


@shows("1206")
def layer_without_records(folder):
    frame = ground.clean().parcels
    path = parcels(folder, gpd.GeoDataFrame(frame.iloc[:0], geometry="geometry", crs=frame.crs))
    return Delivery((path,), (Wrong("1206", file=path.name),), source="parcels")


@shows("2101")
def increment_of_an_update(folder):
    survey = ground.clean().survey
    path = folder / "120118GX.gpkg"
    pyogrio.write_dataframe(survey.set_crs(4527, allow_override=True), path, layer="DLTBGX")
    return Delivery((path,), (Wrong("2101", file=path.name),), source="survey")


@shows("2101")
def second_survey(folder):
    survey = ground.clean().survey.assign(XZDWMJ=0.0, LXDWMJ=0.0, TKXS=0.0)
    path = folder / "DLTB.gpkg"
    pyogrio.write_dataframe(survey.set_crs(4527, allow_override=True), path, layer="DLTB")
    return Delivery((path,), (Wrong("2101", file=path.name),), source="survey")


@shows("6101")
def table_row_without_parcel(folder):
    made = ground.clean()
    codes = [*made.parcels["ZDDM"].head(3), "120118901001GB99999"]
    table = folder / "老旧小区清单.csv"
    table.write_text("小区名称,宗地代码\n" + "".join(f"甲,{c}\n" for c in codes), encoding="utf-8")
    found = Wrong("6101", "old_estates", name="120118901001GB99999")
    return Delivery(
        (parcels(folder, made.parcels), bureau(folder, made, "survey"), table), (found,)
    )


@shows("1101")
def entry_with_an_absolute_name(folder):
    shp = parcels(folder / "x", ground.clean().parcels)
    entries = {"东/" + part.name: part for part in parts(shp)}
    path = zipped(folder / "清泽镇.zip", entries | {"/etc/outside.shp": b"out"})
    return Delivery((path,), (Wrong("1101", file="清泽镇.zip"),))


@shows("1201")
def no_geopackage(folder):
    path = folder / "图斑.gpkg"
    path.write_bytes(b"SQLite format 3\0" + b"\x5a" * 3000)
    return Delivery((path,), (Wrong("1201", file="图斑.gpkg"),))


@shows("1202")
def table_missing(folder):
    path = parcels(folder, ground.clean().parcels)
    path.with_suffix(".dbf").unlink()
    follows = {"3101": NO_FIELDS, "3105": NO_FIELDS}
    return Delivery((path,), (Wrong("1202", file="清泽镇"),), follows)


@shows("1203")
def field_names_cut(folder):
    frame = ground.clean().parcels.rename(columns={"BDCDYH": "不动产单元号"})
    fields = records.PARCEL_FIELDS.replace("BDCDYH C28", "不动产单元号 C28")
    path = parcels(folder, frame, fields=fields)
    return Delivery((path,), (Wrong("1203", "parcels", file="清泽镇"),))


@shows("1204")
def declared_gbk_written_utf8(folder):
    path = parcels(folder, ground.clean().parcels, encoding="utf-8")
    return Delivery((path,), (Wrong("1204", file="清泽镇"),))


@shows("1205")
def text_damaged(folder):
    frame = ground.clean().parcels
    frame.loc[6, "QLRMC"] = "天津\ufffd\ufffd有限公司"
    path = parcels(folder, frame, encoding="utf-8", driver=0, cpg="UTF-8")
    return Delivery((path,), (Wrong("1205", file="清泽镇"),))
