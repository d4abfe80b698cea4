"""Write into a project file what was confirmed, and leave the rest of it as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from lowuse_gis.errors import InputError
from lowuse_gis.io.atomic import all_or_nothing
from lowuse_gis.io.project import read_project
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


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
