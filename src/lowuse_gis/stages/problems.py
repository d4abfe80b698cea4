"""Put low-use and candidate parcels on the problem list, one line per obstacle."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.conditions import parse_condition
from lowuse_gis.core.evaluation import TRUE, Evaluator
from lowuse_gis.core.thresholds import resolve_thresholds
from lowuse_gis.core.wording import filled, names_in
from lowuse_gis.core.written_columns import written_column
from lowuse_gis.language import pick

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from lowuse_gis.core.conditions import Condition
    from lowuse_gis.model import Obstacle, Rulebook, Run, Survey

CARRIED = (
    "parcel_code",
    "town_code",
    "town_name",
    "village_code",
    "owner",
    "land_type",
    "verdict",
    "area",
    "demand",
)
MISSING, ASKED = "missing", "ask"
SELECTORS = {"town_code": "town", "zone": "zone", "industry_code": "industry"}


def problems(survey: Survey, run: Run) -> Survey:
    """List what stands in the way of redevelopment.

    Parameters
    ----------
    survey, run
        Judged parcels, where a decision of the town stands before the verdict of the rules; the
        rules' obstacles.

    Returns
    -------
    Survey
        With ``problems``: parcel, obstacle, category, text, demand, responsible body and policy
        tool. An obstacle whose condition is unknown proposes nothing.
    """
    parcels, obstacles = survey.parcels, run.rulebook.obstacles
    conditions = _conditions(run.rulebook)
    wanted = {verdict for o in obstacles for verdict in o.verdicts}
    used = _columns_of(obstacles, conditions.values())
    candidates = parcels.loc[parcels["verdict"].isin(wanted), [c for c in parcels if c in used]]
    candidates = pd.DataFrame(candidates).rename_axis("row").reset_index()
    names = sorted({name for c in conditions.values() for name in c.thresholds})
    selectors = candidates[list(SELECTORS)].set_axis(list(SELECTORS.values()), axis=1)
    values, _chosen = resolve_thresholds(run.rulebook.thresholds, names, selectors)
    truths = Evaluator(candidates, values).truths([conditions[o.code] for o in obstacles])
    standing = {
        obstacle: _stands(obstacle, truth, candidates)
        for obstacle, truth in zip(obstacles, truths, strict=True)
    }
    met = [obstacle for obstacle, stands in standing.items() if stands.any()]
    found = pd.concat(
        [_lines(obstacle, candidates, standing[obstacle], run) for obstacle in met or obstacles]
    )
    code = pd.factorize(found["code"], sort=True)[0]
    found = found.take(np.lexsort((code, found.index)))
    return replace(survey, problems=found.reset_index(drop=True))


def _columns_of(obstacles: Iterable[Obstacle], conditions: Iterable[Condition]) -> set[str]:
    """Name the columns that obstacles are judged by and written with; the rest is left behind."""
    used = {*CARRIED, *SELECTORS, ASKED}
    for condition in conditions:
        used |= set(condition.columns)
    for obstacle in obstacles:
        used |= {obstacle.category, *names_in(obstacle.text), *names_in(obstacle.text_en)}
    return used


def _conditions(rulebook: Rulebook) -> dict[str, Condition]:
    columns, thresholds = set(rulebook.columns.index), set(rulebook.thresholds["name"])
    return {
        o.code: parse_condition(o.when, columns, thresholds, f"obstacles.toml: {o.code}")
        for o in rulebook.obstacles
    }


def _stands(obstacle: Obstacle, truth: NDArray[np.int8], parcels: pd.DataFrame) -> pd.Series:
    stands = parcels["verdict"].isin(obstacle.verdicts) & (truth == TRUE)
    if obstacle.land_types:
        stands &= parcels["land_type"].isin(obstacle.land_types)
    return stands


def _lines(obstacle: Obstacle, parcels: pd.DataFrame, stands: pd.Series, run: Run) -> pd.DataFrame:
    def column(name: str) -> pd.Series:
        return written_column(parcels[[name]][stands], run.rulebook, name)

    there, category = parcels.loc[stands, ["row", *CARRIED]], obstacle.category
    return there.assign(
        code=obstacle.code,
        title=pick(obstacle.title, obstacle.title_en),
        category=parcels.loc[stands, category] if category in parcels else category,
        text=filled(pick(obstacle.text, obstacle.text_en), there.index, column),
        body=parcels.loc[stands, ASKED] if obstacle.body == MISSING else obstacle.body,
        tool=pick(obstacle.tool, obstacle.tool_en),
    )
