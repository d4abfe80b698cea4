"""What towns decided on parcels, and how far they are, on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.console import answers_taken
from lowuse_gis.console.answers_taken import Wording
from lowuse_gis.language import _

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


def wording() -> Wording:
    """Return how what is asked about parcels is called."""
    return Wording("parcel_code", _("parcel"), _faults)


def _faults() -> dict[str, str]:
    return {
        "unknown_parcel": _("no such parcel in the result, or several of that code"),
        "no_decision": _("a reason or file is given, but no decision"),
        "unknown_decision": _("this word is no decision"),
        "no_fingerprint": _("the fingerprint of the verdict is missing"),
        "stale": _("the verdict has changed since the workbook was written"),
        "doubled": _("this parcel has several answers that differ"),
        "no_who": _("who decided is missing"),
        "no_date": _("the date is missing"),
        "bad_date": _("the date is not readable"),
        "no_reason": _("differs from the proposal without a reason"),
    }


def show_status(frame: pd.DataFrame, path: Path) -> None:
    """Show how far the towns are.

    Parameters
    ----------
    frame
        Of ``review_status``.
    path
        The result it was counted in.
    """
    heads = {
        "low_use": _("low-use"),
        "undetermined": _("undetermined"),
        "decided": _("decided"),
        "stale": _("stale"),
        "open": _("open"),
        "others_decided": _("other parcels decided"),
    }
    title = _("Decisions in {result}").format(result=path.name)
    answers_taken.show_status(title, _("town or park"), frame, heads)
