"""Second step of units over partitions: the units of a town, or of those that edits tie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from lowuse_gis.commands.partitioned.job import facts_of
from lowuse_gis.commands.partitioned.layers import keep
from lowuse_gis.commands.rules_sweep import columns_read
from lowuse_gis.core.judging import judgement_of
from lowuse_gis.io.judged_table import IDENTITY, typed_table
from lowuse_gis.io.partitions import ORDER, WORK, read_frame
from lowuse_gis.measures.measured import check_rows
from lowuse_gis.stages.firmness import firm_verdicts
from lowuse_gis.stages.units.draw import Land, draw_over
from lowuse_gis.stages.units.edits import guarded
from lowuse_gis.stages.units.nodes import MARKS, Surroundings, in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from lowuse_gis.commands.partitioned.job import Job
    from lowuse_gis.model import Rulebook

NUMBERS = ["value", "limit", "x", "y"]


def draw_towns(job: Job) -> None:
    """Draw the units of some towns.

    Parameters
    ----------
    job
        ``files`` are the outcomes of `list_land` to read. Its facts: ``nodes``, which land of which
        partition, with the names of the survey's; ``lines`` and ``areas`` that part units;
        ``edits`` that fit; ``spans`` of what thresholds are compared with; ``towns``; ``codes``
        that edits name.
    """
    rulebook, (facts, known) = job.run.rulebook, facts_of(job)
    spec, towns = rulebook.units, known["towns"]
    folders = {part: job.folder / WORK / "land" / part / key for part, key in job.files}
    nodes = in_order(_land(folders, facts["nodes"]), spec)
    parcels = _parcels(folders, towns)
    hand = guarded(facts["edits"], set(known["codes"]))
    drawn = draw_over(
        parcels,
        Land(nodes, tuple(town for town in towns if town)),
        Surroundings(None, _layer(facts["lines"]), _layer(facts["areas"])),
        spec,
        hand,
        firmness=_firmness(parcels, rulebook, facts["spans"]),
        threads=job.threads,
    )
    checks = pd.concat([check_rows("", pd.Index([])), drawn.checks], ignore_index=True)
    texts = [name for name in checks if name not in NUMBERS]
    checks = checks.astype(dict.fromkeys(NUMBERS, "float64")).astype(dict.fromkeys(texts, "str"))
    keep(
        job,
        {
            "units": drawn.units,
            "members": drawn.members,
            "left_out": drawn.left_out,
            "blocks": drawn.blocks.join(drawn.order),
            "checks": checks,
            "codes": pd.DataFrame(parcels.loc[parcels.index.isin(checks["row"]), ["parcel_code"]]),
            "edits": drawn.edits[["state", "why", "value", "limit"]],
        },
    )


def _layer(frame: pd.DataFrame) -> gpd.GeoDataFrame | None:
    return gpd.GeoDataFrame(frame) if len(frame) else None


def _land(folders: Mapping[str, Path], nodes: pd.DataFrame) -> gpd.GeoDataFrame:
    """Read land of partitions, and name what of it is the survey's."""
    parts = []
    for part, folder in folders.items():
        mine = nodes[nodes["of"] == part]
        land = read_frame(folder / "land.parquet").iloc[mine["at"].to_numpy()]
        named = {name: mine[name].to_numpy() for name in ("row", "key")}
        parts.append(land.drop(columns=[m for m in MARKS if m != "area"]).assign(**named))
    whole = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return gpd.GeoDataFrame(whole.astype({"row": "str", "key": "str"}))


def _parcels(folders: Mapping[str, Path], towns: list[str]) -> gpd.GeoDataFrame:
    """Read the parcels of some towns, as far as units may be made of them or they are low-use."""
    parts = []
    for folder in folders.values():
        frame = read_frame(folder / "parcels.parquet")
        parts.append(frame[frame["town_code"].astype("str").fillna("").isin(towns)])
    whole = pd.concat([part for part in parts if len(part)] or parts[:1])
    return gpd.GeoDataFrame(whole.sort_values(ORDER, kind="stable"))


def _firmness(
    parcels: pd.DataFrame, rulebook: Rulebook, spans: pd.DataFrame
) -> Callable[[], pd.Series]:
    """Put off to say which verdicts are firm until it is asked."""

    def firm() -> pd.Series:
        names = list(dict.fromkeys([*IDENTITY, *sorted(columns_read(rulebook))]))
        table = typed_table(parcels, names, rulebook.columns["dtype"])
        judgement = judgement_of(table, rulebook)
        return firm_verdicts(judgement, parcels, rulebook.units["stability_shift"], spans)

    return firm
