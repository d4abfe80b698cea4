"""Read what was handed over: the files that are named, else those of the project."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.commands.supplies import of_legacy
from lowuse_gis.errors import InputError
from lowuse_gis.io.declared import body_of, fit_for
from lowuse_gis.io.delivery import find
from lowuse_gis.io.offsets import offset_notice
from lowuse_gis.io.rulebook import source_rule
from lowuse_gis.language import _
from lowuse_gis.model import Notice, Survey
from lowuse_gis.stages.measure import identify
from lowuse_gis.stages.receive import Receiving, receive

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lowuse_gis.commands.check import Request
    from lowuse_gis.io.project import Project
    from lowuse_gis.model import Delivered, Found, Run

PARCELS, SURVEY = "parcels", "survey"


@dataclass(frozen=True)
class Item:
    """A layer to read, and what is known of it beforehand."""

    found: Found
    receiving: Receiving


def receive_delivery(
    request: Request, project: Project | None, run: Run, folder: Path
) -> tuple[list[Delivered], list[Notice]]:
    """Find and read all layers and tables.

    Parameters
    ----------
    request
        Names the files, and what is said of them.
    project
        Names them where the request does not.
    run
        The rules.
    folder
        An empty one, to unpack archives in.

    Returns
    -------
    layers : list of Delivered
    notices : list of Notice
        What could not be read, and what was noticed on the way.

    Raises
    ------
    InputError
        Where nothing is named, or a file is missing.
    """
    if request.source:
        source_rule(request.source, run.rulebook)
    items, notices = _named(request, folder)
    if project and not request.files:
        items, notices = of_project(project, run, folder)
    if not items and not notices:
        raise InputError(
            _("nothing to check is named"),
            _("lowuse check FILE… -o check, or --project FOLDER with a lowuse.toml"),
        )
    layers = []
    for number, item in enumerate(items, start=1):
        received = receive(item.found, item.receiving, run.rulebook, number)
        notices += received.notices
        if received.delivered is not None:
            layers.append(identified(received.delivered, run))
    return layers, [*notices, *_offset(layers, run)]


def _named(request: Request, folder: Path) -> tuple[list[Item], list[Notice]]:
    items: list[Item] = []
    notices: list[Notice] = []
    said = Receiving(request.source, request.crs, request.encoding, request.mapping, request.shift)
    for number, path in enumerate(request.files):
        into = folder / str(number)
        into.mkdir()
        contents = find(path, into)
        notices += contents.notices
        items += [Item(found, said) for found in contents.found]
    return items, notices


def of_project(project: Project, run: Run, folder: Path) -> tuple[list[Item], list[Notice]]:
    """Find the layers and tables that a project names, but for those of the legacy.

    Parameters
    ----------
    project, run
        What names them, and the rules.
    folder
        An empty one, to unpack archives in.

    Returns
    -------
    items : list of Item
        Their rows are numbered in this order, from 1.
    notices : list of Notice
    """
    items: list[Item] = []
    notices: list[Notice] = []
    for supply in project.supplies:
        source_rule(supply.name, run.rulebook)
        body_of(supply.body, supply.name, run.rulebook)
        fit_for(supply.declared, supply.name, run.rulebook)
    own = [supply for supply in project.supplies if not of_legacy(supply.name, run.rulebook)]
    for number, supply in enumerate(own):
        into = folder / str(number)
        into.mkdir()
        contents = find(supply.path, into)
        notices += contents.notices
        layer = supply.layer or source_rule(supply.name, run.rulebook).layer
        said = Receiving(
            supply.name, supply.crs, supply.encoding, supply.mapping, supply.shift, supply.declared
        )
        named = [found for found in contents.found if found.layer == layer]
        chosen = named or contents.found[:1]
        banded = [replace(f, layer=layer) if f.kind == "raster" else f for f in chosen]
        items += [Item(found, said) for found in banded]
    return items, notices


def identified(delivered: Delivered, run: Run) -> Delivered:
    """Read what the parcel codes say, such as the stratum, where there are parcels.

    Parameters
    ----------
    delivered, run
        A layer or table, and the rules.

    Returns
    -------
    Delivered
    """
    if delivered.source != PARCELS:
        return delivered
    frame = delivered.frame
    absent = [name for name in run.rulebook.fields[PARCELS] if name not in frame]
    nothing = pd.Series(None, frame.index, dtype="str")
    survey = identify(Survey(parcels=frame.assign(**dict.fromkeys(absent, nothing))), run)
    return replace(delivered, frame=survey.parcels.drop(columns=absent))


def _offset(layers: Sequence[Delivered], run: Run) -> list[Notice]:
    """Tell which layers are offset from the survey as web maps are."""
    trusted = [layer.frame.geometry.to_numpy() for layer in layers if layer.source == SURVEY]
    if not trusted:
        return []
    reference = np.concatenate(trusted)
    found = [
        offset_notice(d.frame.geometry.to_numpy(), reference, run.rulebook, d.file, d.layer)
        for d in layers
        if d.source != SURVEY
    ]
    return [notice for notice in found if notice is not None and notice.code]
