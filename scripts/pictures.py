"""Draw the pictures of the documents from the sample district: the terminal, and the verdict map.

A missing glyph is an error, so no picture with boxes instead of Chinese is ever written.
``--check`` draws elsewhere and fails where a picture differs from the one in the documents.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import unicodedata
import warnings
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import matplotlib as mpl
import numpy as np
from fontTools.ttLib import TTFont
from matplotlib import font_manager
from matplotlib import pyplot as plt
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from PIL import Image, ImageDraw, ImageFont
from rich.cells import cell_len
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "sample_data"
DELIVERY = SAMPLE / "deliveries" / "柳桥镇报送.zip"
PICTURES = ROOT / "docs" / "pictures"
WIDTH = 148
NARROW = 46
BLOCK, SEEN, SHARE = 8, 0.1, 0.01  # pixels of a block; contrast that is seen; share of such blocks
COLOURS = {
    "low_use": ("#c8321f", "低效"),
    "undetermined": ("#f0b429", "待定"),
    "not_low_use": ("#9cc5a1", "不低效"),
    "excluded": ("#7d8ca3", "排除"),
    "too_small": ("#d9d2c5", "面积过小"),
}
SYSTEM_FONTS = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei", "Microsoft YaHei")
SIZE, MARGIN = 16, 12
PAPER, INK = "#fbfaf7", "#22252b"
PALETTE = [
    (34, 37, 43), (197, 48, 38), (56, 128, 62), (196, 138, 10),
    (36, 84, 164), (136, 57, 152), (24, 124, 136), (200, 200, 196),
]  # fmt: skip
THEME = TerminalTheme((251, 250, 247), (34, 37, 43), PALETTE, PALETTE)


def chinese_font() -> str:
    """Return a font file that has Chinese: ``LOWUSE_FONT``, the system's, a font package's."""
    if named := os.environ.get("LOWUSE_FONT"):
        return named
    for name in SYSTEM_FONTS:
        try:
            return font_manager.findfont(name, fallback_to_default=False)
        except ValueError:
            continue
    spec = find_spec("mplfonts")
    found = sorted(Path(spec.origin).parent.rglob("*SC*.?tf")) if spec and spec.origin else []
    if not found:
        sys.exit("error: no Chinese font\nhint: make setup installs one, or set LOWUSE_FONT")
    return str(found[0])


def lowuse(*words: object, folder: Path, ends: tuple[int, ...] = (0,), width: int = WIDTH) -> str:
    """Run one command in colour and return what it prints."""
    command = [sys.executable, "-m", "lowuse_gis", *map(str, words)]
    colour = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(width), "LOWUSE_LANG": "zh"}
    done = subprocess.run(command, cwd=folder, env=colour, check=False, capture_output=True)
    if done.returncode not in ends:
        sys.exit(done.stderr.decode())
    return done.stdout.decode()


def without_glyph(text: str, font: str) -> set[str]:
    """Return the signs of a text that a font cannot draw."""
    with TTFont(font, fontNumber=0, lazy=True) as opened:
        known = opened.getBestCmap()
    return {sign for sign in text if not sign.isspace() and ord(sign) not in known}


def draw_block(
    pen: ImageDraw.ImageDraw, sign: str, colour: str, box: tuple[float, float, float, float]
) -> bool:
    """Draw lines of tables and blocks of bars so that they meet; say whether the sign is one."""
    left, top, wide, high = box
    name = unicodedata.name(sign, "")
    if sign == "█" or (name.startswith("LEFT ") and name.endswith("BLOCK")):
        part = 1 if sign == "█" else (0x2590 - ord(sign)) / 8  # ▏ is an eighth, ▉ are seven
        pen.rectangle((left, top + 2, left + wide * part - 1, top + high - 3), fill=colour)
        return True
    if not name.startswith("BOX DRAWINGS"):
        return False
    words = name.replace("VERTICAL", "UP DOWN").replace("HORIZONTAL", "LEFT RIGHT")
    thick = 2 if "HEAVY" in words else 1
    x, y = round(left + wide / 2), round(top + high / 2)
    arms = set(words.split())
    if {"LEFT", "RIGHT"} & arms:
        start = round(left) if "LEFT" in arms else x
        end = round(left + wide) if "RIGHT" in arms else x + thick
        pen.rectangle((start, y, end - 1, y + thick - 1), fill=colour)
    if {"UP", "DOWN"} & arms:
        start = round(top) if "UP" in arms else y
        end = round(top + high) if "DOWN" in arms else y + thick
        pen.rectangle((x, start, x + thick - 1, end - 1), fill=colour)
    return True


def draw_terminal(printed: str, font: str, path: Path, width: int = WIDTH) -> None:
    """Write what a command printed as a picture of a terminal, a Chinese character two cells."""
    if missing := without_glyph(Text.from_ansi(printed).plain, font):
        sys.exit(f"error: {path.name}: no glyph for {sorted(missing)}\nhint: set LOWUSE_FONT")
    face = ImageFont.truetype(font, SIZE)
    cell, height = SIZE / 2, round(SIZE * 1.3)
    console = Console(width=width, file=StringIO(), force_terminal=True, color_system="truecolor")
    lines = console.render_lines(Text.from_ansi(printed), pad=False)
    size = (round(cell * width) + 2 * MARGIN, height * len(lines) + 2 * MARGIN)
    picture = Image.new("RGB", size, PAPER)
    pen = ImageDraw.Draw(picture)
    for row, segments in enumerate(lines):
        column = 0
        for text, style, _control in segments:
            colour = INK
            if style and style.color:
                colour = style.color.get_truecolor(THEME).hex
            weight = 1 if style and style.bold else 0
            for character in text:
                at = (MARGIN + column * cell, MARGIN + row * height)
                if style and style.bgcolor:
                    behind = style.bgcolor.get_truecolor(THEME).hex
                    draw_block(pen, "█", behind, (*at, cell, height))
                if not draw_block(pen, character, colour, (*at, cell, height)):
                    pen.text(at, character, colour, face, stroke_width=weight / 3)
                column += cell_len(character)
    picture.quantize(128).save(path, optimize=True)


def draw_map(result: Path, units: Path, path: Path) -> None:
    """Draw the parcels by verdict, and the units around them."""
    parcels = gpd.read_file(result, layer="parcels")
    outlines = gpd.read_file(units, layer="units")
    figure, axes = plt.subplots(figsize=(11, 9.6), layout="constrained")
    for verdict, (colour, _label) in COLOURS.items():
        chosen = parcels[parcels["verdict"] == verdict]
        if len(chosen):
            chosen.plot(ax=axes, color=colour, edgecolor="white", linewidth=0.15)
    outlines.plot(ax=axes, facecolor="none", edgecolor="#1b2a49", linewidth=0.9)
    _label_towns(parcels, axes)
    handles = [Patch(color=colour, label=label) for colour, label in COLOURS.values()]
    handles.append(Patch(facecolor="none", edgecolor="#1b2a49", label="再开发空间单元"))
    figure.legend(handles=handles, loc="outside lower center", ncols=6, frameon=False)
    figure.suptitle("示例区低效用地判定（虚构数据）")
    axes.set_axis_off()
    axes.set_aspect("equal")
    figure.savefig(path, dpi=110, metadata={"Software": None})
    plt.close(figure)


def _label_towns(parcels: gpd.GeoDataFrame, axes: Axes) -> None:
    for name, lots in parcels.groupby("town_name"):
        middle = lots[lots["land_type"] != "village"].geometry.centroid
        place = (middle.x.median(), middle.y.median())
        halo = [withStroke(linewidth=3, foreground="white")]
        axes.annotate(name, place, ha="center", fontsize=13, color="#1b2a49", path_effects=halo)


def differs(one: Path, other: Path) -> str:
    """Say how two pictures differ beyond what another library draws otherwise; empty for not."""
    if not other.exists():
        return "is not there"
    first, second = (Image.open(path).convert("RGB") for path in (one, other))
    if first.size != second.size:
        return f"is {second.size}, drawn now it is {first.size}"
    small = (max(first.width // BLOCK, 1), max(first.height // BLOCK, 1))
    parts = [
        np.asarray(each.resize(small, Image.Resampling.BOX), float) for each in (first, second)
    ]
    share = float((np.abs(parts[0] - parts[1]).max(axis=2) > SEEN * 255).mean())
    return f"differs in {share:.1%} of its blocks" if share > SHARE else ""


def draw_all(target: Path) -> None:
    """Draw all pictures into a folder."""
    warnings.simplefilter("error")
    font = chinese_font()
    font_manager.fontManager.addfont(font)
    mpl.use("Agg")
    mpl.rcParams["font.family"] = font_manager.FontProperties(fname=font).get_name()
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        judge = ("classify", "--project", SAMPLE, "-o", "result.gpkg", "-q")
        draw_terminal(lowuse(*judge, folder=folder), font, target / "classify.png")
        printed = lowuse(*judge, "--overwrite", folder=folder, width=NARROW)
        top = "\n".join(printed.splitlines()[:NARROW])
        draw_terminal(top, font, target / "narrow.png", NARROW)
        printed = lowuse("check", DELIVERY, "--mend", "-o", "check", folder=folder, ends=(0, 1))
        draw_terminal(printed, font, target / "check.png")
        printed = lowuse("explain", "result.gpkg", "120118902990GB00004", folder=folder)
        draw_terminal(printed, font, target / "explain.png")
        printed = lowuse(
            "rules", "sweep", "result.gpkg", "-p", "plot_ratio_factor=0.5:1.2:0.1", folder=folder
        )
        draw_terminal(printed, font, target / "sweep.png")
        lowuse("units", "result.gpkg", "--project", SAMPLE, "-o", "units.gpkg", folder=folder)
        draw_map(folder / "result.gpkg", folder / "units.gpkg", target / "verdict_map.png")


def main() -> None:
    """Draw all pictures anew, or compare them with those of the documents."""
    if "--check" not in sys.argv:
        draw_all(PICTURES)
        return
    with tempfile.TemporaryDirectory() as name:
        draw_all(Path(name))
        drawn = sorted(Path(name).glob("*.png"))
        told = {path.name: differs(path, PICTURES / path.name) for path in drawn}
    faults = [
        f"docs/pictures/{name} {fault}: make pictures" for name, fault in told.items() if fault
    ]
    print("\n".join(faults))
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
