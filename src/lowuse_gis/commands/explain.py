"""``lowuse explain``: the reasoning about one parcel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.io.result import read_result
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
    result = read_result(path)
    return result, explain(result, wanted)
