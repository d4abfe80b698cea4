"""What a template of a report can name: the same for a document and for a page."""

from __future__ import annotations

import re
from dataclasses import asdict
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from lowuse_gis.io.report_pictures import picture_of
from lowuse_gis.io.report_tables import are_numbers
from lowuse_gis.language import _, language
from lowuse_gis.model.report import Bars, Map

if TYPE_CHECKING:
    from collections.abc import Callable

    from lowuse_gis.model.report import Block, Report

NO_TEXT = re.compile(
    r"[\x00-\x1f\x7f\ufffe\uffff\ud800-\udfff]+"
)  # not allowed in XML, or not in a cell
DIGITS = "〇一二三四五六七八九"
TEN = 10


def environment() -> SandboxedEnvironment:
    """Return what templates are filled in by: an office's template is no program.

    Returns
    -------
    SandboxedEnvironment
        Values are text, never markup; a name that is not known is an error.
    """
    return SandboxedEnvironment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        finalize=lambda value: NO_TEXT.sub(" ", value) if type(value) is str else value,
    )


def context_of(report: Report, place: Callable[[bytes, str], Any]) -> dict[str, Any]:
    """Return what a template can name.

    Parameters
    ----------
    report
        The content.
    place
        Makes of a PNG and its alternative text what stands in the document.

    Returns
    -------
    dict
        ``title``, ``district``, ``as_of``, ``rules``, ``facts``, ``sections``, ``words``, and
        ``next_section()``, ``next_table()`` and ``next_figure()``, which number.
    """
    tables, figures, sections = count(1), count(1), count(1)
    return {
        "language": "zh-CN" if language() == "zh" else "en",
        "title": report.title,
        "district": report.district,
        "as_of": report.as_of,
        "rules": report.rules,
        "facts": dict(report.facts),
        "sections": {
            name: {
                "heading": section.heading,
                "blocks": [_block(block, place) for block in section.blocks],
            }
            for name, section in report.sections.items()
        },
        "words": {
            "as_of": _("State of affairs as of {date}").format(date=report.as_of),
            "rules": _("Rules: {rules}").format(rules=report.rules),
            "contents": _("Contents"),
        },
        "next_section": lambda: _("{number}. ").format(number=_numeral(next(sections))),
        "next_table": lambda: _("Table {number}").format(number=next(tables)),
        "next_figure": lambda: _("Figure {number}").format(number=next(figures)),
    }


def _block(block: Block, place: Callable[[bytes, str], Any]) -> dict[str, Any]:
    if isinstance(block, Bars | Map):
        told = alternative(block)
        image = place(picture_of(block), told)
        return {"kind": "picture", "title": block.title, "image": image, "alternative": told}
    named = asdict(block)
    if block.kind == "grid" and not named["rows"]:
        named["rows"] = [["—"] * len(named["headings"])]
    if block.kind == "grid":
        named["numbers"] = are_numbers(named["rows"])
    return named


def alternative(block: Bars | Map) -> str:
    """Say in a sentence what a picture shows, for people who do not see it.

    Parameters
    ----------
    block
        A chart or a map.

    Returns
    -------
    str
    """
    if isinstance(block, Map):
        counts = np.bincount(block.classes, minlength=len(block.legend))
        parts = [
            _("{label} {count}").format(label=label, count=f"{number:,}")
            for (label, _colour), number in zip(block.legend, counts, strict=True)
        ]
        return _("{title}; parcels: {parts}").format(
            title=block.title, parts=_(", ").join(reversed(parts))
        )
    lines = [
        _("{name}: {parts}").format(
            name=name,
            parts=_(", ").join(
                _("{label} {count}").format(label=label, count=f"{lengths[at]:,.0f}")
                for label, _colour, lengths in block.series
            ),
        )
        for at, name in enumerate(block.names)
    ]
    return _("{title}, {unit}. {lines}").format(
        title=block.title, unit=block.unit, lines=_("; ").join(lines)
    )


def _numeral(number: int) -> str:
    """Write the number of a section: 一, 十二, in English 1, 12."""
    if language() != "zh":
        return str(number)
    tens, ones = divmod(number, TEN)
    head = ("" if tens == 1 else DIGITS[tens]) + "十" if tens else ""
    return head + (DIGITS[ones] if ones else "")
