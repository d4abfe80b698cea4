"""Read the transformation parameters a user gives: options, a table of the project, a file."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from lowuse_gis.core.shifts import CONVENTIONS, GCJ02, HELMERT, PIPELINE, SIMILARITY, Shift
from lowuse_gis.errors import InputError
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping

COUNTS = {HELMERT: 7, SIMILARITY: 4}
KEYS = (PIPELINE, HELMERT, SIMILARITY, GCJ02)
ALLOWED = {*KEYS, "convention", "to"}
SCALES = 0.9, 1.1  # a factor; anything else was meant as ppm
LONGEST = 1000.0  # m: no datum of the earth is further from another
LARGEST = 60.0  # arc-seconds
MOST_PPM = 100.0


def shift_from_table(table: object, where: str) -> Shift:
    """Read a table such as ``transform = { similarity = [dx, dy, r, k], to = "EPSG:4548" }``.

    Parameters
    ----------
    table
        One of ``pipeline`` (text), ``helmert`` (7 numbers, with ``convention``), ``similarity``
        (4 numbers) or ``gcj02 = true``; or the path of a TOML file that holds such a table.
    where
        The file it stands in, for messages; a path in it is relative to that file's folder.

    Returns
    -------
    Shift

    Raises
    ------
    InputError
        Where it is none of these, or the numbers cannot be meant.
    """
    if isinstance(table, str):
        return read_shift(Path(where).parent / table)
    if not isinstance(table, dict):
        raise _wrong(where, _("transform is neither a table nor the name of a file"))
    unknown = sorted(set(table) - ALLOWED)
    named = [key for key in KEYS if key in table and table[key] is not False]
    if unknown:
        raise _wrong(where, _("unknown key {names}").format(names=", ".join(unknown)))
    if len(named) != 1:
        raise _wrong(where, _("give one of {names}").format(names=", ".join(KEYS)))
    kind, to = named[0], str(table.get("to", ""))
    _known_target(to, where)
    if kind == GCJ02:
        return Shift(GCJ02)
    if kind == PIPELINE:
        return Shift(PIPELINE, text=_pipeline(str(table[PIPELINE]), where), to=to)
    values = _numbers(table[kind], kind, where)
    if kind == SIMILARITY:
        _plausible_scale(values[3], where)
        return Shift(SIMILARITY, values, to=to)
    return Shift(HELMERT, values, _convention(table, values, where))


def read_shift(path: Path) -> Shift:
    """Read a small TOML file of parameters.

    Parameters
    ----------
    path
        Holds the keys of `shift_from_table` at its top, or under ``[transform]``.

    Returns
    -------
    Shift

    Raises
    ------
    InputError
        Where it is missing or wrong.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(
            _("{path}: no such file").format(path=path), _("check the path")
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(str(path), _("not valid TOML: {reason}").format(reason=error)) from error
    table = content.get("transform", content)
    if not isinstance(table, dict):
        raise _wrong(str(path), _("transform is not a table"))
    return shift_from_table(table, str(path))


def shift_from_options(
    pipeline: str = "",
    helmert: str = "",
    similarity: str = "",
    transform: Path | None = None,
    *,
    gcj02: bool = False,
) -> Shift | None:
    """Read what was typed after ``--pipeline``, ``--helmert``, ``--similarity`` and the like.

    Parameters
    ----------
    pipeline
        A PROJ pipeline.
    helmert
        ``position_vector:dx,dy,dz,rx,ry,rz,s`` or ``coordinate_frame:…``.
    similarity
        ``dx,dy,rotation,scale``, optionally ``@EPSG:4548`` behind it.
    transform
        A file of parameters.
    gcj02
        Whether to undo GCJ-02.

    Returns
    -------
    Shift, or None
        None where nothing was given.

    Raises
    ------
    InputError
        Where several were given, or one cannot be read.
    """
    given: list[tuple[str, Mapping[str, Any]]] = []
    if pipeline:
        given.append(("--pipeline", {PIPELINE: pipeline}))
    if helmert:
        convention, _sign, numbers = helmert.rpartition(":")
        table = {HELMERT: numbers.split(","), "convention": convention.strip().replace("-", "_")}
        given.append(("--helmert", table))
    if similarity:
        numbers, _sign, target = similarity.partition("@")
        given.append(("--similarity", {SIMILARITY: numbers.split(","), "to": target.strip()}))
    if gcj02:
        given.append(("--gcj02", {GCJ02: True}))
    if len(given) + (transform is not None) > 1:
        raise InputError(
            _("more than one transformation is given"),
            _("keep one of --pipeline, --helmert, --similarity, --gcj02, --transform"),
        )
    if transform is not None:
        return read_shift(transform)
    return shift_from_table(given[0][1], given[0][0]) if given else None


def _wrong(where: str, what: str) -> InputError:
    return InputError(
        _("{where}: transformation parameters: {what}").format(where=where, what=what),
        _('such as transform = { similarity = [dx, dy, seconds, factor], to = "EPSG:4548" }'),
    )


def _numbers(values: object, kind: str, where: str) -> tuple[float, ...]:
    wanted = COUNTS[kind]
    try:
        found = tuple(float(value) for value in values)  # type: ignore[attr-defined]
    except (TypeError, ValueError) as error:
        raise _wrong(where, _("{kind} is not a row of numbers").format(kind=kind)) from error
    if len(found) != wanted or not all(abs(value) < float("inf") for value in found):
        raise _wrong(
            where,
            _("{kind} needs {wanted} numbers, there are {count}").format(
                kind=kind, wanted=wanted, count=len(found)
            ),
        )
    return found


def _plausible_scale(scale: float, where: str) -> None:
    if not SCALES[0] <= scale <= SCALES[1]:
        raise _wrong(
            where,
            _("the scale is a factor near 1, such as 1.0000123, not {scale:g}").format(scale=scale),
        )


def _convention(table: Mapping[str, Any], values: tuple[float, ...], where: str) -> str:
    convention = str(table.get("convention", ""))
    if convention not in CONVENTIONS:
        raise InputError(
            _("{where}: whose sign do the rotations have?").format(where=where),
            _("name it: {names}; ask who computed the parameters").format(
                names=_(" or ").join(CONVENTIONS)
            ),
        )
    if max(map(abs, values[:3])) > LONGEST or max(map(abs, values[3:6])) > LARGEST:
        raise _wrong(where, _("shifts are in metres and rotations in arc-seconds"))
    if abs(values[6]) > MOST_PPM:
        raise _wrong(where, _("the scale of seven parameters is in ppm"))
    return convention


def _pipeline(text: str, where: str) -> str:
    try:
        Transformer.from_pipeline(text)
    except (ProjError, CRSError) as error:
        raise InputError(
            _("{where}: PROJ does not accept the pipeline: {reason}").format(
                where=where, reason=str(error).splitlines()[0]
            ),
            _('write it as "+proj=pipeline +step +proj=… +step +proj=…"'),
        ) from error
    return text


def _known_target(to: str, where: str) -> None:
    try:
        CRS.from_user_input(to or "EPSG:4490")
    except CRSError as error:
        raise _wrong(where, _("unknown coordinate system {crs}").format(crs=to)) from error
