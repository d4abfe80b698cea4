"""Write and read what ``lowuse check`` found: a GeoPackage of findings and a quality report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from lowuse_gis import __version__
from lowuse_gis.core.attributes import attributes_of
from lowuse_gis.errors import InputError
from lowuse_gis.io.fields import column_label
from lowuse_gis.io.geopackage import read_layer_frame, write_geopackage
from lowuse_gis.io.out_layer import Column, OutLayer
from lowuse_gis.language import _, language, pick

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from lowuse_gis.model import Delivered, Run, Tolerance

FINDINGS = (
    ("code", "text"), ("severity", "text"), ("title", "text"), ("state", "text"),
    ("source", "text"), ("file", "text"), ("layer", "text"), ("row", "text"), ("id", "text"),
    ("other_row", "text"), ("other_id", "text"), ("column", "text"), ("field", "text"),
    ("cell", "text"), ("value", "number"), ("limit", "number"), ("note", "text"),
    ("x", "number"), ("y", "number"), ("remedy", "text"), ("body", "text"),
    ("excuse", "text"), ("first_seen", "text"),
)  # fmt: skip
FILES = (
    ("source", "text"), ("file", "text"), ("layer", "text"), ("records", "count"),
    ("crs", "text"), ("encoding", "text"),
)  # fmt: skip
TOLERANCES = (
    ("name", "text"), ("title", "text"), ("value", "number"), ("unit", "text"),
    ("document", "text"), ("clause", "text"), ("status", "text"),
)  # fmt: skip
BETWEEN = "\x1f"  # two names that are looked up as one
SKIPPED = (("code", "text"), ("source", "text"), ("column", "text"))
KINDS = {
    "points": ("Point", (0, 4)),
    "lines": ("MultiLineString", (1, 2, 5)),
    "polygons": ("MultiPolygon", (3, 6)),
}


def reasons() -> dict[str, str]:
    """Return what GEOS finds invalid in the user's language."""
    return {
        "Self-intersection": _("the outline crosses itself"),
        "Ring Self-intersection": _("the outline touches itself"),
        "Hole lies outside shell": _("a hole lies outside the outline"),
        "Holes are nested": _("a hole lies in a hole"),
        "Interior is disconnected": _("holes cut the area apart"),
        "Nested shells": _("a part lies in another part"),
        "Duplicate Rings": _("a ring stands twice"),
        "Too few points in geometry component": _("fewer than four points"),
        "Invalid Coordinate": _("a coordinate is not a finite number"),
    }


