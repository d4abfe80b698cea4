"""Second step of a partition: everything measured, checked and judged."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from lowuse_gis.commands.partitioned.job import facts_of
from lowuse_gis.commands.partitioned.layers import checks_at_home, in_order, keep, layer_of
from lowuse_gis.core.asked import ANSWERS
from lowuse_gis.core.lookup import is_among, rows_among
from lowuse_gis.core.partitioning import Boxes
from lowuse_gis.engines.memory import trim
from lowuse_gis.io.partitions import HOME, ORDER, PARCELS, read_frame, whole_file
from lowuse_gis.model import Survey
from lowuse_gis.stages.check import check, parcel_overlaps
from lowuse_gis.stages.compose import take_in
from lowuse_gis.stages.decide import DECISIONS, decide
from lowuse_gis.stages.judge import judge
from lowuse_gis.stages.measure import measure
from lowuse_gis.stages.mend import mend
from lowuse_gis.stages.read import open_rasters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from lowuse_gis.commands.partitioned.job import Job

TABLE = "table_"  # begins the names of bureaus' tables among the facts
LINES_OF = (DECISIONS, ANSWERS)  # tables that come back with a state for each line


def judge_part(job: Job) -> None:
    """Measure, check and judge the parcels at home in a partition.

    Parameters
    ----------
    job
        Its facts: ``numbers`` of the survey parcels here and nearby, ``kin`` (parcels elsewhere
        that share a code, firm or village with those here), the rows of tables about them; and
        the names of towns.
    """
    run, (facts, known) = job.run, facts_of(job)
    survey, order, home = _measured(job, facts, known)
    trim()
    survey = of_rows(survey, home.union(facts["kin"].index))
    survey = decide(judge(survey, run), run)
    judged = survey.parcels[rows_among(survey.parcels.index, home)]
    frames = {
        PARCELS: judged.assign(**{ORDER: order.reindex(judged.index)}),
        "findings": _findings(survey, home),
        "checks": checks_at_home(survey.checks, home),
        "causes": pd.DataFrame(causes_of(survey, judged.index), index=judged.index).astype("str"),
    }
    for name in (n for n in LINES_OF if "state" in survey.tables.get(n, ())):
        lines = survey.tables[name]
        found = lines["found" if name == ANSWERS else "row"]
        frames[name] = lines.assign(**{HOME: is_among(found, home.to_series())})
    keep(job, frames)


def _measured(
    job: Job, facts: Mapping[str, pd.DataFrame], known: Mapping[str, Any]
) -> tuple[Survey, pd.Series, pd.Index]:
    """Measure and check what is at home or near; the shapes of layers are let go."""
    run = job.run
    layers = mend(Survey(nothing_of(job), _layers(job, known), sources=job.sources))
    parcels, order, home = _parcels(job, facts, layers.layers, known)
    assert job.before is not None  # noqa: S101  the ground was laid before
    survey = replace(
        layers,
        parcels=parcels,
        checks=(read_frame(job.before / "checks.parquet"), *layers.checks),
        tables={n.removeprefix(TABLE): f for n, f in facts.items() if n.startswith(TABLE)},
        rasters=open_rasters(job.rasters, run.rulebook),
    )
    survey = measure(survey, run, known["names"])
    survey = check(survey, run, parcel_overlaps(survey.parcels, run))
    return survey.without_shapes(), order, home


def nothing_of(job: Job) -> gpd.GeoDataFrame:
    """Return no parcels, of the columns that parcels have.

    Parameters
    ----------
    job
        The partition.

    Returns
    -------
    GeoDataFrame
    """
    return layer_of(job, PARCELS)[0].iloc[:0]


def _layers(job: Job, known: Mapping[str, Any]) -> dict[str, gpd.GeoDataFrame]:
    """Read the layers that are measured now; the survey was laid under the parcels before."""
    layers = {name: layer_of(job, name)[0] for name in known["layers"]}
    return layers | {name: read_frame(whole_file(job.folder, name)) for name in known["whole"]}


def _parcels(
    job: Job,
    facts: Mapping[str, pd.DataFrame],
    layers: Mapping[str, gpd.GeoDataFrame],
    known: Mapping[str, Any],
) -> tuple[gpd.GeoDataFrame, pd.Series, pd.Index]:
    """Bring together the parcels at home, those near, and their kin, in the order of the whole."""
    assert job.before is not None  # noqa: S101  the ground was laid before
    registered = read_frame(job.before / f"{PARCELS}.parquet")
    marks, parcels = registered[[ORDER, HOME]], registered.drop(columns=[ORDER, HOME])
    numbers = facts["numbers"]
    own = _survey_parcels([_pieces(job.before, job.part, numbers)], parcels)
    at_home = [parcels[marks[HOME]], own]
    home = at_home[0].index.append(own.index)
    lying = [*at_home, *(layers[name] for name in known["chained"] if name in layers)]
    seen = Boxes(np.concatenate([frame.bounds.to_numpy() for frame in lying]))
    others = [_pieces(folder, name, numbers, seen) for name, folder in job.neighbours]
    parts = [parcels, own, _survey_parcels(others, parcels)]
    near = [part for part in parts if len(part)]
    here = pd.concat(near) if near else parcels.copy()
    here = _with_kin(here, facts["kin"].drop(columns=ORDER))
    order = _places(here.index, [marks[ORDER], facts["kin"][ORDER]], known["parcels"])
    return in_order(here, order), order, home


def _with_kin(here: gpd.GeoDataFrame, kin: pd.DataFrame) -> gpd.GeoDataFrame:
    """Add the kin; of those that are near too, only their own partition knows class and village."""
    near = kin.index.intersection(here.index)
    for column in kin.columns.intersection(here.columns):
        here.loc[near, column] = kin.loc[near, column]
    far = kin[~rows_among(kin.index, near)]
    if not len(far):
        return here
    bare = far.reindex(columns=here.columns).astype(here.dtypes)
    return pd.concat([here, gpd.GeoDataFrame(bare, geometry="geometry", crs=here.crs)])


def _pieces(
    folder: Path, part: str, numbers: pd.DataFrame, seen: Boxes | None = None
) -> gpd.GeoDataFrame:
    """Read the pieces that became survey parcels, with code and row; those near only, if told."""
    mine = numbers[numbers["part"] == part].set_index("piece")[["code", "row"]]
    if not len(mine):
        return gpd.GeoDataFrame()
    pieces = gpd.GeoDataFrame(read_frame(folder / "pieces.parquet")).join(mine, how="inner")
    return pieces if seen is None else pieces.iloc[seen.touched(pieces.bounds.to_numpy())]


def _survey_parcels(
    pieces: Sequence[gpd.GeoDataFrame], parcels: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Make the survey parcels of the pieces that the ground of some partitions left."""
    full = [frame for frame in pieces if len(frame)]
    if not full:
        return parcels.iloc[:0]
    whole = gpd.GeoDataFrame(pd.concat(full, ignore_index=True))
    bare = Survey(parcels.iloc[:0], pieces=whole.drop(columns=["code", "row"]))
    return gpd.GeoDataFrame(take_in(bare, pd.DataFrame(whole[["code", "row"]])).parcels)


