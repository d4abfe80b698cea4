"""The hand-placed parcels: what each of them shows, in numbers a person can check by hand."""

from __future__ import annotations

from dataclasses import dataclass

# A building in the frame of its lot: u, v of a corner, length, depth, storeys, storey height.
House = tuple[float, float, float, float, int | None, float | None]
# A firm: tax of 2022 and 2023 in 10,000 yuan per mu (None: no record), state, stop date.
Business = tuple[float | None, float | None, str, str]

FULL: tuple[House, ...] = ((15, 10, 50, 80, 2, None),)
LOW: tuple[House, ...] = ((20, 20, 40, 60, 1, None),)
MIDDLE: tuple[House, ...] = ((18, 25, 44, 50, 2, None),)
RUNNING: tuple[Business, ...] = ((20, 20, "正常", ""),)
# 1,500 m² are 2.25 mu, 8,000 m² are 12 mu.


def stopped(day: str) -> tuple[Business, ...]:
    """Return one firm that stopped on a day."""
    return ((20, 20, "停产", day),)


def slabs(count: int, length: float, pitch: float, storeys: int) -> tuple[House, ...]:
    """Return parallel slabs 10 m deep, one above the other."""
    return tuple((10, 6 + k * pitch, length, 10, storeys, None) for k in range(count))


@dataclass(frozen=True)
class Case:
    """One hand-placed parcel; lengths in metres in the frame of the quarter."""

    number: int
    u: float
    v: float
    shows: str
    expected: str
    width: float = 80.0
    depth: float = 100.0
    houses: tuple[House, ...] = FULL
    firms: tuple[Business, ...] = RUNNING
    right: str = "GB"
    use: str = "0601"
    survey: str = "0601"
    type: str = "industrial"
    planned: str = "100101"
    planned_ratio: float = 2.0
    assigned: str = ""
    owner: str = ""
    site: str = "quarter"
    industry: str = "C3311"
    year: int = 2008


A, B, C, D, E = 0.0, 112.0, 224.0, 336.0, 454.0
NOT = "不低效"
LOWUSE = "低效"
CASES: tuple[Case, ...] = (
    Case(1, 0, A, "容积率 0.30，低于 0.42（强）", LOWUSE, houses=LOW),
    Case(
        2,
        80,
        A,
        "容积率 0.55 且税收 2 万元/亩（两项弱）",
        LOWUSE,
        houses=MIDDLE,
        firms=((2, 2, "正常", ""),),
    ),
    Case(3, 160, A, "仅容积率 0.55（一项弱）", NOT, houses=MIDDLE),
    Case(
        4,
        240,
        A,
        "企业无任何税收记录，容积率 0.55",
        "数据不足（缺税收）",
        houses=MIDDLE,
        firms=((None, None, "正常", ""),),
    ),
    Case(5, 320, A, "2022-06-01 起停产（全部企业）", LOWUSE, firms=stopped("2022-06-01")),
    Case(6, 400, A, "2023-03-31 停产，恰满 12 个月", LOWUSE, firms=stopped("2023-03-31")),
    Case(7, 480, A, "2023-04-15 停产，11 个月", NOT, firms=stopped("2023-04-15")),
    Case(8, 560, A, "两年税收均为零", LOWUSE, firms=((0, 0, "正常", ""),)),
    Case(9, 640, A, "永久基本农田占 60%，容积率 0.30", "排除", houses=LOW),
    Case(10, 720, A, "永久基本农田占 20%，容积率 0.30", "低效，重叠部分不计", houses=LOW),
    Case(11, 0, B, "生态保护红线占 70%，容积率 0.30", "排除", houses=LOW),
    Case(
        12,
        80,
        B,
        "调查地类与登记用途均为 09 特殊用地",
        "排除",
        use="09",
        survey="09",
        type="special",
        firms=(),
    ),
    Case(
        13,
        175,
        B + 40,
        "面积 150 m²",
        "面积过小，列表不删除",
        width=10,
        depth=15,
        houses=((2, 2.5, 5, 10, 3, None),),
    ),
    Case(14, 200, B, "地上没有建筑", "低效（容积率 0）", houses=()),
    Case(
        16,
        280,
        B,
        "两家企业：税收 2.5 + 3.0 = 5.5 万元/亩，容积率 0.55",
        "不低效（税收相加后过线）",
        houses=MIDDLE,
        firms=((2.5, 2.5, "正常", ""), (3, 3, "正常", "")),
    ),
    Case(17, 360, B, "一家企业用两宗地（17、18），面积 2∶1，税收按面积分摊", NOT),
    Case(
        18,
        440,
        B,
        "同 17（面积 4 000 m²）",
        NOT,
        width=40,
        houses=((5, 10, 25, 80, 2, None),),
        firms=(),
    ),
    Case(
        19,
        480,
        B,
        "两家企业，一家早已停产，一家正常",
        NOT,
        firms=((0, 0, "停产", "2020-05-01"), (20, 20, "正常", "")),
    ),
    Case(
        20,
        560,
        B,
        "容积率恰为 0.42（= 0.6 × 0.7）",
        "不低效（强标准要求小于，仅一项弱）",
        houses=((20, 29, 40, 42, 2, None),),
    ),
    Case(
        21,
        640,
        B,
        "单层厂房层高 9 m，基底 40%，加倍计 0.8",
        NOT,
        houses=((20, 10, 40, 80, 1, 9.0),),
    ),
    Case(
        22,
        720,
        B,
        "两个建筑轮廓重叠一半，合并后 0.75",
        NOT,
        houses=((10, 25, 40, 50, 2, None), (30, 25, 40, 50, 2, None)),
    ),
    Case(
        23,
        0,
        C,
        "一幢建筑缺层数",
        "缺层数不得当作 0：不低效或数据不足",
        houses=((5, 30, 40, 40, 2, None), (47, 30, 30, 40, None, None)),
    ),
)
