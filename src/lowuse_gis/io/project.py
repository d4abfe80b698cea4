"""The project file ``lowuse.toml``: what is where, which rulebook, as of when."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from lowuse_gis.errors import InputError
from lowuse_gis.io.declared import KEYS, declared_from, refuse_unknown
from lowuse_gis.io.rulebook_files import RULEBOOK
from lowuse_gis.io.supply import Supply
from lowuse_gis.io.transforms import shift_from_table
from lowuse_gis.language import _

NAME = "lowuse.toml"
LEDGERS = "ledgers"
ENTRY = (
    "path", "layer", "as_of", "towns", "towns_missing", "absence", "crs", "encoding", "mapping",
    "transform", "body", *KEYS,
)  # fmt: skip


@dataclass(frozen=True)
class Project:
    """A project file.

    Attributes
    ----------
    rules
        Rulebook name or folder; empty where it does not say.
    as_of
        None where it does not say.
    supplies
        Files by source, in order.
    ledgers
        Folder of the ledgers: the one it names, else ``ledgers`` beside it.
    ledgers_named
        Whether it names one, which must be there then.
    """

    rules: str
    as_of: date | None
    supplies: tuple[Supply, ...]
    ledgers: Path
    ledgers_named: bool = False


def project_file(path: Path | None) -> Path | None:
    """Name the project file that is meant.

    Parameters
    ----------
    path
        ``lowuse.toml`` or its folder; None where none is named.

    Returns
    -------
    Path, or None
        None where none is named and the working folder has none.
    """
    named = path or (Path(NAME) if Path(NAME).is_file() else None)
    return named / NAME if named and named.is_dir() else named


def find_project(path: Path | None) -> Project | None:
    """Read the project file that is named, else the one of the working folder.

    Parameters
    ----------
    path
        ``lowuse.toml`` or its folder; None where none is named.

    Returns
    -------
    Project, or None
        None where none is named and the working folder has none.
    """
    named = project_file(path)
    return read_project(named) if named else None


def read_project(path: Path) -> Project:
    """Read a project file.

    Parameters
    ----------
    path
        ``lowuse.toml`` or the folder it stands in. Paths in it are relative to it.

    Returns
    -------
    Project

    Raises
    ------
    InputError
        Where it is missing or wrong.
    """
    file = path / NAME if path.is_dir() else path
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(
            _("{path}: no project file").format(path=file),
            _("name the folder that has a lowuse.toml"),
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            _("{file}: not valid TOML: {reason}").format(file=file, reason=error),
            _("correct that line; text must be UTF-8 and in straight quotes"),
        ) from error
    supplies: list[Supply] = []
    for name, value in content.get("sources", {}).items():
        for item in value if isinstance(value, list) else [value]:
            supplies.extend(
                _supplies(file, name, {"path": item} if isinstance(item, str) else item)
            )
    as_of = content.get("as_of")
    if as_of is not None and not isinstance(as_of, date):
        raise InputError(
            _("{file}: as_of is not a date: {value}").format(file=file, value=as_of),
            _("write it without quotes: as_of = 2024-03-31"),
        )
    ledgers = content.get("ledgers", "")
    if not isinstance(ledgers, str):
        raise InputError(
            _("{file}: ledgers is not the name of a folder: {value}").format(
                file=file, value=ledgers
            ),
            _('write it as: ledgers = "ledgers"'),
        )
    return Project(
        rules=_rules(file, content.get("rules", "")),
        as_of=as_of,
        supplies=tuple(supplies),
        ledgers=file.parent / (ledgers or LEDGERS),
        ledgers_named=bool(ledgers),
    )


def _rules(file: Path, value: object) -> str:
    """Return the name of a rulebook, or its folder where that stands beside the project file."""
    if not isinstance(value, str):
        raise InputError(
            _("{file}: rules is not the name of a rulebook: {value}").format(
                file=file, value=value
            ),
            _('write it as: rules = "jinghai"'),
        )
    own = file.parent / value
    return str(own) if value and (own / RULEBOOK).is_file() else value


def _supplies(file: Path, name: str, item: dict[str, Any]) -> list[Supply]:
    if "path" not in item:
        raise InputError(
            _("{file}: source {name} has no path").format(file=file, name=name),
            _('write it as: {name} = {{ path = "file.gpkg" }}').format(name=name),
        )
    where = _("{file}: source {name}").format(file=file, name=name)
    refuse_unknown(item, ENTRY, where)
    declared = declared_from(item, where)
    mapping = item.get("mapping", {})
    if not isinstance(mapping, dict) or not all(isinstance(f, str) for f in mapping.values()):
        raise InputError(
            _("{file}: source {name}: mapping is no table of fields: {value}").format(
                file=file, name=name, value=mapping
            ),
            _('write it as: mapping = { "宗地代码" = "ZDBH" }'),
        )
    shift = shift_from_table(item["transform"], str(file)) if "transform" in item else None
    paths = item["path"] if isinstance(item["path"], list) else [item["path"]]
    found = [match for path in paths for match in _matching(file.parent, path)]
    return [
        Supply(
            name=name,
            path=match,
            layer=item.get("layer", ""),
            as_of=str(item.get("as_of", "")),
            towns=tuple(item.get("towns", ())),
            towns_missing=tuple(item.get("towns_missing", ())),
            absence=item.get("absence", ""),
            crs=item.get("crs", ""),
            encoding=item.get("encoding", ""),
            mapping=mapping,
            shift=shift,
            declared=replace(declared, strict=len(found) == 1),
            body=str(item.get("body", "")),
        )
        for match in found
    ]


def _matching(folder: Path, pattern: str) -> list[Path]:
    """Return the files of a pattern in order; a plain name as it is, to be missed by name."""
    whole = folder / pattern
    base = Path(whole.anchor) if Path(pattern).is_absolute() else folder
    inside = str(whole.relative_to(base))
    return (sorted(base.glob(inside)) if inside != "." else []) or [whole]
