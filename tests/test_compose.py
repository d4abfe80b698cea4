"""The survey under the parcels: what decides a type, and what becomes of land without a parcel."""

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import tiny
from lowuse_gis.io.fields import match_fields, standard_values
from lowuse_gis.model import Survey
from lowuse_gis.stages.compose import compose, with_areas
from lowuse_gis.stages.measure import identify, measure
from lowuse_gis.stages.read import Reading, _parcels


def standard(records, source, rulebook):
    """Bring file records to standard columns, without a file."""
    layer = tiny.frame(records)
    found = match_fields(list(layer.columns), rulebook, source, {})
    plain = pd.DataFrame(layer[list(found.values())]).set_axis(list(found), axis=1)
    values = standard_values(plain, rulebook, source)
    return gpd.GeoDataFrame(values, geometry=layer.geometry, crs=layer.crs)


@pytest.fixture
def composed(run):
    def call(parcels, polygons):
        lots = standard(parcels, "parcels", run.rulebook)
        lots.index = pd.Index([f"1:{n + 1}" for n in range(len(lots))], name="row")
        survey = Survey(
            _parcels([lots], Reading(), run.rulebook),
            layers={"survey": standard(polygons, "survey", run.rulebook)},
        )
        return compose(with_areas(identify(survey, run)), run)

    return call


@pytest.mark.parametrize(
    ("width", "land_type", "basis"),
    [(19, "commercial", "registered"), (21, "industrial", "survey")],
)
def test_a_sliver_of_a_class_decides_nothing(composed, run, width, land_type, basis):
    ground = [
        tiny.survey_polygon(tiny.lot(0, 0, width)),
        tiny.survey_polygon(tiny.lot(width, 0, 100 - width), "0102"),
    ]
    survey = measure(composed([tiny.parcel(1, tiny.lot(0, 0), YT="0501")], ground), run)
    assert survey.parcels["land_type"].tolist()[0] == land_type
    assert survey.parcels["land_type_basis"].tolist()[0] == basis


def test_a_road_through_a_factory_leaves_it_a_factory(composed):
    ground = [
        tiny.survey_polygon(tiny.lot(0, 0, 60), "1004"),
        tiny.survey_polygon(tiny.lot(60, 0, 40)),
    ]
    parcels = composed([tiny.parcel(1, tiny.lot(0, 0))], ground).parcels
    assert parcels["survey_class"].tolist()[0] == "0601"
    assert parcels["class_shares"].tolist()[0] == "1004:0.60;0601:0.40"


@pytest.mark.parametrize(
    ("width", "fates"), [(40, {"survey parcel"}), (2.5, {"small"}), (0, set())]
)
def test_what_no_parcel_covers(composed, width, fates):
    ground = [tiny.survey_polygon(tiny.lot(0, 0, 100 + width, 100))]
    survey = composed([tiny.parcel(1, tiny.lot(0, 0))], ground)
    assert set(survey.pieces["fate"]) - {"parcels"} == fates
    found = survey.parcels[survey.parcels["origin"] == "survey"]
    assert len(found) == len(fates & {"survey parcel"})
    assert found["parcel_code"].str.fullmatch(r"LS120118901001\d{5}").all()
    assert survey.pieces["area"].sum() == pytest.approx(100 * (100 + width), abs=0.2)


def test_overlapping_and_buried_parcels_cover_a_place_once(composed):
    lots = [
        tiny.parcel(1, tiny.lot(0, 0)),
        tiny.parcel(2, tiny.lot(50, 0)),
        tiny.parcel(3, tiny.lot(150, 0), ZDDM=tiny.code(3, "GX")),
    ]
    survey = composed(lots, [tiny.survey_polygon(tiny.lot(0, 0, 300))])
    areas = survey.pieces.groupby("fate")["plane"].sum()
    assert areas["parcels"] == pytest.approx(15_000)
    assert areas["survey parcel"] == pytest.approx(15_000)  # a buried parcel covers nothing
    assert survey.pieces["residual"].abs().max() < 1e-6


