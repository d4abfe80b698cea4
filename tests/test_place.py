"""Where a layer is: each row of the detection table, each trap, in any district."""

import dataclasses

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import CRS, Transformer

from lowuse_gis.core.datum import authority, datum_of, gauss_code, gauss_kruger
from lowuse_gis.core.place import find_place, plainly_in
from lowuse_gis.core.placed import AGREES
from lowuse_gis.core.systems import systems
from lowuse_gis.errors import InputError
from lowuse_gis.io.place import Given, placed
from lowuse_gis.io.projection import to_working
from lowuse_gis.io.unplaced import UnplacedError
from places import distance, esri, moved_lots, points_of

TABLE = [  # the table of the domain notes: system, swapped
    ("EPSG:4527", False), ("EPSG:4548", False), ("EPSG:4498", False), ("EPSG:4490", False),
    ("EPSG:4526", False), ("EPSG:4547", False), ("EPSG:4528", False), ("EPSG:4549", False),
    ("EPSG:3857", False), ("EPSG:4527", True), ("EPSG:4548", True), ("EPSG:4490", True),
    ("EPSG:4498", True), ("EPSG:4547", True),
]  # fmt: skip


@pytest.mark.parametrize(("crs", "swapped"), TABLE)
def test_the_table_without_a_declaration(rulebook, crs, swapped):
    place = find_place(points_of(crs, swapped=swapped), None, rulebook)
    assert (place.verdict, place.crs, place.swapped) == ("found", crs, swapped)
    assert place.codes == ("2102",)
    assert place.share == 1


@pytest.mark.parametrize(("crs", "swapped"), TABLE)
def test_the_table_under_a_wrong_declaration(rulebook, crs, swapped):
    for other in ("EPSG:4527", "EPSG:4548", "EPSG:4490", "EPSG:4528", "EPSG:3857"):
        place = find_place(points_of(crs, swapped=swapped), CRS(other), rulebook)
        if other == crs and not swapped:
            assert place.verdict == "agrees"
            assert place.codes == (("2103",) if crs == "EPSG:3857" else ())
        else:
            assert (place.verdict, place.crs, place.swapped) == ("wrong", crs, swapped)
            assert place.codes == ("2201",)


@pytest.mark.parametrize(("crs", "swapped"), TABLE)
def test_the_layer_ends_up_where_it_is(rulebook, crs, swapped):
    frame, true = moved_lots(crs, swapped=swapped)
    for declared in (None, "EPSG:4549"):
        made = placed(frame, declared, Given(), rulebook, "f")
        assert distance(made.frame.geometry.to_numpy(), true) < 0.001
        assert made.frame.crs.to_epsg() == 4527
        assert [notice.code for notice in made.notices] == (
            ["2102"] if declared is None else [] if crs == declared else ["2201"]
        )


@pytest.mark.parametrize(
    ("envelope", "working", "prefixed", "plain"),
    [
        ((103.6, 30.4, 104.3, 30.9), "EPSG:4490", "EPSG:4523", "EPSG:4544"),  # zone 35
        ((118.2, 31.0, 118.9, 31.6), "EPSG:4548", "EPSG:4527", "EPSG:4549"),  # across two zones
        ((87.4, 43.6, 88.0, 44.0), "EPSG:4517", "EPSG:4517", "EPSG:4538"),  # zone 29
    ],
)
def test_any_district(rulebook, envelope, working, prefixed, plain):
    elsewhere = dataclasses.replace(rulebook, envelope=envelope, crs=working)
    for crs in (working, prefixed, plain, "EPSG:4490", "EPSG:3857"):
        for swapped in (False, True):
            place = find_place(points_of(crs, swapped=swapped, envelope=envelope), None, elsewhere)
            assert (place.verdict, place.crs, place.swapped) == ("found", crs, swapped)


def test_the_codes_of_zones_are_those_of_epsg():
    for code in [*range(4491, 4555)]:
        crs = CRS.from_epsg(code)
        meridian, easting = gauss_kruger(crs)
        found = gauss_code(meridian, easting)
        assert gauss_kruger(CRS.from_epsg(found)) == (meridian, easting)
        assert found == code or (easting == 500_000 and 4502 <= code <= 4512)


