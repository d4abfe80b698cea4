"""Read what the indicators of ``lowuse report --period`` are computed from."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.commands.ledgers import existing_ledger
from lowuse_gis.errors import InputError
from lowuse_gis.io.ledgers import COLUMNS, FIGURES, PROJECTS, read_ledger
from lowuse_gis.language import _
from lowuse_gis.stages.planning.register import register_at, unreadable
from lowuse_gis.stages.report.figures import Progressed
from lowuse_gis.stages.report.progress_tables import progress_tables, stated_figures

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from lowuse_gis.commands.report import Request
    from lowuse_gis.io.ledgers import Ledger
    from lowuse_gis.io.result import Result
    from lowuse_gis.model import Rulebook

SURVEY = "balance_survey"


def progressed(
    request: Request, result: Result, rulebook: Rulebook, members: pd.DataFrame | None
) -> tuple[Progressed, list[tuple[str, str, str]]]:
    """Read the ledgers as they stood on the date of the result.

    Parameters
    ----------
    request, result, rulebook
        What was asked for, and what was read.
    members
        Parcels of units; None for none.

    Returns
    -------
    progressed : Progressed
    files : list of tuple
        What it is, name and SHA-256 of the ledgers.

    Raises
    ------
    InputError
        Where the rules know no such period.
    """
    period = _period(request.period, rulebook)
    as_of = date.fromisoformat(str(result.run["as_of"]))
    register, figures = (_ledger(request, name, rulebook) for name in (PROJECTS, FIGURES))
    unread, projects = 0, None
    if register is not None:
        projects = register_at(register.frame, rulebook.plan, as_of)
        unread += int(unreadable(register.frame, rulebook.plan).sum())
    lines = figures.frame if figures else pd.DataFrame(columns=list(COLUMNS[FIGURES]), dtype="str")
    stated, wrong = stated_figures(lines, rulebook.indicators, as_of)
    balance = result.tables.get(SURVEY)
    tables = progress_tables(result.parcels, balance, projects, members, stated)
    sources = [ledger.source for ledger in (register, figures) if ledger]
    files = [(source.title, source.file, source.sha256) for source in sources]
    return Progressed(period, tables, unread + wrong), files


def _period(code: str, rulebook: Rulebook) -> Mapping[str, Any]:
    periods: dict[str, Mapping[str, Any]] = {
        entry["code"]: entry for entry in rulebook.indicators.get("period", [])
    }
    if code not in periods:
        raise InputError(
            _("{code}: no such period in the rules {name}").format(code=code, name=rulebook.name),
            _("known periods: {names}; indicators.toml names them").format(
                names=", ".join(periods) or "-"
            ),
        )
    return periods[code]


def _ledger(request: Request, name: str, rulebook: Rulebook) -> Ledger | None:
    file = existing_ledger(request.ledgers, request.project, name)
    return read_ledger(file, name, rulebook) if file else None
