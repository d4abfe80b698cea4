"""All that is sown in the district, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from deliveries.model import Wrong
from seeding import shapes, values
from seeding.plan import Plan

if TYPE_CHECKING:
    from deliveries.ground import Ground

TIMES = 2  # how often each sort of wrong value is sown


def sown(ground: Ground, seed: int = 20240331) -> Plan:
    """Spoil a district and return what was done to it."""
    random = np.random.default_rng(seed)
    ground, removed = without_faces(ground, random)
    plan = Plan(ground, random)
    open_again(plan, removed)
    pairs(plan)
    alone(plan)
    inserted(plan)
    boundaries(plan)
    for name in [*values.SORTS] * TIMES:
        values.sow(plan, name)
    for _ in range(3):
        values.same_code(plan, "parcels", "3302", ZDDM="", BDCDYH="")
        values.same_code(plan, "survey", "3305", BSM="")
        values.same_code(plan, "survey", "3305", lambda a, b: a["ZLDWDM"] == b["ZLDWDM"], TBBH="")
        values.same_code(plan, "buildings", "3305", JZBH="")
        values.other_town(plan)
    plan.balance()
    for step in (1.05, -3.0, 250.0):
        values.village_total(plan, step)
    values.village_total(plan, 0.95, found=False)
    return plan


def without_faces(
    ground: Ground, random: np.random.Generator
) -> tuple[Ground, list[tuple[shapely.Polygon, bool]]]:
    """Take three small faces and one large out of the survey, and say which must be found."""
    faces = ground.survey.geometry.to_numpy()
    tree, parcel = shapely.STRtree(faces), np.zeros(len(faces), bool)
    parcel[ground.notes["face_of"]] = True
    edge = shapely.boundary(shapely.union_all(faces))
    inside = ~shapely.intersects(faces, edge)
    area = shapely.area(faces)
    chosen: list[int] = []
    for low, high in ((400, 9_500),) * 3 + ((15_000, 60_000),):
        for at in random.permutation(np.flatnonzero((area > low) & (area < high) & inside)):
            near = tree.query(faces[at], predicate="intersects")
            wide = tree.query(faces[at].buffer(400), predicate="intersects")
            if not parcel[near].any() and not np.isin(wide, chosen).any():
                chosen.append(int(at))
                break
    gone = [(faces[at], area[at] < 10_000) for at in chosen]
    ground.survey = ground.survey.drop(index=chosen).reset_index(drop=True)
    was = ground.notes["face_of"]
    ground.notes["face_of"] = was - np.searchsorted(np.sort(chosen), was)
    return ground, gone


def open_again(plan: Plan, removed: list[tuple[shapely.Polygon, bool]]) -> None:
    """Note the gaps that the removed faces leave."""
    for shape, found in removed:
        around = plan.tree.query(shape, predicate="intersects")
        for face in around:
            plan.take(int(face))
        rows = tuple(int(k) + 1 for k in around)
        gap = Wrong("4102", "survey", among=rows, value=shape.area, about=0.05, inside=shape)
        plan.sow("face removed", *([gap] if found else []))


def pairs(plan: Plan) -> None:
    """Sow what is wrong between neighbours."""
    for length, out in ((24.0, 0.06), (20.0, 0.3), (4.0, 0.4), (25.0, 1.5), (12.0, 6.0)):
        shapes.overlap(plan, "parcels", "4101", length, out)
    shapes.overlap(plan, "parcels", "4101", 30.0, 0.045, found=False)
    shapes.overlap(plan, "parcels", "4101", 2.4, 0.4, found=False)
    for length, out in ((24.0, 0.06), (5.0, 0.3), (30.0, 1.0), (15.0, 8.0)):
        shapes.overlap(plan, "survey", "4106", length, out)
    shapes.overlap(plan, "survey", "4106", 40.0, 0.045, found=False)
    shapes.overlap(plan, "survey", "4106", 2.4, 0.4, found=False)
    for length, wide in ((6.0, 0.02), (0.4, 0.3), (20.0, 0.05), (30.0, 0.5), (25.0, 10.0)):
        shapes.gap(plan, "survey", length, wide)
    shapes.gap(plan, "survey", 4.5, 0.02, found=False)
    shapes.gap(plan, "survey", 0.3, 0.3, found=False)
    for angle in shapes.SPIKES:
        shapes.shared_spike(plan, angle)


def alone(plan: Plan) -> None:
    """Sow what is wrong with a shape by itself."""
    corners(plan)
    for length, wide in ((5.6, 0.1), (12.0, 0.06), (20.0, 0.2), (9.0, 0.45), (14.0, -0.2)):
        shapes.beside_survey(plan, length, wide)
    for length, wide in ((20.0, 0.045), (4.4, 0.1), (20.0, 0.6)):
        shapes.beside_survey(plan, length, wide, found=False)
    for wide, high in ((0.7, 0.7), (1.2, 0.8)):
        shapes.hole(plan, "parcels", wide, high)
        shapes.hole(plan, "survey", wide, high)
    shapes.hole(plan, "survey", 0.5, 0.15)
    shapes.hole(plan, "parcels", 1.1, 1.0, found=False)
    whole_shapes(plan)


def corners(plan: Plan) -> None:
    """Sow doubled vertices, spikes, folds, and very many vertices."""
    for layer in ("parcels", "parcels", "survey", "buildings", "settlements"):
        for apart in (0.0, 0.0005, 0.0009):
            shapes.doubled(plan, layer, apart)
        shapes.doubled(plan, layer, 0.0012, found=False)
    for angle in shapes.SPIKES:
        shapes.spike(plan, angle, 3.0)
        shapes.spike(plan, angle, -3.0)
    shapes.spike(plan, 10.5, 3.0, found=False)
    shapes.spike(plan, 10.5, -3.0, found=False)
    for layer in ("parcels", "parcels", "parcels", "survey", "survey"):
        shapes.folded(plan, layer)
    shapes.dense(plan, 50_001)
    shapes.dense(plan, 50_000, found=False)


def whole_shapes(plan: Plan) -> None:
    """Sow shapes that stand twice, in each other, or nowhere."""
    for wide, high in ((10.0, 3.0), (14.0, 9.0)):
        shapes.contained(plan, wide, high)
    for layer in ("parcels", "parcels", "survey", "buildings", "buildings"):
        shapes.identical(plan, layer)
    for layer in ("parcels", "buildings"):
        shapes.without_shape(plan, layer)
    for by, high in ((1.3, 0.8), (4.5, 6.0)):
        shapes.building_overlap(plan, by, high)
    shapes.building_overlap(plan, 1.2, 0.8, found=False)
    shapes.building_overlap(plan, 0.04, 26.0, found=False)
    for _ in range(3):
        shapes.settlement_hole(plan)


def inserted(plan: Plan) -> None:
    """Sow what is wrong with small pieces."""
    for wide, high in ((40.0, 30.0), (8.0, 20.0)):
        shapes.bow_tie(plan, wide, high)
    for more in (shapes.more_parcel, shapes.more_face):
        for wide, high in ((60.0, 1.0), (40.0, 0.4), (15.0, 0.8)):
            more(plan, wide, high, "4202", 2 * wide * high / (2 * (wide + high)))
        for wide, high in ((3.1, 3.1), (12.0, 0.8), (2.0, 2.0)):
            more(plan, wide, high, "4203", wide * high)
        for wide, high in ((60.0, 1.03), (3.2, 3.2), (10.34, 1.064)):
            more(plan, wide, high)
        shapes.wound_alike(plan, 12.0, 10.0)
    shapes.no_number(plan, np.inf)
    shapes.parts(plan, 12.0, 20.0)
    shapes.parts(plan, 30.0, 30.0)
    shapes.parts(plan, 20.0, 0.08)
    for _ in range(2):
        shapes.outside(plan)
        shapes.empty_record(plan)
    underground = plan.lone_parcel()
    code = plan.frame("parcels").loc[underground, "CJDM"] + "GX00001"
    shape = plan.shape("parcels", underground)
    plan.add("parcels", underground, shape, ZDDM=code, BDCDYH=code + "W00000000")
    plan.sow("underground")


def boundaries(plan: Plan) -> None:
    """Sow what is wrong with the boundaries of villages and towns."""
    shapes.overlap(plan, "villages", "4106", 20.0, 0.2)
    shapes.gap(plan, "villages", 20.0, 0.2)
    shapes.gap(plan, "villages", 5.0, 0.03)
    shapes.overlap(plan, "villages", "4106", 20.0, 0.045, found=False)
    shapes.overlap(plan, "towns", "4106", 10.0, 2.0)


def described(plan: Plan) -> pd.Series:
    """Count the seeds by kind."""
    return pd.Series([seed.kind for seed in plan.seeds]).value_counts()
