"""The parcel as the cadastre knows it, and its codes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapely import Polygon

USES = {
    "industrial": ("0601",),
    "commercial": ("0501", "0501", "0502", "0504", "0505", "0507"),
    "residential": ("0701",),
    "facility": ("0801", "0803", "0804", "0805", "0807", "0809"),
    "special": ("09",),
}
SURVEY_CLASS = {
    "0601": "0601",
    "0602": "0602",
    "0604": "0508",
    "0701": "0701",
    "0702": "0702",
    "0801": "08H1",
    "0802": "08H1",
    "0803": "08H2",
    "0804": "08H2",
    "0805": "08H2",
    "0807": "08H2",
    "0809": "0809",
    "0810": "0810",
    "09": "09",
    "1201": "1201",
}


@dataclass
class Parcel:
    """One parcel with everything the generator decides about it."""

    shape: Polygon | None
    town: str
    village: str
    right: str
    use: str
    survey_class: str
    zone: str
    block: int
    year: int = 2000
    turn: float | None = None
    number: int = 0
    sub_region: int = 1
    code: str = ""
    true_code: str = ""
    case: int = 0
    type: str = "industrial"
    plot_ratio: float = 1.0
    owner: str = ""
    owner_kind: str = ""
    credit_code: str = ""
    registered_area: float | None = None
    assigned_type: str = ""
    remark: str = ""
    town_written: bool = True
    firms: list[int] = field(default_factory=list)
    buildings: list[int] = field(default_factory=list)

    @property
    def is_homestead(self) -> bool:
        """Tell whether this is a homestead."""
        return self.right == "JC"


def survey_class_of(use: str) -> str:
    """Return the class of the land survey that a registered use normally has."""
    return SURVEY_CLASS.get(use, "05H1" if use.startswith("05") else use)


def parcel_code(town: str, sub_region: int, right: str, number: int) -> str:
    """Return the 19-place parcel code (宗地代码)."""
    return f"{town}{sub_region:03d}{right}{number:05d}"


_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION = (3, 7, 9, 10, 5, 8, 4, 2)


def _value(sign: str) -> int:
    return int(sign) if sign.isdigit() else ord(sign) - 55


def credit_code(serial: str) -> str:
    """Return a unified social credit code with right check signs (GB 32100, GB 11714).

    Parameters
    ----------
    serial
        The eight signs of the organisation code, such as ``MA06XK2J``.
    """
    rest = 11 - sum(_value(s) * w for s, w in zip(serial, _ORGANISATION, strict=True)) % 11
    body = f"91120118{serial}" + {10: "X", 11: "0"}.get(rest, str(rest))
    total = sum(_ALPHABET.index(s) * w for s, w in zip(body, _WEIGHTS, strict=True))
    return body + _ALPHABET[(31 - total % 31) % 31]
