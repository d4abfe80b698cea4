"""The whole road, GeoPackage in and out: `python kernel_road.py WAY FOLDER SMALL OUT`.

Building coverage of every lot, its largest zone, a rule, rook neighbours among what the rule
takes, what hangs together, dissolved; written are the lots with their answers and the units.
WAY is ``kernels`` (lowuse's environment), ``geopandas`` or ``DuckDB`` (the peers').
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kernel_clock import clocked

CRS = "EPSG:4527"
LOW, EVERY = 0.2, 4  # built share below which a lot is low; zones of which one is left out
LEAST = 1e-6  # m² that count as an overlap


def hanging(left: Any, right: Any, count: int) -> Any:
    """Number what hangs together."""
    from scipy.sparse import coo_array  # noqa: PLC0415
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    ones = np.ones(len(left), dtype=np.int8)
    return connected_components(coo_array((ones, (left, right)), (count, count)), directed=False)[1]


def labelled(low: Any, left: Any, right: Any) -> Any:
    """Number the units of low lots; -1 for the others."""
    both = low[left] & low[right]
    label = hanging(left[both], right[both], len(low))
    unit = np.full(len(low), -1)
    unit[low] = np.unique(label[low], return_inverse=True)[1]
    return unit


def largest(lot: Any, zone: Any, area: Any, count: int) -> Any:
    """Return the zone that has most of each lot; -1 where none has any of it."""
    some = area > LEAST
    lot, zone, area = lot[some], zone[some], area[some]
    order = np.lexsort((zone, -area, lot))
    first = np.append(True, np.diff(lot[order]) != 0)
    found = np.full(count, -1)
    found[lot[order][first]] = zone[order][first]
    return found


def kernels(folder: Path, out: Path) -> dict[str, Any]:
    import pyarrow as pa  # noqa: PLC0415
    import shapely  # noqa: PLC0415
    from pyogrio import read_arrow  # noqa: PLC0415
    from pyogrio.raw import write_arrow  # noqa: PLC0415

    from lowuse_gis.core.dissolve import _assembled  # noqa: PLC0415
    from lowuse_gis.kernels.areas import pair_areas  # noqa: PLC0415
    from lowuse_gis.kernels.boxes import join  # noqa: PLC0415
    from lowuse_gis.kernels.neighbours import neighbours  # noqa: PLC0415
    from lowuse_gis.kernels.outlines import outlines  # noqa: PLC0415
    from lowuse_gis.kernels.ragged import Ragged, from_wkb  # noqa: PLC0415

    origin = (39_480_000.0, 4_290_000.0)

    def read(name: str) -> tuple[Any, Any]:
        meta, table = read_arrow(folder / f"{name}.gpkg")
        column = table[meta["geometry_name"] or "wkb_geometry"].combine_chunks()
        _valid, offsets, data = column.buffers()
        starts = np.frombuffer(offsets, dtype=np.int32)[: len(column) + 1]
        return table, from_wkb(data, starts.astype(np.int64), origin)

    with ThreadPoolExecutor(2) as pool:
        (table, lots), (_b, built), (_z, zones) = pool.map(read, ["lots", "buildings", "zones"])
    whole = polygon_areas(lots)
    lot, building = join(lots.boxes, built.boxes)
    share = np.bincount(lot, pair_areas(lots, built, lot, building), len(lots)) / whole
    lot, zone = join(lots.boxes, zones.boxes)
    zone = largest(lot, zone, pair_areas(lots, zones, lot, zone), len(lots))
    low = (share < LOW) & (zone % EVERY != 0)
    left, right, _length = neighbours(lots)
    unit = labelled(low, left, right)
    at = np.flatnonzero(low)
    size = np.diff(lots.first)
    pick = np.repeat(low, size)
    first = np.append(0, np.cumsum(size[at]))
    members = Ragged(lots.xy[pick], lots.turn[pick], first, lots.boxes[at], origin)
    xy, offsets, of, area = outlines(members, unit[at])
    ring = np.repeat(np.arange(len(of)), np.diff(offsets))
    rings = shapely.linearrings(xy + np.array(origin), indices=ring)
    shapes = _assembled(rings, of, area, int(unit.max()) + 1)
    name = next(n for n in table.column_names if n in {"geom", "geometry", "wkb_geometry"})
    for column, values in {"share": share, "zone": zone, "low": low, "unit": unit}.items():
        table = table.append_column(column, pa.array(values))
    units = pa.table({"unit": np.arange(len(shapes)), "geom": pa.array(shapely.to_wkb(shapes))})
    more = [(table, "lots", name, "Polygon"), (units, "units", "geom", "Unknown")]

    def write(given: tuple[Any, str, str, str]) -> None:
        write_arrow(given[0], out / f"{given[1]}.gpkg", layer=given[1], driver="GPKG", crs=CRS,
                    geometry_name=given[2], geometry_type=given[3])  # fmt: skip

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, more))
    return {"low": low.sum(), "units": len(shapes), "value": np.array([area.sum(), share.sum()])}


def polygon_areas(layer: Any) -> Any:
    """Return the area of each feature by the shoelace."""
    x, y = layer.xy.T
    twice = np.zeros(len(x) + 1)
    twice[1:-1] = np.cumsum((x[:-1] * y[1:] - x[1:] * y[:-1]) * layer.turn[:-1])
    return (twice[layer.first[1:] - 1] - twice[layer.first[:-1]]) / 2


def geopandas(folder: Path, out: Path) -> dict[str, Any]:
    import geopandas as gpd  # noqa: PLC0415
    from libpysal.graph import Graph  # noqa: PLC0415

    lots, built, zones = (
        gpd.read_file(folder / f"{n}.gpkg") for n in ("lots", "buildings", "zones")
    )
    both = gpd.overlay(lots, built.rename(columns={"id": "b"}), keep_geom_type=True)
    share = np.bincount(both["id"], both.area, len(lots)) / lots.area.to_numpy()
    both = gpd.overlay(lots, zones.rename(columns={"id": "z"}), keep_geom_type=True)
    zone = largest(both["id"].to_numpy(), both["z"].to_numpy(), both.area.to_numpy(), len(lots))
    low = (share < LOW) & (zone % EVERY != 0)
    few = lots[low].reset_index(drop=True)
    pairs = Graph.build_contiguity(few, rook=True).adjacency
    pairs = pairs[pairs > 0].index.to_frame().to_numpy()
    few["unit"] = np.unique(hanging(pairs[:, 0], pairs[:, 1], len(few)), return_inverse=True)[1]
    units = few[["unit", "geometry"]].dissolve("unit")
    unit = np.full(len(lots), -1)
    unit[low] = few["unit"]
    lots.assign(share=share, zone=zone, low=low, unit=unit).to_file(out / "lots.gpkg")
    units.to_file(out / "units.gpkg")
    value = np.array([units.area.sum(), share.sum()])
    return {"low": low.sum(), "units": len(units), "value": value}


def duckdb(folder: Path, out: Path) -> dict[str, Any]:
    from kernel_queries import duckdb_with  # noqa: PLC0415

    db = duckdb_with(folder, {})
    for name in ("lots", "buildings", "zones"):
        file = folder / f"{name}.gpkg"
        db.execute(f"CREATE TABLE {name} AS SELECT id, geom AS g FROM ST_Read('{file}')")
    pairs = """SELECT x.id AS a, y.id AS b, ST_Area(ST_Intersection(x.g, y.g)) AS area
        FROM lots x JOIN {} y ON ST_Intersects(x.g, y.g)"""
    built, zoned = pairs.format("buildings"), pairs.format("zones")
    db.execute(f"CREATE TABLE c AS SELECT a, sum(area) AS built FROM ({built}) GROUP BY a")
    db.execute(f"""CREATE TABLE z AS SELECT a, arg_max(b, area) AS zone
        FROM ({zoned}) WHERE area > {LEAST} GROUP BY a""")
    db.execute(f"""CREATE TABLE p AS SELECT lots.id, g, coalesce(built, 0) / ST_Area(g) AS share,
        coalesce(zone, -1) AS zone, share < {LOW} AND coalesce(zone, -1) % {EVERY} <> 0 AS low
        FROM lots LEFT JOIN c ON lots.id = c.a LEFT JOIN z ON lots.id = z.a""")
    db.execute(
        "CREATE TABLE few AS SELECT row_number() OVER (ORDER BY id) - 1 AS n, id, g"
        " FROM p WHERE low"
    )
    found = db.execute("""WITH j AS MATERIALIZED (SELECT x.n AS a, y.n AS b, x.g AS ag, y.g AS bg
        FROM few x JOIN few y ON ST_Intersects(x.g, y.g)) SELECT a, b FROM j WHERE a < b
        AND ST_Length(ST_Intersection(ST_Boundary(ag), ST_Boundary(bg))) > 0""").df()
    count = db.execute("SELECT count(*) FROM few").fetchone()[0]
    label = hanging(found["a"].to_numpy(), found["b"].to_numpy(), count)
    units = pd.DataFrame({"n": np.arange(count), "unit": label})  # noqa: F841  DuckDB reads it
    db.execute("CREATE TABLE u AS SELECT few.id, few.g, units.unit FROM few JOIN units USING (n)")
    db.execute("CREATE TABLE d AS SELECT unit, ST_CoverageUnion_Agg(g) AS g FROM u GROUP BY unit")
    form = "WITH (FORMAT gdal, DRIVER 'GPKG', SRS 'EPSG:4527')"
    lots = """SELECT p.* EXCLUDE (low), p.low::int AS low, unit FROM p
        LEFT JOIN u ON p.id = u.id ORDER BY p.id"""
    db.execute(f"COPY ({lots}) TO '{out / 'lots.gpkg'}' {form}")
    db.execute(f"COPY d TO '{out / 'units.gpkg'}' {form}")
    area = db.execute("SELECT count(*), sum(ST_Area(g)) FROM d").fetchone()
    share = db.execute("SELECT sum(share) FROM p").fetchone()[0]
    return {"low": count, "units": area[0], "value": np.array([area[1], share])}


WAYS = {"kernels": kernels, "geopandas": geopandas, "DuckDB": duckdb}


def main() -> None:
    import shutil  # noqa: PLC0415

    way, folder, small, out = sys.argv[1:]
    written = Path(out).with_suffix("")
    for given, clock in ((Path(small), lambda f, *a: f(*a)), (Path(folder), clocked)):
        shutil.rmtree(written, ignore_errors=True)
        written.mkdir(parents=True)
        answer = clock(WAYS[way], given, written)
    np.savez(out, **answer)


if __name__ == "__main__":
    main()
