"""Borders of a project of QGIS, brought into the working system beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.commands.supplies import all_supplies
from lowuse_gis.core.cartography.conventions import border_style
from lowuse_gis.errors import InputError
from lowuse_gis.io.geopackage import write_geopackage
from lowuse_gis.io.out_layer import Column, OutLayer
from lowuse_gis.io.project import find_project
from lowuse_gis.io.qgis_file import layer_of, relative
from lowuse_gis.io.vector import Request as LayerRequest
from lowuse_gis.io.vector import read_layer
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lowuse_gis.core.cartography.project import Layer
    from lowuse_gis.io.result import Result
    from lowuse_gis.io.supply import Supply
    from lowuse_gis.model import Rulebook


def borders_of(
    sources: Sequence[tuple[str, str]], project: Path | None, rulebook: Rulebook
) -> list[OutLayer]:
    """Read the borders that map.toml shows and somebody supplied.

    Parameters
    ----------
    sources, project
        What was named, and the project; None for none.
    rulebook
        Its ``map.toml`` names sources, columns and lines.

    Returns
    -------
    list of OutLayer
        From the top down; empty where nobody named one.

    Raises
    ------
    InputError
        Where a source is named that is no border.
    """
    entries = {entry["source"]: entry for entry in rulebook.maps.get("border", [])}
    for name, _file in sources:
        if name not in entries:
            raise InputError(
                _("{name}: no borders of map.toml").format(name=name),
                _("one of: {names}").format(names=", ".join(entries)),
            )
    found = find_project(project) if project else None
    supplies = all_supplies(sources, found)
    layers = []
    for name, entry in entries.items():
        mine = [supply for supply in supplies if supply.name == name]
        if not mine:
            continue
        frames = [read_layer(_asked(s, several=len(mine) > 1), rulebook).frame for s in mine]
        frame = pd.concat(frames, ignore_index=True)
        frame[entry["name"]] = frame.get(entry["name"], pd.Series("", index=frame.index))
        rule = rulebook.sources[name]
        title = pick(rule.title, rule.title_en)
        labels = rulebook.columns[["label", "label_en"]]
        columns = [
            Column(column, "text", pick(*labels.loc[column]) if column in labels.index else column)
            for column in rulebook.fields.get(name, {})
            if column in frame
        ]
        style = border_style(entry, title)
        layers.append(OutLayer(name, title, frame, columns, "MultiPolygon", styles=[style]))
    return layers


def _asked(supply: Supply, *, several: bool) -> LayerRequest:
    return LayerRequest(
        supply.path, supply.name, supply.layer, "polygon", supply.crs, supply.encoding,
        supply.mapping, several, supply.shift,
    )  # fmt: skip


def write_borders(
    part: Path, final: Path, borders: Sequence[OutLayer], result: Result, rulebook: Rulebook
) -> list[Layer]:
    """Write borders beside a project.

    Parameters
    ----------
    part, final
        Where the file is written, and what it will be called.
    borders
        Of `borders_of`.
    result, rulebook
        Say of when, and in which system.

    Returns
    -------
    list of Layer
        For the project; its paths name the final file.
    """
    write_geopackage(part, borders, rulebook.crs, date.fromisoformat(str(result.run["as_of"])))
    return [
        replace(
            layer_of(part, layer.name, final.parent, layer.styles[0]),
            id=f"lowuse_{layer.name}",
            source=f"{relative(final, final.parent)}|layername={layer.name}",
        )
        for layer in borders
    ]
