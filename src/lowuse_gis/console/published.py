"""What was published, on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lowuse_gis.console.show import table, to_screen, to_user
from lowuse_gis.language import _

if TYPE_CHECKING:
    from lowuse_gis.commands.publish import Published


def show_published(published: Published) -> None:
    """Show the tables, or say that they stood there already.

    Parameters
    ----------
    published
        Of the command.
    """
    words = {
        "units": _("the units say they were drawn from another file than this result"),
        "plan": _("the plan says it was made of other units than these"),
    }
    for name in published.foreign:
        to_user().print(words[name])
    at = {"run": published.run_id, "place": published.place, "schema": published.schema}
    if not published.new:
        said = _("already published, and the current one: run {run} in {place}, schema {schema}")
        to_screen().print(said.format(**at), soft_wrap=True)
        return
    to_screen().print(_("run {run} in {place}, schema {schema}").format(**at), soft_wrap=True)
    made = table("", [(_("table"), "left"), (_("rows"), "right")])
    for name, count in published.rows.items():
        made.add_row(name, f"{count:,}")
    to_screen().print(made)


def published_json(published: Published) -> dict[str, Any]:
    """Return the same as data.

    Parameters
    ----------
    published
        Of the command.

    Returns
    -------
    dict
    """
    return {
        "database": published.place,
        "schema": published.schema,
        "run_id": published.run_id,
        "sha256": published.sha256,
        "new": published.new,
        "tables": dict(published.rows),
        "foreign": list(published.foreign),
    }
