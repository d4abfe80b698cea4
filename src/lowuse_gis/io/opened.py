"""Open a layer as the file has it: all fields, all records, no judgement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pyogrio

from lowuse_gis.io.encoding import dbf_encoding

if TYPE_CHECKING:
    from lowuse_gis.model import Found, Notice


@dataclass(frozen=True)
class Opened:
    """A layer as the file has it.

    Attributes
    ----------
    frame
        All fields under the file's names, and geometry in the file's coordinates.
    fields
        One line per field: ``field``, ``dtype``, ``width`` (bytes, 0 where not limited).
    crs
        What the file declares; None where it is silent.
    encoding
        How the text was decoded; empty where the format says it itself.
    notices
        What was noticed.
    """

    frame: gpd.GeoDataFrame
    fields: pd.DataFrame
    crs: str | None
    encoding: str
    notices: tuple[Notice, ...] = ()


def open_layer(found: Found, encoding: str = "") -> Opened:
    """Read a layer with all its fields.

    Parameters
    ----------
    found
        Which.
    encoding
        Declared by the user where the file is silent or wrong.

    Returns
    -------
    Opened

    Raises
    ------
    InputError
        Where it cannot be read.
    """
    options, used = {}, ""
    if found.path.suffix.lower() == ".shp":
        used = options["ENCODING"] = encoding or dbf_encoding(found.path)
    layer = found.layer or None
    info = pyogrio.read_info(found.path, layer=layer, **options)
    frame = pyogrio.read_dataframe(
        found.path, layer=layer, force_2d=True, use_arrow=True, on_invalid="ignore", **options
    )
    if "geometry" not in frame:
        frame = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([None] * len(frame)))
    fields = pd.DataFrame({"field": info["fields"], "dtype": info["dtypes"], "width": 0})
    return Opened(frame, fields, info["crs"], used)
