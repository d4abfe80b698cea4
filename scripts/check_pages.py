"""Write a page with a drawing for every check code: what it means, by which rule, who mends it.

Run without options after changing a check, a tolerance, a text or a drawing; ``--check`` writes
nothing and fails naming the files that are out of date.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from drawings import drawing
from generated import ROOT, in_english, keep
from reference import (
    RULEBOOK,
    names_of_bodies,
    table,
    tolerance_cells,
    users_of_tolerances,
)

from lowuse_gis.io.rulebook import read_rulebook

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowuse_gis.model import CheckRule, Rulebook

PAGES = ROOT / "docs" / "checks"
TEXTS = ROOT / "scripts" / "check_texts.toml"
NOTE = "<!-- Written by scripts/check_pages.py; do not edit. -->"
FAMILIES = {
    "1": ("Files", "文件"),
    "2": ("Place", "空间参考"),
    "3": ("Attributes", "属性"),
    "4": ("Shape", "图形"),
    "5": ("Logic", "逻辑"),
    "6": ("Tables", "表格"),
    "8": ("As a whole", "整体"),
}
SEVERITIES = {"error": "错误", "warning": "警告", "notice": "提示", "off": "停用"}
MEND_LIMITS = ("mend_area_step", "mend_area_share")
OVER = {
    "fields": "the fields of each file",
    "cells": "the cells of each file",
    "features": "each feature",
    "sheets": "the sheets of each bureau's table: totals, hidden and merged cells, lost results",
    "columns": "each column of numbers of a bureau's table",
    "totals": "sums of parts beside their totals",
    "vertices": "doubled vertices and spikes",
    "overlaps": "pairs of features that share ground",
    "gaps": "ground that features enclose and none covers",
    "edges": "edges of two layers that run beside each other",
}
DEFECT_TEXT = "A defect is where this holds; a value that is missing never is one."
PICTURE = '<div class="drawing" data-search-exclude>\n--8<-- "docs/checks/{code}.svg"\n</div>'
READING = "Noticed while the files are opened and read, before any rule is judged."
FOUND_BY = {
    "classify": (
        "Only `lowuse classify` can find it, for it takes the measures and sources of a whole run;"
        " `lowuse check` does not."
    ),
    "units": (
        "Only `lowuse units` can find it, for it takes the barriers and blocks that part units; it"
        " stands in the layer `checks` of the units file. The share allowed is `cut_share` of"
        " `units.toml`: [Units](../units.md)."
    ),
}
CHANGE_TEXT = (
    "In the `checks.toml` of a rulebook; `error`, `warning`, `notice` or `off`:\n\n"
    '```toml\n[severity]\n"{code}" = "off"\n```'
)
LIMIT_TEXT = (
    "A limit is changed by stating its whole entry anew in the same file:"
    " [Tolerances](../reference/tolerances.md)."
)
NOT_MENDED = "`lowuse check --mend` leaves it: somebody has to look at it."
INDEX_TEXT = (
    "All that `lowuse check` or `lowuse classify` may say of data, with rulebook `{book.name}`"
    " {book.version}: a page with a"
    " drawing for each code. What happens in which order: [Checking a delivery](../checking.md)."
    " All limits in one table: [Tolerances](../reference/tolerances.md)."
)


def main() -> None:
    """Write the pages and drawings, or check them."""
    in_english()
    keep(PAGES, all_files(read_rulebook(str(ROOT / "rules" / RULEBOOK))))


def all_files(book: Rulebook) -> dict[str, str]:
    """Compose the index, and a page and a drawing for each code.

    Parameters
    ----------
    book
        The rules that are documented.

    Returns
    -------
    dict
        File name to text.

    Raises
    ------
    ValueError
        Where a code has no texts, or texts have no code.
    """
    texts = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    catalogue = {line["code"]: line for line in book.check_catalogue.to_dict("records")}
    if odd := set(texts) ^ set(catalogue):
        message = f"check_texts.toml and checks.csv differ: {sorted(odd)}"
        raise ValueError(message)
    pages = {"index.md": index_page(book, catalogue)}
    pages |= {f"{c}.md": check_page(book, line, texts[c]) for c, line in catalogue.items()}
    made = {name: f"{NOTE}\n\n{body.strip()}\n" for name, body in pages.items()}
    return made | {f"{c}.svg": drawing(c, texts[c]["drawing"], book) for c in catalogue}


def index_page(book: Rulebook, catalogue: Mapping[str, Mapping[str, str]]) -> str:
    """Compose the list of all codes by family.

    Parameters
    ----------
    book, catalogue
        The rules, and the lines of checks.csv by code.

    Returns
    -------
    str
    """
    bodies = names_of_bodies(book)
    parts = ["# Checks, one by one", INDEX_TEXT.format(book=book)]
    for first, (english, chinese) in FAMILIES.items():
        rows = [
            (f"[{c}]({c}.md)", severity_of(book, line), line["title"], line["title_en"],
             bodies.get(line["body"], line["body"]))
            for c, line in catalogue.items()
            if c.startswith(first)
        ]  # fmt: skip
        heading = ("code", "severity", "中文", "English", "who mends it")
        parts += [f"## {first} {english} {chinese}", table(heading, rows)]
    return "\n\n".join(parts)


def check_page(book: Rulebook, line: Mapping[str, str], texts: Mapping[str, str]) -> str:
    """Compose the page of a code.

    Parameters
    ----------
    book, line, texts
        The rules, its line of checks.csv, and its texts of check_texts.toml.

    Returns
    -------
    str
    """
    rules = [rule for rule in book.checks.rules if rule.code == line["code"]]
    limits = _limits(book, line["code"])
    parts = [
        f"# {line['code']} {line['title']}",
        _opening(book, line),
        PICTURE.format(code=line["code"]),
        "## What it means",
        texts["means"],
        f"For example: {texts['example']}",
        "## The rule",
        *(_rules(book, rules) if rules else [FOUND_BY[texts["by"]] if "by" in texts else READING]),
        *_tolerances(book, limits),
        "## Cause and remedy",
        _remedy(book, line),
        "## Mending by program",
        *_mending(book, texts),
        "## To change its weight or switch it off",
        CHANGE_TEXT.format(code=line["code"]),
        *([LIMIT_TEXT] if limits else []),
    ]
    return "\n\n".join(parts)


def severity_of(book: Rulebook, line: Mapping[str, str]) -> str:
    """Return the severity in force.

    Parameters
    ----------
    book, line
        The rules, and a line of checks.csv.

    Returns
    -------
    str
    """
    return book.checks.severity.get(line["code"], line["severity"])


def _opening(book: Rulebook, line: Mapping[str, str]) -> str:
    severity = severity_of(book, line)
    weight = f"{severity.capitalize()} ({SEVERITIES[severity]})"
    english, chinese = FAMILIES[line["code"][0]]
    return f"*{line['title_en']}*. {weight}; {english.lower()} ({chinese})."


def _remedy(book: Rulebook, line: Mapping[str, str]) -> str:
    body = book.codes["bodies"].set_index("code").loc[line["body"]]
    lines = (
        f"- Cause: {line['cause']}",
        f"- Remedy: {line['remedy_en']} ({line['remedy']})",
        f"- Who mends it: {body['name_en']} ({body['name']})",
    )
    return "\n".join(lines)


def _rules(book: Rulebook, rules: list[CheckRule]) -> list[str]:
    parts = []
    for rule in rules:
        where = ", ".join(_source(book, name) for name in rule.layers) or "all layers that have it"
        beside = f"; held against {_source(book, rule.other)}" if rule.other else ""
        shown = f"; measured value: `{rule.value}`" if rule.value else ""
        told = f"Looks at {OVER[rule.over]}, in: {where}{beside}{shown}."
        said = f"{DEFECT_TEXT}\n\n```sql\n{rule.when}\n```"
        if parts and parts[-2] == told:
            parts[-1] = parts[-1].removesuffix("\n```") + f"\n-- or\n{rule.when}\n```"
        else:
            parts += [told, said]
    return parts


def _source(book: Rulebook, name: str) -> str:
    source = book.sources[name]
    return f"{source.title_en} ({source.title})"


def _limits(book: Rulebook, check: str) -> list[str]:
    users = users_of_tolerances(book)
    return [name for name in book.checks.tolerances if check in users.get(name, [])]


def _tolerances(book: Rulebook, names: list[str]) -> list[str]:
    if not names:
        return []
    heading = ("tolerance", "value", "中文", "English", "document", "clause", "status")
    return [table(heading, [tolerance_cells(book, book.checks.tolerances[n]) for n in names])]


def _mending(book: Rulebook, texts: Mapping[str, str]) -> list[str]:
    if "mend" not in texts:
        return [NOT_MENDED]
    known = {name: _amount(t) for name, t in book.checks.tolerances.items()}
    words = texts["mend"].format(**known)
    step, share = (known[name] for name in MEND_LIMITS)
    limits = (
        f"`lowuse check --mend` mends it. {words} Every change is a row of the ledger and can be"
        " taken back with `lowuse mend --undo`. A change of area beyond"
        f" {step} or {share} of the feature, whichever is more, is refused and listed."
    )
    return [limits]


def _amount(tolerance: Any) -> str:
    if tolerance.name.endswith("_share"):
        return f"{tolerance.value * 100:g} %"
    return f"{tolerance.value:g} {tolerance.unit}"


if __name__ == "__main__":
    main()
