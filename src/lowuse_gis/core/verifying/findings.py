"""Findings about a package: one form for all."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

COLUMNS = ("code", "file", "layer", "id", "field", "cell", "value", "limit", "note", "x", "y")
NUMBERS = ("value", "limit", "x", "y")


def found(code: str, file: str | Sequence[str], layer: str = "", **content: object) -> pd.DataFrame:
    """Write findings of one code.

    Parameters
    ----------
    code
        In package_checks.csv.
    file, layer
        Where; a list of files for one finding each.
    **content
        Further columns: one value for all, or one for each finding.

    Returns
    -------
    DataFrame
        No rows where a column has none.

    Examples
    --------
    >>> found("1151", "a.shp", note=["gone"])[["code", "file", "note"]].values.tolist()
    [['1151', 'a.shp', 'gone']]
    """
    sizes = [
        len(v) for v in (file, *content.values()) if isinstance(v, (list, np.ndarray, pd.Series))
    ]
    count = sizes[0] if sizes else 1
    if not count:
        return nothing()
    given = {"code": code, "file": file, "layer": layer, **content}
    columns = {name: _column(given.get(name), number=name in NUMBERS) for name in COLUMNS}
    return pd.DataFrame(columns, index=range(count))


def _column(value: object, *, number: bool) -> object:
    """Return one value for all, or one for each, of the type of the column."""
    if isinstance(value, (list, np.ndarray, pd.Series)):
        if number:
            return pd.Series(np.asarray(value), dtype=float)
        text = pd.Series(np.asarray(value), dtype=object)
        return text.where(text.notna(), "").astype("str")
    missing = value is None or value is pd.NA or value != value  # noqa: PLR0124  NaN
    if number:
        return np.nan if missing else float(value)  # type: ignore[arg-type]
    return "" if missing else str(value)


@cache
def nothing() -> pd.DataFrame:
    """Return findings without a row, of the right types.

    Returns
    -------
    DataFrame
    """
    kinds = {name: "float64" if name in NUMBERS else "str" for name in COLUMNS}
    return pd.DataFrame(columns=list(COLUMNS)).astype(kinds)


def places(shapes: NDArray[np.object_]) -> dict[str, NDArray[np.float64]]:
    """Return a point of each shape.

    Parameters
    ----------
    shapes
        Polygons; None gives no place.

    Returns
    -------
    dict
        ``x`` and ``y`` in the system of the shapes, to a millimetre.
    """
    points = shapely.point_on_surface(shapes)
    return {"x": np.round(shapely.get_x(points), 3), "y": np.round(shapely.get_y(points), 3)}


def as_numbers(values: pd.Series) -> pd.Series:
    """Read values as numbers.

    Parameters
    ----------
    values
        Whatever a file has in a field.

    Returns
    -------
    Series of float
        NaN for what is no number.
    """
    return pd.to_numeric(values, errors="coerce").astype(float)


def together(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Put findings one under the other.

    Parameters
    ----------
    parts
        Of `found`.

    Returns
    -------
    DataFrame
        With all columns, even where nothing was found.
    """
    listed: Sequence[pd.DataFrame] = [part for part in parts if len(part)]
    if not listed:
        return nothing()
    return pd.concat(listed, ignore_index=True)
