"""Write the reference pages from the command line and the rules.

Run without options after changing a command, a criterion, a column, a check or a source;
``--check`` writes nothing and fails naming the pages that are out of date.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

from generated import ROOT, in_english, keep

from lowuse_gis.core.thresholds import threshold_labels
from lowuse_gis.io.rulebook import read_rulebook

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    import pandas as pd

    from lowuse_gis.model import Rulebook, Tolerance

PAGES = ROOT / "docs" / "reference"
RULEBOOK = "jinghai"
NOTE = "<!-- Written by scripts/reference.py (make reference); do not edit. -->"
COMMANDS_HEADING = "Commands:"
ALL_TYPES = "all types"
UNITS_OF_HEADINGS = "units"
MEASURED_WITH = {"gap_largest": "4102", "edge_distance": "4401", "spike_leg": "4112"}
MENDING = "`--mend`"
FORMULA_THRESHOLDS = {"weak_needed": "verdict"}
COMMANDS_TEXT = (
    "Messages are Chinese, or English with `LOWUSE_LANG=en`. Results go to stdout, progress and"
    " messages to stderr. Exit code 0: done; 2: the request could not be carried out, one"
    " `error:` line and one `hint:` line say why; 70: a bug."
)
COLUMNS_TEXT = (
    "From `rules/columns.csv`. Criteria read the columns added by `read` and `measure`;"
    " obstacles may also read those added by `judge`. *Source* is who is to be asked where a"
    " value is missing; *field* is its code in the draft data dictionary."
)
SOURCES_TEXT = (
    "From `rulebook.toml` and `fields.toml`. *Absence* says what follows from a place or code"
    " not being in a source that was supplied for the town: `no` means zero or false,"
    " `unknown` means nothing can be concluded. A field is found by any of its names; case,"
    " spaces, bracketed units and the 10-byte limit of shapefiles do not matter."
)
TOLERANCES_TEXT = (
    "The tolerance model of rulebook `{rulebook.name}` {rulebook.version}, from `[tolerances]` in"
    " `checks.toml`. Each limit stands there once; `lowuse check` prints all of them in the sheet"
    " *tolerances* of its report. A district changes one by stating the entry anew in its own"
    " `checks.toml`. `to confirm`: the number waits for an official text."
)
CRITERIA_TEXT = (
    "Rulebook `{rulebook.name}` {rulebook.version}: {rulebook.title} ({rulebook.title_en}). Every"
    " number is a draft until its status says otherwise: `to confirm` waits for an official text,"
    " `superseded` stands in a document that has been replaced, `anchored` stands in the document"
    " that is named."
)


def main() -> None:
    """Write the pages, or check them."""
    in_english()
    keep(PAGES, all_pages(read_rulebook(str(ROOT / "rules" / RULEBOOK))))


def all_pages(rulebook: Rulebook) -> dict[str, str]:
    """Compose every reference page.

    Parameters
    ----------
    rulebook
        The rules that are documented.

    Returns
    -------
    dict
        File name to text.
    """
    bodies = {
        "commands.md": commands_page(),
        "columns.md": columns_page(rulebook),
        "criteria.md": criteria_page(rulebook),
        "checks.md": checks_page(rulebook),
        "package-checks.md": package_checks_page(rulebook),
        "tolerances.md": tolerances_page(rulebook),
        "sources.md": sources_page(rulebook),
    }
    return {name: f"{NOTE}\n\n{body.strip()}\n" for name, body in bodies.items()}


def commands_page() -> str:
    """Compose the page of commands from their help texts.

    Returns
    -------
    str
    """
    parts = [
        "# Commands",
        COMMANDS_TEXT,
    ]
    for command, text in helps(()):
        title = " ".join(("lowuse", *command))
        parts.append(f"## {title}\n\n```text\n{text}\n```")
    return "\n\n".join(parts)


def helps(command: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Give the help text of a command and of those below it.

    Parameters
    ----------
    command
        Words after ``lowuse``.

    Yields
    ------
    tuple
        The words, and the help text.
    """
    text = help_text(command)
    yield command, text
    lines = text.splitlines()
    if COMMANDS_HEADING in lines:
        for line in lines[lines.index(COMMANDS_HEADING) + 1 :]:
            if line.startswith("  ") and not line.startswith("   "):
                yield from helps((*command, line.split()[0]))


