"""Look whether a profile that came as a file of its own hangs together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lowuse_gis.core.filing.names import named
from lowuse_gis.core.lint.package_keys import DATASETS, FORMATS, PAPER_COLUMNS, SHAPES
from lowuse_gis.errors import RuleError
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lowuse_gis.core.lint.faults import Place

NEEDED = ("title", "folder", "encoding", "audience", "layers", "file")
DEGREES, PAIR = 4, 2


def look_through(profile: Mapping[str, Any], names: Mapping[str, object], place: Place) -> None:
    """Note what is missing in a profile, or names what is not there.

    Parameters
    ----------
    profile
        Its keys are of the right types.
    names
        What its patterns may name.
    place
        Where faults are noted.
    """
    for message, hint in _faults(profile, names):
        place.error("profile", "", message, hint)


def _faults(profile: Mapping[str, Any], names: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for key in NEEDED:
        if key not in profile:
            yield _("{key} is missing").format(key=key), _("lowuse verify --learn drafts a profile")
    if len(profile.get("envelope", [0] * DEGREES)) != DEGREES:
        example = "envelope = [116.6, 38.5, 117.2, 39.1]"
        yield (
            _("envelope: four numbers are wanted"),
            _("write it as: {example}").format(example=example),
        )
    yield from _layers(profile)
    yield from _tables(profile)
    yield from _files(profile, names)
    yield from _papers(profile)


def _layers(profile: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, spec in profile.get("layers", {}).items():
        yield from _listed(f"{name}.from", spec.get("from"), DATASETS)
        yield from _listed(f"{name}.shape", spec.get("shape", SHAPES[0]), SHAPES)
        for key in ("state_title", "draft_mark") if "state" in spec else ():
            yield from _listed(name, key, profile)
        for entry in spec.get("fields", ()):
            for key in ("links", "sums"):
                if entry.get(key, ".").count(".") != 1:
                    yield from _listed(f"{name}.{entry.get('code')}.{key}", entry[key], ())


def _tables(profile: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    layers = profile.get("layers", {})
    for name, spec in profile.get("tables", {}).items():
        yield from _listed(f"{name}.from", spec.get("from"), layers)
        fields = {entry.get("code") for entry in layers.get(spec.get("from"), {}).get("fields", ())}
        pairs = [*spec.get("columns", ()), *spec.get("by", ()), *spec.get("sums", ())]
        for _heading, code in pairs:
            yield from _listed(name, code.removesuffix(".label"), fields)
        if "columns" not in spec and "by" not in spec:
            yield from _listed(name, "", ("columns", "by"))


def _papers(profile: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for spec in profile.get("papers", ()):
        where = str(spec.get("folder"))
        for key in ("sheet", "title") if "index" in spec else ():
            yield from _listed(where, key, spec)
        columns = [key for _heading, key in spec.get("columns", ())]
        for key in columns:
            yield from _listed(where, key, PAPER_COLUMNS)
        for key in ("file", "sha256") if "index" in spec else ():
            yield from _listed(f"{where}.columns", key, columns)
        for place in spec.get("ids", ()):
            yield from _listed(where, place.partition(".")[0], profile.get("layers", {}))


def _files(profile: Mapping[str, Any], names: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    patterns = [profile.get("folder", "")]
    for spec in profile.get("papers", ()):
        patterns += [spec.get(key, "") for key in ("folder", "index", "name")]
    for file in profile.get("file", ()):
        where = str(file.get("path"))
        patterns.append(where)
        yield from _listed(where, file.get("format"), FORMATS)
        if len(file.get("each", [0, 0])) != PAIR or ("each" in file and file["format"] != "map"):
            yield from _listed(f"{where}.each", "", ())
        for kind in ("layers", "tables"):
            for name in file.get(kind, ()):
                yield from _listed(where, name, profile.get(kind, {}))
    try:
        for pattern in patterns:
            named(
                pattern,
                {
                    **names,
                    "layer": "",
                    "town": "",
                    "town_code": "",
                    "id": "",
                    "type": "",
                    "number": "",
                },
                "path",
            )
    except RuleError as error:
        yield error.message, error.hint


def _listed(where: str, name: object, known: Iterable[object]) -> Iterator[tuple[str, str]]:
    choices = sorted(str(one) for one in known)
    if name not in choices:
        yield (
            _("{where}: {name} is not known").format(where=where, name=name),
            _("known names: {names}").format(names=", ".join(choices) or "LAYER.FIELD"),
        )
