"""Ids that follow from the members, so that the same members have the same id next year."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

DIGITS = 8


def member_id(prefix: str, town: str, members: Iterable[str]) -> str:
    """Name what is made of members within a town.

    Parameters
    ----------
    prefix
        What the id begins with.
    town
        Town code.
    members
        Codes or ids, in any order.

    Returns
    -------
    str

    Examples
    --------
    >>> member_id("DY", "120118100", ["b", "a"])
    'DY120118100-5719af18'
    """
    digest = hashlib.sha256(";".join(sorted(members)).encode()).hexdigest()
    return f"{prefix}{town}-{digest[:DIGITS]}"
