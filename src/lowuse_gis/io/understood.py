"""Read a layer or table and say what is understood of it, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from lowuse_gis.core.attributes import attributes_of
from lowuse_gis.core.extents import within
from lowuse_gis.core.systems import plane_envelope
from lowuse_gis.errors import LowuseError
from lowuse_gis.io.declared import DeclarationError
from lowuse_gis.io.fields import column_label, match_fields
from lowuse_gis.io.guess import Guess, ranked
from lowuse_gis.io.not_a_base import no_base
from lowuse_gis.io.offsets import offset_notice, suspicion
from lowuse_gis.io.opened import Opened, open_layer
from lowuse_gis.io.place import placed
from lowuse_gis.io.projection import centres
from lowuse_gis.io.understanding import Field, Said, Understood
from lowuse_gis.io.understood_fields import absent_columns, field_seen, first_records
from lowuse_gis.io.understood_raster import understand_raster
from lowuse_gis.io.understood_table import table_understood
from lowuse_gis.io.unplaced import UnplacedError
from lowuse_gis.model import Notice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lowuse_gis.core.systems import Box
    from lowuse_gis.model import Found, Rulebook

SHAPES = (
    "Point", "LineString", "LinearRing", "Polygon", "MultiPoint", "MultiLineString",
    "MultiPolygon", "GeometryCollection",
)  # fmt: skip
LINES = {"LineString", "MultiLineString", "LinearRing"}
DEGREES = "EPSG:4490"
DRIVER = 29  # byte of a DBF header that names the code page


def understand(found: Found, said: Said, rulebook: Rulebook) -> Understood:
    """Read a layer or table and say what is understood of it.

    Parameters
    ----------
    found
        Which.
    said
        What the user says of it.
    rulebook
        Knows sources, fields and the district.

    Returns
    -------
    Understood
        With a notice and little else where it cannot be read.
    """
    try:
        if found.kind == "table":
            return table_understood(found, said, rulebook)
        if found.kind == "raster":
            return understand_raster(found, said, rulebook)
        return _layer(found, said, rulebook)
    except DeclarationError:
        raise
    except LowuseError as error:
        code = getattr(error, "code", "1201")
        return Understood(found, notices=(Notice(code, found.shown, found.layer, error.message),))


def _layer(found: Found, said: Said, rulebook: Rulebook) -> Understood:
    opened = open_layer(found, said.encoding, "")
    guesses = _ranked(opened, found, rulebook, said.mapping)
    names = [str(name) for name in opened.fields["field"]]
    if said.source:
        matched = match_fields(names, rulebook, said.source, said.mapping, strict=False)
        named = (one for one in guesses if one.source == said.source)
        guesses = [next(named, Guess(said.source, matched))]
    seen = guesses[0]
    frame = _standard(opened, seen)
    place = _place(frame, opened.crs, found, said, rulebook)
    bounds, degrees, inside = _extent(place.frame, rulebook)
    lines = zip(names, opened.fields["dtype"], opened.fields["width"], strict=True)
    plain = [Field(name, str(dtype), int(width)) for name, dtype, width in lines]
    return Understood(
        found=found,
        count=len(frame),
        shapes=_shapes(opened.frame.geometry.to_numpy()),
        encoding=opened.encoding,
        encoding_by=_encoding_by(found, opened, said),
        declared=_short(opened.crs),
        crs=place.crs,
        why=place.why,
        bounds=bounds,
        degrees=degrees,
        inside=inside,
        beside=place.beside,
        source=seen.source,
        guesses=tuple(guesses),
        fields=tuple(field_seen(one, seen, said, rulebook) for one in plain),
        lacking=tuple(column_label(rulebook, column, seen.source) for column in seen.lacking),
        absent=absent_columns(seen, rulebook),
        notices=(*opened.notices, *_unfit(opened, found, seen, rulebook), *place.notices),
        preview=first_records(attributes_of(frame), seen.source, said.lines, rulebook),
    )


def _unfit(opened: Opened, found: Found, seen: Guess, rulebook: Rulebook) -> list[Notice]:
    """Say where a layer is empty or not what it looks like."""
    where = (found.shown, found.layer)
    names = [str(name) for name in opened.fields["field"]]
    empty = not len(opened.frame) and not any(n.code == "1206" for n in opened.notices)
    instead = no_base(seen.source, (found.path.stem, found.layer), names, rulebook.checks)
    return [
        *([Notice("1206", *where)] if empty else []),
        *([Notice("2101", *where, instead)] if instead else []),
    ]


class _Place(NamedTuple):
    """Where a layer is, as far as it can be told."""

    frame: gpd.GeoDataFrame | None
    crs: str
    why: str
    beside: str
    notices: tuple[Notice, ...]


def _place(
    frame: gpd.GeoDataFrame, crs: object, found: Found, said: Said, rulebook: Rulebook
) -> _Place:
    where = (found.shown, found.layer)
    try:
        done = placed(frame, crs, said.given, rulebook, *where)
    except LowuseError as error:
        code = error.code if isinstance(error, UnplacedError) else "2202"
        why = error.message.removeprefix(f"{found.shown}: ")
        return _Place(None, "", why, "", (Notice(code, *where, f"{why}; {error.hint}"),))
    offset = offset_notice(done.frame.geometry.to_numpy(), said.reference, rulebook, *where)
    told = (*done.notices, offset) if offset and offset.code else done.notices
    beside = offset.note if offset else suspicion(where, done.place, rulebook)
    why = done.notices[0].note if said.given.shift and done.notices else done.place.why
    return _Place(done.frame, done.crs, why, beside, told)


def _standard(opened: Opened, seen: Guess) -> gpd.GeoDataFrame:
    """Return the matched fields under the names of their columns, and the geometry."""
    plain = pd.DataFrame(opened.frame).loc[:, ~opened.frame.columns.duplicated()]
    kept = plain[[*seen.found.values()]].set_axis([*seen.found], axis=1)
    return gpd.GeoDataFrame(kept, geometry=opened.frame.geometry.to_numpy())


def guess_layer(
    opened: Opened, found: Found, rulebook: Rulebook, mapping: Mapping[str, str]
) -> Guess:
    """Guess what an opened layer is.

    Parameters
    ----------
    opened, found
        The layer.
    rulebook, mapping
        Knows sources; fields named by the user.

    Returns
    -------
    Guess
    """
    return _ranked(opened, found, rulebook, mapping)[0]


def _ranked(
    opened: Opened, found: Found, rulebook: Rulebook, mapping: Mapping[str, str]
) -> list[Guess]:
    kinds = set(_shapes(opened.frame.geometry.to_numpy())) - {"none"}
    wanted = ("lines",) if kinds and kinds <= LINES else ("layer",)
    names = [str(name) for name in opened.fields["field"]]
    return ranked(names, (found.path.stem, found.layer), wanted, rulebook, mapping)


def _encoding_by(found: Found, opened: Opened, said: Said) -> str:
    """Say who names the encoding of a shapefile's text."""
    if not opened.encoding:
        return ""
    if said.encoding:
        return "user"
    dbf = next(
        (p for p in (found.path.with_suffix(s) for s in (".dbf", ".DBF")) if p.exists()), None
    )
    if any(notice.code == "1204" for notice in opened.notices) or dbf is None:
        return "bytes"
    if any(found.path.with_suffix(s).exists() for s in (".cpg", ".CPG")):
        return "cpg"
    with dbf.open("rb") as file:
        return "header" if file.read(DRIVER + 1)[DRIVER:].strip(b"\0") else "bytes"


