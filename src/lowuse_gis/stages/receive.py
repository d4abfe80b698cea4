"""Read what was handed over, however it comes, and never refuse a layer for its faults."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from lowuse_gis.errors import InputError
from lowuse_gis.io.fields import match_fields, standard_values
from lowuse_gis.io.opened import open_layer
from lowuse_gis.io.projection import declared_crs, to_working
from lowuse_gis.io.tables import read_table
from lowuse_gis.model import Delivered, Notice

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    """

    source: str
    crs: str = ""
    encoding: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)


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
    try:
        placed, crs = _placed(opened, receiving, rulebook, found)
    except InputError as error:
        return Received(None, (*noticed, Notice("2202", found.shown, found.layer, error.message)))
    delivered = _delivered(opened, placed, receiving, rulebook, (found, number))
    return Received(_with_crs(delivered, crs, noticed), noticed)


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


def _placed(
    opened: Opened, receiving: Receiving, rulebook: Rulebook, found: Found
) -> tuple[gpd.GeoDataFrame, str]:
    crs = declared_crs(opened.crs, receiving.crs, found.shown)
    frame = opened.frame.set_crs(crs, allow_override=True)
    return to_working(frame, rulebook, found.shown), str(crs)


def _delivered(
    opened: Opened,
    placed: gpd.GeoDataFrame,
    receiving: Receiving,
    rulebook: Rulebook,
    where: tuple[Found, int],
) -> Delivered:
    found, number = where
    attributes = pd.DataFrame(opened.frame.drop(columns=opened.frame.geometry.name))
    matched = match_fields(list(attributes), rulebook, receiving.source, receiving.mapping)
    columns = {name: column for column, name in matched.items()}
    index = pd.Index([f"{number}:{at}" for at in range(1, len(attributes) + 1)], name="row")
    raw = attributes.rename(columns=columns).set_index(index)
    values = standard_values(raw[list(matched)], rulebook, receiving.source)
    frame = gpd.GeoDataFrame(values, geometry=placed.geometry.to_numpy(), crs=placed.crs)
    fields = opened.fields.assign(column=opened.fields["field"].map(columns).fillna(""))
    return Delivered(
        source=receiving.source,
        file=found.shown,
        layer=found.layer,
        frame=frame,
        raw=raw,
        fields=fields,
        encoding=opened.encoding,
    )


def _with_crs(delivered: Delivered, crs: str, notices: tuple[Notice, ...]) -> Delivered:
    return Delivered(**{**vars(delivered), "crs": crs, "notices": notices})


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
