"""Make the Word template of ``lowuse report``, or check that the one in the tree is this one.

Run without options after editing this file; ``--check`` fails where the template is out of date.
"""

import io
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from lowuse_gis.io.report_tables import MARK

TARGET = Path(__file__).parents[1] / "src" / "lowuse_gis" / "page" / "report.docx"
SECTIONS = (
    "scope", "evaluation", "sources", "method", "results", "undetermined", "problems", "units",
    "legacy", "balances", "annex",
)  # fmt: skip
OPTIONAL = {"evaluation", "units", "legacy"}
SONG, FANG, HEI, LATIN = "宋体", "仿宋", "黑体", "Times New Roman"
INK, GREY = RGBColor(0, 0, 0), "E9EDF0"
MADE = datetime(2024, 1, 1, tzinfo=UTC)


def dressed(style: Any, chinese: str, size: float, *, bold: bool = False) -> Any:
    """Give a style its fonts; for a missing one another of its kind is taken."""
    style.font.name, style.font.size, style.font.bold = LATIN, Pt(size), bold
    style.font.italic, style.font.color.rgb = False, INK
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), chinese)
    return style


def spaced(
    style: Any,
    before: float = 0,
    after: float = 0,
    line: float = 1.5,
    *,
    align: Any = None,
    indent: Any = None,
) -> Any:
    """Give a style its spacing."""
    form = style.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(after), line
    form.alignment, form.first_line_indent = align, indent
    return style


