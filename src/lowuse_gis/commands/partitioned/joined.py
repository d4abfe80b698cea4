"""The outcomes of all partitions as one survey, as if it had never been cut."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from lowuse_gis.commands.partitioned.check_lines import check_batches
from lowuse_gis.core.asked import ANSWERS
from lowuse_gis.io.partitions import HOME, ORDER, PARCELS, read_frame
from lowuse_gis.measures.survey_faults import wrong_year
from lowuse_gis.stages.check import placed
from lowuse_gis.stages.decide import DECISIONS
from lowuse_gis.stages.summarise import Summary, added_balance, joined
from lowuse_gis.stages.villages import headed, judged, named_by
from lowuse_gis.stages.villages import joined as joined_villages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from lowuse_gis.commands.partitioned.directory import Directory
    from lowuse_gis.model import Run, Survey


def survey_of(
    survey: Survey,
    directory: Directory,
    outcomes: Mapping[str, Mapping[str, Path]],
    run: Run,
    *,
    in_one: bool,
) -> tuple[Survey, pd.Series]:
    """Put the outcomes of all partitions together.

    Parameters
    ----------
    survey
        Tables, audited, and ledgers, with the parcels of the directory.
    directory, run
        What was known before the partitions were judged, and the rules.
    outcomes
        By step and partition.
    in_one
        Whether parcels, findings, problems and check rows are wanted in one piece; else they stay
        where they are, and the parcels are codes without shapes.

    Returns
    -------
    survey : Survey
        Parcels, findings and problems in the order of the whole district; its check rows are those
        found over all partitions together.
    order : Series
        Place of each parcel in the whole, by row.
    """
    parts = outcomes["finish"]
    parcels = _parcels(parts, None if in_one else ["parcel_code", ORDER])
    order = parcels.pop(ORDER)
    shapes = parcels if in_one else _shapes_without_place(parts, survey.checks)
    own = [placed(frame, shapes) for frame in survey.checks]
    own += [directory.checks, _years(outcomes["ground"], run)]
    whole = replace(
        survey,
        parcels=parcels,
        tables=_tables(survey, outcomes),
        findings=_findings(outcomes["judge"], parcels.index, run) if in_one else None,
        problems=_by_place(_stacked(parts, "problems"), order) if in_one else None,
        villages=_villages(survey, outcomes, run),
        checks=tuple(own),
        received=(),
    )
    if in_one:
        lines = check_batches(own, outcomes["judge"], order)
        whole = replace(whole, checks=tuple(lines))
    return whole, order


def summary_of(directory: Directory, finished: Mapping[str, Path]) -> Summary:
    """Add up what partitions summed up.

    Parameters
    ----------
    directory, finished
        Has the survey's balances; outcomes of the last step.

    Returns
    -------
    Summary
    """
    parts = [
        Summary(
            by_type=read_frame(folder / "by_type.parquet"),
            parcels_balance=read_frame(folder / "parcels_balance.parquet"),
            survey_balance=None,
            lacking=read_frame(folder / "lacking.parquet"),
        )
        for folder in finished.values()
    ]
    return replace(joined(parts), survey_balance=added_balance(directory.balances))


def _parcels(folders: Mapping[str, Path], columns: Sequence[str] | None) -> gpd.GeoDataFrame:
    """Read the parcels of all partitions, or some columns of them, in the order of the whole."""
    return gpd.GeoDataFrame(_stacked(folders, PARCELS, columns).sort_values(ORDER))


def _shapes_without_place(
    folders: Mapping[str, Path], checks: Sequence[pd.DataFrame]
) -> gpd.GeoDataFrame:
    """Read the shapes of the parcels that check rows name without a place."""
    named = [rows.loc[(rows["row"] != "") & rows["x"].isna(), "row"] for rows in checks]
    wanted = pd.concat([*named, pd.Series(dtype="str")]).unique().tolist()
    if not wanted:
        return gpd.GeoDataFrame(geometry=[])
    files = [folder / f"{PARCELS}.parquet" for folder in folders.values()]
    frames = [read_frame(file, ["geometry"], [("row", "in", wanted)]) for file in files]
    return gpd.GeoDataFrame(pd.concat(frames))


def _stacked(
    folders: Mapping[str, Path], name: str, columns: Sequence[str] | None = None
) -> pd.DataFrame:
    """Put a table of all partitions one under the other."""
    files = [folder / f"{name}.parquet" for folder in folders.values()]
    frames = [read_frame(file, columns) for file in files if file.exists()]
    full = [frame for frame in frames if len(frame)]
    return pd.concat(full or frames[:1]) if frames else pd.DataFrame()


def _by_place(lines: pd.DataFrame, order: pd.Series) -> pd.DataFrame:
    """Sort lines by the place of their parcel; those of a parcel stay as they are."""
    place = order.reindex(lines["row"]).to_numpy()
    return lines.iloc[np.argsort(place, kind="stable")].reset_index(drop=True)


def _findings(folders: Mapping[str, Path], rows: pd.Index, run: Run) -> pd.DataFrame:
    """Sort findings by criterion, comparison and place, each text once.

    Texts are looked up once for each that is different, not for each of millions of lines.
    """
    read = [read_frame(folder / "findings.parquet") for folder in folders.values()]
    parts = [part for part in read if len(part)] or read[:1]
    order = pd.Index([criterion.code for criterion in run.rulebook.criteria])
    row = _codes([part["row"] for part in parts], rows)
    rank = _codes([part["criterion"] for part in parts], order)
    atom = np.concatenate([part["atom"].to_numpy() for part in parts])
    at = np.lexsort((row, atom, rank))
    columns: dict[str, object] = {"row": pd.Categorical.from_codes(row[at], rows)}
    for name in parts[0].columns.drop("row"):
        values = [part.pop(name) for part in parts]
        if values[0].dtype.kind in "fi":
            columns[name] = np.concatenate([column.to_numpy() for column in values])[at]
            continue
        used = [column.cat.remove_unused_categories().cat.categories for column in values]
        texts = pd.Index(sorted(set().union(*used)), dtype="str")
        columns[name] = pd.Categorical.from_codes(_codes(values, texts)[at], texts)
    return pd.DataFrame(columns)


def _codes(columns: Sequence[pd.Series], names: pd.Index) -> NDArray[np.int32]:
    """Say at which place among names the text of each line is; -1 where it is missing."""
    found = []
    for column in columns:
        places = names.get_indexer(column.cat.categories).astype(np.int32)
        found.append(np.append(places, np.int32(-1))[column.cat.codes])
    return np.concatenate(found)


def _years(folders: Mapping[str, Path], run: Run) -> pd.DataFrame:
    """Add up the survey polygons by year."""
    years = _stacked(folders, "years")
    counts = years.groupby("year")["polygons"].sum() if len(years) else pd.Series(dtype="int64")
    return wrong_year(counts, run)


def _tables(survey: Survey, outcomes: Mapping[str, Mapping[str, Path]]) -> dict[str, pd.DataFrame]:
    """Give every line of a ledger the state it has where its parcel is at home."""
    tables = dict(survey.tables)
    lines = _stacked(outcomes["judge"], DECISIONS)
    if len(lines):
        lines = lines.sort_values(HOME, ascending=False, kind="stable")
        tables[DECISIONS] = lines[~lines.index.duplicated()].sort_index().drop(columns=HOME)
    answers = _stacked(outcomes["finish"], ANSWERS)
    if len(answers):
        whole = tables[ANSWERS].copy()
        whole.loc[answers.index, "state"] = answers["state"]
        tables[ANSWERS] = whole
    return tables


def _villages(survey: Survey, outcomes: Mapping[str, Mapping[str, Path]], run: Run) -> pd.DataFrame:
    lines = joined_villages([_stacked(outcomes["finish"], "villages")])
    names = {
        **named_by(_stacked(outcomes["ground"], "named")),
        **named_by(survey.tables.get("villages")),
    }
    towns = _stacked(outcomes["finish"], "towns").sort_values(ORDER).drop_duplicates("town_code")
    named = dict(zip(towns["town_code"], towns["town_name"], strict=True))
    return judged(headed(lines, names, named), run)
