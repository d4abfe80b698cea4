"""The villages that their own criteria make low-use, in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.core.verdict import LOW_USE, UNDETERMINED
from lowuse_gis.language import _

if TYPE_CHECKING:
    import pandas as pd

NAMED = 8


def villages_line(villages: pd.DataFrame | None) -> str:
    """Write how many villages are low-use as a whole, and which.

    Parameters
    ----------
    villages
        One line per village; None where none was judged.

    Returns
    -------
    str
        Empty where there is none.
    """
    if villages is None or not len(villages):
        return ""
    low = villages[villages["verdict"] == LOW_USE]
    names = low["village_name"].where(low["village_name"].notna(), low["village_code"])
    named = "、".join(names.iloc[:NAMED]) + ("…" if len(names) > NAMED else "")
    return _("Villages: {count}, of these low-use {low}{names}, undetermined {open}").format(
        count=len(villages),
        low=len(low),
        names=f"（{named}）" if named else "",
        open=int((villages["verdict"] == UNDETERMINED).sum()),
    )
