"""``lowuse rules sweep``: how many parcels hang on a threshold, without measuring again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from lowuse_gis.commands.results import rulebook_named
from lowuse_gis.commands.sweep_sheets import sweep_sheets
from lowuse_gis.core.conditions import parsed_criteria
from lowuse_gis.core.judging import NEEDED, judgement_of
from lowuse_gis.core.ranges import parse_param
from lowuse_gis.core.sweeping import target_of
from lowuse_gis.errors import InputError
from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.flat import write_csv
from lowuse_gis.io.judged_table import read_judged_table
from lowuse_gis.io.result import read_run
from lowuse_gis.io.workbook import write_workbook
from lowuse_gis.language import _
from lowuse_gis.stages.rejudge import Swept, in_order, rank, sweep

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from lowuse_gis.core.judging import Judgement
    from lowuse_gis.core.sweeping import Target
    from lowuse_gis.io.judged_table import JudgedTable
    from lowuse_gis.model import Rulebook

ALL = "all"
ENDINGS = (".xlsx", ".csv")


@dataclass(frozen=True)
class Request:
    """What the user asked for.

    Attributes
    ----------
    result
        What classify wrote.
    params
        ``NAME=START:STOP:STEP``, ``NAME=A,B,C``; ``all`` or none asks which threshold moves most.
    rules
        The rulebook; that of the result where empty.
    output
        A workbook, or a CSV of the values; None for the screen only.
    """

    result: Path
    params: Sequence[str] = ()
    rules: str = ""
    output: Path | None = None
    overwrite: bool = False


@dataclass(frozen=True)
class Outcome:
    """What was found, for the screen.

    Attributes
    ----------
    rulebook, run
        The rules, and what made the result.
    differing
        Parcels that these rules judge otherwise than the result says, before anything is moved.
    absent
        Columns that the rules read and the result does not have.
    swept
        Per threshold asked for.
    ranking
        Which threshold moves most; None where thresholds were named.
    flips
        Parcels on the border, of all thresholds.
    files
        What was written.
    """

    rulebook: Rulebook
    run: pd.Series
    parcels: int
    differing: int
    absent: tuple[str, ...]
    swept: tuple[Swept, ...]
    ranking: pd.DataFrame | None
    flips: pd.DataFrame
    files: tuple[Path, ...] = ()

    @property
    def other_rules(self) -> bool:
        """Whether the result was judged by other rules than these."""
        return str(self.run["rules_sha256"]) != self.rulebook.sha256


def sweep_rules(request: Request) -> Outcome:
    """Sweep thresholds over a result.

    Parameters
    ----------
    request
        What the user asked for.

    Returns
    -------
    Outcome

    Raises
    ------
    LowuseError
        Where the request cannot be carried out; nothing is written then.
    """
    output = request.output
    if output is not None:
        if output.suffix.lower() not in ENDINGS:
            raise InputError(
                _("{path}: a sweep is written as .xlsx or .csv").format(path=output),
                _("give it a name that ends in .xlsx or .csv"),
            )
        refuse_existing([output], overwrite=request.overwrite)
    run = read_run(request.result)
    rulebook = rulebook_named(str(run["rulebook"]), request.rules)
    asked = _asked(request.params, rulebook)
    table, judgement = rejudged(request.result, rulebook)
    swept = tuple(sweep(judgement, target, values) for target, values in asked)
    ranking, flips = (None, in_order([s.flips for s in swept])) if asked else rank(judgement)
    differing = int((table.parcels["verdict_rule"].to_numpy() != judgement.verdict).sum())
    count, files = len(table.parcels), () if output is None else (output,)
    outcome = Outcome(rulebook, run, count, differing, table.absent, swept, ranking, flips, files)
    if output is not None:
        with all_or_nothing([output]) as (part,):
            sheets = sweep_sheets(outcome)
            if output.suffix.lower() == ".csv":
                write_csv(part, sheets[0].frame)
            else:
                write_workbook(part, sheets, date.fromisoformat(str(run["as_of"])))
    return outcome


def rejudged(result: Path, rulebook: Rulebook) -> tuple[JudgedTable, Judgement]:
    """Read what a rulebook needs of a result and judge it.

    Parameters
    ----------
    result, rulebook
        What classify wrote, and the rules.

    Returns
    -------
    table : JudgedTable
    judgement : Judgement
    """
    table = read_judged_table(result, columns_read(rulebook), rulebook.columns["dtype"])
    return table, judgement_of(table.parcels, rulebook)


def columns_read(rulebook: Rulebook) -> set[str]:
    """Name the columns that verdicts rest on.

    Parameters
    ----------
    rulebook
        The rules.

    Returns
    -------
    set of str
    """
    conditions = parsed_criteria(rulebook)
    return {name for condition in conditions.values() for name in condition.columns} | {*NEEDED}


def _asked(params: Sequence[str], rulebook: Rulebook) -> list[tuple[Target, tuple[float, ...]]]:
    if not params or list(params) == [ALL]:
        parsed_criteria(rulebook)
        return []
    conditions = parsed_criteria(rulebook)
    parsed = [parse_param(text) for text in params]
    return [(target_of(label, rulebook, conditions), values) for label, values in parsed]
