"""Count and weigh what was judged: summaries and the two balances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.attributes import attributes_of
from lowuse_gis.core.verdict import UNDETERMINED, VERDICTS
from lowuse_gis.measures.measured import bodies_to_ask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lowuse_gis.model import Run, Survey

BY = ["town_code", "town_name", "land_type"]
PARCEL_KEYS = ["origin", "stratum", "verdict"]
SURVEY_KEYS = ["town", "survey_class"]


@dataclass(frozen=True)
class Summary:
    """What the screen and the summary table show.

    Attributes
    ----------
    by_type
        Town and type: parcels, area, per verdict counts, sure and possible low-use area (m²).
    parcels_balance
        Per origin, stratum and verdict: parcels and area.
    survey_balance
        Per town and class of the survey's construction land: surveyed, under parcels, survey
        parcels, small pieces, context, residual (m²); None without a survey.
    lacking
        What is missing for undetermined parcels, and whom to ask.
    """

    by_type: pd.DataFrame
    parcels_balance: pd.DataFrame
    survey_balance: pd.DataFrame | None
    lacking: pd.DataFrame


def summarise(survey: Survey, run: Run) -> Summary:
    """Summarise a judged survey.

    Parameters
    ----------
    survey, run
        Judged parcels and the rules.

    Returns
    -------
    Summary
    """
    return Summary(
        by_type=by_town_and_type(attributes_of(survey.parcels)),
        parcels_balance=_parcels_balance(survey.parcels),
        survey_balance=None if survey.pieces is None else survey_balance(survey.pieces),
        lacking=_lacking(survey, run),
    )


def joined(parts: Sequence[Summary]) -> Summary:
    """Add up the summaries of the parts of a district.

    Parameters
    ----------
    parts
        Of `summarise`, part by part; ``survey_balance`` of all or none.

    Returns
    -------
    Summary
        As of `summarise` for the whole.
    """
    balances = [part.survey_balance for part in parts if part.survey_balance is not None]
    lacking = _added([part.lacking for part in parts], ["column", "body"])
    return Summary(
        by_type=_added([part.by_type for part in parts], BY),
        parcels_balance=_added([part.parcels_balance for part in parts], PARCEL_KEYS),
        survey_balance=added_balance(balances),
        lacking=_by_weight(lacking[["body", "column", "parcels", "area"]]),
    )


def added_balance(balances: Sequence[pd.DataFrame]) -> pd.DataFrame | None:
    """Add up the survey's balances of the parts of a district.

    Parameters
    ----------
    balances
        Of `survey_balance`.

    Returns
    -------
    DataFrame
        None where there is none.
    """
    return _added(balances, SURVEY_KEYS) if balances else None


def _added(tables: Sequence[pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    return pd.concat(tables).groupby(keys, as_index=False).sum().round(2)


def by_town_and_type(parcels: pd.DataFrame) -> pd.DataFrame:
    """Count parcels and areas by town and type.

    Parameters
    ----------
    parcels
        Judged parcels.

    Returns
    -------
    DataFrame
        Sorted by town and type; areas in m² to two decimals.
    """
    table = parcels.assign(
        **{c: parcels[c].fillna("") for c in BY},
        **{v: parcels["verdict"] == v for v in VERDICTS},
        leaning=(parcels["verdict"] == UNDETERMINED)
        & parcels["leaning"].fillna(value=False).astype(bool),
        parcels=1,
    )
    sums = {"parcels": "sum", "area": "sum", **dict.fromkeys(VERDICTS, "sum"), "leaning": "sum"}
    sums |= {"low_use_area": "sum", "possible_area": "sum"}
    grouped = table.groupby(BY, as_index=False).agg(sums)
    numbers = ["area", "low_use_area", "possible_area"]
    grouped[numbers] = grouped[numbers].round(2)
    return grouped.sort_values(BY, ignore_index=True)


def _parcels_balance(parcels: pd.DataFrame) -> pd.DataFrame:
    table = pd.DataFrame({k: parcels[k].fillna("") for k in PARCEL_KEYS})
    table["parcels"], table["area"] = 1, parcels["area"].fillna(0)
    grouped = table.groupby(PARCEL_KEYS, as_index=False).sum()
    return grouped.assign(area=grouped["area"].round(2))


def survey_balance(pieces: pd.DataFrame) -> pd.DataFrame:
    """Balance the survey's construction land.

    Parameters
    ----------
    pieces
        By polygon and fate.

    Returns
    -------
    DataFrame
        As in `Summary`.
    """
    table = pieces.assign(town=pieces["town"].fillna(""))
    wide = table.pivot_table(
        index=SURVEY_KEYS, columns="fate", values="area", aggfunc="sum", fill_value=0.0
    )
    wide = wide.reindex(columns=["parcels", "survey parcel", "small", "context"], fill_value=0.0)
    wide["surveyed"] = table.groupby(SURVEY_KEYS)["area"].sum()
    wide["residual"] = table.groupby(SURVEY_KEYS)["residual"].sum()
    return wide.round(2).add(0.0).rename_axis(columns=None).reset_index()


def _lacking(survey: Survey, run: Run) -> pd.DataFrame:
    parcels = survey.parcels
    open_ = parcels["verdict"] == UNDETERMINED
    kind, kinds = pd.factorize(parcels["missing"].where(open_, "").fillna(""))
    named = [set(str(text).split(";")) for text in kinds]
    names = sorted(set().union(*named) - {""})
    lines = []
    for name in names:
        lacks = np.array([name in some for some in named], dtype=bool)[kind]
        for body, blamed in bodies_to_ask(name, survey, run).items():
            hit = lacks & blamed
            if hit.any():
                area = parcels["possible_area"].to_numpy(dtype=float)[hit].sum()
                lines.append((body, name, int(hit.sum()), round(float(area), 2)))
    types = {"body": "str", "column": "str", "parcels": "int64", "area": "float64"}
    table = pd.DataFrame(lines, columns=list(types)).astype(types)
    return _by_weight(table)


def _by_weight(table: pd.DataFrame) -> pd.DataFrame:
    return table.sort_values(["parcels", "body"], ascending=[False, True], ignore_index=True)
