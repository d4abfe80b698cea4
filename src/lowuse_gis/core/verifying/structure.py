"""Hold the fields of a layer as it was read against those that are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.core.verifying.findings import found
from lowuse_gis.language import _
from lowuse_gis.model.filing import DATE, NUMBER, TEXT, WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from lowuse_gis.model.filing import FiledField, ReadLayer

FITTING = {TEXT: {TEXT, DATE}, DATE: {TEXT, DATE}, NUMBER: {NUMBER}, WHOLE: {WHOLE}}
DBF_TEXT = 254


def wrong_structure(read: ReadLayer, fields: Sequence[FiledField]) -> Iterator[pd.DataFrame]:
    """Find fields that are missing, not expected, misplaced, or of another type.

    Parameters
    ----------
    read
        The layer as read.
    fields
        What is asked for, in order.

    Yields
    ------
    DataFrame
        Findings 3151 to 3156.
    """
    wanted = [field.code for field in fields]
    have = [name for name in read.fields["name"] if name != "geometry"]
    missing = [code for code in wanted if code not in have]
    extra = [name for name in have if name not in wanted]
    yield found("3151", read.file, read.name, field=missing)
    yield found("3152", read.file, read.name, field=extra)
    shared = [name for name in have if name in wanted]
    if shared != [code for code in wanted if code in have]:
        yield found("3153", read.file, read.name, note=" ".join(shared))
    known = read.fields.set_index("name")
    for field in fields:
        if field.code in known.index:
            yield from _type(field, known.loc[field.code], read)


def _type(field: FiledField, has: pd.Series, read: ReadLayer) -> Iterator[pd.DataFrame]:
    if has["kind"] not in FITTING[field.kind]:
        note = _("{wanted} wanted, {has} there").format(wanted=field.kind, has=has["kind"])
        yield found("3154", read.file, read.name, field=field.code, note=note)
        return
    length = (
        min(field.length, DBF_TEXT) if field.kind == TEXT and read.form == "shp" else field.length
    )
    if has["length"] > 0 and field.kind in {TEXT, NUMBER} and has["length"] != length:
        yield found(
            "3155", read.file, read.name, field=field.code, value=float(has["length"]), limit=length
        )
    if field.kind == NUMBER and has["decimals"] >= 0 and has["decimals"] != field.decimals:
        yield found(
            "3156",
            read.file,
            read.name,
            field=field.code,
            value=float(has["decimals"]),
            limit=field.decimals,
        )
