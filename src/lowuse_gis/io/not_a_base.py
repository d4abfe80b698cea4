"""Layers that look like a source and must not be taken for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lowuse_gis.language import pick

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lowuse_gis.model import CheckBook


def no_base(source: str, names: Sequence[str], fields: Sequence[str], checks: CheckBook) -> str:
    """Say what a layer is instead of the source it looks like.

    Parameters
    ----------
    source
        The source it is taken for.
    names
        Names of its file and layer.
    fields
        Its fields.
    checks
        Knows such layers.

    Returns
    -------
    str
        What it is, in the user's language; empty where nothing speaks against it.
    """
    have = {name.upper() for name in fields}
    for rule in checks.not_a_base:
        named = bool(rule.names) and any(re.fullmatch(rule.names, name) for name in names)
        if rule.source == source and (named or have & {field.upper() for field in rule.fields}):
            return pick(rule.title, rule.title_en)
    return ""
