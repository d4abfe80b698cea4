"""What GBK can write, and how many bytes it takes: the encoding of most shapefiles in China."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

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
    plain = pa.array(text.to_numpy(dtype=object), pa.string())
    whole = "\n".join(pc.unique(plain).to_pylist())
    if whole.encode("gbk", "ignore").decode("gbk") == whole:
        return pd.Series(data=False, index=text.index)
    back = [t.encode("gbk", "ignore").decode("gbk") for t in text]
    return pd.Series(back, index=text.index, dtype="str") != text


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
    coded = pa.array(text.to_numpy(dtype=object), pa.string()).dictionary_encode()
    signs = pc.utf8_length(coded.dictionary)
    ascii_signs = pc.utf8_length(pc.replace_substring_regex(coded.dictionary, r"[^\x00-\x7F]", ""))
    count = pc.subtract(pc.multiply(signs, 2), ascii_signs).take(coded.indices)
    return pd.Series(count.to_numpy(zero_copy_only=False), index=text.index)
