"""The quality report (质检报告): what was checked, what is wrong, who puts it right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.io.check_result import FINDINGS, files_table, tolerances_table
from lowuse_gis.io.workbook import OutSheet, write_workbook
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lowuse_gis.io.check_result import Checked
    from lowuse_gis.model import Delivered, Run

NEW = "new"
SEVERITIES = ("error", "warning", "notice")
GROUPED = ["severity", "code", "source"]


def write_report(path: Path, checked: Checked) -> None:
    """Write the workbook.

    Parameters
    ----------
    path
        A new workbook.
    checked
        What was found.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    findings, run = checked.findings, checked.run
    title, note = _("Quality report"), _note(run)
    decimals = {_("value"): 3}
    sheets = [
        OutSheet(_("files checked"), title, _files(checked.layers, findings, run), note),
        OutSheet(_("by check"), title, by_check(findings, run), note),
        OutSheet(_("what was found"), title, _listed(findings, run), note, decimals),
        OutSheet(_("mended since"), title, _listed(checked.mended, run), note, decimals),
        OutSheet(_("not checked"), title, _skipped(checked.skipped, run), note),
        OutSheet(_("tolerances"), title, _tolerances(run), note),
    ]
    write_workbook(path, sheets, run.as_of)


def _note(run: Run) -> str:
    rulebook = run.rulebook
    return _("{title} {version}; as of {date}").format(
        title=pick(rulebook.title, rulebook.title_en), version=rulebook.version, date=run.as_of
    )


def severity_labels() -> dict[str, str]:
    """Return what the severities are called in the user's language."""
    return {"error": _("error"), "warning": _("warning"), "notice": _("notice")}


def state_labels() -> dict[str, str]:
    """Return what the states of findings are called in the user's language."""
    return {
        "new": _("new"),
        "open": _("still open"),
        "back": _("back again"),
        "mended": _("mended"),
        "excused": _("excused"),
    }


def source_labels(run: Run) -> dict[str, str]:
    """Return what the sources are called in the user's language."""
    return {n: pick(s.title, s.title_en) for n, s in run.rulebook.sources.items()}


def by_check(findings: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Count findings by check and layer, the gravest first.

    Parameters
    ----------
    findings
        With titles.
    run
        The rules.

    Returns
    -------
    DataFrame
        Headings in the user's language.
    """
    order = {name: at for at, name in enumerate(SEVERITIES)}
    known = findings.assign(order=findings["severity"].map(order))
    groups = known.groupby(["order", *GROUPED], sort=True)
    first = groups.first()
    sizes = groups.size()
    bodies = run.rulebook.codes["bodies"].set_index("code")[pick("name", "name_en")]
    index, sources = first.index, source_labels(run)
    return pd.DataFrame(
        {
            _("severity"): index.get_level_values("severity").map(severity_labels()),
            _("code"): index.get_level_values("code"),
            _("check"): first["title"].to_numpy(),
            _("layer"): index.get_level_values("source").map(lambda name: sources.get(name, name)),
            _("count"): sizes.to_numpy(),
            _("first place"): _places(first),
            _("remedy"): first["remedy"].to_numpy(),
            _("body"): first["body"].map(bodies).to_numpy(),
        }
    )


def _places(findings: pd.DataFrame) -> pd.Series:
    named = findings["id"].where(findings["id"] != "", findings["row"])
    return named.where(named != "", findings["file"]).to_numpy()


def _listed(findings: pd.DataFrame, run: Run) -> pd.DataFrame:
    """List findings one by one; columns that say nothing are left out."""
    sources = source_labels(run)
    known = findings.reindex(columns=[name for name, _dtype in FINDINGS])
    listed = pd.DataFrame(
        {
            _("severity"): known["severity"].map(severity_labels()),
            _("code"): known["code"],
            _("check"): known["title"],
            _("state"): known["state"].map(state_labels()),
            _("layer"): known["source"].map(lambda name: sources.get(name, name)),
            _("file"): known["file"],
            _("row"): known["row"],
            _("id"): known["id"],
            _("other id"): known["other_id"].where(known["other_id"] != "", known["other_row"]),
            _("field"): known["field"],
            _("cell"): known["cell"],
            _("value"): known["value"],
            _("limit"): known["limit"],
            _("note"): known["note"],
            "X": known["x"],
            "Y": known["y"],
            _("excuse"): known["excuse"],
            _("first seen"): known["first_seen"],
        }
    )
    said = (listed.notna() & (listed != "")).any() | (len(listed) == 0)
    alike = [_("state"), _("first seen")] if (known["state"] == NEW).all() else []
    return listed.loc[:, said].drop(columns=alike, errors="ignore")


def _files(layers: Sequence[Delivered], findings: pd.DataFrame, run: Run) -> pd.DataFrame:
    table = files_table(layers)
    sources = source_labels(run)
    counts = findings.groupby(["file", "layer", "severity"]).size()
    columns = {
        _("layer"): table["source"].map(lambda name: sources.get(name, name)),
        _("file"): table["file"] + table["layer"].map(lambda name: f":{name}" if name else ""),
        _("records"): table["records"],
        _("coordinate system"): table["crs"],
        _("encoding"): table["encoding"],
    }
    for severity, label in severity_labels().items():
        columns[label] = [
            int(counts.get((file, layer, severity), 0))
            for file, layer in zip(table["file"], table["layer"], strict=True)
        ]
    return pd.DataFrame(columns)


def _skipped(skipped: pd.DataFrame, run: Run) -> pd.DataFrame:
    titles = run.rulebook.check_catalogue[pick("title", "title_en")]
    sources = source_labels(run)
    return pd.DataFrame(
        {
            _("code"): skipped["code"],
            _("check"): skipped["code"].map(titles),
            _("layer"): skipped["source"].map(lambda name: sources.get(name, name)),
            _("lacks the column"): skipped["column"],
        }
    )


def _tolerances(run: Run) -> pd.DataFrame:
    table = tolerances_table(run)
    return pd.DataFrame(
        {
            _("tolerance"): table["title"],
            _("value"): table["value"],
            _("unit"): table["unit"],
            _("basis"): table["document"] + " " + table["clause"],
            _("status"): table["status"],
            _("name in the rules"): table["name"],
        }
    )
