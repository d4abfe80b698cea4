"""Which features of a district are spoiled, and what must be found of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from deliveries import records
from deliveries.model import Wrong
from district import bending

if TYPE_CHECKING:
    from deliveries.ground import Ground

LAYERS = {
    "parcels": "parcels",
    "survey": "survey",
    "villages": "village_boundaries",
    "towns": "town_boundaries",
    "buildings": "buildings",
    "settlements": "settlements",
}
AREAS = {"parcels": "ZDMJ", "survey": "TBMJ TBDLMJ", "settlements": "CZCMJ"}
IDS = {
    "parcels": "ZDDM",
    "survey": "BSM",
    "villages": "ZLDWDM",
    "towns": "XZQDM",
    "buildings": "JZBH",
    "settlements": "CZCDM",
}


@dataclass(frozen=True)
class Seed:
    """A defect sown, or something just short of one.

    Attributes
    ----------
    kind
        What was done.
    wrong
        What must be found; nothing where it is harmless.
    follows
        What must be found besides, since the same fact is a second defect by its definition.
    """

    kind: str
    wrong: tuple[Wrong, ...] = ()
    follows: tuple[Wrong, ...] = ()


@dataclass
class Plan:
    """A district on its way to be spoiled: no feature, and no neighbour, twice."""

    ground: Ground
    random: np.random.Generator
    seeds: list[Seed] = field(default_factory=list)
    used: dict[str, set[int]] = field(default_factory=dict)
    serial: int = 0

    def __post_init__(self) -> None:
        self.used = {name: set() for name in LAYERS}
        faces = self.ground.survey.geometry.to_numpy()
        self.tree = shapely.STRtree(faces)
        who, whom = self.tree.query(faces, predicate="intersects")
        order = np.argsort(who, kind="stable")
        at = np.cumsum(np.bincount(who, minlength=len(faces)))[:-1]
        self.near = np.split(whom[order], at)
        self.face_of = self.ground.notes["face_of"]
        parcel_of = pd.Series(np.arange(len(self.face_of)), index=self.face_of)
        self.parcel_of = parcel_of.reindex(np.arange(len(faces)), fill_value=-1).to_numpy()
        self.edges: dict[str, list[tuple[int, int, int]]] = {}
        self.order = self.random.permutation(len(faces))

    def frame(self, layer: str):
        """Return a layer."""
        return getattr(self.ground, layer)

    def shape(self, layer: str, at: int) -> shapely.Geometry:
        """Return the shape of a feature, counted from 0."""
        return self.frame(layer).geometry.iloc[at]

    def neighbours(self, face: int) -> np.ndarray:
        """Return the faces that touched a face in the beginning, itself too."""
        return self.near[face]

    def take(self, face: int) -> None:
        """Keep later seeds away from a face and all that touch it."""
        around = {int(k) for k in self.neighbours(face)}
        self.used["survey"] |= around
        self.used["parcels"] |= {int(self.parcel_of[k]) for k in around if self.parcel_of[k] >= 0}

    def is_free(self, face: int) -> bool:
        """Say whether no seed has come near a face."""
        around = {int(k) for k in self.neighbours(face)}
        parcels = {int(self.parcel_of[k]) for k in around if self.parcel_of[k] >= 0}
        return not (around & self.used["survey"] or parcels & self.used["parcels"])

    def face(self, good) -> int:
        """Take a free face that is good for something; `good` is asked face by face."""
        for face in self.order:
            if self.is_free(int(face)) and good(int(face)):
                self.take(int(face))
                return int(face)
        raise AssertionError("no face is left for this kind of seed")

    def lone_parcel(self, good=lambda _at: True) -> int:
        """Take a parcel that touches no other and has a long edge."""

        def fits(face: int) -> bool:
            at = self.parcel_of[face]
            alone = (self.parcel_of[self.neighbours(face)] >= 0).sum() == 1
            return at >= 0 and alone and self.edge("parcels", at) >= 0 and good(int(at))

        return int(self.parcel_of[self.face(fits)])

    def edge(self, layer: str, at: int, least: float = 30.0) -> int:
        """Return the longest edge of a shell if it is long enough, else -1."""
        shape = self.shape(layer, at)
        edge = bending.longest_edge(shape)
        return edge if bending.frame_of(shape, edge)[3] >= least else -1

    def room(self, wide: float, high: float) -> shapely.Polygon:
        """Return a rectangle well inside a face that is nobody's parcel, and take the face."""
        made = {}

        def fits(face: int) -> bool:
            apart = not (self.parcel_of[self.neighbours(face)] >= 0).any()
            made[0] = _patch(self.shape("survey", face), wide, high) if apart else None
            return made[0] is not None

        self.face_of_room = self.face(fits)
        return made[0]

    def shared(self, layer: str) -> list[tuple[int, int, int]]:
        """Return the edges that two features of a layer share, as they were in the beginning."""
        if layer not in self.edges:
            shapes = self.frame(layer).geometry.to_numpy()
            self.edges[layer] = bending.shared_edges(shapes)
        return self.edges[layer]

    def pair_is_free(self, layer: str, one: int, other: int) -> bool:
        """Say whether two neighbours may be spoiled; faces of the survey only beside no parcel."""
        if layer == "parcels":
            return all(self.is_free(int(self.face_of[k])) for k in (one, other))
        if layer == "survey":
            near = np.concatenate([self.neighbours(one), self.neighbours(other)])
            return not (self.parcel_of[near] >= 0).any() and all(map(self.is_free, (one, other)))
        return not {one, other} & self.used[layer]

    def take_pair(self, layer: str, one: int, other: int) -> None:
        """Keep later seeds away from two neighbours."""
        for at in (one, other):
            if layer in {"parcels", "survey"}:
                self.take(int(self.face_of[at]) if layer == "parcels" else at)
            else:
                self.used[layer].add(at)

    def feature(self, layer: str, good=lambda _at: True) -> int:
        """Take a feature with a fairly long edge, far from parcels if it is of the survey."""
        if layer == "parcels":
            return self.lone_parcel(good)
        if layer == "survey":
            return self.face(
                lambda k: (
                    not (self.parcel_of[self.neighbours(k)] >= 0).any()
                    and self.edge("survey", k) >= 0
                    and good(k)
                )
            )
        for at in self.random.permutation(len(self.frame(layer))):
            if int(at) not in self.used[layer] and good(int(at)):
                self.used[layer].add(int(at))
                return int(at)
        raise AssertionError("no feature is left for this kind of seed")

    def patch(self, layer: str, at: int, wide: float, high: float) -> shapely.Polygon | None:
        """Return a rectangle well inside a feature, None where there is no room."""
        return _patch(self.shape(layer, at), wide, high)

    def more_parcel(self, shape: shapely.Geometry, **values: object) -> int:
        """Add a parcel in the room just taken: of the town and village there."""
        like = int(self.random.integers(len(self.face_of)))
        village = self.frame("survey").loc[self.face_of_room, "ZLDWDM"][:12]
        return self.add("parcels", like, shape, **{"XZQDM": village[:9], "CJDM": village} | values)

    def source(self, layer: str) -> str:
        """Return what the check calls a layer."""
        return LAYERS[layer]

    def value_row(self, layer: str, good=lambda _record: True) -> int:
        """Take a feature for a wrong value; its neighbours stay free."""
        frame = self.frame(layer)
        for at in self.random.permutation(len(frame)):
            if int(at) not in self.used[layer] and good(frame.iloc[at]):
                self.used[layer].add(int(at))
                return int(at)
        raise AssertionError("no record is left for this kind of seed")

    def reshape(self, layer: str, at: int, shape: shapely.Geometry | None) -> None:
        """Give a feature another shape, and the areas that go with it."""
        frame = self.frame(layer)
        frame.loc[[at], "geometry"] = np.array([shape], dtype=object)
        for name in AREAS.get(layer, "").split():
            valid = shape is not None and shape.is_valid
            if valid:
                frame.loc[at, name] = records.area([shape])[0]

    def put(self, layer: str, at: int, **values: object) -> None:
        """Write values into a record."""
        frame = self.frame(layer)
        for name, value in values.items():
            frame.loc[at, name] = value

    def add(self, layer: str, like: int, shape: shapely.Geometry, **values) -> int:
        """Add a record like another one, with codes of its own, and return its place."""
        frame = self.frame(layer)
        self.serial += 1
        own = self.codes(layer, like) | values
        more = frame.iloc[[like]].assign(geometry=np.array([shape], dtype=object), **own)
        setattr(self.ground, layer, pd.concat([frame, more], ignore_index=True))
        at = len(frame)
        self.used[layer].add(at)
        if shape.is_valid:
            for name in AREAS.get(layer, "").split():
                self.put(layer, at, **{name: records.area([shape])[0]})
        return at

    def codes(self, layer: str, like: int) -> dict[str, object]:
        """Return new codes for a record of a layer."""
        if layer == "parcels":
            code = self.frame(layer).loc[like, "CJDM"] + f"GB{90_000 + self.serial:05d}"
            return {"ZDDM": code, "BDCDYH": code + "W00000000"}
        if layer == "survey":
            return {"BSM": f"12011801109{self.serial:07d}", "TBBH": f"9{self.serial:06d}"}
        return {"JZBH": f"G{self.serial:06d}"}

    def sow(self, kind: str, *wrong: Wrong, follows: tuple[Wrong, ...] = ()) -> None:
        """Note what was sown."""
        self.seeds.append(Seed(kind, wrong, follows))

    def wrong(self, code: str, layer: str, at: int, **more) -> Wrong:
        """Return the finding that must be there of a feature, counted from 0."""
        other = more.pop("other", None)
        return Wrong(code, LAYERS[layer], at + 1, 0 if other is None else other + 1, **more)

    def balance(self) -> None:
        """Let the areas of villages be the sums again, as seeds may have changed the parts."""
        frame = self.ground.survey
        sums = frame.groupby("ZLDWDM")["TBMJ"].sum().round(2)
        self.ground.villages["DCMJ"] = self.ground.villages["ZLDWDM"].map(sums)


def _patch(shape: shapely.Polygon, wide: float, high: float) -> shapely.Polygon | None:
    if shape.area < 4 * wide * high:
        return None
    circle = shapely.maximum_inscribed_circle(shape, 1.0)
    x, y = np.round(shapely.get_coordinates(circle)[0], 2)
    made = shapely.box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
    return made if shape.contains_properly(made.buffer(2.0)) else None
