"""Put a result into a schema of a PostGIS database, whole or not at all, and once only."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
from psycopg import sql
from psycopg.errors import InsufficientPrivilege
from pyproj import CRS

from lowuse_gis.errors import DatabaseError
from lowuse_gis.io.database.content import RUNS, as_csv, batches, columns_of, values_of
from lowuse_gis.io.database.tables import NUMBER, RUN, Tables, is_slice, stored
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psycopg import Connection, Cursor

    from lowuse_gis.io.database.content import Layer
    from lowuse_gis.io.database.contract import Contract

VERSION = "schema_version"
ROOM = "SET LOCAL maintenance_work_mem = '256MB'"  # for the sorting of indexes
READER = "lowuse_reader"  # made where it is missing; any other role must stand already
UNICODE = "UTF8"
OLDEST = 120_000  # links to tables in parts


@dataclass(frozen=True)
class Publication:
    """What is to be published.

    Attributes
    ----------
    layers
        All of it.
    sha256
        Of the content.
    files
        Name to hash of the files it comes from.
    labels
        Column to label with unit.
    schema
        Where to.
    reader
        A role that may read; empty for none.
    """

    layers: Sequence[Layer]
    sha256: str
    files: Mapping[str, str]
    labels: Mapping[str, str]
    schema: str
    reader: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of it.

    Attributes
    ----------
    run_id
        Number of the run in the database.
    new
        False where this very content stood there already.
    rows
        Table to number of rows.
    """

    run_id: int
    new: bool
    rows: Mapping[str, int]


def publish_all(
    connection: Connection[Any], publication: Publication, contract: Contract
) -> Outcome:
    """Publish within the transaction of a connection.

    Parameters
    ----------
    connection, publication, contract
        Where to, what, and how tables hang together.

    Returns
    -------
    Outcome

    Raises
    ------
    DatabaseError
        Where the database is not fit for it.
    """
    if connection.info.server_version < OLDEST:
        raise DatabaseError(
            _("the server is older than PostgreSQL 12"), _("ask for a newer one; 15 is tested")
        )
    with connection.cursor() as cursor:
        spatial = _spatial(cursor)
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [publication.schema])
        tables = Tables(cursor, publication.schema, spatial, contract)
        _schema(tables)
        kept = list(stored(publication.layers, contract))
        rows = {layer.table: layer.count for layer in kept}
        standing = _standing(tables, publication.sha256)
        if standing is None:
            _systems(tables, {layer.srid for layer in kept if layer.srid})
            run_id = _fill(tables, publication, kept)
        else:
            run_id = standing
            _make_current(tables, run_id)
        if publication.reader:
            _let_read(tables, publication.reader)
    return Outcome(run_id, standing is None, rows)


def _spatial(cursor: Cursor[Any]) -> str:
    """Return the schema of PostGIS; refuse a database that cannot hold maps or Chinese."""
    cursor.execute(
        "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
        " WHERE e.extname = 'postgis'"
    )
    found = cursor.fetchone()
    if found is None:
        raise DatabaseError(
            _("the database has no PostGIS"),
            _("have the administrator run in it: CREATE EXTENSION postgis"),
        )
    cursor.execute("SHOW server_encoding")
    if cursor.fetchone() != (UNICODE,):
        raise DatabaseError(
            _("the database is not in UTF-8 and cannot hold Chinese"),
            _("have another made: createdb -E UTF8 -T template0 NAME"),
        )
    cursor.execute("SELECT set_config('search_path', quote_ident(%s), true)", [found[0]])
    return str(found[0])


def _schema(tables: Tables) -> None:
    """Make the schema, or see that it is one of ours and of this version."""
    cursor, version = tables.cursor, tables.contract.version
    cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [tables.schema])
    if cursor.fetchone() is None:
        tables.run("CREATE SCHEMA {}", sql.Identifier(tables.schema))
    if tables.columns(VERSION):
        tables.run("SELECT version FROM {}", tables.named(VERSION))
        if cursor.fetchall() != [(version,)]:
            raise DatabaseError(
                _("schema {schema} was made by another version of lowuse").format(
                    schema=tables.schema
                ),
                _("publish into another schema with --schema, and drop the old one in time"),
            )
        return
    cursor.execute(
        "SELECT 1 FROM pg_class WHERE relnamespace = quote_ident(%s)::regnamespace",
        [tables.schema],
    )
    if cursor.fetchone() is not None:
        raise DatabaseError(
            _("schema {schema} holds other things").format(schema=tables.schema),
            _("publish into another schema with --schema"),
        )
    tables.run("CREATE TABLE {} (version integer NOT NULL)", tables.named(VERSION))
    tables.run("INSERT INTO {} VALUES ({})", tables.named(VERSION), sql.Literal(version))
    title = sql.Literal(tables.contract.rules(VERSION).title)
    tables.run("COMMENT ON TABLE {} IS {}", tables.named(VERSION), title)


def _standing(tables: Tables, sha256: str) -> int | None:
    """Return the run of this very content, None where there is none."""
    if not tables.columns(RUNS):
        return None
    text = "SELECT run_id FROM {} WHERE sha256 = {}"
    tables.run(text, tables.named(RUNS), sql.Literal(sha256))
    found = tables.cursor.fetchone()
    return None if found is None else int(found[0])


