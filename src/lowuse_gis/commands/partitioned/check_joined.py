"""What partitions and files found, as if all had been checked in one piece."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from lowuse_gis.commands.partitioned.check_layers import NO_FIELDS, unflat
from lowuse_gis.commands.partitioned.check_part import KEYED, TABLES
from lowuse_gis.commands.partitioned.check_whole import sums_and_gaps
from lowuse_gis.core.inspection.findings import SKIPPED, completed, noted, remarked
from lowuse_gis.core.inspection.findings import together as joined
from lowuse_gis.core.inspection.judged import rules_over
from lowuse_gis.core.inspection.together import together
from lowuse_gis.io.partitions import read_frame
from lowuse_gis.language import _
from lowuse_gis.measures.inspected import ABOUT, about, look
from lowuse_gis.model import Delivered, Notice
from lowuse_gis.stages.inspect import Inspection, lacking, own_tables, source_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from lowuse_gis.commands.partitioned.check_whole import Layers
    from lowuse_gis.model import Run


@dataclass(frozen=True)
class Found:
    """What was found, before it is put together.

    Attributes
    ----------
    notices, tables, seen
        As of `lowuse_gis.commands.partitioned.check_run.Given`.
    keys
        Of layers that were cut.
    parts
        Outcomes of partitions, in order.
    """

    notices: Mapping[int, Sequence[Notice]]
    tables: Mapping[int, Delivered]
    seen: Mapping[int, tuple[str, Path]]
    keys: Mapping[str, Delivered]
    parts: Sequence[Path]


def inspection_of(found: Found, layers: Layers) -> tuple[Inspection, list[Delivered]]:
    """Put findings together in the order of files, layers and checks.

    Parameters
    ----------
    found, layers
        What was found, and the layers that were cut.

    Returns
    -------
    inspection : Inspection
    layers : list of Delivered
        What was delivered; of layers that were cut, only how many features they have.
    """
    run = layers.run
    delivered = dict(sorted({**found.tables, **_cut(found, layers)}.items()))
    numbers = [*delivered]
    remarks = [_remarks(found, number) for number in numbers]
    joins = _Joined([noted(_noticed(found)), *remarks], [], [], run)
    joins.skipped.extend(_not_at_hand(layers))
    tables, areas = list(found.tables.values()), _areas(found.parts)
    for number in numbers:
        if number in found.tables:
            joins.look(found.tables[number], own_tables(found.tables[number], tables, run, areas))
        elif number in found.seen:
            joins.take(found.seen[number][1])
    by_source = {**together(tables), **found.keys}
    parts = _Parts(found.parts)
    for source in dict.fromkeys(one.source for one in delivered.values()):
        if source not in layers.files:
            joins.look(by_source[source], source_tables(by_source[source], by_source, run))
            continue
        looked, more = sums_and_gaps(source, found.keys, layers, found.parts)
        joins.known.append(more)
        mine = {one.name: one for one in looked}
        for name in TABLES:
            one = mine.get(name)
            joins.found.append(one.found if one else parts.found(source, name))
            joins.skipped.append(one.skipped if one else parts.skipped(source, name))
    findings = joined(joins.found)
    joins.known.append(about(tables, findings, run))
    joins.known.extend(read_frame(out / "about.parquet") for out in found.parts)
    known = _named(joins.known, layers)
    whole = Inspection(completed(findings, known, run.rulebook), lacking(joins.skipped))
    return whole, list(delivered.values())


@dataclass(frozen=True)
class _Joined:
    """Findings, skipped checks and what is known of features, as they come in."""

    found: list[pd.DataFrame]
    skipped: list[pd.DataFrame]
    known: list[pd.DataFrame]
    run: Run

    def look(self, delivered: Delivered, tables: Mapping[str, Callable[[], pd.DataFrame]]) -> None:
        """Look at what is held in one piece."""
        for looked in look(delivered, tables, self.run):
            self.found.append(looked.found)
            self.skipped.append(looked.skipped)

    def take(self, out: Path) -> None:
        """Take what was found in a file."""
        if (out / "file.parquet").is_file():
            self.found.append(unflat(read_frame(out / "found.parquet")))
            self.skipped.append(read_frame(out / "skipped.parquet"))
            self.known.append(read_frame(out / "about.parquet"))


class _Parts:
    """What partitions found, by layer and table, in the order of the whole layer."""

    def __init__(self, parts: Sequence[Path]) -> None:
        found = [unflat(read_frame(out / "found.parquet")) for out in parts]
        whole = pd.concat([part for part in found if len(part)] or found[:1])
        whole = whole.sort_values([*KEYED], kind="stable", ignore_index=True)
        self._found = dict(list(whole.groupby(["source", "table"])))
        skipped = [read_frame(out / "skipped.parquet") for out in parts]
        self._skipped = dict(list(pd.concat(skipped).groupby(["source", "table"])))

    def found(self, source: str, table: str) -> pd.DataFrame:
        """Return the findings of a table."""
        found = self._found.get((source, TABLES.index(table)), pd.DataFrame())
        return found.drop(columns=[*KEYED], errors="ignore")

    def skipped(self, source: str, table: str) -> pd.DataFrame:
        """Return the checks of a table that could not be judged."""
        skipped = self._skipped.get((source, TABLES.index(table)), pd.DataFrame())
        return skipped.drop(columns="table", errors="ignore")


def _not_at_hand(layers: Layers) -> list[pd.DataFrame]:
    """List the checks of fields and cells of layers whose files are not at hand."""
    checks, lacks = layers.run.rulebook.checks, _("the files it was cut from")
    return [
        pd.DataFrame([(rule.code, source, lacks)], columns=[*SKIPPED])
        for source, files in layers.files.items()
        if files.columns is None
        for over in ("fields", "cells")
        for rule in rules_over(checks, over, source)
    ]


def _cut(found: Found, layers: Layers) -> dict[int, Delivered]:
    """Say of each file of a layer that was cut how many features it has."""
    listed = {}
    for source, files in layers.files.items():
        lines = zip(files.numbers, files.counts, files.names, strict=True)
        for number, count, (file, layer) in lines:
            crs, encoding = layers.run.rulebook.crs, ""
            if number in found.seen:
                line = read_frame(found.seen[number][1] / "file.parquet").iloc[0]
                crs, encoding = str(line["crs"]), str(line["encoding"])
            rows = pd.RangeIndex(count)
            listed[number] = Delivered(
                source=source,
                file=file,
                layer=layer,
                frame=gpd.GeoDataFrame(index=rows),
                raw=pd.DataFrame(index=rows),
                fields=NO_FIELDS,
                crs=crs,
                encoding=encoding,
            )
    return listed


def _noticed(found: Found) -> list[Notice]:
    """List what was noticed of files, in their order."""
    noticed = {number: list(notices) for number, notices in found.notices.items()}
    for number, (_source, out) in found.seen.items():
        lines = read_frame(out / "notices.parquet")[["code", "file", "layer", "note"]]
        noticed[number] = [Notice(*line) for line in lines.itertuples(index=False)]
    return [notice for number in sorted(noticed) for notice in noticed[number]]


def _remarks(found: Found, number: int) -> pd.DataFrame:
    """Return what was noticed of the records of a file."""
    if number in found.tables:
        return remarked(found.tables[number])
    out = found.seen[number][1] if number in found.seen else None
    if out is None or not (out / "remarks.parquet").is_file():
        return noted(())
    remarks = unflat(read_frame(out / "remarks.parquet"))
    return remarks.assign(remark=True) if len(remarks) else noted(())


def _areas(parts: Sequence[Path]) -> pd.Series:
    """Return areas of parcels by code, of several the first."""
    found = [read_frame(out / "areas.parquet") for out in parts]
    whole = pd.concat([part for part in found if len(part)] or found[:1])
    whole = whole.sort_values("order", kind="stable")
    areas = pd.Series(whole["area"].to_numpy(dtype=float), whole["parcel_code"].to_numpy())
    return areas.groupby(level=0).first()


def _named(known: Sequence[pd.DataFrame], layers: Layers) -> pd.DataFrame:
    """Say of each feature with findings once what is known of it, with the file it came in."""
    parts = [frame for frame in known if len(frame)]
    if not parts:
        return pd.DataFrame(columns=[*ABOUT])
    whole = pd.concat(parts).groupby(level=0).first()
    number = whole.index.astype("str").str.partition(":").get_level_values(0)
    for at, name in enumerate(("file", "layer")):
        of_number = {
            str(n): names[at]
            for files in layers.files.values()
            for n, names in zip(files.numbers, files.names, strict=True)
        }
        cut = pd.Series(number.map(of_number), whole.index)
        whole[name] = cut.where(cut.notna(), whole[name])
    return whole
