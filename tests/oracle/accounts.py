"""What tables say of one parcel: firms, idle months and tax; see records for the rest."""

from __future__ import annotations

import calendar
import re

from oracle import records
from oracle.shapes import longest_prefix

MU = 666.6667
RUNNING = {"1", "2"}
TAX_COLUMNS = (
    "tax_last",
    "tax_previous",
    "tax_per_mu_last",
    "tax_per_mu_previous",
    "tax_per_mu",
)


class Accounts:
    """The tables of a district and what they say of each parcel (measured on the map before)."""

    def __init__(self, district, parcels):
        self.district = district
        self.parcels = parcels
        self.by_code = {}
        for parcel in parcels:
            if parcel["parcel_code"]:
                self.by_code.setdefault(parcel["parcel_code"], []).append(parcel)
        self.links = [row for row in self.rows("enterprises") if row["firm"] and row["parcel"]]
        self.paid = {}
        for row in self.rows("tax"):
            if row["firm"] and row["tax"] is not None:
                key = (row["firm"], row["year"])
                self.paid[key] = self.paid.get(key, 0.0) + row["tax"]
        self.found = {source: {} for source in district.records}
        for source, found in self.found.items():
            for row in self.links if source == "enterprises" else self.rows(source):
                if row.get("parcel"):
                    found.setdefault(row["parcel"], []).append(row)

    def rows(self, source):
        return self.district.records.get(source, [])

    def covered(self, source, parcel):
        return self.district.covered(source, parcel["town_code"])

    def of_parcel(self, source, parcel):
        """Return the rows of a table that carry the code of a parcel, in their order."""
        return self.found.get(source, {}).get(parcel["parcel_code"], [])

    def measure(self, parcel):
        """Return every measure of a parcel that is read off a table."""
        links = self.of_parcel("enterprises", parcel)
        result = {
            "firm_count": len({row["firm"] for row in links}) or None,
            "idle_months": least_idle(links, RUNNING, self.district.as_of),
            "industry_code": industry(links),
        }
        digits = re.sub(r"\D", "", result["industry_code"] or "")
        result["plot_ratio_control"] = longest_prefix(digits, self.district.rules["control"])
        result["industry_tax_per_mu"] = records.industry_mean(self, result["industry_code"])
        facilities = self.of_parcel("facilities", parcel)
        result["facility_idle_months"] = least_idle(facilities, {"1"}, self.district.as_of)
        result |= self.tax(links, parcel) | records.firm_flags(links)
        result |= records.keyed(self, parcel) | records.listed(self, parcel)
        return result | records.construction(self, parcel, whole_months)

    def tax(self, links, parcel):
        last = self.tax_of_year(links, parcel, self.district.as_of.year - 1)
        previous = self.tax_of_year(links, parcel, self.district.as_of.year - 2)
        mu = parcel["area"] / MU if parcel["area"] else None
        per_mu = [None if not mu or tax is None else tax / mu for tax in (last, previous)]
        known = [tax for tax in per_mu if tax is not None]
        mean = sum(known) / len(known) if known else None
        numbers = zip(TAX_COLUMNS, (last, previous, *per_mu, mean), (4, 4, 6, 6, 6), strict=True)
        result = {name: None if n is None else round(n, places) for name, n, places in numbers}
        result["tax_years"] = sum(tax is not None for tax in (last, previous))
        result["untaxed_years"] = untaxed(last, previous)
        return result

    def tax_of_year(self, links, parcel, year):
        """Return the tax of a parcel in a year; missing where that of any firm is."""
        if not links or not self.covered("tax", parcel):
            return None
        total = 0.0
        for row in links:
            paid, share = self.paid.get((row["firm"], year)), self.share(row, parcel)
            if paid is None or share is None:
                return None
            total += paid * share
        return total

    def share(self, link, parcel):
        """Return the part of a firm's tax that falls on one of its parcels."""
        joined = [
            (row, matched)
            for row in self.links
            if row["firm"] == link["firm"]
            for matched in self.by_code.get(row["parcel"], [None])
        ]
        occupied = [row["occupied"] for row, _ in joined]
        if all(area is not None for area in occupied) and sum(occupied) > 0:
            return link["occupied"] / sum(occupied)
        areas = [matched["area"] for _, matched in joined if matched is not None]
        if any(area is None for area in areas) or sum(areas) <= 0:
            return None
        return parcel["area"] / sum(areas)


def least_idle(rows, running, as_of):
    """Return the months idle of all together: one running is enough for none."""
    months = [months_idle(row, running, as_of) for row in rows]
    if not months:
        return None
    if 0 in months:
        return 0
    return None if None in months else min(months)


def months_idle(row, running, as_of):
    if row["status"] is None:
        return None
    if row["status"] in running:
        return 0
    return None if row["stopped"] is None else whole_months(row["stopped"], as_of)


def whole_months(start, end):
    """Return whole months from a day to another; a month is whole on its last day."""
    months = (end.year - start.year) * 12 + end.month - start.month
    last_day = calendar.monthrange(end.year, end.month)[1]
    if start.day > end.day and end.day != last_day:
        months -= 1
    return max(months, 0)


def industry(links):
    """Return the industry of the firm that occupies most of a parcel."""
    if not links:
        return None
    return min(links, key=lambda row: (-(row["occupied"] or 0.0), row["firm"]))["industry"]


def untaxed(last, previous):
    """Return for how many years back no tax was paid."""
    if last is None:
        return None
    if last > 0:
        return 0
    if previous is None:
        return None
    return 1 if previous > 0 else 2
