"""Names as patterns: what of them changes with the district and the date."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

DAY = re.compile(r"(?<!\d)((?:19|20)\d{6})(?!\d)")
YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")


def date_in(name: str) -> str:
    """Return the date that a name bears.

    Parameters
    ----------
    name
        Of a folder.

    Returns
    -------
    str
        ISO date; the last day of a year; empty where it bears none.

    Examples
    --------
    >>> date_in("成果_20240331"), date_in("2023年成果"), date_in("成果20249999"), date_in("成果")
    ('2024-03-31', '2023-12-31', '', '')
    """
    for found in DAY.findall(name):
        try:
            return date.fromisoformat(found).isoformat()
        except ValueError:
            continue
    years = YEAR.findall(name)
    return f"{years[0]}-12-31" if years else ""


def pattern_of(name: str, names: Mapping[str, str]) -> str:
    """Write a name as a pattern.

    Parameters
    ----------
    name
        Of a file or folder.
    names
        What stands for what: ``as_of``, ``year``, ``county``, ``district``; the first is replaced
        first. Digits are replaced only where they are a whole number.

    Returns
    -------
    str
        `named` with the same names gives the name again.

    Examples
    --------
    >>> pattern_of("(120118)静海区{1}", {"county": "120118", "district": "静海区"})
    '({county}){district}{{1}}'
    """
    pattern = name.replace("{", "{{").replace("}", "}}")
    for key, value in names.items():
        if value:
            word = re.escape(value)
            whole = rf"(?<!\d){word}(?!\d)" if value.isdigit() else word
            pattern = re.sub(whole, f"{{{key}}}", pattern)
    return pattern
