"""The hand-placed parcels from number 51 on: narrow lots, a table to ask for each."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .cases import LOWUSE, Case, D, E
from .more_cases import EARLIER_CASES

FULL: tuple = ((5, 10, 25, 80, 2, None),)
LOW: tuple = ((10, 35, 20, 60, 1, None),)
MIDDLE: tuple = ((9, 25, 22, 50, 2, None),)
# 4,000 m² are 6 mu.


@dataclass(frozen=True)
class Answers:
    """What the bureaus' tables say of a hand-placed parcel.

    Attributes
    ----------
    coefficient, output, investment
        Building coefficient in %, output and investment in 10,000 yuan per mu.
    contract
        Investment agreed in the contract, 10,000 yuan per mu.
    state, start
        State of construction, and the day it should have begun.
    let, tenants
        Share let in %, and tenants that pay no tax here.
    vacancy, months
        Share of floor space that is empty in %, and for how many months.
    use, surplus
        Rate of use of a facility in %, and whether it is surplus.
    marks
        The firm is: phased out, unsafe, polluting.
    lists
        Lists the parcel is on.
    """

    coefficient: float = 45
    output: float = 400
    investment: float = 220
    contract: float = 200
    state: str = "已竣工"
    start: str = ""
    let: float = 0
    tenants: int = 0
    vacancy: float = 10
    months: int = 0
    use: float = 75
    surplus: str = "否"
    marks: tuple[str, str, str] = ("否", "否", "否")
    lists: tuple[str, ...] = ()


def _lot(number: int, u: float, v: float, shows: str, expected: str, **given: object) -> Case:
    plain = Case(number, u, v, shows, expected, width=40, houses=FULL)
    return replace(plain, **given)


def _shop(houses: tuple, tax: float) -> dict[str, object]:
    return {
        "houses": houses,
        "firms": ((tax, tax, "正常", ""),),
        "use": "0501",
        "survey": "05H1",
        "type": "commercial",
        "planned": "0901",
        "industry": "F5211",
    }


_SCHOOL = {
    "use": "0804", "survey": "08H2", "type": "facility", "planned": "0804", "firms": (),
}  # fmt: skip
_HOMES = {
    "use": "0701", "survey": "0701", "type": "residential", "planned": "070102", "firms": (),
}  # fmt: skip


def _unasked(number: int, u: float, shows: str, **given: object) -> Case:
    """Return a lot of the town that has supplied nothing: every criterion is unknown."""
    bare = _lot(number, u, 0, shows, "数据不足", houses=(), firms=(), planned="", site="bend")
    return replace(bare, **given)


BELOW_MEAN = ((5.2, 5.2, "正常", ""),)

ALL_CASES: tuple[Case, ...] = (
    *EARLIER_CASES,
    _lot(
        51,
        640,
        D,
        "税收 5.2 万元/亩，不到行业均值 10.8 的一半；容积率 0.55",
        "低效（两项弱）",
        houses=MIDDLE,
        firms=BELOW_MEAN,
    ),
    _lot(
        52,
        680,
        D,
        "建筑系数 25%，地均产出 100 万元/亩，两家企业",
        "低效（两项弱），难点为一地多企",
        firms=((8, 8, "正常", ""), (12, 12, "正常", "")),
    ),
    _lot(53, 160, E, "投资强度 50，约定 100 万元/亩", "不低效（仅一项弱）"),
    _lot(54, 320, E, "企业属淘汰类", LOWUSE),
    _lot(55, 360, E, "企业环保不达标", "低效，难点为环保"),
    _lot(56, 200, E, "出租 80%，两家承租企业不在本地纳税", "不低效，有提示"),
    _lot(
        57, 400, E, "商业空置 60% 已 18 个月，税收 1 万元/亩", "低效（两项弱）", **_shop(FULL, 1.0)
    ),
    _lot(58, 720, D, "住宅，列入城中村清单", LOWUSE, **_HOMES),
    _lot(59, 240, E, "学校使用率 20%", "不低效（仅一项弱）", **_SCHOOL),
    _lot(60, 280, E, "学校已撤并，仍在用", "不低效，有提示", **_SCHOOL),
    _lot(61, 440, E, "在建，容积率 0.30", "排除", houses=LOW),
    _lot(62, 560, E, "约定 2023-06-30 开工，尚未开工", "排除（建设期内）", houses=()),
    _lot(63, 600, E, "列入权属争议清单，容积率 0.30", "排除，难点为权属争议", houses=LOW),
    _lot(64, 640, E, "已认定闲置土地，没有建筑", "排除（按闲置土地处置）", houses=()),
    _lot(65, 760, D, "一半在文物保护范围内，容积率 0.30", "低效，有提示", houses=LOW),
    _unasked(66, 160, "商业，什么都没有报来", use="0501", survey="05H1", type="commercial"),
    _unasked(
        67, 200, "住宅，列入老旧小区，建筑未调查", use="0701", survey="0701", type="residential"
    ),
    _unasked(68, 240, "学校，什么都没有报来", use="0804", survey="08H2", type="facility"),
    _unasked(
        69,
        280,
        "宅基地，什么都没有报来",
        use="0702",
        survey="0702",
        type="village",
        right="JC",
        assigned="05",
    ),
    _unasked(70, 320, "工业，没有企业记录，什么都没有报来"),
    _lot(
        71,
        682,
        E + 40,
        "宅基地 225 m²，正常使用；柳桥村不空心、不超标、保留",
        "不低效",
        width=15,
        depth=15,
        houses=(),
        firms=(),
        use="0702",
        survey="0702",
        type="village",
        right="JC",
        assigned="05",
        planned="",
    ),
)
UNASKED = frozenset(range(66, 71))
ANSWERS: dict[int, Answers] = {
    52: Answers(coefficient=25, output=100),
    53: Answers(investment=50, contract=100),
    54: Answers(marks=("是", "否", "否")),
    55: Answers(marks=("否", "否", "是")),
    56: Answers(let=80, tenants=2),
    57: Answers(vacancy=60, months=18),
    58: Answers(lists=("城中村",)),
    59: Answers(use=20),
    60: Answers(surplus="是"),
    61: Answers(state="在建", start="2023-03-01"),
    62: Answers(state="未开工", start="2023-06-30"),
    63: Answers(lists=("权属争议",)),
    64: Answers(lists=("闲置土地",)),
    45: Answers(lists=("污染地块",)),
    46: Answers(lists=("查封",)),
    5: Answers(marks=("否", "是", "否")),
}
PLAIN = Answers()
# What the towns wrote of hand-placed parcels: the difficulty and its kind.
DIFFICULTIES = {
    2: ("资金不足", "05"),
    8: ("历史手续缺失", "08"),
    10: ("被法院查封", "09"),
    36: ("政策口径不明", "11"),
    47: ("补偿标准谈不拢", "10"),
}


def answers_of(case: int) -> Answers:
    """Return what the tables say of a hand-placed parcel."""
    return ANSWERS.get(case, PLAIN)
