"""The workbook in which a town decides (认定表)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.io.answer_workbook import ANSWERS, DAY, TEXT, Form, guide, rules_line
from lowuse_gis.io.workbook import OutSheet, write_workbook
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import pandas as pd

    from lowuse_gis.model import Rulebook

FORM = Form(
    prefix="认定表_",
    source="decisions",
    codes=("parcel_code", "row"),
    answered=("decision", "reason", "evidence", "who", "date"),
    prose=("reason", "evidence", "who"),
)
KNOWN_BY = ("row", "parcel_code", "location", "owner", "village_code", "land_type")
WIDTHS = {"decision": 12, "reason": 30, "evidence": 24, "who": 12, "date": 14}


def write_review(path: Path, lines: pd.DataFrame, rulebook: Rulebook, as_of: date) -> None:
    """Write the workbook of one town or park.

    Parameters
    ----------
    path
        A new file.
    lines
        Of ``review_table``, of this town.
    rulebook
        Knows headings and the words of a decision.
    as_of
        The date judged for.
    """
    heads = {name: _own_heading(name, rulebook) for name in KNOWN_BY}
    heads |= {
        "area": _("area (m²)"),
        "mu": _("area (mu)"),
        "proposal": _("verdict proposed"),
        "why": _("why it is proposed"),
        "missing": _("what is missing"),
        "ask": _("who is asked"),
        "flags": _("noted"),
        "so_far": _("decision so far"),
    }
    heads |= FORM.headings((*FORM.answered, ANSWERS), rulebook)
    frame = lines.assign(**dict.fromkeys(FORM.answered, "")).reindex(columns=list(heads))
    words = [pick(*labels) for labels in rulebook.domain("decision").values()]
    formats = dict.fromkeys((heads[name] for name in (*FORM.codes, ANSWERS)), TEXT)
    rules = rules_line(rulebook, as_of)
    sheet = OutSheet(
        _("decisions"),
        _("Parcels for {town} to decide").format(town=lines["reviewer"].iloc[0]),
        frame.rename(columns=heads),
        rules,
        {heads["area"]: 2, heads["mu"]: 4},
        formats | {heads["date"]: DAY},
        {heads["decision"]: words},
        {heads[name]: width for name, width in WIDTHS.items()},
    )
    write_workbook(path, [sheet, guide([*_advice(heads, words), rules])], as_of)


def _own_heading(name: str, rulebook: Rulebook) -> str:
    known = rulebook.columns.loc[name]
    return pick(known["label"], known["label_en"])


def _advice(heads: dict[str, str], words: list[str]) -> list[str]:
    """Say how the sheet is filled in."""
    return [
        _("The program proposes, the town decides. One line is one parcel."),
        _("{decision}: choose one of {words}; leave it empty while it is open.").format(
            decision=heads["decision"], words="、".join(words)
        ),
        _("{reason}: needed where the decision differs from the proposal.").format(
            reason=heads["reason"]
        ),
        _("{evidence}: name of the photograph, minutes or document, if there is one.").format(
            evidence=heads["evidence"]
        ),
        _("{who} and {date}: needed; a date such as 2024-03-31.").format(
            who=heads["who"], date=heads["date"]
        ),
        _("Do not change {answers}: it says which verdict is answered. After a new run of the "
          "program, answers to a verdict that changed are asked again.").format(
            answers=heads["answers"]
        ),
        _("Columns may be moved or hidden, lines sorted or filtered, sheets added."),
    ]  # fmt: skip
