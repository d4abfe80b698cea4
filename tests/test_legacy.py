"""Historical legacy: pieces that add up, and a seal that any change of a cell or vertex breaks."""

from __future__ import annotations

import random
import shutil
import stat
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

import tiny
from filing import SAMPLE
from lowuse_gis.commands.legacy_verify import verify
from lowuse_gis.core.area import ellipsoidal_area
from lowuse_gis.core.cutting import cut_along
from lowuse_gis.core.filing.seal import broken_records, sealed_fields
from lowuse_gis.io.legacy_file import read_legacy
from lowuse_gis.io.package.vector_files import write_layers
from lowuse_gis.io.seal_files import read_seal, write_seal
from lowuse_gis.model.filing import FiledLayer
from lowuse_gis.stages.legacy.judge import judged_pieces
from lowuse_gis.stages.legacy.pieces import pieces_of

EDITED = 20  # records at a time: all in one field, so that none is found for another's type


def database(folder):
    (path,) = folder.glob("*.gpkg")
    return path


@pytest.fixture(scope="module")
def pieces(filed):
    return read_legacy(filed / "legacy.gpkg")[0]


@pytest.fixture(scope="module")
def seal(filed):
    return read_seal(filed / "sealed")


@pytest.fixture(scope="module")
def records(filed):
    return pyogrio.read_dataframe(database(filed / "sealed"), layer="LSYLYD")


def test_all_construction_land_is_accounted_for_to_the_cent(filed, rulebook):
    survey = pyogrio.read_dataframe(SAMPLE / "survey.gpkg", layer="DLTB")
    classes = rulebook.codes["land_classes"].set_index("code")["category"]
    built = survey[survey["DLBM"].map(classes) == "construction"]
    area = np.round(ellipsoidal_area(built.geometry.to_numpy(), built.crs), 2).sum()
    balance = pyogrio.read_dataframe(filed / "legacy.gpkg", layer="balance", use_arrow=True)
    assert round(balance["area"].sum(), 2) == round(area, 2)


def test_legacy_lies_in_both_surveys_and_outside_of_every_procedure(pieces):
    land = pieces[pieces["state"] == "legacy"].geometry.to_numpy()
    inner = shapely.buffer(land, -0.5)
    for layer, inside in (("JSYD2009", True), ("JSYD2019", True), ("PZ", False), ("GD", False)):
        there = pyogrio.read_dataframe(SAMPLE / "history.gpkg", layer=layer)
        shared = shapely.intersection(inner, there.geometry.union_all())
        area, whole = shapely.area(shared), shapely.area(inner)
        assert (area >= whole - 1.5).all() if inside else (area <= 1.5).all()


def test_pieces_do_not_overlap(pieces):
    tree = shapely.STRtree(pieces.geometry.to_numpy())
    left, right = tree.query(pieces.geometry.to_numpy(), predicate="overlaps")
    shapes = pieces.geometry.to_numpy()
    shared = shapely.area(shapely.intersection(shapes[left], shapes[right]))
    assert shared.max(initial=0.0) < 1e-3


def test_cutting_keeps_the_area_whatever_the_cover():
    rng = np.random.default_rng(7)
    land = shapely.box(*(rng.uniform(0, 100, (2, 40))), *(rng.uniform(100, 200, (2, 40))))
    cover = shapely.box(*(rng.uniform(0, 150, (2, 15))), *(rng.uniform(150, 220, (2, 15))))
    parts, owner, inside = cut_along(land, cover, 0.0)
    area = np.bincount(owner, shapely.area(parts), minlength=len(land))
    assert np.allclose(area, shapely.area(land))
    union = shapely.union_all(cover)
    assert np.allclose(shapely.area(shapely.difference(parts[inside], union)), 0, atol=1e-6)
    assert np.allclose(shapely.area(shapely.intersection(parts[~inside], union)), 0, atol=1e-6)


