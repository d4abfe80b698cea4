"""Draw what each key of units.toml does: the same invented ground, drawn with two values of it.

Writes ``docs/pictures/units/KEY.svg``. Run it after a change of how units are chosen.
"""

from itertools import cycle
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.io.svg_map import Paint, svg_map
from lowuse_gis.stages.units.draw import draw_units
from lowuse_gis.stages.units.nodes import Surroundings

PICTURES = Path(__file__).parents[1] / "docs" / "pictures" / "units"
WEST, SOUTH, LOT, STREET, ROWS, COLUMNS = 39_492_000.0, 4_305_000.0, 60.0, 14.0, 6, 9
APART = 90.0  # m between the two drawings
COLOURS = ("#2F6F4F", "#4B7FC9", "#B8862B", "#7A4FA3", "#2A8C8C", "#B0476B", "#6B7A2F", "#555F7A")
TOWN = "120118901"
LEGEND = "低效宗地 low-use（一色一单元 one colour, one unit）"
SEED = 21
NEAR, INDUSTRY = 2, 7  # lots around a heart with some low use; columns of industry
PIECES = ("bridge_distance", "multi_part")
VALUES: dict[str, tuple[Any, Any]] = {
    "border": (2.0, 14.0),
    "price": (0.05, 2.0),
    "minimum_area": (3_000.0, 30_000.0),
    "maximum_area": (500_000.0, 30_000.0),
    "minimum_low_use_share": (0.5, 0.95),
    "bridge_distance": (25.0, 5.0),
    "multi_part": (True, False),
    "infill_maximum_area": (10_000.0, 100.0),
    "prices": ({"1004": 0.1}, {"1004": 3.0}),
    "kept_apart": ({}, {"production": ["industrial"]}),
    "barrier_classes": ([], ["1004"]),
}


def ground() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return judged lots, and the streets between them."""
    rng = np.random.default_rng(SEED)
    lots, names = [], []
    for row in range(ROWS):
        for column in range(COLUMNS):
            x = WEST + column * LOT + column // 3 * STREET
            y = SOUTH + row * LOT + row // 3 * STREET
            lots.append(shapely.box(x, y, x + LOT, y + LOT))
            names.append((row, column))
    heart = [(1, 1), (4, 2), (2, 7), (4, 6)]
    far = np.array([min(abs(r - a) + abs(c - b) for a, b in heart) for r, c in names])
    low = rng.random(len(lots)) < np.select(
        [far == 0, far == 1, far == NEAR], [1.0, 0.85, 0.35], 0.05
    )
    area = shapely.area(np.array(lots))
    parcels = gpd.GeoDataFrame(
        {
            "parcel_code": [f"{TOWN}001GB{n:05d}" for n in range(len(lots))],
            "town_code": TOWN, "town_name": "清泽镇", "stratum": "surface", "survey_class": "0601",
            "land_type": np.where([c < INDUSTRY for _r, c in names], "industrial", "commercial"),
            "verdict": np.where(low, "low_use", "not_low_use"), "area": area,
            "low_use_area": area * low, "possible_area": area * low,
        },
        geometry=lots, index=pd.Index([f"1:{n}" for n in range(len(lots))], name="row"), crs=4527,
    )  # fmt: skip
    whole = shapely.box(*parcels.total_bounds)
    streets = shapely.get_parts(shapely.difference(whole, shapely.union_all(lots)))
    pieces = [p for s in streets for p in shapely.get_parts(shapely.intersection(s, _tiles(whole)))]
    rows = {"survey_class": "1004", "village_code": f"{TOWN}001"}
    return parcels, gpd.GeoDataFrame(rows, geometry=pieces, crs=4527, index=range(len(pieces)))


def _tiles(whole: shapely.Polygon) -> np.ndarray:
    """Cut the streets where lots meet, as a survey does at crossings."""
    west, south, east, north = whole.bounds
    x = np.arange(west, east, LOT * 3 + STREET)
    y = np.arange(south, north, LOT * 3 + STREET)
    return np.array(
        [shapely.box(a, b, a + LOT * 3 + STREET, b + LOT * 3 + STREET) for a in x for b in y]
    )


def panel(spec: dict[str, Any], shift: float) -> list[Paint]:
    """Draw units and return them, moved east."""
    parcels, streets = ground()
    found = draw_units(parcels, Surroundings(streets), spec, steadiness=False)
    low = (parcels["verdict"] == "low_use").to_numpy()

    def moved(shapes: gpd.GeoSeries) -> np.ndarray:
        return shapes.translate(shift, 0).to_numpy()

    return [
        Paint(moved(parcels.geometry[~low]), "", "#F2EFE8", "#C9C4B8"),
        Paint(moved(streets.geometry), "", "#E3E3E3", "#C9C4B8"),
        Paint(moved(parcels.geometry[low]), "" if shift else LEGEND, "#D98C7A", "#A65A48"),
        *(
            Paint(moved(found.units.geometry[n : n + 1]), "", colour, colour, 3.5, hatch=True)
            for n, colour in zip(range(len(found.units)), cycle(COLOURS))
        ),
    ]  # fmt: skip


def main() -> None:
    """Draw every key."""
    spec = dict(read_rulebook("national").units) | {"measures": {}}
    whole = {**spec, "multi_part": False}  # pieces would hide what the other keys do
    parcels, _streets = ground()
    width = parcels.total_bounds[2] - parcels.total_bounds[0]
    PICTURES.mkdir(parents=True, exist_ok=True)
    for key, values in VALUES.items():
        left, right = (
            panel((spec if key in PIECES else whole) | {key: value}, at * (width + APART))
            for at, value in enumerate(values)
        )
        title = f"{key} = {values[0]}   |   {values[1]}"
        (PICTURES / f"{key}.svg").write_text(svg_map([*left, *right], title), encoding="utf-8")


if __name__ == "__main__":
    main()
