"""``lowuse partition``: cut a district into parts that can be judged one at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis import __version__
from lowuse_gis.commands import classify
from lowuse_gis.commands.progress import Progress
from lowuse_gis.commands.supplies import prepare, with_survey_known
from lowuse_gis.core.partitioning import Boxes, centres_of, extent, nearest, parts_of, placed_at
from lowuse_gis.errors import InputError
from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.partitions import (
    HOME,
    ORDER,
    PARCELS,
    PARTS,
    WHOLE,
    WORK,
    part_file,
    reading_hash,
    whole_file,
    write_frame,
    write_manifest,
)
from lowuse_gis.io.vector import file_hash
from lowuse_gis.language import _
from lowuse_gis.model import Manifest, Partition
from lowuse_gis.stages.compose import TOWN_DIGITS
from lowuse_gis.stages.read import GEOMETRY, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray

    from lowuse_gis.model import Rulebook, Survey

MOST = 100_000  # parcels and survey polygons in a part: a worker then needs about 2 GB
LINES = "lines"


@dataclass(frozen=True)
class Request(classify.Request):
    """What the user asked for: inputs as for classify; ``output`` is the folder to write.

    Attributes
    ----------
    most
        Parcels and survey polygons in a partition; larger towns are cut into tiles.
    """

    most: int = MOST


@dataclass(frozen=True)
class _Homes:
    """Where everything is at home: the part of each parcel, and of each feature of a layer."""

    parcels: NDArray[np.object_]
    layers: Mapping[str, NDArray[np.object_]]


def partition(request: Request, progress: Progress | None = None) -> Manifest:
    """Cut a district into partitions.

    Parameters
    ----------
    request
        What the user asked for.
    progress
        Told of every stage.

    Returns
    -------
    Manifest
        What was written.

    Raises
    ------
    LowuseError
        Where the request cannot be carried out; nothing is written then.
    """
    progress = progress or Progress()
    if request.most < 1:
        raise InputError(
            _("--most {count}: a partition holds one parcel at least").format(count=request.most),
            _("leave --most away, or give a number such as 50000"),
        )
    refuse_existing([request.output], overwrite=request.overwrite)
    run, supplies = prepare(request)
    supplies = with_survey_known(supplies, run, progress)
    shapes = [s for s in supplies if run.rulebook.sources[s.name].kind in GEOMETRY]
    with progress.stage(_("reading")):
        survey = read(shapes, request.reading, run)
    with progress.stage(_("cutting")):
        homes = _homes(survey, run.rulebook, request.most)
    with progress.stage(_("writing")), all_or_nothing([request.output]) as (folder,):
        folder.mkdir()
        manifest = Manifest(
            lowuse=__version__,
            rulebook=request.rules or run.rulebook.name,
            reading_sha256=reading_hash(run.rulebook),
            crs=run.rulebook.crs,
            with_names=request.reading.with_names,
            sources=survey.sources,
            order=tuple((s.name, s.path.name, s.layer) for s in supplies),
            whole=dict(_whole(folder, survey, run.rulebook)),
            partitions=tuple(_parts(folder, survey, homes, run.rulebook)),
        )
        write_manifest(folder, manifest)
        if (request.output / WORK).is_dir():  # what did not change need not be done again
            (request.output / WORK).rename(folder / WORK)
    return manifest


def _homes(survey: Survey, rulebook: Rulebook, most: int) -> _Homes:
    """Give parcels and survey polygons a part; other features go where the nearest of them is."""
    parcels, name = survey.parcels, rulebook.measures["survey"]["source"]
    ground = survey.layers.get(name)
    centres, towns = [centres_of(parcels.geometry.to_numpy())], [parcels["town_code"]]
    if ground is not None:
        centres.append(centres_of(ground.geometry.to_numpy()))
        village = ground.get("village_code", pd.Series(np.nan, ground.index, dtype="str"))
        towns.append(village.str.slice(0, TOWN_DIGITS))
    sites = np.concatenate(centres)
    town = pd.concat(towns).astype("str").fillna("").to_numpy(dtype=object)
    parts = parts_of(sites, town, most)
    layers = {}
    placed = placed_at(sites)
    for other, layer in survey.layers.items():
        if other == name:
            layers[other] = parts[len(parcels) :]
        elif rulebook.sources[other].kind != LINES and placed.any():
            at = nearest(centres_of(layer.geometry.to_numpy()), sites, placed)
            layers[other] = parts[at]
    return _Homes(parts[: len(parcels)], layers)


def _whole(folder: Path, survey: Survey, rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    """Write lines as they are: the nearest may be anywhere."""
    (folder / WHOLE).mkdir()
    for name, layer in survey.layers.items():
        if rulebook.sources[name].kind == LINES:
            write_frame(whole_file(folder, name), layer)
            yield name, file_hash(whole_file(folder, name))


def _parts(folder: Path, survey: Survey, homes: _Homes, rulebook: Rulebook) -> Iterator[Partition]:
    """Write the parts, one after the other."""
    frames = {PARCELS: survey.parcels, **{name: survey.layers[name] for name in homes.layers}}
    boxes = {name: Boxes(frame.geometry.to_numpy()) for name, frame in frames.items()}
    home = {PARCELS: homes.parcels, **homes.layers}
    ground = rulebook.measures["survey"]["source"]
    chained = [s["source"] for s in rulebook.measures["measure"] if s["kind"] == "buildings"]
    for part in sorted(set().union(*(set(names) for names in home.values()))):
        mine = {name: np.flatnonzero(labels == part) for name, labels in home.items()}
        near = _near(mine, boxes, ground, chained)
        files, rows = {}, 0
        (folder / PARTS / part).mkdir(parents=True)
        for name, frame in frames.items():
            at = near[name]
            write_frame(part_file(folder, part, name), _marked(frame, at, mine[name]))
            files[name], rows = file_hash(part_file(folder, part, name)), rows + len(at)
        yield Partition(
            name=part,
            parcels=len(mine[PARCELS]),
            rows=rows,
            bounds=extent(*(boxes[n].bounds[mine[n]] for n in (PARCELS, ground) if n in mine)),
            context=extent(
                *(boxes[n].bounds[mine[n]] for n in (PARCELS, ground) if n in mine),
                *(boxes[n].bounds[near[n]] for n in chained if n in near),
            ),
            files=files,
        )


def _near(
    mine: Mapping[str, NDArray[np.intp]],
    boxes: Mapping[str, Boxes],
    ground: str,
    chained: Sequence[str],
) -> dict[str, NDArray[np.intp]]:
    """Choose what has to be known in a part: what is at home there, and what touches that.

    Features of a layer whose overlaps with each other are listed bring in those they overlap, and
    the parcels under these.
    """
    bounds = [boxes[name].bounds[mine[name]] for name in (PARCELS, ground) if name in mine]
    at_home = np.concatenate(bounds)
    near = {name: np.union1d(mine[name], boxes[name].at(at_home)) for name in mine}
    seen = [at_home]
    for name in (n for n in chained if n in near):
        near[name] = np.union1d(near[name], boxes[name].at(boxes[name].bounds[near[name]]))
        seen.append(boxes[name].bounds[near[name]])
    near[PARCELS] = np.union1d(mine[PARCELS], boxes[PARCELS].at(np.concatenate(seen)))
    return near


def _marked(
    frame: gpd.GeoDataFrame, at: NDArray[np.intp], mine: NDArray[np.intp]
) -> gpd.GeoDataFrame:
    """Take rows, with their place in the whole and whether they are at home."""
    return frame.iloc[at].assign(**{ORDER: at, HOME: np.isin(at, mine)})