def help_text(command: Iterable[str]) -> str:
    """Run a command's ``--help`` in English.

    Parameters
    ----------
    command
        Words after ``lowuse``.

    Returns
    -------
    str
        Without blanks at the ends of lines.
    """
    environment = os.environ | {
        "COLUMNS": "90",
        "PYTHONUTF8": "1",
        "NO_COLOR": "1",
    }
    program = [sys.executable, "-m", "lowuse_gis", *command, "--help"]
    done = subprocess.run(
        program, env=environment, capture_output=True, check=True, encoding="utf-8"
    )
    text = done.stdout.strip().replace("python -m lowuse_gis", "lowuse", 1)
    return "\n".join(line.rstrip() for line in text.splitlines())


def columns_page(rulebook: Rulebook) -> str:
    """Compose the page of standard columns.

    Parameters
    ----------
    rulebook
        Holds columns.csv.

    Returns
    -------
    str
    """
    rows = [
        (
            code(row["name"]), row["label"], row["label_en"], row["dtype"], row["unit"],
            code(row["domain"]), row["stage"], code(row["source"]), code(row["field"]),
            code(row["quality"]),
        )
        for row in rulebook.columns.to_dict("records")
    ]  # fmt: skip
    heading = (
        "column", "中文", "English", "type", "unit", "code list", "added by", "source", "field",
        "known as",
    )  # fmt: skip
    parts = [
        "# Columns",
        COLUMNS_TEXT,
        table(heading, rows),
        "## Code lists",
    ]
    domains = rulebook.codes["domains"]
    for name, lines in domains.groupby("domain", sort=False):
        codes = [(code(c), zh, en) for c, zh, en in pick(lines, "code", "label", "label_en")]
        parts += [f"### {name}", table(("code", "中文", "English"), codes)]
    return "\n\n".join(parts)


def criteria_page(rulebook: Rulebook) -> str:
    """Compose the page of criteria, thresholds and obstacles.

    Parameters
    ----------
    rulebook
        The rules.

    Returns
    -------
    str
    """
    parts = [
        "# Criteria",
        CRITERIA_TEXT.format(rulebook=rulebook),
    ]
    for kind, label in (("", ALL_TYPES), *types(rulebook)):
        chosen = [c for c in rulebook.criteria if c.land_type == kind]
        rows = [
            (
                code(c.code), c.title, c.title_en, c.strength, code(c.when),
                rulebook.documents.get(c.document, c.document), c.clause, c.status,
            )
            for c in chosen
        ]  # fmt: skip
        heading = (
            "code", "中文", "English", "strength", "condition", "document", "clause", "status",
        )  # fmt: skip
        parts += [f"## {label.capitalize()}", table(heading, rows)]
    parts += ["## Thresholds", _thresholds_table(rulebook)]
    parts += ["## Obstacles", _obstacles_table(rulebook)]
    return "\n\n".join(parts)


def _thresholds_table(rulebook: Rulebook) -> str:
    rows, users = rulebook.thresholds, users_of_thresholds(rulebook)
    lines = []
    for label, row in zip(threshold_labels(rows), rows.to_dict("records"), strict=True):
        document = rulebook.documents.get(row["source"], row["source"])
        value = f"{row['value']:g}"
        lines.append(
            (
                code(label), value, row["unit"], ", ".join(map(code, users.get(row["name"], []))),
                document, row["clause"], row["status"],
            )
        )  # fmt: skip
    heading = ("threshold", "value", "unit", "used by", "document", "clause", "status")
    return table(heading, lines)


