"""Which code of a source a heading holds, where only the heading is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lowuse_gis.core.credit_codes import INVALID, credit_code_state
from lowuse_gis.core.values import as_codes

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from lowuse_gis.model import Rulebook

PARCELS, CREDIT = "parcels", "credit_code"


def key_columns(specs: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Name the codes by which the rows of a source are known.

    Parameters
    ----------
    specs
        What fields.toml says of the source.

    Returns
    -------
    list of str
        Codes that it cannot be used without, and those that may stand in for them; else all codes.

    Examples
    --------
    >>> tax = {"a": {"type": "code", "required": True, "unless": ["b"]}, "b": {"type": "code"}}
    >>> key_columns(tax | {"c": {"type": "code"}})
    ['a', 'b']
    """
    codes = [column for column, spec in specs.items() if spec.get("type") == "code"]
    stands_in = {other for spec in specs.values() for other in spec.get("unless", ())}
    keys = [c for c in codes if specs[c].get("required") or c in stands_in]
    return keys or codes


def key_column(values: pd.Series, rulebook: Rulebook, source: str) -> str:
    """Say which code of a source a column of cells holds.

    Parameters
    ----------
    values
        Its cells.
    rulebook, source
        Know the codes of the source, and what a parcel code looks like.

    Returns
    -------
    str
        The code whose form most cells have; the first that the source needs where none fits.
        Empty where the source has no codes.
    """
    specs = rulebook.fields.get(source, {})
    keys = key_columns(specs)
    codes = as_codes(values).dropna()
    shares = {}
    for column in keys:
        form = specs[column].get("pattern") or rulebook.fields[PARCELS].get(column, {}).get(
            "pattern"
        )
        if column == CREDIT:
            shares[column] = (credit_code_state(codes) != INVALID).mean()
        elif form and len(codes):
            shares[column] = codes.str.fullmatch(form).mean()
    best = max(shares, key=lambda column: shares[column], default="")
    return best if best and shares[best] > 0 else next(iter(keys), "")
