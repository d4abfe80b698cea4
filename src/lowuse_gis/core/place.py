"""In which coordinate system a delivery of the district is, told by its numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from pyproj import Transformer

from lowuse_gis.core.datum import (
    BASE,
    BEIJING54,
    OTHER,
    PREFIX,
    WGS84,
    XIAN80,
    authority,
    datum_of,
    located,
)
from lowuse_gis.core.extents import MARGIN, comes_near, extent_of, known_points, lies_in, within
from lowuse_gis.core.place_words import spoken
from lowuse_gis.core.placed import (
    AGREES,
    AMBIGUOUS,
    CODES,
    EMPTY,
    FOUND,
    OUTSIDE,
    SHIFTED,
    UNKNOWN,
    WRONG,
    Elsewhere,
    Place,
)
from lowuse_gis.core.systems import Box, System, areal_excess, rivals, system_of, systems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pyproj import CRS

    from lowuse_gis.model import Rulebook

SHIFTED_DATUMS = {XIAN80, BEIJING54, OTHER}
ENOUGH = 0.5  # share of the features that must fit some system
NEAR_PPM = 150.0  # how near an areal excess must come to speak for a system
TELLING_PPM = 400.0  # how far two systems must be apart for it to speak against one


def plainly_in(
    points: NDArray[np.float64], declared: CRS | None, rulebook: Rulebook
) -> System | None:
    """Return the declared system where nothing speaks against it.

    Parameters
    ----------
    points, declared, rulebook
        As for `find_place`, which compares with some twenty other systems.

    Returns
    -------
    System, or None
        None where a feature lies outside the district by it, or where it has another datum.
    """
    if declared is None or not located(declared):
        return None
    known = known_points(points)
    if not known.any() or datum_of(declared) in SHIFTED_DATUMS:
        return None
    system = system_of(declared, rulebook.envelope)
    extent = extent_of(points if known.all() else points[known])
    return system if lies_in(extent, system.box) else None


def find_place(
    points: NDArray[np.float64],
    declared: CRS | None,
    rulebook: Rulebook,
    area_ratio: float | None = None,
) -> Place:
    """Find the system that a layer's coordinates are in.

    Parameters
    ----------
    points
        One row of x and y per feature, in the file's numbers and order; not finite where a feature
        has no place.
    declared
        What the file or the user says; None where nobody does, or where it is a drawing's own
        system.
    rulebook
        Its working CRS and envelope give the systems that are thinkable.
    area_ratio
        Plane area over declared ellipsoidal area, where areas are known: a wrong central meridian
        betrays itself by some 1,600 millionths.

    Returns
    -------
    Place
    """
    known = known_points(points)
    there = points if known.all() else points[known]
    usable = declared if declared is not None and located(declared) else None
    stated = system_of(usable, rulebook.envelope) if usable is not None else None
    blank = Place(
        EMPTY,
        None,
        authority(declared) if declared is not None else "",
        datum_of(declared) if declared is not None else "",
        extent_of(there),
        excess=(area_ratio - 1) * 1e6 if area_ratio is not None else float("nan"),
    )
    if not known.any():
        return _told(blank, None)
    thinkable = _thinkable(stated, rulebook)
    member, ties = _members(points, blank.extent, thinkable)
    main = _main(member[known], stated=stated is not None)
    if main < 0:
        verdict = _lost(there, stated)
        hints = _stripped(there, thinkable)
        return _told(replace(blank, verdict=verdict, alternatives=hints), stated)
    others = tuple(thinkable[at].name for at in ties.get(main, ()))
    place = replace(
        blank,
        verdict=_verdict(there, thinkable[main], main, stated, others),
        system=thinkable[main],
        share=float((member[known] == main).mean()),
        alternatives=(*others, *thinkable[main].same),
        elsewhere=_elsewhere(member, main, thinkable),
        nowhere=np.flatnonzero(known & (member < 0)),
    )
    place = _weighed(place, there, rulebook)
    if place.datum in SHIFTED_DATUMS and usable is not None:
        place = replace(place, verdict=SHIFTED)
    return _told(place, stated)


def _verdict(
    points: NDArray[np.float64],
    system: System,
    main: int,
    stated: System | None,
    others: tuple[str, ...],
) -> str:
    """Compare the system that most features fit with the declared one."""
    says = stated is not None and main == 0
    if not within(points, system.box).any():
        return OUTSIDE if says else UNKNOWN
    if stated is not None:
        return AGREES if says else WRONG
    return AMBIGUOUS if others else FOUND


def _weighed(place: Place, points: NDArray[np.float64], rulebook: Rulebook) -> Place:
    """Let the areas speak: for the system, or for another that has nearly the same numbers."""
    if place.system is None:
        return place
    agree, betrayed = _by_area(place.system, place.excess, rulebook)
    if len(betrayed) == 1 and not agree and within(points, betrayed[0].box).any():
        verdict = WRONG if place.declared else FOUND
        return replace(place, system=betrayed[0], areas_agree=True, verdict=verdict)
    return replace(place, areas_agree=agree, betrayed=betrayed)


def _told(place: Place, stated: System | None) -> Place:
    """Add the reason and the codes."""
    codes = [CODES[place.verdict]] if place.verdict in CODES else []
    if place.verdict == SHIFTED:
        codes.append("2202")
    if place.datum == WGS84 and place.verdict == AGREES:
        codes.append("2103")
    if place.elsewhere or place.betrayed:
        codes.append("2201")
    made = replace(place, codes=tuple(dict.fromkeys(codes)))
    return replace(made, why=spoken(made, stated))


def _thinkable(stated: System | None, rulebook: Rulebook) -> tuple[System, ...]:
    """Return the systems to try; the declared one first, and not twice."""
    found = systems(rulebook.crs, rulebook.envelope)
    if stated is None:
        return found
    box = np.array(stated.box)
    twin = [not np.allclose(box, system.box, rtol=0, atol=1e-6) for system in found]
    return (stated, *(system for system, other in zip(found, twin, strict=True) if other))


def _members(
    points: NDArray[np.float64], extent: Box, thinkable: Sequence[System]
) -> tuple[NDArray[np.int64], dict[int, tuple[int, ...]]]:
    """Return the system each feature fits best, -1 for none, and which systems tie."""
    member = np.full(len(points), -1)
    level = np.zeros(len(points), np.int8)
    inner = [np.zeros(len(points), dtype=bool)] * len(thinkable)
    for at, system in enumerate(thinkable):
        if not comes_near(extent, system.box):
            continue
        inner[at] = within(points, system.box)
        here = inner[at].astype(np.int8) + within(points, system.box, MARGIN)
        member[here > level] = at
        level = np.maximum(level, here)
    ties: dict[int, tuple[int, ...]] = {}
    for at in np.unique(member[member >= 0]).tolist():
        mine = member == at
        also = (other for other in range(len(thinkable)) if other != at)
        ties[at] = tuple(o for o in also if inner[o][mine].mean() > ENOUGH)
    return member, ties


def _main(member: NDArray[np.int64], *, stated: bool) -> int:
    """Return the system most features fit; the declared one, at 0, where it is not outdone."""
    fitting = member[member >= 0]
    if not len(fitting):
        return -1
    most = int(np.bincount(fitting).argmax())
    enough = len(fitting) >= ENOUGH * len(member)
    return most if enough or (stated and most == 0) else -1


def _elsewhere(
    member: NDArray[np.int64], main: int, thinkable: Sequence[System]
) -> tuple[Elsewhere, ...]:
    others = sorted(set(np.unique(member).tolist()) - {main, -1})
    return tuple(Elsewhere(thinkable[at], np.flatnonzero(member == at)) for at in others)


def _lost(points: NDArray[np.float64], stated: System | None) -> str:
    """Tell a layer of another district from one in no known system."""
    if stated is None:
        return UNKNOWN
    x, y = np.median(points, axis=0)
    transformer = Transformer.from_crs(stated.crs, BASE, always_xy=True)
    longitude, latitude = transformer.transform(x, y)
    there = bool(np.isfinite([longitude, latitude]).all())
    if stated.crs.is_projected and there:
        distance = (longitude - stated.meridian + 180) % 360 - 180
        there = not abs(distance) > 20  # noqa: PLR2004  beyond it no plane system is used
    return OUTSIDE if there and 3 < latitude < 54 and 73 < longitude < 136 else UNKNOWN  # noqa: PLR2004  China


def _stripped(points: NDArray[np.float64], thinkable: Sequence[System]) -> tuple[str, ...]:
    """Return systems that fit once a wrong zone number is taken off the eastings."""
    bare = points.copy()
    bare[:, 0] %= PREFIX
    found = []
    for system in thinkable:
        plain = system.prefix == 0 and not system.swapped and system.crs.is_projected
        if plain and (points[:, 0] > PREFIX).all() and within(bare, system.box).mean() > ENOUGH:
            found.append(system.name)
    return tuple(found)


def _by_area(
    system: System, excess: float, rulebook: Rulebook
) -> tuple[bool | None, tuple[System, ...]]:
    """Say whether the areas speak for a system, and if not, for which others."""
    envelope = rulebook.envelope
    own = areal_excess(system, envelope)
    if not np.isfinite([own, excess]).all():
        return None, ()
    if abs(own - excess) <= NEAR_PPM:
        return True, ()
    if abs(own - excess) < TELLING_PPM:
        return None, ()
    others = [*systems(rulebook.crs, envelope), *rivals(envelope)]
    found = {
        (other.meridian, other.prefix == 0): other
        for other in others
        if not other.swapped
        and (other.prefix > 0) == (system.prefix > 0 and other.crs.is_projected)
        and abs(areal_excess(other, envelope) - excess) <= NEAR_PPM
    }
    return False, tuple(found.values())
