"""The project of QGIS that was written, on the screen."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from lowuse_gis.console.show import files_written, to_screen
from lowuse_gis.language import _

if TYPE_CHECKING:
    from lowuse_gis.commands.qgis import Written


def show_written(written: Written) -> None:
    """Say what the project has.

    Parameters
    ----------
    written
        Of the command.
    """
    to_screen().print(
        _("{layers} layers, {places} bookmarks, {sheets} sheets to print").format(
            layers=written.layers, places=written.places, sheets=written.sheets
        )
    )
    files_written(written.files)


def written_json(written: Written) -> dict[str, object]:
    """Return the same as plain data.

    Parameters
    ----------
    written
        Of the command.

    Returns
    -------
    dict
    """
    files = [str(file) for file in written.files]
    return asdict(written) | {"path": str(written.path), "files": files}
