"""Wrong values, each with the codes it must give; and values just inside the limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from deliveries.model import Wrong

if TYPE_CHECKING:
    from collections.abc import Callable

    from seeding.plan import Plan

MU, HECTARE = 666.6667, 10_000.0
Record = "dict[str, Any]"


@dataclass(frozen=True)
class Sort:
    """A sort of wrong value.

    Attributes
    ----------
    layer
        Where it stands.
    change
        Makes the new values of a record.
    found
        Codes, each with the column it must name; none where the value is harmless.
    follows
        Codes that the same value gives by their definitions.
    good
        Which records it can be done to.
    value
        The measured value of the first code.
    """

    layer: str
    change: Callable[[Any], dict[str, object]]
    found: dict[str, str] = field(default_factory=dict)
    follows: dict[str, str] = field(default_factory=dict)
    good: Callable[[Any], bool] = lambda _record: True
    value: float | None = None


def _small(record: Any) -> bool:
    return record["TBMJ"] < 9_000


def _large(record: Any) -> bool:
    return 40_000 < record["TBMJ"] < 90_000


def _off(step: float) -> Callable[[Any], dict[str, object]]:
    """Change a survey area, and with it the class area."""

    def change(record: Any) -> dict[str, object]:
        size = round(record["TBMJ"] + step, 2)
        return {"TBMJ": size, "TBDLMJ": size}

    return change


def _share(step: float) -> Callable[[Any], dict[str, object]]:
    return lambda r: _off(r["TBMJ"] * step)(r)


def _area(factor: float) -> Callable[[Any], dict[str, object]]:
    return lambda r: {"ZDMJ": round(r["ZDMJ"] * factor, 2)}


def _last(code: str, signs: str = "AB") -> str:
    return code[:-1] + (signs[0] if code[-1] != signs[0] else signs[1])


def _code(make: Callable[[str], str]) -> Callable[[Any], dict[str, object]]:
    """Change a parcel code, without a unit code that would contradict."""
    return lambda r: {"ZDDM": make(r["ZDDM"]), "BDCDYH": None}


def _set(**values: object) -> Callable[[Any], dict[str, object]]:
    return lambda _record: values


def _long_edge(record: Any) -> bool:
    return record["ZDMJ"] > 1_000


P, S, B = "parcels", "survey", "buildings"
FIELD = {"CZCSXM": None}
SORTS: dict[str, Sort] = {
    # what is missing
    "use missing": Sort(P, _set(YT=None), {"3104": "registered_use"}),
    "area missing": Sort(P, _set(ZDMJ=None), {"3104": "registered_area"}),
    "code missing": Sort(P, _set(ZDDM=None, BDCDYH=None), {"3104": "parcel_code"}),
    "class missing": Sort(S, _set(DLBM=None, **FIELD), {"3104": "survey_class"}),
    "ownership missing": Sort(S, _set(QSXZ=None), {"3104": "survey_ownership"}),
    "identifier missing": Sort(S, _set(BSM=None), {"3104": "survey_id"}),
    "year missing": Sort(S, _set(SJNF=None)),
    "remark missing": Sort(P, _set(BZ=None)),
    # codes that no list has
    "use unlisted": Sort(P, _set(YT="0699"), {"3201": "registered_use"}),
    "survey class as use": Sort(P, _set(YT="05H1"), {"3201": "registered_use"}),
    "right unlisted": Sort(P, _set(QLXZ="110"), {"3201": "right_nature"}),
    "owner unlisted": Sort(P, _set(QLRLX="7"), {"3201": "owner_kind"}),
    "class unlisted": Sort(S, _set(DLBM="0105", **FIELD), {"3201": "survey_class"}),
    "ownership unlisted": Sort(S, _set(QSXZ="50"), {"3201": "survey_ownership"}),
    "settlement unlisted": Sort(S, _set(CZCSXM="206"), {"3201": "settlement"}),
    # numbers out of range, and at the edge of it
    "plot ratio 20.5": Sort(P, _set(HTRJL=20.5), {"3202": "contract_plot_ratio"}),
    "plot ratio below 0": Sort(P, _set(HTRJL=-0.5), {"3202": "contract_plot_ratio"}),
    "plot ratio 20": Sort(P, _set(HTRJL=20.0)),
    "61 storeys": Sort(B, _set(CS=61.0), {"3202": "storeys"}),
    "60 storeys": Sort(B, _set(CS=60.0)),
    "built in 1899": Sort(B, _set(JGND=1899), {"3202": "built_year"}),
    "built in 1900": Sort(B, _set(JGND=1900)),
    # codes of the wrong form
    "letter l": Sort(P, _code(lambda c: c[:11] + "l" + c[12:]), {"3203": "parcel_code"}),
    "one digit short": Sort(P, _code(lambda c: c[:-1]), {"3203": "parcel_code"}),
    "homestead of the state": Sort(
        P, _code(lambda c: c[:12] + "GC" + c[14:]), {"3203": "parcel_code"}
    ),
    "number zero": Sort(P, _code(lambda c: c[:14] + "00000"), {"3203": "parcel_code"}),
    "another county": Sort(P, _code(lambda c: "130682" + c[6:]), {"3203": "parcel_code"}),
    "county before 2015": Sort(P, _code(lambda c: "120223" + c[6:])),
    "temporary code": Sort(P, _code(lambda c: "LS" + c[:12] + c[14:])),
    "place of 17 digits": Sort(
        S, lambda r: {"ZLDWDM": r["ZLDWDM"][:17]}, {"3203": "village_code"}
    ),
    # units of area
    "area in mu": Sort(
        P, _area(1 / MU), {"3204": ""}, {"3405": "the number is not that of square metres"},
        good=_long_edge,
    ),
    "area in hectares": Sort(
        P, _area(1 / HECTARE), {"3204": ""}, {"3405": "the number is not that of square metres"},
        good=lambda r: r["ZDMJ"] > 5_000,
    ),
    # codes with check digits, and what hangs together
    "check digit": Sort(P, lambda r: {"USCC": _last(r["USCC"])}, {"3205": ""}),
    "sign no credit code has": Sort(
        P, lambda r: {"USCC": r["USCC"][:9] + "I" + r["USCC"][10:]}, {"3205": ""}
    ),
    "no credit code": Sort(P, _set(USCC=None)),
    "unit of another parcel": Sort(
        P, lambda r: {"BDCDYH": r["ZDDM"][:-1] + "XW00000000"}, {"3206": ""}
    ),
    "unit that counts nothing": Sort(
        P, lambda r: {"BDCDYH": r["ZDDM"] + "W00000001"}, {"3206": ""}
    ),
    "unit of a house": Sort(P, lambda r: {"BDCDYH": r["ZDDM"] + "F00010001"}),
    "from a spreadsheet": Sort(
        P, _set(USCC="9.11202E+17"), {"3207": "credit_code"},
        {"3205": "what is left of the code fails its check"},
    ),
    # how values are written
    "text of 60 bytes in 60": Sort(P, _set(ZL="静海区" * 10), {"3103": "location"}),
    "text of 58 bytes in 60": Sort(P, _set(ZL=("静海区" * 10)[1:])),
    "full-width kind": Sort(P, _set(QLRLX="２"), {"3208": "owner_kind"}),
    "spaces in a name": Sort(S, _set(ZLDWMC=" 第009村"), {"3208": "village_name"}),
    "date not understood": Sort(P, _set(GDSJ="零九年"), {"3209": "supplied_on"}),
    "date in another form": Sort(P, _set(GDSJ="2009.6.30")),
    # codes that contradict each other
    "village of another town": Sort(
        P, lambda r: {"CJDM": "120118999" + r["CJDM"][9:]}, {"3301": ""}
    ),
    "survey of another county": Sort(
        S, lambda r: {"ZLDWDM": "130682" + r["ZLDWDM"][6:]}, {"3301": ""}
    ),
    "exclave": Sort(S, lambda r: {"ZLDWDM": "130682" + r["ZLDWDM"][6:], "FRDBS": "1"}),
    # settlement and class
    "industry apart on a field": Sort(S, _set(DLBM="0102", CZCSXM="203A"), {"3303": ""}),
    "storage apart": Sort(S, _set(DLBM="0508", CZCSXM="202A")),
    "mine that is housing": Sort(S, _set(DLBM="0701", CZCSXM="204"), {"3303": ""}),
    "vacant land of a mine": Sort(S, _set(DLBM="1201", CZCSXM="204")),
    "special use that is none": Sort(S, _set(DLBM="0809", CZCSXM="205"), {"3303": ""}),
    "rural road in a town": Sort(S, _set(DLBM="1006", CZCSXM="202"), {"3303": ""}),
    "railway in a village": Sort(S, _set(DLBM="1001", CZCSXM="203"), {"3303": ""}),
    "power station on a field": Sort(
        S, _set(DLBM="0103", TBXHDM="HDGY", **FIELD), {"3306": ""}
    ),
    "power station": Sort(S, _set(DLBM="0601", TBXHDM="HDGY", CZCSXM="202")),
    "abandoned field": Sort(S, _set(DLBM="0103", TBXHDM="FQ", **FIELD), {"3306": ""}),
    "abandoned mine": Sort(S, _set(DLBM="0602", TBXHDM="FQ", CZCSXM="204")),
    # areas
    "area 1.05 m² too large": Sort(S, _off(1.05), {"3401": ""}, good=_small),
    "area 1.3 m² too small": Sort(S, _off(-1.3), {"3401": ""}, good=_small),
    "area 0.95 m² off": Sort(S, _off(0.95), good=_small),
    "area 0.011 % off": Sort(S, _share(0.00011), {"3401": ""}, good=_large),
    "area 0.009 % off": Sort(S, _share(0.00009), good=_large),
    "class area 0.02 off": Sort(
        S, lambda r: {"TBDLMJ": round(r["TBMJ"] - 0.02, 2)}, {"3402": ""}, value=0.02
    ),
    "class area 0.01 off": Sort(S, lambda r: {"TBDLMJ": round(r["TBMJ"] - 0.01, 2)}),
    "deduction forgotten": Sort(S, _set(KCMJ=12.5), {"3402": ""}, value=12.5),
    "deduction": Sort(S, lambda r: {"KCMJ": 12.5, "TBDLMJ": round(r["TBMJ"] - 12.5, 2)}),
    "registered 0.6 % more": Sort(P, _area(1.006), {"3405": ""}, good=_long_edge),
    "registered 10 % less": Sort(P, _area(0.9), {"3405": ""}, good=_long_edge),
    "registered 0.4 % more": Sort(P, _area(1.004), good=_long_edge),
    "survey of 2021": Sort(S, _set(SJNF=2021), {"8101": ""}, value=2021),
}  # fmt: skip


def sow(plan: Plan, name: str) -> None:
    """Put a wrong value into a record that nothing else is wrong with."""
    sort = SORTS[name]
    at = plan.value_row(sort.layer, sort.good)
    plan.put(sort.layer, at, **sort.change(plan.frame(sort.layer).iloc[at]))
    found = [
        plan.wrong(code, sort.layer, at, column=column, value=sort.value)
        for code, column in sort.found.items()
    ]
    follows = tuple(plan.wrong(code, sort.layer, at) for code in sort.follows)
    plan.sow(name, *found, follows=follows)


def same_code(plan: Plan, layer: str, code: str, good=lambda _a, _b: True, **fields: str) -> None:
    """Give two records the same code."""
    one = plan.value_row(layer)
    first = plan.frame(layer).iloc[one]
    other = plan.value_row(layer, lambda record: good(first, record))
    plan.put(layer, other, **{name: first[name] for name in fields})
    wrong = [plan.wrong(code, layer, at, value=2) for at in (one, other)]
    plan.sow(f"{code} {layer}", *wrong)


def other_town(plan: Plan) -> None:
    at = plan.value_row("parcels")
    towns = sorted(set(plan.frame("towns")["XZQDM"]) - {plan.frame("parcels").loc[at, "XZQDM"]})
    plan.put("parcels", at, XZQDM=towns[0], CJDM=towns[0] + "001")
    plan.sow("2204", plan.wrong("2204", "parcels", at))


def village_total(plan: Plan, step: float, *, found: bool = True) -> None:
    """Change the area of a village, after the areas were balanced."""
    at = plan.value_row("villages")
    right = plan.frame("villages").loc[at, "DCMJ"]
    plan.put("villages", at, DCMJ=round(right + step, 2))
    wrong = Wrong("3403", "village_boundaries", at + 1, value=abs(step), about=0.006)
    plan.sow("3403", *([wrong] if found else []))
