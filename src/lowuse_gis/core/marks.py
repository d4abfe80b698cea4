"""Marks by name, such as criteria met or columns missing, written as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.composition import joined_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pandas.api.extensions import ExtensionArray

AT_ONCE = 40  # marks packed into one whole number, beside the number of a set so far


def joined_marks(marks: Sequence[tuple[str, NDArray[np.bool_]]], count: int) -> ExtensionArray:
    """Write per row the names whose mark is set, in order.

    Parameters
    ----------
    marks
        Name and mark for each row.
    count
        Number of rows.

    Returns
    -------
    array of str
        Names joined by semicolons; empty text where no mark is set.

    Examples
    --------
    >>> list(joined_marks([("a", np.array([True, False])), ("b", np.array([True, True]))], 2))
    ['a;b', 'b']
    """
    codes, texts = coded_marks(marks, count)
    return pd.array(texts, dtype="str").take(codes)


def coded_marks(
    marks: Sequence[tuple[str, NDArray[np.bool_]]], count: int
) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Write every distinct set of marks once.

    Parameters
    ----------
    marks, count
        As for `joined_marks`.

    Returns
    -------
    codes : ndarray of int
        Per row the position of its text.
    texts : ndarray of object
        In the order in which they are first met; empty text where no mark is set.
    """
    group: NDArray[np.int64] = np.zeros(count, dtype=np.int64)
    for at in range(0, len(marks), AT_ONCE):
        for _name, mark in marks[at : at + AT_ONCE]:
            group = group * 2 + mark
        group = pd.factorize(group)[0].astype(np.int64)
    first = np.flatnonzero(~pd.Series(group).duplicated().to_numpy())
    if not marks or not count:
        return group, np.full(max(len(first), 1), "", dtype=object)
    names = np.array([name for name, _mark in marks])
    text, which = np.nonzero(np.stack([mark[first] for _name, mark in marks], axis=1))
    return group, joined_text(text, names[which], len(first))