def _shapes(geometry: NDArray[np.object_]) -> dict[str, int]:
    kinds, counts = np.unique(shapely.get_type_id(geometry), return_counts=True)
    names = [SHAPES[kind] if kind >= 0 else "none" for kind in kinds]
    return dict(zip(names, counts.tolist(), strict=True))


def _short(crs: object) -> str:
    """Write a declared coordinate system as EPSG code and name."""
    if not crs:
        return ""
    try:
        known = CRS.from_user_input(crs)
    except CRSError:
        return str(crs)[:80]
    code = known.to_epsg(min_confidence=70)
    return f"EPSG:{code} {known.name}" if code else known.name


def _extent(
    frame: gpd.GeoDataFrame | None, rulebook: Rulebook
) -> tuple[Box | None, Box | None, int]:
    if frame is None or not len(frame):
        return None, None, -1
    bounds = shapely.total_bounds(frame.geometry.to_numpy())
    if not np.isfinite(bounds).all():
        return None, None, 0
    middle = centres(frame.geometry.to_numpy())
    inside = within(middle, plane_envelope(rulebook.crs, rulebook.envelope))
    west, south, east, north = bounds.tolist()
    back = Transformer.from_crs(rulebook.crs, DEGREES, always_xy=True)
    return (west, south, east, north), back.transform_bounds(*bounds), int(inside.sum())
