"""``lowuse report``: the survey report of a result, as a document or a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lowuse_gis.commands.progress import Progress
from lowuse_gis.commands.report_progress import progressed
from lowuse_gis.commands.results import read_with_rules
from lowuse_gis.core.attributes import attributes_of
from lowuse_gis.errors import InputError
from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.geopackage import read_layer_frame
from lowuse_gis.io.legacy_file import BALANCE, read_legacy
from lowuse_gis.io.report_page import write_report_page
from lowuse_gis.io.report_word import write_word
from lowuse_gis.io.units_file import read_units
from lowuse_gis.io.vector import file_hash
from lowuse_gis.language import _
from lowuse_gis.stages.report.content import report_of
from lowuse_gis.stages.report.figures import Material
from lowuse_gis.stages.summarise import by_town_and_type

if TYPE_CHECKING:
    from pathlib import Path

    from lowuse_gis.io.result import Result
    from lowuse_gis.model import Rulebook
    from lowuse_gis.model.report import Report

WORD, PAGE = ".docx", ".html"


@dataclass(frozen=True)
class Request:
    """What the user asked for.

    Attributes
    ----------
    result, output
        What classify wrote, and the document (``.docx``) or page (``.html``) to write.
    units, legacy
        What units and legacy find wrote; None for none.
    template
        A document of the office's own; None for the shipped one.
    rules
        The rulebook that judged; the one that the result names where empty.
    period
        Whose indicators are told too, by its code in ``indicators.toml``; empty for none.
    project, ledgers
        Where the register of projects and the stated figures are.
    """

    result: Path
    output: Path
    units: Path | None = None
    legacy: Path | None = None
    template: Path | None = None
    rules: str = ""
    overwrite: bool = False
    period: str = ""
    project: Path | None = None
    ledgers: Path | None = None


def write_report(request: Request, progress: Progress | None = None) -> Report:
    """Write the report of a result.

    Parameters
    ----------
    request, progress
        What the user asked for, and what shows how far it is.

    Returns
    -------
    Report
        What was written.

    Raises
    ------
    InputError
        Where rules, units or template do not fit the result.
    """
    progress = progress or Progress()
    _refuse_kind(request)
    refuse_existing([request.output], overwrite=request.overwrite)
    with progress.stage(_("reading")):
        material = material_of(request)
    report = report_of(material)
    with progress.stage(_("writing")), all_or_nothing([request.output]) as (part,):
        if request.output.suffix.lower() == PAGE:
            write_report_page(part, report)
        else:
            write_word(part, report, request.template)
    return report


def material_of(request: Request) -> Material:
    """Read what a report is written from.

    Parameters
    ----------
    request
        What the user asked for.

    Returns
    -------
    Material

    Raises
    ------
    InputError
        Where rules or units do not fit the result.
    """
    result, rulebook = read_with_rules(request.result, request.rules, request.project)
    _refuse_other_rules(result, rulebook)
    files = [(_("result"), request.result.name, file_hash(request.result))]
    units = legacy = None
    wanted = ("left_out", "runs", "members") if request.period else ("left_out", "runs")
    if request.units:
        units = read_units(request.units, wanted)
        drawn_over = str(units.tables["runs"].iloc[0].get("result_sha256", ""))
        if drawn_over != files[0][2]:
            raise InputError(
                _("{units} was drawn over another result than {result}").format(
                    units=request.units, result=request.result
                ),
                _("draw the units again: lowuse units {result} -o {units} --overwrite").format(
                    units=request.units, result=request.result
                ),
            )
        files.append((_("units"), request.units.name, file_hash(request.units)))
    if request.legacy:
        read_legacy(request.legacy)
        legacy = read_layer_frame(request.legacy, BALANCE)
        files.append((_("historical legacy"), request.legacy.name, file_hash(request.legacy)))
    progress = None
    if request.period:
        members = units.tables["members"] if units else None
        progress, ledgers = progressed(request, result, rulebook, members)
        files += ledgers
    flat = attributes_of(result.parcels)
    return Material(
        parcels=result.parcels,
        tables=result.tables,
        by_town_and_type=by_town_and_type(flat),
        rulebook=rulebook,
        units=units.units if units else None,
        left_out=units.tables["left_out"] if units else None,
        legacy=legacy,
        files=files,
        progress=progress,
    )


def _refuse_kind(request: Request) -> None:
    kind = request.output.suffix.lower()
    if kind not in {WORD, PAGE}:
        raise InputError(
            _("{path}: neither .docx nor .html").format(path=request.output),
            _("name the report with -o report.docx or -o report.html"),
        )
    if kind == PAGE and request.template:
        raise InputError(
            _("--template is for Word documents"), _("name the report with -o report.docx")
        )


def _refuse_other_rules(result: Result, rulebook: Rulebook) -> None:
    """Refuse to print thresholds that are not those of the verdicts."""
    if rulebook.sha256 != result.run["rules_sha256"]:
        raise InputError(
            _("the rules {name} have changed since the result was judged").format(
                name=rulebook.name
            ),
            _("judge anew with lowuse classify, or name the rules of then with --rules"),
        )
