"""Ask GDAL about files that may be broken."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
from shapely.errors import ShapelyError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OTHER = "GB18030"  # what text is in that should be UTF-8 and is not
UNREADABLE = (
    DataSourceError,
    DataLayerError,
    FeatureError,
    FieldError,
    GeometryError,
    ShapelyError,
    UnicodeDecodeError,
    NotImplementedError,
    ValueError,
    OverflowError,
    OSError,
    RuntimeError,
    MemoryError,
    KeyError,
    TypeError,
    UnboundLocalError,  # pyogrio 0.13 on a coordinate system that PROJ does not understand
)

BULK = {"OGR_SQLITE_SYNCHRONOUS": "OFF", "OGR_SQLITE_PRAGMA": "page_size=16384"}


# The quick way of FlatGeobuf (GDAL 3.12) makes columns of broken offsets from a broken file, and
# whoever reads these reads memory that is not theirs.
CAREFUL = {"OGR_FLATGEOBUF_STREAM_BASE_IMPL": True}


@contextmanager
def quiet() -> Iterator[None]:
    """Keep GDAL's remarks about broken files off the terminal, and GDAL to its safe ways."""
    pyogrio.set_gdal_config_options(CAREFUL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def in_bulk() -> Iterator[None]:
    """Let SQLite write large pages, a tenth quicker, and not wait for the disk.

    The file is synced, or thrown away, when it is whole.
    """
    pyogrio.set_gdal_config_options(BULK)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(dict.fromkeys(BULK))


def described(path: Path, layer: str | None, options: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Return what GDAL says of a layer.

    Parameters
    ----------
    path, layer
        File and layer.
    options
        Open options.

    Returns
    -------
    dict
        As ``pyogrio.read_info`` has it.
    str
        GB18030 where names of fields are not UTF-8 as they should be, else empty.
    """
    try:
        return pyogrio.read_info(path, layer=layer, **options), ""
    except UnicodeDecodeError:
        return pyogrio.read_info(path, layer=layer, encoding=OTHER, **options), OTHER


def distinct(names: list[str]) -> list[str]:
    """Give names that come again a number, so that each field has a name of its own.

    Parameters
    ----------
    names
        As the file has them.

    Returns
    -------
    list of str

    Examples
    --------
    >>> distinct(["QLR", "QLR", "YT", "QLR"])
    ['QLR', 'QLR_2', 'YT', 'QLR_3']
    """
    made: list[str] = []
    for name in names:
        number, new = 2, name
        while new in made or (new != name and new in names):
            new, number = f"{name}_{number}", number + 1
        made.append(new)
    return made


def reason(error: BaseException) -> str:
    """Return in one line why a file could not be read.

    Parameters
    ----------
    error
        What was raised.

    Returns
    -------
    str

    Examples
    --------
    >>> reason(ValueError("not so"))
    'not so'
    """
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    lines = str(error).splitlines()
    return lines[0] if lines else type(error).__name__