def test_a_six_degree_zone_of_the_same_meridian_has_the_same_meaning(rulebook):
    points = points_of("EPSG:4509")
    found = find_place(points, None, rulebook)
    assert (found.crs, found.alternatives) == ("EPSG:4548", ("EPSG:4509",))
    assert "same numbers" in found.why
    assert find_place(points, CRS("EPSG:4509"), rulebook).verdict == "agrees"
    assert find_place(points_of("EPSG:4548"), CRS("EPSG:4509"), rulebook).verdict == "agrees"


def test_a_prefix_that_the_declared_system_has_not_never_becomes_infinite(rulebook):
    frame, true = moved_lots("EPSG:4527")
    assert not np.isfinite(
        Transformer.from_crs("EPSG:4548", "EPSG:4527", always_xy=True).transform(39_492_000, 4.3e6)
    ).any()
    made = placed(frame, "EPSG:4548", Given(), rulebook, "f.shp")
    assert distance(made.frame.geometry.to_numpy(), true) == 0
    assert "zone number 39" in made.notices[0].note
    bare, _true = moved_lots("EPSG:4548")
    assert "lack the zone number 39" in placed(bare, "EPSG:4527", Given(), rulebook, "f").place.why


@pytest.mark.parametrize(
    ("crs", "swapped", "declared", "said"),
    [
        ("EPSG:4548", False, "EPSG:4549", "meridian is 117°, not 120°"),
        ("EPSG:4548", True, "EPSG:4548", "northing stands first"),
        ("EPSG:4490", False, "EPSG:4548", "are degrees"),
        ("EPSG:4527", False, "EPSG:4326", "metres, not degrees"),
        ("EPSG:3857", False, "EPSG:4527", "Web Mercator"),
    ],
)
def test_the_reason_is_said(rulebook, crs, swapped, declared, said):
    assert said in find_place(points_of(crs, swapped=swapped), CRS(declared), rulebook).why


def test_prj_files_are_matched_by_numbers_not_names(rulebook):
    lies = CRS.from_wkt(esri(name="CGCS2000_3_Degree_GK_CM_117E", datum="Unknown"))
    assert authority(lies) == "EPSG:4527"
    assert find_place(points_of("EPSG:4527"), lies, rulebook).verdict == "agrees"
    assert find_place(points_of("EPSG:4548"), lies, rulebook).verdict == "wrong"
    own = CRS.from_wkt(esri(cm=116.75, fe=500000.0))
    x, y = Transformer.from_crs("EPSG:4490", own.to_wkt(), always_xy=True).transform(116.9, 38.9)
    place = find_place(np.array([[x, y]]), own, rulebook)
    assert place.verdict == "agrees"


def test_a_meridian_of_ones_own_is_a_pure_projection(rulebook):
    wkt = esri(cm=116.75, fe=500000.0)
    frame, true = moved_lots(wkt)
    made = placed(frame, wkt, Given(), rulebook, "f")
    assert distance(made.frame.geometry.to_numpy(), true) < 0.001


def test_a_prj_that_nobody_understands_counts_as_none(rulebook):
    frame, _true = moved_lots("EPSG:4548")
    assert placed(frame, "PROJCS[broken", Given(), rulebook, "f").notices[0].code == "2102"
    local = 'LOCAL_CS["Undefined Cartesian SRS",UNIT["metre",1]]'
    assert placed(frame, local, Given(), rulebook, "f").notices[0].code == "2102"
    with pytest.raises(InputError, match="unknown coordinate system"):
        placed(frame, None, Given("EPSG:0"), rulebook, "f")


def test_wgs84_is_taken_with_a_notice(rulebook):
    frame, _true = moved_lots("EPSG:4490")
    made = placed(frame, "EPSG:4326", Given(), rulebook, "f")
    assert [notice.code for notice in made.notices] == ["2103"]
    assert "WGS 84" in made.notices[0].note
    utm, _true = moved_lots("EPSG:4548")
    assert datum_of(CRS("EPSG:32650")) == "wgs84"
    assert placed(utm, "EPSG:32650", Given(), rulebook, "f").notices[0].code == "2103"


