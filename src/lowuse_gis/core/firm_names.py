"""Names of firms and addresses as people write them, made comparable."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz, process

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

SIGNS = r"[\s·•,，、.。;；:：'\"“”‘’()（）\[\]【】<>《》_\-—–]+"
FULL = 100.0  # what rapidfuzz calls the same
CHUNK = 500  # names compared at once with all others, so that memory stays bounded


def plain(texts: pd.Series) -> pd.Series:
    """Leave out what people write differently: width, case, spaces, brackets, signs.

    Parameters
    ----------
    texts
        May be missing.

    Returns
    -------
    Series of str

    Examples
    --------
    >>> import pandas as pd
    >>> plain(pd.Series(["天津 青禾（静海）制管有限公司", "Ａ-1 厂", None])).tolist()
    ['天津青禾静海制管有限公司', 'a1厂', nan]
    """
    normal = texts.astype("str").str.normalize("NFKC").str.lower()
    bare = normal.str.replace(SIGNS, "", regex=True)
    return bare.mask(texts.isna() | (bare == ""))


def core_of(names: pd.Series, places: Sequence[str], suffixes: Sequence[str]) -> pd.Series:
    """Take place names off the front and legal forms off the end.

    Parameters
    ----------
    names
        As `plain` gives them.
    places, suffixes
        Words to take off, each as often as it stands there.

    Returns
    -------
    Series of str
        The name as it is where nothing would be left.

    Examples
    --------
    >>> import pandas as pd
    >>> names = pd.Series(["天津市静海区青禾制管有限责任公司", "静海区"])
    >>> core_of(names, ["天津市", "静海区"], ["有限责任公司", "有限公司"]).tolist()
    ['青禾制管', '静海区']
    """
    front = "|".join(re.escape(word) for word in sorted(places, key=len, reverse=True))
    end = "|".join(re.escape(word) for word in sorted(suffixes, key=len, reverse=True))
    core = names.str.replace(f"^(?:{front})+", "", regex=True) if front else names
    core = core.str.replace(f"(?:{end})+$", "", regex=True) if end else core
    return core.mask(core == "", names)


def most_similar(
    wanted: Sequence[str], known: Sequence[str], least: float
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.bool_]]:
    """Find the known text that is most like each wanted one.

    Parameters
    ----------
    wanted, known
        Distinct texts.
    least
        Similarity below which there is none: 0 to 1, as rapidfuzz's ratio.

    Returns
    -------
    at : ndarray of int
        Position among the known ones, -1 for none.
    score : ndarray of float
        0 to 1.
    several : ndarray of bool
        Whether another one is as similar.
    """
    at, score = np.full(len(wanted), -1), np.zeros(len(wanted))
    several = np.zeros(len(wanted), dtype=bool)
    if not len(known):
        return at, score, several
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        found = process.cdist(
            some, known, scorer=fuzz.ratio, score_cutoff=least * FULL, dtype=np.float32, workers=2
        )
        best = found.max(axis=1)
        here = slice(start, start + len(some))
        at[here] = np.where(best > 0, found.argmax(axis=1), -1)
        score[here] = best / FULL
        several[here] = (best > 0) & ((found == best[:, None]).sum(axis=1) > 1)
    return at, score, several
