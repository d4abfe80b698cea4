"""Draft a profile from a delivery that was accepted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import shapely

from lowuse_gis.core.filing.names import bad_signs
from lowuse_gis.core.learning.fields import Learnt, learnt_fields
from lowuse_gis.core.learning.papers import learnt_papers
from lowuse_gis.core.learning.patterns import pattern_of
from lowuse_gis.core.verifying.shapes import KINDS, POLYGON
from lowuse_gis.language import _
from lowuse_gis.stages.learn.files import encoding_of, learnt_files
from lowuse_gis.stages.learn.systems import system_of, systems_of
from lowuse_gis.stages.learn.tables import learnt_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lowuse_gis.model import Rulebook
    from lowuse_gis.model.filing import ReadLayer, ReadPackage

ORDER = ("gpkg", "gdb", "shp")  # which copy is learnt from


@dataclass(frozen=True)
class Draft:
    """A profile as it was drafted.

    Attributes
    ----------
    profile
        As its file has it.
    confirm
        What a person must look at: place, and what was taken for what.
    """

    profile: dict[str, Any]
    confirm: Sequence[tuple[str, str]]


def drafted(package: ReadPackage, names: Mapping[str, str], rulebook: Rulebook) -> Draft:
    """Draft a profile that a delivery fits.

    Parameters
    ----------
    package
        As read.
    names
        What names of files may stand for: ``as_of``, ``year``, ``county``, ``district``.
    rulebook
        Titles and code lists of fields that it knows.

    Returns
    -------
    Draft
    """
    groups = _groups(package)
    known = _known(rulebook)
    profile: dict[str, Any] = {
        "title": pattern_of(package.name, names),
        "status": "to confirm",
        "folder": pattern_of(package.name, names),
        "audience": "inside",
    }
    confirm: list[tuple[str, str]] = []
    profile |= systems_of(package.layers, rulebook)
    profile |= encoding_of(package)
    signs = "".join(dict.fromkeys("".join(bad_signs(file) for file in package.files)))
    profile |= {"name_signs": signs} if signs else {}
    profile |= {"maps": {}, "layers": {}, "tables": {}}
    for name, copies in groups.items():
        pieces = _are_pieces(copies)
        learnt = learnt_fields(name, copies, known, pieces=pieces)
        profile["layers"][name] = _layer(name, copies, learnt, profile, pieces=pieces)
        profile["maps"] |= learnt.maps
        confirm += _to_confirm(name, learnt)
    frames = {name: copies[0].frame for name, copies in groups.items()}
    held = {layer.file for layer in package.layers} | {file for file, _sheet in package.sheets}
    papers = learnt_papers([file for file in package.files if file not in held], frames)
    files, sheets = learnt_files(package, names, profile, set(papers))
    for name, (spec, layer, learnt) in learnt_tables(package, sheets, known).items():
        profile["tables"][name], profile["layers"][name] = spec, layer
        profile["maps"] |= learnt.maps
        confirm += _to_confirm(spec["sheet"], learnt)
    if papers:
        folders = [{**p, "folder": pattern_of(f, names)} for f, p in papers.items()]
        profile["papers"] = folders
        confirm += [
            (p["folder"], _("types: {types}").format(types="、".join(p["types"]))) for p in folders
        ]
    profile["file"] = files
    return Draft({key: value for key, value in profile.items() if value != {}}, confirm)


def _groups(package: ReadPackage) -> dict[str, list[ReadLayer]]:
    groups: dict[str, list[ReadLayer]] = {}
    for layer in package.layers:
        groups.setdefault(layer.name, []).append(layer)
    return {n: sorted(c, key=lambda one: ORDER.index(one.form)) for n, c in groups.items()}


def _known(rulebook: Rulebook) -> dict[str, dict[str, Any]]:
    """Return what the shipped profiles say of a field, by its code and by its title."""
    known: dict[str, dict[str, Any]] = {}
    for profile in rulebook.packages.values():
        for layer in profile["layers"].values():
            for entry in layer["fields"]:
                codes = rulebook.domain(entry["domain"]) if "domain" in entry else {}
                own = entry.get("domain", "") in profile.get("maps", {})
                said = {"title": entry["title"], "codes": codes}
                said |= {"domain": entry["domain"]} if codes and not own else {}
                known.setdefault(entry["code"], said)
                known.setdefault(entry["title"], said)
    return known


def _are_pieces(copies: Sequence[ReadLayer]) -> bool:
    """Say whether layers of one name and one format hold other records each."""
    first = copies[0]
    same_form = [copy for copy in copies if copy.form == first.form]
    return len(same_form) > 1 or any(len(copy.frame) != len(first.frame) for copy in copies)


def _layer(
    name: str,
    copies: Sequence[ReadLayer],
    learnt: Learnt,
    profile: Mapping[str, Any],
    *,
    pieces: bool,
) -> dict[str, Any]:
    first = copies[0]
    spec: dict[str, Any] = {"title": name, "from": "delivered"}
    spec |= {"key": learnt.key} if learnt.key else {}
    spec |= {"pieces": True} if pieces else {}
    if isinstance(first.frame, gpd.GeoDataFrame):
        system = system_of(first.crs)
        spec |= {"crs": system} if system != profile.get("crs") else {}
        kind = _kind(first.frame)
        spec |= {"shape": kind} if kind != POLYGON else {}
    else:
        spec["plain"] = True
    return {**spec, "fields": list(learnt.fields)}


def _kind(frame: gpd.GeoDataFrame) -> str:
    shapes = frame.geometry.to_numpy()
    there = set(shapely.get_type_id(shapes[~shapely.is_missing(shapes)]).tolist())
    fitting = (kind for kind, types in KINDS.items() if there <= {int(one) for one in types})
    return next(fitting)


def _to_confirm(name: str, learnt: Learnt) -> Iterator[tuple[str, str]]:
    for entry in learnt.fields:
        if entry.get("domain") in learnt.maps:
            codes = "、".join(learnt.maps[entry["domain"]])
            yield (
                f"{name}.{entry['code']}",
                _("code list drafted of the values there: {codes}").format(codes=codes),
            )
    for code in learnt.left_out:
        yield f"{name}.{code}", _("left out: a kind of field that no profile has")
