"""``lowuse explain``: the reasoning about one parcel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.io.result import in_sql, read_result
from lowuse_gis.stages.explain import Explanation, explain

if TYPE_CHECKING:
    from pathlib import Path

    from lowuse_gis.io.result import Result


def explain_parcel(path: Path, wanted: str) -> tuple[Result, tuple[Explanation, ...]]:
    """Explain every parcel that a code or row names.

    Parameters
    ----------
    path
        A result of classify.
    wanted
        Parcel code or row.

    Returns
    -------
    result : Result
        With the labels to write it out.
    explanations : tuple of Explanation
        One per parcel of that code.
    """
    named = in_sql([wanted])
    mine = f"row IN (SELECT row FROM parcels WHERE parcel_code IN {named} OR row IN {named})"  # noqa: S608  quoted
    result = read_result(path, findings=mine)
    return result, explain(result, wanted)
