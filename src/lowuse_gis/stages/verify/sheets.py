"""Hold the sheets of a package against its layers, cell by cell, and metadata and seals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import xlsxwriter.utility

from lowuse_gis.core.filing.gbk import of_gbk
from lowuse_gis.core.filing.sheets import LABEL, LOOKED, filed_sheet, table_frame
from lowuse_gis.core.verifying.cells import wrong_cells
from lowuse_gis.core.verifying.copies import different_rows
from lowuse_gis.core.verifying.findings import found
from lowuse_gis.core.verifying.keys import wrong_keys, wrong_links
from lowuse_gis.stages.verify.layers import profile_fields

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from lowuse_gis.io.package.names import PackageFile
    from lowuse_gis.model import Rulebook
    from lowuse_gis.model.filing import FiledLayer, ReadPackage


def wrong_sheets(
    package: ReadPackage,
    expected: Sequence[PackageFile],
    layers: Mapping[str, FiledLayer],
    profile: Mapping[str, Any],
    rulebook: Rulebook,
) -> Iterator[pd.DataFrame]:
    """Find sheets that are missing, or say otherwise than the layers.

    Parameters
    ----------
    package, expected
        As read, and the files that should be there.
    layers
        As read, in the form that sheets are made of.
    profile, rulebook
        What is filed.

    Yields
    ------
    DataFrame
        Findings 1256, 2153, 2154, 6161 to 6163, 6201, and those of cells for plain tables.
    """
    for file in expected:
        if not file.tables or file.path not in package.files:
            continue
        if package.authors.get(file.path):
            yield found("1256", file.path, note=package.authors[file.path])
        specs = {profile["tables"][name]["sheet"]: profile["tables"][name] for name in file.tables}
        have = [sheet for path, sheet in package.sheets if path == file.path]
        missing = [sheet for sheet in specs if sheet not in have]
        extra = [sheet for sheet in have if sheet not in specs]
        yield found("2153", file.path, note=missing)
        yield found("2154", file.path, note=extra)
        for sheet, spec in specs.items():
            if sheet in have:
                rows = package.sheets[(file.path, sheet)]
                yield from _sheet(rows, spec, layers, profile, rulebook, (file.path, sheet))


def _sheet(
    rows: Sequence[Sequence[Any]],
    spec: Mapping[str, Any],
    layers: Mapping[str, FiledLayer],
    profile: Mapping[str, Any],
    rulebook: Rulebook,
    place: tuple[str, str],
) -> Iterator[pd.DataFrame]:
    headings = _headings(spec)
    at = _heading_row(rows, headings)
    if at < 0:
        yield found("6161", *place, note="、".join(headings))
        return
    there = [str(cell).strip() for cell in rows[at]]
    there = there[: len(there) - next((n for n, c in enumerate(reversed(there)) if c), 0)]
    if there != headings:
        wrong = [name for name in headings if name not in there]
        extra = [name for name in there if name not in headings]
        yield found("6161", *place, note="、".join([*wrong, *extra]) or "、".join(there))
        return
    body = rows[at + 1 :]
    if spec["from"] in layers:
        yield from _against_layer(body, spec, layers, place, at)
    elif profile["layers"][spec["from"]].get("plain"):
        yield from _plain(body, spec, layers, profile, rulebook, place)


def _headings(spec: Mapping[str, Any]) -> list[str]:
    if "columns" in spec:
        return [heading for heading, _code in spec["columns"]]
    count = [spec["count"]] if spec.get("count") else []
    sums = [heading for heading, _code in spec.get("sums", ())]
    return [*(heading for heading, _code in spec["by"]), *count, *sums]


def _heading_row(rows: Sequence[Sequence[Any]], headings: Sequence[str]) -> int:
    best, most = -1, len(set(headings)) // 2
    for at, row in enumerate(rows[:LOOKED]):
        count = len(set(headings) & {str(cell).strip() for cell in row})
        if count > most:
            best, most = at, count
    return best


def _against_layer(
    body: Sequence[Sequence[Any]],
    spec: Mapping[str, Any],
    layers: Mapping[str, FiledLayer],
    place: tuple[str, str],
    heading: int,
) -> Iterator[pd.DataFrame]:
    made = filed_sheet(spec, layers)
    layer = layers[spec["from"]]
    digits = {field.code: field.decimals for field in layer.fields if field.kind in {"N", "I"}}
    pairs = [*spec.get("columns", ()), *spec.get("sums", ())]
    decimals = {heading: digits[code] for heading, code in pairs if code in digits}
    if spec.get("count"):
        decimals[spec["count"]] = 0
    headings, cells, count = different_rows(made.frame, body, decimals)
    if count != len(made.frame):
        yield found("6162", *place, value=float(count), limit=float(len(made.frame)))
    code = "6163" if "columns" in spec else "6201"
    names = [
        xlsxwriter.utility.xl_rowcol_to_cell(heading + 1 + row, column)
        for row, column, _want, _have in cells
    ]
    yield found(
        code,
        *place,
        cell=names,
        field=[headings[column] for _row, column, _want, _have in cells],
        note=[f"{have or '—'} ≠ {want or '—'}" for _row, _column, want, have in cells],
    )


def _plain(
    body: Sequence[Sequence[Any]],
    spec: Mapping[str, Any],
    layers: Mapping[str, FiledLayer],
    profile: Mapping[str, Any],
    rulebook: Rulebook,
    place: tuple[str, str],
) -> Iterator[pd.DataFrame]:
    """Look at a table that stands in a workbook only as at a layer."""
    entry = profile["layers"][spec["from"]]
    pairs = spec["columns"]
    frame = table_frame(body, [code for _heading, code in pairs])
    frame = frame.loc[:, [code for code in frame if not code.endswith(LABEL)]]
    fields = [f for f in profile_fields(entry, profile, rulebook) if f.code in frame]
    key = entry.get("key", "")
    yield from wrong_cells(frame, fields, key, *place, gbk=of_gbk(profile["encoding"]))
    yield from wrong_keys(frame, key, *place)
    frames = {name: layer.frame for name, layer in layers.items()}
    yield from wrong_links({**frames, spec["from"]: frame}, spec["from"], fields, key, place[0])
