"""What maps say of one parcel: areas, survey, type, buildings, control lines, park, plan."""

from __future__ import annotations

import re

import shapely

from oracle import values
from oracle.reading import LAYERS
from oracle.shapes import covered_area, largest, longest_prefix, sizes, summed

PARCEL_CODE = re.compile(r"(?:120118|120223)\d{6}([GJZ])([A-Z])(\d{5})", re.ASCII)
STRATA = {"S": "above", "X": "below"}
ASSIGNED = dict(
    zip(
        ("01", "02", "03", "04", "05"),
        ("industrial", "commercial", "residential", "facility", "village"),
        strict=True,
    )
)
SEPARATORS = "、，,;；/"
LAND_RANKS = {"parcel": 2, "context": 1}
DANGEROUS = {"C", "D"}
HIGH_STOREY = 8.0
LEAST_SHARE = 0.2  # of a parcel that a class, park or planning zone must take to decide anything
OUTSIDE = "园区外"
OWN_PARK = ("YQMC", "KFYQMC", "园区", "园区名称")


class Layer:
    """The features of one layer that have a shape, and a way to find those near a parcel."""

    def __init__(self, records):
        self.records = [record for record in records if record["geometry"] is not None]
        self.tree = shapely.STRtree([record["geometry"] for record in self.records])

    def pieces(self, shape):
        """Return pairs of a feature and its piece of the parcel, only where the piece has area."""
        found = []
        for index in sorted(self.tree.query(shapely.box(*shape.bounds))):
            record = self.records[index]
            piece = shape.intersection(record["geometry"])
            if piece.area > 0:
                found.append((record, piece))
        return found


class Maps:
    """The layers of a district and what they say of each parcel."""

    def __init__(self, district):
        self.district = district
        self.rules = district.rules
        self.layers = {
            name: Layer(records)
            for name, records in district.records.items()
            if name in LAYERS and name != "parcels"
        }
        listed = district.records.get("dangerous_buildings", [])
        self.dangerous = {row["building"] for row in listed if row["danger"] in DANGEROUS}

    def measure(self, record):
        """Return every measure of a parcel that is read off a map."""
        parcel = identity(record) | sizes(record["geometry"]) | own_dates(record)
        parcel |= self.surveyed(record)
        parcel |= self.land_type(record, parcel)
        parcel |= self.buildings(record["geometry"], parcel)
        parcel |= self.control_lines(record["geometry"], parcel)
        parcel["zone"] = self.park(record, parcel)
        return parcel | self.planned(record["geometry"], parcel)

    def pieces(self, source, shape, town):
        """Return the pieces of a layer on a parcel; None where the layer does not answer."""
        if shape is None or not self.district.covered(source, town):
            return None
        return self.layers[source].pieces(shape)

    def surveyed(self, record):
        own_town, own_village = values.code(record.get("XZQDM")), values.code(record.get("CJDM"))
        pieces = self.pieces("survey", record["geometry"], own_town)
        result = {"survey_class": None, "settlement": None, "surveyed_share": None}
        result |= {"construction_share": None, "village_code": own_village, "town_code": own_town}
        if pieces is None:
            return result
        named = [(values.code(one["DLBM"]), one, piece.area) for one, piece in pieces]
        areas = summed((name, area) for name, _, area in named)
        if areas:
            enough = LEAST_SHARE * record["geometry"].area
            ranks = {n: self.rank(n) if a >= enough else 0 for n, a in areas.items()}
            main = min(areas, key=lambda name: (-ranks[name], -areas[name], name))
            result["survey_class"] = main
            kinds = ((values.code(one.get("CZCSXM")), a) for name, one, a in named if name == main)
            result["settlement"] = largest(summed(kinds))
        built = sum(area for name, area in areas.items() if self.rank(name) > 0)
        whole = record["geometry"].area
        result["construction_share"] = built / whole
        result["surveyed_share"] = sum(area for _, _, area in named) / whole
        places = ((values.code(one.get("ZLDWDM")), area) for _, one, area in named)
        village = largest(summed((place[:12] if place else None, area) for place, area in places))
        result["village_code"] = own_village or village
        result["town_code"] = own_town or (village[:9] if village else None)
        return result

    def rank(self, survey_class):
        row = self.rules["classes"].get(survey_class)
        if row is None or row["category"] != "construction":
            return 0
        return LAND_RANKS.get(row["unregistered"], 1)

    def land_type(self, record, parcel):
        """Return the type of land and on whose word: assigned, survey or registered."""
        assigned = ASSIGNED.get(values.code(record.get("DKLX")))
        if assigned:
            return {"land_type": assigned, "land_type_basis": "assigned"}
        survey = self.type_by_survey(parcel["survey_class"], parcel["settlement"] or "")
        if survey not in {None, "undecided"}:
            return {"land_type": survey, "land_type_basis": "survey"}
        registered = self.type_by_use(values.code(record.get("YT")), parcel["ownership"])
        if registered not in {None, "undecided"}:
            return {"land_type": registered, "land_type_basis": "registered"}
        return {"land_type": None, "land_type_basis": None}

    def type_by_survey(self, survey_class, settlement):
        if self.rank(survey_class) == 0:
            return None
        column = "type_town"
        if settlement == "203A":
            column = "type_village_industry"
        elif settlement.startswith("203"):
            column = "type_village"
        return self.rules["classes"][survey_class][column] or "other"

    def type_by_use(self, use, ownership):
        row = self.rules["uses"].get(use)
        if row is None:
            return None
        state, collective = row["type_state"], row["type_collective"]
        if ownership not in {"G", "J"} and state != collective:
            return None
        return (collective if ownership == "J" else state) or "other"

    def buildings(self, shape, parcel):
        names = ["building_footprint", "building_density", "floor_area", "plot_ratio"]
        result = dict.fromkeys([*names, "built_year", "dangerous_floor_share"])
        if shape is None or "buildings" not in self.layers or parcel["stratum"] != "surface":
            return result
        pieces = self.layers["buildings"].pieces(shape)
        result["built_year"] = built_year([one for one, _ in pieces])
        if not self.district.covered("buildings", parcel["town_code"]):
            return result
        footprint = covered_area(piece for _, piece in pieces)
        result["building_footprint"] = round(footprint, 2)
        result["building_density"] = round(footprint / shape.area * 100, 4)
        floors = [(one, floor_on_parcel(one, piece)) for one, piece in pieces]
        if any(floor is None for _, floor in floors):
            return result
        total = sum(floor for _, floor in floors)
        result["floor_area"] = round(total, 2)
        result["plot_ratio"] = round(total / shape.area, 6)
        if total > 0 and self.district.covered("dangerous_buildings", parcel["town_code"]):
            names = ((values.code(one.get("JZBH")), floor) for one, floor in floors)
            danger = sum(floor for name, floor in names if name in self.dangerous)
            result["dangerous_floor_share"] = round(danger / total, 6)
        return result

    def control_lines(self, shape, parcel):
        result = {}
        wanted = (
            (("permanent_farmland",), "permanent_farmland_area", "permanent_farmland_share"),
            (("ecological_redline",), "redline_area", "redline_share"),
            (("permanent_farmland", "ecological_redline"), "control_area", None),
            (("growth_boundary",), None, "growth_boundary_share"),
            (("heritage",), "heritage_area", None),
            (("reclamation",), None, "reclamation_share"),
            (("legacy",), "legacy_area", None),
        )
        for sources, area_name, share_name in wanted:
            found = [self.pieces(source, shape, parcel["town_code"]) for source in sources]
            known = all(pieces is not None for pieces in found)
            share = None
            if known:
                share = covered_area(p for pieces in found for _, p in pieces) / shape.area
            if area_name:
                result[area_name] = round(share * parcel["area"], 2) if known else None
            if share_name:
                result[share_name] = round(share, 6) if known else None
        return result

    def park(self, record, parcel):
        """Return the park that a parcel says it is in, else the one it lies in."""
        own = [values.text(record.get(name)) for name in OWN_PARK]
        if any(own):
            return next(name for name in own if name)
        shape = record["geometry"]
        pieces = self.pieces("parks", shape, parcel["town_code"])
        if pieces is None:
            return None
        areas = summed((values.text(one["KFYQMC"]), piece.area) for one, piece in pieces)
        main = largest(areas)
        return main if main and areas[main] >= LEAST_SHARE * shape.area else OUTSIDE

    def planned(self, shape, parcel):
        result = dict.fromkeys(["planned_use", "planned_plot_ratio", "planned_share"])
        result["planned_type"] = None
        pieces = self.pieces("planning", shape, parcel["town_code"])
        if pieces is None:
            return result
        result["planned_share"] = round(min(1, sum(p.area for _, p in pieces) / shape.area), 6)
        if pieces:
            zone, piece = max(pieces, key=lambda pair: pair[1].area)
            if piece.area >= LEAST_SHARE * shape.area:
                result["planned_use"] = values.code(zone["YT"])
                result["planned_plot_ratio"] = values.number(zone.get("RJL"))
        if result["planned_use"]:
            by_prefix = longest_prefix(result["planned_use"], self.rules["planned"])
            result["planned_type"] = by_prefix or "other"
        return result


