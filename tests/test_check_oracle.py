"""Random coverages with random faults: the check and a plain, slow one find the same."""

import dataclasses
import tempfile
from collections import Counter
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import plain_checks
from deliveries import records
from deliveries.ground import ORIGIN
from deliveries.writing import as_geopackage
from lowuse_gis.commands import check

RUN = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
CENT = st.integers(-400, 400).map(lambda n: n / 100)
SHAPES = ("4102", "4103", "4104", "4106", "4111", "4112", "4114", "4202", "4203")


@dataclasses.dataclass
class Coverage:
    """Faces of one village."""

    shapes: list[shapely.Polygon]
    faults: list[str]


def grid(draw) -> list[np.ndarray]:
    """Return the rings of a bent grid, exactly noded."""
    wide, high = draw(st.integers(2, 4)), draw(st.integers(2, 3))
    step = draw(st.sampled_from([20.0, 45.0, 130.0]))
    moves = draw(st.lists(CENT, min_size=2 * (wide + 1) * (high + 1), max_size=60))
    shift = np.array(moves[: 2 * (wide + 1) * (high + 1)]).reshape(high + 1, wide + 1, 2)
    column, row = np.meshgrid(np.arange(wide + 1), np.arange(high + 1))
    corners = np.stack([column * step, row * step], axis=-1) + shift
    return [
        corners[[j, j, j + 1, j + 1], [i, i + 1, i + 1, i]]
        for j in range(high)
        for i in range(wide)
    ]


