"""Texts of a workbook that many cells tell: its shared strings (ECMA-376, part 1, 18.4.9)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet runs begins so
RUN = rf"\A([{re.escape(''.join(FORMULA))}])"
LONGEST = 32_767  # characters a cell holds
UNWRITABLE = r"[\x00-\x08\x0B\x0C\x0E-\x1F]"
LIKE_ESCAPED = r"(_x[0-9A-Fa-f]{4}_)"
AT_AN_END = r"^\s|\s$"  # there a reader leaves out space unless it is told to keep it
ODD = rf"[&<>\x00-\x1F]|_x|{AT_AN_END}|{RUN}"  # what is not written as it is
SHARED = "xl/sharedStrings.xml"
COUNTS = re.compile(rb' count="(\d+)" uniqueCount="(\d+)"')
END = b"</sst>"


@dataclass
class SharedTexts:
    """The shared strings of a workbook, and those that are added to them.

    Attributes
    ----------
    xml
        As XlsxWriter wrote them.
    added
        Further ones, as elements ``si``.
    uses
        How many cells tell one of these.
    """

    xml: bytes
    added: list[pa.LargeStringArray] = field(default_factory=list)
    uses: int = 0

    def add(self, texts: pa.LargeStringArray, told: pa.Array) -> pa.LargeStringArray:
        """Add texts that cells tell.

        Parameters
        ----------
        texts
            Each once.
        told
            Of each cell, which of them it tells.

        Returns
        -------
        LargeStringArray
            The number by which a cell tells each; null where a text is empty.
        """
        first = self._counts()[1]
        elements = text_elements(texts, "<si>", "</si>")
        self.added.append(elements.fill_null("<si/>"))
        self.uses += pc.sum(elements.is_valid().take(told)).as_py() or 0
        numbers = pa.array(np.arange(first, first + len(texts))).cast(pa.large_string())
        return pc.if_else(elements.is_valid(), numbers, pa.scalar(None, pa.large_string()))

    def written(self) -> bytes:
        """Return the part of the workbook that has them all.

        Returns
        -------
        bytes
        """
        xml = COUNTS.sub(b' count="%d" uniqueCount="%d"' % self._counts(), self.xml, count=1)
        return xml.replace(END, b"".join([*(some.buffers()[2] for some in self.added), END]))

    def _counts(self) -> tuple[int, int]:
        """Return how many cells tell shared strings, and how many of these there are."""
        told, known = (int(number) for number in COUNTS.findall(self.xml)[0])
        return told + self.uses, known + sum(map(len, self.added))


def joined(*parts: str | pa.LargeStringArray, empty: bool = True) -> pa.LargeStringArray:
    """Put texts together row by row.

    Parameters
    ----------
    *parts
        Of each row, or the same in all.
    empty
        Whether a missing part is empty; it makes the whole missing otherwise.

    Returns
    -------
    LargeStringArray

    Examples
    --------
    >>> joined("<", pa.array(["a", None], pa.large_string()), ">", empty=False).to_pylist()
    ['<a>', None]
    """
    large = [pa.scalar(p, pa.large_string()) if isinstance(p, str) else p for p in parts]
    missing = "replace" if empty else "emit_null"
    end = pa.scalar("", pa.large_string())
    return pc.binary_join_element_wise(*large, end, null_handling=missing)


def text_elements(
    texts: pa.LargeStringArray, before: str = "", after: str = ""
) -> pa.LargeStringArray:
    """Write texts as a workbook holds them: harmless, escaped, no longer than a cell may be.

    Parameters
    ----------
    texts
        Null for none.
    before, after
        What stands around each.

    Returns
    -------
    LargeStringArray
        Elements ``t``; null where a text is empty or none.

    Examples
    --------
    >>> text_elements(pa.array(["=1<2", "", " a"], pa.large_string()), "<is>").to_pylist()
    ["<is><t>'=1&lt;2</t>", None, '<is><t xml:space="preserve"> a</t>']
    """
    texts = pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.large_string()), texts)
    long = pc.greater(pc.binary_length(texts), LONGEST)
    if not pc.any(pc.or_(long, pc.match_substring_regex(texts, ODD))).as_py():
        return joined(before, "<t>", texts, "</t>", after, empty=False)
    text = pc.replace_substring_regex(texts, RUN, r"'\1")
    text = pc.utf8_slice_codeunits(text, 0, LONGEST)
    text = pc.replace_substring_regex(text, LIKE_ESCAPED, r"_x005F\1")
    for sign, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = pc.replace_substring(text, sign, name)
    if pc.any(pc.match_substring_regex(text, UNWRITABLE)).as_py():
        plain = [_named_signs(each) for each in text.to_pylist()]
        text = pa.array(plain, pa.large_string())
    spaced = pc.match_substring_regex(text, AT_AN_END)
    begin = pc.if_else(spaced, '<t xml:space="preserve">', "<t>").cast(pa.large_string())
    return joined(before, begin, text, "</t>", after, empty=False)


def _named_signs(text: str | None) -> str | None:
    return None if text is None else re.sub(UNWRITABLE, lambda m: f"_x{ord(m[0]):04X}_", text)
