"""The files that ``lowuse classify`` leaves."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.engines.beside import beside, is_long
from lowuse_gis.engines.memory import trim
from lowuse_gis.io.atomic import passing
from lowuse_gis.io.check_rows import counted
from lowuse_gis.io.findings_wide import widened
from lowuse_gis.io.parcels_aside import begin_with_parcels, hand_over
from lowuse_gis.io.partitions import write_frame
from lowuse_gis.io.problem_list import list_problems_of
from lowuse_gis.io.result_folder import write_result_folder
from lowuse_gis.io.result_writing import checks_table, parcel_layers, write_result
from lowuse_gis.io.styled import styled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from lowuse_gis.commands.partitioned.run import Judged
    from lowuse_gis.engines.beside import Task
    from lowuse_gis.io.findings_wide import Widened
    from lowuse_gis.io.out_layer import OutLayer
    from lowuse_gis.model import Run, Survey
    from lowuse_gis.stages.summarise import Summary

ASIDE = ("findings.gpkg", "parcels.gpkg", "parcels.arrow")


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
    """What is written into files of its own until the result takes it in.

    Attributes
    ----------
    findings, parcels, rows
        Where findings go, where the layers of parcels, and where the rows of these wait.
    widened, begun
        The writing of findings and of parcels; None before they are there.
    layers
        Those of parcels, without their rows; none where the result is to write them itself.
    """

    findings: Path
    parcels: Path
    rows: Path
    widened: Task[Widened] | None = None
    begun: Task[None] | None = None
    layers: Sequence[OutLayer] = ()

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
        self.widened = beside(len(survey.parcels), widened, self.findings, survey.findings)
        return replace(survey, findings=None)

    def begin(self, survey: Survey, run: Run) -> None:
        """Begin to write the layers of parcels, if there are many.

        Parameters
        ----------
        survey, run
            Judged, with all columns of the parcels; the rules.
        """
        if not is_long(len(survey.parcels)):
            return
        bare = replace(survey, parcels=survey.parcels.iloc[:0])
        try:
            hand_over(self.rows, next(parcel_layers(survey, run.rulebook)))
        except OSError:  # no room: they are written in their turn, if there is room then
            return
        self.layers = tuple(styled(parcel_layers(bare, run.rulebook), run.rulebook))
        given = (self.parcels, self.rows, self.layers, run.rulebook.crs, run.as_of)
        self.begun = beside(len(survey.parcels), begin_with_parcels, *given)

    def move_parcels(self, part: Path) -> None:
        """Move the layers of parcels to where the result is being made.

        Parameters
        ----------
        part
            A name nothing stands under.

        Raises
        ------
        OSError
            Where they could not be written.
        """
        if self.begun is not None:
            self.begun.result()
            self.parcels.replace(part)


@contextmanager
def kept_aside(result: Path) -> Iterator[Aside]:
    """Keep findings and parcels in files beside the result as long as it is being made.

    Parameters
    ----------
    result
        The GeoPackage that will be written.

    Yields
    ------
    Aside
    """
    with ExitStack() as files:
        made = [files.enter_context(passing(result, name)) for name in ASIDE]
        aside = Aside(made[0], made[1], made[2])
        try:
            yield aside
        finally:
            for task in (aside.widened, aside.begun):
                if task is not None:
                    task.settle()


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
        Findings and parcels, where the result is one file.

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
            aside.move_parcels(parts[0])
            write_result(parts[0], survey, run, tables, checks, aside.widened, aside.layers)
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