def middle_of(ring: np.ndarray, edge: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the middle, the direction and the outward normal of an edge."""
    a, b = ring[edge], ring[(edge + 1) % len(ring)]
    along = (b - a) / np.hypot(*(b - a))
    return (a + b) / 2, along, np.array([along[1], -along[0]])


def bent(draw, ring: np.ndarray, kind: str) -> np.ndarray:
    """Spoil one ring, at an edge of some length."""
    long = (np.roll(ring, -1, axis=0) != ring).any(axis=1)
    edge = int(draw(st.sampled_from(np.flatnonzero(long).tolist())))
    middle, along, out = middle_of(ring, edge)
    if kind == "moved corner":
        moved = ring.copy()
        moved[edge] += [draw(CENT), draw(CENT)]
        return moved
    if kind == "doubled":
        apart = draw(st.sampled_from([0.0, 0.0003, 0.0008, 0.0013, 0.01]))
        points = [middle, middle + apart * along]
    elif kind == "spike":
        angle = draw(st.sampled_from([2.0, 6.0, 9.0, 11.0, 20.0]))
        height = draw(st.sampled_from([-3.0, 2.0, 4.0]))
        half = abs(height) * np.tan(np.radians(angle / 2))
        points = [middle - half * along, middle + height * out, middle + half * along]
    elif kind == "strip":
        deep = draw(st.sampled_from([-2.0, -0.1, -0.02, 0.03, 0.07, 0.4, 3.0]))
        half = draw(st.sampled_from([0.5, 2.0, 6.0]))
        foot = [middle - half * along, middle + half * along]
        points = [foot[0], foot[0] + deep * out, foot[1] + deep * out, foot[1]]
    else:  # folded
        points = [middle + 0.5 * along, middle + 0.5 * along - 0.5 * out, middle + 0.1 * out]
    return np.concatenate([ring[: edge + 1], points, ring[edge + 1 :]])


RINGS = ("moved corner", "doubled", "spike", "strip", "folded")
FACES = ("removed", "twice", "hole", "crumb", "sliver")


@st.composite
def coverages(draw) -> Coverage:
    rings = grid(draw)
    faults = draw(st.lists(st.sampled_from([*RINGS, *FACES]), max_size=3))
    shapes = [shapely.Polygon(ring) for ring in rings]
    for kind in faults:
        at = draw(st.integers(0, len(shapes) - 1))
        if kind in RINGS and not shapes[at].interiors:
            shapes[at] = shapely.Polygon(bent(draw, shapely.get_coordinates(shapes[at])[:-1], kind))
        elif kind == "removed" and len(shapes) > 1:
            del shapes[at]
        elif kind == "twice":
            again = np.roll(shapely.get_coordinates(shapes[at].exterior)[:-1], 1, axis=0)
            shapes.append(shapely.Polygon(again, shapes[at].interiors))
        elif shapes[at].is_valid and not shapes[at].interiors:
            shapes += inside(draw, shapes, at, kind)
    return Coverage(shapes, faults)


def inside(draw, shapes: list[shapely.Polygon], at: int, kind: str) -> list[shapely.Polygon]:
    """Cut a hole into a face, and for a crumb or a sliver put a face into it."""
    sizes = {
        "hole": [(0.2, 0.3), (0.9, 0.9), (1.2, 1.2), (5.0, 4.0)],
        "crumb": [(2.0, 2.0), (3.0, 3.0), (3.4, 3.3)],
        "sliver": [(14.0, 0.9), (14.0, 1.2), (13.0, 0.3)],
    }[kind]
    wide, high = draw(st.sampled_from(sizes))
    x, y = shapely.get_coordinates(shapes[at].centroid)[0].round(2)
    patch = shapely.box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
    if not shapes[at].contains_properly(patch.buffer(0.2)):
        return []
    shapes[at] = shapely.Polygon(shapes[at].exterior, [patch.exterior])
    return [] if kind == "hole" else [patch]


def laid_out(parts: list[Coverage]) -> list[shapely.Polygon]:
    """Put coverages two kilometres from each other, near the origin."""
    return [
        shapely.transform(shape, lambda xy, k=k: xy + np.array([2000.0 * k, 0.0]))
        for k, part in enumerate(parts)
        for shape in part.shapes
    ]


def checked(frame: gpd.GeoDataFrame, layer: str, source: str) -> pd.DataFrame:
    with tempfile.TemporaryDirectory() as folder:
        path = as_geopackage(frame, Path(folder) / "数据.gpkg", layer)
        request = check.Request(files=(path,), output=Path(folder) / "out", source=source)
        return check.check(request).checked.findings


def row_of(name: str) -> int:
    return int(name.split(":")[1]) - 1


@RUN
@given(st.lists(coverages(), min_size=1, max_size=8))
def test_shapes_agree_with_a_plain_search(parts):
    shapes = laid_out(parts)
    placed = [shapely.transform(shape, lambda xy: np.add(xy, ORIGIN)) for shape in shapes]
    faces = pd.DataFrame({"use": "0103", "shape": placed})
    faces["town"] = "120118901"
    faces["village"] = np.repeat(
        [f"120118901{k:03d}" for k in range(1, len(parts) + 1)],
        [len(part.shapes) for part in parts],
    )
    findings = checked(records.survey_of(faces), "DLTB", "survey")
    due = plain_checks.survey(shapes)
    voids = {key[:3]: key[3] for key in due.must | due.may if key[0] == "4102"}
    found = set()
    for code, row, other, x, y in findings[["code", "row", "other_row", "x", "y"]].itertuples(
        index=False
    ):
        if code not in SHAPES:
            continue
        if code == "4102":
            place = shapely.Point(x - ORIGIN[0], y - ORIGIN[1])
            hit = [key for key, void in voids.items() if void.distance(place) < 0.01]
            found.add(hit[0] if hit else (code, round(x), round(y)))
        elif other:
            found.add((code, *sorted((row_of(row), row_of(other)))))
        else:
            found.add((code, row_of(row)))
    must = {key[:3] for key in due.must}
    may = {key[:3] for key in due.may}
    assert must <= found, must - found
    assert found <= must | may, found - must - may


@RUN
@given(
    st.lists(
        st.tuples(
            st.floats(-3.0, 3.0).map(lambda v: round(v, 2)),
            st.sampled_from([20.0, 99.0, 250.0]),
            st.sampled_from([0.0, 0.01, 0.02, -0.05, 7.0]),
        ),
        min_size=1,
        max_size=60,
    )
)
def test_areas_agree_with_a_geodesic(lines):
    shapes = [
        shapely.box(x, y, x + side, y + side * 0.9)
        for n, (_off, side, _class) in enumerate(lines)
        for x, y in [(ORIGIN[0] + 300.0 * (n % 8), ORIGIN[1] + 300.0 * (n // 8))]
    ]
    faces = pd.DataFrame(
        {"use": "0103", "shape": shapes, "town": "120118901", "village": "120118901001"}
    )
    frame = records.survey_of(faces)
    true = np.array([plain_checks.area_on_ellipsoid(shape) for shape in shapes])
    frame["TBMJ"] = (true + [line[0] for line in lines]).round(2)
    frame["TBDLMJ"] = (frame["TBMJ"] - [line[2] for line in lines]).round(2)
    findings = checked(frame, "DLTB", "survey")
    for code, off, limit in (
        ("3401", (frame["TBMJ"] - true).abs(), np.maximum(1.0, 0.0001 * true)),
        ("3402", (frame["TBMJ"] - frame["TBDLMJ"]).abs(), np.full(len(lines), 0.011)),
    ):
        found = {row_of(row) for row in findings.loc[findings["code"] == code, "row"]}
        sure = np.abs(off.to_numpy() - limit) > min(0.02, 0.05 * limit.min())
        must = set(np.flatnonzero((off.to_numpy() > limit) & sure))
        never = set(np.flatnonzero((off.to_numpy() <= limit) & sure))
        assert must <= found
        assert not never & found


@st.composite
def codes(draw) -> tuple[str, str]:
    """Return a parcel code and a credit code, right or with a few signs changed."""
    number = draw(st.integers(0, 99999))
    kind = draw(st.sampled_from(["GB", "JB", "JC", "GC", "GX", "JA", "ZB", "GA", "XB"]))
    county = draw(st.sampled_from(["120118", "120118", "120223", "130682"]))
    parcel = f"{county}901001{kind}{number:05d}"
    credit = records.credit_code(draw(st.integers(0, 31**4)))
    return _changed(draw, parcel), _changed(draw, credit)


def _changed(draw, code: str) -> str:
    how = draw(st.sampled_from(["kept", "kept", "sign", "shorter", "longer"]))
    at = draw(st.integers(0, len(code) - 1))
    if how == "sign":
        return code[:at] + draw(st.sampled_from("0189ABIOSlX")) + code[at + 1 :]
    if how == "shorter":
        return code[:at] + code[at + 1 :]
    return code + "0" if how == "longer" else code


@RUN
@given(st.lists(codes(), min_size=1, max_size=80))
def test_codes_agree_with_the_standards(pairs):
    shapes = [
        shapely.box(x, y, x + 30, y + 30)
        for n in range(len(pairs))
        for x, y in [(ORIGIN[0] + 60.0 * (n % 10), ORIGIN[1] + 60.0 * (n // 10))]
    ]
    faces = pd.DataFrame(
        {"use": "0601", "shape": shapes, "town": "120118901", "village": "120118901001"}
    )
    frame = records.parcels_of(faces).assign(BDCDYH=None)
    frame["ZDDM"], frame["USCC"] = zip(*pairs, strict=True)
    findings = checked(frame, "ZD", "parcels")
    found = {
        code: {row_of(row) for row in findings.loc[findings["code"] == code, "row"]}
        for code in ("3203", "3205", "3302")
    }
    many = Counter(parcel for parcel, _credit in pairs)
    assert found["3203"] == {n for n, p in enumerate(pairs) if plain_checks.parcel_code_fails(p[0])}
    assert found["3205"] == {n for n, p in enumerate(pairs) if plain_checks.credit_code_fails(p[1])}
    assert found["3302"] == {n for n, (parcel, _credit) in enumerate(pairs) if many[parcel] > 1}
