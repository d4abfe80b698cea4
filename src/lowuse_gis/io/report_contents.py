"""Fill in the table of contents of a document: Word and LibreOffice put the page numbers in."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

LEVELS = {"Heading 1": 1, "Heading 2": 2}
STYLE = "toc {level}"


def fill_contents(document: Any) -> None:
    """Fill in the table of contents that stands in a paragraph of its own, where there is one.

    Parameters
    ----------
    document
        Of python-docx, filled in. Every heading gets a bookmark; a table of contents that spans
        several paragraphs, as Word writes it, is left and marked to be updated on opening.
    """
    from docx.oxml.ns import qn  # noqa: PLC0415  slow to load

    begins = [c for c in document.element.body.iter(qn("w:fldChar")) if _is(c, "begin", qn)]
    for begin in begins:
        place = begin.getparent().getparent()
        code = "".join(text.text or "" for text in place.iter(qn("w:instrText")))
        if not code.strip().startswith("TOC"):
            continue
        begin.set(qn("w:dirty"), "true")
        if any(_is(char, "end", qn) for char in place.iter(qn("w:fldChar"))):
            _fill(document, place, code, qn)


def _is(char: Any, kind: str, qn: Any) -> bool:
    return bool(char.get(qn("w:fldCharType")) == kind)


def _fill(document: Any, place: Any, code: str, qn: Any) -> None:
    """Put an entry per heading between the beginning and the end of the field."""
    entries = [
        _entry(document, level, heading, number, place, qn)
        for number, (level, heading) in enumerate(_headings(document), 1)
    ]
    if not entries:
        return
    opened = [
        _run("fldChar", qn, fldCharType="begin", dirty="true"),
        _run("instrText", qn, code),
        _run("fldChar", qn, fldCharType="separate"),
    ]
    for at, run in enumerate(opened, 1):
        entries[0].insert(at, run)  # behind the properties of the paragraph
    entries[-1].append(_run("fldChar", qn, fldCharType="end"))
    for entry in reversed(entries):
        place.addnext(entry)
    place.getparent().remove(place)


def _made(tag: str, qn: Any, text: str = "", **attributes: str) -> Any:
    from docx.oxml import OxmlElement  # noqa: PLC0415  slow to load

    element = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    if text:
        element.text = text
    return element


def _run(tag: str, qn: Any, text: str = "", **attributes: str) -> Any:
    run = _made("r", qn)
    run.append(_made(tag, qn, text, **attributes))
    return run


def _headings(document: Any) -> list[tuple[int, Any]]:
    return [
        (LEVELS[paragraph.style.name], paragraph)
        for paragraph in document.paragraphs
        if paragraph.style.name in LEVELS and paragraph.text.strip()
    ]


def _entry(document: Any, level: int, heading: Any, number: int, place: Any, qn: Any) -> Any:
    """Make the line of a heading: its text, a tab, and a field with its page."""
    name = f"_Toc{number:08d}"
    own = heading._p  # noqa: SLF001  the library has no bookmarks
    start = _made("bookmarkStart", qn, id=str(number), name=name)
    own.insert(0, start) if own.pPr is None else own.pPr.addnext(start)
    own.append(_made("bookmarkEnd", qn, id=str(number)))
    styles = {style.name: style.style_id for style in document.styles}
    properties = _made("pPr", qn)
    if STYLE.format(level=level) in styles:
        properties.append(_made("pStyle", qn, val=styles[STYLE.format(level=level)]))
    elif place.pPr is not None:
        properties = deepcopy(place.pPr)
    link = _made("hyperlink", qn, anchor=name, history="1")
    link.extend(
        [
            _run("t", qn, heading.text),
            _run("tab", qn),
            _run("fldChar", qn, fldCharType="begin", dirty="true"),
            _run("instrText", qn, f" PAGEREF {name} \\h "),
            _run("fldChar", qn, fldCharType="separate"),
            _run("t", qn, "…"),
            _run("fldChar", qn, fldCharType="end"),
        ]
    )
    entry = _made("p", qn)
    entry.extend([properties, link])
    return entry
