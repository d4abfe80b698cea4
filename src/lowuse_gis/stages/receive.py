"""Read what was handed over, however it comes, and never refuse a layer for its faults."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from lowuse_gis.errors import InputError
from lowuse_gis.io.declared import DeclarationError, Declared
from lowuse_gis.io.fields import match_fields, renamed, standard_values
from lowuse_gis.io.guess import guess_table
from lowuse_gis.io.not_a_base import no_base
from lowuse_gis.io.opened import open_layer
from lowuse_gis.io.place import Given, placed
from lowuse_gis.io.table_delivery import delivered_table
from lowuse_gis.io.tables import read_table, sheets_of
from lowuse_gis.io.understood import guess_layer
from lowuse_gis.io.understood_raster import RASTER, usable
from lowuse_gis.io.unplaced import UnplacedError
from lowuse_gis.language import _
from lowuse_gis.model import Delivered, Notice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowuse_gis.core.shifts import Shift
    from lowuse_gis.io.opened import Opened
    from lowuse_gis.model import Found, Rulebook

UNKNOWN = "parcels"  # what a layer is taken for when nothing speaks for anything
WANTED = {"layer": "polygon", "lines": "line", "table": "", "answers": ""}  # geometry by kind


@dataclass(frozen=True)
class Receiving:
    """What the user said of a layer.

    Attributes
    ----------
    source
        The rulebook's name of what it is; found out where empty.
    crs, encoding, mapping
        Declared where the file is silent or wrong.
    shift
        Parameters that bring its coordinates to CGCS2000.
    declared
        What stands where in a table.
    """

    source: str
    crs: str = ""
    encoding: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    shift: Shift | None = None
    declared: Declared = field(default_factory=Declared)


@dataclass(frozen=True)
class Received:
    """A layer, or why it could not be read.

    Attributes
    ----------
    delivered
        None where it cannot be read or placed at all.
    notices
        What was noticed.
    """

    delivered: Delivered | None
    notices: tuple[Notice, ...]


def receive(found: Found, receiving: Receiving, rulebook: Rulebook, number: int) -> Received:
    """Read one layer.

    Parameters
    ----------
    found, receiving
        Which, and what was said of it.
    rulebook
        Knows field names and the working CRS.
    number
        Number of the file in this run, the first part of every ``row``.

    Returns
    -------
    Received
        Every record of the file.
    """
    rule = rulebook.sources.get(receiving.source)
    if RASTER in {found.kind, rule.kind if rule else ""}:
        return _raster(found, receiving, rulebook)
    if found.kind == "table":
        return _table(found, receiving, rulebook, number)
    return _layer(found, receiving, rulebook, number)


def _layer(found: Found, receiving: Receiving, rulebook: Rulebook, number: int) -> Received:
    """Read a layer in its place."""
    try:
        opened, receiving = _opened(found, receiving, rulebook)
    except InputError as error:
        code = getattr(error, "code", "1201")
        return Received(None, (Notice(code, found.shown, found.layer, error.message),))
    if not receiving.source:
        return Received(None, (_strange(found),))
    names = (found.path.stem, found.layer)
    instead = no_base(receiving.source, names, list(opened.fields["field"]), rulebook.checks)
    wrong = (Notice("2101", found.shown, found.layer, instead),) if instead else ()
    noticed = (*opened.notices, *wrong)
    if not len(opened.frame):
        empty = Notice("1206", found.shown, found.layer)
        already = any(notice.code == empty.code for notice in noticed)
        return Received(None, noticed if already else (*noticed, empty))
    bare = _delivered(opened, receiving, rulebook, found, number)
    given = Given(receiving.crs, receiving.shift)
    try:
        there = placed(bare.frame, opened.crs, given, rulebook, found.shown, found.layer)
    except UnplacedError as error:
        why = f"{error.message}; {error.hint}"
        return Received(None, (*noticed, Notice(error.code, found.shown, found.layer, why)))
    noticed = (*noticed, *there.notices)
    return Received(
        replace(bare, frame=there.frame, crs=there.crs, remarks=there.rows, notices=noticed),
        noticed,
    )


def _opened(found: Found, receiving: Receiving, rulebook: Rulebook) -> tuple[Opened, Receiving]:
    """Open a layer, and find out what it is where nobody said.

    A table beside the layers of a database is nothing where nothing speaks for anything.
    """
    rule = rulebook.sources.get(receiving.source)
    opened = open_layer(found, receiving.encoding, WANTED[rule.kind] if rule else WANTED["layer"])
    if receiving.source:
        return opened, receiving
    seen = guess_layer(opened, found, rulebook, receiving.mapping)
    if not seen.source:
        plain = open_layer(found, receiving.encoding, "")
        seen = guess_layer(plain, found, rulebook, receiving.mapping)
        opened = plain if seen.source else opened
    shapeless = len(opened.frame) > 0 and bool(opened.frame.geometry.isna().all())
    bare = shapeless and not opened.lost
    return opened, replace(receiving, source=seen.source or ("" if bare else UNKNOWN))


def _raster(found: Found, receiving: Receiving, rulebook: Rulebook) -> Received:
    """Say whether a raster can be opened; there is nothing more to check."""
    rule = rulebook.sources.get(receiving.source)
    where = (found.shown, found.layer)
    if found.kind != RASTER:
        notices: tuple[Notice, ...] = (
            Notice("1201", *where, _("no GeoTIFF, where a raster is needed")),
        )
    elif rule is None:
        note = _("a raster: lowuse classify measures it, nothing in it is checked")
        notices = (Notice("1102", *where, note),)
    elif rule.kind != RASTER:
        notices = (Notice("1201", *where, _("a raster, where a layer or table is needed")),)
    else:
        _crs, notices = usable(found, receiving.crs, rulebook)
    return Received(None, notices)


def _strange(found: Found) -> Notice:
    return Notice("1102", found.shown, found.layer, _("a table of no known source"))


def _table(found: Found, receiving: Receiving, rulebook: Rulebook, number: int) -> Received:
    """Read a table; a row is called by its sheet and line."""
    source = receiving.source
    try:
        if not source:
            names = (found.path.stem, found.layer)
            sheets = list(sheets_of(found.path))
            source = guess_table(sheets, names, rulebook, receiving.mapping).source
        if not source:
            return Received(None, (_strange(found),))
        table = read_table(found.path, source, rulebook, receiving.mapping, receiving.declared)
    except DeclarationError:
        raise
    except InputError as error:
        return Received(None, (Notice("3101", found.shown, found.layer, error.message),))
    return Received(delivered_table(table, source, found.shown, found.layer, number, rulebook), ())


def _delivered(
    opened: Opened, receiving: Receiving, rulebook: Rulebook, found: Found, number: int
) -> Delivered:
    """Put a layer into standard columns, still in the file's coordinates."""
    attributes = pd.DataFrame(opened.frame.drop(columns=opened.frame.geometry.name))
    matched = match_fields(
        list(attributes), rulebook, receiving.source, receiving.mapping, strict=False
    )
    columns = {name: column for column, name in matched.items()}
    index = pd.Index([f"{number}:{at}" for at in range(1, len(attributes) + 1)], name="row")
    raw = renamed(attributes, matched).set_index(index)
    values = standard_values(raw[list(matched)], rulebook, receiving.source)
    fields = opened.fields.assign(column=opened.fields["field"].map(columns).fillna(""))
    return Delivered(
        source=receiving.source,
        file=found.shown,
        layer=found.layer,
        frame=gpd.GeoDataFrame(values, geometry=opened.frame.geometry.to_numpy()),
        raw=raw,
        fields=fields,
        encoding=opened.encoding,
    )
