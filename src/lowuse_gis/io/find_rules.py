"""Find the folder of a rulebook."""

from __future__ import annotations

import difflib
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from lowuse_gis.errors import RuleError
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGED = Path(__file__).parents[1] / "rules"
CHECKOUT = Path(__file__).parents[3] / "rules"


def find_rules(name: str) -> Path:
    """Find the folder of a rulebook.

    Parameters
    ----------
    name
        A name such as ``jinghai``, or a folder.

    Returns
    -------
    Path
        The folder itself where one is named; else the first of ``./rules/NAME``, ``$LOWUSE_RULES``,
        the copy in the installed package, and the checkout.

    Raises
    ------
    RuleError
        Where there is none; the hint lists the known ones.
    """
    for folder in _candidates(name):
        with suppress(OSError):  # a name too long for the file system is no rulebook either
            if (folder / "rulebook.toml").is_file():
                return folder
    known = sorted({f.parent.name for root in _roots() for f in root.glob("*/rulebook.toml")})
    near = difflib.get_close_matches(name, known, n=1) or known
    raise RuleError(
        _("no rulebook {name}").format(name=name),
        _("known rulebooks: {names}; or give a folder with a rulebook.toml").format(
            names=", ".join(near) or "-"
        ),
    )


def _roots() -> list[Path]:
    environment = os.environ.get("LOWUSE_RULES")
    extra = [Path(environment)] if environment else []
    return [Path("rules"), *extra, PACKAGED, CHECKOUT]


def _candidates(name: str) -> Iterator[Path]:
    yield Path(name)
    environment = os.environ.get("LOWUSE_RULES")
    if environment and Path(environment).name == name:
        yield Path(environment)
    for root in _roots():
        yield root / name