def _places(rows: pd.Index, known: list[pd.Series], count: int) -> pd.Series:
    """Say where rows stand in the whole: registered parcels first, then the survey parcels."""
    place = pd.concat(known)
    place = place[~place.index.duplicated()].reindex(rows)
    number = rows.to_series().str.extract(r"^0:(\d+)$", expand=False).astype(float) + count
    return place.where(place.notna(), number)


def of_rows(survey: Survey, rows: pd.Index) -> Survey:
    """Keep some parcels.

    Parameters
    ----------
    survey
        Measured.
    rows
        Those to keep.

    Returns
    -------
    Survey
    """
    parcels = survey.parcels[rows_among(survey.parcels.index, rows)]
    return replace(survey, parcels=parcels, causes=causes_of(survey, parcels.index))


def causes_of(survey: Survey, rows: pd.Index) -> dict[str, pd.Series]:
    """Give the causes of some parcels; rows are looked up once for all causes that share theirs.

    Parameters
    ----------
    survey
        With causes.
    rows
        Of parcels.

    Returns
    -------
    dict of Series
        By column, on `rows`; missing where nothing is said of one.
    """
    found: list[tuple[pd.Index, NDArray[np.intp]]] = []
    causes = {}
    for name, cause in survey.causes.items():
        at = next((places for index, places in found if index.is_(cause.index)), None)
        if at is None:
            at = cause.index.get_indexer(rows)
            found.append((cause.index, at))
        values = cause.array.take(at, allow_fill=True)
        causes[name] = pd.Series(values, index=rows, name=cause.name)
    return causes


def _findings(survey: Survey, home: pd.Index) -> pd.DataFrame:
    findings = survey.findings
    assert findings is not None  # noqa: S101  judge made them
    return findings[is_among(findings["row"], home.to_series())].reset_index(drop=True)