def with_titles(findings: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Add what the catalogue says of each code, in the user's language.

    Parameters
    ----------
    findings, run
        What was found, and the rules.

    Returns
    -------
    DataFrame
        With ``title``, ``remedy``, ``body`` and ``field``, the column as people call it.
    """
    known, english, said = run.rulebook.check_catalogue, language() == "en", reasons()
    code, column = findings["code"], findings["column"] + BETWEEN + findings["source"]

    def label(pair: str) -> str:
        name, source = pair.split(BETWEEN)
        return column_label(run.rulebook, name, source) if name else ""

    return findings.assign(
        field=_each_once(column, label),
        note=_each_once(findings["note"], lambda note: said.get(note, note)),
        title=_each_once(code, known["title_en" if english else "title"].get),
        remedy=_each_once(code, known["remedy_en" if english else "remedy"].get),
        body=_each_once(code, known["body"].get),
    )


def _each_once(texts: pd.Series, words: Callable[[str], str | None]) -> pd.Series:
    """Say texts in other words, each distinct one looked up once."""
    place, distinct = pd.factorize(texts)
    found = pd.Series([words(text) for text in distinct], dtype="str")
    return found.take(place).set_axis(texts.index)


@dataclass(frozen=True)
class Checked:
    """What a check found.

    Attributes
    ----------
    findings
        With titles, states and excuses.
    mended
        Findings of the earlier check that are gone.
    skipped
        Checks that could not be judged.
    layers
        What was read.
    run
        The rules.
    """

    findings: pd.DataFrame
    mended: pd.DataFrame
    skipped: pd.DataFrame
    layers: Sequence[Delivered]
    run: Run


def write_findings(path: Path, checked: Checked) -> None:
    """Write findings as tables and layers.

    Parameters
    ----------
    path
        A new GeoPackage.
    checked
        What was found.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    write_geopackage(path, _layers(checked), checked.run.rulebook.crs, checked.run.as_of)


def _layers(checked: Checked) -> Iterator[OutLayer]:
    run, line = checked.run, _run_line(checked.run)
    yield _table("findings", _("what was found"), checked.findings, FINDINGS)
    yield from _shapes(checked.findings)
    yield _table("mended", _("mended since the last check"), checked.mended, FINDINGS)
    yield _table("skipped", _("checks that could not be judged"), checked.skipped, SKIPPED)
    yield _table("files", _("files"), files_table(checked.layers), FILES)
    yield _table("tolerances", _("tolerances"), tolerances_table(run), TOLERANCES)
    yield _table("runs", _("runs"), line, [(name, "text") for name in line])


def _table(
    name: str, title: str, frame: pd.DataFrame, columns: Sequence[tuple[str, str]]
) -> OutLayer:
    whole = frame.reindex(columns=[column for column, _dtype in columns])
    return OutLayer(name, title, whole, [Column(column, dtype) for column, dtype in columns])


def _shapes(findings: pd.DataFrame) -> Iterator[OutLayer]:
    """Make one layer per kind of geometry; a finding without a shape of its own is a point."""
    shapes = findings["geometry"].to_numpy(dtype=object).copy()
    bare = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    placed = bare & findings["x"].notna().to_numpy()
    shapes[placed] = shapely.points(findings.loc[placed, "x"], findings.loc[placed, "y"])
    kinds = shapely.get_type_id(shapes)
    for name, (geometry, ids) in KINDS.items():
        chosen = np.isin(kinds, ids)
        made = shapes[chosen]
        if geometry.startswith("Multi") and len(made):
            make = shapely.multilinestrings if name == "lines" else shapely.multipolygons
            parts, owner = shapely.get_parts(made, return_index=True)
            made = make(parts, indices=owner)
        frame = gpd.GeoDataFrame(attributes_of(findings[chosen]), geometry=made, crs=None)
        columns = [Column(column, dtype) for column, dtype in FINDINGS]
        whole = frame.reindex(columns=[*(c.name for c in columns), "geometry"])
        title = {"points": _("findings, points"), "lines": _("findings, lines")}
        shown = title.get(name, _("findings, areas"))
        yield OutLayer(f"findings_{name}", shown, whole, columns, geometry)


def files_table(layers: Sequence[Delivered]) -> pd.DataFrame:
    """List what was read.

    Parameters
    ----------
    layers
        The layers.

    Returns
    -------
    DataFrame
        File, layer, records, coordinate system and encoding.
    """
    lines = [(d.source, d.file, d.layer, len(d.frame), d.crs, d.encoding) for d in layers]
    return pd.DataFrame(lines, columns=[name for name, _dtype in FILES])


def tolerances_table(run: Run) -> pd.DataFrame:
    """List the tolerances that the checks used.

    Parameters
    ----------
    run
        The rules.

    Returns
    -------
    DataFrame
        With titles in the user's language and names of documents.
    """
    documents, statuses = run.rulebook.documents, run.rulebook.domain("status")

    def line(tolerance: Tolerance) -> dict[str, object]:
        return {
            "name": tolerance.name,
            "title": pick(tolerance.title, tolerance.title_en),
            "value": tolerance.value,
            "unit": tolerance.unit,
            "document": documents.get(tolerance.document, tolerance.document),
            "clause": tolerance.clause,
            "status": pick(*statuses.get(tolerance.status, (tolerance.status,) * 2)),
        }

    return pd.DataFrame([line(t) for t in run.rulebook.checks.tolerances.values()])


def _run_line(run: Run) -> pd.DataFrame:
    rulebook = run.rulebook
    return pd.DataFrame(
        [
            {
                "lowuse": __version__,
                "rulebook": rulebook.name,
                "version": rulebook.version,
                "rules_sha256": rulebook.sha256,
                "as_of": run.as_of.isoformat(),
                "crs": rulebook.crs,
            }
        ]
    )


def read_previous(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the findings of an earlier check.

    Parameters
    ----------
    path
        The GeoPackage of findings, or the folder it stands in.

    Returns
    -------
    findings, mended : DataFrame
        Those open then, and those mended before.

    Raises
    ------
    InputError
        Where it is no result of ``lowuse check``.
    """
    file = path / "findings.gpkg" if path.is_dir() else path
    try:
        return read_layer_frame(file, "findings"), read_layer_frame(file, "mended")
    except (DataLayerError, DataSourceError, OSError) as error:
        raise InputError(
            _("{path}: no result of lowuse check").format(path=path),
            _("name the folder or findings.gpkg of an earlier check"),
        ) from error
