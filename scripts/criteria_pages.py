"""Write a page for every criterion: what it says, on what, from whom, with golden cases.

Run without options after changing a criterion, a threshold, a source or a golden case; ``--check``
writes nothing and fails naming the pages that are out of date.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from generated import ROOT, in_english, keep
from reference import RULEBOOK, code, table

from lowuse_gis.commands.rules_test import judged_cases
from lowuse_gis.console.rule_shown import what_absence_means, where_it_holds
from lowuse_gis.core.described import Described, described_criterion
from lowuse_gis.core.wording import written_number
from lowuse_gis.io.rulebook import read_rulebook

if TYPE_CHECKING:
    from lowuse_gis.commands.rules_test import CasesOutcome
    from lowuse_gis.model import Criterion, Rulebook

PAGES = ROOT / "docs" / "criteria"
NOTE = "<!-- Written by scripts/criteria_pages.py; do not edit. -->"
FOLDERS = (RULEBOOK, "national")
SHOWN = 3  # golden cases of each outcome on a page
OUTCOMES = {"true": "met", "false": "not met", "unknown": "unknown"}
STRENGTHS = {
    "strong": "**Strong**: where it is met, the parcel is low-use.",
    "weak": "**Weak**: a parcel is low-use where `weak_needed` weak criteria are met.",
    "flag": "**Flag**: noted, never decides.",
    "exclusion": "**Exclusion**: where it is met, the parcel is taken out, whatever its type.",
    "small": "**Too small**: a parcel below the minimum area is set aside as too small.",
}
MISSING = {
    "strong": "The parcel is undetermined, unless another criterion makes it low-use or an"
    " exclusion takes it out.",
    "weak": "The parcel is undetermined where this criterion could still make up the number of"
    " weak criteria; else the missing value changes nothing.",
    "flag": "Nothing follows: the flag is not shown.",
    "exclusion": "The parcel cannot be low-use; where its criteria are met it is *leaning"
    " low-use* (疑似).",
    "small": "The parcel is judged as if it were large enough.",
}
INDEX_TEXT = (
    "A page for each criterion of rulebook `{book.name}` {book.version}. The same is on the screen"
    " with `lowuse rules show CODE`, and in a workbook for a meeting with"
    " `lowuse rules table -o rules.xlsx`. All of them in one table, with thresholds and obstacles:"
    " [Criteria](../reference/criteria.md)."
    " To change one: [Write a criterion](../write-a-criterion.md)."
)
CHANGE_TEXT = (
    "It stands in `{file}`; numbers with a colon stand in `thresholds.csv`, which a district may"
    " state anew. Afterwards `lowuse rules test` says which golden cases come out differently. Step"
    " by step: [Write a criterion](../write-a-criterion.md)."
)


def main() -> None:
    """Write the pages, or check them."""
    in_english()
    pages = all_pages(read_rulebook(str(ROOT / "rules" / RULEBOOK)))
    keep(PAGES, {name: f"{NOTE}\n\n{body.strip()}\n" for name, body in pages.items()})


def all_pages(book: Rulebook) -> dict[str, str]:
    """Compose the index and a page for each criterion.

    Parameters
    ----------
    book
        The rules that are documented.

    Returns
    -------
    dict
        File name to text.
    """
    outcome = judged_cases(str(ROOT / "rules" / RULEBOOK), None)
    pages = {f"{c.code}.md": criterion_page(book, c, outcome) for c in book.criteria}
    return {"index.md": index_page(book), **pages}


def in_chinese(book: Rulebook, criterion: Criterion) -> Described:
    """Describe a criterion in Chinese.

    Parameters
    ----------
    book, criterion
        The rules, and one of them.

    Returns
    -------
    Described
    """
    os.environ["LOWUSE_LANG"] = "zh"
    try:
        return described_criterion(book, criterion)
    finally:
        os.environ["LOWUSE_LANG"] = "en"


def index_page(book: Rulebook) -> str:
    """Compose the list of all criteria with links.

    Parameters
    ----------
    book
        The rules.

    Returns
    -------
    str
    """
    parts = ["# Criteria, one by one", INDEX_TEXT.format(book=book)]
    types = book.domain("land_type")
    used = {c.land_type for c in book.criteria}
    for kind in (kind for kind in ("", *types) if kind in used):
        heading = f"{types[kind][1]} {types[kind][0]}" if kind else "All types"
        rows = [
            (
                f"[{c.code}]({c.code}.md)", c.title, c.title_en, c.strength,
                described_criterion(book, c).words, c.status,
            )
            for c in book.criteria
            if c.land_type == kind
        ]  # fmt: skip
        columns = ("code", "中文", "English", "strength", "condition", "status")
        parts += [f"## {heading}", table(columns, rows)]
    return "\n\n".join(parts)


def criterion_page(book: Rulebook, criterion: Criterion, outcome: CasesOutcome) -> str:
    """Compose the page of a criterion.

    Parameters
    ----------
    book, criterion, outcome
        The rules, one of them, and the golden cases as they come out.

    Returns
    -------
    str
    """
    english, chinese = described_criterion(book, criterion), in_chinese(book, criterion)
    kind = book.domain("land_type").get(criterion.land_type, ("所有类型", "all types"))
    strength, missing = STRENGTHS[criterion.strength], MISSING[criterion.strength]
    parts = [
        f"# {criterion.code} {criterion.title}",
        f"*{english.title}*. Type: {kind[1].lower()} ({kind[0]}). {strength}",
        "## What it says",
        f"```sql\n{criterion.when}\n```",
        f"- {chinese.words}\n- {english.words}",
        *([f"For the whole village it is {english.village}."] if english.village else []),
        *([f"Subtype: {english.subtype}."] if english.subtype else []),
        *_thresholds(english),
        "## Basis",
        f"{english.document} {english.clause}".strip() + f" — *{english.status}*",
        "## Data it needs",
        _data(english),
        "## Where data are missing",
        f"A value that is missing makes the comparison *unknown*, not false. {missing}",
        *_examples(criterion, english, outcome),
        "## To change it",
        CHANGE_TEXT.format(file=_file(criterion)),
    ]
    return "\n\n".join(parts)


def _thresholds(it: Described) -> list[str]:
    if not it.thresholds:
        return []
    rows = [
        (code(row.name), written_number(row.value, row.unit), where_it_holds(row), row.document,
         row.clause, row.status)
        for row in it.thresholds
    ]  # fmt: skip
    heading = ("threshold", "value", "holds for", "document", "clause", "status")
    return ["## Thresholds", table(heading, rows)]


def _data(it: Described) -> str:
    rows = [
        (code(c.column), c.label, c.unit, c.source_title, c.body, what_absence_means(c.absence))
        for c in it.columns
    ]
    heading = ("column", "what", "unit", "source", "from whom", "a place not in the source")
    return table(heading, rows)


def _examples(criterion: Criterion, it: Described, outcome: CasesOutcome) -> list[str]:
    """Show some golden cases of each outcome that give what the criterion reads."""
    if criterion.code not in outcome.truths:
        return []
    truths = outcome.truths[criterion.code].tolist()
    labels = outcome.rulebook.domain("result_code")
    read = [outcome.rulebook.columns.at[c.column, "label"] for c in it.columns]
    rows = []
    for truth, said in OUTCOMES.items():
        hits = [c for c, found in zip(outcome.cases, truths, strict=True) if found == truth]
        about = [case for case in hits if any(label in case.given for label in read)]
        rows += [
            (said, case.name, case.given or "—", " ".join(labels[case.result]))
            for case in about[:SHOWN]
        ]
    heading = ("outcome", "case (`cases.csv`)", "given", "verdict")
    return ["## Examples", table(heading, rows)] if rows else []


def _file(criterion: Criterion) -> str:
    for folder in FOLDERS:
        path = Path("rules") / folder / "criteria" / criterion.file
        whole = ROOT / path
        if whole.is_file() and f'"{criterion.code}"' in whole.read_text(encoding="utf-8"):
            return path.as_posix()
    return criterion.file


if __name__ == "__main__":
    main()
