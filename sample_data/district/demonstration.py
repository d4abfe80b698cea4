"""The demonstration quarter: the hand-placed parcels on the ground."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import LineString, Point, Polygon

from .cadastre import Parcel
from .cases import A, B, C, Case, D, E
from .ground import at
from .narrow_cases import ALL_CASES
from .shapes import Frame
from .streets import Street

if TYPE_CHECKING:
    from .settlements import Settlement

# 0.96 and 0.28 turn by 16.26° and keep round metres round: areas come out exact.
_COS, _SIN = 0.96, -0.28
_TOWN = "120118902"
_SITES = {
    "quarter": (*at(4.85, 1.15), _TOWN),
    "bend": (*at(14.62, 1.78), "120118904"),
    "border": (*at(3.85, 6.98), _TOWN),
    "alone": (*at(1.75, 2.62), _TOWN),
}
_OUTLINES = {
    "quarter": (-12, -12, 812, 566),
    "bend": (-8, -8, 368, 112),
    "border": (0, 0, 80, 100),
    "alone": (0, 0, 30, 50),
}
HOMESTEAD_VILLAGE = "120118902003"


@dataclass
class Demonstration:
    """The sites of the hand-placed parcels and what lies around them."""

    frames: dict[str, Frame]
    outlines: dict[str, Polygon]
    parcels: list[Parcel] = field(default_factory=list)
    faces: list[tuple[Polygon, str]] = field(default_factory=list)
    streets: list[Street] = field(default_factory=list)


def sites() -> Demonstration:
    """Return the sites, still without parcels."""
    frames = {k: Frame(x, y, _COS, _SIN) for k, (x, y, _) in _SITES.items()}
    outlines = {k: frames[k].rectangle(*box) for k, box in _OUTLINES.items()}
    return Demonstration(frames, outlines)


def on_border(demo: Demonstration, border: shapely.Geometry) -> None:
    """Move the lot that crosses the town line onto that line."""
    frame = demo.frames["border"]
    near = shapely.get_point(shapely.shortest_line(Point(frame.x, frame.y), border), 1)
    x, y = round(near.x) - 52.0, round(near.y) - 37.0
    demo.frames["border"] = Frame(x, y, _COS, _SIN)
    demo.outlines["border"] = demo.frames["border"].rectangle(*_OUTLINES["border"])


def lay_streets(demo: Demonstration, trunks: list[Street]) -> None:
    """Lay out the streets of the quarter and its way to the next road."""
    frame = demo.frames["quarter"]
    plan = [(-6, "支路", 12.0), (106, "支路", 12.0), (218, "支路", 12.0), (330, "支路", 12.0)]
    plan += [(445, "次干路", 18.0), (560, "支路", 12.0)]
    for k, (v, grade, width) in enumerate(plan):
        line = LineString(frame.out(np.array([[-12.0, v], [812.0, v]])))
        demo.streets.append(Street(line, f"示范路{k + 1}", grade, width, _TOWN))
    for k, u in enumerate((-6, 806)):
        line = LineString(frame.out(np.array([[u, -12.0], [u, 566.0]])))
        demo.streets.append(Street(line, f"示范街{k + 1}", "支路", 12.0, _TOWN))
    line = LineString(frame.out(np.array([[620.0, 330.0], [620.0, 445.0]])))
    demo.streets.append(Street(line, "示范街3", "支路", 40.0, _TOWN))
    gate = Point(frame.out(np.array([[-12.0, 445.0]]))[0])
    road = next(t.line for t in trunks if t.name == "柳南路")
    there = shapely.get_point(shapely.shortest_line(gate, road), 1)
    demo.streets.append(Street(LineString([there, gate]), "示范路5", "次干路", 18.0, _TOWN))


def _lot(frame: Frame, case: Case) -> Polygon:
    return frame.rectangle(case.u, case.v, case.u + case.width, case.v + case.depth)


def place_parcels(demo: Demonstration, settlements: list[Settlement]) -> None:
    """Place the parcels and the survey classes around them.

    Parameters
    ----------
    demo
        The sites; filled here.
    settlements
        The villages; one of them holds the two homesteads.
    """
    village = next(s for s in settlements if s.village.code == HOMESTEAD_VILLAGE)
    k = next(i for i, r in enumerate(village.rows) if r[2] - r[0] > 110)
    village.blocks[k].parcelled = True
    u0, v0 = village.rows[k][:2]
    for case in ALL_CASES:
        if case.site == "village":
            frame = village.frame
            shape = frame.rectangle(u0 + case.u, v0, u0 + case.u + case.width, v0 + case.depth)
            town, block, turn = _TOWN, village.blocks[k].number, village.village.turn
        else:
            frame = demo.frames[case.site]
            shape, town, block, turn = _lot(frame, case), _SITES[case.site][2], -1, None
        parcel = Parcel(shape, town, "", case.right, case.use, case.survey, "quarter", block)
        parcel.case, parcel.type, parcel.year = case.number, case.type, case.year
        parcel.sub_region, parcel.number = 990, case.number
        parcel.turn, parcel.assigned_type = turn, case.assigned
        demo.parcels.append(parcel)
    _faces(demo)


def _faces(demo: Demonstration) -> None:
    """Fill the rows with survey classes: lots as they are, parks in what is left."""
    frame = demo.frames["quarter"]
    for case in ALL_CASES:
        if case.number in {40, 33, 34}:
            continue
        if case.number == 42:
            demo.faces.append((frame.rectangle(560, D, 600, D + 100), "0601"))
            continue
        demo.faces.append((_lot(demo.frames[case.site], case), case.survey))
    small = next(c for c in ALL_CASES if c.number == 13)
    slot = frame.rectangle(160, B, 200, B + 100)
    demo.faces.append((slot.difference(_lot(frame, small)), "0810"))
    home = _lot(frame, next(c for c in ALL_CASES if c.number == 71))
    demo.faces.append((frame.rectangle(680, E, 700, E + 100).difference(home), "0810"))
    unregistered = frame.rectangle(780, E, 800, E + 100)  # industry that no parcel covers
    demo.faces.append((unregistered, "0601"))


def controlled(demo: Demonstration) -> tuple[list[Polygon], list[Polygon]]:
    """Return the farmland over lots 09 and 10, and the red line over lots 11 and 50."""
    frame = demo.frames["quarter"]
    farmland = [frame.rectangle(640, A, 720, A + 60), frame.rectangle(720, A, 800, A + 20)]
    red_line = [frame.rectangle(-60, B, 56, B + 100), frame.rectangle(700, E, 716, E + 100)]
    return farmland, red_line


def protected(demo: Demonstration) -> Polygon:
    """Return the heritage area over half of lot 65."""
    return demo.frames["quarter"].rectangle(780, D, 800, D + 100)


def planned_zones(demo: Demonstration) -> list[tuple[Polygon, str, float]]:
    """Return the planning zones over the lots: shape, planned use, plot ratio limit."""
    zones = []
    for case in ALL_CASES:
        if case.planned and case.number != 40:
            lot = _lot(demo.frames[case.site], case)
            zones.append((lot, case.planned, case.planned_ratio))
    return zones


def row_ends() -> dict[str, float]:
    """Return the lower edge of each row of lots, for the page about the quarter."""
    return {"A": A, "B": B, "C": C, "D": D, "E": E}
