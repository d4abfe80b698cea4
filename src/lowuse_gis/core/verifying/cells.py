"""Look at every cell of a layer: filled, fitting, of the code list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.filing.canonical import canonical_column
from lowuse_gis.core.filing.gbk import unwritable
from lowuse_gis.core.filing.values import text_lengths
from lowuse_gis.core.verifying.findings import as_numbers, found
from lowuse_gis.model.filing import NUMBER, TEXT, WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lowuse_gis.model.filing import FiledField

FINEST = 1e-9  # what decimals of a float may be off by, relative to the value


def wrong_cells(
    frame: pd.DataFrame,
    fields: Sequence[FiledField],
    key: str,
    file: str,
    layer: str,
    *,
    gbk: bool = True,
) -> Iterator[pd.DataFrame]:
    """Find cells that are empty, too long, of no code list, or no number.

    Parameters
    ----------
    frame
        Values under the field codes; fields that are missing are passed over.
    fields
        What is asked for.
    key
        Field that names a record.
    file, layer
        Where they stand.
    gbk
        Whether every sign must be one of GBK.

    Yields
    ------
    DataFrame
        Findings 3161 to 3261.
    """
    blank = pd.Series("", index=frame.index)
    ids = frame[key].astype("str").fillna("") if key in frame else blank
    for field in fields:
        if field.code in frame:
            yield from _field(frame[field.code], field, ids, (file, layer), gbk=gbk)


def _field(
    values: pd.Series, field: FiledField, ids: pd.Series, place: tuple[str, str], *, gbk: bool
) -> Iterator[pd.DataFrame]:
    def told(code: str, wrong: np.ndarray, **more: object) -> pd.DataFrame:
        return found(code, file, layer, id=ids[wrong], field=field.code, **more)

    file, layer = place
    numeric = field.kind in {NUMBER, WHOLE}
    if numeric and not field.domain and values.dtype.kind in "iuf":
        text, empty = values, values.isna().to_numpy()  # written out they would say no more
    else:
        text = canonical_column(values, field)
        empty = (text == "").to_numpy()
    if field.need == "M":
        yield told("3161", empty)
    if field.kind == TEXT:
        count = text_lengths(text, field)
        long = (count > field.length).to_numpy()
        yield told("3162", long, value=count[long].astype(float), limit=float(field.length))
        odd = (
            unwritable(text).to_numpy() if gbk and not field.any_sign else np.zeros(len(text), bool)
        )
        yield told("3163", odd, note=text[odd])
    if numeric:
        numbers = as_numbers(values).to_numpy()
        none = np.isnan(numbers) & ~empty
        yield told("3165", none, note=text[none])
        off = np.abs(numbers - np.round(numbers, field.decimals))
        fine = off > FINEST * np.maximum(1.0, np.abs(numbers))
        yield told("3164", fine, value=numbers[fine], limit=float(field.decimals))
    if field.domain:
        known = text.isin(list(field.domain)).to_numpy()
        wrong = ~known & ~empty
        yield told("3261", wrong, note=text[wrong])
