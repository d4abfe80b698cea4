"""``lowuse partition``: cut a district into parts that can be judged one at a time."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis import __version__
from lowuse_gis.commands import classify
from lowuse_gis.commands.partitioned.homes import Outline, compared_layers, cuts_of
from lowuse_gis.commands.progress import Progress
from lowuse_gis.commands.supplies import prepare, with_survey_known
from lowuse_gis.core.division_codes import town_of
from lowuse_gis.engines.memory import trim
from lowuse_gis.errors import InputError
from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.partitions import (
    PARCELS,
    PARTS,
    WHOLE,
    WORK,
    part_file,
    read_whole,
    reading_hash,
    whole_file,
    write_frame,
    write_manifest,
    write_part,
)
from lowuse_gis.io.vector import file_hash
from lowuse_gis.language import _
from lowuse_gis.model import Manifest, Partition
from lowuse_gis.stages.read import GEOMETRY, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray

    from lowuse_gis.commands.partitioned.homes import Cut
    from lowuse_gis.io.supply import Supply
    from lowuse_gis.model import Rulebook, Run, Source
    from lowuse_gis.stages.read import Reading

MOST = 200_000  # parcels and survey polygons in a part: a worker then needs about 2 GB
LINES, _READ = "lines", ".read"


@dataclass(frozen=True)
class Request(classify.Request):
    """What the user asked for: inputs as for classify; ``output`` is the folder to write.

    Attributes
    ----------
    most
        Parcels and survey polygons in a partition; larger towns are cut into tiles.
    """

    most: int = MOST


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
    with all_or_nothing([request.output]) as (folder,):
        (folder / _READ).mkdir(parents=True)
        with progress.stage(_("reading")):
            outlines, sources = _read_apart(folder, shapes, request.reading, run)
        with progress.stage(_("cutting")):
            cuts = list(cuts_of(outlines, run.rulebook, request.most))
            compared = tuple(compared_layers(run.rulebook, outlines))
            del outlines
        with progress.stage(_("writing")):
            manifest = Manifest(
                lowuse=__version__,
                rulebook=request.rules or run.rulebook.name,
                reading_sha256=reading_hash(run.rulebook),
                crs=run.rulebook.crs,
                with_names=request.reading.with_names,
                sources=sources,
                order=tuple((s.name, s.path.name, s.layer) for s in supplies),
                whole=_whole(folder),
                partitions=tuple(_parts(folder, cuts)),
                compared=compared,
            )
            shutil.rmtree(folder / _READ)  # with layers that lie nowhere
            write_manifest(folder, manifest)
            if (request.output / WORK).is_dir():  # what did not change need not be done again
                (request.output / WORK).rename(folder / WORK)
    return manifest


def _read_apart(
    folder: Path, shapes: Sequence[Supply], reading: Reading, run: Run
) -> tuple[dict[str, Outline], tuple[Source, ...]]:
    """Read layer by layer, put each into a file, and keep what decides where it is cut."""
    outlines: dict[str, Outline] = {}
    sources: dict[int, Source] = {}
    (folder / WHOLE).mkdir()
    for name in dict.fromkeys([PARCELS, *(supply.name for supply in shapes)]):
        mine = {at: supply for at, supply in enumerate(shapes) if supply.name == name}
        own = reading if name == PARCELS else replace(reading, town="")
        survey = read(list(mine.values()), own, run)
        layer = survey.parcels if name == PARCELS else survey.layers[name]
        sources |= dict(zip(mine, survey.sources, strict=True))
        if name != PARCELS and run.rulebook.sources[name].kind == LINES:
            write_frame(whole_file(folder, name), layer)
            continue
        outlines[name] = Outline(layer.bounds.to_numpy(), _towns(name, layer, run.rulebook))
        write_frame(_read_file(folder, name), layer)
        del survey, layer
        trim()
    return outlines, tuple(sources[at] for at in sorted(sources))


def _read_file(folder: Path, name: str) -> Path:
    return folder / _READ / f"{name}.parquet"


def _towns(name: str, layer: gpd.GeoDataFrame, rulebook: Rulebook) -> NDArray[np.object_] | None:
    """Name the town of parcels and survey polygons, each text once in memory."""
    if name == PARCELS:
        towns = layer["town_code"]
    elif name == rulebook.measures["survey"]["source"]:
        blank = pd.Series(np.nan, layer.index, dtype="str")
        towns = town_of(layer.get("village_code", blank))
    else:
        return None
    codes, texts = pd.factorize(towns.astype("str").fillna(""))
    found: NDArray[np.object_] = np.array(texts, dtype=object)[codes]
    return found


def _whole(folder: Path) -> dict[str, str]:
    """Hash the lines, which stay as they are: the nearest may be anywhere."""
    return {file.stem: file_hash(file) for file in sorted((folder / WHOLE).iterdir())}


def _parts(folder: Path, cuts: Sequence[Cut]) -> Iterator[Partition]:
    """Write the parts, layer by layer."""
    files: dict[str, dict[str, str]] = {cut.name: {} for cut in cuts}
    for cut in cuts:
        (folder / PARTS / cut.name).mkdir(parents=True)
    for layer in cuts[0].rows if cuts else ():
        whole = read_whole(_read_file(folder, layer))
        _read_file(folder, layer).unlink()
        for cut in cuts:
            file = part_file(folder, cut.name, layer)
            write_part(file, whole, cut.rows[layer], cut.home[layer])
            files[cut.name][layer] = file_hash(file)
        del whole
        trim()
    for cut in cuts:
        yield Partition(
            name=cut.name,
            parcels=int(cut.home[PARCELS].sum()),
            rows=sum(len(rows) for rows in cut.rows.values()),
            bounds=cut.bounds,
            context=cut.context,
            files=files[cut.name],
        )
