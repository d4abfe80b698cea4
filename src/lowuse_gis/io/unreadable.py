"""What the libraries raise on broken files, and how to tell it."""

from __future__ import annotations

from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
from shapely.errors import ShapelyError

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
)


def reason(error: BaseException) -> str:
    """Return in one line why a file could not be read.

    Parameters
    ----------
    error
        What was raised.

    Returns
    -------
    str
    """
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    lines = str(error).splitlines()
    return lines[0] if lines else type(error).__name__
