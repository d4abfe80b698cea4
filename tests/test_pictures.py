"""The pictures of the documents: no sign without a glyph, and as the program draws them now."""

from __future__ import annotations

import re
import sys

import pytest
from PIL import Image

from conftest import ROOT

sys.path.insert(0, str(ROOT / "scripts"))

import pictures

from lowuse_gis.io.fonts import chinese_font

CATALOGUE = ROOT / "src" / "lowuse_gis" / "locale" / "zh_CN" / "LC_MESSAGES" / "lowuse.po"
SHOWN = {
    "explain": ("explain", "RESULT", "120118902990GB00004"),
    "sweep": ("rules", "sweep", "RESULT", "-p", "plot_ratio_factor=0.5:1.2:0.1"),
}


@pytest.fixture(scope="module")
def font():
    return str(chinese_font())


def test_no_sign_of_messages_and_rules_lacks_a_glyph(font):
    texts = [CATALOGUE, *(ROOT / "rules").rglob("*.csv"), *(ROOT / "rules").rglob("*.toml")]
    text = "".join(path.read_text(encoding="utf-8-sig") for path in texts)
    assert len(set(text)) > 1000
    assert pictures.without_glyph(text, font) == set()


def test_a_sign_without_a_glyph_is_found(font):
    assert pictures.without_glyph("甲 \U0001f9ff", font) == {"\U0001f9ff"}
    with pytest.raises(SystemExit, match="no glyph"):
        pictures.draw_terminal("甲 \U0001f9ff", font, ROOT / "none.png")


@pytest.mark.parametrize("name", SHOWN)
def test_a_picture_of_the_terminal_is_as_the_program_prints_now(
    name, sample_result, font, tmp_path
):
    words = [sample_result if word == "RESULT" else word for word in SHOWN[name]]
    drawn = tmp_path / f"{name}.png"
    pictures.draw_terminal(pictures.lowuse(*words, folder=tmp_path), font, drawn)
    assert pictures.differs(drawn, pictures.PICTURES / drawn.name) == ""


def test_pictures_that_say_another_thing_differ(tmp_path):
    one, other = tmp_path / "a.png", tmp_path / "b.png"
    picture = Image.open(pictures.PICTURES / "explain.png").convert("RGB")
    picture.save(one)
    assert pictures.differs(one, pictures.PICTURES / "explain.png") == ""
    wide, high = picture.size
    picture.paste((251, 250, 247), (0, high // 3, wide, high // 2))
    picture.save(other)
    assert "differs" in pictures.differs(other, one)
    picture.resize((wide, high - 20)).save(other)
    assert "is (" in pictures.differs(other, one)
    assert pictures.differs(one, tmp_path / "none.png") == "is not there"


def test_every_picture_that_a_document_shows_is_there_and_every_picture_is_shown():
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    shown = {
        (path.parent / name).resolve()
        for path in documents
        for name in re.findall(r"!\[[^\]]*\]\(([^)]+\.(?:png|svg))\)", path.read_text("utf-8"))
    }
    assert not [path for path in shown if not path.exists()]
    kept = {p.resolve() for p in (ROOT / "docs" / "pictures").rglob("*.png")}
    assert sorted(kept - shown) == []
