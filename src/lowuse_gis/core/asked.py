"""What bodies are asked for where a judged column is missing, as fields.toml declares it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from lowuse_gis.language import pick

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowuse_gis.model import Rulebook

ANSWERS = "answers"  # the source, and its table in fields.toml
KEYS = ("parcel_code", "row", "parcel_mark")  # by which an answer finds its parcel
SUMMARY = "数据需求汇总.xlsx"  # names a file, whatever the language
AT = "@"  # parts a column from the source that is to blame


def asked_fields(fields: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return what can be asked for.

    Parameters
    ----------
    fields
        Of the rulebook.

    Returns
    -------
    dict
        Standard column to its entry.
    """
    entries = fields.get(ANSWERS, {})
    return {column: spec for column, spec in entries.items() if column not in KEYS}


def settled_by(fields: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Say which missing column is asked for by which.

    Parameters
    ----------
    fields
        Of the rulebook.

    Returns
    -------
    DataFrame
        ``missing`` column, the ``source`` to blame (empty for any), and the column ``asked``.

    Examples
    --------
    >>> fields = {"answers": {"row": {}, "zone": {}, "floor": {"settles": ["ratio@buildings"]}}}
    >>> settled_by(fields).to_numpy().tolist()
    [['zone', '', 'zone'], ['ratio', 'buildings', 'floor']]
    """
    lines = [
        (*missing.partition(AT)[::2], column)
        for column, spec in asked_fields(fields).items()
        for missing in spec.get("settles", [column])
    ]
    return pd.DataFrame(lines, columns=["missing", "source", "asked"], dtype="str")


def codes_known(spec: Mapping[str, Any], rulebook: Rulebook) -> dict[str, str]:
    """Return the codes that a body may choose from.

    Parameters
    ----------
    spec
        Entry of the asked column.
    rulebook
        Knows the code lists.

    Returns
    -------
    dict
        Code to its label in the user's language; empty where any is right.
    """
    if "domain" not in spec:
        return {}
    labels = {code: pick(*both) for code, both in rulebook.domain(spec["domain"]).items()}
    more = {code: label for label, code in spec.get("values", {}).items() if code not in labels}
    return labels | more
