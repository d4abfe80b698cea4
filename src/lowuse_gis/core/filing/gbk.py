"""What GBK can write, and how many bytes it takes: the encoding of most shapefiles in China."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from lowuse_gis.core.in_arrow import texts_of

GBK_NAMES = ("GBK", "GB18030", "CP936", "GB2312")


def of_gbk(encoding: str) -> bool:
    """Say whether an encoding is GBK, by whatever name.

    Parameters
    ----------
    encoding
        Its name.

    Returns
    -------
    bool
    """
    return encoding.upper() in GBK_NAMES


def unwritable(text: pd.Series) -> pd.Series:
    """Say which texts have signs that GBK cannot write.

    Parameters
    ----------
    text
        No missing values.

    Returns
    -------
    Series of bool

    Examples
    --------
    >>> unwritable(pd.Series(["王口镇", "\U00020bb7", "5 m²"])).tolist()
    [False, True, True]
    """
    coded = texts_of(text).dictionary_encode()
    words = coded.dictionary.to_pylist()
    lost = [word.encode("gbk", "ignore").decode("gbk") != word for word in words]
    return pd.Series(np.array(lost, dtype=bool)[coded.indices.to_numpy()], index=text.index)


def gbk_bytes(text: pd.Series) -> pd.Series:
    """Count the bytes of texts in GBK.

    Parameters
    ----------
    text
        No missing values.

    Returns
    -------
    Series of int
        Two for every sign that is not ASCII.

    Examples
    --------
    >>> gbk_bytes(pd.Series(["王口镇A", ""])).tolist()
    [7, 0]
    """
    coded = texts_of(text).dictionary_encode()
    signs = pc.utf8_length(coded.dictionary)
    ascii_signs = pc.utf8_length(pc.replace_substring_regex(coded.dictionary, r"[^\x00-\x7F]", ""))
    count = pc.subtract(pc.multiply(signs, 2), ascii_signs).take(coded.indices)
    return pd.Series(count.to_numpy(zero_copy_only=False), index=text.index)
