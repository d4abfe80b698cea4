"""Write the result of classify: one GeoPackage that carries its own reasons and rules."""

from __future__ import annotations

from dataclasses import asdict
from itertools import chain
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis import __version__
from lowuse_gis.core.thresholds import threshold_labels
from lowuse_gis.io.check_rows import catalogued, checks_layer
from lowuse_gis.io.findings_writing import fill_findings
from lowuse_gis.io.geopackage import write_geopackage
from lowuse_gis.io.out_layer import Column, OutLayer
from lowuse_gis.io.parcel_layers import names_of_parcel_layers, parcel_layers
from lowuse_gis.io.result_schema import (
    ANSWERS,
    COLUMNS,
    CRITERIA,
    FINDINGS,
    LABELS,
    LEDGERS,
    PROBLEMS,
    SOURCES,
    THRESHOLDS,
)
from lowuse_gis.io.styled import styled
from lowuse_gis.language import _, language, pick

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from lowuse_gis.io.findings_wide import Widened
    from lowuse_gis.model import Rulebook, Run, Survey


def write_result(
    path: Path,
    survey: Survey,
    run: Run,
    tables: Mapping[str, pd.DataFrame],
    checks: pd.DataFrame,
    findings: Callable[[], Widened | None] = lambda: None,
    begun: Sequence[OutLayer] = (),
) -> None:
    """Write a judged survey.

    Parameters
    ----------
    path
        A new file.
    survey, run
        What was judged, and by what.
    tables, checks
        Further tables by name (summaries and balances), and that of `checks_table`.
    findings
        Asked for the wide tables at the end; None where there are no findings.
    begun
        Those of checks and parcels, where they stand in the file already.
    """
    layers = () if begun else _checks_and_parcels(survey, run, checks)
    whole = chain(layers, result_tables(survey, run, tables, len(survey.parcels)))
    rest, names = styled(whole, run.rulebook), names_of_parcel_layers(run.rulebook)
    write_geopackage(path, rest, run.rulebook.crs, run.as_of, begun, names)
    if (wide := findings()) is not None:
        fill_findings(path, wide)


def _checks_and_parcels(survey: Survey, run: Run, checks: pd.DataFrame) -> Iterator[OutLayer]:
    """Make the layers; checks are known before parcels are judged, so they are written first."""
    yield checks_layer(checks)
    yield from parcel_layers(survey, run.rulebook)


def result_tables(
    survey: Survey, run: Run, tables: Mapping[str, pd.DataFrame], count: int
) -> list[OutLayer]:
    """Return the tables of a result.

    Parameters
    ----------
    survey, run, tables
        As for `write_result`.
    count
        Parcels judged.

    Returns
    -------
    list of OutLayer
        That of the findings is empty.
    """
    line = run_line(run, count)
    layers = [
        _table("findings", _("findings"), None, FINDINGS),
        _table("problems", _("problems"), survey.problems, PROBLEMS),
        _table("villages", _("villages"), survey.villages, _village_columns(survey, run.rulebook)),
        _table("sources", _("sources"), sources_table(survey), SOURCES),
        _table("runs", _("runs"), line, _texts(line)),
        _table("criteria", _("criteria"), _criteria(run.rulebook), CRITERIA),
        _table("thresholds", _("thresholds"), _thresholds(run.rulebook), THRESHOLDS),
        _table("labels", _("labels"), _labels(run.rulebook), LABELS),
        _table("columns", _("columns"), run.rulebook.columns, COLUMNS),
    ]
    titles = {
        "decisions": _("decisions of the towns"),
        "corrections": _("corrections of the towns"),
        "matched": _("rows of tables matched"),
    }
    layers += [
        _table(name, titles[name], survey.tables[name], schema)
        for name, schema in LEDGERS.items()
        if name in survey.tables
    ]
    if len(survey.tables.get("answers", ())):  # where nobody answered there is no such table
        layers += [_table("answers", _("answers of the bodies"), survey.tables["answers"], ANSWERS)]
    layers += [_table(name, name, frame, guessed(frame)) for name, frame in tables.items()]
    return layers


