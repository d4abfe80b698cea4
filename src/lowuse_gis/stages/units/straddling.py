"""Parcels that a barrier cuts: which side they went to, and what lies on the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.composition import joined_text
from lowuse_gis.language import _
from lowuse_gis.measures.measured import check_rows
from lowuse_gis.stages.units.nodes import BETWEEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

CODE = "4402"
LINE, BLOCK, DRAWN = "line", "block", "drawn"
WRITTEN = 0.0005  # a share below is written as 0.0 %


def cut_parcels(
    nodes: gpd.GeoDataFrame,
    sides: tuple[NDArray[np.int64], NDArray[np.float64]],
    by: str,
    least: float,
) -> pd.DataFrame:
    """List the parcels of which more than a share lies on other sides than the one they went to.

    Parameters
    ----------
    nodes
        Of `nodes_of`.
    sides
        Node (ascending) and share of its area of each side, the side it went to first.
    by
        What cuts it: ``line``, ``block`` or ``drawn``.
    least
        Share beyond that is told.

    Returns
    -------
    DataFrame
        ``at``, the number of the node; its ``row``; ``beyond``, the share that lies on other
        sides; ``sides`` in words; ``by``. Land between is not listed.
    """
    of, share = sides
    at, first, group = np.unique(of, return_index=True, return_inverse=True)
    beyond = np.round(1 - share[first], 4)
    said = share >= WRITTEN
    percent = np.char.add(np.char.mod("%.1f", share[said] * 100), "%")
    text = joined_text(group[said], percent, len(at), " / ")
    told = (beyond > least) & (nodes["part"].to_numpy()[at] != BETWEEN)
    return pd.DataFrame(
        {
            "at": at[told],
            "row": pd.Series(nodes["row"].to_numpy()[at[told]], dtype="str"),
            "beyond": beyond[told],
            "sides": pd.Series(text[told], dtype="str"),
            "by": by,
        }
    )


def seen_at(cut: pd.DataFrame, beyond: NDArray[np.object_]) -> pd.DataFrame:
    """Add where each cut can be seen: inside what lies on another side.

    Parameters
    ----------
    cut
        Of `cut_parcels`.
    beyond
        What of each parcel lies on another side.

    Returns
    -------
    DataFrame
        With ``x`` and ``y`` in the working CRS.
    """
    point = shapely.point_on_surface(beyond)
    x, y = np.round(shapely.get_x(point), 3), np.round(shapely.get_y(point), 3)
    return cut.assign(x=x.astype(float), y=y.astype(float))


def checks_of(cut: pd.DataFrame, spec: Mapping[str, Any]) -> pd.DataFrame:
    """Make a check row of every parcel that is cut.

    Parameters
    ----------
    cut
        Of `seen_at`.
    spec
        ``units.toml``.

    Returns
    -------
    DataFrame
        Rows of the check list: the share beyond and the share allowed, what cuts the parcel and
        the share on each side, the side it went to first.
    """
    words = {
        LINE: _("cut by a line that parts units"),
        BLOCK: _("cut by the edge of a planning block"),
        DRAWN: _("cut by the edge of a unit drawn by hand"),
    }
    note = cut["by"].map(words).astype("str") + ": " + cut["sides"]
    shown = cut.assign(note=note).sort_values(["row", "by"], kind="stable")
    values = {name: shown[name] for name in ("note", "x", "y")}
    limit = spec["cut_share"]
    return check_rows(CODE, shown["row"], value=shown["beyond"], limit=limit, **values)
