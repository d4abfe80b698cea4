"""``lowuse rules lint``: every fault of a rulebook at once."""

from __future__ import annotations

from typing import Annotated

import typer

from lowuse_gis.cli.options import AsJson
from lowuse_gis.cli.root import rules_app
from lowuse_gis.language import _


@rules_app.command(
    "lint", help=_("Find every fault of a rulebook; exit code 1 where it has errors.")
)
def rules_lint(
    rules: Annotated[str, typer.Argument(help=_("Rulebook, by name or folder."))] = "jinghai",
    as_json: AsJson = False,
) -> None:
    """Lint a rulebook; see ``lowuse rules lint --help``."""
    from lowuse_gis.commands.rules_lint import linted
    from lowuse_gis.console import linted as shown
    from lowuse_gis.console import show

    found = linted(rules)
    if as_json:
        show.print_json(shown.as_data(found))
    else:
        shown.show_linted(found)
    if found.errors:
        raise typer.Exit(1)
