"""Open GeoTIFF rasters of any coordinate system and read them by windows."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from rasterio.enums import ColorInterp
from rasterio.errors import RasterioError

from lowuse_gis.core.datum import CGCS2000, WGS84, authority, datum_of, located, rebased
from lowuse_gis.errors import InputError
from lowuse_gis.io.gdal import reason
from lowuse_gis.io.projection import declared_crs
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from lowuse_gis.model import Rulebook, Window

DRIVER = "GTiff"  # no other, so that a file cannot make GDAL open further ones
DEGREES = "EPSG:4490"
ALONG = 33  # points along each side of the envelope
SETTINGS = {"GDAL_NUM_THREADS": "2", "CPL_LOG_ERRORS": "OFF"}
UNREADABLE = (RasterioError, OSError, ValueError, RuntimeError, MemoryError)


@dataclass(frozen=True)
class Raster:
    """One band of a file, as measures ask for it (`model.Grid`).

    The polygons are brought into the raster's own coordinates, never the raster into theirs: no
    value is interpolated. A cell counts by the part of it that is covered; in a system of degrees
    or another projection these parts are weights and no square metres.

    Attributes
    ----------
    path, band
        The file and the number of the band, from 1.
    name
        What the band was named by; empty where there is one only.
    shape, block
        Rows and columns, and those of the pieces it is stored in.
    corner, steps
        The place of the first corner, and what one column and one row add to x and to y.
    way
        From the working CRS to that of the raster; None where they are the same.
    crs
        Its system, by code or name.
    """

    path: Path
    band: int
    name: str
    shape: tuple[int, int]
    block: tuple[int, int]
    corner: tuple[float, float]
    steps: tuple[float, float, float, float]
    way: Transformer | None
    crs: str

    def to_cells(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turn places of the working CRS into column and row, counted from the first corner.

        Parameters
        ----------
        xy
            Rows of x and y.

        Returns
        -------
        ndarray
            Rows of column and row; not finite where the raster's CRS has no such place. The corner
            is taken off first, so that no digits of 39 million metres are lost.
        """
        x, y = xy[:, 0], xy[:, 1]
        if self.way is not None:
            x, y = self.way.transform(x, y)
        x, y = x - self.corner[0], y - self.corner[1]
        a, b, d, e = self.steps
        cells = np.empty_like(xy)
        with np.errstate(invalid="ignore"):
            if b == 0 and d == 0:
                np.divide(x, a, out=cells[:, 0])
                np.divide(y, e, out=cells[:, 1])
            else:
                cells[:, 0] = (e * x - b * y) / (a * e - b * d)
                cells[:, 1] = (a * y - d * x) / (a * e - b * d)
        return cells

    def read(self, windows: Iterable[Window]) -> Iterator[NDArray[np.float64]]:
        """Read windows, one after the other.

        Parameters
        ----------
        windows
            All within the raster.

        Yields
        ------
        ndarray of float
            Values with the band's scale and offset; NaN where the file says there is none by its
            nodata value, mask or alpha band.

        Raises
        ------
        InputError
            Where the file is broken.
        """
        with _opened(self.path) as file:
            for window in windows:
                rows = (window.row, window.row + window.height)
                columns = (window.column, window.column + window.width)
                yield _values(file, self.band, (rows, columns))