def _make_current(tables: Tables, run_id: int) -> None:
    """Let the views show one run; the old one first, since only one may be current."""
    runs, run = tables.named(RUNS), sql.Literal(run_id)
    tables.run("UPDATE {} SET current = false WHERE current AND run_id <> {}", runs, run)
    tables.run("UPDATE {} SET current = true WHERE NOT current AND run_id = {}", runs, run)


def _systems(tables: Tables, codes: set[int]) -> None:
    """See that the server knows the coordinate systems; tell it where it may be told."""
    known = sql.Identifier(tables.spatial, "spatial_ref_sys")
    for code in sorted(codes):
        tables.run("SELECT 1 FROM {} WHERE srid = {}", known, sql.Literal(code))
        if tables.cursor.fetchone() is not None:
            continue
        values = (code, "EPSG", code, CRS.from_epsg(code).to_wkt("WKT1_GDAL"))
        try:
            with tables.cursor.connection.transaction():
                into = "INSERT INTO {} (srid, auth_name, auth_srid, srtext) VALUES ({})"
                tables.run(into, known, sql.SQL(", ").join(map(sql.Literal, values)))
        except InsufficientPrivilege:
            raise DatabaseError(
                _("the server does not know EPSG:{code}").format(code=code),
                _("have the administrator add it to spatial_ref_sys"),
            ) from None


def _fill(tables: Tables, publication: Publication, kept: Sequence[Layer]) -> int:
    """Fill the tables, and return the number of the run."""
    tables.cursor.execute(ROOM)
    present = {layer.table for layer in kept}
    for layer in kept:
        tables.prepare(layer, present)
    tables.run("UPDATE {} SET current = false WHERE current", tables.named(RUNS))
    keys = _keys(tables, kept)
    runs, *others = kept
    run = _add_run(tables, runs, publication)
    for layer in others:
        _copy(tables, layer, run, keys)
    for layer in kept:
        tables.comment(layer, publication.labels)
        tables.show_current(layer)
    for layer in publication.layers:
        if is_slice(layer, tables.contract):
            tables.show_slice(layer)
    return run


def _keys(tables: Tables, kept: Sequence[Layer]) -> dict[str, pa.Array]:
    """Return the keys of the tables that only some values of a column point to."""
    by_name = {layer.table: layer for layer in kept}
    wanted = {link.to for layer in kept for link in tables.links(layer) if link.extra}
    return {
        name: values_of(by_name[name], tables.contract.rules(name).key[0])
        for name in wanted
        if name in by_name
    }


def _copy(tables: Tables, layer: Layer, run_id: int, keys: Mapping[str, pa.Array]) -> None:
    links = [link for link in tables.links(layer) if link.extra and link.to in keys]
    columns = [RUN, *columns_of(layer), *(link.extra for link in links)]
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    part = tables.part_of(layer, run_id)
    text = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(tables.named(part), names)
    with tables.cursor.copy(text) as copy:
        for batch in batches(layer):
            more = [_among(batch.column(link.column), keys[link.to]) for link in links]
            arrays = [pa.repeat(pa.scalar(run_id), len(batch)), *batch.columns, *more]
            copy.write(as_csv(pa.RecordBatch.from_arrays(arrays, columns)))
    tables.joined(layer, part, run_id)


def _among(values: pa.Array, known: pa.Array) -> pa.Array:
    """Keep values that are known; the others become missing."""
    return pc.if_else(pc.is_in(values, value_set=known), values, pa.scalar(None, values.type))


def _add_run(tables: Tables, layer: Layer, publication: Publication) -> int:
    (line,) = [row for batch in batches(layer) for row in batch.to_pylist()]
    line |= {
        "sha256": publication.sha256,
        "files": json.dumps(publication.files, ensure_ascii=False),
        "current": True,
        NUMBER: 1,
    }
    names = sql.SQL(", ").join(map(sql.Identifier, line))
    values = sql.SQL(", ").join(map(sql.Literal, line.values()))
    text = "INSERT INTO {} ({}) VALUES ({}) RETURNING run_id"
    tables.run(text, tables.named(RUNS), names, values)
    (number,) = tables.cursor.fetchone() or (0,)
    return int(number)


def _let_read(tables: Tables, role: str) -> None:
    """Let a role read what stands in the schema, and what will."""
    cursor, name, schema = tables.cursor, sql.Identifier(role), sql.Identifier(tables.schema)
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    if cursor.fetchone() is None:
        missing = DatabaseError(
            _("there is no role {role}").format(role=role),
            _("have the administrator make it: CREATE ROLE NAME NOLOGIN"),
        )
        if role != READER:
            raise missing
        try:
            with cursor.connection.transaction():
                tables.run("CREATE ROLE {} NOLOGIN", name)
        except InsufficientPrivilege:
            raise missing from None
    tables.run("GRANT USAGE ON SCHEMA {} TO {}", schema, name)
    tables.run("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}", schema, name)
    later = "ALTER DEFAULT PRIVILEGES IN SCHEMA {} GRANT SELECT ON TABLES TO {}"
    tables.run(later, schema, name)
