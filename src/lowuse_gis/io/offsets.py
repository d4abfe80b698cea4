"""Say where a layer is offset as Chinese web maps are (GCJ-02)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lowuse_gis.core.gcj02 import offset
from lowuse_gis.core.web_map import FITS, LAYER, REFERENCE, from_web_map, misfit
from lowuse_gis.language import _
from lowuse_gis.model import Notice

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.core.placed import Place
    from lowuse_gis.core.web_map import Misfit
    from lowuse_gis.model import Rulebook

DEGREE = 111_320.0  # m in a degree of latitude


def offset_notice(
    shapes: NDArray[np.object_],
    reference: NDArray[np.object_] | None,
    rulebook: Rulebook,
    file: str,
    layer: str = "",
) -> Notice | None:
    """Compare a layer with a reference, and say whether it is offset.

    Parameters
    ----------
    shapes, reference
        Both in the working CRS; outlines of the same things must be among them.
    rulebook
        Says the working CRS.
    file, layer
        Names for the notice.

    Returns
    -------
    Notice, or None
        None where there is nothing to compare. Code 2202 where the layer is offset, else none:
        then the note says how it lies.
    """
    found = misfit(shapes, reference, rulebook.crs) if reference is not None else None
    return None if found is None else notice_of(found, file, layer)


def notice_of(found: Misfit, file: str, layer: str = "") -> Notice:
    """Say how a layer lies on a reference.

    Parameters
    ----------
    found
        Of `misfit`.
    file, layer
        Names for the notice.

    Returns
    -------
    Notice
        As of `offset_notice`.
    """
    share = {
        FITS: found.as_is,
        LAYER: found.undone,
        REFERENCE: found.reference,
    }.get(found.verdict, found.as_is)
    words = {
        FITS: _("lies on the reference: {share:.0%} of the corners on its outlines"),
        LAYER: _(
            "offset by {distance:.0f} m as web maps are (GCJ-02): {share:.0%} of the corners lie "
            "on outlines of the reference once that is undone, {as_is:.0%} before; use --gcj02"
        ),
        REFERENCE: _("the reference itself is offset by {distance:.0f} m as web maps are (GCJ-02)"),
    }
    unclear = _("cannot be compared with the reference: {share:.0%} of the corners on its outlines")
    text = words.get(found.verdict, unclear)
    note = text.format(share=share, distance=found.distance, as_is=found.as_is)
    return Notice("2202" if found.verdict == LAYER else "", file, layer, note)


def suspicion(names: tuple[str, ...], place: Place, rulebook: Rulebook) -> str:
    """Say that a layer may be offset where its name points to a web map.

    Parameters
    ----------
    names
        Of file and layer.
    place
        Its place: only degrees and Web Mercator come from there.
    rulebook
        Says where the district is.

    Returns
    -------
    str
        Empty for no suspicion.
    """
    plane = place.system is not None and place.system.meridian == place.system.meridian
    if plane or not from_web_map(*names):
        return ""
    west, south, east, north = rulebook.envelope
    middle = np.array([(west + east) / 2]), np.array([(south + north) / 2])
    lon, lat = offset(*middle)
    far = np.hypot(lon * DEGREE * np.cos(np.radians(middle[1])), lat * DEGREE)[0]
    return _(
        "its name points to a web map: it may be offset by some {far:.0f} m (GCJ-02); "
        "compare it with --reference FILE"
    ).format(far=far)
