"""What is understood of a layer or table that was handed over, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from lowuse_gis.core.place import within
from lowuse_gis.core.systems import plane_envelope
from lowuse_gis.errors import LowuseError
from lowuse_gis.io.fields import column_label, normal, renamed, truncations
from lowuse_gis.io.guess import Guess, ranked, ranked_table
from lowuse_gis.io.opened import Opened, open_layer
from lowuse_gis.io.place import Given, placed
from lowuse_gis.io.projection import centres
from lowuse_gis.io.tables import sheets_of
from lowuse_gis.io.unplaced import UnplacedError
from lowuse_gis.model import Notice

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    from lowuse_gis.core.systems import Box
    from lowuse_gis.model import Found, Rulebook

SHAPES = (
    "Point", "LineString", "LinearRing", "Polygon", "MultiPoint", "MultiLineString",
    "MultiPolygon", "GeometryCollection",
)  # fmt: skip
LINES = {"LineString", "MultiLineString", "LinearRing"}
EXACT, ALIAS, CUT = "exact", "alias", "truncated"
DEGREES = "EPSG:4490"


@dataclass(frozen=True)
class Said:
    """What the user says of the files described.

    Attributes
    ----------
    given
        Of the coordinates.
    encoding
        Of the text; empty for what the file says.
    mapping
        Fields named by the user.
    """

    given: Given = field(default_factory=Given)
    encoding: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Field:
    """One field of a file, and which standard column it is.

    Attributes
    ----------
    name, dtype, width
        As the file has it; width in bytes, 0 where not limited.
    column, label
        The standard column and its label; empty where it is none.
    how
        ``exact`` (the name the standard gives), ``alias``, ``truncated``; empty where it is none.
    """

    name: str
    dtype: str = ""
    width: int = 0
    column: str = ""
    label: str = ""
    how: str = ""


@dataclass(frozen=True)
class Understood:
    """What is understood of one layer or table.

    Attributes
    ----------
    found
        Which.
    count
        Its records, -1 where they were not read.
    shapes
        Number of features by geometry type, ``none`` for those without.
    encoding
        How the text was decoded; empty where the format says it itself.
    declared
        What the file declares as its coordinate system; empty for nothing.
    crs, why
        The system the coordinates were taken in, empty where they could not be, and the reason.
    bounds, degrees
        West, south, east, north in the working CRS and in degrees; None where not known.
    inside
        Features within the district, -1 where not known.
    source
        What it most likely is; empty where nothing speaks for any.
    guesses
        What it may be, the likeliest first.
    fields
        One by one.
    lacking
        Labels of the standard columns that it cannot be used without.
    notices
        Everything noticed.
    """

    found: Found
    count: int = -1
    shapes: Mapping[str, int] = field(default_factory=dict)
    encoding: str = ""
    declared: str = ""
    crs: str = ""
    why: str = ""
    bounds: Box | None = None
    degrees: Box | None = None
    inside: int = -1
    source: str = ""
    guesses: tuple[Guess, ...] = ()
    fields: tuple[Field, ...] = ()
    lacking: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()


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
        With a notice 1201 and little else where it cannot be read.
    """
    try:
        if found.kind == "table":
            return _table(found, said, rulebook)
        return _layer(found, said, rulebook)
    except LowuseError as error:
        return Understood(found, notices=(Notice("1201", found.shown, found.layer, error.message),))


def _layer(found: Found, said: Said, rulebook: Rulebook) -> Understood:
    opened = open_layer(found, said.encoding, "")
    shapes = _shapes(opened.frame.geometry.to_numpy())
    guesses = _ranked(opened, found, rulebook, said.mapping)
    seen = guesses[0]
    notices = [*opened.notices]
    if not len(opened.frame) and not any(n.code == "1206" for n in notices):
        notices.append(Notice("1206", found.shown, found.layer))
    frame = renamed(opened.frame, seen.found)
    moved, crs, why = None, "", ""
    try:
        done = placed(frame, opened.crs, said.given, rulebook, found.shown, found.layer)
        moved, crs, why = done.frame, done.crs, done.place.why
        notices += done.notices
    except UnplacedError as error:
        why = error.message.removeprefix(f"{found.shown}: ")
        notices.append(Notice(error.code, found.shown, found.layer, f"{why}; {error.hint}"))
    bounds, degrees, inside = _extent(moved, rulebook)
    lines = zip(opened.fields["field"], opened.fields["dtype"], opened.fields["width"], strict=True)
    return Understood(
        found=found,
        count=len(frame),
        shapes=shapes,
        encoding=opened.encoding,
        declared=_short(opened.crs),
        crs=crs,
        why=why,
        bounds=bounds,
        degrees=degrees,
        inside=inside,
        source=seen.source,
        guesses=tuple(guesses),
        fields=tuple(
            _field(Field(str(name), str(dtype), int(width)), seen, rulebook)
            for name, dtype, width in lines
        ),
        lacking=tuple(column_label(rulebook, column) for column in seen.lacking),
        notices=tuple(notices),
    )


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


def _table(found: Found, said: Said, rulebook: Rulebook) -> Understood:
    sheets = list(sheets_of(found.path))
    mine = [sheet for sheet in sheets if found.layer in {"", sheet.name}] or sheets
    guesses = ranked_table(mine, (found.path.stem, found.layer), rulebook, said.mapping)
    seen = guesses[0]
    return Understood(
        found=found,
        count=found.count,
        source=seen.source,
        guesses=tuple(guesses),
        fields=tuple(_field(Field(name), seen, rulebook) for name in seen.found.values()),
        lacking=tuple(column_label(rulebook, column) for column in seen.lacking),
    )


def _field(plain: Field, seen: Guess, rulebook: Rulebook) -> Field:
    """Say which standard column a field is, and how that is known."""
    column = next((c for c, name in seen.found.items() if name == plain.name), "")
    if not column:
        return plain
    names = rulebook.fields.get(seen.source, {}).get(column, {}).get("names", [column])
    aliases = [normal(name) for name in names]
    how = EXACT if normal(plain.name) == aliases[0] else ALIAS
    if normal(plain.name) not in aliases and any(
        normal(plain.name) in {normal(cut) for cut in truncations(name)} for name in names
    ):
        how = CUT
    label = column_label(rulebook, column)
    return Field(plain.name, plain.dtype, plain.width, column, label, how)


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
