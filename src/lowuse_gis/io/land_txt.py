"""Read the coordinate TXT of land offices: plots by their boundary points.

The file has a header ``[属性描述]`` of ``key=value`` lines, then ``[地块坐标]``: for each plot a
line ``points,area,code,name,type,sheet,use,class,@`` and its points ``J1,ring,X,Y``, where X is the
northing and Y the easting, with or without the number of the zone in front.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lowuse_gis.errors import InputError
from lowuse_gis.io.land_txt_crs import declared, prefixed, without_zone
from lowuse_gis.io.rings import Points, plots_of
from lowuse_gis.language import _
from lowuse_gis.model import Notice

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

FIELDS = (
    "界址点数",
    "地块面积",
    "地块编号",
    "地块名称",
    "图形属性",
    "图幅号",
    "地块用途",
    "地类编码",
)
NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?(?i:nan|inf|infinity)"
POINT = (
    rf"^[^,@=]*,\s*(?P<ring>\d{{0,9}})\s*,\s*(?P<north>{NUMBER})\s*,\s*(?P<east>{NUMBER})[,\s]*$"
)
WIDE, NARROW = "，；＝［］＠－．０１２３４５６７８９\u3000\ufeff\0", ",;=[]@-.0123456789   "
LISTED = 10


@dataclass(frozen=True)
class _Lines:
    """The lines of a file, and which are what; ``plot`` is -1 before the first."""

    text: pa.Array
    head: NDArray[np.bool_]
    key: NDArray[np.bool_]
    point: NDArray[np.bool_]
    bad: NDArray[np.bool_]
    plot: NDArray[np.int64]
    points: Points


def read_land_txt(
    path: Path, shown: str, encoding: str = ""
) -> tuple[gpd.GeoDataFrame, pd.DataFrame, str | None, str, tuple[Notice, ...]]:
    """Read the plots of a coordinate TXT.

    Parameters
    ----------
    path
        The file.
    shown
        Its name for messages.
    encoding
        Declared by the user; else UTF-8, UTF-16 or GB18030, whichever the bytes are.

    Returns
    -------
    GeoDataFrame
        One row per plot, in the order of the file, with x the easting and y the northing.
    DataFrame
        The fields: ``field``, ``dtype``, ``width``.
    str or None
        The coordinate system that the header declares.
    str
        How the text was decoded.
    tuple of Notice
        What is not understood, by numbers of lines. A plot with such a line among its points has
        no geometry: it would be another shape without that point.

    Raises
    ------
    InputError
        Where the text cannot be decoded.
    """
    text, used = decoded(path.read_bytes(), shown, encoding)
    lines = _understood(text)
    count = int(lines.plot.max(initial=-1)) + 1
    points, mixed = without_zone(lines.points)
    endless = np.unique(points.plot[~np.isfinite(points.xy).all(axis=1)])
    shapes, few = plots_of(points.without(endless), count)
    shapes[np.unique(lines.plot[lines.bad & (lines.plot >= 0)])] = None
    attributes = _attributes(lines, count)
    wrong = _miscounted(lines, attributes, count)
    told = [
        ("1201", _("lines not understood; their plots are taken without a shape"), lines.bad),
        ("1201", _("plots with fewer than three points in a ring"), _first(lines, few)),
        ("1201", _("plots with more or fewer points than they say"), _first(lines, wrong)),
        ("2206", _("plots with a coordinate that is no number"), _first(lines, endless)),
        ("2201", _("points with the number of the zone among points without"), _at(lines, mixed)),
    ]
    notices = [
        Notice(code, shown, note=_listed(note, np.flatnonzero(at) + 1))
        for code, note, at in told
        if at.any()
    ]
    keys = lines.text.filter(pa.array(lines.key)).to_pylist()
    crs = declared(keys, zone_in_front=prefixed(points))
    frame = gpd.GeoDataFrame(attributes, geometry=gpd.GeoSeries(shapes, crs=crs))
    fields = pd.DataFrame({"field": FIELDS, "dtype": "object", "width": 0})
    return frame, fields, crs, used, tuple(notices)


def decoded(data: bytes, shown: str, encoding: str = "") -> tuple[str, str]:
    """Decode a text, whoever wrote it.

    Parameters
    ----------
    data
        The bytes.
    shown
        The file's name for messages.
    encoding
        Declared by the user.

    Returns
    -------
    str
        The text.
    str
        Its encoding.

    Raises
    ------
    InputError
        Where nothing fits.

    Examples
    --------
    >>> decoded("带号=39".encode("gbk"), "a.txt")
    ('带号=39', 'GB18030')
    """
    tried = [encoding] if encoding else ["UTF-8-SIG", "GB18030"]
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} and not encoding:
        tried = ["UTF-16"]
    for name in tried:
        try:
            return data.decode(name), name.removesuffix("-SIG")
        except (UnicodeDecodeError, LookupError):
            continue
    raise InputError(
        _("{file}: the text is neither UTF-8 nor GBK").format(file=shown),
        _("say what it is: --encoding NAME, such as --encoding big5"),
    )


def _understood(text: str) -> _Lines:
    """Split a text into lines and say of each what it is."""
    for wide, narrow in zip(WIDE, NARROW, strict=True):
        text = text.replace(wide, narrow)
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    line = pc.utf8_trim_whitespace(pa.array(rows, pa.large_string()))
    head, section = _mask(pc.ends_with(line, "@")), _mask(pc.starts_with(line, "["))
    parts = pc.extract_regex(line, POINT)
    point = _mask(pc.is_valid(parts)) & ~head & ~section
    key = _mask(pc.match_substring(line, "=")) & ~(head | section | point)
    bad = ~(head | section | key | point | _mask(pc.equal(line, "")))
    nameless = bool(point.any()) and not head[: int(point.argmax())].any()
    plot = np.cumsum(head) - (0 if nameless else 1)
    if nameless:
        plot[: int(point.argmax())] = -1
    found = parts.filter(pa.array(point))
    ring = pc.struct_field(found, "ring")
    ring = pc.cast(pc.if_else(pc.equal(ring, ""), "1", ring), pa.int64()).to_numpy()
    xy = np.stack([_numbers(found, "east"), _numbers(found, "north")], axis=1)
    points = Points(plot[point].astype(np.int64), ring, xy)
    return _Lines(line, head, key, point, bad, plot.astype(np.int64), points)


def _mask(values: pa.Array) -> NDArray[np.bool_]:
    return values.to_numpy(zero_copy_only=False).astype(bool)


def _numbers(parts: pa.StructArray, name: str) -> NDArray[np.float64]:
    return pc.struct_field(parts, name).to_numpy(zero_copy_only=False).astype(float)


def _attributes(lines: _Lines, count: int) -> pd.DataFrame:
    """Return the line above each plot, cell by cell; a plot without one has empty cells."""
    text = lines.text.filter(pa.array(lines.head)).to_pandas().astype("str")
    cells = text.str.removesuffix("@").str.split(",", expand=True, n=len(FIELDS))
    cells = cells.reindex(columns=range(len(FIELDS))).astype("str").fillna("")
    cells = cells.apply(lambda column: column.str.strip())
    cells.columns = pd.Index(FIELDS)
    cells.index = pd.Index(lines.plot[lines.head])
    return cells.reindex(range(count)).fillna("").reset_index(drop=True)


def _miscounted(lines: _Lines, attributes: pd.DataFrame, count: int) -> NDArray[np.int64]:
    """Return plots that have neither as many points as they say, nor one more for each ring."""
    said = pd.to_numeric(attributes["界址点数"], errors="coerce").to_numpy(float)
    points = np.bincount(lines.points.plot, minlength=count)
    pairs = np.unique(np.stack([lines.points.plot, lines.points.ring]), axis=1)
    rings = np.bincount(pairs[0], minlength=count)
    off = points - said
    return np.flatnonzero(~np.isnan(said) & ((off < -rings) | (off > rings)))


def _first(lines: _Lines, plots: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Mark the first line of each of some plots."""
    _known, at = np.unique(lines.plot, return_index=True)
    mark = np.zeros(len(lines.plot), bool)
    mark[at[np.isin(_known, plots)]] = True
    return mark


def _at(lines: _Lines, points: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark the lines of some points."""
    mark = np.zeros(len(lines.plot), bool)
    mark[np.flatnonzero(lines.point)[points]] = True
    return mark


def _listed(note: str, numbers: NDArray[np.int64]) -> str:
    some = ", ".join(map(str, numbers[:LISTED])) + ("…" if len(numbers) > LISTED else "")
    return _("{count} {what}, lines {lines}").format(count=len(numbers), what=note, lines=some)
