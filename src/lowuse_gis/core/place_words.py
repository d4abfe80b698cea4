"""The reason why a layer is believed to be in a coordinate system, in words."""

from __future__ import annotations

from math import isfinite, isnan
from typing import TYPE_CHECKING

from lowuse_gis.language import _

if TYPE_CHECKING:
    from lowuse_gis.core.placed import Place
    from lowuse_gis.core.systems import Box, System

METRES_FROM = 1000.0  # larger numbers are no degrees
SMALL = 1_000_000.0  # numbers of a town's own system


def spoken(place: Place, stated: System | None) -> str:
    """Put a verdict about a place into words.

    Parameters
    ----------
    place
        The verdict.
    stated
        The declared system, None for none.

    Returns
    -------
    str
        Sentences in the user's language.
    """
    facts = _verdict(place, stated)
    if place.verdict == "found" and place.system and place.system.same:
        names = ", ".join(place.system.same)
        facts.append(_("{names} has the same numbers").format(names=names))
    if place.datum == "wgs84" and place.verdict == "agrees":
        facts.append(_("WGS 84 is taken as CGCS2000; they agree within a metre"))
    facts += _areas(place)
    facts += [
        _("{count} features are in {system}").format(
            count=len(part.rows), system=named(part.system)
        )
        for part in place.elsewhere
    ]
    if len(place.nowhere):
        facts.append(
            _("{count} features fit no system of the district").format(count=len(place.nowhere))
        )
    return _("; ").join(facts)


def named(system: System) -> str:
    """Name a system, with swapped axes where they are.

    Parameters
    ----------
    system
        Any.

    Returns
    -------
    str
    """
    if system.swapped:
        return _("{system} with swapped axes").format(system=system.name)
    return system.name


def numbers(extent: Box) -> str:
    """Write the range of coordinates.

    Parameters
    ----------
    extent
        West, south, east, north.

    Returns
    -------
    str
        Such as ``39,492,000–39,492,600, 4,305,000–4,305,100``; degrees with five decimals.
    """
    if not all(map(isfinite, extent)):
        return "—"
    digits = 5 if max(map(abs, extent)) < METRES_FROM else 0
    west, south, east, north = (f"{value:,.{digits}f}" for value in extent)
    return f"{west}–{east}, {south}–{north}"


def _verdict(place: Place, stated: System | None) -> list[str]:
    words = {
        "empty": _("there are no coordinates"),
        "agrees": _("by the declared {declared} all coordinates lie in the district")
        if place.share == 1
        else _("by the declared {declared} most coordinates lie in the district"),
        "shifted": _("{declared} is on another datum; its shift to CGCS2000 is not public"),
        "ambiguous": _("no system is declared, and the coordinates fit any of {names}"),
        "outside": _("by the declared {declared} all coordinates are outside the district"),
        "unknown": _("the coordinates ({numbers}) fit no system of the district"),
        "found": _("no system is declared; the coordinates lie in the district as {system} only"),
        "wrong": _("declared is {declared}, but the coordinates lie in the district as {system}"),
    }
    system = named(place.system) if place.system else ""
    facts = [
        words[place.verdict].format(
            declared=place.declared,
            names=", ".join((system, *place.alternatives)),
            numbers=numbers(place.extent),
            system=system,
        )
    ]
    if place.verdict == "found":
        facts.append(_("the datum cannot be told from coordinates and is taken to be CGCS2000"))
    if place.verdict == "wrong" and place.system and stated:
        facts += _differences(place.system, stated)
    if place.verdict == "unknown" and METRES_FROM < max(map(abs, place.extent)) < SMALL:
        facts.append(_("such small numbers are those of a local city system"))
    if place.verdict == "unknown" and place.system:
        facts.append(_("as {system} they are near it").format(system=system))
    elif place.verdict in {"outside", "unknown"} and place.alternatives:
        names = ", ".join(place.alternatives)
        facts.append(
            _("without the zone number in front the eastings fit {names}").format(names=names)
        )
    return facts


def _differences(system: System, stated: System) -> list[str]:
    """Say what is wrong with a declared system, given the right one."""
    facts = []
    if system.swapped:
        facts.append(_("the northing stands first"))
    if system.crs.is_geographic != stated.crs.is_geographic:
        facts.append(
            _("the numbers are degrees")
            if system.crs.is_geographic
            else _("the numbers are metres, not degrees")
        )
    elif isnan(system.meridian) and system.crs.is_projected:
        facts.append(_("the numbers are those of a web map (Web Mercator)"))
    elif system.prefix and not stated.prefix:
        facts.append(
            _("the eastings carry the zone number {prefix}, which the declared system has not")
            .format(prefix=system.prefix)
        )  # fmt: skip
    elif stated.prefix and not system.prefix:
        facts.append(_("the eastings lack the zone number {prefix}").format(prefix=stated.prefix))
    if abs(system.meridian - stated.meridian) > 0:
        facts.append(
            _("the central meridian is {right:g}°, not {wrong:g}°").format(
                right=system.meridian, wrong=stated.meridian
            )
        )
    return facts


def _areas(place: Place) -> list[str]:
    if place.areas_agree is None or place.system is None or place.verdict == "shifted":
        return []
    if place.areas_agree:
        return [_("the areas agree with it")]
    if not place.betrayed:
        return [
            _("plane areas differ from the declared ones by {excess:+,.0f} ppm").format(
                excess=place.excess
            )
        ]
    names = ", ".join(named(other) for other in place.betrayed)
    return [
        _(
            "plane areas differ from the declared ones by {excess:+,.0f} ppm, as in {names}: "
            "coordinates or areas were computed with the wrong central meridian"
        ).format(excess=place.excess, names=names)
    ]
