"""The criteria of a rulebook, on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.console.show import (
    label_of,
    table,
    to_screen,
)
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    import pandas as pd

    from lowuse_gis.model import Rulebook


def show_rules(rulebook: Rulebook, criteria: pd.DataFrame) -> None:
    """Show the criteria of a rulebook.

    Parameters
    ----------
    rulebook, criteria
        The rules, and one line per criterion.
    """
    types, strengths = rulebook.domain("land_type"), rulebook.domain("strength")
    made = table(
        _("{title} {version} ({folder})").format(
            title=pick(rulebook.title, rulebook.title_en),
            version=rulebook.version,
            folder=rulebook.folder,
        ),
        [(_("code"), "left"), (_("type"), "left"), (_("strength"), "left"), (_("title"), "left"),
         (_("condition"), "left"), (_("basis"), "left"), (_("status"), "left")],
    )  # fmt: skip
    for line in criteria.to_dict("records"):
        made.add_row(
            line["code"],
            label_of(types, line["land_type"]),
            label_of(strengths, line["strength"]),
            pick(line["title"], line["title_en"]),
            line["when"],
            f"{line['document']} {line['clause']}".strip(),
            line["status"],
        )
    to_screen().print(made)
