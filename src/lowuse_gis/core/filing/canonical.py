"""The canonical form of a filed record: one text, one shape, from whatever format it was read."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.filing.layers import GRID
from lowuse_gis.core.threaded import in_threads
from lowuse_gis.model.filing import NUMBER, WHOLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lowuse_gis.model.filing import FiledField

BETWEEN, BEFORE_SHAPE = "\x1f", b"\x1e"
FORM = "lowuse-seal-1"
OUTSIDE = ("sha256", "signature")  # of a seal: what its hash is not over


def canonical_column(values: pd.Series, field: FiledField) -> pd.Series:
    """Write a field of every record in the one form that all formats give back.

    Parameters
    ----------
    values
        As read from a FileGDB, GeoPackage, shapefile or workbook.
    field
        Its type.

    Returns
    -------
    Series of str
        Numbers with the field's decimals, whole numbers without, texts without spaces at the
        ends; empty where missing.

    Examples
    --------
    >>> from lowuse_gis.model.filing import FiledField
    >>> canonical_column(pd.Series([1.5, None]), FiledField("A", "", "N", 15, 2)).tolist()
    ['1.50', '']
    """
    if field.kind in {NUMBER, WHOLE}:
        numbers = pd.to_numeric(values, errors="coerce").astype(float).to_numpy()
        rounded = np.round(numbers, field.decimals) + 0.0
        text = np.char.mod(f"%.{field.decimals}f", rounded)
        text = np.where(text == f"{-0.0:.{field.decimals}f}", f"{0.0:.{field.decimals}f}", text)
        plain = pd.Series(np.where(np.isnan(numbers), "", text), index=values.index, dtype="str")
        odd = np.isnan(numbers) & values.notna().to_numpy()
        if odd.any():  # a text where a number belongs is told, not lost
            said = values[odd].astype("str").str.strip()
            plain = plain.mask(odd, said.reindex(values.index))
        return plain
    if values.dtype.kind == "M":
        return values.dt.strftime("%Y%m%d").astype("str").fillna("")
    if values.dtype.kind == "f":  # digits that a reader took for numbers
        whole = values.dropna()
        values = values.astype("Int64") if (whole == whole.round()).all() else values
    return values.astype("str").fillna("").str.strip()


def canonical_shapes(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Write shapes as WKB that is the same from every format.

    Parameters
    ----------
    shapes
        Polygons and multi-polygons; None gives empty bytes.

    Returns
    -------
    ndarray of bytes
        Coordinates in 0.1 mm, parts and rings in GEOS's normal order, little-endian.
    """
    return in_threads(_canonical, shapes)


def _canonical(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    gone = shapely.is_missing(shapes)
    flat = shapely.transform(shapely.force_2d(shapes), lambda xy: np.round(xy / GRID))
    single = shapely.get_type_id(flat) == shapely.GeometryType.POLYGON
    if single.any():
        flat[single] = shapely.multipolygons(flat[single], indices=np.arange(single.sum()))
    wkb = shapely.to_wkb(shapely.normalize(flat), byte_order=1, flavor="iso")
    return np.where(gone, b"", wkb)


def differing_shapes(one: NDArray[np.object_], two: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Say which shapes differ between two copies of a layer.

    Parameters
    ----------
    one, two
        Polygons and multi-polygons, record by record; None where there is no shape.

    Returns
    -------
    ndarray of bool
        Where canonical forms differ. Simple polygons with the same vertices in the same or in
        reverse order are seen to be alike without writing them out.

    Examples
    --------
    >>> square = shapely.box(0, 0, 1, 1)
    >>> shapes = np.array([square, square, None])
    >>> differing_shapes(shapes, np.array([square.reverse(), shapely.box(0, 0, 1, 2), square]))
    array([False,  True,  True])
    """
    differs = np.ones(len(one), dtype=bool)
    for turned in (False, True):
        at = np.flatnonzero(differs)
        differs[at] = ~in_threads(partial(_vertex_by_vertex, turned=turned), one[at], two[at])
    at = np.flatnonzero(differs)
    differs[at] = canonical_shapes(one[at]) != canonical_shapes(two[at])
    return differs


def _vertex_by_vertex(
    one: NDArray[np.object_], two: NDArray[np.object_], *, turned: bool
) -> NDArray[np.bool_]:
    """Say which shapes are single rings of the same vertices, the second perhaps read backwards."""
    alike = np.zeros(len(one), dtype=bool)
    counts = shapely.get_num_coordinates(one)
    at = np.flatnonzero(
        _one_ring(one) & _one_ring(two) & (counts == shapely.get_num_coordinates(two))
    )
    if not len(at):
        return alike
    ends = np.cumsum(counts[at])
    a, b = (np.round(shapely.get_coordinates(side[at]) / GRID) for side in (one, two))
    if turned:
        b = b[np.repeat(2 * ends - counts[at] - 1, counts[at]) - np.arange(len(b))]
    alike[at] = np.logical_and.reduceat((a == b).all(axis=1), ends - counts[at])
    return alike


def _one_ring(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    first = shapely.get_geometry(shapes, 0)
    polygon = shapely.get_type_id(first) == shapely.GeometryType.POLYGON
    filled = polygon & ~shapely.is_empty(first) & (shapely.get_num_geometries(shapes) == 1)
    return filled & (shapely.get_num_interior_rings(first) == 0)


def record_hashes(
    frame: pd.DataFrame, fields: Sequence[FiledField], shapes: NDArray[np.object_]
) -> NDArray[np.object_]:
    """Hash every record in canonical form.

    Parameters
    ----------
    frame
        Values under the field codes.
    fields
        In order.
    shapes
        Of the records.

    Returns
    -------
    ndarray of str
        SHA-256 per record.
    """
    columns = [canonical_column(frame[field.code], field).to_numpy() for field in fields]
    codes = [field.code for field in fields]
    wkb = canonical_shapes(shapes)
    lines = [
        BETWEEN.join(f"{code}={value}" for code, value in zip(codes, record, strict=True))
        for record in zip(*columns, strict=True)
    ]
    digests = [
        hashlib.sha256(line.encode() + BEFORE_SHAPE + shape).hexdigest()
        for line, shape in zip(lines, wkb, strict=True)
    ]
    return np.array(digests, dtype=object)


def total_hash(statement: Mapping[str, Any]) -> str:
    """Hash all that a seal states: who, when, on what, the fields, and the hash of each record.

    Parameters
    ----------
    statement
        The seal; its own hash and signature do not count.

    Returns
    -------
    str
        SHA-256 of its JSON with sorted keys.
    """
    said = {key: value for key, value in statement.items() if key not in OUTSIDE}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
