"""Profiles of packages as files of their own: read one, write one that was drafted."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import tomlkit
from pyproj import CRS
from pyproj.exceptions import CRSError

from lowuse_gis.core.filing.names import known_names
from lowuse_gis.core.filing.profile_checks import look_through
from lowuse_gis.core.filing.values import filed_field
from lowuse_gis.core.lint.faults import Place
from lowuse_gis.core.lint.keys import checked
from lowuse_gis.core.lint.package_keys import PACKAGE
from lowuse_gis.errors import RuleError
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tomlkit.items import Array, InlineTable

    from lowuse_gis.core.lint.faults import Fault
    from lowuse_gis.model import Rulebook

LARGEST = 5_000_000
ANY_DAY = "2000-01-01"


def read_profile(path: Path, rulebook: Rulebook) -> dict[str, Any]:
    """Read a profile that stands in a file of its own.

    Parameters
    ----------
    path
        The file.
    rulebook
        Has the profiles that it may extend, and the code lists.

    Returns
    -------
    dict

    Raises
    ------
    RuleError
        Where it cannot be read, or is no profile; the first fault is named.
    """
    content = _content(path)
    name = content.pop("extends", "")
    if name and str(name) not in rulebook.packages:
        raise RuleError(
            _("{file}: extends = {base}: no such profile").format(file=path.name, base=name),
            _("known profiles: {names}").format(names=", ".join(rulebook.packages)),
        )
    base = rulebook.packages[str(name)] if name else {}
    found: list[Fault] = []
    place = Place(path.name, "", found)
    own = checked(content, PACKAGE, place)
    profile: dict[str, Any] = dict(base)
    for key, value in own.items():
        both = isinstance(value, dict) and isinstance(profile.get(key), dict)
        profile[key] = {**profile[key], **value} if both else value
    if not found:
        look_through(profile, known_names(rulebook, ANY_DAY), place)
    if found:
        first = found[0]
        raise RuleError(
            f"{first.file}: {first.code} {first.message}".replace("  ", " "), first.hint
        )
    _typed(path, profile, rulebook)
    return profile


def _content(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise RuleError(
            _("{file}: cannot be read: {reason}").format(file=path, reason=error.strerror),
            _("check the permissions of the file"),
        ) from error
    if len(data) > LARGEST:
        raise RuleError(
            _("{file}: too large for a profile").format(file=path),
            _("lowuse verify --learn drafts a profile"),
        )
    try:
        return tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RuleError(
            _("{file}: not valid TOML: {reason}").format(file=path, reason=error),
            _("correct that line; text must be UTF-8 and in straight quotes"),
        ) from error


def _typed(path: Path, profile: Mapping[str, Any], rulebook: Rulebook) -> None:
    """Refuse types of fields and systems that are none."""
    for spec in (profile, *profile["layers"].values()):
        crs = spec.get("crs", "unknown")
        try:
            if crs != "unknown":
                CRS.from_user_input(crs)
        except CRSError as error:
            raise RuleError(
                _("{file}: {crs} is no coordinate system").format(file=path.name, crs=crs[:80]),
                _("write it as: {example}").format(example='crs = "EPSG:4527"'),
            ) from error
        for entry in spec.get("fields", ()):
            filed_field(entry, profile.get("maps", {}), rulebook)


def profile_text(profile: Mapping[str, Any], heading: str, drafted: str) -> str:
    """Write a profile that was drafted.

    Parameters
    ----------
    profile
        As its file has it.
    heading
        The comment above it.
    drafted
        The comment behind every code list.

    Returns
    -------
    str
        TOML.
    """
    document = tomlkit.document()
    document.add(tomlkit.comment(heading))
    for key, value in profile.items():
        if key not in {"maps", "layers", "tables", "papers", "file"}:
            document.add(key, tomlkit.item(value))
    for name, codes in profile.get("maps", {}).items():
        table = tomlkit.table()
        table.comment(drafted)
        table.update(codes)
        document.setdefault("maps", tomlkit.table(is_super_table=True)).add(name, table)
    for kind in ("layers", "tables"):
        for name, spec in profile.get(kind, {}).items():
            table = tomlkit.table()
            for key, value in spec.items():
                table.add(key, _lines(value) if key in {"fields", "columns"} else value)
            document.setdefault(kind, tomlkit.table(is_super_table=True)).add(name, table)
    for kind in ("papers", "file"):
        entries = tomlkit.aot()
        for entry in profile.get(kind, ()):
            table = tomlkit.table()
            table.update(entry)
            entries.append(table)
        if len(entries):
            document.add(kind, entries)
    return tomlkit.dumps(document)


def _lines(values: list[Any]) -> Array:
    """Write a list with one entry a line."""
    array = tomlkit.array()
    for value in values:
        array.append(_inline(value) if isinstance(value, dict) else value)
    return array.multiline(multiline=True)


def _inline(value: Mapping[str, Any]) -> InlineTable:
    table = tomlkit.inline_table()
    table.update(value)
    return table