def _table(
    name: str, title: str, frame: pd.DataFrame | None, columns: Sequence[tuple[str, str]]
) -> OutLayer:
    content = frame if frame is not None else pd.DataFrame(columns=[c for c, _t in columns])
    return OutLayer(name, title, content, [Column(c, dtype) for c, dtype in columns])


def guessed(frame: pd.DataFrame) -> list[tuple[str, str]]:
    """Take the type of each column from its values.

    Parameters
    ----------
    frame
        A summary table.

    Returns
    -------
    list
        Column and type.
    """
    kinds = {"f": "number", "i": "count", "u": "count", "b": "flag"}
    return [(str(name), kinds.get(frame[name].dtype.kind, "text")) for name in frame]


def _village_columns(survey: Survey, rulebook: Rulebook) -> list[tuple[str, str]]:
    known = rulebook.columns["dtype"].to_dict()
    names = [] if survey.villages is None else list(survey.villages)
    return [(name, known.get(name, "count" if name == "parcels" else "text")) for name in names]


def _texts(frame: pd.DataFrame) -> list[tuple[str, str]]:
    return [(str(name), "text") for name in frame]


def checks_table(
    checks: Sequence[pd.DataFrame], parcel_codes: pd.Series, rulebook: Rulebook
) -> pd.DataFrame:
    """Put all check rows together, with what the catalogue says of each code.

    Parameters
    ----------
    checks, parcel_codes
        Of a survey; by ``row``, in the order of the parcels.
    rulebook
        Has checks.csv.

    Returns
    -------
    DataFrame
        Sorted by code, then in the order found.
    """
    rows = pd.concat(checks, ignore_index=True) if checks else None
    return catalogued(rows, parcel_codes, rulebook)


def sources_table(survey: Survey) -> pd.DataFrame:
    """List what was supplied.

    Parameters
    ----------
    survey
        As read.

    Returns
    -------
    DataFrame
        A line per file and layer.
    """
    frame = pd.DataFrame([asdict(source) for source in survey.sources])
    for column in ("towns", "towns_missing"):
        frame[column] = frame[column].map(";".join)
    return frame


def run_line(run: Run, count: int) -> pd.DataFrame:
    """Say in one line what made a result.

    Parameters
    ----------
    run, count
        The rules, and the number of parcels.

    Returns
    -------
    DataFrame
        All text.
    """
    return pd.DataFrame(
        [
            {
                "lowuse": __version__,
                "rulebook": run.rulebook.name,
                "title": pick(run.rulebook.title, run.rulebook.title_en),
                "version": run.rulebook.version,
                "rules_sha256": run.rulebook.sha256,
                "as_of": run.as_of.isoformat(),
                "language": language(),
                "crs": run.rulebook.crs,
                "mu": str(run.rulebook.constants["mu"]),
                "parcels": str(count),
            }
        ]
    )


def _criteria(rulebook: Rulebook) -> pd.DataFrame:
    frame = pd.DataFrame([asdict(criterion) for criterion in rulebook.criteria])
    return frame.assign(document=frame["document"].map(dict(rulebook.documents)))


def _thresholds(rulebook: Rulebook) -> pd.DataFrame:
    rows = rulebook.thresholds
    source = rows["source"].map(lambda key: rulebook.documents.get(key, key))
    return rows.assign(row_label=threshold_labels(rows), source=source)


def _labels(rulebook: Rulebook) -> pd.DataFrame:
    lines = [
        (name, code, *both)
        for name in rulebook.domains
        for code, both in rulebook.domain(name).items()
    ]
    bodies = rulebook.codes["bodies"]
    named = zip(bodies["code"], bodies["name"], bodies["name_en"], strict=True)
    lines += [("body", *body) for body in named]
    return pd.DataFrame(lines, columns=[name for name, _dtype in LABELS])
