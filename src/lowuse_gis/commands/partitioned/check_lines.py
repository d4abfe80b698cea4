"""Check rows of a whole district in the order of its result, so many at a time as fit in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.io.partitions import read_frame

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

CHECKS, MOST = "checks.parquet", 400_000  # rows held at a time, but for a code that has more


def check_batches(
    own: Sequence[pd.DataFrame],
    judged: Mapping[str, Path],
    order: pd.Series,
    most: int = MOST,
) -> Iterator[pd.DataFrame]:
    """Go through the check rows of a district by code, and by the place of their parcels.

    Parameters
    ----------
    own
        Rows that were found over all partitions together.
    judged
        Partition to its outcome. What several partitions say of no parcel is said once; what one
        says twice is two rows: the same cell may be named by two measures.
    order
        Place of each parcel in the whole, by row.
    most
        Rows of a batch; all rows of a code are in one.

    Yields
    ------
    DataFrame
        Rows of some codes; codes rise from batch to batch.
    """
    files = [folder / CHECKS for folder in judged.values()]
    of_none = pd.concat([*own, _said_once(files)], ignore_index=True)
    counts = pd.concat([of_none["code"], *(read_frame(file, ["code"])["code"] for file in files)])
    for codes in _bundles(counts.astype("str").value_counts().sort_index(), most):
        parts = [of_none[of_none["code"].isin(codes)]]
        for file in files:
            rows = read_frame(file, where=[("code", "in", codes), ("row", "!=", "")])
            parts.append(rows)
        full = [part for part in parts if len(part)]
        whole = pd.concat(full or parts[:1], ignore_index=True)
        place = order.reindex(whole["row"]).to_numpy()
        yield whole.iloc[np.argsort(place, kind="stable")].reset_index(drop=True)


def _said_once(files: Sequence[Path]) -> pd.DataFrame:
    counted = []
    for file in files:
        rows = read_frame(file, where=[("row", "==", "")])
        counted.append(rows.assign(turn=rows.groupby(list(rows), dropna=False).cumcount()))
    return pd.concat(counted, ignore_index=True).drop_duplicates().drop(columns="turn")


def _bundles(counts: pd.Series, most: int) -> Iterator[list[str]]:
    """Take codes together in their order while their rows fit."""
    bundle: list[str] = []
    total = 0
    for code, count in counts.items():
        if bundle and total + count > most:
            yield bundle
            bundle, total = [], 0
        bundle.append(str(code))
        total += count
    if bundle:
        yield bundle
