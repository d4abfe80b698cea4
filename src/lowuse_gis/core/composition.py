"""Parts that add up to their whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

TIE = 1e-6  # hundredths: so near to a half the product does not tell how a share is rounded


def rounded_parts(
    parts: NDArray[np.float64], group: NDArray[np.intp], whole: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Round parts to 0.01 so that each group's parts add up to the rounded whole.

    Parameters
    ----------
    parts
        Part areas, m².
    group
        The whole each part belongs to, sorted, positions in `whole`.
    whole
        Areas the parts must add up to, m².

    Returns
    -------
    ndarray of float
        The parts in m² with two decimals, by the largest remainder (the rule of 调平).

    Examples
    --------
    >>> rounded_parts(np.array([1/3, 1/3, 1/3]), np.array([0, 0, 0]), np.array([1.0])).tolist()
    [0.34, 0.33, 0.33]
    """
    total = np.bincount(group, parts, minlength=len(whole))
    scale = np.divide(whole, total, out=np.zeros_like(whole), where=total > 0)
    exact = parts * scale[group] * 100
    floor = np.floor(exact + 1e-9)
    short = np.rint(whole * 100) - np.bincount(group, floor, minlength=len(whole))
    order = np.lexsort((np.arange(len(parts)), -np.round(exact - floor, 6), group))
    first = np.searchsorted(group[order], group[order], side="left")
    rank = np.arange(len(parts)) - first
    floor[order] += rank < short[group[order]]
    return floor / 100


def shares_text(
    group: NDArray[np.intp], code: NDArray[np.object_], share: NDArray[np.float64], count: int
) -> NDArray[np.object_]:
    """Write the composition of each group, largest first, such as ``0601:0.83;1004:0.17``.

    Parameters
    ----------
    group
        Group of each part, 0 to count - 1.
    code
        Code of each part.
    share
        Share of each part in its group.
    count
        Number of groups.

    Returns
    -------
    ndarray of object
        Empty text for a group without parts.
    """
    number, codes = pd.factorize(code, sort=True)
    order = np.lexsort((number, -share, group))
    kinds, kind = np.unique(_hundredths(share) * len(codes) + number, return_inverse=True)
    texts = [f"{codes[one % len(codes)]}:{one // len(codes) / 100:.2f}" for one in kinds.tolist()]
    return joined_text(group[order], np.array(texts, dtype=object)[kind[order]], count)


def _hundredths(share: NDArray[np.float64]) -> NDArray[np.int64]:
    """Round shares to hundredths as they are written, to which multiplying may add."""
    scaled = share * 100
    whole = np.rint(scaled).astype(np.int64)
    doubtful = np.flatnonzero(np.abs(scaled - np.floor(scaled) - 0.5) < TIE)
    whole[doubtful] = [int(f"{one:.2f}".replace(".", "")) for one in share[doubtful].tolist()]
    return whole


def joined_text(
    group: NDArray[np.intp],
    text: NDArray[np.str_] | NDArray[np.object_],
    count: int,
    separator: str = ";",
) -> NDArray[np.object_]:
    """Join the texts of each group.

    Parameters
    ----------
    group
        Sorted group of each text, 0 to count - 1.
    text
        What to join, in order.
    count
        Number of groups.
    separator
        What stands between.

    Returns
    -------
    ndarray of object
        Empty text for a group without members.

    Examples
    --------
    >>> joined_text(np.array([0, 0, 2]), np.array(["a", "b", "c"]), 3).tolist()
    ['a;b', '', 'c']
    """
    offsets = np.searchsorted(group, np.arange(count + 1)).astype(np.int32)
    lists = pa.ListArray.from_arrays(pa.array(offsets), pa.array(text.astype(object), pa.string()))
    joined: NDArray[np.object_] = pc.binary_join(lists, separator).to_numpy(zero_copy_only=False)
    return joined


def words_where(holds: NDArray[np.bool_], words: Sequence[str]) -> NDArray[np.object_]:
    """Join for each row the words that hold, each once, with ``;`` between.

    Parameters
    ----------
    holds
        A line per word, a column per row.
    words
        In the order in which they are told; a word may stand on several lines.

    Returns
    -------
    ndarray of object
        Empty text where none holds.

    Examples
    --------
    >>> holds = np.array([[True, False, False], [True, False, True], [True, False, True]])
    >>> words_where(holds, ["a", "b", "a"]).tolist()
    ['a;b', '', 'b;a']
    """
    row, line = np.nonzero(holds.T)
    number = {word: at for at, word in enumerate(dict.fromkeys(words))}
    word = np.array([number[word] for word in words], dtype=np.int64)[line]
    first = np.sort(np.unique(row * len(number) + word, return_index=True)[1])
    return joined_text(row[first], np.array(words, dtype=object)[line[first]], holds.shape[1])
