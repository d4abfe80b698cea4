"""``lowuse rules show``: everything about one criterion, obstacle or threshold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lowuse_gis.core.conditions import parsed_criteria
from lowuse_gis.core.described import describe
from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.language import _

if TYPE_CHECKING:
    from lowuse_gis.core.described import Described
    from lowuse_gis.model import Rulebook


def shown(name: str, code: str) -> tuple[Rulebook, Described]:
    """Read a rulebook and describe one of its rules.

    Parameters
    ----------
    name
        Name or folder of the rulebook.
    code
        Code of a criterion or obstacle, or name of a threshold.

    Returns
    -------
    rulebook : Rulebook
    described : Described
        Its file with the folder where the rulebook has the rule itself.

    Raises
    ------
    RuleError
        Where there is no such rule, or the rulebook is wrong.
    """
    rulebook = read_rulebook(name)
    parsed_criteria(rulebook)
    described = describe(rulebook, code)
    own = Path(rulebook.folder) / described.file
    if own.is_file() and described.code in own.read_text(encoding="utf-8"):
        return rulebook, replace(described, file=str(own))
    beneath = _("{file} of the rulebook it extends").format(file=described.file)
    return rulebook, replace(described, file=beneath)
