"""Write project files: new ones, and into others what was confirmed, leaving the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from lowuse_gis.errors import InputError
from lowuse_gis.io.atomic import all_or_nothing
from lowuse_gis.io.declared import WHOLE
from lowuse_gis.io.project import read_project
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from lowuse_gis.io.declared import Declared


def save_mapping(file: Path, source: str, mapping: Mapping[str, str]) -> None:
    """Keep in a project file which field is what.

    Parameters
    ----------
    file
        ``lowuse.toml``. Its comments and its order stay.
    source
        The source whose files are meant.
    mapping
        What ``--map`` says; added to what the file says already, and above it.

    Raises
    ------
    InputError
        Where the file is no project file, or has no such source.
    """
    read_project(file)
    try:
        document = tomlkit.parse(file.read_text(encoding="utf-8"))
        sources: Any = document.get("sources", {})
        if source not in sources:
            raise InputError(
                _("{file}: no source {name}").format(file=file, name=source),
                _("add it under [sources]: {name} = {{ path = … }}").format(name=source),
            )
        said = sources[source]
        if isinstance(said, str):
            sources[source] = _with(_entry(said), mapping)
        elif isinstance(said, list):
            for at, item in enumerate(list(said)):
                said[at] = _with(_entry(item) if isinstance(item, str) else item, mapping)
        else:
            _with(said, mapping)
        text = tomlkit.dumps(document)
    except TOMLKitError as error:
        raise InputError(
            _("{file}: not valid TOML: {reason}").format(file=file, reason=error),
            _("correct that line; text must be UTF-8 and in straight quotes"),
        ) from error
    with all_or_nothing([file]) as (part,):
        part.write_text(text, encoding="utf-8", newline="\n")


def _entry(path: str) -> Any:
    table = tomlkit.inline_table()
    table["path"] = str(path)  # as it is, it would give up its comment
    return table


def _with(item: Any, mapping: Mapping[str, str]) -> Any:
    """Add a mapping to an entry in place."""
    if "mapping" not in item:
        item["mapping"] = tomlkit.inline_table()
    for left, right in mapping.items():
        item["mapping"][left] = right
    return item


def entry_text(source: str, path: str, mapping: Mapping[str, str], declared: Declared) -> str:
    """Write an entry of a project file.

    Parameters
    ----------
    source, path
        What the file is, and where.
    mapping, declared
        What is said of its headings.

    Returns
    -------
    str
        One line of TOML.

    Examples
    --------
    >>> from lowuse_gis.io.declared import Declared
    >>> entry_text("tax", "a.xlsx", {}, Declared(("S",), (3,), {"": "元"}))
    'tax = {path = "a.xlsx", sheet = "S", header = 3, unit = "元"}'
    """
    values: dict[str, Any] = {"path": path}
    for key, several in (("sheet", declared.sheets), ("header", declared.header)):
        if several:
            values[key] = several[0] if len(several) == 1 else list(several)
    if declared.units:
        whole = set(declared.units) == {WHOLE}
        values["unit"] = declared.units[WHOLE] if whole else dict(declared.units)
    if declared.key:
        values["key"] = declared.key
    if mapping:
        values["mapping"] = dict(mapping)
    return f"{source} = {_inline(values).as_string()}"


@dataclass(frozen=True)
class Line:
    """One file of a new project.

    Attributes
    ----------
    source
        What it is.
    values
        ``path`` and, where needed, ``layer``, ``crs``, ``mapping``.
    comment
        Why.
    """

    source: str
    values: Mapping[str, Any]
    comment: str


@dataclass(frozen=True)
class Remarks:
    """What a new project file says in comments.

    Attributes
    ----------
    doubtful
        Files that are not clear.
    strange
        What was not recognised, one line each.
    absent
        Sources that no file was found for, one line each.
    """

    doubtful: Sequence[Line] = ()
    strange: Sequence[str] = ()
    absent: Sequence[str] = ()


def project_text(rules: str, day: date, used: Sequence[Line], remarks: Remarks) -> str:
    """Write a new project file.

    Parameters
    ----------
    rules
        Rulebook by name or folder.
    day
        The date judged for where nothing says another.
    used
        Files that are clear, those of one source together.
    remarks
        Everything else.

    Returns
    -------
    str
        TOML.

    Examples
    --------
    >>> from datetime import date
    >>> lines = [Line("roads", {"path": "r.shp"}, "roads")]
    >>> print(project_text("jinghai", date(2022, 12, 31), lines, Remarks()))
    ... # doctest: +ELLIPSIS
    # ...
    rules = "jinghai"
    ...
    [sources]
    roads = {path = "r.shp"} # roads
    <BLANKLINE>
    # ...
    """
    document = tomlkit.document()
    document.add(tomlkit.comment(_("Written by lowuse init. Paths are relative to this file.")))
    document["rules"] = rules
    judged = _("as_of = {day} (the date judged for: no file says it)").format(day=day)
    document.add(tomlkit.comment(judged))
    document.add(tomlkit.nl())
    sources = tomlkit.table()
    for name in dict.fromkeys(line.source for line in used):
        lines = [line for line in used if line.source == name]
        if len(lines) == 1:
            entry = _inline(lines[0].values)
            entry.comment(lines[0].comment)
            sources[name] = entry
            continue
        array = tomlkit.array()
        for line in lines:
            array.add_line(_inline(line.values), comment=line.comment)
        array.add_line(indent="")
        sources[name] = array
    hint = _('Any entry may say as_of = "2023-12-31" and towns_missing = ["code"]: no file says it')
    _comments(sources, hint, [])
    said = [f"{x.source} = {_inline(x.values).as_string()} # {x.comment}" for x in remarks.doubtful]
    _comments(
        sources,
        _("Doubtful, so not used. Take the # off what is right; several files of a source: [ … ]:"),
        said,
    )
    _comments(sources, _("Not recognised, so not used:"), remarks.strange)
    _comments(sources, _("Nothing was found for these; who has it:"), remarks.absent)
    document["sources"] = sources
    return tomlkit.dumps(document).rstrip("\n") + "\n"


def _inline(values: Mapping[str, Any]) -> Any:
    table = tomlkit.inline_table()
    for key, value in values.items():
        table[key] = _inline(value) if isinstance(value, dict) else value
    return table


def _comments(table: Any, head: str, lines: Sequence[str]) -> None:
    """Add a block of comments; one with a colon at its end only where lines follow."""
    if lines or not head.endswith((":", "：")):
        table.add(tomlkit.nl())
        for line in (head, *lines):
            table.add(tomlkit.comment(" ".join(line.split())))
