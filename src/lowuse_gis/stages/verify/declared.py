"""Hold what a layer declares of itself against its profile: system, encoding, records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
from pyproj import CRS
from pyproj.exceptions import CRSError

from lowuse_gis.core.filing.gbk import of_gbk
from lowuse_gis.core.verifying.findings import found

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from lowuse_gis.io.package.names import PackageFile
    from lowuse_gis.model import Rulebook
    from lowuse_gis.model.filing import ReadLayer

UNKNOWN = "unknown"  # the system of a layer that nobody asks for
GBK_LANGUAGE = 0x4D  # of a dbf: cp936


def wrong_declared(
    layer: ReadLayer,
    profile: Mapping[str, Any],
    rulebook: Rulebook,
    file: PackageFile | None,
) -> Iterator[pd.DataFrame]:
    """Look at what a layer declares: its system, its encoding, whether it has records.

    Parameters
    ----------
    layer
        As read.
    profile, rulebook
        What is filed; the system where the profile says none.
    file
        What the profile asks of its file; None for a file that it does not know.

    Yields
    ------
    DataFrame
        Findings 2155, 2251 and 1253.
    """
    if not len(layer.frame):
        yield found("2155", layer.file, layer.name)
    if isinstance(layer.frame, gpd.GeoDataFrame):
        wanted = _wanted_crs(layer.name, profile, rulebook)
        if wanted is not None and not same_system(layer.crs, wanted):
            yield found("2251", layer.file, layer.name, note=layer.crs[:80] or "—")
    if layer.form == "shp" and layer.encoding:
        said, byte, is_now = layer.encoding.split("|")
        if not _as_asked(said, byte, is_now, profile, file.spec if file else {}):
            yield found("1253", layer.file, layer.name, note=f"{said} {byte} {is_now}")


def _as_asked(
    said: str, byte: str, is_now: str, profile: Mapping[str, Any], entry: Mapping[str, Any]
) -> bool:
    """Hold what a shapefile declares of its text, and what it is, against what is asked for."""
    asked = str(entry.get("encoding") or profile["encoding"]).upper()
    declared = str(entry.get("declared", asked)).upper()
    page = entry.get("code_page", GBK_LANGUAGE if asked == "GBK" else int(byte))
    fits = is_now in {asked, ""} or (of_gbk(is_now) and of_gbk(asked))
    return said == declared and byte == str(page) and fits


def _wanted_crs(name: str, profile: Mapping[str, Any], rulebook: Rulebook) -> CRS | None:
    """Return the system that a layer should have; None where nobody asks for one."""
    wanted = profile["layers"][name].get("crs") or profile.get("crs") or rulebook.crs
    return None if wanted == UNKNOWN else CRS.from_user_input(wanted)


def same_system(declared: str, wanted: CRS) -> bool:
    """Say whether a layer declares a system.

    Parameters
    ----------
    declared
        As the file has it.
    wanted
        The system.

    Returns
    -------
    bool
    """
    try:
        crs = CRS.from_user_input(declared)
    except CRSError:
        return False
    return bool(crs == wanted or crs.to_epsg() == wanted.to_epsg() is not None)
