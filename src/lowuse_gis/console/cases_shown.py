"""How golden cases came out, on the screen."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.text import Text

from lowuse_gis.console.show import label_of, table, to_screen
from lowuse_gis.core.spoken import column_name
from lowuse_gis.core.wording import LIST_MARK
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lowuse_gis.commands.rules_test import CaseOutcome, CasesOutcome
    from lowuse_gis.model import Rulebook


def cases_json(outcome: CasesOutcome) -> dict[str, Any]:
    """Return how cases came out as plain values.

    Parameters
    ----------
    outcome
        All cases.

    Returns
    -------
    dict
    """
    return {
        "rulebook": outcome.rulebook.name,
        "version": outcome.rulebook.version,
        "file": outcome.file,
        "passed": sum(case.passed for case in outcome.cases),
        "failed": sum(not case.passed for case in outcome.cases),
        "taken_as": dict(outcome.neutral),
        "cases": [{**asdict(case), "passed": case.passed} for case in outcome.cases],
    }


def show_cases(outcome: CasesOutcome) -> None:
    """Print the cases that failed, and how many passed.

    Parameters
    ----------
    outcome
        All cases.
    """
    screen, book = to_screen(), outcome.rulebook
    failed = [case for case in outcome.cases if not case.passed]
    if failed:
        made = table(
            _("Cases that failed"),
            [(h, "left") for h in (_("cell"), _("case"), _("what"), _("expected"), _("came out"))],
        )
        for case in failed:
            for number, line in enumerate(_differences(case, book)):
                made.add_row(*((case.place, case.name) if number == 0 else ("", "")), *line)
        screen.print(made)
    if outcome.neutral:
        screen.print(Text(_note(outcome), style="dim"), soft_wrap=True)
    said = _("{file}: {passed} of {count} cases passed").format(
        file=outcome.file, passed=len(outcome.cases) - len(failed), count=len(outcome.cases)
    )
    screen.print(Text(said, style="bold red" if failed else "bold green"), soft_wrap=True)


def _note(outcome: CasesOutcome) -> str:
    """Say what columns that are not in the sheet were taken to be."""
    book = outcome.rulebook
    said = [f"{column_name(book, name)} {_said(value)}" for name, value in outcome.neutral.items()]
    return _("Not in the sheet, so that no exclusion applies, taken as: {columns}").format(
        columns=LIST_MARK.join(said)
    )


def _said(value: object) -> str:
    if isinstance(value, bool):
        return _("no")
    return f"{value:g}" if isinstance(value, float) else _("none of those named")


def _differences(case: CaseOutcome, book: Rulebook) -> Iterator[tuple[str, str, str]]:
    if not case.verdict_fits:
        result = label_of(book.domain("result_code"), case.result)
        lacking = LIST_MARK.join(column_name(book, name) for name in case.missing)
        came = _("{result}; missing: {columns}").format(result=result, columns=lacking)
        yield _("verdict"), case.wanted, came if lacking else result
    if not case.verdict_fits or not case.met_fits:
        yield _("criteria met"), _listed(case.wanted_met), _listed(case.met)
    if not case.unknown_fits:
        yield _("criteria unknown"), _listed(case.wanted_unknown), _listed(case.unknown)


def _listed(codes: tuple[str, ...] | None) -> str:
    if codes is None:
        return "—"
    return ";".join(codes) or _("none")
