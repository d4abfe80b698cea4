"""``lowuse check``: say what is wrong in what was handed over, and where."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from lowuse_gis.commands.ledgers import ledgers_folder
from lowuse_gis.commands.mend_delivery import mend_delivery
from lowuse_gis.commands.partitioned.asked import engine_for, folder_among
from lowuse_gis.commands.progress import Progress
from lowuse_gis.commands.receive_delivery import receive_delivery
from lowuse_gis.commands.supplies import run_of
from lowuse_gis.core.inspection.lifecycle import MENDED, compared, excused, with_mended
from lowuse_gis.errors import InputError
from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.check_report import write_report
from lowuse_gis.io.check_result import Checked, read_previous, with_titles, write_findings
from lowuse_gis.io.clean import write_clean, write_ledger
from lowuse_gis.io.exceptions_ledger import read_exceptions
from lowuse_gis.io.project import find_project
from lowuse_gis.language import _
from lowuse_gis.stages.inspect import inspect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    import pandas as pd

    from lowuse_gis.commands.mend_delivery import Mending
    from lowuse_gis.core.shifts import Shift
    from lowuse_gis.model import Delivered, Run
    from lowuse_gis.stages.inspect import Inspection

    Writer = Callable[[Path, "Outcome"], None]
    Before = tuple[pd.DataFrame | None, pd.DataFrame | None]

ERROR = "error"
FINDINGS, CLEAN, MENDS = "findings.gpkg", "clean.gpkg", "mends.csv"


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
    engine, workers, scheduler
        Who checks a folder of partitions, as `lowuse_gis.engines.engine_of` takes them.
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
    engine: str = ""
    workers: int = 0
    scheduler: str = ""


@dataclass(frozen=True)
class Outcome:
    """What check found and wrote, for the screen.

    Attributes
    ----------
    checked
        What was found.
    unused
        Exceptions that nothing answers to any more.
    files
        What was written.
    mending
        What was mended, where it was asked for.
    """

    checked: Checked
    unused: pd.DataFrame
    files: Sequence[Path]
    mending: Mending | None = None

    @property
    def errors(self) -> int:
        """How many errors are neither mended nor excused."""
        found = self.checked.findings
        left = (found["excuse"] == "") & (found["state"] != MENDED)
        return int(((found["severity"] == ERROR) & left).sum())


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
    writers = _writers(request)
    finals = [request.output / name for name in writers]
    _refuse_folder(request.output, finals, overwrite=request.overwrite)
    parted, before = _is_partitioned(request), _before(request)
    if parted:
        return _checked_by_parts(request, finals, writers, before, progress)
    project = find_project(request.project) if request.project or not request.files else None
    run = run_of(request.rules, request.as_of, project, request.threads)
    with tempfile.TemporaryDirectory(prefix="lowuse-") as folder:
        with progress.stage(_("reading")):
            layers, notices = receive_delivery(request, project, run, Path(folder))
        with progress.stage(_("checking")):
            inspection = inspect(layers, notices, run)
        mending, after = None, None
        if request.mend or request.dry_run:
            with progress.stage(_("mending")):
                mending = mend_delivery(layers, run)
                after = inspect(mending.layers, (), run).findings
    checked, unused = _compared(request, inspection, layers, run, before, after)
    result = Outcome(checked, unused, finals, mending)
    with progress.stage(_("writing")):
        _write(result, request.output, writers.values())
    return result


def _before(request: Request) -> Before:
    """Read the findings of an earlier check, and those mended before it."""
    return read_previous(request.previous) if request.previous else (None, None)


def _compared(
    request: Request,
    inspection: Inspection,
    layers: Sequence[Delivered],
    run: Run,
    before: Before,
    after: pd.DataFrame | None = None,
) -> tuple[Checked, pd.DataFrame]:
    """Compare findings with an earlier check and with what is left, and excuse some."""
    since = compared(with_titles(inspection.findings, run), *before, run.as_of)
    ledgers = ledgers_folder(request.ledgers, request.project)
    exceptions = read_exceptions(ledgers, run.rulebook)
    states = since.findings if after is None else with_mended(since.findings, after)
    findings, unused = excused(states, exceptions)
    return Checked(findings, since.mended, inspection.skipped, layers, run), unused


def _is_partitioned(request: Request) -> bool:
    """Say whether what is checked was cut into partitions, and refuse what does not go with it."""
    folder = folder_among(request.files, request)
    if folder and (request.mend or request.dry_run):
        raise InputError(
            _("partitions are not mended: --mend and --dry-run are for what was handed over"),
            _("mend the files themselves, then run 'lowuse partition' again"),
        )
    if folder and (
        request.source or request.crs or request.encoding or request.mapping or request.shift
    ):
        raise InputError(
            _("the partitions are read already: --as, --crs, --encoding, --map come too late"),
            _("give them to 'lowuse partition', or in lowuse.toml"),
        )
    return bool(folder)


def _checked_by_parts(
    request: Request,
    finals: Sequence[Path],
    writers: Mapping[str, Writer],
    before: Before,
    progress: Progress,
) -> Outcome:
    """Check partitions, and the files beside them."""
    from lowuse_gis.commands.partitioned.check_run import checked_folder  # noqa: PLC0415  much

    with engine_for(request) as engine:
        inspection, layers, run = checked_folder(request, engine, progress)
    checked, unused = _compared(request, inspection, layers, run, before)
    result = Outcome(checked, unused, finals)
    with progress.stage(_("writing")):
        _write(result, request.output, writers.values())
    return result


def _writers(request: Request) -> dict[str, Writer]:
    """Say which files are written, and by what."""
    writers: dict[str, Writer] = {FINDINGS: _findings, _("quality report") + ".xlsx": _report}
    if request.mend or request.dry_run:
        writers[MENDS] = _mends
    if request.mend and not request.dry_run:
        writers[CLEAN] = _clean
    return writers


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


def _write(result: Outcome, folder: Path, writers: Iterable[Writer]) -> None:
    fresh = not folder.is_dir()
    with all_or_nothing([folder] if fresh else list(result.files)) as parts:
        paths = parts
        if fresh:
            parts[0].mkdir()
            paths = [parts[0] / file.name for file in result.files]
        given = list(zip(paths, writers, strict=True))
        with ThreadPoolExecutor(1) as pool:  # the report; GDAL writes its files one by one
            reports = [pool.submit(write, path, result) for path, write in given
                       if write is _report]  # fmt: skip
            for path, write in given:
                if write is not _report:
                    write(path, result)
        for report in reports:
            report.result()


def _findings(path: Path, result: Outcome) -> None:
    write_findings(path, result.checked)


def _report(path: Path, result: Outcome) -> None:
    write_report(path, result.checked)


def _mends(path: Path, result: Outcome) -> None:
    if result.mending:
        write_ledger(path, result.mending.record)


def _clean(path: Path, result: Outcome) -> None:
    if result.mending:
        mending, run = result.mending, result.checked.run
        write_clean(path, mending.clean, mending.record, run.rulebook.crs, run.as_of)
