"""Firms: who uses which parcel, their state and their tax; who owns the parcels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from .cadastre import Parcel, parcel_code
from .ground import MU, rng
from .names import INDUSTRIES, INDUSTRY_SHARES, SHOPS, Register
from .narrow_cases import ALL_CASES
from .towns import TOWN_NAMES

if TYPE_CHECKING:
    from .cases import Business, Case
    from .layout import Layout

STATES = ("正常", "半停产", "停产", "未投产", "注销")


@dataclass
class Firm:
    """One firm; tax in yuan, ``None`` where the year has no record."""

    name: str
    code: str
    industry: str
    state: str = "正常"
    stopped: str = ""
    tax: tuple[int | None, int | None] = (None, None)
    parcels: list[int] = field(default_factory=list)


def settle_firms(found: Layout) -> list[Firm]:
    """Return the firms; parcels get their owners and firm numbers.

    Parameters
    ----------
    found
        The district; its parcels are completed.
    """
    random = rng("firms")
    register = Register(rng("names"))
    firms: list[Firm] = []
    for k, parcel in enumerate(found.parcels):
        if parcel.case or parcel.type not in {"industrial", "commercial"} or parcel.use == "1201":
            continue
        if random.random() < (0.92 if parcel.type == "industrial" else 0.85):
            _occupy(k, parcel, found.parcels, firms, register, random)
    for parcel in found.parcels:
        parcel.code = parcel_code(parcel.town, parcel.sub_region, parcel.right, parcel.number)
        parcel.true_code = parcel.code
    _tax(found.parcels, firms, random)
    _by_hand(found.parcels, firms, register)
    _own(found.parcels, firms, register)
    return firms


def _new(parcel: Parcel, register: Register, random: np.random.Generator) -> Firm:
    if parcel.use == "0604":
        industry = "G5990"
    elif parcel.type == "industrial":
        industry = str(random.choice(INDUSTRIES, p=INDUSTRY_SHARES))
    else:
        industry = str(random.choice(SHOPS))
    return Firm(*register.firm(industry), industry)


def _occupy(
    k: int,
    parcel: Parcel,
    parcels: list[Parcel],
    firms: list[Firm],
    register: Register,
    random: np.random.Generator,
) -> None:
    last = firms[-1] if firms else None
    if last and random.random() < 0.09 and len(last.parcels) < 3:
        other = parcels[last.parcels[-1]]
        if (other.block, other.type, other.use) == (parcel.block, parcel.type, parcel.use):
            last.parcels.append(k)
            parcel.firms.append(len(firms) - 1)
            return
    count = 1 if random.random() > 0.075 else int(random.integers(2, 5))
    for _ in range(count):
        firm = _new(parcel, register, random)
        firm.parcels.append(k)
        _state(firm, random)
        parcel.firms.append(len(firms))
        firms.append(firm)


def _state(firm: Firm, random: np.random.Generator) -> None:
    firm.state = str(random.choice(STATES, p=(0.875, 0.035, 0.06, 0.012, 0.018)))
    if firm.state in {"停产", "注销"} or (firm.state == "半停产" and random.random() < 0.4):
        year = int(random.choice([2020, 2021, 2022, 2023], p=(0.15, 0.25, 0.35, 0.25)))
        firm.stopped = f"{year}-{random.integers(1, 13):02d}-{random.integers(1, 29):02d}"


def _mu(parcel: Parcel) -> float:
    return (parcel.shape.area if parcel.shape else 0.0) / MU


def _tax(parcels: list[Parcel], firms: list[Firm], random: np.random.Generator) -> None:
    for firm in firms:
        first = parcels[firm.parcels[0]]
        land = sum(_mu(parcels[k]) / max(1, len(parcels[k].firms)) for k in firm.parcels)
        middle = 11.5 if first.type == "industrial" else 8.0
        if first.right == "JB":
            middle = 5.0
        rate = middle * float(np.exp(random.normal(0, 0.72)))
        years = []
        for year, drift in ((2022, 1.0), (2023, float(np.exp(random.normal(0.02, 0.16))))):
            idle = firm.stopped != "" and int(firm.stopped[:4]) < year
            value = 0.0 if idle and random.random() < 0.7 else rate * drift * (0.2 if idle else 1)
            years.append(round(10_000 * land * value) if firm.state != "未投产" else 0)
        if random.random() < 0.018:
            years = [0, 0]
        draw = random.random()
        firm.tax = (years[0], years[1])
        if draw < 0.05:
            firm.tax = (None, None)
        elif draw < 0.09:
            firm.tax = (years[0], None) if random.random() < 0.5 else (None, years[1])


def _yuan(rate: float | None, land: float) -> int | None:
    return None if rate is None else round(10_000 * rate * land)


def _by_hand(parcels: list[Parcel], firms: list[Firm], register: Register) -> None:
    """Add the firms of the hand-placed parcels."""
    place = {p.case: k for k, p in enumerate(parcels) if p.case}
    for case in ALL_CASES:
        k = place[case.number]
        land = case.width * case.depth / MU
        if case.number == 17:
            land *= 1.5
        for business in case.firms:
            firm = _business(case, business, land, register)
            firm.parcels = [k] if case.number != 17 else [k, place[18]]
            for j in firm.parcels:
                parcels[j].firms.append(len(firms))
            firms.append(firm)


def _business(case: Case, business: Business, land: float, register: Register) -> Firm:
    first, second, state, stopped = business
    firm = Firm(*register.firm(case.industry), case.industry, state, stopped)
    firm.tax = (_yuan(first, land), _yuan(second, land))
    return firm


def _own(parcels: list[Parcel], firms: list[Firm], register: Register) -> None:
    """Say who holds the title of each parcel."""
    random = rng("owners")
    by_case = {case.number: case for case in ALL_CASES}
    for parcel in parcels:
        town = TOWN_NAMES[parcel.town]
        if parcel.is_homestead:
            parcel.owner, parcel.owner_kind = register.person(), "5"
        elif parcel.firms and (parcel.case or random.random() < 0.9):
            firm = firms[parcel.firms[0]]
            parcel.owner, parcel.credit_code = firm.name, firm.code
            parcel.owner_kind = str(random.choice(["1", "2", "3"], p=(0.08, 0.87, 0.05)))
        elif parcel.right == "JB":
            parcel.owner, parcel.owner_kind = f"{town}某村股份经济合作社", "4"
        elif parcel.type in {"facility", "special"}:
            parcel.owner, parcel.owner_kind = f"{town}公共事业管理中心", "6"
        elif parcel.type == "residential":
            parcel.owner, parcel.owner_kind = f"{town}房地产开发公司（全体业主）", "9"
        else:
            parcel.owner, code = register.firm("C3311")
            parcel.credit_code, parcel.owner_kind = code, "2"
        if parcel.case and by_case[parcel.case].owner:
            parcel.owner, parcel.credit_code = by_case[parcel.case].owner, ""
        if parcel.case == 43:
            parcel.owner, parcel.owner_kind, parcel.credit_code = "天津未详金属制品厂", "2", ""