def identity(record):
    """Return what the code and the owner's name of a parcel say."""
    parcel_code = values.code(record.get("ZDDM"))
    found = PARCEL_CODE.fullmatch(parcel_code or "")
    fits = found is not None and found.group(3) != "00000"
    owner = (values.text(record.get("QLRMC")) or "").strip(SEPARATORS + " ")
    names = [name for name in re.split(f"[{SEPARATORS}]", owner) if name.strip()]
    return {
        "row": record["row"],
        "parcel_code": parcel_code,
        "ownership": found.group(1) if fits else None,
        "parcel_kind": found.group(1) + found.group(2) if fits else None,
        "stratum": STRATA.get(found.group(2), "surface") if fits else "surface",
        "owner_count": len(names) or None,
    }


def own_dates(record):
    """Return the days of the parcel's own fields that construction is judged by."""
    return {
        "own_start": values.day(record.get("YDKG")),
        "own_completion": values.day(record.get("JGSJ")),
    }


def floor_of(building):
    """Return the floor area of a whole building; a high storey counts twice."""
    floor = values.number(building.get("JZMJ"))
    if floor is None:
        storeys = values.number(building.get("CS"))
        if storeys is None:
            return None
        floor = building["geometry"].area * storeys
    height = values.number(building.get("CG"))
    return floor * 2 if height is not None and height > HIGH_STOREY else floor


def floor_on_parcel(building, piece):
    floor = floor_of(building)
    return None if floor is None else floor * (piece.area / building["geometry"].area)


def built_year(buildings):
    years = [values.number(one.get("JGND")) for one in buildings]
    if not years or any(year is None for year in years):
        return None
    return int(max(years))