def test_only_towns_that_handed_in_parcels(composed):
    ground = [
        tiny.survey_polygon(tiny.lot(0, 0, 300)),
        tiny.survey_polygon(tiny.lot(300, 0, 300), ZLDWDM="1201189020010000000"),
    ]
    survey = composed([tiny.parcel(1, tiny.lot(0, 0))], ground)
    assert set(survey.pieces["town"]) == {"120118901"}


def test_a_parcel_without_a_town_opens_no_other_town(composed):
    ground = [
        tiny.survey_polygon(tiny.lot(0, 0, 300)),
        tiny.survey_polygon(tiny.lot(300, 0, 300), ZLDWDM="1201189020010000000"),
    ]
    stray = tiny.parcel(2, tiny.lot(310, 0), XZQDM=None)
    survey = composed([tiny.parcel(1, tiny.lot(0, 0)), stray], ground)
    assert survey.parcels["town_code"].tolist()[1] == "120118902"
    assert set(survey.pieces["town"]) == {"120118901"}


def test_survey_polygons_that_overlap_are_told(composed):
    ground = [tiny.survey_polygon(tiny.lot(0, 0)), tiny.survey_polygon(tiny.lot(90, 0))]
    survey = composed([tiny.parcel(1, tiny.lot(0, 0))], ground)
    codes = pd.concat(survey.checks).set_index("code")
    assert codes.loc["4106", "value"] == pytest.approx(1000)
    assert (survey.parcels["surveyed_share"] <= 1).all()


def test_the_stage_leaves_its_input_alone(run):
    lots = standard([tiny.parcel(1, tiny.lot(0, 0))], "parcels", run.rulebook)
    lots.index = pd.Index(["1:1"], name="row")
    survey = with_areas(identify(Survey(_parcels([lots], Reading(), run.rulebook)), run))
    before = survey.parcels.copy()
    after = compose(survey, run)
    pd.testing.assert_frame_equal(pd.DataFrame(survey.parcels), pd.DataFrame(before))
    assert after.parcels.index.equals(before.index)
    assert not np.isnan(after.parcels["area"]).any()
    with pytest.raises(dataclasses.FrozenInstanceError):
        after.parcels = before


@pytest.mark.parametrize(("class_", "fate"), [("0601", "small"), ("1003", "context")])
def test_what_cannot_hold_a_survey_parcel_is_not_cut_out(composed, class_, fate):
    """Polygon 0 is cut in any case; of the others too little is left, or their class is none."""
    ground = [tiny.survey_polygon(tiny.lot(0, 200 * n, 101), class_) for n in range(3)]
    ground.append(tiny.survey_polygon(tiny.lot(0, 600, 140), "0601"))
    survey = composed([tiny.parcel(n, tiny.lot(0, 200 * n)) for n in range(4)], ground)
    pieces = survey.pieces
    of = pieces.set_index(["polygon", "fate"])
    residual = of["residual"].xs("parcels", level="fate")
    assert residual.isna().tolist() == [False, True, True, False]
    assert residual.abs().max() < 1e-6
    assert of["plane"].xs(fate, level="fate").tolist() == pytest.approx([100.0] * 3)
    assert of.loc[(3, "survey parcel"), "plane"] == pytest.approx(4000)
    assert (survey.parcels["origin"] == "survey").sum() == 1
    assert pieces["area"].sum() == pytest.approx(3 * 10_100 + 14_000, rel=1e-3)


def test_the_largest_small_piece_of_a_village_has_its_place(composed):
    widths = [101, 101.5, 101.2]
    ground = [tiny.survey_polygon(tiny.lot(0, 200 * n, wide)) for n, wide in enumerate(widths)]
    lots = [tiny.parcel(n, tiny.lot(0, 200 * n)) for n in range(3)]
    small = composed(lots, ground).pieces.query("fate == 'small'").set_index("polygon")
    assert small["x"].notna().tolist() == [False, True, False]
    place = shapely.Point(small.loc[1, ["x", "y"]].astype(float))
    left = ground[1]["geometry"] - lots[1]["geometry"]
    assert left.buffer(0.001).contains(place)
