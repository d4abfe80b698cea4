"""Sheets of a package: lists and summaries of its layers, from the very values that are filed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from lowuse_gis.model.filing import NUMBER, WHOLE, FiledLayer, FiledSheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LABEL = ".label"
LOOKED = 12  # rows in which a heading may stand


def filed_sheet(spec: Mapping[str, Any], layers: Mapping[str, FiledLayer]) -> FiledSheet:
    """Make a sheet of a filed layer.

    Parameters
    ----------
    spec
        The sheet's entry of the profile.
    layers
        The filed layers by name.

    Returns
    -------
    FiledSheet
        Sums of numbers are rounded to the decimals of their field, so that they can be compared
        with the layer to the last digit.
    """
    layer = layers[spec["from"]]
    decimals = {field.code: field.decimals for field in layer.fields}
    frame = _list(spec, layer) if "columns" in spec else _summary(spec, layer, decimals)
    formats = {
        heading: "0." + "0" * decimals[code] if decimals.get(code) else "@"
        for heading, code in [*spec.get("columns", ()), *spec.get("sums", ())]
        if decimals.get(code) or code in _texts(layer)
    }
    return FiledSheet(spec["sheet"], spec["title"], frame, formats)


def _texts(layer: FiledLayer) -> set[str]:
    return {field.code for field in layer.fields if field.kind not in {NUMBER, WHOLE}}


def values_of(layer: FiledLayer, code: str) -> pd.Series:
    """Return a field of a layer, or the labels of its codes.

    Parameters
    ----------
    layer, code
        ``FIELD``, or ``FIELD.label``.

    Returns
    -------
    Series
    """
    if not code.endswith(LABEL):
        return layer.frame[code]
    name = code.removesuffix(LABEL)
    domain = next(field.domain for field in layer.fields if field.code == name)
    values = layer.frame[name]
    return values.map(dict(domain)).astype("str").fillna(values)


def table_frame(body: Sequence[Sequence[Any]], codes: Sequence[str]) -> pd.DataFrame:
    """Put the rows below a heading into columns.

    Parameters
    ----------
    body
        Rows of cells; empty rows are left out, short ones filled up.
    codes
        Names of the columns.

    Returns
    -------
    DataFrame
        Of objects; None where a cell is empty.
    """
    kept = [row for row in body if any(cell not in ("", None) for cell in row)]
    wide = [tuple(row[: len(codes)]) + ("",) * (len(codes) - len(row)) for row in kept]
    return pd.DataFrame(wide, columns=list(codes), dtype=object).replace("", None)


def _list(spec: Mapping[str, Any], layer: FiledLayer) -> pd.DataFrame:
    return pd.DataFrame({heading: values_of(layer, code) for heading, code in spec["columns"]})


def _summary(
    spec: Mapping[str, Any], layer: FiledLayer, decimals: Mapping[str, int]
) -> pd.DataFrame:
    keys = [heading for heading, _code in spec["by"]]
    table = pd.DataFrame({h: values_of(layer, c).fillna("") for h, c in spec["by"]})
    count = spec.get("count", "")
    if count:
        table[count] = 1
    sums = {heading: decimals[code] for heading, code in spec.get("sums", ())}
    for heading, code in spec.get("sums", ()):
        table[heading] = layer.frame[code].fillna(0)
    lines = table.groupby(keys, as_index=False, sort=True).sum(numeric_only=True)
    if spec.get("total"):
        whole = lines.sum(numeric_only=True)
        total = {**dict.fromkeys(keys, ""), keys[0]: spec["total"], **whole}
        lines = pd.concat([lines, pd.DataFrame([total])], ignore_index=True)
    if count:
        lines[count] = lines[count].astype("int64")
    return lines.round(sums)[[*keys, *([count] if count else []), *sums]]
