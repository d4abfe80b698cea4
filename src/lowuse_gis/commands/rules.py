"""``lowuse rules``: look at the rulebook in use."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.core.conditions import parsed_criteria
from lowuse_gis.io.rulebook import read_rulebook

if TYPE_CHECKING:
    from lowuse_gis.model import Rulebook


def listed(name: str) -> tuple[Rulebook, pd.DataFrame]:
    """Read a rulebook and list its criteria.

    Parameters
    ----------
    name
        Name or folder.

    Returns
    -------
    rulebook : Rulebook
    criteria : DataFrame
        One line each, the document by its title.
    """
    rulebook = read_rulebook(name)
    parsed_criteria(rulebook)
    frame = pd.DataFrame([asdict(criterion) for criterion in rulebook.criteria])
    return rulebook, frame.assign(document=frame["document"].map(dict(rulebook.documents)))
