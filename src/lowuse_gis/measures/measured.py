"""What a measure returns, and what it needs to know about its sources."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lowuse_gis.model import Run, Source, Survey

CHECK_COLUMNS = ("code", "row", "other", "value", "limit", "note", "x", "y", "file", "cell")


@dataclass(frozen=True)
class Measured:
    """Columns a measure adds.

    Attributes
    ----------
    columns
        On the parcels' index.
    checks
        Defects met on the way.
    causes
        For a column, the source to blame row by row where its value is missing.
    """

    columns: pd.DataFrame
    checks: Sequence[pd.DataFrame] = ()
    causes: Mapping[str, pd.Series] = field(default_factory=dict)


def covers(survey: Survey, source: str) -> NDArray[np.bool_]:
    """Say for which parcels a source was supplied.

    Parameters
    ----------
    survey
        With ``town_code`` on its parcels.
    source
        The source's name.

    Returns
    -------
    ndarray of bool
        False where no supplied file covers the parcel's town, or the town is not known and the
        file does not cover the whole district.
    """
    return covered_towns(survey.parcels["town_code"], survey.supplied(source))


def covered_towns(town: pd.Series, sources: Sequence[Source]) -> NDArray[np.bool_]:
    """Say for which towns one of several files was supplied.

    Parameters
    ----------
    town
        Codes; missing where the town is not known.
    sources
        What was supplied.

    Returns
    -------
    ndarray of bool
        As `covers` has it.
    """
    known = np.zeros(len(town), dtype=bool)
    for supplied in sources:
        if supplied.towns:
            known |= town.isin(supplied.towns).to_numpy()
        elif supplied.towns_missing:
            known |= (town.notna() & ~town.isin(supplied.towns_missing)).to_numpy()
        else:
            known[:] = True
    return known


def absent_means_no(survey: Survey, source: str) -> bool:
    """Say whether a place or code that is not in the source is known not to be there.

    Parameters
    ----------
    survey, source
        The survey and the source's name.

    Returns
    -------
    bool
        True where every supplied file declares ``absence = "no"``.
    """
    supplied = survey.supplied(source)
    return bool(supplied) and all(item.absence == "no" for item in supplied)


def check_rows(code: str, rows: pd.Index | pd.Series, **values: Any) -> pd.DataFrame:
    """Make rows of the check list.

    Parameters
    ----------
    code
        Code in checks.csv.
    rows
        The ``row`` of each parcel concerned; empty text where there is none.
    **values
        ``other``, ``value``, ``limit``, ``note``, ``x``, ``y``, and for rows of a table ``file``
        and ``cell``: one value or one per row.

    Returns
    -------
    DataFrame
        With all columns of the list.
    """
    numbers = {"value", "limit", "x", "y"}
    given: dict[str, Any] = {c: np.nan if c in numbers else "" for c in CHECK_COLUMNS}
    given |= {"code": code, "row": np.asarray(rows, dtype=object)}
    given |= {key: np.asarray(v) if np.ndim(v) else v for key, v in values.items()}
    return pd.DataFrame({column: given[column] for column in CHECK_COLUMNS})


def bodies_to_ask(column: str, survey: Survey, run: Run) -> dict[str, NDArray[np.bool_]]:
    """Say which body supplies a column, parcel by parcel.

    Parameters
    ----------
    column
        A column that is missing.
    survey, run
        What measures blame, and the rules' sources.

    Returns
    -------
    dict
        Body to the parcels for which it is the one to ask.
    """
    asked: dict[str, NDArray[np.bool_]] = {}
    for source, blamed in sources_to_ask(column, survey, run).items():
        body = run.rulebook.sources[source].body
        asked[body] = asked[body] | blamed if body in asked else blamed
    return dict(sorted(asked.items()))


def sources_to_ask(column: str, survey: Survey, run: Run) -> dict[str, NDArray[np.bool_]]:
    """Say which source would supply a column, parcel by parcel.

    Parameters
    ----------
    column
        A column that is missing.
    survey, run
        What measures blame, and the rules' sources.

    Returns
    -------
    dict
        Source to the parcels for which it is the one that lacks the value; every parcel is in one.
    """
    own = run.rulebook.columns["source"].get(column, "") or "parcels"
    blamed = survey.causes.get(column)
    if blamed is None:
        return {own: np.ones(len(survey.parcels), dtype=bool)}
    source, names = pd.factorize(blamed.reindex(survey.parcels.index).fillna(own))
    return {str(name): source == at for at, name in enumerate(names)}
