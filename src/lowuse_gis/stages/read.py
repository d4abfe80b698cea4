"""Read everything a run needs into one survey."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from lowuse_gis.core.asked import ANSWERS
from lowuse_gis.core.names import masked_names
from lowuse_gis.engines.beside import give, is_kept, takes
from lowuse_gis.errors import InputError
from lowuse_gis.io.answer_tables import is_answer_file, read_answer_table
from lowuse_gis.io.declared import body_of, fit_for
from lowuse_gis.io.fields import column_label
from lowuse_gis.io.gdal import quiet
from lowuse_gis.io.rulebook import source_rule
from lowuse_gis.io.table_delivery import delivered_table
from lowuse_gis.io.tables import read_table
from lowuse_gis.io.vector import Request, file_hash, read_layer
from lowuse_gis.language import _, pick
from lowuse_gis.measures.measured import check_rows
from lowuse_gis.model import Source, Survey

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from concurrent.futures import Future

    from lowuse_gis.engines.beside import Task
    from lowuse_gis.io.supply import Supply
    from lowuse_gis.model import Delivered, Grid, Rulebook, Run

    _Layer = tuple[gpd.GeoDataFrame, Source]
    _Table = tuple[pd.DataFrame, Source, pd.DataFrame, Delivered]

GEOMETRY = {"layer": "polygon", "lines": "line"}  # by the kind of a source
RASTER = "raster"


@dataclass(frozen=True)
class Reading:
    """How to read.

    Attributes
    ----------
    crs, encoding, mapping
        Said of the parcel files where they are silent or wrong.
    town
        Code or name of the one town to do; empty for all.
    with_names
        Whether names of natural persons stay readable.
    """

    crs: str = ""
    encoding: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    town: str = ""
    with_names: bool = False


def read(supplies: Sequence[Supply], reading: Reading, run: Run) -> Survey:
    """Read all supplied files.

    Parameters
    ----------
    supplies
        What was supplied; several files of one source become one layer or table.
    reading
        What the user said of the parcel files.
    run
        Rules and as-of date.

    Returns
    -------
    Survey
        Parcels indexed by ``file:feature``, layers, tables, and check rows of unreadable values.

    Raises
    ------
    InputError
        Where a file cannot be used, or no parcel is left.
    """
    survey = Survey(parcels=_no_parcels(run.rulebook))
    parts: dict[str, list[pd.DataFrame]] = {}
    rasters: dict[str, tuple[Grid, ...]] = {}
    sources, checks, received = [], [], []
    for supply in supplies:
        source_rule(supply.name, run.rulebook)
        body_of(supply.body, supply.name, run.rulebook)
        fit_for(supply.declared, supply.name, run.rulebook)
    with _at_once(supplies, reading, run) as (layers, read_tables):
        for number, supply in enumerate(supplies, start=1):
            kind = source_rule(supply.name, run.rulebook).kind
            if kind == RASTER:
                grid, source = _open_raster(supply, run.rulebook)
                rasters[supply.name] = (*rasters.get(supply.name, ()), grid)
                sources.append(source)
                continue
            if kind in GEOMETRY:
                frame, source = layers[number].result()
            elif kind == ANSWERS:
                if not is_answer_file(supply.path):
                    continue
                frame, source = _read_answers(supply, run.rulebook)
            else:
                frame, source, check, delivered = read_tables[number].result()
                checks.append(check)
                received.append(delivered)
            if supply.name == "parcels":
                frame.index = pd.Index(
                    [f"{number}:{at}" for at in range(1, len(frame) + 1)], name="row"
                )
            parts.setdefault(supply.name, []).append(frame)
            sources.append(source)
    parcels = _parcels(parts.pop("parcels", []), reading, run.rulebook)
    joined = {name: _joined(frames) for name, frames in parts.items()}
    return replace(
        survey,
        parcels=parcels,
        layers={n: f for n, f in joined.items() if isinstance(f, gpd.GeoDataFrame)},
        tables={n: f for n, f in joined.items() if not isinstance(f, gpd.GeoDataFrame)},
        rasters=rasters,
        sources=tuple(sources),
        checks=tuple(check for check in checks if len(check)),
        received=tuple(received),
    )


def _joined(frames: list[pd.DataFrame]) -> pd.DataFrame:
    return frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)


def _source(supply: Supply, rulebook: Rulebook, layer: str, sha256: str, rows: int) -> Source:
    rule = rulebook.sources[supply.name]
    return Source(
        name=supply.name,
        title=pick(rule.title, rule.title_en),
        file=supply.path.name,
        layer=layer,
        body=body_of(supply.body, supply.name, rulebook),
        absence=supply.absence or rule.absence,
        towns=supply.towns,
        towns_missing=supply.towns_missing,
        as_of=supply.as_of,
        sha256=sha256,
        rows=rows,
    )


@contextmanager
def _at_once(
    supplies: Sequence[Supply], reading: Reading, run: Run
) -> Iterator[tuple[Mapping[int, Future[_Layer]], Mapping[int, Future[_Table] | Task[_Table]]]]:
    """Read layers and tables; what cannot be used is told in its turn.

    Making shapes holds Python's lock, so that one thread does while another process reads tables.
    """
    files = Counter(supply.name for supply in supplies)
    threads = 1 if is_kept() else run.threads
    with quiet(), ThreadPoolExecutor(threads) as pool, ThreadPoolExecutor(1) as desk:
        layers, tables = {}, {}
        for number, supply in enumerate(supplies, start=1):
            kind = source_rule(supply.name, run.rulebook).kind
            if kind in GEOMETRY:
                layers[number] = pool.submit(_read_layer, supply, reading, run.rulebook, files)
            elif kind not in {RASTER, ANSWERS}:
                begin = give if takes(supply.path) else desk.submit
                tables[number] = begin(_read_table, supply, run.rulebook, number)
        _look_ahead(supplies)
        try:
            yield layers, tables
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            desk.shutdown(wait=False, cancel_futures=True)


def _look_ahead(supplies: Sequence[Supply]) -> None:
    """Hash what several layers stand in once, before the first of them asks for it."""
    for path, layers in Counter(supply.path for supply in supplies).items():
        if layers > 1 and path.is_file():
            with suppress(OSError):  # told in its turn
                file_hash(path)


def _read_layer(
    supply: Supply, reading: Reading, rulebook: Rulebook, files: Mapping[str, int]
) -> tuple[gpd.GeoDataFrame, Source]:
    own = supply.name == "parcels"
    request = Request(
        path=supply.path,
        source=supply.name,
        layer=supply.layer or rulebook.sources[supply.name].layer,
        geometry=GEOMETRY[rulebook.sources[supply.name].kind],
        crs=(own and reading.crs) or supply.crs,
        encoding=(own and reading.encoding) or supply.encoding,
        mapping={**supply.mapping, **(reading.mapping if own else {})},
        among=files[supply.name] > 1,
        shift=supply.shift,
        option=own,
    )
    layer = read_layer(request, rulebook)
    return layer.frame, _source(supply, rulebook, layer.name, layer.sha256, len(layer.frame))


def open_rasters(supplies: Sequence[Supply], rulebook: Rulebook) -> dict[str, tuple[Grid, ...]]:
    """Open rasters that were read before.

    Parameters
    ----------
    supplies, rulebook
        The rasters, and what the rulebook says of their sources.

    Returns
    -------
    dict
        Source to rasters, as a survey has them.
    """
    opened: dict[str, tuple[Grid, ...]] = {}
    for supply in supplies:
        opened[supply.name] = (*opened.get(supply.name, ()), _grid(supply, rulebook)[0])
    return opened


def _open_raster(supply: Supply, rulebook: Rulebook) -> tuple[Grid, Source]:
    """Open a raster; its values are read when they are measured."""
    grid, name = _grid(supply, rulebook)
    return grid, _source(supply, rulebook, name, file_hash(supply.path), 0)


def _grid(supply: Supply, rulebook: Rulebook) -> tuple[Grid, str]:
    from lowuse_gis.io.raster import open_raster  # noqa: PLC0415  loads another GDAL

    if supply.shift is not None:
        raise InputError(
            _("{file}: the cells of a raster cannot be shifted").format(file=supply.path.name),
            _("have the raster brought to CGCS2000 (EPSG:4490 or a plane system of it)"),
        )
    layer = supply.layer or rulebook.sources[supply.name].layer
    raster = open_raster(supply.path, layer, supply.crs, rulebook)
    return raster, raster.name


def _read_table(
    supply: Supply, rulebook: Rulebook, number: int
) -> tuple[pd.DataFrame, Source, pd.DataFrame, Delivered]:
    table = read_table(supply.path, supply.name, rulebook, supply.mapping, supply.declared)
    bad = table.unreadable
    labels = {c: column_label(rulebook, c, supply.name) for c in bad["column"].unique()}
    label = bad["column"].map(labels).astype("str")
    note = supply.path.name + " " + bad["cell"] + " " + label + ": " + bad["value"]
    rows = pd.Series("", index=bad.index)
    check = check_rows("6102", rows, note=note, file=supply.path.name, cell=bad["cell"])
    source = _source(supply, rulebook, "", table.sha256, len(table.frame))
    delivered = delivered_table(table, supply.name, supply.path.name, "", number, rulebook)
    return table.frame, source, check, delivered


def _read_answers(supply: Supply, rulebook: Rulebook) -> tuple[pd.DataFrame, Source]:
    table = read_answer_table(supply.path, rulebook, supply.mapping, supply.declared)
    return table.lines, _source(supply, rulebook, "", table.sha256, table.rows)


def _no_parcels(rulebook: Rulebook) -> gpd.GeoDataFrame:
    index = pd.Index([], dtype="str", name="row")
    return gpd.GeoDataFrame({"geometry": []}, index=index, geometry="geometry", crs=rulebook.crs)


def _parcels(frames: list[pd.DataFrame], reading: Reading, rulebook: Rulebook) -> gpd.GeoDataFrame:
    """Put the parcel files one under the other, with every standard column present."""
    whole = pd.concat(frames) if frames else _no_parcels(rulebook)
    parcels = gpd.GeoDataFrame(whole, geometry="geometry", crs=rulebook.crs)
    for column in rulebook.fields["parcels"]:
        if column not in parcels:
            number = rulebook.columns["dtype"].get(column) == "number"
            parcels[column] = pd.Series(np.nan, parcels.index, float if number else "str")
    parcels["origin"] = "registered"
    if not reading.with_names:
        parcels["owner"] = masked_names(
            parcels["owner"], parcels["owner_kind"], rulebook.natural_persons
        )
    if reading.town:
        parcels = _of_town(parcels, reading.town)
    return parcels


def _of_town(parcels: gpd.GeoDataFrame, town: str) -> gpd.GeoDataFrame:
    chosen = parcels[(parcels["town_code"] == town) | (parcels["town_name"] == town)]
    if len(chosen):
        return chosen
    pairs = (
        parcels[["town_code", "town_name"]].drop_duplicates().fillna("").sort_values("town_code")
    )
    names = ", ".join((pairs["town_code"] + " " + pairs["town_name"]).tolist())
    raise InputError(
        _("no parcel of town {town}").format(town=town),
        _("towns in the files: {names}").format(names=names),
    )
