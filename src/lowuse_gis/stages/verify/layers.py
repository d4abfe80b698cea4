"""Hold the layers of a package against its profile, and their copies against each other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely
from pyproj import CRS, Transformer

from lowuse_gis.core.attributes import attributes_of
from lowuse_gis.core.credit_codes import credit_code_state
from lowuse_gis.core.filing.gbk import of_gbk
from lowuse_gis.core.filing.layers import state_field
from lowuse_gis.core.filing.values import filed_field
from lowuse_gis.core.verifying.cells import wrong_cells
from lowuse_gis.core.verifying.copies import different_copies
from lowuse_gis.core.verifying.findings import as_numbers, found
from lowuse_gis.core.verifying.keys import other_keys, wrong_keys, wrong_links
from lowuse_gis.core.verifying.shapes import wrong_areas, wrong_shapes
from lowuse_gis.core.verifying.structure import wrong_structure
from lowuse_gis.model.filing import FiledField, FiledLayer
from lowuse_gis.stages.verify.declared import same_system, wrong_declared

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lowuse_gis.io.package.names import PackageFile
    from lowuse_gis.model import Rulebook
    from lowuse_gis.model.filing import ReadLayer, ReadPackage

ORDER = ("gpkg", "gdb", "shp")  # which copy is looked at cell by cell
CREDIT_CODE = "credit_code"
UNIT_FACTORS = {"ha": 1e-4, "m²": 1.0, "%": 100.0}
EDGE = 0.02  # degrees around the envelope of the district


def profile_fields(
    spec: Mapping[str, Any], profile: Mapping[str, Any], rulebook: Rulebook
) -> list[FiledField]:
    """Return the fields of a layer of a profile, the state of the verdict too.

    Parameters
    ----------
    spec, profile, rulebook
        The layer's entry, its profile and the code lists.

    Returns
    -------
    list of FiledField
    """
    maps = profile.get("maps", {})
    fields = [filed_field(entry, maps, rulebook) for entry in spec["fields"]]
    if "state" in spec:
        fields.append(state_field(spec, profile))
    return fields


def copies_of(package: ReadPackage, profile: Mapping[str, Any]) -> dict[str, list[ReadLayer]]:
    """Return the copies of each layer of a profile, the one to look at first.

    Parameters
    ----------
    package, profile
        As read, and what is filed.

    Returns
    -------
    dict
        Layer name to copies.
    """
    copies: dict[str, list[ReadLayer]] = {}
    for layer in package.layers:
        if layer.name in profile["layers"]:
            copies.setdefault(layer.name, []).append(layer)
    return {n: sorted(c, key=lambda one: ORDER.index(one.form)) for n, c in copies.items()}


def wrong_layers(
    package: ReadPackage,
    expected: Sequence[PackageFile],
    profile: Mapping[str, Any],
    rulebook: Rulebook,
    threads: int,
) -> Iterator[pd.DataFrame]:
    """Find whatever is wrong with the layers of a package.

    Parameters
    ----------
    package, expected
        As read, and the files that should be there.
    profile, rulebook
        What is filed; code lists and tolerances.
    threads
        Threads for the overlaps.

    Yields
    ------
    DataFrame
        Findings 2151, 2152, 2155, 2251, 3xxx, 4xxx, 6151 to 6153.
    """
    yield from _presence(package, expected)
    files = {file.path: file for file in expected}
    copies = copies_of(package, profile)
    with ThreadPoolExecutor(threads) as pool:
        looked = partial(
            _looked_at, files=files, profile=profile, rulebook=rulebook, threads=threads
        )
        for parts in pool.map(looked, copies, copies.values()):
            yield from parts
    frames = {name: _whole(layers, profile["layers"][name]) for name, layers in copies.items()}
    for name, layers in copies.items():
        spec = profile["layers"][name]
        fields = profile_fields(spec, profile, rulebook)
        yield from wrong_links(frames, name, fields, spec.get("key", ""), layers[0].file)
        other = spec.get("same_as", "")
        if other in frames:
            key, theirs = spec.get("key", ""), profile["layers"][other].get("key", "")
            if key in frames[name] and theirs in frames[other]:
                pair = frames[name][key], frames[other][theirs]
                yield other_keys(*pair, layers[0].file, name, other)


def _whole(layers: Sequence[ReadLayer], spec: Mapping[str, Any]) -> pd.DataFrame:
    """Return the records of a layer: those of its first copy, or of all its pieces."""
    if not spec.get("pieces"):
        return layers[0].frame
    plain = [attributes_of(layer.frame) for layer in layers]
    return pd.concat([pd.DataFrame(frame) for frame in plain], ignore_index=True)


def _presence(package: ReadPackage, expected: Sequence[PackageFile]) -> Iterator[pd.DataFrame]:
    there: dict[str, set[str]] = {}
    for layer in package.layers:
        there.setdefault(layer.file, set()).add(layer.name)
    for file in expected:
        if file.path in there and file.layers:
            missing = [name for name in file.layers if name not in there[file.path]]
            extra = sorted(there[file.path] - set(file.layers))
            yield found("2151", file.path, note=missing, cell=missing)
            yield found("2152", file.path, note=extra, cell=extra)


def _looked_at(
    name: str,
    layers: Sequence[ReadLayer],
    *,
    files: Mapping[str, PackageFile],
    profile: Mapping[str, Any],
    rulebook: Rulebook,
    threads: int,
) -> list[pd.DataFrame]:
    """Look at the copies of one layer."""
    spec = profile["layers"][name]
    fields = profile_fields(spec, profile, rulebook)
    parts: list[pd.DataFrame] = []
    for layer in layers:
        parts.extend(wrong_structure(layer, fields))
        parts.extend(wrong_declared(layer, profile, rulebook, files.get(layer.file)))
    pieces = spec.get("pieces", False)
    for layer in layers if pieces else layers[:1]:
        parts.extend(_content(layer, spec, fields, profile, rulebook, threads))
    for other in () if pieces else layers[1:]:
        parts.extend(different_copies(layers[0], other, fields, spec.get("key", "")))
    return parts


def _content(
    layer: ReadLayer,
    spec: Mapping[str, Any],
    fields: Sequence[FiledField],
    profile: Mapping[str, Any],
    rulebook: Rulebook,
    threads: int,
) -> Iterator[pd.DataFrame]:
    frame, key = layer.frame, spec.get("key", "")
    gbk = of_gbk(profile["encoding"])
    yield from wrong_cells(frame, fields, key, layer.file, layer.name, gbk=gbk)
    yield from wrong_keys(frame, key, layer.file, layer.name)
    yield from _credit_codes(layer, spec)
    yield from _units(layer, spec, fields, rulebook)
    if not isinstance(frame, gpd.GeoDataFrame):
        return
    crs = frame.crs
    plane = crs is not None and crs.is_projected
    if plane:
        limits = rulebook.checks.limits
        box = _envelope(crs, profile.get("envelope") or rulebook.envelope)
        kind, alone = spec.get("shape", "polygon"), not spec.get("same_as")
        yield from wrong_shapes(
            frame, key, box, limits, (layer.file, layer.name), threads, kind=kind, overlaps=alone
        )
        if spec.get("area") in frame and same_system(layer.crs, CRS.from_user_input(rulebook.crs)):
            yield wrong_areas(frame, spec["area"], key, limits, layer.file, layer.name)


def _envelope(crs: CRS, degrees: Sequence[float]) -> tuple[float, float, float, float]:
    west, south, east, north = degrees
    box = shapely.box(west - EDGE, south - EDGE, east + EDGE, north + EDGE)
    there = Transformer.from_crs("EPSG:4490", crs, always_xy=True)
    ring = shapely.segmentize(box, EDGE)
    moved = shapely.transform(ring, lambda xy: pd.DataFrame(there.transform(*xy.T)).T.to_numpy())
    bounds = moved.bounds
    return (bounds[0], bounds[1], bounds[2], bounds[3])


def _credit_codes(layer: ReadLayer, spec: Mapping[str, Any]) -> Iterator[pd.DataFrame]:
    for entry in spec["fields"]:
        if entry.get("from") == CREDIT_CODE and entry["code"] in layer.frame:
            values = layer.frame[entry["code"]].astype("str")
            state = credit_code_state(values)
            wrong = (values.fillna("") != "") & state.notna() & (state == "invalid")
            ids = layer.frame.get(spec.get("key", ""), values)
            yield found(
                "3262",
                layer.file,
                layer.name,
                id=ids[wrong],
                field=entry["code"],
                note=values[wrong],
            )


def _units(
    layer: ReadLayer, spec: Mapping[str, Any], fields: Sequence[FiledField], rulebook: Rulebook
) -> Iterator[pd.DataFrame]:
    """Hold the fields of one column in several units against each other."""
    known = {field.code: field for field in fields}
    plain = {e["from"]: e["code"] for e in spec["fields"] if "from" in e and "unit" not in e}
    for entry in spec["fields"]:
        base = plain.get(entry.get("from", ""), "")
        if (
            not entry.get("unit")
            or entry.get("per")
            or not {base, entry["code"]} <= set(layer.frame)
        ):
            continue
        mu = 1 / rulebook.constants["mu"]
        factor = UNIT_FACTORS.get(entry["unit"], mu)
        digits = known[entry["code"]].decimals
        stated = as_numbers(layer.frame[entry["code"]])
        wanted = (as_numbers(layer.frame[base]) * factor).round(digits)
        wrong = (stated - wanted).abs() > 1.5 * 10.0**-digits + 0.01 * factor
        ids = layer.frame.get(spec.get("key", ""), stated)
        yield found(
            "3462", layer.file, layer.name, id=ids[wrong], field=entry["code"], value=stated[wrong],
            limit=wanted[wrong],
        )  # fmt: skip


def filed_again(
    copies: Mapping[str, Sequence[ReadLayer]], profile: Mapping[str, Any], rulebook: Rulebook
) -> dict[str, FiledLayer]:
    """Return the layers as they were read, in the form that sheets are made of.

    Parameters
    ----------
    copies
        Of `copies_of`.
    profile, rulebook
        What is filed.

    Returns
    -------
    dict
        Layers that have all their fields.
    """
    again = {}
    for name, layers in copies.items():
        spec = profile["layers"][name]
        fields = profile_fields(spec, profile, rulebook)
        frame = layers[0].frame
        if {field.code for field in fields} <= set(frame):
            key = spec.get("key", "")
            again[name] = FiledLayer(name, spec["title"], fields, frame, "", key, spec)
    return again
