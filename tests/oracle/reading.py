"""Files of a district to plain dicts: the project file, the layers, the rules."""

from __future__ import annotations

import csv
import re
import tomllib
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import pyogrio
import pyproj
import shapely

from oracle import values
from oracle.tables import TABLES, read_table

RULES = Path(__file__).parents[2] / "rules"
PLANE = pyproj.CRS("EPSG:4527")
LAYERS = {
    "parcels",
    "survey",
    "buildings",
    "permanent_farmland",
    "ecological_redline",
    "growth_boundary",
    "heritage",
    "reclamation",
    "legacy",
    "parks",
    "planning",
}
GLOB = re.compile(r"[*?\[]")


@dataclass
class Part:
    """One entry of a source: its files and the towns it answers for."""

    paths: list
    layer: str | None = None
    towns: list | None = None
    towns_missing: list | None = None

    def covers(self, town):
        if self.towns is not None and (town is None or town not in self.towns):
            return False
        return self.towns_missing is None or (town is not None and town not in self.towns_missing)


@dataclass
class District:
    """All that was handed in."""

    as_of: object
    parts: dict = field(default_factory=dict)
    records: dict = field(default_factory=dict)
    rules: dict = field(default_factory=dict)
    thresholds: list = field(default_factory=list)

    def covered(self, source, town):
        return any(part.covers(town) for part in self.parts.get(source, []))


def read_district(folder):
    """Read lowuse.toml of a folder and every file that a measure needs."""
    folder = Path(folder)
    project = tomllib.loads((folder / "lowuse.toml").read_text(encoding="utf-8"))
    as_of = project["as_of"]
    district = District(values.day(as_of))
    for name, entry in project["sources"].items():
        if name not in LAYERS | TABLES:
            continue
        district.parts[name] = [_part(folder, one) for one in _listed(entry)]
        if name in LAYERS:
            district.records[name] = _features(district.parts[name])
        else:
            paths = [path for part in district.parts[name] for path in part.paths]
            district.records[name] = [row for path in paths for row in read_table(path, name)]
    district.rules = _rules()
    district.thresholds = _thresholds(project.get("rules", "jinghai"))
    return district


def _listed(entry):
    return entry if isinstance(entry, list) else [entry]


def _part(folder, entry):
    entry = {"path": entry} if isinstance(entry, str) else entry
    paths = []
    for name in _listed(entry["path"]):
        plain = folder / name
        paths += sorted(folder.glob(name)) if GLOB.search(name) else [plain]
    return Part(paths, entry.get("layer"), entry.get("towns"), entry.get("towns_missing"))


def _features(parts):
    files = [(path, part.layer) for part in parts for path in part.paths]
    return [
        {"row": f"{file}:{feature}"} | record
        for file, (path, layer) in enumerate(files, start=1)
        for feature, record in enumerate(read_layer(path, layer), start=1)
    ]


def read_layer(path, layer=None):
    """Return the features of a layer in file order, shapes in the plane and valid."""
    options = {"layer": layer} if layer else {}
    if path.suffix.lower() == ".shp" and not path.with_suffix(".cpg").exists():
        options["encoding"] = "GBK"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = pyogrio.read_dataframe(path, **options)
    to_plane = transformer(frame.crs)
    records = []
    for row in frame.to_dict("records"):
        shape = row.pop("geometry", None)
        clean = {name: None if values.is_missing(value) else value for name, value in row.items()}
        records.append(clean | {"geometry": plane(shape, to_plane)})
    return records


def transformer(crs):
    """Return a function from one vertex to the plane, or None where it stands there already."""
    crs = pyproj.CRS(crs)
    if crs.equals(PLANE, ignore_axis_order=True) or crs.to_epsg() == PLANE.to_epsg():
        return None
    return pyproj.Transformer.from_crs(crs, PLANE, always_xy=True).transform


def plane(shape, to_plane):
    """Return one polygon in the plane, mended where it is invalid; None where nothing is left."""
    if shape is None or values.is_missing(shape) or shape.is_empty:
        return None
    shape = shapely.force_2d(shape)
    if to_plane is not None:
        shape = moved(shape, to_plane)
    if not shape.is_valid:
        shape = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    parts = [part for part in polygons(shape) if part.area > 0]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def moved(shape, move):
    """Return a polygon whose vertices were moved one by one."""
    rebuilt = []
    for part in polygons(shape):
        rings = [part.exterior, *part.interiors]
        shell, *holes = ([move(x, y) for x, y in ring.coords] for ring in rings)
        rebuilt.append(shapely.Polygon(shell, holes))
    return rebuilt[0] if len(rebuilt) == 1 else shapely.MultiPolygon(rebuilt)


def polygons(shape):
    """Return the polygons of any geometry."""
    if shape.geom_type == "Polygon":
        return [shape]
    if hasattr(shape, "geoms"):
        return [part for member in shape.geoms for part in polygons(member)]
    return []


def _csv(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _rules():
    codes = RULES / "codes"
    return {
        "classes": {row["code"]: row for row in _csv(codes / "land_classes.csv")},
        "uses": {row["code"]: row for row in _csv(codes / "registered_uses.csv")},
        "planned": {r["prefix"]: r["type"] for r in _csv(codes / "planned_uses.csv") if r["type"]},
        "control": {
            row["prefix"]: float(row["plot_ratio_control"])
            for row in _csv(codes / "industry_control.csv")
            if row["plot_ratio_control"]
        },
        "other_subtype": {
            row["type"]: row["code"] for row in _csv(codes / "subtypes.csv") if row["other"] == "1"
        },
    }


def _thresholds(name):
    """Return the rows of thresholds; a district's rows of a name replace the baseline's."""
    baseline = _csv(RULES / "national" / "thresholds.csv")
    own = [] if name == "national" else _csv(RULES / name / "thresholds.csv")
    replaced = {row["name"] for row in own}
    return [row for row in baseline if row["name"] not in replaced] + own
