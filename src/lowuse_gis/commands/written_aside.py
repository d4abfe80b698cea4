"""What ``lowuse classify`` writes beside its result, as soon as it is known."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lowuse_gis.engines.beside import Task, beside, is_long
from lowuse_gis.io.atomic import passing
from lowuse_gis.io.findings_wide import lay_down, widened, widened_of
from lowuse_gis.io.parcel_layers import parcel_layers
from lowuse_gis.io.parcels_aside import add_parcels, begin_with_checks, hand_over
from lowuse_gis.io.partitions import write_frame
from lowuse_gis.io.problem_list import list_problems_of, write_problem_list
from lowuse_gis.io.styled import styled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from lowuse_gis.io.findings_wide import Widened
    from lowuse_gis.io.out_layer import OutLayer
    from lowuse_gis.model import Run, Survey

ASIDE = (
    "checks.gpkg", "findings.gpkg", "findings.arrow", "parcels.gpkg", "parcels.arrow",
    "problems.xlsx", "problems.parquet",
)  # fmt: skip
CHECKS, FINDINGS, LINES, PARCELS, ROWS, LISTING, PROBLEMS = ASIDE


@dataclass
class Aside:
    """What is written into files of its own until the result takes it in.

    Attributes
    ----------
    files
        Where checks, findings, the layers of parcels and the list of problems go, and where the
        rows of these two wait, by the names of `ASIDE`.
    known
        How many tables of checks there are; more would be later ones.
    checked, widened, begun, listed
        The writing of checks, of findings, of parcels and of the list; None before they are there.
    layers
        Those of parcels, without their rows.
    found
        The findings, when they are written.

    Notes
    -----
    Checks and parcels are begun in one file, by the process beside the command; it does what it is
    given in turn. Findings are left to this one, which has time while parcels are written there.
    """

    files: Mapping[str, Path]
    known: int = 0
    checked: Task[tuple[OutLayer, pd.DataFrame]] | None = None
    widened: Task[Widened] | None = None
    begun: Task[None] | None = None
    listed: Task[None] | None = None
    layers: Sequence[OutLayer] = ()
    found: Widened | None = None

    def check(self, survey: Survey, run: Run) -> None:
        """Begin to write the layer of checks, if there are many parcels.

        Parameters
        ----------
        survey, run
            With all checks that are known before parcels are judged; the rules.
        """
        if not is_long(len(survey.parcels)):
            return
        self.known = len(survey.checks)
        given = self.files[CHECKS], survey.checks, survey.parcels["parcel_code"], run
        self.checked = beside(len(survey.parcels), begin_with_checks, *given)

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

    def put_down(self, survey: Survey) -> Survey:
        """Put the findings of a survey down until there is time to write them, if they are many.

        Parameters
        ----------
        survey
            Judged.

        Returns
        -------
        Survey
            Without findings.
        """
        if survey.findings is None or not is_long(len(survey.parcels)):
            return self.take(survey)
        try:
            lay_down(self.files[LINES], survey.findings)
        except OSError:  # no room: they are kept
            self.files[LINES].unlink(missing_ok=True)
            return self.take(survey)
        self.widened = Task(widened_of, (self.files[FINDINGS], self.files[LINES]))
        return replace(survey, findings=None)

    def findings(self) -> Widened | None:
        """Return the findings, which are written now if they were put down.

        Returns
        -------
        Widened, or None
            None where there are none.

        Raises
        ------
        OSError
            Where they could not be written.
        """
        if self.found is None and self.widened is not None:
            self.found = self.widened.result()
        return self.found

    def begin(self, survey: Survey, run: Run) -> None:
        """Begin to write the layers of parcels behind that of checks, if it was begun.

        Parameters
        ----------
        survey, run
            Judged, with all columns of the parcels; the rules.
        """
        if self.checked is None or self.known != len(survey.checks):
            return
        bare = replace(survey, parcels=survey.parcels.iloc[:0])
        try:
            hand_over(self.files[ROWS], next(parcel_layers(survey, run.rulebook)))
        except OSError:  # no room: they are written in their turn, if there is room then
            self.files[ROWS].unlink(missing_ok=True)
            return
        self.layers = tuple(styled(parcel_layers(bare, run.rulebook), run.rulebook))
        files = self.files[PARCELS], self.files[CHECKS], self.files[ROWS]
        self.begun = beside(len(survey.parcels), add_parcels, *files, self.layers, run)

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
            self.files[PROBLEMS].unlink(missing_ok=True)
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

    def move_layers(self, part: Path) -> tuple[Sequence[OutLayer], pd.DataFrame | None]:
        """Move the layers of checks and parcels to where the result is being made.

        Parameters
        ----------
        part
            A name nothing stands under.

        Returns
        -------
        sequence of OutLayer
            Those layers, without rows; none where the result is to write them itself.
        DataFrame, or None
            Check rows counted, where they were written.

        Raises
        ------
        OSError
            Where they could not be written.
        """
        if self.checked is None or self.begun is None:
            return (), None
        layer, counts = self.checked.result()
        self.begun.result()
        self.files[PARCELS].replace(part)
        return (layer, *self.layers), counts


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
            for task in (aside.checked, aside.widened, aside.begun, aside.listed):
                if task is not None:
                    task.settle()
