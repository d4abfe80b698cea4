"""Names of tables and columns that a database takes, whatever they are called in a file."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from lowuse_gis.errors import InputError
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 63  # bytes; PostgreSQL cuts what is longer without asking
MARK = 8  # bytes of the mark that keeps shortened names apart
OWN = frozenset({"run_id", "fid", "geom", "parcel_row"})  # added by publishing
SYSTEM = frozenset({"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"})


def fitted(name: str, longest: int = LONGEST) -> str:
    """Return a name of at most so many bytes in UTF-8.

    Parameters
    ----------
    name
        Any text without a zero byte.
    longest
        Bytes it may have.

    Returns
    -------
    str
        The name itself where it fits; else its beginning and a mark made of the whole of it.

    Examples
    --------
    >>> fitted("parcels")
    'parcels'
    >>> len(fitted("图" * 30).encode()) <= 63
    True
    """
    data = name.encode()
    if len(data) <= longest:
        return name
    mark = hashlib.sha256(data).hexdigest()[: MARK - 1]
    return data[: longest - MARK].decode(errors="ignore") + "_" + mark


def distinct(names: Iterable[str], taken: Iterable[str], prefix: str = "") -> dict[str, str]:
    """Give every name one of its own.

    Parameters
    ----------
    names
        As the file has them.
    taken
        Names that cannot be given.
    prefix
        The name with this before it is taken too.

    Returns
    -------
    dict
        Name in the file to name in the database; an underscore is added where it is taken.

    Examples
    --------
    >>> distinct(["row", "fid"], {"fid"})
    {'row': 'row', 'fid': 'fid_'}
    >>> distinct(["a", "current_a"], (), "current_")
    {'a': 'a', 'current_a': 'current_a_'}
    """
    used, given = {*taken}, {}
    used |= {prefix + name for name in used}
    longest = LONGEST - len(prefix.encode())
    for name in names:
        made = fitted(name, longest)
        while {made, prefix + made} & used:
            made = fitted(made, longest - 1) + "_"
        used |= {made, prefix + made}
        given[name] = made
    return given


def refuse_name(name: str, option: str) -> None:
    """Refuse a name that a database would cut or cannot have.

    Parameters
    ----------
    name, option
        As given, and where.

    Raises
    ------
    InputError
        Where it is empty, too long, has a zero byte, or is a connection.
    """
    if "://" in name or not 0 < len(name.encode(errors="replace")) <= LONGEST or "\0" in name:
        raise InputError(
            _("{option}: not a name").format(option=option),
            _("give a name of at most {count} bytes").format(count=LONGEST),
        )
