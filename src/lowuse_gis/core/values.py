"""Values as people type them, made into codes, numbers and dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lowuse_gis.core.in_arrow import in_arrow, texts_of
from lowuse_gis.core.lookup import mapped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DATE = (
    r"^(?P<year>(?:19|20)\d\d)"
    r"(?:\D{0,2}(?P<month>1[0-2]|0?[1-9])(?:\D{0,2}(?P<day>3[01]|[12]\d|0?[1-9]))?)?"
    r"(?:\D.*)?$"
)
DAY = r"^(?P<year>(?:19|20)\d\d)[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?(?:[T ].*)?$"
SERIAL = r"[34567]\d{4}(?:\.\d+)?"  # 1982 to 2118
SPREADSHEET_EPOCH = "1899-12-30"
BLANK = r"[\s\x{b}\x{1c}-\x{1f}\x{85}\p{Z}]"  # what Python takes for white space
FIRST, LAST = ord("!"), ord("~")  # of ASCII, visible
WHOLE = r"^([0-9]+)\.0$"


def as_text(values: pd.Series) -> pd.Series:
    """Strip text; what is empty is missing.

    Parameters
    ----------
    values
        Anything; numbers become their digits, 12.0 becomes ``12``.

    Returns
    -------
    Series of str
        On the same index.
    """
    text = values.astype("str").str.strip()
    if values.dtype.kind in "fO" and text.str.endswith(".0").any():  # codes of a spreadsheet
        text = replaced(text, WHOLE, r"\1")
    absent = values.isna() | text.isin(["", "nan", "None", "<NA>", "NaT"])
    return text.mask(absent)


def as_codes(values: pd.Series) -> pd.Series:
    """Make codes of text: full-width characters become half-width, spaces go.

    Parameters
    ----------
    values
        Anything.

    Returns
    -------
    Series of str

    Examples
    --------
    >>> as_codes(pd.Series([" １２０118 ", 7.0, None])).tolist()
    ['120118', '7', nan]
    """
    text = as_text(values)
    return text if _is_plain(text) else replaced(half_width(text), BLANK, "")


def _is_plain(values: pd.Series) -> bool:
    """Say whether text has nothing but visible ASCII signs, by a look at all its bytes at once."""
    texts = texts_of(values)
    offsets = np.frombuffer(texts.buffers()[1], dtype=np.int64)[texts.offset :][: len(texts) + 1]
    signs = np.frombuffer(texts.buffers()[2] or b"", dtype=np.uint8)[offsets[0] : offsets[-1]]
    return not len(signs) or bool(signs.min() >= FIRST and signs.max() <= LAST)


def replaced(text: pd.Series, pattern: str, by: str) -> pd.Series:
    """Replace a pattern in a column at once; pandas goes through it text by text.

    Parameters
    ----------
    text
        A column of text.
    pattern
        A regular expression of RE2.
    by
        What stands for each place that it fits.

    Returns
    -------
    Series of str
        On the same index.

    Examples
    --------
    >>> replaced(pd.Series(["合 计", None]), BLANK, "").tolist()
    ['合计', nan]
    """
    column = in_arrow(text, pa.string())
    changed = pc.replace_substring_regex(column, pattern, by)
    return pd.Series(changed, index=text.index, name=text.name, dtype="str")


def half_width(text: pd.Series) -> pd.Series:
    """Make full-width characters half-width; where there are none, nothing is touched.

    Parameters
    ----------
    text
        A column of text.

    Returns
    -------
    Series of str
        In Unicode's form NFKC.

    Examples
    --------
    >>> half_width(pd.Series(["１２m²"])).tolist()
    ['12m2']
    """
    return text if is_ascii(text) else text.str.normalize("NFKC")


def is_ascii(values: pd.Series) -> bool:
    """Say whether all text of a column is plain ASCII, without looking at it text by text.

    Parameters
    ----------
    values
        A column of text as pandas keeps it in Arrow; of any other nothing is known: false.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_ascii(pd.Series(["abc", None])), is_ascii(pd.Series(["静海区"]))
    (True, False)
    """
    if not isinstance(values.dtype, pd.StringDtype):
        return False
    texts = in_arrow(values, pa.large_string())
    return bool(pc.all(pc.string_is_ascii(texts)).as_py() in {True, None})


def joined_words(columns: Sequence[pd.Series], separator: str) -> pd.Series:
    """Join the texts of columns row by row.

    Parameters
    ----------
    columns
        Texts of one index; what is missing or empty is passed over.
    separator
        What stands between.

    Returns
    -------
    Series of str

    Examples
    --------
    >>> joined_words([pd.Series(["a", ""]), pd.Series(["b", "c"])], ": ").tolist()
    ['a: b', 'c']
    """
    texts = [in_arrow(c.astype("str"), pa.large_string()) for c in columns]
    given = [
        pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.large_string()), text) for text in texts
    ]
    between = pa.scalar(separator, pa.large_string())
    joined = pc.binary_join_element_wise(*given, between, null_handling="skip")
    return pd.Series(joined, index=columns[0].index, dtype="str")


def as_numbers(values: pd.Series) -> pd.Series:
    """Make numbers of text such as ``1,234.5`` or ``３０``.

    Parameters
    ----------
    values
        Anything.

    Returns
    -------
    Series of float
        Missing where it is no number.
    """
    if pd.api.types.is_numeric_dtype(values):
        return values.astype(float)
    text = as_codes(values).str.replace(",", "", regex=False).str.rstrip("%")
    return pd.to_numeric(text, errors="coerce").astype(float)


def as_dates(values: pd.Series) -> pd.Series:
    """Make dates of ``20220815``, ``2022.8.15``, ``2022年8月`` or real dates.

    Parameters
    ----------
    values
        Anything.

    Returns
    -------
    Series of datetime64
        A date without a day is the last of its month, one without a month the last of its year:
        nothing is said to have lasted longer than is known.

    Examples
    --------
    >>> as_dates(pd.Series(["2022年8月", "20230415", "x"])).dt.strftime("%F").tolist()
    ['2022-08-31', '2023-04-15', nan]
    """
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.dt.tz_localize(None).astype("datetime64[us]")
    codes, distinct = pd.factorize(as_text(values))
    return _dates(pd.Series(distinct, dtype="str")).reindex(codes).set_axis(values.index)


def _dates(texts: pd.Series) -> pd.Series:
    parts = half_width(texts).str.extract(DATE)
    year = pd.to_numeric(parts["year"], errors="coerce")
    month = pd.to_numeric(parts["month"], errors="coerce").fillna(12)
    day = pd.to_numeric(parts["day"], errors="coerce")
    first = pd.to_datetime(pd.DataFrame({"year": year, "month": month, "day": 1}), errors="coerce")
    length = first.dt.days_in_month
    offset = day.fillna(length).clip(upper=length) - 1
    return (first + pd.to_timedelta(offset, unit="D")).astype("datetime64[us]")


def as_days(values: pd.Series) -> pd.Series:
    """Make days of dates that are whole: real dates, serial numbers of a spreadsheet, or text.

    Parameters
    ----------
    values
        Anything, such as ``2024-3-5``, ``2024/3/5``, ``20240305``, ``2024年3月5日`` or ``45356``.

    Returns
    -------
    Series of datetime64
        Missing where the day is not said, or there is no such day.

    Examples
    --------
    >>> days = as_days(pd.Series(["2024年3月5日", "45356", "2024-02-30", "2024年3月"]))
    >>> days.dt.strftime("%F").tolist()
    ['2024-03-05', '2024-03-05', nan, nan]
    """
    text = as_text(values).str.normalize("NFKC")
    text = text.str.replace(r"\s*([-/.年月日])\s*", r"\1", regex=True)
    text = text.str.replace(r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3", regex=True)
    parts = text.str.extract(DAY)
    written = pd.to_datetime(parts.apply(pd.to_numeric, errors="coerce"), errors="coerce")
    serial = pd.to_numeric(text.where(text.str.fullmatch(SERIAL).fillna(value=False)))
    counted = pd.Timestamp(SPREADSHEET_EPOCH) + pd.to_timedelta(serial // 1, unit="D")
    return written.where(written.notna(), counted).astype("datetime64[us]")


def as_domain(values: pd.Series, labels: Mapping[str, str]) -> pd.Series:
    """Replace labels by the codes they stand for.

    Parameters
    ----------
    values
        Codes or labels.
    labels
        Label to code.

    Returns
    -------
    Series of str
        What is neither stays as it is, for the checks to see; what is missing stays missing.

    Examples
    --------
    >>> as_domain(pd.Series(["无来源", None]), {"无来源": "3", "None": "3"}).tolist()
    ['3', nan]
    """
    codes, known = as_codes(values), pd.Series(list(labels), dtype="str")
    plain = dict(zip(as_codes(known), labels.values(), strict=True))
    return mapped(codes, plain).fillna(codes).astype("str")
