"""The workbook in which a town answers on its legacy (遗留用地确认表)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.io.answer_workbook import ANSWERS, DAY, TEXT, Form, guide, rules_line
from lowuse_gis.io.workbook import OutSheet, write_workbook
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    import pandas as pd

    from lowuse_gis.model import Rulebook

FORM = Form(
    prefix="遗留用地确认表_",
    source="legacy_decisions",
    codes=("legacy_code",),
    answered=("decision", "used_since", "used_by", "reason", "who", "date"),
    prose=("reason", "who"),
)
WIDTHS = {"decision": 18, "used_since": 12, "used_by": 18, "reason": 30, "who": 16, "date": 14}


def write_legacy_review(path: Path, lines: pd.DataFrame, rulebook: Rulebook, as_of: date) -> None:
    """Write the workbook of one town.

    Parameters
    ----------
    path
        A new file.
    lines
        Of ``asked_pieces``, of this town.
    rulebook
        Knows headings and the words of an answer.
    as_of
        The date judged for.
    """
    heads = FORM.headings(FORM.codes, rulebook) | {
        "village_code": _("village"),
        "area": _("area (m²)"),
        "survey_class": _("survey class"),
        "period": _("period of use"),
        "state": _("state"),
        "procedure": _("procedures"),
        "doubt": _("noted"),
        "lacks": _("missing evidence"),
        "evidence": _("evidence"),
        "so_far": _("decision so far"),
    }
    heads |= FORM.headings((*FORM.answered, ANSWERS), rulebook)
    frame = lines.assign(**dict.fromkeys(FORM.answered, "")).reindex(columns=list(heads))
    choices = {
        heads[name]: [pick(*both) for both in rulebook.domain(domain).values()]
        for name, domain in (("decision", "legacy_decision"), ("used_by", "legacy_user"))
    }
    texts = (*FORM.codes, "village_code", "used_since", ANSWERS)
    sheet = OutSheet(
        _("legacy"),
        _("Land of historical legacy for {town} to confirm").format(town=lines["town"].iloc[0]),
        frame.rename(columns=heads),
        rules_line(rulebook, as_of),
        {heads["area"]: 2},
        dict.fromkeys((heads[name] for name in texts), TEXT) | {heads["date"]: DAY},
        choices,
        {heads[name]: width for name, width in WIDTHS.items()},
    )
    write_workbook(path, [sheet, guide(_advice(heads, rulebook))], as_of)


def _advice(heads: Mapping[str, str], rulebook: Rulebook) -> list[str]:
    """Say how the sheet is filled in."""
    least, most = rulebook.fields[FORM.source]["used_since"]["range"]
    return [
        _("{decision}: choose from the list; leave it empty while it is open.").format(
            decision=heads["decision"]
        ),
        _("{year}: four digits; of land that is confirmed, from {least} to {most}.").format(
            year=heads["used_since"], least=least, most=most
        ),
        _("{user}: the kind of user; no names of persons.").format(user=heads["used_by"]),
        _("{reason}: needed where it is not legacy, and where a doubtful piece is "
          "confirmed.").format(reason=heads["reason"]),
        _("{who} and {date}: needed; a date such as 2024-03-31.").format(
            who=heads["who"], date=heads["date"]
        ),
        _("Do not change {answers}: it says which piece is answered.").format(
            answers=heads["answers"]
        ),
    ]  # fmt: skip