def users_of_thresholds(rulebook: Rulebook) -> dict[str, list[str]]:
    """Say who reads each threshold.

    Parameters
    ----------
    rulebook
        Criteria and obstacles.

    Returns
    -------
    dict
        Threshold to codes, in order.
    """
    users = {name: [user] for name, user in FORMULA_THRESHOLDS.items()}
    for rule in (*rulebook.criteria, *rulebook.obstacles):
        for name in dict.fromkeys(re.findall(r":(\w+)", rule.when)):
            users.setdefault(name, []).append(rule.code)
    return users


def _obstacles_table(rulebook: Rulebook) -> str:
    bodies = names_of_bodies(rulebook)
    rows = [
        (
            code(o.code), o.title, o.title_en, code(o.when), ", ".join(o.land_types) or ALL_TYPES,
            bodies.get(o.body, "whoever has what is missing"), o.tool,
        )
        for o in rulebook.obstacles
    ]  # fmt: skip
    heading = ("code", "中文", "English", "condition", "types", "responsible", "policy tool")
    return table(heading, rows)


def checks_page(rulebook: Rulebook) -> str:
    """Compose the page of checks.

    Parameters
    ----------
    rulebook
        Holds checks.csv.

    Returns
    -------
    str
    """
    bodies = names_of_bodies(rulebook)
    rows = [
        (
            f"[{row['code']}](../checks/{row['code']}.md)", row["severity"], row["title"],
            row["title_en"], row["cause"],
            row["remedy"], row["remedy_en"], bodies.get(row["body"], row["body"]),
        )
        for row in rulebook.check_catalogue.to_dict("records")
    ]  # fmt: skip
    heading = (
        "code", "severity", "中文", "English", "cause", "remedy (中文)", "remedy", "who mends it",
    )  # fmt: skip
    text = (
        "From `rules/checks.csv`. A defect of the data never stops a run: it becomes a row of the"
        " layer `checks`, with the place where it can be seen. Each code leads to its page with a"
        " drawing; by family: [Checks, one by one](../checks/index.md). Limits:"
        " [Tolerances](tolerances.md)."
    )
    return "\n\n".join(["# Checks", text, table(heading, rows)])


def package_checks_page(rulebook: Rulebook) -> str:
    """Compose the page of what verify finds.

    Parameters
    ----------
    rulebook
        Holds package_checks.csv.

    Returns
    -------
    str
    """
    columns = ("code", "severity", "title", "title_en", "cause", "remedy", "remedy_en")
    rows = [
        tuple(row[name] for name in columns)
        for row in rulebook.package_catalogue.to_dict("records")
    ]
    heading = ("code", "severity", "中文", "English", "cause", "remedy (中文)", "remedy")
    text = (
        "From `rules/package_checks.csv`: what `lowuse verify` finds in a package. It ends with 1"
        " where there is an error."
    )
    return "\n\n".join(["# Checks of packages", text, table(heading, rows)])


def tolerances_page(rulebook: Rulebook) -> str:
    """Compose the page of tolerances.

    Parameters
    ----------
    rulebook
        Holds the checks and their limits.

    Returns
    -------
    str
    """
    users = users_of_tolerances(rulebook)
    rows = [
        (
            *tolerance_cells(rulebook, tolerance),
            ", ".join(f"[{c}](../checks/{c}.md)" for c in users.get(name, []))
            or (MENDING if name.startswith("mend_") else ""),
        )
        for name, tolerance in rulebook.checks.tolerances.items()
    ]
    heading = ("tolerance", "value", "中文", "English", "document", "clause", "status", "used by")
    return "\n\n".join(
        ["# Tolerances", TOLERANCES_TEXT.format(rulebook=rulebook), table(heading, rows)]
    )


def tolerance_cells(rulebook: Rulebook, tolerance: Tolerance) -> tuple[str, ...]:
    """Write what is known of a tolerance.

    Parameters
    ----------
    rulebook, tolerance
        The rules, which know the documents, and one of their limits.

    Returns
    -------
    tuple
        Name, value with unit, Chinese and English title, document, clause and status.
    """
    unit = "" if tolerance.unit == "1" else f" {tolerance.unit}"
    document = rulebook.documents.get(tolerance.document, tolerance.document)
    return (
        code(tolerance.name), f"{tolerance.value:,g}{unit}", tolerance.title, tolerance.title_en,
        document, tolerance.clause, tolerance.status,
    )  # fmt: skip


