"""What to do with a new rulebook, on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from lowuse_gis.console.show import to_screen
from lowuse_gis.core.wording import LIST_MARK
from lowuse_gis.language import _

if TYPE_CHECKING:
    from lowuse_gis.commands.rules_new import Made


def show_made(made: Made) -> None:
    """Say what was made, what nobody said, and what to do next.

    Parameters
    ----------
    made
        The new rulebook.
    """
    screen, book = to_screen(), made.rulebook
    said = _("{folder} is made: {criteria} criteria in force, working CRS {crs}").format(
        folder=made.folder, criteria=len(book.criteria), crs=book.crs
    )
    screen.print(Text(said, style="bold"), soft_wrap=True)
    named = {
        "envelope": _("the envelope is that of the whole country"),
        "county": _("parcel codes of any county are taken"),
    }
    if made.open_points:
        points = LIST_MARK.join(named[point] for point in made.open_points)
        screen.print(Text(_("Not said: {points}").format(points=points), style="yellow"))
    steps = (
        _("1. Edit {folder}/rulebook.toml and {folder}/codes/: envelope, towns, bodies."),
        _("2. Write {folder}/criteria and thresholds. Test: lowuse rules test --rules {folder}"),
        _("3. Judge: lowuse classify PARCELS.shp --rules {folder} -o result.gpkg"),
    )
    for step in steps:
        screen.print(step.format(folder=made.folder), soft_wrap=True)
