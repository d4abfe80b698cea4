"""Profiles of packages, by name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lowuse_gis.errors import InputError
from lowuse_gis.io.profile_files import read_profile
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowuse_gis.model import Rulebook

ENDING = ".toml"


def profile_of(name: str, rulebook: Rulebook) -> tuple[str, Mapping[str, Any]]:
    """Return the profile that is meant.

    Parameters
    ----------
    name
        As the user names it, or a file that ends in .toml; the rulebook's own where empty.
    rulebook
        Has the profiles.

    Returns
    -------
    name : str
    profile : mapping

    Raises
    ------
    InputError
        Where there is no such profile, or its file is none.
    """
    wanted = name or rulebook.profile
    if wanted.lower().endswith(ENDING):
        return Path(wanted).stem, read_profile(Path(wanted), rulebook)
    if wanted not in rulebook.packages:
        raise InputError(
            _("no profile {name} in rulebook {rulebook}").format(
                name=wanted, rulebook=rulebook.name
            ),
            _("known profiles: {names}").format(names=", ".join(rulebook.packages)),
        )
    return wanted, rulebook.packages[wanted]
