"""Hold what was found against what had to be found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from deliveries.model import Wrong


def fits(wrong: Wrong, findings: pd.DataFrame) -> np.ndarray:
    """Say which findings are the one that must be there."""
    hit = (findings["code"] == wrong.code).to_numpy()
    for name, value in (("source", wrong.source), ("column", wrong.column)):
        if value:
            hit = hit & ((findings[name] == value).to_numpy())
    for name, part in (("file", wrong.file), ("note", wrong.note)):
        if part:
            hit = hit & findings[name].map(lambda text, p=part: p in text).to_numpy(dtype=bool)
    hit = hit & (_who(wrong, findings))
    if wrong.place is not None:
        x, y = (findings[axis].to_numpy(dtype=float) for axis in ("x", "y"))
        hit = hit & (np.hypot(x - wrong.place[0], y - wrong.place[1]) <= wrong.reach)
    if wrong.inside is not None:
        x, y = (findings[axis].to_numpy(dtype=float) for axis in ("x", "y"))
        known = np.isfinite(x)
        away = np.full(len(x), np.inf)
        away[known] = shapely.distance(wrong.inside, shapely.points(x[known], y[known]))
        hit = hit & (away <= wrong.reach)
    if wrong.value is not None:
        value = findings["value"].to_numpy(dtype=float)
        hit = hit & (np.abs(value - wrong.value) <= wrong.about)
    return hit


def _who(wrong: Wrong, findings: pd.DataFrame) -> np.ndarray:
    """Say which findings name the right features, either way round."""
    one, other = (
        findings[name].str.split(":").str[-1].to_numpy(dtype=object)
        for name in ("row", "other_row")
    )
    mine, theirs = (str(row) if row else "" for row in (wrong.row, wrong.other))
    straight, turned = (one == mine), (one == theirs) & (other == mine)
    if theirs:
        straight = straight & (other == theirs)
    hit = straight | (turned if theirs else False)
    if not mine:
        hit = (
            np.isin(one, [str(row) for row in wrong.among])
            if wrong.among
            else np.ones(len(one), bool)
        )
    if wrong.name:
        ids = findings[["id", "other_id"]].eq(wrong.name).any(axis=1).to_numpy()
        hit = hit & (ids)
    return hit


def matched(wrongs: Sequence[Wrong], findings: pd.DataFrame) -> list[int | None]:
    """Return which finding stands for what had to be found, each for one only; None where none."""
    free = np.ones(len(findings), bool)
    places: list[int | None] = []
    for wrong in wrongs:
        at = np.flatnonzero(fits(wrong, findings) & free)
        free[at[:1]] = False
        places.append(int(at[0]) if len(at) else None)
    return places


def unmatched(wrongs: Sequence[Wrong], findings: pd.DataFrame) -> list[Wrong]:
    """Return what had to be found and was not; every finding stands for one only."""
    places = matched(wrongs, findings)
    return [wrong for wrong, at in zip(wrongs, places, strict=True) if at is None]


def explained(wrongs: Sequence[Wrong], findings: pd.DataFrame) -> np.ndarray:
    """Say which findings are among those that had to be there."""
    masks = [fits(wrong, findings) for wrong in wrongs]
    return np.logical_or.reduce([np.zeros(len(findings), bool), *masks])
