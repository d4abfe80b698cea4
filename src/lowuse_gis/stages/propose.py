"""Propose what the files of a folder are, and say where that is doubtful."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import shapely

from lowuse_gis.errors import InputError
from lowuse_gis.io.fields import match_fields
from lowuse_gis.io.not_a_base import no_base
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from lowuse_gis.io.guess import Guess
    from lowuse_gis.io.understanding import Understood
    from lowuse_gis.model import Rulebook

CLEAR = 1.0  # points that part the likeliest source from the next
SEVERAL = 3  # fields known that speak for a source without a name
SAME_PLACE = 0.9  # of the smaller extent of two layers, shared
NEAR = 0.4  # of letters, alike
SHOWN = 3


@dataclass(frozen=True)
class Proposed:
    """What one layer or table is proposed for.

    Attributes
    ----------
    seen
        The layer or table.
    path, layer
        As the project file names it; relative to the folder.
    source
        The rulebook's name; empty for none.
    why
        What speaks for it.
    doubts
        What speaks against it; where there are any it is not used.
    others
        Sources it may be as well.
    mapping
        Fields named by the user, or the nearest to what it lacks.
    crs
        What the coordinates say where the file is silent or wrong.
    """

    seen: Understood
    path: str
    layer: str = ""
    source: str = ""
    why: str = ""
    doubts: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    crs: str = ""

    @property
    def used(self) -> bool:
        """Whether it is clear what it is."""
        return bool(self.source) and not self.doubts


def propose(
    layers: Sequence[Understood], folder: Path, given: Mapping[str, str], rulebook: Rulebook
) -> list[Proposed]:
    """Propose what each layer and table is for.

    Parameters
    ----------
    layers
        As they were understood, in order.
    folder
        Where they stand.
    given
        Fields named by the user.
    rulebook
        Knows sources.

    Returns
    -------
    list of Proposed
        In the same order.
    """
    proposed = [_proposed(seen, folder, given, rulebook) for seen in layers]
    return _without_rivals(proposed, rulebook)


def _proposed(
    seen: Understood, folder: Path, given: Mapping[str, str], rulebook: Rulebook
) -> Proposed:
    path, layer, packed = _place(seen, folder)
    if not seen.source:
        return Proposed(seen, path, layer, doubts=("",))
    best, *rest = seen.guesses
    fields = [one.name for one in seen.fields]
    mapping = {a: b for a, b in given.items() if _holds(a, b, best, rulebook)}
    doubts = (
        [_("lacks {names}").format(names=pick("、", ", ").join(seen.lacking))]
        if seen.lacking
        else []
    )
    doubts += filter(None, [no_base(best.source, (seen.found.path.stem, layer), fields,
                                    rulebook.checks)])  # fmt: skip
    near = [other.source for other in rest if best.points - other.points < CLEAR]
    few = not best.named and len(best.found) < SEVERAL
    if near:
        doubts.append(_("other sources fit as well"))
    elif few:
        doubts.append(_("little speaks for it"))
    doubts += _unusable(seen, packed=packed)
    return Proposed(
        seen,
        path,
        layer,
        best.source,
        _why(seen, rulebook),
        tuple(doubts),
        tuple(other.source for other in rest[:SHOWN]) if near or few else (),
        {**_nearest(best.lacking, best.source, seen, rulebook), **mapping},
        _crs(seen),
    )


def _place(seen: Understood, folder: Path) -> tuple[str, str, bool]:
    """Name a layer as a project file does; one in an archive by the archive and its own name."""
    parts = seen.found.shown.split("/")[1:]
    for count in range(1, len(parts)):
        if folder.joinpath(*parts[:count]).is_file():
            inside = seen.found.layer or seen.found.path.stem
            return "/".join(parts[:count]), inside, True
    return "/".join(parts), seen.found.layer, False


def _why(seen: Understood, rulebook: Rulebook) -> str:
    best = seen.guesses[0]
    rule = rulebook.sources[best.source]
    known = _("fields known: {count}").format(count=len(best.found))
    title = pick(rule.title, rule.title_en)
    named = [_("its name says so")] if best.named else []
    return "; ".join([title, *named, *([known] if rule.kind != "raster" else [])])


def _unusable(seen: Understood, *, packed: bool) -> list[str]:
    """Say what keeps a file from being used, whatever it is."""
    if seen.found.kind == "raster":
        return [notice.note for notice in seen.notices]
    if seen.found.kind == "table":
        return [_("a table in an archive: unpack it")] if packed else []
    doubts = [] if seen.crs else [_("its place cannot be told")]
    return doubts if set(seen.shapes) - {"none"} else [_("it has no shapes")]


def _crs(seen: Understood) -> str:
    said = bool(seen.declared) and seen.declared.startswith(seen.crs)
    return "" if said or not seen.crs.startswith("EPSG:") else seen.crs


def _holds(left: str, right: str, best: Guess, rulebook: Rulebook) -> bool:
    """Say whether what was said of fields is true of a file."""
    try:
        match_fields(list(best.found.values()), rulebook, best.source, {left: right})
    except InputError:
        return False
    return True


def _nearest(
    lacking: Sequence[str], source: str, seen: Understood, rulebook: Rulebook
) -> dict[str, str]:
    """Name the fields whose names are nearest to what is lacking."""
    free = [one.name for one in seen.fields if not one.column]
    found: dict[str, str] = {}
    for column in lacking:
        names = rulebook.fields[source][column]["names"]
        near = [hit for name in names for hit in difflib.get_close_matches(name, free, 1, NEAR)]
        found |= {names[0]: near[0]} if near else {}
    return found


def _without_rivals(proposed: Sequence[Proposed], rulebook: Rulebook) -> list[Proposed]:
    """Doubt layers that cover the same place as another of their source, which is more of it."""
    layers = [one for one in proposed if one.used and one.seen.found.kind == "layer"]
    kept: list[Proposed] = []
    doubts: dict[int, str] = {}
    for one in sorted(layers, key=lambda one: (not _called_so(one, rulebook), -one.seen.count)):
        twin = next((other for other in kept if _same_place(other, one)), None)
        if twin is None:
            kept.append(one)
            continue
        name = f"{twin.path}:{twin.layer}" if twin.layer else twin.path
        doubts[id(one)] = _("covers the same place as {name}").format(name=name)
    return [replace(p, doubts=(doubts[id(p)],)) if id(p) in doubts else p for p in proposed]


def _called_so(one: Proposed, rulebook: Rulebook) -> bool:
    """Say whether a layer has the very name that the rulebook gives."""
    return rulebook.sources[one.source].layer in {one.seen.found.layer, one.seen.found.path.stem}


def _same_place(one: Proposed, other: Proposed) -> bool:
    if one.source != other.source or one.seen.bounds is None or other.seen.bounds is None:
        return False
    a, b = shapely.box(*one.seen.bounds), shapely.box(*other.seen.bounds)
    least = min(a.area, b.area)
    return bool(least > 0 and a.intersection(b).area / least > SAME_PLACE)