@pytest.mark.parametrize(
    ("crs", "declared", "wrong"),
    [("EPSG:4548", "EPSG:4548", "EPSG:4547"), ("EPSG:4527", "EPSG:4527", "EPSG:4528")],
)
def test_the_area_ratio_betrays_a_wrong_meridian(rulebook, crs, declared, wrong):
    good = find_place(points_of(crs), CRS(declared), rulebook, 1 + 3e-6)
    assert (good.betrayed, good.codes) == ((), ())
    excess = {"EPSG:4547": 1.00158, "EPSG:4528": 1.00178}[wrong]
    bad = find_place(points_of(crs), CRS(declared), rulebook, excess)
    assert wrong in [system.name for system in bad.betrayed]
    assert bad.codes == ("2201",)
    assert "wrong central meridian" in bad.why
    # in the system of that meridian the same ratio is as it should be
    right = find_place(points_of(wrong), CRS(wrong), rulebook, excess)
    assert (right.betrayed, right.codes) == ((), ())


def test_areas_tell_utm_from_gauss_kruger(rulebook):
    points = points_of("EPSG:32650")
    assert find_place(points, None, rulebook).crs == "EPSG:4548"  # by numbers alone
    place = find_place(points, None, rulebook, 1 - 798e-6)
    assert (place.verdict, place.crs) == ("found", "EPSG:32650")
    wrong = find_place(points, CRS("EPSG:4548"), rulebook, 1 - 798e-6)
    assert (wrong.verdict, wrong.crs) == ("wrong", "EPSG:32650")


def test_areas_of_a_layer_are_weighed(rulebook):
    frame, _true = moved_lots("EPSG:4548")
    areas = frame.assign(survey_area=shapely.area(frame.geometry.to_numpy()) / 1.00158)
    made = placed(areas, "EPSG:4548", Given(), rulebook, "f")
    assert [notice.code for notice in made.notices] == ["2201"]
    mu = frame.assign(survey_area=shapely.area(frame.geometry.to_numpy()) / 666.7)
    assert placed(mu, "EPSG:4548", Given(), rulebook, "f").notices == ()


def test_mixed_systems_in_one_file_are_listed_and_put_right(rulebook):
    frame, true = moved_lots("EPSG:4527")
    geometry = frame.geometry.to_numpy().copy()
    geometry[[1, 4]] = moved_lots("EPSG:4548")[0].geometry.to_numpy()[[1, 4]]
    geometry[5] = moved_lots("EPSG:4548", swapped=True)[0].geometry.to_numpy()[5]
    geometry[0] = shapely.box(5, 5, 6, 6)
    mixed = frame.set_geometry(gpd.GeoSeries(geometry))
    made = placed(mixed, "EPSG:4527", Given(), rulebook, "f")
    assert sorted(zip(made.rows["row"], made.rows["code"], strict=True)) == [
        (0, "2203"), (1, "2201"), (4, "2201"), (5, "2201"),
    ]  # fmt: skip
    assert "swapped" in made.rows.set_index("row").loc[5, "note"]
    assert distance(made.frame.geometry.to_numpy()[1:], true[1:]) < 0.001
    with pytest.raises(InputError, match="rows 2, 5"):
        to_working(mixed, CRS("EPSG:4527"), rulebook, "f")


def test_half_of_a_file_in_another_zone(rulebook):
    frame, true = moved_lots("EPSG:4527")
    geometry = frame.geometry.to_numpy().copy()
    geometry[3:] = moved_lots("EPSG:4528")[0].geometry.to_numpy()[3:]
    made = placed(frame.set_geometry(gpd.GeoSeries(geometry)), None, Given(), rulebook, "f")
    assert distance(made.frame.geometry.to_numpy(), true) < 0.001
    assert [notice.code for notice in made.notices] == ["2102", "2201"]
    assert made.rows["row"].tolist() == [3, 4, 5]


def test_small_numbers_ask_for_parameters(rulebook):
    points = np.random.default_rng(1).uniform(90_000, 120_000, (50, 2))
    place = find_place(points, None, rulebook)
    assert (place.verdict, place.codes) == ("unknown", ("2202",))
    assert "local city system" in place.why
    frame = gpd.GeoDataFrame(geometry=[shapely.box(90_000, 290_000, 90_100, 290_100)])
    with pytest.raises(UnplacedError, match="local city system") as refused:
        placed(frame, None, Given(), rulebook, "f")
    assert refused.value.code == "2202"
    assert "--similarity" in refused.value.hint


def test_a_wrong_zone_number_is_named_not_taken(rulebook):
    points = points_of("EPSG:4548") + np.array([41_000_000, 0])
    place = find_place(points, None, rulebook)
    assert (place.verdict, place.crs) == ("unknown", "")
    assert "EPSG:4548" in place.alternatives


