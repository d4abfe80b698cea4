"""The page of a map that was written, on the screen."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from lowuse_gis.console.show import to_screen, to_user
from lowuse_gis.language import _

if TYPE_CHECKING:
    from lowuse_gis.commands.map_page import Mapped

MEGABYTE = 1e6


def show_mapped(mapped: Mapped) -> None:
    """Say what the page shows and how large it is.

    Parameters
    ----------
    mapped
        Of the command.
    """
    to_screen().print(
        _("{parcels} parcels, {units} units, {legacy} pieces of legacy; {size} MB").format(
            parcels=f"{mapped.parcels:,}",
            units=f"{mapped.units:,}",
            legacy=f"{mapped.legacy:,}",
            size=f"{mapped.size / MEGABYTE:,.1f}",
        )
    )
    if mapped.placeless:
        to_screen().print(
            _("{count} parcels have no shape: the page finds them by searching only").format(
                count=f"{mapped.placeless:,}"
            )
        )
    to_user().print(_("written: {path}").format(path=mapped.path), soft_wrap=True)


def mapped_json(mapped: Mapped) -> dict[str, object]:
    """Return the same as plain data.

    Parameters
    ----------
    mapped
        Of the command.

    Returns
    -------
    dict
    """
    return asdict(mapped) | {"path": str(mapped.path)}
