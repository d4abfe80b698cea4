"""``lowuse describe``: what is understood of a file, and why."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lowuse_gis.io.delivery import find
from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.io.understood import Said, understand

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lowuse_gis.io.understood import Understood
    from lowuse_gis.model import Notice, Rulebook

DEFAULT_RULES = "jinghai"


@dataclass(frozen=True)
class Described:
    """What was understood.

    Attributes
    ----------
    path
        What was handed over.
    layers
        Layers and tables, in the order found.
    notices
        What could not be used.
    rulebook
        The rules it was understood by.
    """

    path: Path
    layers: Sequence[Understood]
    notices: Sequence[Notice]
    rulebook: Rulebook


def describe(path: Path, rules: str = "", said: Said | None = None) -> Described:
    """Say what is understood of what was handed over.

    Parameters
    ----------
    path
        A file, folder or archive.
    rules
        Rulebook by name or folder.
    said
        What the user says of it.

    Returns
    -------
    Described

    Raises
    ------
    LowuseError
        Where the path or the rulebook does not exist.
    """
    rulebook = read_rulebook(rules or DEFAULT_RULES)
    with tempfile.TemporaryDirectory(prefix="lowuse-") as folder:
        contents = find(path, Path(folder))
        layers = [understand(found, said or Said(), rulebook) for found in contents.found]
    return Described(path, layers, contents.notices, rulebook)
