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
    from collections.abc import Iterable, Sequence

WAYS = ("latin-1", "gb18030")
LOST = "\ufffd"  # stands where a sign could not be decoded
HAN = range(0x4E00, 0xA000)
LOOKED_AT = 1_000  # rows: one text of them that cannot be taken back speaks for the whole column


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
    lost = int(values.astype("str").str.contains(LOST, regex=False).sum())
    some = _whole(values.iloc[:LOOKED_AT].unique())
    ways = [way for way in WAYS if _back(some, way) is not None]
    at, uniques = pd.factorize(values) if ways else ([], [])
    whole = _whole(uniques)
    for way in ways:
        back = _back(whole, way)
        if back and _is_spoken(back.values()):
            mapped = pd.Series([back.get(text, text) for text in uniques], dtype=object)
            made = mapped.reindex(at).to_numpy()
            return Restored(pd.Series(made, values.index, dtype=object), way, lost)
    return Restored(values, "", lost)


def _whole(values: Iterable[object]) -> list[str]:
    """Return the texts that have other signs than those of ASCII, and lost none."""
    texts = (value for value in values if isinstance(value, str))
    return [text for text in texts if not text.isascii() and LOST not in text]


def _back(texts: Sequence[str], way: str) -> dict[str, str] | None:
    """Return every text as it was; None where one of them cannot be."""
    try:
        return {text: text.encode(way).decode("utf-8") for text in texts}
    except (UnicodeEncodeError, UnicodeDecodeError):
        return None


def _is_spoken(texts: Iterable[str]) -> bool:
    return any(ord(sign) in HAN for text in texts for sign in text)
