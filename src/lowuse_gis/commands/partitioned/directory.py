"""After the ground: survey parcels numbered, and the parcels that tables and ledgers speak of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from lowuse_gis.core.asked import ANSWERS
from lowuse_gis.core.division_codes import village_of
from lowuse_gis.core.lookup import is_among, rows_among
from lowuse_gis.io.partitions import HOME, ORDER, PARCELS, read_frame
from lowuse_gis.measures.answers import fill, weighed
from lowuse_gis.stages.check import small_pieces
from lowuse_gis.stages.compose import PLACED, handed_in, numbered
from lowuse_gis.stages.measure import town_names
from lowuse_gis.stages.summarise import survey_balance

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from lowuse_gis.model import Manifest, Run, Survey

PART, PIECE = "part", "piece"
BARE = ("parcel_code", "credit_code", "village_code", "town_code", "town_name", "stratum",
        "ownership", "origin", "area", "plane_area")  # fmt: skip
NAMED = {"village": "village_code", "town": "town_code", "plane": "plane_area"}  # of pieces
NAMES = ("town_code", "town_name")
KEPT = [*PLACED, "town", "ownership", "area", "plane", "x", "y", "survey_class", "residual"]


@dataclass(frozen=True)
class Directory:
    """What has to be known of a district before its partitions can be judged.

    Attributes
    ----------
    parcels
        Those that tables and ledgers speak of, or whose code stands more than once: `BARE`, the
        partition and the place in the whole, by row.
    numbers
        Partition and piece of each survey parcel, with its code and row.
    villages
        Village and partition, for all parcels.
    named
        Of each partition and town, the first parcel that has both its code and its name.
    towns
        Towns that were handed in; empty for all.
    balances
        The survey's balance, part by part.
    checks
        Pieces too small to be a survey parcel.
    """

    parcels: pd.DataFrame
    numbers: pd.DataFrame
    villages: pd.DataFrame
    named: pd.DataFrame
    towns: list[str]
    balances: tuple[pd.DataFrame, ...]
    checks: pd.DataFrame


def directory_of(
    survey: Survey, ground: Mapping[str, Path], manifest: Manifest, towns: list[str], run: Run
) -> Directory:
    """Look through what the ground of all partitions left.

    Parameters
    ----------
    survey
        Tables and ledgers, with the keys of all parcels.
    ground
        Outcomes by partition.
    manifest, towns, run
        The partitions, the towns handed in as far as known, and the rules.

    Returns
    -------
    Directory
    """
    keys, known = survey.parcels, _wanted(survey, run)
    pieces = {part: _pieces(folder) for part, folder in ground.items()}
    if not towns:
        towns = sorted(set().union(*(handed_in(_own(f, ["town_code"])["town_code"])
                                     for f in ground.values())))  # fmt: skip
    if towns:
        pieces = {p: f if f is None else f[f["town"].isin(towns)] for p, f in pieces.items()}
    there = pd.concat([f for f in pieces.values() if f is not None] or [_no_pieces()])
    there = there.reset_index(drop=True)
    numbers = there[[PART, PIECE]].join(numbered(there), how="right").sort_index()
    made = _as_parcels(there.loc[numbers.index], numbers, manifest.parcels)
    doubled = _doubled(pd.concat([keys["parcel_code"], made["parcel_code"]]))
    asked = known(keys, doubled)
    listed, villages, names = [made[known(made, doubled)]], [], []
    for part, folder in ground.items():
        frame = _own(folder, [*BARE, ORDER])
        listed.append(frame[asked[frame[ORDER]]].assign(**{PART: part}))
        village = village_of(frame["village_code"]).dropna().drop_duplicates()
        villages.append(village.to_frame().assign(**{PART: part}))
        named = frame[[*NAMES, ORDER]].dropna().sort_values(ORDER)
        names.append(named.drop_duplicates("town_code"))
    villages.append(made[["village_code", PART]].dropna().drop_duplicates())
    has = any(f is not None for f in pieces.values())
    return Directory(
        parcels=pd.concat(listed).sort_values(ORDER),
        numbers=numbers,
        villages=pd.concat(villages).drop_duplicates(ignore_index=True),
        named=pd.concat(names),
        towns=towns,
        balances=tuple(survey_balance(f) for f in pieces.values() if f is not None and len(f)),
        checks=small_pieces(there if has else None, ["polygon", PIECE]),
    )


def _own(folder: Path, columns: list[str]) -> pd.DataFrame:
    frame = read_frame(folder / f"{PARCELS}.parquet", [*columns, HOME])
    return frame[frame[HOME]].drop(columns=HOME)


def _pieces(folder: Path) -> pd.DataFrame | None:
    """Read the pieces of a partition; None without a survey."""
    if not (folder / "pieces.parquet").exists():
        return None
    frame = read_frame(folder / "pieces.parquet", KEPT)
    return frame.assign(**{PART: folder.parent.name, PIECE: frame.index})


def _no_pieces() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=object) for name in [*KEPT, PART, PIECE]})


def _as_parcels(pieces: pd.DataFrame, numbers: pd.DataFrame, count: int) -> pd.DataFrame:
    """Describe survey parcels as the directory does."""
    frame = pieces[[PART, "village", "town", "ownership", "area", "plane"]].rename(columns=NAMED)
    place = numbers["row"].str.slice(2).astype(int) + count
    frame = frame.assign(
        parcel_code=numbers["code"], origin="survey", stratum="surface", **{ORDER: place}
    )
    frame["plane_area"] = frame["plane_area"].round(2)
    frame.index = pd.Index(numbers["row"], name="row")
    return frame.reindex(columns=[*BARE, PART, ORDER])


def _doubled(codes: pd.Series) -> pd.Series:
    return codes[codes.notna() & codes.duplicated()]


def _wanted(survey: Survey, run: Run) -> Callable[[pd.DataFrame, pd.Series], NDArray[np.bool_]]:
    """Say which parcels the directory lists."""
    tables = [*survey.tables.values(), *(delivered.frame for delivered in survey.received)]
    named = [table["parcel_code"] for table in tables if "parcel_code" in table]
    rows = [table["row"] for table in survey.tables.values() if "row" in table]
    direct = pd.concat([*rows, pd.Series(dtype="str")])
    by_firm = firms_by_parcels(survey, run)

    def mask(frame: pd.DataFrame, doubled: pd.Series) -> NDArray[np.bool_]:
        spoken = pd.concat([*named, doubled, pd.Series(dtype="str")])
        listed = is_among(frame["parcel_code"], spoken) | is_among(frame.index.to_series(), direct)
        return (listed | frame["credit_code"].notna() if by_firm else listed).to_numpy()

    return mask


def firms_by_parcels(survey: Survey, run: Run) -> bool:
    """Say whether the parcels' own credit codes tell which firm is where, for lack of a table.

    Parameters
    ----------
    survey, run
        What was supplied, and the rules.

    Returns
    -------
    bool
    """
    specs = [spec for spec in run.rulebook.measures["measure"] if spec["kind"] == "amounts"]
    return any(s["links"] not in survey.tables and s["source"] in survey.tables for s in specs)


def names_of_towns(survey: Survey, directory: Directory, run: Run) -> dict[str, str]:
    """Name the towns as the parcels of the whole district do.

    Parameters
    ----------
    survey
        As `answers_weighed` left it: a town may be known by an answer only.
    directory, run
        What was named before, and the rules.

    Returns
    -------
    dict
        Code to the name of the first parcel that has both.
    """
    spoken = fill(survey, NAMES, run).parcels.reindex(columns=directory.named.columns)
    return town_names(pd.concat([directory.named, spoken.dropna()]).sort_values(ORDER))


def answers_weighed(
    survey: Survey, directory: Directory, folders: Mapping[str, Path], run: Run
) -> Survey:
    """Find the parcels that answers speak of.

    Parameters
    ----------
    survey
        Tables and ledgers.
    directory, folders, run
        The parcels they may speak of, the ground of each partition, and the rules.

    Returns
    -------
    Survey
        As of `lowuse_gis.measures.answers.weighed`; its parcels are those of the directory.
    """
    parcels = directory.parcels.assign(geometry=None)
    lines = survey.tables.get(ANSWERS)
    if lines is not None and len(lines):
        codes = is_among(parcels["parcel_code"], lines["parcel_code"])
        spoken = parcels.index[codes | rows_among(parcels.index, pd.Index(lines["row"]))]
        for part, own in directory.numbers[
            is_among(directory.numbers["row"], spoken.to_series())
        ].groupby(PART):
            shapes = read_frame(folders[str(part)] / "pieces.parquet", ["geometry"])
            parcels.loc[own["row"], "geometry"] = shapes.geometry.loc[own[PIECE]].to_numpy()
    shaped = gpd.GeoDataFrame(parcels, geometry="geometry", crs=run.rulebook.crs)
    return weighed(replace(survey, parcels=shaped), run)
