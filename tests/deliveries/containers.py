"""Deliveries whose files are wrong: codes 11xx and 12xx, and 2101."""

from __future__ import annotations

from deliveries import ground, records
from deliveries.model import Delivery, Wrong, shows
from deliveries.writing import as_geopackage, cut, parcels, parts, zipped

NO_FIELDS = "without its table the shapefile has no fields"


@shows("1101")
def entry_that_climbs_out(folder):
    shp = parcels(folder / "x", ground.clean().parcels)
    entries = {part.name: part for part in parts(shp)}
    path = zipped(folder / "清泽镇.zip", entries | {"../../outside.txt": b"out"})
    return Delivery((path,), (Wrong("1101", file="清泽镇.zip"),))


@shows("1101")
def entry_with_an_absolute_name(folder):
    shp = parcels(folder / "x", ground.clean().parcels)
    entries = {"东/" + part.name: part for part in parts(shp)}
    path = zipped(folder / "清泽镇.zip", entries | {"/etc/outside.shp": b"out"})
    return Delivery((path,), (Wrong("1101", file="清泽镇.zip"),))


@shows("1102")
def notes_beside(folder):
    parcels(folder / "报送", ground.clean().parcels)
    (folder / "报送" / "说明.docx").write_bytes(b"PK\x03\x04 no such thing")
    return Delivery((folder / "报送",), (Wrong("1102"),))


@shows("1201")
def no_geopackage(folder):
    path = folder / "图斑.gpkg"
    path.write_bytes(b"SQLite format 3\0" + b"\x5a" * 3000)
    return Delivery((path,), (Wrong("1201", file="图斑.gpkg"),))


@shows("1201")
def shapefile_cut_off(folder):
    path = parcels(folder, ground.clean().parcels)
    cut(path)
    follows = {"3102": "records whose shape is lost", "3104": "records lost"}
    return Delivery((path,), (Wrong("1201", file="清泽镇.shp"),), follows)


@shows("1202")
def index_missing(folder):
    path = parcels(folder, ground.clean().parcels)
    path.with_suffix(".shx").unlink()
    return Delivery((path,), (Wrong("1202", file="清泽镇"),))


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


@shows("1203")
def field_names_in_chinese(folder):
    frame = ground.clean().parcels.rename(columns={"ZL": "坐落"})
    fields = records.PARCEL_FIELDS.replace("ZL C60", "坐落 C60")
    path = parcels(folder, frame, fields=fields)
    return Delivery((path,), (Wrong("1203", "parcels", file="清泽镇"),))


@shows("1204")
def declared_utf8_written_gbk(folder):
    path = parcels(folder, ground.clean().parcels, driver=0, cpg="UTF-8")
    return Delivery((path,), (Wrong("1204", file="清泽镇"),))


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


@shows("1206")
def layer_without_records(folder):
    path = parcels(folder, ground.clean().parcels.iloc[:0])
    return Delivery((path,), (Wrong("1206", file="清泽镇"),))


@shows("2101")
def update_increment(folder):
    path = folder / "120118GX.gpkg"
    as_geopackage(ground.clean().survey, path, "DLTBGX")
    return Delivery((path,), (Wrong("2101", file="120118GX"),), source="survey")


@shows("2101")
def second_survey(folder):
    path = folder / "二调.gpkg"
    frame = ground.clean().survey.assign(XZDWMJ=0.0, LXDWMJ=0.0, TKXS=0.0)
    as_geopackage(frame, path, "DLTB")
    return Delivery((path,), (Wrong("2101", file="二调"),))
