"""The problem list (问题清单) as the workbook that towns and bureaus work in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.core.lookup import mapped
from lowuse_gis.core.wording import written_list
from lowuse_gis.io.partitions import read_frame
from lowuse_gis.io.workbook import OutSheet, write_workbook
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from pathlib import Path

    from lowuse_gis.model import Rulebook, Run

OPEN = "0"
REPEATED = ("town_name", "village_code", "land_type", "verdict", "category", "title", "tool")


def write_problem_list(path: Path, problems: pd.DataFrame, run: Run) -> None:
    """Write the problem list of a judged survey.

    Parameters
    ----------
    path
        A new workbook.
    problems, run
        Rows with codes; the rules' labels.
    """
    rulebook = run.rulebook
    frame = problem_table(problems, rulebook)
    title = _("Problem list of low-use land redevelopment")
    note = _("{title} {version}; as of {date}; proposed by rules, to be edited by towns").format(
        title=pick(rulebook.title, rulebook.title_en), version=rulebook.version, date=run.as_of
    )
    sheet = OutSheet(_("problem list"), title, frame, note, {_("area (mu)"): 4})
    write_workbook(path, [sheet], run.as_of)


def list_problems_of(path: Path, table: Path, run: Run) -> None:
    """Write the problem list of rows that stand in a file.

    Parameters
    ----------
    path, run
        As for `write_problem_list`.
    table
        Rows with codes, as `lowuse_gis.io.partitions.write_frame` wrote them.
    """
    write_problem_list(path, read_frame(table, repeated=REPEATED), run)


def problem_table(problems: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """Turn problem rows into the columns of the filed list.

    Parameters
    ----------
    problems
        Rows with codes, which may be categories.
    rulebook
        Labels and the mu.

    Returns
    -------
    DataFrame
        One row per parcel and problem, labels instead of codes.
    """
    labels = {
        name: {code: pick(*both) for code, both in rulebook.domain(name).items()}
        for name in ("land_type", "verdict", "problem_category")
    }
    bodies = rulebook.codes["bodies"].set_index("code")
    named = bodies["name"] if pick("zh", "en") == "zh" else bodies["name_en"]
    numbered = {code: f"{code} {label}" for code, label in labels["problem_category"].items()}
    return pd.DataFrame(
        {
            _("no."): range(1, len(problems) + 1),
            _("parcel code"): problems["parcel_code"],
            _("row"): problems["row"],
            _("town"): problems["town_name"],
            _("village"): problems["village_code"],
            _("owner"): problems["owner"],
            _("type"): mapped(problems["land_type"], labels["land_type"]),
            _("verdict"): mapped(problems["verdict"], labels["verdict"]),
            _("area (mu)"): (problems["area"] / rulebook.constants["mu"]).round(4),
            _("problem category"): mapped(problems["category"], numbered),
            _("problem"): problems["title"],
            _("description"): problems["text"],
            _("demand of the owner"): problems["demand"],
            _("bodies concerned"): written_list(
                problems["body"], lambda code: named.get(code, code)
            ),
            _("policy tool"): problems["tool"],
            _("responsible unit"): problems["town_name"],
            _("deadline"): "",
            _("state"): OPEN,
            _("remark"): "",
        }
    )