def open_raster(path: Path, layer: str, crs: str, rulebook: Rulebook) -> Raster:
    """Open a raster, without reading its values.

    Parameters
    ----------
    path
        A GeoTIFF.
    layer
        The band, by number or description; empty for the only one.
    crs
        Its coordinate system, where the file is silent or wrong.
    rulebook
        Knows the working CRS and the district's envelope.

    Returns
    -------
    Raster

    Raises
    ------
    InputError
        Where the file is missing, broken or no GeoTIFF, says nothing of its place or has another
        datum, lies elsewhere, or has not the band.
    """
    if not path.exists():
        raise InputError(_("{path}: no such file").format(path=path), _("check the path"))
    with _opened(path) as file:
        band, name = _band(file, layer, path)
        system = _system(file, crs, path)
        place = file.transform
        if place.is_identity or place.determinant == 0:
            raise InputError(
                _("{file}: the raster has no place on the earth").format(file=path.name),
                _("save it as GeoTIFF with coordinates, or put its .tfw beside it"),
            )
        raster = Raster(
            path=path,
            band=band,
            name=name,
            shape=(file.height, file.width),
            block=file.block_shapes[band - 1],
            corner=(place.c, place.f),
            steps=(place.a, place.b, place.d, place.e),
            way=_way(rebased(system), rulebook.crs),
            crs=authority(system),
        )
    _in_district(raster, rulebook)
    return raster


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Open a file for as long as the context lasts; whatever GDAL says of it becomes one error."""
    try:
        with rasterio.Env(**SETTINGS):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                file = rasterio.open(path, driver=DRIVER)
            with file:
                yield file
    except UNREADABLE as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            _("{path}: cannot be read as GeoTIFF: {reason}").format(
                path=path, reason=reason(error)
            ),
            _("save it again as GeoTIFF (.tif), without a password, and copy it whole"),
        ) from error


def _band(file: Any, layer: str, path: Path) -> tuple[int, str]:
    alpha = [kind == ColorInterp.alpha for kind in file.colorinterp]
    names = {
        str(number): text or ""
        for number, (text, hidden) in enumerate(zip(file.descriptions, alpha, strict=True), 1)
        if not hidden
    }
    found = [number for number, text in names.items() if layer in {number, text}]
    if not layer and len(names) == 1:
        found = list(names)
    if len(found) != 1:
        listed = ", ".join(f"{number} {text}".strip() for number, text in names.items())
        raise InputError(
            _("{file}: which band? There are {count}").format(file=path.name, count=len(names)),
            _("name one after the file, such as {file}:{band}; bands: {names}").format(
                file=path.name, band=next(iter(names), 1), names=listed
            ),
        )
    band = int(found[0])
    if file.dtypes[band - 1].startswith("complex"):
        raise InputError(
            _("{file}: the values of band {band} are complex numbers").format(
                file=path.name, band=band
            ),
            _("hand over the amplitude or another real value"),
        )
    return band, layer


def _system(file: Any, given: str, path: Path) -> CRS:
    """Return the system of the cells, which is one on CGCS2000 or as good as that."""
    declared = declared_crs(file.crs.to_wkt() if file.crs else None, given, path.name)
    if declared is None:
        raise InputError(
            _("{file}: the raster declares no coordinate system").format(file=path.name),
            _('say it in lowuse.toml: {{ path = "{file}", crs = "EPSG:4527" }}').format(
                file=path.name
            ),
        )
    if not located(declared):
        raise InputError(
            _("{file}: the raster has no place on the earth").format(file=path.name),
            _("save it as GeoTIFF with coordinates, or put its .tfw beside it"),
        )
    if datum_of(declared) not in {CGCS2000, WGS84}:
        raise InputError(
            _("{file}: {crs} has another datum; its shift to CGCS2000 is not public").format(
                file=path.name, crs=declared.name
            ),
            _("have the raster brought to CGCS2000 (EPSG:4490 or a plane system of it)"),
        )
    return declared


def _way(system: CRS, working: str) -> Transformer | None:
    """Return the way from the working CRS; both are on CGCS2000, so it is a projection only."""
    if system.equals(CRS.from_user_input(working), ignore_axis_order=True):
        return None
    try:
        return Transformer.from_crs(working, system, always_xy=True)
    except CRSError as error:
        raise InputError(
            _("no exact way leads from {source} to {target}").format(
                source=working, target=system.name
            ),
            _("have the raster brought to CGCS2000 (EPSG:4490 or a plane system of it)"),
        ) from error


def _in_district(raster: Raster, rulebook: Rulebook) -> None:
    """Refuse a raster that no place of the district can lie on."""
    west, south, east, north = rulebook.envelope
    x, y = np.meshgrid(np.linspace(west, east, ALONG), np.linspace(south, north, ALONG))
    there = Transformer.from_crs(DEGREES, rulebook.crs, always_xy=True).transform(x, y)
    cells = raster.to_cells(np.stack(there, axis=-1).reshape(-1, 2))
    cells = cells[np.isfinite(cells).all(axis=1)]
    size = raster.shape[::-1]
    if len(cells) and (cells.max(axis=0) > 0).all() and (cells.min(axis=0) < size).all():
        return
    raise InputError(
        _("{file}: the raster lies outside the district").format(file=raster.path.name),
        _("check its coordinate system; another is declared by crs = … in lowuse.toml"),
    )


def _values(
    file: Any, band: int, window: tuple[tuple[int, int], tuple[int, int]]
) -> NDArray[np.float64]:
    cells = file.read(band, window=window, masked=True)
    values: NDArray[np.float64] = cells.data.astype(np.float64)
    scale, offset = file.scales[band - 1], file.offsets[band - 1]
    if (scale, offset) != (1.0, 0.0):
        values = values * scale + offset
    values[np.ma.getmaskarray(cells) | ~np.isfinite(values)] = np.nan
    return values
