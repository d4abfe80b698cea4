"""Validity as the test cases of JTS see it, and which of their polygons share area."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest
import shapely

from lowuse_gis.core.topology.overlaps import overlap_facts
from lowuse_gis.core.topology.shape import shape_facts

# Cases where our verdict differs, by file and number of the case, each with the reason.
DIFFERENT: dict[tuple[str, int], str] = {}


def geometry(text):
    text = "".join(text.split("\n")).strip()
    if text[:2] in {"00", "01"}:
        return shapely.from_wkb(text.replace(" ", ""), on_invalid="ignore")
    return shapely.from_wkt(text, on_invalid="ignore")


def cases(folder, pattern="**/*.xml"):
    for file in sorted(folder.glob(pattern)):
        for number, case in enumerate(ET.parse(file).iter("case")):
            with np.errstate(invalid="ignore"):
                given = {name: geometry(case.findtext(name) or "") for name in ("a", "b")}
            yield (file.relative_to(folder).as_posix(), number), case, given


@pytest.fixture(scope="module")
def jts(shared_data):
    return shared_data / "jts"


def test_every_case_of_validity_agrees(jts):
    names, shapes, expected = [], [], []
    for name, case, given in cases(jts):
        for op in case.iter("op"):
            if (op.get("name") or "").lower() == "isvalid":
                names.append(name)
                shapes.append(given[op.get("arg1").lower()])
                expected.append(op.text.strip() == "true")
    array = np.empty(len(shapes), dtype=object)
    array[:] = shapes
    facts = shape_facts(array)
    assert len(names) == 922
    readable = ~shapely.is_missing(array)
    agrees = np.where(readable, ~facts["invalid"], False) == expected
    assert {name for name, same in zip(names, agrees, strict=True) if not same} == set(DIFFERENT)
    bad = facts[facts["invalid"]]
    assert (bad["invalid_reason"] != "").all()
    assert bad.loc[~bad["invalid_reason"].str.contains("Coordinate"), "invalid_x"].notna().all()
    assert sum(expected) > 500
    assert len(bad) > 100


def test_all_that_the_relation_cases_relate_is_valid(jts):
    """But for one line of no length, which no polygon layer holds."""
    invalid = set()
    for name, _, pair in cases(jts, "validate/*.xml"):
        facts = shape_facts(np.array([pair["a"], pair["b"]], dtype=object))
        invalid |= {(*name, "ab"[row]) for row in facts.index[facts["invalid"]]}
    assert invalid == {("validate/TestRelatePL.xml", 1, "b")}


def test_polygons_whose_insides_meet_are_overlaps(jts):
    """The first figure of DE-9IM is 2 where two polygons share area."""
    checked = 0
    for name, case, given in cases(jts, "validate/*.xml"):
        pair = np.array([given["a"], given["b"]], dtype=object)
        relations = [op for op in case.iter("op") if op.get("name") == "relate"]
        if not (shapely.get_dimensions(pair) == 2).all() or not relations:
            continue
        share = relations[0].get("arg3")[0] == "2"
        assert bool(len(overlap_facts(pair, least=0.0))) == share, name
        checked += 1
    assert checked > 100
