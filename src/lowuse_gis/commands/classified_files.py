"""The files that ``lowuse classify`` leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.core.threaded import meanwhile
from lowuse_gis.engines.memory import trim
from lowuse_gis.io.atomic import settle
from lowuse_gis.io.check_rows import counted
from lowuse_gis.io.result_folder import write_result_folder
from lowuse_gis.io.result_writing import checks_table, write_result

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from lowuse_gis.commands.partitioned.run import Judged
    from lowuse_gis.commands.written_aside import Aside
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
    if aside.begun:
        aside.findings()  # while parcels are still being written
    begun, counts = aside.move_layers(parts[0])
    checks = pd.DataFrame()
    if counts is None:
        checks = checks_table(survey.checks, survey.parcels["parcel_code"], run.rulebook)
        counts = counted(checks)
    trim()
    write_result(parts[0], survey, run, tables, checks, aside.findings, begun)
    with meanwhile() as begin:
        settled = begin(settle, parts[0])
        aside.move_list(parts[1], problems, run)
        settled.result()
    return counts


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