def test_another_district_is_outside_not_unknown(rulebook):
    there = points_of("EPSG:4527", envelope=(117.3, 40.0, 117.6, 40.2))
    place = find_place(there, CRS("EPSG:4527"), rulebook)
    assert (place.verdict, place.codes) == ("outside", ("2203",))
    near = points_of("EPSG:4527", envelope=(117.25, 38.6, 117.3, 38.7))
    assert find_place(near, CRS("EPSG:4527"), rulebook).verdict == "outside"
    assert find_place(near, None, rulebook).verdict == "unknown"


def test_features_without_a_place_do_not_count(rulebook):
    points = points_of("EPSG:4548")
    points[:150] = np.nan
    points[150:160] = np.inf
    place = find_place(points, None, rulebook)
    assert (place.verdict, len(place.nowhere)) == ("found", 0)
    nothing = find_place(points[:150], CRS("EPSG:4548"), rulebook)
    assert (nothing.verdict, nothing.codes) == ("empty", ())
    frame = gpd.GeoDataFrame({"a": [1, 2]}, geometry=[None, None])
    assert len(placed(frame, None, Given(), rulebook, "f").frame) == 2


@pytest.mark.parametrize("crs", ["EPSG:4527", "EPSG:4548", "EPSG:4490"])
def test_coordinates_that_are_no_numbers_stay_what_they_are(rulebook, crs):
    frame, true = moved_lots(crs)
    geometry = frame.geometry.to_numpy().copy()
    ring = shapely.get_coordinates(geometry[0])
    ring[2] = np.nan
    with np.errstate(invalid="ignore"):
        geometry[0] = shapely.polygons(ring)
    geometry[1] = shapely.transform(geometry[1], lambda xy: xy * np.inf)
    made = placed(frame.set_geometry(gpd.GeoSeries(geometry)), crs, Given(), rulebook, "f")
    assert not np.isfinite(shapely.get_coordinates(made.frame.geometry.to_numpy()[0])).all()
    assert distance(made.frame.geometry.to_numpy()[2:], true[2:]) < 0.001


def test_a_few_that_fit_do_not_speak_for_all(rulebook):
    points = np.vstack([points_of("EPSG:4548", count=20), np.full((80, 2), 77_000.0)])
    assert find_place(points, None, rulebook).verdict == "unknown"
    assert find_place(points, CRS("EPSG:4548"), rulebook).verdict == "agrees"


def test_no_two_systems_of_the_table_share_numbers(rulebook):
    boxes = [system.box for system in systems(rulebook.crs, rulebook.envelope)]
    shapes = shapely.box(*np.array(boxes).T)
    tree = shapely.STRtree(shapes)
    assert len(tree.query(shapes, "intersects")[0]) == len(shapes)


def test_classify_names_the_system_that_fits(refused, parcels, tmp_path):
    _error, hint = refused("classify", parcels, "--crs", "EPSG:4490", "-o", tmp_path / "r.gpkg")
    assert "--crs EPSG:4527" in hint
    frame, _true = moved_lots("EPSG:4527", swapped=True)
    swapped = tmp_path / "swapped.gpkg"
    frame.set_crs("EPSG:4527", allow_override=True).to_file(swapped)
    _error, hint = refused("classify", swapped, "-o", tmp_path / "r.gpkg")
    assert "swapped axes" in hint


@pytest.mark.parametrize(("crs", "swapped"), TABLE)
def test_what_is_plainly_there_is_what_all_systems_say(rulebook, crs, swapped):
    points = points_of(crs, swapped=swapped)
    for declared in (None, *map(CRS, ("EPSG:4527", "EPSG:4548", "EPSG:4490", "EPSG:3857"))):
        plain = plainly_in(points, declared, rulebook)
        found = find_place(points, declared, rulebook)
        assert (plain is not None) == (found.verdict == AGREES)
        assert plain in {None, found.system}


def test_one_point_elsewhere_or_another_datum_is_not_plain(rulebook):
    points = np.vstack([points_of("EPSG:4527"), [[np.nan, np.nan]]])
    assert plainly_in(points, CRS("EPSG:4527"), rulebook) is not None
    points[-1] = 0, 0
    assert plainly_in(points, CRS("EPSG:4527"), rulebook) is None
    assert plainly_in(points[:0], CRS("EPSG:4527"), rulebook) is None
    assert plainly_in(points_of("EPSG:2363"), CRS("EPSG:2363"), rulebook) is None  # Xi'an 1980
