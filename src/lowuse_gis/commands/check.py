"""``lowuse check``: say what is wrong in what was handed over, and where."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from lowuse_gis.commands.ledgers import ledgers_folder
from lowuse_gis.commands.mend_delivery import Mending, mend_delivery, write_mending
from lowuse_gis.commands.progress import Progress
from lowuse_gis.core.inspection.lifecycle import MENDED, Compared, compared, excused, with_mended
from lowuse_gis.errors import InputError
from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.check_report import write_report
from lowuse_gis.io.check_result import read_previous, with_titles, write_findings
from lowuse_gis.io.delivery import find
from lowuse_gis.io.exceptions_ledger import read_exceptions
from lowuse_gis.io.project import find_project
from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.language import _
from lowuse_gis.model import Found, Notice, Run, Survey
from lowuse_gis.stages.inspect import inspect
from lowuse_gis.stages.measure import identify
from lowuse_gis.stages.receive import Receiving, receive

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lowuse_gis.core.shifts import Shift
    from lowuse_gis.io.project import Project
    from lowuse_gis.model import Delivered, Rulebook

DEFAULT_RULES = "jinghai"
PARCELS = "parcels"
ERROR = "error"


@dataclass(frozen=True)
class Request:
    """What the user asked for.

    Attributes
    ----------
    files
        What was handed over: files, folders, archives; those of the project where empty.
    output
        The folder to write.
    source
        What all of it is, by the rulebook's name; found out file by file where empty.
    project, rules, as_of
        As for classify.
    crs, encoding, mapping, shift
        Said of the files where they are silent or wrong.
    previous
        Result of an earlier check to compare with.
    ledgers
        Folder of exceptions.csv; that of the project, where it is there, if None.
    mend, dry_run
        Mend what can be mended safely; only list what would be mended.
    """

    files: Sequence[Path]
    output: Path
    source: str = ""
    project: Path | None = None
    rules: str = ""
    as_of: date | None = None
    crs: str = ""
    encoding: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    shift: Shift | None = None
    previous: Path | None = None
    ledgers: Path | None = None
    mend: bool = False
    dry_run: bool = False
    overwrite: bool = False
    threads: int = 2


@dataclass(frozen=True)
class Outcome:
    """What check found, for the screen.

    Attributes
    ----------
    findings
        With titles, states and excuses.
    mended
        Findings of the earlier check that are gone.
    skipped
        Checks that could not be judged.
    unused
        Exceptions that nothing answers to any more.
    layers
        What was read.
    files
        What was written.
    run
        The rules.
    mending
        What was mended, where it was asked for.
    """

    findings: pd.DataFrame
    mended: pd.DataFrame
    skipped: pd.DataFrame
    unused: pd.DataFrame
    layers: Sequence[Delivered]
    files: Sequence[Path]
    run: Run
    mending: Mending | None = None

    @property
    def errors(self) -> int:
        """How many errors are neither mended nor excused."""
        found = self.findings
        left = (found["excuse"] == "") & (found["state"] != MENDED)
        return int(((found["severity"] == ERROR) & left).sum())


@dataclass(frozen=True)
class _Item:
    """A layer to check, and what is known of it beforehand."""

    found: Found
    receiving: Receiving


def check(request: Request, progress: Progress | None = None) -> Outcome:
    """Check what was handed over and write what was found.

    Parameters
    ----------
    request
        What the user asked for.
    progress
        Told of every stage.

    Returns
    -------
    Outcome

    Raises
    ------
    LowuseError
        Where the request cannot be carried out; nothing is written then.
    """
    progress = progress or Progress()
    names = ["findings.gpkg", _("quality report") + ".xlsx"]
    names += ["mends.csv"] if request.mend or request.dry_run else []
    names += ["clean.gpkg"] if request.mend and not request.dry_run else []
    finals = [request.output / name for name in names]
    _refuse_folder(request.output, finals, overwrite=request.overwrite)
    project = find_project(request.project) if request.project or not request.files else None
    run = _run(request, project)
    before: tuple[pd.DataFrame | None, pd.DataFrame | None] = (None, None)
    if request.previous:
        before = read_previous(request.previous)
    with tempfile.TemporaryDirectory(prefix="lowuse-") as folder:
        with progress.stage(_("reading")):
            items, notices = _items(request, project, run.rulebook, Path(folder))
            layers, noticed = _read(items, run)
        with progress.stage(_("checking")):
            inspection = inspect(layers, [*notices, *noticed], run)
        mending, after = None, None
        if request.mend or request.dry_run:
            with progress.stage(_("mending")):
                mending = mend_delivery(layers, run)
                after = inspect(mending.layers, (), run).findings
    findings = with_titles(inspection.findings, run)
    outcome = compared(findings, before[0], before[1], run.as_of)
    ledgers = ledgers_folder(request.ledgers, request.project)
    exceptions = read_exceptions(ledgers, run.rulebook)
    states = outcome.findings if after is None else with_mended(outcome.findings, after)
    findings, unused = excused(states, exceptions)
    result = Outcome(
        findings, outcome.mended, inspection.skipped, unused, layers, finals, run, mending
    )
    _write(result, outcome, request)
    return result


def _refuse_folder(folder: Path, finals: Sequence[Path], *, overwrite: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise InputError(
            _("{path}: the result is a folder").format(path=folder),
            _("give it the name of a folder with -o"),
        )
    if folder.is_dir():
        refuse_existing(finals, overwrite=overwrite)
    else:
        refuse_existing([folder], overwrite=overwrite)


def _run(request: Request, project: Project | None) -> Run:
    rulebook = read_rulebook(request.rules or (project.rules if project else "") or DEFAULT_RULES)
    as_of = request.as_of or (project.as_of if project else None)
    return Run(rulebook, as_of or date(rulebook.survey_year, 12, 31), request.threads)


def _items(
    request: Request, project: Project | None, rulebook: Rulebook, folder: Path
) -> tuple[list[_Item], list[Notice]]:
    """Name the layers to check, and what each is."""
    if request.source and request.source not in rulebook.sources:
        raise InputError(
            _("unknown source {name}").format(name=request.source),
            _("known sources: {names}").format(names=", ".join(rulebook.sources)),
        )
    items: list[_Item] = []
    notices: list[Notice] = []
    for number, path in enumerate(request.files):
        into = folder / str(number)
        into.mkdir()
        contents = find(path, into)
        notices += contents.notices
        for found in contents.found:
            told = Receiving(
                request.source, request.crs, request.encoding, request.mapping, request.shift
            )
            items.append(_Item(found, told))
    if not request.files and project:
        items += _project_items(project, rulebook, folder, notices)
    if not items and not notices:
        raise InputError(
            _("nothing to check is named"),
            _("lowuse check FILE… -o check, or --project FOLDER with a lowuse.toml"),
        )
    return items, notices


def _project_items(
    project: Project, rulebook: Rulebook, folder: Path, notices: list[Notice]
) -> list[_Item]:
    items = []
    for number, entry in enumerate(project.entries):
        into = folder / f"p{number}"
        into.mkdir()
        contents = find(entry.path, into)
        notices += contents.notices
        layer = entry.layer or rulebook.sources[entry.name].layer
        named = [found for found in contents.found if found.layer == layer]
        items += [
            _Item(found, Receiving(entry.name, entry.crs, entry.encoding, entry.mapping))
            for found in named or contents.found[:1]
        ]
    return items


def _read(items: Sequence[_Item], run: Run) -> tuple[list[Delivered], list[Notice]]:
    layers: list[Delivered] = []
    notices: list[Notice] = []
    for number, item in enumerate(items, start=1):
        received = receive(item.found, item.receiving, run.rulebook, number)
        notices += received.notices
        if received.delivered is not None:
            layers.append(_identified(received.delivered, run))
    return layers, notices


def _identified(delivered: Delivered, run: Run) -> Delivered:
    """Read what the parcel codes say, such as the stratum, where there are parcels."""
    if delivered.source != PARCELS:
        return delivered
    wanted = {
        name: pd.Series(dtype="str")
        for name in run.rulebook.fields[PARCELS]
        if name not in delivered.frame
    }
    frame = delivered.frame.assign(
        **{n: s.reindex(delivered.frame.index) for n, s in wanted.items()}
    )
    survey = identify(Survey(parcels=gpd.GeoDataFrame(frame, crs=delivered.frame.crs)), run)
    added = [name for name in survey.parcels if name not in frame or name in delivered.frame]
    return replace(delivered, frame=survey.parcels[added])


def _write(result: Outcome, outcome: Compared, request: Request) -> None:
    fresh = not request.output.is_dir()
    targets = [request.output] if fresh else list(result.files)
    with all_or_nothing(targets) as parts:
        paths = parts
        if fresh:
            parts[0].mkdir()
            paths = [parts[0] / file.name for file in result.files]
        write_findings(
            paths[0], result.findings, outcome.mended, result.skipped, result.layers, result.run
        )
        for path, final in zip(paths[2:], result.files[2:], strict=True):
            write_mending(path, final.name, result.mending, result.run)
        write_report(paths[1], result.findings, outcome.mended, result.skipped, result.layers,
                     result.run)  # fmt: skip
