"""The register of projects: where each stands on a date, what comes next, what is overdue."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

PREPARED, BEGUN, REVITALISED, ENDED = "prepared", "begun", "revitalised", "ended"
ABOUT = ("name", "unit", "parcels", "body", "investment")
COLUMNS = (
    "project", "name", "unit", "parcels", "body", "investment", "gate", "since", "state",
    "next_gate", "responsible", "due", "overdue_days", "passed",
)  # fmt: skip


def register_at(lines: pd.DataFrame, spec: Mapping[str, Any], as_of: date) -> pd.DataFrame:
    """Say where every project stands on a date.

    Parameters
    ----------
    lines
        Of ``ledgers/projects.csv``: a line per gate passed; later lines may correct name, unit,
        parcels, body, investment.
    spec
        ``plan.toml``.
    as_of
        Lines of later dates do not count.

    Returns
    -------
    DataFrame
        A line per project: last ``gate`` and ``since`` when, ``state``, ``next_gate``, who is
        ``responsible`` for it, when it is ``due``, ``overdue_days``, all gates ``passed``.
    """
    gates = [gate["code"] for gate in spec["gate"]]
    known = lines.assign(day=_days(lines["when"]))
    known = known[(known["day"] <= pd.Timestamp(as_of)) & ~unreadable(lines, spec)]
    known = known.sort_values(["day", "line"], kind="stable")
    if not len(known):
        return pd.DataFrame({name: pd.Series(dtype="str") for name in COLUMNS})
    by = known.groupby("project", sort=True)
    about = by[list(ABOUT)].last()  # the last that is not missing
    at = by.last()
    place = at["gate"].map({code: n for n, code in enumerate(gates)})
    following = [_after(spec, int(n)) for n in place]
    table = about.assign(
        gate=at["gate"],
        since=at["day"].dt.date.astype("str"),
        state=[_state(spec, gates, int(n)) for n in place],
        next_gate=[gate.get("code", "") for gate in following],
        responsible=[gate.get("body", "") for gate in following],
        due=[_due(*parts) for parts in zip(at["due"], at["day"], following, strict=True)],
        passed=by["gate"].agg(";".join),
    )
    late = (pd.Timestamp(as_of) - pd.to_datetime(table["due"])).dt.days
    table["overdue_days"] = late.clip(lower=0).fillna(0).astype(int)
    table["investment"] = pd.to_numeric(table["investment"], errors="coerce")
    return table.reset_index()[list(COLUMNS)]


def in_units(register: pd.DataFrame, members: pd.DataFrame, unit_ids: pd.Series) -> pd.DataFrame:
    """Find the unit of each project: by its id, else by most of its parcels.

    Parameters
    ----------
    register
        Projects, with ``unit`` and ``parcels``.
    members, unit_ids
        Parcels of the units, and the units.

    Returns
    -------
    DataFrame
        With ``unit`` as it is now; as it was where there is none.
    """
    unit = register["unit"].astype("str").fillna("")
    lost = register[~unit.isin(unit_ids)]
    named = lost["parcels"].astype("str").fillna("").str.split(";").explode().str.strip()
    codes = members.drop_duplicates("parcel_code").set_index("parcel_code")["unit_id"]
    found = named.map(codes).dropna().rename("unit").rename_axis("at").reset_index()
    most = found.groupby(["at", "unit"]).size().reset_index(name="count")
    most = most.sort_values(["at", "count", "unit"], ascending=[True, False, True])
    best = most.drop_duplicates("at").set_index("at")["unit"]
    return register.assign(unit=best.reindex(register.index).fillna(unit).astype("str"))


def unreadable(lines: pd.DataFrame, spec: Mapping[str, Any]) -> pd.Series:
    """Say which lines of the register name no gate or no date.

    Parameters
    ----------
    lines, spec
        The register, and ``plan.toml``.

    Returns
    -------
    Series of bool
    """
    gates = [gate["code"] for gate in spec["gate"]]
    return ~lines["gate"].isin(gates) | _days(lines["when"]).isna() | lines["project"].isna()


def _days(texts: pd.Series) -> pd.Series:
    return pd.to_datetime(texts, format="%Y-%m-%d", errors="coerce")


def _after(spec: Mapping[str, Any], place: int) -> Mapping[str, Any]:
    gates = spec["gate"]
    return gates[place + 1] if place + 1 < len(gates) else {}


def _state(spec: Mapping[str, Any], gates: list[str], place: int) -> str:
    marks = spec["register"]
    for name, state in (("last", ENDED), ("revitalised", REVITALISED), ("begun", BEGUN)):
        if place >= gates.index(marks[name]):
            return state
    return PREPARED


def _due(told: object, since: pd.Timestamp, gate: Mapping[str, Any]) -> str:
    """Return the day by which the next gate is due; empty where no time is set."""
    if isinstance(told, str) and told.strip():
        return told.strip()
    days = gate.get("days", 0)
    return str((since + timedelta(days=days)).date()) if days else ""
