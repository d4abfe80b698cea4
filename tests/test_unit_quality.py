"""What is told of units: form, sums over parcels, worth, stability; and what may not matter."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import affinity, ops

import tiny
from drawing import SPEC, drawn, judged, road, surveyed, together
from lowuse_gis.commands.units import layers_of
from lowuse_gis.io.check_rows import catalogued
from lowuse_gis.io.geopackage import write_geopackage
from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.stages.units.changes import unit_changes
from lowuse_gis.stages.units.draw import draw_units, take_units
from lowuse_gis.stages.units.graph import graph_of
from lowuse_gis.stages.units.nodes import Surroundings, nodes_of
from planar import block

MEASURES = {
    "strong": {"how": "share", "when": "wish = '1'", "unless": "wish = '9'"},
    "owners": {"how": "distinct", "of": "owner"},
    "tax": {"how": "sum", "of": "tax_last"},
    "near": {"how": "least", "of": "tax_last"},
    "mean": {"how": "mean", "of": "tax_last"},
    "taxed": {"how": "count", "when": "tax_last > 0"},
}


def measured(**columns):
    lots = [tiny.lot(0, 0), tiny.lot(100, 0, 300, 100)]
    return drawn(judged(lots, **columns), measures=MEASURES).units.iloc[0]


def test_form_of_a_unit():
    unit = drawn(judged([tiny.lot(0, 0), tiny.lot(100, 0)])).units.iloc[0]
    assert unit["perimeter"] == 600
    assert unit["polsby_popper"] == pytest.approx(4 * np.pi * 20_000 / 600**2, abs=1e-4)
    assert unit["hull_ratio"] == 1
    assert (unit["parts"], unit["holes"], unit["breaks"]) == (1, 0, "")


def test_the_share_of_the_perimeter_on_a_barrier():
    highway = surveyed((tiny.lot(-30, 0, 30, 100), "1003"))
    unit = drawn(judged([tiny.lot(0, 0)]), survey=highway).units.iloc[0]
    assert unit["barrier_share"] == 0.25


def test_sums_over_the_parcels_of_a_unit():
    unit = measured(wish=["1", "2"], owner=["甲", "甲"], tax_last=[4.0, 0.0])
    assert unit["strong"] == 0.25
    assert unit["owners"] == 1
    assert (unit["tax"], unit["near"], unit["mean"], unit["taxed"]) == (4.0, 0.0, 1.0, 1)


def test_what_is_not_known_is_neither_yes_nor_no():
    unit = measured(wish=["9", "1"], owner=["甲", None], tax_last=[4.0, np.nan])
    assert unit["strong"] == 1.0  # of what is known
    assert np.isnan(unit["owners"])  # known of a quarter of the area only
    assert np.isnan(unit["tax"])
    assert np.isnan(measured(wish=["1", "9"], owner=["甲", "乙"], tax_last=[1.0, 1.0])["strong"])


@pytest.mark.parametrize(
    ("answers", "share"),
    [(["1", "3"], 0.25), (["1", "9"], None), ([None, "3"], 0.0), (["9"] * 2, None)],
)
def test_what_a_town_puts_first_counts_by_area_where_most_is_answered(rulebook, answers, share):
    lots = [tiny.lot(0, 0), tiny.lot(100, 0, 300, 100)]
    rules = rulebook.units["measures"]
    measures = {name: rules[name] for name in ("priority_share", "deferred_share")}
    unit = drawn(judged(lots, town_priority=answers), measures=measures).units.iloc[0]
    told = unit[["priority_share", "deferred_share"]].astype(float)
    if share is None:
        assert told.isna().all()
    else:
        assert told.tolist() == [share, 1 - share]


def test_worth_is_recomputed_from_the_map():
    rng = np.random.default_rng(3)
    cells, low = block(rng, 60, (600, 500))
    lots = affinity_to_district(cells)
    parcels = judged(lots)
    parcels["verdict"] = np.where(low, "low_use", "not_low_use")
    found = drawn(parcels)
    assert len(found.units) >= 1
    other = found.units["area"] - found.units["low_use_area"]
    border = shapely.length(found.units.geometry.to_numpy())
    by_hand = found.units["low_use_area"] - SPEC["price"] * other - SPEC["border"] * border
    assert found.units["value"].tolist() == pytest.approx(by_hand.tolist(), abs=1.0)
    assert found.blocks["objective"].sum() == pytest.approx(by_hand.sum(), abs=len(found.units))


def affinity_to_district(cells):
    west, south = tiny.ORIGIN
    return [affinity.translate(cell, west, south) for cell in cells]


def every_choice(parcels):
    """The best worth of any set of touching lots, looked at one by one, from the map alone."""
    shapes = parcels.geometry.to_numpy()
    low = (parcels["verdict"] == "low_use").to_numpy()
    best = {}
    for mask in range(1, 1 << len(shapes)):
        inside = np.array([bool(mask >> n & 1) for n in range(len(shapes))])
        whole = shapely.union_all(shapes[inside])
        area, part = shapely.area(shapes[inside]).sum(), shapely.area(shapes[inside & low]).sum()
        if whole.geom_type == "Polygon" and area >= 10_000 and part >= 0.6 * area:
            best[mask] = 2 * part - area - SPEC["border"] * whole.length
    worth = [0.0] * (1 << len(shapes))
    for mask in range(1, len(worth)):
        part, lowest = mask, mask & -mask
        worth[mask] = worth[mask ^ lowest]
        while part:
            if part & lowest and part in best:
                worth[mask] = max(worth[mask], best[part] + worth[mask ^ part])
            part = (part - 1) & mask
    return worth[-1]


@pytest.mark.parametrize("seed", range(4))
def test_worth_and_bound_against_every_choice_on_the_map(seed):
    rng = np.random.default_rng(seed)
    cells, _low = block(rng, 9, (240, 240))
    parcels = judged(affinity_to_district(cells))
    parcels["verdict"] = np.where(rng.random(9) < 0.6, "low_use", "not_low_use")
    found = drawn(parcels, multi_part=False)
    best = every_choice(parcels)
    assert found.blocks["objective"].sum() == pytest.approx(best, abs=1.0)
    assert found.blocks["upper_bound"].sum() >= best - 1.0


def random_district(seed):
    rng = np.random.default_rng(seed)
    cells, low = block(rng, 40, (500, 500))
    parcels = judged(affinity_to_district(cells))
    parcels["verdict"] = np.where(low, "low_use", "not_low_use")
    return parcels


def test_the_same_file_for_any_number_of_workers(tmp_path, monkeypatch):
    """Blocks of several sizes that stay short of their bounds, on compiled loops throughout."""
    monkeypatch.setenv("LOWUSE_KERNELS", "yes")
    rng = np.random.default_rng(8)
    parts = [block(rng, plots, (500, 500)) for plots in rng.integers(20, 120, 16)]
    cells = [
        affinity.translate(c, 700 * n, 0) for n, (part, _low) in enumerate(parts) for c in part
    ]
    parcels = judged(affinity_to_district(cells))
    low = np.concatenate([part for _cells, part in parts])
    parcels["verdict"] = np.where(low, "low_use", "not_low_use")
    rulebook, run = read_rulebook("jinghai"), pd.DataFrame([{"as_of": "2024-01-01"}])
    for threads in (1, 2, 4):
        found = draw_units(parcels, Surroundings(), SPEC, threads=threads)
        checks = catalogued(found.checks, parcels["parcel_code"], rulebook)
        layers = layers_of(found, checks, run, rulebook)
        write_geopackage(tmp_path / f"{threads}.gpkg", layers, tiny.CRS, date(2024, 1, 1))
    assert (found.blocks["upper_bound"] > found.blocks["objective"] * 1.01).sum() >= 2
    one, two, four = ((tmp_path / f"{threads}.gpkg").read_bytes() for threads in (1, 2, 4))
    assert one == two == four


@pytest.mark.parametrize("seed", range(3))
def test_place_direction_and_order_do_not_matter(seed):
    parcels = random_district(seed)
    here = together(drawn(parcels))
    moved = parcels.set_geometry(parcels.geometry.translate(1000, -2000))
    assert together(drawn(moved)) == here
    for angle in (90, 37.5, 201):
        turned = parcels.set_geometry(parcels.geometry.rotate(angle, origin=tiny.ORIGIN))
        assert together(drawn(turned)) == here
    assert together(drawn(parcels.sample(frac=1, random_state=1))) == here


@pytest.mark.parametrize("seed", range(3))
def test_a_barrier_is_never_crossed_and_a_larger_least_area_gives_no_smaller_unit(seed):
    parcels = random_district(seed)
    found = drawn(parcels, road(250))
    west = tiny.ORIGIN[0] + 250
    points = found.members.set_geometry(found.members.geometry.representative_point())
    cut = set(found.checks["row"])
    side = points[~points["row"].isin(cut)].assign(west=lambda f: f.geometry.x < west)
    assert len(side[["unit_id", "west"]].drop_duplicates()) == len(set(side["unit_id"]))
    assert (drawn(parcels, minimum_area=30_000.0).units["area"] >= 30_000).all()


@pytest.mark.parametrize("seed", range(3))
def test_another_barrier_only_takes_links_away(seed):
    parcels = random_district(seed)
    nodes = nodes_of(parcels, None, SPEC)
    one, two = road(180), pd.concat([road(180), road(320)], ignore_index=True)
    links = []
    for lines in (None, one, two):
        graph = graph_of(nodes, Surroundings(barriers=lines), SPEC)
        keys = graph.nodes["key"].to_numpy()
        links.append({frozenset(x) for x in zip(keys[graph.left], keys[graph.right], strict=True)})
    none, some, most = links
    assert most < some < none


def halved(parcels, rows):
    """The same district, some parcels cut through the middle of their longer side."""
    whole = parcels.drop(index=rows)
    halves = []
    for row in rows:
        shape = parcels.geometry[row]
        box = shapely.Polygon(shapely.oriented_envelope(shape)).exterior.coords
        sides = sorted(
            (shapely.LineString(box[n : n + 2]) for n in range(4)), key=lambda side: side.length
        )
        line = shapely.LineString([side.centroid for side in sides[2:]])
        for part in ops.split(shape, affinity.scale(line, 2, 2)).geoms:
            share = part.area / shape.area
            half = parcels.loc[[row]].set_geometry([part])
            areas = ["area", "low_use_area", "possible_area"]
            halves.append(half.assign(**{name: half[name] * share for name in areas}))
    both = pd.concat([whole, *halves])
    both["parcel_code"] = [tiny.code(n + 1) for n in range(len(both))]
    return both.set_index(pd.Index([f"1:{n + 1}" for n in range(len(both))], name="row"))


@pytest.mark.parametrize("seed", range(4))
def test_parcels_split_into_two_alike_change_no_unit_of_a_district(seed):
    rng = np.random.default_rng(100 + seed)
    cells, low = block(rng, 9, (300, 300))
    parcels = judged(affinity_to_district(cells))
    parcels["verdict"] = np.where(low, "low_use", "not_low_use")
    once = drawn(parcels, multi_part=False)
    twice = drawn(halved(parcels, list(parcels.index[:4])), multi_part=False)
    assert len(once.units) >= 1
    assert twice.blocks["objective"].sum() == pytest.approx(once.blocks["objective"].sum(), abs=1)
    assert len(twice.units) == len(once.units)
    left, right = (shapely.union_all(found.units.geometry.to_numpy()) for found in (once, twice))
    assert shapely.area(shapely.symmetric_difference(left, right)) < 1


def test_a_parcel_split_into_two_alike_changes_nothing():
    whole = drawn(judged([tiny.lot(0, 0), tiny.lot(100, 0, 200, 100)]))
    halves = drawn(judged([tiny.lot(0, 0), tiny.lot(100, 0), tiny.lot(200, 0)]))
    assert whole.blocks["objective"].sum() == halves.blocks["objective"].sum()
    assert whole.units.geometry.iloc[0].equals(halves.units.geometry.iloc[0])


def test_members_add_up_to_the_unit():
    between = surveyed((tiny.lot(100, 0, 10, 100), "1004"))
    found = drawn(judged([tiny.lot(0, 0), tiny.lot(110, 0)]), survey=between)
    unit = found.units.iloc[0]
    assert unit["area"] == pytest.approx(unit["parcel_area"] + unit["infill_area"], abs=0.01)
    assert unit["infill_area"] > 900
    assert unit["stability"] == 1


def test_a_unit_at_the_limit_is_not_steady():
    lots = [tiny.lot(0, 0, 102, 100)]
    assert drawn(judged(lots)).units["stability"].tolist() == [0.875]  # one of eight shifts


def test_units_drawn_by_hand_are_measured_the_same_way():
    lots = [tiny.lot(0, 0), tiny.lot(100, 0), tiny.lot(500, 0), tiny.lot(800, 0, 50, 50)]
    parcels, around = judged(lots), Surroundings()
    own = drawn(parcels)
    taken = take_units(parcels, around, own.units, SPEC)
    assert together(taken) == together(own)
    for name in ("unit_id", "area", "value", "polsby_popper"):
        assert taken.units[name].tolist() == own.units[name].tolist()
    assert taken.left_out["reason"].tolist() == ["not_taken"]
    cut = own.units.set_geometry(own.units.geometry.translate(30, 0)).iloc[:1]
    (note,) = take_units(parcels, around, cut, SPEC).checks["note"]
    assert "by hand" in note
    small = own.units.set_geometry([lots[3], lots[3]]).iloc[:1]
    assert take_units(parcels, around, small, SPEC).units["breaks"].tolist() == ["too_small"]


def test_what_differs_between_two_drawings():
    lots = [tiny.lot(0, 0), tiny.lot(100, 0), tiny.lot(500, 0)]
    one, two = drawn(judged(lots)), drawn(judged(lots), maximum_area=15_000.0)
    found = unit_changes((one.units, two.units), (one.members, two.members))
    assert found["state"].value_counts().to_dict() == {"changed": 2, "same": 1}
    assert set(found["likeness"]) == {0.5, 1.0}
    gone = unit_changes((one.units, two.units[:0]), (one.members, two.members[:0]))
    assert gone["state"].tolist() == ["only_a", "only_a"]


def test_sweep_and_compare(lowuse, refused, low_use_result, tmp_path):
    code, said, err = lowuse("units", low_use_result, "--sweep", "beta=2,6")
    assert code == 0, err
    assert "units.toml has 6" in said
    error, hint = refused("units", low_use_result, "--sweep", "gamma=1")
    assert "gamma" in error
    assert "border" in hint
    for name in ("one", "two"):
        lowuse("units", low_use_result, "-o", tmp_path / f"{name}.gpkg")
    files = (
        "--compare",
        tmp_path / "one.gpkg",
        tmp_path / "two.gpkg",
        "-o",
        tmp_path / "compared.gpkg",
    )
    code, said, err = lowuse("units", *files)
    assert code == 0, err
    assert "0 changed" in said
    assert (tmp_path / "compared.svg").read_text(encoding="utf-8").startswith("<svg")
    error, _hint = refused("units")
    assert "no result" in error


def test_no_unit_is_a_table_too():
    found = drawn(judged([tiny.lot(0, 0)], verdict="not_low_use"), measures=MEASURES)
    assert isinstance(found.units, pd.DataFrame)
    assert {"strong", "stability", "polsby_popper"} <= set(found.units)


def test_land_that_is_too_large_by_itself_does_not_loosen_the_bound():
    found = drawn(judged([tiny.lot(0, 0), tiny.lot(100, 0, 1000, 1000)]))
    assert together(found) == [[1]]
    assert found.left_out["reason"].tolist() == ["too_large"]
    blocks = found.blocks
    assert blocks["upper_bound"].sum() == pytest.approx(blocks["objective"].sum(), rel=0.01)
