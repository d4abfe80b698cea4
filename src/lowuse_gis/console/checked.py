"""What ``lowuse check`` found, on the screen: alike findings together, the gravest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.text import Text

from lowuse_gis.console.show import files_written, table, to_screen
from lowuse_gis.io.check_report import SEVERITIES, severity_labels, source_labels
from lowuse_gis.io.check_result import files_table
from lowuse_gis.language import _

if TYPE_CHECKING:
    from lowuse_gis.commands.check import Outcome
    from lowuse_gis.commands.mend import Undoing

LARGE = 10_000  # shown without decimals
STYLES = {"error": "bold red", "warning": "yellow", "notice": "dim"}
EXAMPLES = 1


def show_checked(outcome: Outcome) -> None:
    """Show what was read, what is wrong, and where it is written.

    Parameters
    ----------
    outcome
        What check found.
    """
    screen = to_screen()
    _files(outcome)
    if len(outcome.checked.findings):
        _grouped(outcome)
    else:
        screen.print(Text(_("nothing to object to"), style="green"))
    screen.print(_counts(outcome))
    for line in _asides(outcome):
        screen.print(Text(line, style="dim"))
    files_written(outcome.files)


def _files(outcome: Outcome) -> None:
    made = table(
        _("files checked"),
        [(_("layer"), "left"), (_("file"), "left"), (_("records"), "right"),
         (_("coordinate system"), "left"), (_("encoding"), "left")],
    )  # fmt: skip
    names = source_labels(outcome.checked.run)
    for line in files_table(outcome.checked.layers).to_dict("records"):
        where = f"{line['file']}:{line['layer']}" if line["layer"] else line["file"]
        made.add_row(
            names.get(line["source"], line["source"]), where, f"{line['records']:,}",
            line["crs"], line["encoding"],
        )  # fmt: skip
    if made.row_count:
        to_screen().print(made)


def _grouped(outcome: Outcome) -> None:
    """Show one line per check and layer, with the count and the first places."""
    findings, names, labels = (
        outcome.checked.findings,
        source_labels(outcome.checked.run),
        severity_labels(),
    )
    made = table(
        _("what was found"),
        [(_("severity"), "left"), (_("code"), "left"), (_("check"), "left"), (_("layer"), "left"),
         (_("count"), "right"), (_("for example"), "left")],
    )  # fmt: skip
    order = findings["severity"].map({name: at for at, name in enumerate(SEVERITIES)})
    groups = findings.assign(order=order).groupby(["order", "code", "source"], sort=True)
    examples = groups.head(EXAMPLES)
    for ((_order, code, source), count), (_same, shown) in zip(
        groups.size().items(), examples.groupby([order, "code", "source"], sort=True), strict=True
    ):
        first = shown.iloc[0]
        made.add_row(
            Text(labels[first["severity"]], style=STYLES[first["severity"]]),
            code, first["title"], names.get(source, source), f"{count:,}",
            "\n".join(_example(line) for line in shown.to_dict("records")),
        )  # fmt: skip
    to_screen().print(made)


def _example(line: dict[str, Any]) -> str:
    """Say of one finding which feature, what is measured, and where."""
    whom = " ↔ ".join(filter(None, [_called(line, ""), _called(line, "other_")]))
    parts = [whom or line["file"], line["field"], _measured(line), str(line["note"])]
    if pd.notna(line["x"]):
        parts.append(f"({line['x']:.2f}, {line['y']:.2f})")
    return " ".join(filter(None, parts))


def _called(line: dict[str, Any], which: str) -> str:
    return line[f"{which}id"] or line[f"{which}row"]


def _written(value: Any) -> str:
    if not isinstance(value, float):
        return str(value)
    return f"{value:,.0f}" if abs(value) >= LARGE else f"{value:.4g}"


def _measured(line: dict[str, Any]) -> str:
    if pd.isna(line["value"]):
        return ""
    value = _written(line["value"])
    if pd.isna(line["limit"]):
        return value
    return _("{value} (limit {limit})").format(value=value, limit=f"{line['limit']:g}")


def _counts(outcome: Outcome) -> str:
    sizes = outcome.checked.findings["severity"].value_counts()
    return _("{errors} errors, {warnings} warnings, {notices} notices").format(
        errors=sizes.get("error", 0),
        warnings=sizes.get("warning", 0),
        notices=sizes.get("notice", 0),
    )


def _asides(outcome: Outcome) -> list[str]:
    states = outcome.checked.findings["state"].value_counts()
    lines = []
    if outcome.mending is not None:
        lines.append(
            _(
                "mending: {applied} changes made, {refused} refused; {settled} findings settled"
            ).format(
                applied=outcome.mending.applied,
                refused=outcome.mending.refused,
                settled=states.get("mended", 0),
            )
        )
    if len(outcome.checked.mended) or states.get("open", 0) or states.get("back", 0):
        lines.append(
            _("new {new}, still open {open}, back again {back}, mended {mended}").format(
                new=states.get("new", 0),
                open=states.get("open", 0),
                back=states.get("back", 0),
                mended=len(outcome.checked.mended),
            )
        )
    if states.get("excused", 0):
        lines.append(_("excused: {count}").format(count=states["excused"]))
    if len(outcome.unused):
        ids = ", ".join((outcome.unused["code"] + " " + outcome.unused["id"]).head(5))
        lines.append(_("exceptions that no finding answers to: {ids}").format(ids=ids))
    if len(outcome.checked.skipped):
        lines.append(
            _("{count} checks could not be judged for want of a column; see the report").format(
                count=len(outcome.checked.skipped)
            )
        )
    return lines


def checked_json(outcome: Outcome) -> dict[str, Any]:
    """Return what was found as plain data.

    Parameters
    ----------
    outcome
        What check found.

    Returns
    -------
    dict
        Files, findings, mended, skipped, counts.
    """
    plain = outcome.checked.findings.drop(columns="geometry", errors="ignore")
    return {
        "files": files_table(outcome.checked.layers),
        "errors": outcome.errors,
        "findings": plain,
        "mended": outcome.checked.mended.drop(columns="geometry", errors="ignore"),
        "skipped": outcome.checked.skipped,
        "unused_exceptions": outcome.unused,
        "written": [str(path) for path in outcome.files],
    }


def show_undone(undoing: Undoing) -> None:
    """Show how many changes were taken back, and which were not.

    Parameters
    ----------
    undoing
        What was taken back.
    """
    screen = to_screen()
    screen.print(_("{count} changes taken back").format(count=undoing.done))
    for change in undoing.left.to_dict("records"):
        line = _("not taken back, the value is another by now: {row} {what}").format(
            row=change["row"], what=f"{change['operation']} {change['field']}".strip()
        )
        screen.print(Text(line, style="yellow"))
    files_written([undoing.file])