def users_of_tolerances(rulebook: Rulebook) -> dict[str, list[str]]:
    """Say which checks read each tolerance.

    Parameters
    ----------
    rulebook
        Holds the checks.

    Returns
    -------
    dict
        Tolerance to codes, in order.
    """
    users = {name: [user] for name, user in MEASURED_WITH.items()}
    for rule in rulebook.checks.rules:
        for name in dict.fromkeys([*re.findall(r":(\w+)", rule.when), rule.limit]):
            users.setdefault(name, []).append(rule.code)
    return {name: sorted(set(codes)) for name, codes in users.items()}


def sources_page(rulebook: Rulebook) -> str:
    """Compose the page of sources and the field names they are read by.

    Parameters
    ----------
    rulebook
        The rules.

    Returns
    -------
    str
    """
    bodies = names_of_bodies(rulebook)
    rows = [
        (
            code(s.name), s.title, s.title_en, s.kind, code(s.layer),
            bodies.get(s.body, s.body), code(s.absence),
        )
        for s in rulebook.sources.values()
    ]  # fmt: skip
    heading = ("source", "中文", "English", "kind", "layer", "supplied by", "absence means")
    parts = [
        "# Sources",
        SOURCES_TEXT,
        table(heading, rows),
    ]
    for name, fields in rulebook.fields.items():
        if name != UNITS_OF_HEADINGS:
            parts += [f"## {name}", _fields_table(fields, rulebook)]
    written_units = rulebook.fields[UNITS_OF_HEADINGS].items()
    units = [(unit, entry["to"], f"{entry['factor']:g}") for unit, entry in written_units]
    parts += ["## Units in headings", table(("written", "becomes", "times"), units)]
    return "\n\n".join(parts)


def _fields_table(fields: Mapping[str, Any], rulebook: Rulebook) -> str:
    rows = []
    for column, spec in fields.items():
        known = column in rulebook.columns.index
        label = rulebook.columns.at[column, "label_en"] if known else ""
        needed = "required" if spec.get("required") else ""
        names = ", ".join(code(name) for name in spec["names"])
        rows.append((code(column), label, names, spec.get("type", "text"), spec.get("unit", ""),
                     code(spec.get("domain", "")), needed))  # fmt: skip
    return table(("column", "what", "accepted names", "type", "unit", "code list", ""), rows)


def names_of_bodies(rulebook: Rulebook) -> dict[str, str]:
    """Return what bodies are called.

    Parameters
    ----------
    rulebook
        Holds bodies.csv.

    Returns
    -------
    dict
        Code to Chinese name.
    """
    bodies = rulebook.codes["bodies"]
    return dict(zip(bodies["code"], bodies["name"], strict=True))


def types(rulebook: Rulebook) -> list[tuple[str, str]]:
    """Return the land types.

    Parameters
    ----------
    rulebook
        Holds land_types.csv.

    Returns
    -------
    list
        Code, and English with Chinese label.
    """
    rows = pick(rulebook.codes["land_types"], "code", "label_en", "label")
    return [(kind, f"{english} {chinese}") for kind, english, chinese in rows]


def pick(frame: pd.DataFrame, *columns: str) -> list[tuple[str, ...]]:
    """Return some columns of a table row by row.

    Parameters
    ----------
    frame
        A code table.
    *columns
        Which of its columns.

    Returns
    -------
    list of tuple
    """
    return list(zip(*(frame[column] for column in columns), strict=True))


def code(text: str) -> str:
    """Mark text as code.

    Parameters
    ----------
    text
        Empty text stays empty.

    Returns
    -------
    str
    """
    return f"`{text}`" if text else ""


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a Markdown table.

    Parameters
    ----------
    heading
        Names of the columns.
    rows
        Cells; a bar in a cell is escaped.

    Returns
    -------
    str
    """
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


if __name__ == "__main__":
    main()
