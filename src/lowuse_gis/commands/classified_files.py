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
from lowuse_gis.io.parcel_layers import parcel_layers
from lowuse_gis.io.parcels_aside import begin_with_parcels, hand_over
from lowuse_gis.io.partitions import write_frame
from lowuse_gis.io.problem_list import list_problems_of, write_problem_list
from lowuse_gis.io.result_folder import write_result_folder
from lowuse_gis.io.result_writing import checks_table, write_result
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

ASIDE = ("findings.gpkg", "parcels.gpkg", "parcels.arrow", "problems.xlsx", "problems.parquet")
FINDINGS, PARCELS, ROWS, LISTING, PROBLEMS = ASIDE


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
    files
        Where findings, the layers of parcels and the list of problems go, and where the rows of
        these two wait, by the names of `ASIDE`.
    widened, begun, listed
        The writing of findings, of parcels and of the list; None before they are there.
    layers
        Those of parcels, without their rows; none where the result is to write them itself.
    """

    files: Mapping[str, Path]
    widened: Task[Widened] | None = None
    begun: Task[None] | None = None
    listed: Task[None] | None = None
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
        self.widened = beside(len(survey.parcels), widened, self.files[FINDINGS], survey.findings)
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
            hand_over(self.files[ROWS], next(parcel_layers(survey, run.rulebook)))
        except OSError:  # no room: they are written in their turn, if there is room then
            return
        self.layers = tuple(styled(parcel_layers(bare, run.rulebook), run.rulebook))
        files = self.files[PARCELS], self.files[ROWS]
        given = (*files, self.layers, run.rulebook.crs, run.as_of)
        self.begun = beside(len(survey.parcels), begin_with_parcels, *given)

    def list(self, problems: pd.DataFrame | None, run: Run) -> None:
        """Begin to write the list of problems.

        Parameters
        ----------
        problems, run
            None where there is to be no list; the rules.
        """
        if problems is None:
            return
        try:
            write_frame(self.files[PROBLEMS], problems)  # which takes less memory than a message
        except OSError:  # no room: it is written in its turn, if there is room then
            return
        files = self.files[LISTING], self.files[PROBLEMS]
        self.listed = beside(len(problems), list_problems_of, *files, run)

    def move_list(self, part: Path, problems: pd.DataFrame, run: Run) -> None:
        """Move the list of problems to where the result is being made.

        Parameters
        ----------
        part
            A name nothing stands under.
        problems, run
            As for `list`.

        Raises
        ------
        OSError
            Where it could not be written.
        """
        if self.listed is None:
            write_problem_list(part, problems, run)
        else:
            self.listed.result()
            self.files[LISTING].replace(part)

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
            self.files[PARCELS].replace(part)


@contextmanager
def kept_aside(result: Path) -> Iterator[Aside]:
    """Keep findings, parcels and list in files beside the result as long as it is being made.

    Parameters
    ----------
    result
        The GeoPackage that will be written.

    Yields
    ------
    Aside
    """
    with ExitStack() as files:
        aside = Aside({name: files.enter_context(passing(result, name)) for name in ASIDE})
        try:
            yield aside
        finally:
            for task in (aside.widened, aside.begun, aside.listed):
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
    aside.move_parcels(parts[0])
    write_result(parts[0], survey, run, tables, checks, aside.widened, aside.layers)
    aside.move_list(parts[1], problems, run)
    return counted(checks)


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
