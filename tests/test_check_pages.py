"""The pages of check codes: every code has its texts and a drawing of its own."""

import re
import sys
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from drawings import DRAWN, drawing  # noqa: E402

from lowuse_gis.io.rulebook import read_rulebook  # noqa: E402

TEXTS = tomllib.loads((ROOT / "scripts" / "check_texts.toml").read_text(encoding="utf-8"))
LARGEST = 6000  # bytes
MEASURED = ("3401", "4101", "4102", "4105", "4106", "4112", "4202", "4203", "4401", "4402", "5101")


@pytest.fixture(scope="module")
def drawn():
    book = read_rulebook(str(ROOT / "rules" / "jinghai"))
    return {code: drawing(code, TEXTS[code]["drawing"], book) for code in DRAWN}


def test_every_code_has_texts_and_a_drawing():
    book = read_rulebook(str(ROOT / "rules" / "jinghai"))
    codes = set(book.check_catalogue["code"])
    assert set(TEXTS) == codes == set(DRAWN)
    known = {"means", "example", "drawing", "mend", "by"}
    assert all({"means", "example", "drawing"} <= set(text) <= known for text in TEXTS.values())


def test_drawings_are_small_sound_and_no_two_the_same(drawn):
    bare = {code: re.sub(r'aria-label="[^"]*"', "", svg) for code, svg in drawn.items()}
    assert len(set(bare.values())) == len(bare)
    for svg in drawn.values():
        assert len(svg.encode()) < LARGEST
        assert ET.fromstring(svg).tag.endswith("svg")
        assert "\n\n" not in svg  # a blank line would end the block of HTML on the page


def test_texts_say_the_number_that_is_drawn(drawn):
    for code in MEASURED:
        said = set(re.findall(r"\d+(?:\.\d+)?(?: m²|°| m\b|%)", TEXTS[code]["example"]))
        assert any(number in drawn[code] for number in said), (code, said)


def test_drawings_follow_the_limits():
    book = read_rulebook(str(ROOT / "rules" / "jinghai"))
    limit = book.checks.tolerances["overlap_area"]
    assert f"> {limit.value:g} m²" in drawing("4101", "", book).replace("&gt;", ">")


def test_what_mending_records_is_told():
    folder = ROOT / "src" / "lowuse_gis"
    modules = [*(folder / "core" / "mending").glob("*.py"), folder / "stages" / "tidy.py"]
    recorded = {c for m in modules for c in re.findall(r'"(\d{4})"', m.read_text("utf-8"))}
    assert recorded
    assert recorded <= {code for code, text in TEXTS.items() if "mend" in text}
