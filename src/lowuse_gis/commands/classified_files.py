"""The files that ``lowuse classify`` leaves."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.engines.beside import beside
from lowuse_gis.engines.memory import trim
from lowuse_gis.io.atomic import passing
from lowuse_gis.io.check_rows import counted
from lowuse_gis.io.findings_wide import widened
from lowuse_gis.io.partitions import write_frame
from lowuse_gis.io.problem_list import list_problems_of
from lowuse_gis.io.result_folder import write_result_folder
from lowuse_gis.io.result_writing import checks_table, write_result

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from lowuse_gis.commands.partitioned.run import Judged
    from lowuse_gis.engines.beside import Task
    from lowuse_gis.io.findings_wide import Widened
    from lowuse_gis.model import Survey
    from lowuse_gis.stages.summarise import Summary


def problem_list_path(result: Path) -> Path:
    """Return where the problem list of a result stands.

    Parameters
    ----------
    result
        The GeoPackage.

    Returns
    -------
    Path
        ``<result>.问题清单.xlsx`` beside it.
    """
    return result.with_name(f"{result.stem}.问题清单.xlsx")


@dataclass
class Aside:
    """Findings that wait in a file of their own until the result takes them in.

    Attributes
    ----------
    file
        Where to.
    written
        Their writing; None before they are there.
    """

    file: Path
    written: Task[Widened] | None = None

    def take(self, survey: Survey) -> Survey:
        """Begin to write the findings of a survey.

        Parameters
        ----------
        survey
            Judged.

        Returns
        -------
        Survey
            Without findings, so that they are let go when they are written.
        """
        if survey.findings is None:
            return survey
        self.written = beside(len(survey.parcels), widened, self.file, survey.findings)
        return replace(survey, findings=None)


@contextmanager
def findings_aside(result: Path) -> Iterator[Aside]:
    """Keep findings in a file beside the result as long as it is being made.

    Parameters
    ----------
    result
        The GeoPackage that will be written.

    Yields
    ------
    Aside
    """
    with passing(result, "findings.gpkg") as file:
        aside = Aside(file)
        try:
            yield aside
        finally:
            if aside.written is not None:
                aside.written.settle()


def write_classified(
    parts: Sequence[Path], done: Judged, parcels: Sequence[Path], aside: Aside
) -> pd.DataFrame:
    """Write a result: a GeoPackage with its list of problems, or a folder.

    Parameters
    ----------
    parts
        Where to: the GeoPackage and the list, or the folder.
    done
        What was judged.
    parcels
        What was asked for; of partitions their folder.
    aside
        The findings, where the result is one file.

    Returns
    -------
    DataFrame
        Check rows counted, with their titles.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    run, survey, tables = done.run, done.survey, tables_of(done.summary)
    if done.files:
        return write_result_folder(
            parts[0], survey, run, tables, done.files, done.lines, done.count, parcels[0]
        )
    problems = survey.problems if survey.problems is not None else pd.DataFrame()
    trim()
    checks = checks_table(survey, run.rulebook)
    trim()
    with _handed(parts[1], problems) as table:
        listed = beside(len(problems), list_problems_of, parts[1], table, run)
        try:
            write_result(parts[0], survey, run, tables, checks, aside.written)
            listed.result()
        finally:
            listed.settle()
    return counted(checks)


@contextmanager
def _handed(part: Path, problems: pd.DataFrame) -> Iterator[Path]:
    """Hand problems over in a file, which takes less memory than a message."""
    table = part.with_name(f"{part.name}.parquet")
    try:
        write_frame(table, problems)
        yield table
    finally:
        table.unlink(missing_ok=True)


def tables_of(summary: Summary) -> Mapping[str, pd.DataFrame]:
    """Return the summary tables that a result carries.

    Parameters
    ----------
    summary
        What was counted.

    Returns
    -------
    mapping
        Name to table.
    """
    tables = {
        "summary": summary.by_type,
        "balance_parcels": summary.parcels_balance,
        "lacking": summary.lacking,
    }
    if summary.survey_balance is not None:
        tables["balance_survey"] = summary.survey_balance
    return tables
