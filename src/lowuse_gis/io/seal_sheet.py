"""The confirmation sheet (封库确认表): what is sealed, on paper, to be signed and stamped."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from fpdf import FPDF

from lowuse_gis import __version__
from lowuse_gis.io.fonts import chinese_font

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

FACE = "chinese"
BLOCK = 8  # signs of the hash that stand together, to be compared by eye
LABEL_WIDTH, LINE = 42, 8  # mm
TITLE_SIZE, TEXT_SIZE, HASH_SIZE = 18, 10.5, 13


def write_sheet(
    path: Path, seal: Mapping[str, Any], towns: pd.DataFrame, left: Sequence[str], on: date
) -> None:
    """Write the sheet as PDF, the same bytes for the same seal.

    Parameters
    ----------
    path
        A new file.
    seal
        What is sealed.
    towns
        Records and m² by town: ``town``, ``records``, ``area``.
    left
        Sentences about what was left out.
    on
        The day of the sealing; stands for the time of making.

    Raises
    ------
    InputError
        Where there is no font with Chinese.
    """
    page = FPDF(format="A4")
    page.set_creation_date(datetime(on.year, on.month, on.day, tzinfo=UTC))
    page.set_producer(f"lowuse {__version__}")
    page.add_font(FACE, "", str(chinese_font()))
    page.set_margins(20, 18)
    page.add_page()
    page.set_font(FACE, size=TITLE_SIZE)
    page.multi_cell(
        0,
        12,
        f"{seal['district']}{seal['title']}数据库封库确认表",
        align="C",
        new_x="LMARGIN",
        new_y="NEXT",
    )
    page.set_font(FACE, size=TEXT_SIZE)
    for label, value in _facts(seal):
        _line(page, label, value)
    page.ln(3)
    page.multi_cell(0, 6, "数据库校验值（SHA-256）", new_x="LMARGIN", new_y="NEXT")
    page.set_font(FACE, size=HASH_SIZE)
    page.multi_cell(
        0, 8, _blocks(seal["sha256"]), border=1, align="C", new_x="LMARGIN", new_y="NEXT"
    )
    page.set_font(FACE, size=TEXT_SIZE)
    page.ln(3)
    _towns(page, towns)
    for sentence in (*left, *_promise()):
        page.multi_cell(0, 6, sentence, align="L", new_x="LMARGIN", new_y="NEXT")
    page.ln(6)
    _hands(page)
    page.output(str(path))


def _facts(seal: Mapping[str, Any]) -> list[tuple[str, str]]:
    facts = [
        ("图层", f"{seal['layer']}（{seal['title']}）"),
        ("图斑数", f"{seal['records']:,} 个"),
        ("总面积", f"{float(seal['area'] or 0):,.2f} 平方米"),
        ("坐标系", str(seal["crs"])),
        ("认定规则", f"{seal['rulebook']}　SHA-256 {seal['rules_sha256'][:16]}…"),
        ("判定基准日", str(seal["as_of"])),
        ("封库日期", str(seal["sealed_on"])),
        ("封库经办人", str(seal["sealed_by"])),
    ]
    facts += [("输入数据", f"{name}　SHA-256 {sha[:16]}…") for name, sha in seal["inputs"].items()]
    if "signature" in seal:
        facts.append(("数字签名公钥", str(seal["signature"]["public_key"])))
    return facts


def _line(page: Any, label: str, value: str) -> None:
    page.cell(LABEL_WIDTH, LINE, label, border=1)
    page.cell(0, LINE, value, border=1, new_x="LMARGIN", new_y="NEXT")


def _blocks(text: str) -> str:
    blocks = [text[at : at + BLOCK] for at in range(0, len(text), BLOCK)]
    half = len(blocks) // 2
    return "  ".join(blocks[:half]) + "\n" + "  ".join(blocks[half:])


def _towns(page: Any, towns: pd.DataFrame) -> None:
    widths = (70, 40, 60)
    lines = [("乡镇", "图斑数", "面积（平方米）")]
    lines += [(t.town, f"{t.records:,}", f"{t.area:,.2f}") for t in towns.itertuples()]
    lines.append(("合计", f"{towns['records'].sum():,}", f"{towns['area'].sum():,.2f}"))
    for cells in lines:
        for width, cell in zip(widths, cells, strict=True):
            page.cell(
                width, LINE - 1, str(cell), border=1, align="L" if width == widths[0] else "R"
            )
        page.ln(LINE - 1)
    page.ln(3)


def _promise() -> tuple[str, ...]:
    return (
        (
            "一、以上校验值由每个图斑的属性和界址点坐标（精确到 0.1 毫米）算出；"
            "任何一个单元格或界址点改动，校验值都会不同。"
        ),
        "二、本库封闭后按照规定不再更新。后续情况另行记载，注明图斑编号，不改动本库。",
        (
            "三、核对办法：lowuse legacy verify 数据库文件 --seal seal.json，"
            "程序逐图斑指出改动、增加和减少，并显示校验值，与本表逐段比对。"
        ),
    )


def _hands(page: Any) -> None:
    for label in ("经办人（签字）：", "审核人（签字）：", "单位（盖章）："):
        page.cell(
            0,
            11,
            f"{label}{'＿' * 16}　　日期：{'＿' * 4}年{'＿' * 2}月{'＿' * 2}日",
            new_x="LMARGIN",
            new_y="NEXT",
        )
