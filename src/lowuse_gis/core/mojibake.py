"""Text that was read in one encoding and written again in another: found, and undone if it can be.

UTF-8 read as GBK looks like 涓浗, read as Latin-1 like ä¸­. As long as no sign was lost on the way,
taking the same way back gives the text. That a whole column of real Chinese should happen to be
valid UTF-8 when written in GBK is next to impossible, so a column is only undone as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.core.values import is_ascii

if TYPE_CHECKING:
    from collections.abc import Sequence

WAYS = ("latin-1", "gb18030")
LOST = "\ufffd"  # stands where a sign could not be decoded
HAN = range(0x4E00, 0xA000)


@dataclass(frozen=True)
class Restored:
    """A column of text.

    Attributes
    ----------
    text
        The column, restored where it could be.
    way
        The encoding it had been misread in; empty where nothing was wrong.
    lost
        How many values hold signs that are lost for good.
    """

    text: pd.Series
    way: str
    lost: int


def restored(values: pd.Series) -> Restored:
    """Undo a double encoding.

    Parameters
    ----------
    values
        A column as read; what is not text is passed over.

    Returns
    -------
    Restored

    Examples
    --------
    >>> broken = pd.Series(["静海区".encode().decode("latin-1"), "abc", None])
    >>> restored(broken).text.tolist()[:2], restored(broken).way
    (['静海区', 'abc'], 'latin-1')
    >>> restored(pd.Series(["静海区"])).way
    ''
    """
    if is_ascii(values):
        return Restored(values, "", 0)
    at, uniques = pd.factorize(values)
    texts = [text for text in uniques if isinstance(text, str) and not text.isascii()]
    lost = int(sum(values.eq(text).sum() for text in texts if LOST in text))
    whole = [text for text in texts if LOST not in text]
    for way in WAYS:
        back = _back(whole, way)
        if back:
            mapped = pd.Series([back.get(text, text) for text in uniques], dtype=object)
            made = mapped.reindex(at).to_numpy()
            return Restored(pd.Series(made, values.index, dtype=object), way, lost)
    return Restored(values, "", lost)


def _back(texts: Sequence[str], way: str) -> dict[str, str]:
    """Return every text as it was; nothing where one of them cannot be."""
    found = {}
    for text in texts:
        try:
            found[text] = text.encode(way).decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            return {}
    spoken = any(ord(sign) in HAN for text in found.values() for sign in text)
    return found if spoken else {}
