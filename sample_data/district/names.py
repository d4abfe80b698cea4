"""Invented names of firms and people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .cadastre import credit_code

if TYPE_CHECKING:
    from numpy.random import Generator

_FIRST = "瑞泓恒盛鼎鑫宏昌润泰嘉凯亿佳铭祥澜启腾德隆正华信永锦旺康景骏"
_SECOND = "沽柳源达成利丰和兴远诚通海川泽程翔业晟博瀚安彤岳岩捷洋飞策阳"
_TRADES = {
    "C3311": "金属制品",
    "C3130": "钢管",
    "C2922": "塑料制品",
    "C3484": "机械配件",
    "C3670": "汽车零部件",
    "C3770": "自行车",
    "C2110": "家具",
    "C3824": "电气设备",
    "C1491": "食品",
    "C2231": "包装制品",
    "C3021": "水泥制品",
    "C2669": "新材料",
    "G5990": "仓储服务",
}
INDUSTRIES = tuple(_TRADES)
INDUSTRY_SHARES = (0.24, 0.15, 0.09, 0.1, 0.07, 0.1, 0.05, 0.06, 0.03, 0.04, 0.03, 0.04, 0.0)
_SHOPS = {
    "F5211": "百货商场",
    "F5212": "超市",
    "H6210": "餐饮管理",
    "H6110": "酒店管理",
    "K7040": "商业管理",
    "F5261": "汽车销售服务",
}
SHOPS = tuple(_SHOPS)
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜"
_CODE_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


class Register:
    """Hands out names and credit codes, none twice."""

    def __init__(self, random: Generator) -> None:
        self._random = random
        self._names: set[str] = set()
        self._codes: set[str] = set()

    def firm(self, industry: str) -> tuple[str, str]:
        """Return a new firm name and its unified social credit code."""
        trade = _TRADES.get(industry) or _SHOPS[industry]
        while True:
            pick = self._random.integers
            word = _FIRST[pick(len(_FIRST))] + _SECOND[pick(len(_SECOND))]
            tail = "有限责任公司" if self._random.random() < 0.08 else "有限公司"
            name = f"天津{word}{trade}{tail}"
            serial = "MA" + "".join(_CODE_SIGNS[k] for k in pick(len(_CODE_SIGNS), size=6))
            code = credit_code(serial)
            if name not in self._names and code not in self._codes:
                self._names.add(name)
                self._codes.add(code)
                return name, code

    def person(self) -> str:
        """Return a masked name of a person."""
        return _SURNAMES[self._random.integers(len(_SURNAMES))] + "某某"
