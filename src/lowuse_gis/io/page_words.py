"""The words on the page of a map, in the user's language."""

from __future__ import annotations

from lowuse_gis.language import _


def page_words() -> dict[str, str]:
    """Return every word that the page's script shows.

    Returns
    -------
    dict
        By the name under which the script knows it.
    """
    return {
        "legend": _("Legend and parcels in view"),
        "filters": _("Filters"),
        "search": _("Search"),
        "search_hint": _("parcel code, owner or place"),
        "found": _("{count} found"),
        "colour_by": _("Colour by"),
        "verdict": _("Verdict"),
        "type": _("Type"),
        "town": _("Town"),
        "productivity": _("Productivity map of the district"),
        "criterion": _("Criterion met"),
        "problem": _("Problem"),
        "all": _("all"),
        "reset": _("Reset"),
        "units": _("Redevelopment units"),
        "legacy": _("Historical legacy"),
        "area": _("Area"),
        "hectares": _("ha"),
        "mu": _("mu"),
        "in_view": _("In view: {count} parcels, {area} ha"),
        "list": _("Largest low-use parcels in view"),
        "close": _("Close"),
        "location": _("Location"),
        "owner": _("Owner"),
        "why": _("Why"),
        "missing": _("Missing"),
        "ask": _("Ask"),
        "flags": _("Noted"),
        "so_far": _("Decision of the town"),
        "problems": _("Problems"),
        "unit": _("Unit"),
        "unknown": _("not known"),
        "not_asked": _("other types"),
        "less": _("below {value}"),
        "more": _("{value} and more"),
        "measure": _("Measure"),
        "measure_hint": _("Click points on the map; Esc ends."),
        "measured": _("{length} m; {area} m² ({mu} mu)"),
        "print": _("Print"),
        "whole": _("Whole district"),
        "no_parcels": _("This result has no parcels."),
        "no_webgl": _("This browser cannot draw maps (WebGL is off); lists and search still work."),
        "no_shape": _("This parcel has no shape."),
        "as_of": _("As of {date}; {rules}"),
        "loading": _("Loading …"),
    }