def supplied(run, **layers):
    """Find legacy of a survey of two lots with layers of evidence given as boxes."""
    from lowuse_gis.model import Source, Survey

    crs = run.rulebook.crs
    ground = [tiny.lot(0, 0, 100, 100), tiny.lot(200, 0, 100, 100)]
    survey = gpd.GeoDataFrame(
        {"survey_class": ["0601", "1004"], "village_code": ["120118901001"] * 2},
        geometry=ground, crs=crs,
    )  # fmt: skip
    frames = {
        name: gpd.GeoDataFrame({"survey_class": ["0601"] * len(shapes)}, geometry=shapes, crs=crs)
        for name, shapes in layers.items()
        if name != "parcels"
    }
    sources = tuple(Source(n, n, f"{n}.gpkg", "", "planning", "no") for n in layers)
    parcels = gpd.GeoDataFrame(geometry=layers.get("parcels", []), crs=crs)
    whole = Survey(parcels=parcels, layers={"survey": survey, **frames}, sources=sources)
    return judged_pieces(pieces_of(whole, run), whole, run)


WEST = {
    "construction_2009": [tiny.lot(-10, -10, 90, 200)],
    "construction_2019": [tiny.lot(-10, -10, 400, 200)],
}


def test_a_lot_is_cut_at_the_edge_of_2009(run):
    found = supplied(run, **WEST, approvals=[], supplied_land=[], parcels=[tiny.lot(900, 0)])
    industry = found[found["survey_class"] == "0601"].set_index("state")
    assert round(industry.loc["legacy"].geometry.area) == 8000
    assert round(industry.loc["not_legacy"].geometry.area) == 2000
    assert industry.loc["legacy", "class_2009"] == "0601"
    assert industry.loc["legacy", "procedure"] == "0"
    assert "construction_2009.gpkg" in industry.loc["legacy", "evidence"]


def test_roads_are_never_legacy(run):
    whole = {name: [tiny.lot(-10, -10, 400, 200)] for name in WEST}
    found = supplied(run, **whole, approvals=[], supplied_land=[], parcels=[tiny.lot(900, 0)])
    assert found.set_index("survey_class")["state"].to_dict() == {
        "0601": "legacy",
        "1004": "not_legacy",
    }


def test_what_was_not_supplied_leaves_pieces_open_and_is_named(run):
    found = supplied(run, **WEST, parcels=[tiny.lot(900, 0)])
    industry = found[(found["survey_class"] == "0601") & (found["built_2009"] == 1)].iloc[0]
    assert industry["state"] == "open"
    assert (
        industry["missing"] == "approved、supplied" or industry["missing"] == "supplied、approved"
    )


def test_a_registered_part_is_taken_off_and_a_sliver_is_listed(run):
    found = supplied(
        run, **WEST, approvals=[], supplied_land=[], parcels=[tiny.lot(2, -10, 400, 200)]
    )
    industry = found[(found["survey_class"] == "0601") & (found["built_2009"] == 1)]
    assert set(industry["state"]) == {"too_small", "not_legacy"}
    assert industry.set_index("state").loc["too_small", "area"] == pytest.approx(200, abs=1)


def test_the_period_is_open_without_layers_of_the_time(run):
    known = {**WEST, "approvals": [], "supplied_land": [], "parcels": [tiny.lot(900, 0)]}
    found = supplied(run, **known)
    assert found.loc[found["state"] == "legacy", "period"].isna().all()
    found = supplied(run, **known, construction_1998=[], construction_1986=[])
    assert set(found.loc[found["state"] == "legacy", "period"]) == {"3"}


@pytest.mark.parametrize("form", ["gdb", "gpkg", "shp"])
def test_every_format_gives_the_sealed_records_back(filed, seal, records, form, tmp_path):
    layer = FiledLayer("LSYLYD", "", sealed_fields(seal), records, seal["crs"], "YLBH")
    path = tmp_path / f"LSYLYD.{form}"
    write_layers(path, form, [layer], date(2024, 3, 31), "GBK")
    found = verify(path, filed / "sealed" / "seal.json")
    assert found.holds
    records.to_file(tmp_path / f"plain.{form}", **({"encoding": "GBK"} if form == "shp" else {}))
    assert verify(tmp_path / f"plain.{form}", filed / "sealed" / "seal.json").holds


