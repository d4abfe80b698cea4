"""What the tables of later criteria say of one parcel: lists, contracts, lettings, its village."""

from __future__ import annotations

import calendar

from oracle.measuring import longest_prefix

MU = 666.6667
IDLE = {"2", "3"}
LISTS = {
    "idle_land": "idle_land",
    "title_disputes": "title_dispute",
    "seizures": "seized",
    "polluted_sites": "polluted_site",
    "urban_villages": "urban_village",
}
KEYED = {
    "performance": {
        "coefficient": "building_coefficient",
        "output": "output_per_mu",
        "investment": "investment_per_mu",
    },
    "supply": {"agreed": "contract_investment_per_mu"},
    "leases": {"let": "let_share", "tenants": "untaxed_tenants"},
    "vacancy": {"vacancy": "vacancy_rate", "months": "vacant_months"},
    "facilities": {"utilisation": "utilisation", "surplus": "surplus_facility"},
}
MARKS = {
    "phase_out": "phase_out_firm", "unsafe": "unsafe_firm", "polluting": "polluting_firm",
}  # fmt: skip


class Inquiries:
    """The tables of a district, asked for one parcel."""

    def __init__(self, accounts):
        self.accounts = accounts
        self.district = accounts.district

    def rows_of(self, source, parcel):
        """Return the rows of a table with the parcel's code, whatever towns it covers."""
        if parcel["parcel_code"] is None:
            return []
        rows = self.accounts.rows(source)
        return [row for row in rows if row["parcel"] == parcel["parcel_code"]]

    def measure(self, parcel, links, digits):
        result = self.listed(parcel) | self.keyed(parcel)
        for mark, name in MARKS.items():
            known = [row.get(mark) for row in links]
            result[name] = "1" in known or (None if None in known or not known else False)
        means = {row["industry"]: row["mean"] for row in self.accounts.rows("industry_means")}
        result["industry_tax_per_mu"] = longest_prefix(digits, means)
        result |= self.construction(parcel) | self.village(parcel)
        wishes = self.rows_of("wishes", parcel)
        result["difficulty_kind"] = (wishes[0]["kind"] or "99") if wishes else None
        result["difficulty"] = wishes[0]["difficulty"] if wishes else None
        return result

    def listed(self, parcel):
        result = {}
        for source, name in LISTS.items():
            on_list = bool(self.rows_of(source, parcel))
            known = parcel["parcel_code"] and self.accounts.covered(source, parcel)
            result[name] = True if on_list else (False if known else None)
        return result

    def keyed(self, parcel):
        result = {}
        for source, columns in KEYED.items():
            rows = self.rows_of(source, parcel)
            for column, name in columns.items():
                result[name] = rows[0][column] if rows else None
        return result

    def construction(self, parcel):
        rows = self.rows_of("supply", parcel)
        state = rows[0]["construction"] if rows else None
        completed = parcel["completed_on"]
        if state is None and completed is not None and completed <= self.district.as_of:
            state = "3"
        covered = parcel["parcel_code"] and self.accounts.covered("supply", parcel)
        if state is None and covered and not rows:
            state = "0"
        start = (rows[0]["start"] if rows else None) or parcel["agreed_start"]
        months = None if start is None else whole_months(start, self.district.as_of)
        return {"construction_state": state, "months_since_agreed_start": months}

    def village(self, parcel):
        village = (parcel["village_code"] or "")[:12] or None
        states = self.states_of(village)
        share = round(sum(s in IDLE for s in states) / len(states), 6) if states else None
        result = {"idle_homestead_share": share}
        result |= {"village_land_per_head": None, "village_kind": None}
        for row in self.accounts.rows("villages"):
            if village and (row["village"] or "")[:12] == village:
                result["village_kind"] = row["kind_of_village"]
                if row["people"] and row["land"] is not None:
                    result["village_land_per_head"] = round(row["land"] / row["people"], 4)
                break
        return result

    def states_of(self, village):
        """Return the known states of the homesteads of a village, one for each parcel code."""
        if not hasattr(self.accounts, "states"):
            self.accounts.states = {}
            seen = set()
            for row in self.accounts.rows("homesteads"):
                found = self.accounts.by_code.get(row["parcel"])
                if found and row["state"] is not None and row["parcel"] not in seen:
                    seen.add(row["parcel"])
                    place = (found[0]["village_code"] or "")[:12]
                    self.accounts.states.setdefault(place, []).append(row["state"])
        return self.accounts.states.get(village, [])


def whole_months(start, end):
    """Return whole months from a day to another; a month is whole on its last day."""
    months = (end.year - start.year) * 12 + end.month - start.month
    last_day = calendar.monthrange(end.year, end.month)[1]
    if start.day > end.day and end.day != last_day:
        months -= 1
    return max(months, 0)
