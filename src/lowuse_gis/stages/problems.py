"""Put low-use and candidate parcels on the problem list, one line per obstacle."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.conditions import parse_condition
from lowuse_gis.core.evaluation import TRUE, Evaluator
from lowuse_gis.core.thresholds import resolve_thresholds
from lowuse_gis.core.wording import filled
from lowuse_gis.core.written_columns import written_column
from lowuse_gis.language import pick

if TYPE_CHECKING:
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
    parcels = pd.DataFrame(survey.parcels.drop(columns="geometry"))
    wanted = {verdict for o in run.rulebook.obstacles for verdict in o.verdicts}
    candidates = parcels[parcels["verdict"].isin(wanted)]
    conditions = _conditions(run.rulebook)
    names = sorted({name for c in conditions.values() for name in c.thresholds})
    selectors = candidates[["town_code", "zone", "industry_code"]]
    selectors = selectors.set_axis(["town", "zone", "industry"], axis=1)
    values, _chosen = resolve_thresholds(run.rulebook.thresholds, names, selectors)
    obstacles = run.rulebook.obstacles
    truths = Evaluator(candidates, values).truths([conditions[o.code] for o in obstacles])
    standing = {
        obstacle: _stands(obstacle, truth, candidates)
        for obstacle, truth in zip(obstacles, truths, strict=True)
    }
    met = [obstacle for obstacle, stands in standing.items() if stands.any()]
    found = pd.concat(
        [_lines(obstacle, candidates[standing[obstacle]], run) for obstacle in met or obstacles]
    )
    order = pd.Series(np.arange(len(parcels)), index=parcels.index)[found.index].to_numpy()
    found = found.assign(order=order).sort_values(["order", "code"], kind="stable")
    return replace(survey, problems=found.drop(columns="order").rename_axis("row").reset_index())


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


def _lines(obstacle: Obstacle, parcels: pd.DataFrame, run: Run) -> pd.DataFrame:
    template = pick(obstacle.text, obstacle.text_en)
    text = filled(template, parcels.index, partial(written_column, parcels, run.rulebook))
    body = pd.Series(obstacle.body, index=parcels.index)
    if obstacle.body == MISSING:
        body = parcels[ASKED]
    return parcels[list(CARRIED)].assign(
        code=obstacle.code,
        title=pick(obstacle.title, obstacle.title_en),
        category=parcels.get(obstacle.category, obstacle.category),
        text=text,
        body=body,
        tool=pick(obstacle.tool, obstacle.tool_en),
    )