def styles(document: Any) -> None:
    """Set all styles that an office may want to change."""
    known, middle = document.styles, WD_ALIGN_PARAGRAPH.CENTER
    spaced(dressed(known["Normal"], FANG, 12), line=1.5)
    spaced(dressed(known["Body Text"], FANG, 12), indent=Pt(24))
    spaced(dressed(known["Title"], HEI, 22, bold=True), 60, 18, align=middle)
    borders = known["Title"].element.pPr.find(qn("w:pBdr"))
    if borders is not None:
        known["Title"].element.pPr.remove(borders)
    spaced(dressed(known["Subtitle"], FANG, 12), 0, 4, align=middle)
    spaced(dressed(known["Heading 1"], HEI, 16, bold=True), 18, 8)
    spaced(dressed(known["Heading 2"], HEI, 13, bold=True), 12, 6)
    spaced(dressed(known["Caption"], HEI, 10.5), 8, 4, 1.2, align=middle)
    known["Caption"].paragraph_format.keep_with_next = True
    cell = known.add_style("Table Text", 1)
    cell.base_style = known["Normal"]
    spaced(dressed(cell, SONG, 9), 1, 1, 1.0)
    note = known.add_style("Table Note", 1)
    note.base_style = known["Normal"]
    spaced(dressed(note, SONG, 9), 2, 8, 1.2)
    picture = known.add_style("Picture", 1)
    picture.base_style = known["Normal"]
    spaced(picture, 8, 0, 1.0, align=middle).paragraph_format.keep_with_next = True
    contents = known["TOC Heading"]
    spaced(dressed(contents, HEI, 14, bold=True), 30, 10, align=middle)
    for level, indent in ((1, 0), (2, 24)):
        entry = known.add_style(f"toc {level}", 1)
        entry.base_style = known["Normal"]
        spaced(dressed(entry, FANG, 12), line=1.3).paragraph_format.left_indent = Pt(indent)
        stops = entry.paragraph_format.tab_stops
        stops.add_tab_stop(Mm(158), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    under = known.add_style("Picture Caption", 1)
    under.base_style = known["Caption"]
    spaced(dressed(under, HEI, 10.5), 2, 10, 1.2, align=middle)
    under.paragraph_format.keep_with_next = False


def mark(parent: Any, tag: str, **attributes: str) -> Any:
    """Add an element of WordprocessingML."""
    element = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    parent.append(element)
    return element


def table(document: Any) -> None:
    """Add a table that grows with headings and rows."""
    made = document.add_table(rows=4, cols=3, style="Table Grid")
    properties = made._tbl.tblPr  # noqa: SLF001  the library has no way of its own
    width = properties.find(qn("w:tblW"))
    if width is None:
        width = mark(properties, "tblW")
    width.set(qn("w:type"), "pct")
    width.set(qn("w:w"), "5000")
    made.autofit = False
    mark(properties, "tblCaption", val=MARK)
    texts = (
        ("{%tc for heading in block.headings %}", "{{ heading }}", "{%tc endfor %}"),
        ("{%tr for row in block.rows %}", "", ""),
        ("{%tc for cell in row %}", "{{ cell }}", "{%tc endfor %}"),
        ("{%tr endfor %}", "", ""),
    )
    for row, line in zip(made.rows, texts, strict=True):
        for cell, text in zip(row.cells, line, strict=True):
            cell.paragraphs[0].style = "Table Text"
            cell.paragraphs[0].add_run(text)
        mark(row._tr.get_or_add_trPr(), "cantSplit")  # noqa: SLF001
    head = made.rows[0]
    mark(head._tr.get_or_add_trPr(), "tblHeader")  # noqa: SLF001
    middle = head.cells[1]
    middle.paragraphs[0].runs[0].bold = True
    middle.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    mark(middle._tc.get_or_add_tcPr(), "shd", val="clear", color="auto", fill=GREY)  # noqa: SLF001


def section(document: Any, name: str) -> None:
    """Add a section: every kind of block has its own place and style."""

    def line(text: str, style: str = "Table Note") -> None:
        document.add_paragraph(text, style=style)

    if name in OPTIONAL:
        line(f"{{%p if sections.{name}.blocks %}}")
    number = "" if name == "annex" else "{{ next_section() }}"
    line(f"{number}{{{{ sections.{name}.heading }}}}", "Heading 1")
    line(f"{{%p for block in sections.{name}.blocks %}}")
    line('{%p if block.kind == "heading" %}')
    line("{{ block.text }}", "Heading 2")
    line('{%p elif block.kind == "sentence" %}')
    line("{{ block.text }}", "Body Text")
    line('{%p elif block.kind == "grid" %}')
    line("{{ next_table() }} {{ block.title }}", "Caption")
    table(document)
    line("{{ block.note }}")
    line('{%p elif block.kind == "picture" %}')
    line("{{ block.image }}", "Picture")
    line("{{ next_figure() }} {{ block.title }}", "Picture Caption")
    line("{%p endif %}")
    line("{%p endfor %}")
    if name in OPTIONAL:
        line("{%p endif %}")


def field(paragraph: Any, code: str) -> None:
    """Add a field, such as the number of the page."""
    run = paragraph.add_run()._r  # noqa: SLF001
    mark(run, "fldChar", fldCharType="begin")
    mark(run, "instrText").text = code
    mark(run, "fldChar", fldCharType="separate")
    mark(run, "t").text = "1"
    mark(run, "fldChar", fldCharType="end")


def made() -> bytes:
    """Return the bytes of the template."""
    document = Document()
    styles(document)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(26)
    page.top_margin, page.bottom_margin = Mm(28), Mm(25)
    head = page.header.paragraphs[0]
    head.style = "Table Note"
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    head.add_run("{{ title }}")
    foot = page.footer.paragraphs[0]
    foot.style = "Table Note"
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot.add_run("— ")
    field(foot, "PAGE")
    foot.add_run(" —")
    document.add_paragraph("{{ title }}", style="Title")
    document.add_paragraph("{{ words.as_of }}", style="Subtitle")
    document.add_paragraph("{{ words.rules }}", style="Subtitle")
    document.add_paragraph("{{ words.contents }}", style="TOC Heading")
    field(document.add_paragraph(style="toc 1"), 'TOC \\o "1-2" \\h \\z \\u')
    document.add_page_break()
    for name in SECTIONS:
        section(document, name)
    properties = document.core_properties
    properties.author = properties.last_modified_by = "lowuse"
    properties.comments, properties.title = "", "lowuse report"
    properties.created = properties.modified = MADE
    raw, out = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return out.getvalue()


def main() -> None:
    """Write, or check by content: another zlib packs the same content otherwise."""
    data = made()
    if "--check" not in sys.argv:
        TARGET.write_bytes(data)
        return
    with zipfile.ZipFile(io.BytesIO(data)) as new, zipfile.ZipFile(TARGET) as old:
        same = [old.read(n) for n in old.namelist()] == [new.read(n) for n in new.namelist()]
    if not same:
        print(f"{TARGET.name} is out of date: python scripts/report_template.py")
    sys.exit(not same)


if __name__ == "__main__":
    main()
