"""``lowuse rules``: look at the rulebook."""

from __future__ import annotations

from typing import Annotated

import typer

from lowuse_gis.cli.options import AsJson
from lowuse_gis.cli.root import rules_app
from lowuse_gis.language import _


@rules_app.command("list", help=_("List the criteria and where they come from."))
def rules_list(
    rules: Annotated[str, typer.Argument(help=_("Rulebook, by name or folder."))] = "jinghai",
    as_json: AsJson = False,
) -> None:
    """List criteria; see ``lowuse rules list --help``."""
    from lowuse_gis.commands.rules import listed
    from lowuse_gis.console import ruled, show

    rulebook, frame = listed(rules)
    if as_json:
        show.print_json({"folder": rulebook.folder, "criteria": frame})
    else:
        ruled.show_rules(rulebook, frame)
