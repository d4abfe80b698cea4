"""Names of natural persons, shown or masked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

KEEP_NAME = 1  # characters of a person's name that are shown


def masked_names(owner: pd.Series, kind: pd.Series, persons: Sequence[str]) -> pd.Series:
    """Mask the names of natural persons.

    Parameters
    ----------
    owner, kind
        Names, and the kind of owner of each.
    persons
        The kinds that are natural persons.

    Returns
    -------
    Series of str
        The first character and asterisks; other names as they are.

    Examples
    --------
    >>> import pandas as pd
    >>> masked_names(pd.Series(["王小明", "甲公司"]), pd.Series(["5", "2"]), ["5"]).tolist()
    ['王**', '甲公司']
    """
    person = kind.isin(persons)
    name, shown = owner[person], owner.copy()
    hidden = name.str.slice(KEEP_NAME).str.replace(r"[^、，,;；/]", "*", regex=True)
    shown[person] = name.str.slice(0, KEEP_NAME) + hidden
    return shown
