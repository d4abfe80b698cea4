"""What the layers of a units file hold, with the titles a GIS shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.core.attributes import attributes_of
from lowuse_gis.io.out_layer import Column, OutLayer
from lowuse_gis.io.result_writing import guessed
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from lowuse_gis.model import Rulebook


def titles(rulebook: Rulebook) -> dict[str, str]:
    """Return the title of each column of a units file.

    Parameters
    ----------
    rulebook
        Knows the standard columns, and what is summed up over the parcels of a unit.

    Returns
    -------
    dict
        Column to title, in the user's language.
    """
    known = rulebook.columns
    found = {
        name: pick(label, label_en)
        for name, label, label_en in zip(
            known["name"], known["label"], known["label_en"], strict=True
        )
    }
    measures: Mapping[str, Mapping[str, str]] = rulebook.units.get("measures", {})
    found |= {
        name: pick(rule["title"], rule.get("title_en", rule["title"]))
        for name, rule in measures.items()
    }
    return found | {
        "unit_id": _("unit"),
        "name": _("name"),
        "area": _("area (m²)"),
        "low_use_area": _("low-use area (m²)"),
        "low_use_share": _("low-use share"),
        "parcel_area": _("area of parcels (m²)"),
        "infill_area": _("area of infill (m²)"),
        "parcel_count": _("parcels"),
        "low_use_count": _("low-use parcels"),
        "type_mix": _("low-use area by type"),
        "value": _("worth (m²)"),
        "block": _("block"),
        "perimeter": _("perimeter (m)"),
        "parts": _("pieces"),
        "holes": _("holes"),
        "polsby_popper": _("compactness (Polsby–Popper)"),
        "hull_ratio": _("share of the convex hull"),
        "inertia": _("compactness (moment of inertia)"),
        "barrier_share": _("share of the perimeter on barriers"),
        "stability": _("part that stays under shifted limits"),
        "firm_share": _("low-use land whose verdict stays under shifted thresholds"),
        "breaks": _("limits broken"),
        "part": _("kind of land"),
        "reason": _("reason"),
        "limit": _("limit"),
        "nodes": _("pieces of land"),
        "objective": _("worth of the units (m²)"),
        "upper_bound": _("certified bound (m²)"),
        "gap": _("gap to the bound"),
        "exact": _("every choice looked at"),
        "share": _("share"),
        "edit": _("edit"),
        "state": _("state"),
        "why": _("why not"),
    }


def out_layer(
    name: str, title: str, frame: pd.DataFrame, known: Mapping[str, str], geometry: str = ""
) -> OutLayer:
    """Make a layer or table of a frame.

    Parameters
    ----------
    name, title
        Of the layer.
    frame
        Its content; with geometry a layer of polygons.
    known
        Column to title.
    geometry
        Another kind of geometry than polygons.

    Returns
    -------
    OutLayer
    """
    shaped = "geometry" in frame
    plain = guessed(attributes_of(frame))
    columns = [Column(column, dtype, known.get(column, "")) for column, dtype in plain]
    return OutLayer(name, title, frame, columns, (geometry or "MultiPolygon") if shaped else "")
