"""``lowuse describe``: what is understood of a file, and why."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lowuse_gis.commands.supplies import DEFAULT_RULES
from lowuse_gis.errors import InputError
from lowuse_gis.io.declared import fit_for
from lowuse_gis.io.delivery import find
from lowuse_gis.io.opened import open_layer
from lowuse_gis.io.place import Given, placed
from lowuse_gis.io.rulebook import read_rulebook, source_rule
from lowuse_gis.io.understanding import Said
from lowuse_gis.io.understood import understand
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from lowuse_gis.io.understanding import Understood
    from lowuse_gis.model import Notice, Rulebook


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
    said
        What the user said of it.
    """

    path: Path
    layers: Sequence[Understood]
    notices: Sequence[Notice]
    rulebook: Rulebook
    said: Said


def describe(
    path: Path, rules: str = "", said: Said | None = None, reference: Path | None = None
) -> Described:
    """Say what is understood of what was handed over.

    Parameters
    ----------
    path
        A file, folder or archive.
    rules
        Rulebook by name or folder.
    said
        What the user says of it.
    reference
        A file whose place is trusted, to find the offset of web maps with.

    Returns
    -------
    Described

    Raises
    ------
    LowuseError
        Where the path, the reference or the rulebook cannot be used.
    """
    rulebook = read_rulebook(rules or DEFAULT_RULES)
    said = said or Said()
    if said.source:
        source_rule(said.source, rulebook)
    fit_for(said.declared, said.source, rulebook)
    if reference is not None:
        said = replace(said, reference=_trusted(reference, rulebook))
    with tempfile.TemporaryDirectory(prefix="lowuse-") as folder:
        contents = find(path, Path(folder))
        layers = [understand(found, said, rulebook) for found in contents.found]
    return Described(path, layers, contents.notices, rulebook, said)


def _trusted(path: Path, rulebook: Rulebook) -> NDArray[np.object_]:
    """Read the first layer of a file in the working CRS."""
    with tempfile.TemporaryDirectory(prefix="lowuse-") as folder:
        layers = [one for one in find(path, Path(folder)).found if one.kind == "layer"]
        if not layers:
            raise InputError(
                _("{path}: no layer to compare with").format(path=path),
                _("give the survey or the boundaries of towns: --reference FILE"),
            )
        opened = open_layer(layers[0], "", "")
        done = placed(opened.frame, opened.crs, Given(), rulebook, layers[0].shown)
    return done.frame.geometry.to_numpy()
