"""What towns answered on legacy, on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.console import answers_taken
from lowuse_gis.console.answers_taken import Wording
from lowuse_gis.language import _

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


def wording() -> Wording:
    """Return how what is asked about legacy is called."""
    return Wording("legacy_code", _("legacy code"), _faults)


def _faults() -> dict[str, str]:
    return {
        "unknown_piece": _("no such piece of legacy"),
        "no_decision": _("something is filled in, but no decision"),
        "unknown_decision": _("this word is no decision"),
        "no_fingerprint": _("the fingerprint of the piece is missing"),
        "stale": _("the piece has changed since the workbook was written"),
        "doubled": _("this piece has several answers that differ"),
        "contradicts": _("the ledger has another answer of the same day"),
        "bad_year": _("the year is not readable, or contradicts the decision"),
        "against_period": _("layers of former years say otherwise; give the reason"),
        "unknown_user": _("this word is no kind of user"),
        "no_who": _("who decided is missing"),
        "no_date": _("the date is missing"),
        "bad_date": _("the date is not readable"),
        "no_reason": _("the reason is missing"),
    }


def show_status(frame: pd.DataFrame, path: Path) -> None:
    """Show how far the towns are.

    Parameters
    ----------
    frame
        Of ``asked_status``.
    path
        The pieces it was counted in.
    """
    heads = {
        "pieces": _("pieces"),
        "confirmed": _("confirmed"),
        "refused": _("not legacy"),
        "stale": _("stale"),
        "open": _("open"),
    }
    title = _("Answers in {result}").format(result=path.name)
    answers_taken.show_status(title, _("town"), frame, heads)
