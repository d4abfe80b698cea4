"""Which database is meant, and a connection to it; what it takes to get in is never repeated."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from lowuse_gis.errors import DatabaseError, InputError
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from psycopg import Connection

URL = re.compile(r"postgres(?:ql)?://", re.IGNORECASE)
PAIRS = re.compile(r"\s*\w+\s*=")
SECRET = re.compile(r"[@=]|://?")  # what may carry a password is not repeated
NAMED_BY = ("PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE")
PATIENCE = "10"  # seconds for a server to answer
CONNECTION, STOPPED, FULL = "08", "57", "53"  # classes of SQLSTATE
RIGHTS, NOT_THERE = "42501", "23503"
UNICODE = "UTF8"


def is_target(word: str) -> bool:
    """Say whether a word names a database rather than a file.

    Parameters
    ----------
    word
        As given.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_target("postgresql://host/name"), is_target("service=office"), is_target("units.gpkg")
    (True, True, False)
    """
    return bool(URL.match(word) or PAIRS.match(word))


def may_be_secret(word: str) -> bool:
    """Say whether a word might hold a password, so that it must not be repeated.

    Parameters
    ----------
    word
        As given.

    Returns
    -------
    bool

    Examples
    --------
    >>> may_be_secret("postgresql:/me:key@host"), may_be_secret("units.gpkg")
    (True, False)
    """
    return bool(SECRET.search(word))


def library() -> ModuleType:
    """Return the database library.

    Returns
    -------
    module

    Raises
    ------
    InputError
        Where it is not installed.
    """
    try:
        import psycopg  # noqa: PLC0415  an extra
    except ImportError as error:
        raise InputError(
            _("publishing needs the package psycopg"), "pip install 'lowuse-gis[postgis]'"
        ) from error
    return psycopg


def settings(target: str) -> dict[str, Any]:
    """Take apart how a database is named.

    Parameters
    ----------
    target
        A URL, pairs such as ``service=office``, or nothing where the environment names one.

    Returns
    -------
    dict
        For the library.

    Raises
    ------
    InputError
        Where none is named, or it cannot be understood; it is not repeated.
    """
    psycopg = library()
    if not target and not any(os.environ.get(name) for name in NAMED_BY):
        raise InputError(
            _("no database named"),
            _("give postgresql://HOST/NAME or service=NAME, or set PGSERVICE or PGHOST"),
        )
    unclear = InputError(
        _("the name of the database cannot be understood; it is not repeated here"),
        _("write postgresql://USER@HOST:PORT/NAME, special signs as %40; or service=NAME"),
    )
    if URL.match(target) and _doubtful(target):
        raise unclear
    try:
        given = psycopg.conninfo.conninfo_to_dict(target)
    except (psycopg.Error, ValueError):
        raise unclear from None
    if not str(given.get("port", "") or "0").replace(",", "").isdigit():
        raise unclear
    return {"connect_timeout": PATIENCE, **given, "client_encoding": UNICODE}


def _doubtful(url: str) -> bool:
    """Say whether a password with unescaped signs may have spilled into host or name."""
    authority, _slash, rest = re.split("://", url, maxsplit=1)[1].partition("/")
    return authority.count("@") > 1 or "@" in rest.partition("?")[0]


def place_of(given: dict[str, Any]) -> str:
    """Name a database without what it takes to get in.

    Parameters
    ----------
    given
        Of `settings`.

    Returns
    -------
    str
        ``host:port/name``, or ``service=name``.

    Examples
    --------
    >>> place_of({"host": "office", "user": "me", "password": "x", "dbname": "land"})
    'office:5432/land'
    """
    service = given.get("service") or os.environ.get("PGSERVICE", "")
    if service and not given.get("host"):
        return f"service={service}"
    host = given.get("host") or os.environ.get("PGHOST", "") or "localhost"
    port = given.get("port") or os.environ.get("PGPORT", "") or "5432"
    name = given.get("dbname") or os.environ.get("PGDATABASE", "")
    return f"{host}:{port}/{name}"


@contextmanager
def connected(target: str) -> Iterator[tuple[Connection[Any], str]]:
    """Connect; what is done in the block happens as a whole or not at all.

    Parameters
    ----------
    target
        As `settings` takes it.

    Yields
    ------
    connection : Connection
        In a transaction that is committed at the end, or rolled back.
    place : str
        What the database is called in messages.

    Raises
    ------
    InputError, DatabaseError
        Where there is no way in, or the database refuses. Neither carries a password, nor is it
        chained to an error that might.
    """
    psycopg = library()
    given = settings(target)
    place = place_of(given)
    try:
        connection = psycopg.connect(**given)
    except (psycopg.Error, OSError, ValueError) as error:
        raise _no_way_in(error, place) from None
    try:
        with connection:
            yield connection, place
    except psycopg.Error as error:
        raise _refused(error, place) from None


def _no_way_in(error: Any, place: str) -> DatabaseError:
    """Tell why there is no connection, in our own words: the server's may repeat a password."""
    text = str(error).lower()
    wire = getattr(error, "pgconn", None)
    if "service" in text and "not found" in text:
        return DatabaseError(
            _("{place}: no such service").format(place=place),
            _("name it in pg_service.conf (PGSERVICEFILE says where that is)"),
        )
    if wire is not None and wire.needs_password:
        return DatabaseError(
            _("{place}: the server asks for a password").format(place=place),
            _("keep it in ~/.pgpass or give it as PGPASSWORD"),
        )
    if "password authentication failed" in text:
        return DatabaseError(
            _("{place}: user or password is wrong").format(place=place),
            _("correct ~/.pgpass, PGPASSWORD or the service file"),
        )
    if "database" in text and "does not exist" in text:
        return DatabaseError(
            _("{place}: no such database").format(place=place),
            _("have it made: createdb NAME, then CREATE EXTENSION postgis"),
        )
    return DatabaseError(
        _("{place}: no connection to the server").format(place=place),
        _("does it run there, does it let this user in, are host, port and name right?"),
    )


def _refused(error: Any, place: str) -> DatabaseError:
    """Tell what the database refused."""
    state = error.sqlstate or CONNECTION
    said = (error.diag.message_primary if error.diag else "") or type(error).__name__
    if state.startswith((CONNECTION, STOPPED)):
        return DatabaseError(
            _("{place}: the connection was lost").format(place=place),
            _("publish again: nothing is half done, and nothing is published twice"),
        )
    if state == NOT_THERE:
        return DatabaseError(
            _("{table} points to what is not there").format(table=error.diag.table_name),
            _("publish units that were drawn from this very result"),
        )
    if state == RIGHTS:
        return DatabaseError(
            _("{place}: not allowed: {said}").format(place=place, said=said),
            _("ask the administrator for CREATE on the database, or to own the schema"),
        )
    if state.startswith(FULL):
        return DatabaseError(
            _("{place}: no room: {said}").format(place=place, said=said),
            _("ask the administrator; nothing was published"),
        )
    return DatabaseError(
        _("{place}: refused: {said}").format(place=place, said=said),
        _("nothing was published; show this line to the administrator"),
    )
