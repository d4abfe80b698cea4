"""``lowuse init``: look at a folder, guess which file is what, and write its project file."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lowuse_gis.commands.supplies import DEFAULT_RULES
from lowuse_gis.core.described import body_names
from lowuse_gis.errors import InputError
from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.delivery import find
from lowuse_gis.io.project import NAME
from lowuse_gis.io.project_writing import Line, Remarks, project_text
from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.io.understanding import Said
from lowuse_gis.io.understood import understand
from lowuse_gis.language import _, pick
from lowuse_gis.stages.propose import propose

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lowuse_gis.model import Notice, Rulebook
    from lowuse_gis.stages.propose import Proposed

OURS = "answers"  # the kind of a source that lowuse itself asks for
OWN = "runs"  # a layer that only results of classify and check have


@dataclass(frozen=True)
class Request:
    """What the user asked for.

    Attributes
    ----------
    folder
        The folder to look at, where ``lowuse.toml`` is written.
    rules
        Rulebook by name or folder.
    mapping
        Fields named by the user.
    """

    folder: Path
    rules: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    overwrite: bool = False


@dataclass(frozen=True)
class Outcome:
    """What was found and written.

    Attributes
    ----------
    file
        The project file.
    proposed
        Every layer and table, in the order found.
    notices
        What could not be read or is not recognised.
    absent
        Sources that no file was found for.
    rulebook
        The rules it was understood by.
    """

    file: Path
    proposed: Sequence[Proposed]
    notices: Sequence[Notice]
    absent: Sequence[str]
    rulebook: Rulebook


def init(request: Request) -> Outcome:
    """Write the project file of a folder.

    Parameters
    ----------
    request
        What the user asked for.

    Returns
    -------
    Outcome

    Raises
    ------
    LowuseError
        Where there is no such folder, nothing in it is recognised, or a project file stands there.
    """
    folder = request.folder.resolve()
    if not folder.is_dir():
        raise InputError(
            _("{path}: no such folder").format(path=request.folder),
            _("name the folder that holds the files"),
        )
    file = request.folder / NAME
    refuse_existing([file], overwrite=request.overwrite)
    rules = request.rules or DEFAULT_RULES
    rulebook = read_rulebook(rules)
    with tempfile.TemporaryDirectory(prefix="lowuse-") as into:
        contents = find(folder, Path(into))
        own = {found.shown for found in contents.found if found.layer == OWN}
        said = Said(mapping=request.mapping)
        layers = [understand(f, said, rulebook) for f in contents.found if f.shown not in own]
    proposed = propose(layers, folder, request.mapping, rulebook)
    if not any(one.source for one in proposed):
        raise InputError(
            _("{path}: nothing in it is recognised").format(path=request.folder),
            _("see what is understood: lowuse describe {path}").format(path=request.folder),
        )
    notices = [n for n in contents.notices if NAME not in n.note and n.file not in own]
    present = {one.source for one in proposed}
    absent = [n for n, rule in rulebook.sources.items() if n not in present and rule.kind != OURS]
    remarks = Remarks(
        _lines([one for one in proposed if one.source and not one.used], rulebook),
        _strange(proposed, notices),
        [_asked(name, rulebook) for name in absent],
    )
    day = date(rulebook.survey_year, 12, 31)
    text = project_text(rules, day, _lines([p for p in proposed if p.used], rulebook), remarks)
    with all_or_nothing([file]) as (part,):
        part.write_text(text, encoding="utf-8", newline="\n")
    return Outcome(file, proposed, notices, absent, rulebook)


def _strange(proposed: Sequence[Proposed], notices: Sequence[Notice]) -> list[str]:
    """Name what was not recognised, each once."""
    layers = [_named(one) for one in proposed if not one.source]
    return list(dict.fromkeys([*layers, *(notice.note or notice.file for notice in notices)]))


def _asked(name: str, rulebook: Rulebook) -> str:
    """Say what a source is and who has it."""
    rule = rulebook.sources[name]
    body = body_names(rulebook).get(rule.body, rule.body)
    return ", ".join(filter(None, [f"{name}: {pick(rule.title, rule.title_en)}", body]))


def _lines(proposed: Sequence[Proposed], rulebook: Rulebook) -> list[Line]:
    """Write the entries in the rulebook's order of sources."""
    order = list(rulebook.sources)
    return [
        Line(one.source, _values(one), _comment(one))
        for one in sorted(proposed, key=lambda one: order.index(one.source))
    ]


def _values(one: Proposed) -> dict[str, Any]:
    values = {"path": one.path, "layer": one.layer, "crs": one.crs, "mapping": dict(one.mapping)}
    return {key: value for key, value in values.items() if value}


def _comment(one: Proposed) -> str:
    others = _("or: {names}").format(names=", ".join(one.others)) if one.others else ""
    return "; ".join(filter(None, [one.why, *one.doubts, others]))


def _named(one: Proposed) -> str:
    return f"{one.path}:{one.layer}" if one.layer else one.path
