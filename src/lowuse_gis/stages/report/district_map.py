"""The map of a report: every parcel by its verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from lowuse_gis.core.verdict import VERDICTS
from lowuse_gis.language import _
from lowuse_gis.model.report import Map

if TYPE_CHECKING:
    from lowuse_gis.stages.report.figures import Material

ORDER = VERDICTS[::-1]  # as they are drawn: low-use parcels lie over the others


def district_map(material: Material, title: str) -> Map:
    """Put the map of a district together; low-use parcels lie over the others.

    Parameters
    ----------
    material, title
        What the report is written from, and the caption.

    Returns
    -------
    Map
    """
    parcels = material.parcels
    shapes = parcels.geometry.to_numpy()
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    placed, shapes = parcels[there], shapes[there]
    rank = {code: at for at, code in enumerate(ORDER)}
    classes = placed["verdict"].map(rank).to_numpy(dtype=np.intp)
    order = np.argsort(classes, kind="stable")
    words, colours = material.labels("verdict"), material.rulebook.maps["verdict_colours"]
    centres = shapely.get_coordinates(shapely.centroid(shapes))
    towns = placed[["town_name"]].assign(x=centres[:, 0], y=centres[:, 1])
    named = towns[towns["town_name"].fillna("") != ""].groupby("town_name")[["x", "y"]].median()
    places = [(float(x), float(y), str(name)) for name, x, y in named.itertuples()]
    units = material.units
    outlines = np.array([], dtype=object) if units is None else units.geometry.to_numpy()
    return Map(
        title,
        shapes[order],
        classes[order],
        [(words[code], colours[code]) for code in ORDER],
        places,
        outlines[~shapely.is_missing(outlines)],
        (_("units"), material.rulebook.maps["unit_colour"]),
    )