def edited(part, name, chance):
    """Change a cell of a record, or a vertex where no field is named."""
    if name:
        old = part[name].iloc[0]
        new = (
            (old or 0.0) + 0.01
            if name == "YLMJ"
            else f"{'' if pd.isna(old) else old}{chance.randrange(10)}"
        )
        return part.assign(**{name: [new]})
    shape = part.geometry.iloc[0]
    ring = shapely.get_num_coordinates(shape.geoms[0].exterior)
    at = 1 + chance.randrange(ring - 2)  # the first vertex stands twice
    step = np.zeros((shapely.get_num_coordinates(shape), 2))
    step[at, chance.randrange(2)] = chance.choice((-1, 1)) * chance.choice((0.0001, 0.01, 1))
    moved = shapely.transform(shape, lambda xy: xy + step[: len(xy)])
    return part.set_geometry([moved], crs=part.crs)


def test_a_thousand_random_edits_are_each_found_and_named(seal, records):
    chance = random.Random(20240331)
    fields = [field.code for field in sealed_fields(seal) if field.code != "YLBH"]
    assert len(records) > EDITED
    for _round in range(1000 // EDITED):
        rows = chance.sample(range(len(records)), EDITED)
        name = chance.choice(fields) if chance.random() < 0.5 else ""
        parts = [edited(records.iloc[[row]].copy(), name, chance) for row in rows]
        keys = [part["YLBH"].iloc[0] for part in parts]
        some = {**seal, "hashes": {key: seal["hashes"][key] for key in keys}}
        found = broken_records(pd.concat(parts), some).to_numpy().tolist()
        assert sorted(found) == sorted([key, "changed"] for key in keys)


def test_order_of_records_does_not_matter(filed, seal, records):
    assert not len(broken_records(records.iloc[::-1], seal))


def test_added_removed_and_doubled_records_are_named(seal, records):
    other = records.iloc[1:].copy()
    more = records.iloc[[3]].assign(YLBH="YLX")
    found = broken_records(pd.concat([other, more, records.iloc[[5]]]), seal)
    said = dict(zip(found["id"], found["state"], strict=True))
    assert said == {
        records["YLBH"][0]: "removed", "YLX": "added", records["YLBH"][5]: "doubled",
    }  # fmt: skip


def test_any_edit_of_the_seal_breaks_it(filed, seal, tmp_path):
    for key, value in (
        ("records", 1),
        ("area", "1.00"),
        ("sealed_by", "乙"),
        ("as_of", "2025-01-01"),
    ):
        write_seal(tmp_path / "seal.json", {**seal, key: value})
        assert not verify(database(filed / "sealed"), tmp_path / "seal.json").intact


def test_a_second_seal_and_a_new_search_are_refused(filed, refused, tmp_path):
    own = ("--ledgers", filed / "ledgers")
    again = ("legacy", "seal", filed / "legacy.gpkg", "--by", "乙", *own, "-o", tmp_path / "again")
    error, _hint = refused(*again)
    assert "sealed" in error
    assert not (tmp_path / "again").exists()
    refused("legacy", "find", "--project", SAMPLE, *own, "-o", tmp_path / "l.gpkg", "-q")
    error, _hint = refused(
        "legacy", "seal", filed / "legacy.gpkg", "--by", "乙", "-o", filed / "sealed"
    )
    assert "sealed already" in error


def test_sealed_files_are_read_only(filed):
    for path in (filed / "sealed").iterdir():
        assert not path.stat().st_mode & stat.S_IWRITE


def test_the_same_pieces_make_the_same_bytes(filed, lowuse, tmp_path):
    words = ("legacy", "seal", filed / "legacy.gpkg", "--by", "甲", "--on", "2024-03-31")
    for name in ("a", "b"):
        code, _out, err = lowuse(*words, "--ledgers", tmp_path / name, "-o", tmp_path / f"{name}s")
        assert code == 0, err
    first, second = tmp_path / "as", tmp_path / "bs"
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes()
    assert (first / "封库确认表.pdf").read_bytes()[:5] == b"%PDF-"


def test_a_signature_holds_until_the_seal_changes(filed, lowuse, tmp_path):
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = tmp_path / "key.pem"
    form = serialization.PrivateFormat.PKCS8
    none = serialization.NoEncryption()
    key.write_bytes(
        Ed25519PrivateKey.generate().private_bytes(serialization.Encoding.PEM, form, none)
    )
    words = ("legacy", "seal", filed / "legacy.gpkg", "--by", "甲", "--key", key)
    code, _out, err = lowuse(*words, "--ledgers", tmp_path / "own", "-o", tmp_path / "signed")
    assert code == 0, err
    assert verify(tmp_path / "signed").signature is True
    other = read_seal(tmp_path / "signed")
    other["signature"]["value"] = "00" * 64
    write_seal(tmp_path / "seal.json", other)
    assert verify(database(tmp_path / "signed"), tmp_path / "seal.json").signature is False


def test_verify_says_which_record_and_ends_with_one(filed, lowuse, tmp_path):
    copy = tmp_path / "copy.gpkg"
    shutil.copyfile(database(filed / "sealed"), copy)
    frame = pyogrio.read_dataframe(copy, layer="LSYLYD")
    frame.loc[4, "BZ"] = "改"
    frame.to_file(copy, layer="LSYLYD")
    code, out, _err = lowuse("legacy", "verify", copy, "--seal", filed / "sealed" / "seal.json")
    assert code == 1
    assert frame["YLBH"][4] in out
    code, out, _err = lowuse("legacy", "verify", filed / "sealed")
    assert code == 0


def test_bad_requests(refused, filed, tmp_path):
    refused("legacy", "verify", tmp_path / "none.gpkg")
    refused("legacy", "verify", filed / "legacy.gpkg", "--seal", tmp_path / "none.json")
    (tmp_path / "seal.json").write_text("{}")
    refused("legacy", "verify", filed / "legacy.gpkg", "--seal", tmp_path / "seal.json")
    refused("legacy", "find", "-o", tmp_path / "l.gpkg", "-q")
    refused("legacy", "seal", filed / "units.gpkg", "--by", "甲", "-o", tmp_path / "s")
    (tmp_path / "key.pem").write_text("no key")
    own = ("--ledgers", tmp_path / "own", "-o", tmp_path / "s")
    refused(
        "legacy", "seal", filed / "legacy.gpkg", "--by", "甲", "--key", tmp_path / "key.pem", *own
    )
    assert not (tmp_path / "s").exists()


def test_open_pieces_are_settled_or_left_out_before_the_seal(lowuse, refused, tmp_path):
    layers = [
        part
        for name, layer in (
            ("survey", "survey.gpkg:DLTB"),
            ("construction_2009", "history.gpkg:JSYD2009"),
        )
        for part in ("-s", f"{name}={SAMPLE / layer}")
    ]
    pieces = tmp_path / "l.gpkg"
    code, _out, err = lowuse("legacy", "find", *layers, "-o", pieces, "-q")
    assert code == 0, err
    error, hint = refused("legacy", "seal", pieces, "--by", "甲", "-o", tmp_path / "s")
    assert "open" in error
    assert "--leave-open" in hint


def test_where_the_town_is_not_known_a_layer_that_lacks_towns_says_nothing():
    from lowuse_gis.model import Source
    from lowuse_gis.stages.legacy.pieces import _outside

    towns = np.array(["120118901", "120118904", None], dtype=object)
    lacking = Source("a", "a", "a.gpkg", "", "planning", "no", towns_missing=("120118904",))
    assert np.isnan(_outside([lacking], towns, "")).tolist() == [False, True, True]
    whole = Source("a", "a", "a.gpkg", "", "planning", "unknown")
    assert np.isnan(_outside([whole], towns, "")).all()
    assert not np.isnan(_outside([whole], towns, "no")).any()
