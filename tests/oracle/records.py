"""What keyed tables and lists say of one parcel: contracts, lettings, lists, wishes."""

from __future__ import annotations

import re

from oracle.shapes import longest_prefix

KEYED = {
    "performance": ("building_coefficient", "output_per_mu", "investment_per_mu"),
    "supply": ("contract_investment_per_mu",),
    "leases": ("let_share", "untaxed_tenants"),
    "vacancy": ("vacancy_rate", "vacant_months"),
    "facilities": ("utilisation", "surplus_facility"),
    "homesteads": ("homestead_state",),
    "wishes": (
        "wish", "demand", "difficulty", "difficulty_kind", "tenant_consent", "town_priority",
        "funding",
    ),
}  # fmt: skip
IN_TABLE = {"homestead_state": "state"}
LISTS = {
    "idle_land": "idle_land",
    "title_disputes": "title_dispute",
    "seizures": "seized",
    "polluted_sites": "polluted_site",
    "urban_villages": "urban_village",
    "old_estates": "old_estate",
}
FIRM_FLAGS = ("phase_out_firm", "unsafe_firm", "polluting_firm")
YES, NO = "1", "0"
NONE_DUE, COMPLETED = "0", "3"
KIND_LEFT_BLANK = "99"


def keyed(accounts, parcel):
    """Return the cells of the first row that each table has for the code of a parcel."""
    result = {}
    for source, columns in KEYED.items():
        rows = accounts.of_parcel(source, parcel)
        for column in columns:
            result[column] = rows[0].get(IN_TABLE.get(column, column)) if rows else None
    if result["difficulty_kind"] is None and accounts.of_parcel("wishes", parcel):
        result["difficulty_kind"] = KIND_LEFT_BLANK
    return result


def listed(accounts, parcel):
    """Return whether a parcel is on each list; a list that covers its town is complete."""
    result = {}
    for source, column in LISTS.items():
        if accounts.of_parcel(source, parcel):
            result[column] = True
        else:
            result[column] = False if silent(accounts, source, parcel) else None
    return result


def silent(accounts, source, parcel):
    """Tell whether a complete source was supplied for a parcel with a code and has none of it."""
    coded = parcel["parcel_code"] is not None
    return coded and accounts.covered(source, parcel) and not accounts.of_parcel(source, parcel)


def firm_flags(links):
    """Return whether a firm of the parcel is so; all must be known not to be."""
    result = {}
    for column in FIRM_FLAGS:
        marks = {row[column] for row in links}
        result[column] = True if YES in marks else (False if marks == {NO} else None)
    return result


def industry_mean(accounts, industry_code):
    """Return the mean tax per mu of the longest industry code in the table that fits."""
    means = {}
    for row in accounts.rows("industry_means"):
        if row["industry"]:
            means.setdefault(re.sub(r"\D", "", row["industry"]), row["mean"])
    return longest_prefix(re.sub(r"\D", "", industry_code or ""), means)


def construction(accounts, parcel, whole_months):
    """Return the state of construction and the months since it was agreed to start."""
    rows = accounts.of_parcel("supply", parcel)
    row = rows[0] if rows else {}
    as_of = accounts.district.as_of
    state = row.get("construction_state")
    if state is None and parcel["own_completion"] and parcel["own_completion"] <= as_of:
        state = COMPLETED
    if state is None and silent(accounts, "supply", parcel):
        state = NONE_DUE
    start = row.get("agreed_start") or parcel["own_start"]
    months = whole_months(start, as_of) if start else None
    return {"construction_state": state, "months_since_agreed_start": months}
