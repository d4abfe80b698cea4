"""Say what is understood of a raster: what its name says, and whether it can be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.errors import LowuseError
from lowuse_gis.io.guess import ranked
from lowuse_gis.io.understanding import Understood
from lowuse_gis.model import Notice

if TYPE_CHECKING:
    from lowuse_gis.io.understanding import Said
    from lowuse_gis.model import Found, Rulebook

RASTER = "raster"


def understand_raster(found: Found, said: Said, rulebook: Rulebook) -> Understood:
    """Say what a raster is.

    Parameters
    ----------
    found, said, rulebook
        As for `understood.understand`; the system the user says is that of the raster.

    Returns
    -------
    Understood
        With a notice where it cannot be used, which is still guessed by its name.
    """
    names = (found.path.stem, found.layer)
    guesses = ranked((), names, (RASTER,), rulebook, said.mapping)
    crs, notices = usable(found, said.given.crs, rulebook)
    return Understood(
        found=found,
        declared=crs,
        crs=crs,
        source=guesses[0].source,
        guesses=tuple(guesses),
        notices=notices,
    )


def usable(found: Found, crs: str, rulebook: Rulebook) -> tuple[str, tuple[Notice, ...]]:
    """Say whether a raster can be used.

    Parameters
    ----------
    found, crs, rulebook
        The file, its system where the user says one, and the district.

    Returns
    -------
    crs : str
        Its system; empty where it cannot be used.
    notices : tuple of Notice
        Why not.
    """
    from lowuse_gis.io.raster import open_raster  # noqa: PLC0415  loads another GDAL

    try:
        return open_raster(found.path, found.layer, crs, rulebook).crs, ()
    except LowuseError as error:
        why = f"{error.message}; {error.hint}"
        return "", (Notice("1201", found.shown, found.layer, why),)
