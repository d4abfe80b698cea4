"""Write what was found in a package: a workbook, a layer of findings, JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from lowuse_gis.io.geopackage import write_geopackage
from lowuse_gis.io.out_layer import Column, OutLayer
from lowuse_gis.io.workbook import OutSheet, write_workbook
from lowuse_gis.language import _

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

TEXTS = (
    "code",
    "severity",
    "title",
    "file",
    "layer",
    "id",
    "field",
    "cell",
    "note",
    "remedy",
    "body",
)
LINES = 50_000  # findings written at a time
NUMBERS = ("value", "limit", "x", "y")


def write_verified(
    folder: Path, findings: pd.DataFrame, name: str, crs: str, as_of: date
) -> list[str]:
    """Write findings into an empty folder.

    Parameters
    ----------
    folder
        The folder.
    findings
        Of `verified`.
    name
        The package.
    crs
        System of the places.
    as_of
        Stands for the date of writing.

    Returns
    -------
    list of str
        Names of the files.
    """
    book, layer, text = _("verification report") + ".xlsx", "findings.gpkg", "findings.json"
    listed = findings[[*TEXTS, *NUMBERS]]
    by_code = listed.groupby(["severity", "code", "title"], as_index=False).size()
    heads = titles()
    pages = [
        OutSheet(
            _("summary"),
            _("Verification of {name}").format(name=name),
            by_code.rename(columns=heads),
        ),
        OutSheet(
            _("findings"),
            _("Verification of {name}").format(name=name),
            listed.rename(columns=heads),
        ),
    ]
    write_workbook(folder / book, pages, as_of)
    columns = [Column(n, "text", heads[n]) for n in TEXTS] + [
        Column(n, "number", heads[n]) for n in NUMBERS
    ]
    there = listed[listed["x"].notna()]
    points = gpd.points_from_xy(there["x"], there["y"])
    placed = gpd.GeoDataFrame(there, geometry=points, crs=None)
    whole = [
        OutLayer("findings", _("findings"), pd.DataFrame(listed), columns),
        OutLayer("findings_points", _("findings, points"), placed, columns, "Point"),
    ]
    write_geopackage(folder / layer, whole, crs, as_of)
    _write_json(folder / text, name, listed)
    return [book, layer, text]


def _write_json(path: Path, name: str, listed: pd.DataFrame) -> None:
    """Write findings one a line, a piece of the table at a time."""
    with path.open("w", encoding="utf-8") as file:
        file.write(f'{{"package": {json.dumps(name, ensure_ascii=False)}, "findings": [')
        for at in range(0, len(listed), LINES):
            lines = listed.iloc[at : at + LINES].to_json(
                orient="records", lines=True, force_ascii=False
            )
            file.write(("," if at else "") + "\n" + lines.rstrip("\n").replace("\n", ",\n"))
        file.write("\n]}\n")


def titles() -> dict[str, str]:
    """Return what the columns of findings are called.

    Returns
    -------
    dict
    """
    return {
        "code": _("code"), "severity": _("severity"), "title": _("what"), "file": _("file"),
        "layer": _("layer"), "id": _("record"), "field": _("field"), "cell": _("cell"),
        "note": _("note"), "remedy": _("remedy"), "body": _("body"), "value": _("value"),
        "limit": _("limit"), "x": "X", "y": "Y", "size": _("count"),
    }  # fmt: skip
