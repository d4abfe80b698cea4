"""Which measures anybody needs: those on demand are taken only where something reads them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lowuse_gis.core.lint.measure_keys import columns_added

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowuse_gis.model import Rulebook

NAME = re.compile(r"[a-z_][a-z0-9_]*")


def columns_read(rulebook: Rulebook) -> frozenset[str]:
    """Name every column that a rule, a unit or a deliverable reads.

    Parameters
    ----------
    rulebook
        The rules.

    Returns
    -------
    frozenset of str
        More names than columns: every word of a condition or template is in it.
    """
    texts = [text for c in rulebook.criteria for text in (c.when, c.evidence)]
    texts += [text for o in rulebook.obstacles for text in (o.when, o.text, o.category)]
    texts += [*rulebook.wanted_columns, str(rulebook.units), str(rulebook.packages)]
    texts += [str(rulebook.pathways), str(rulebook.plan)]
    return frozenset(NAME.findall(" ".join(texts)))


def needed(spec: Mapping[str, Any], rulebook: Rulebook) -> bool:
    """Say whether a measure is to be taken.

    Parameters
    ----------
    spec
        An entry of measures.toml.
    rulebook
        The rules.

    Returns
    -------
    bool
        False for one ``on_demand`` whose columns nobody reads.
    """
    if not spec.get("on_demand"):
        return True
    return not columns_read(rulebook).isdisjoint(columns_added(spec))
