"""Read what was handed over, however it comes, and never refuse a layer for its faults."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from lowuse_gis.errors import InputError
from lowuse_gis.io.fields import match_fields, standard_values
from lowuse_gis.io.opened import open_layer
from lowuse_gis.io.place import Given, placed
from lowuse_gis.io.tables import read_table
from lowuse_gis.io.unplaced import UnplacedError
from lowuse_gis.model import Delivered, Notice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowuse_gis.core.shifts import Shift
    from lowuse_gis.io.opened import Opened
    from lowuse_gis.model import Found, Rulebook


@dataclass(frozen=True)
class Receiving:
    """What the user said of a layer.

    Attributes
    ----------
    source
        The rulebook's name of what it is.
    crs, encoding, mapping
        Declared where the file is silent or wrong.
    shift
        Parameters that bring its coordinates to CGCS2000.
    """

    source: str
    crs: str = ""
    encoding: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    shift: Shift | None = None


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
    if found.kind == "table":
        return _table(found, receiving, rulebook, number)
    try:
        opened = open_layer(found, receiving.encoding)
    except InputError as error:
        return Received(None, (Notice("1201", found.shown, found.layer, error.message),))
    noticed = opened.notices
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


def _table(found: Found, receiving: Receiving, rulebook: Rulebook, number: int) -> Received:
    """Read a table; a row is called by its sheet and line."""
    try:
        table = read_table(found.path, receiving.source, rulebook, receiving.mapping)
    except InputError as error:
        return Received(None, (Notice("3101", found.shown, found.layer, error.message),))
    index = pd.Index(f"{number}:" + table.frame["place"], name="row")
    values = table.frame.drop(columns="place").set_index(index)
    frame = gpd.GeoDataFrame(values, geometry=[None] * len(values), crs=rulebook.crs)
    kinds = [str(values[name].dtype) for name in values]
    fields = pd.DataFrame({"field": list(values), "dtype": kinds, "width": 0})
    delivered = Delivered(
        source=receiving.source,
        file=found.shown,
        layer=found.layer,
        frame=frame,
        raw=table.raw.drop(columns="place").set_index(index),
        fields=fields.assign(column=fields["field"]),
    )
    return Received(delivered, ())


def _delivered(
    opened: Opened, receiving: Receiving, rulebook: Rulebook, found: Found, number: int
) -> Delivered:
    """Put a layer into standard columns, still in the file's coordinates."""
    attributes = pd.DataFrame(opened.frame.drop(columns=opened.frame.geometry.name))
    matched = match_fields(list(attributes), rulebook, receiving.source, receiving.mapping)
    columns = {name: column for column, name in matched.items()}
    index = pd.Index([f"{number}:{at}" for at in range(1, len(attributes) + 1)], name="row")
    raw = attributes.rename(columns=columns).set_index(index)
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


def likely_source(found: Found, rulebook: Rulebook) -> str:
    """Guess what a layer is from its name and fields.

    Parameters
    ----------
    found
        The layer.
    rulebook
        Knows layers and fields of sources.

    Returns
    -------
    str
        The source most of whose fields are there; ``parcels`` where none fits.
    """
    if found.kind == "table":
        return likely_table(found, rulebook)
    try:
        opened = open_layer(found)
    except InputError:
        return "parcels"
    names = list(opened.frame)
    scores = {
        source: len(match_fields(names, rulebook, source, {}))
        for source in rulebook.sources
        if rulebook.sources[source].kind != "table"
    }
    named = [n for n, rule in rulebook.sources.items() if rule.layer and rule.layer == found.layer]
    return named[0] if named else max(scores, key=lambda name: scores[name], default="parcels")


def likely_table(found: Found, rulebook: Rulebook) -> str:
    """Guess what a table is: the source whose columns it has most of.

    Parameters
    ----------
    found, rulebook
        As for `likely_source`.

    Returns
    -------
    str
        Empty where no source fits.
    """
    best, most = "", 0
    for source, rule in rulebook.sources.items():
        if rule.kind != "table":
            continue
        try:
            table = read_table(found.path, source, rulebook)
        except InputError:
            continue
        matched = len(table.frame.columns)
        if matched > most:
            best, most = source, matched
    return best
