"""What becomes of the answers of towns, whatever they were asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

ACCEPTED, KNOWN, LISTED, OPEN, EMPTY = "accepted", "known", "listed", "open", "empty"


def with_states(
    lines: pd.DataFrame,
    faults: Mapping[str, pd.Series],
    *,
    here: pd.Series,
    said: pd.Series,
    known: pd.Series,
    same: pd.Series,
) -> pd.DataFrame:
    """Say what becomes of each line that came back.

    Parameters
    ----------
    lines, faults
        What came back, and a mark per line for each fault, in the order in which towns are told.
    here, said, known
        Whether a line is about something that was asked, says anything, is in the ledger already.
    same
        Equal where two lines are the same answer.

    Returns
    -------
    DataFrame
        The lines with ``state``: ``accepted``, ``known`` (the ledger has it, or the same answer
        stands before it), ``listed`` (with ``faults``, codes joined by semicolons), ``open`` (no
        decision), or ``empty`` (a line about nothing that was asked, which says nothing).
    """
    text = pd.Series("", index=lines.index, dtype="str")
    for code, wrong in faults.items():
        text = text.mask(said & wrong, text + code + ";")
    again = known | same.where(said, "").duplicated()
    state = np.select(
        [~said & ~here, ~said, text != "", again], [EMPTY, OPEN, LISTED, KNOWN], ACCEPTED
    )
    return lines.assign(state=state, faults=text.str.rstrip(";"))
