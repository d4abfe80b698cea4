"""Tables of the office database: made, widened, linked, indexed, named in Chinese, looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg import sql

from lowuse_gis.errors import DatabaseError
from lowuse_gis.io.database.content import RUNS, VIEW
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from psycopg import Cursor
    from psycopg.sql import Composable

    from lowuse_gis.io.database.content import Layer
    from lowuse_gis.io.database.contract import Contract, Link

RUN, NUMBER, SHAPE = "run_id", "fid", "geom"
RUN_COLUMNS = {
    "sha256": "text NOT NULL UNIQUE",
    "files": "jsonb NOT NULL",
    "published_at": "timestamptz NOT NULL DEFAULT now()",
    "published_by": "text NOT NULL DEFAULT current_user",
    "current": "boolean NOT NULL",
}
COLUMNS_OF = (
    "SELECT a.attname, format_type(a.atttypid, NULL) FROM pg_attribute a"
    " WHERE a.attrelid = to_regclass(%s) AND a.attnum > 0 AND NOT a.attisdropped"
)


class Tables:
    """The tables of one schema.

    Parameters
    ----------
    cursor
        In the transaction that publishes.
    schema
        Name of the schema.
    spatial
        Name of the schema that PostGIS stands in.
    contract
        Keys, links, guarantees, labels.
    """

    def __init__(self, cursor: Cursor[Any], schema: str, spatial: str, contract: Contract) -> None:
        self.cursor, self.schema, self.spatial = cursor, schema, spatial
        self.contract = contract

    def named(self, table: str) -> Composable:
        """Return the name of a table or view as SQL."""
        return sql.Identifier(self.schema, table)

    def run(self, text: str, *parts: Composable, **named: Composable) -> None:
        """Execute one statement composed of safe parts."""
        self.cursor.execute(sql.SQL(text).format(*parts, **named))

    def columns(self, table: str) -> dict[str, str]:
        """Return the columns of a table with their types; none where there is no such table."""
        self.cursor.execute(COLUMNS_OF, [self.named(table).as_string(self.cursor)])
        return {str(name): str(kind) for name, kind in self.cursor.fetchall()}

    def prepare(self, layer: Layer, present: Collection[str]) -> None:
        """Make the table of a layer, or widen it by columns it has not yet.

        Parameters
        ----------
        layer
            What it is to take.
        present
            Tables that it may be linked to.
        """
        standing = self.columns(layer.table)
        if not standing:
            lines = [_line(name, kind) for name, kind in self._wanted(layer).items()]
            body, parts = sql.SQL(", ").join(lines), sql.SQL("")
            if self.contract.rules(layer.table).by_run:
                parts = sql.SQL(" PARTITION BY LIST (run_id)")
            self.run("CREATE TABLE {} ({}){}", self.named(layer.table), body, parts)
            self._bind(layer)
            self._link(layer, present)
            return
        plain = {f.column: f.kind for f in layer.fields}
        differs = [n for n, kind in plain.items() if n in standing and _other(standing[n], kind)]
        if differs:
            raise DatabaseError(
                _("{table}.{column} is of another type in the database").format(
                    table=layer.table, column=differs[0]
                ),
                _("publish into another schema with --schema"),
            )
        wanted = self._wanted(layer, firm=False)  # rows of older runs have nothing there
        for name in [name for name in wanted if name not in standing]:
            line = _line(name, wanted[name])
            self.run("ALTER TABLE {} ADD COLUMN {}", self.named(layer.table), line)

    def _wanted(self, layer: Layer, *, firm: bool = True) -> dict[str, Composable]:
        rules = self.contract.rules(layer.table)
        found: dict[str, Composable] = {RUN: sql.SQL("integer NOT NULL")}
        if layer.table == RUNS:
            found[RUN] = sql.SQL("integer GENERATED ALWAYS AS IDENTITY")
            found |= {name: sql.SQL(kind) for name, kind in RUN_COLUMNS.items()}
        found[NUMBER] = sql.SQL("bigint NOT NULL")
        for field in layer.fields:
            must = " NOT NULL" if firm and field.column in rules.required else ""
            found[field.column] = sql.SQL(field.kind + must)
        found |= {link.extra: sql.SQL("text") for link in self.links(layer) if link.extra}
        if layer.geometry:
            shape = layer.geometry.replace(" ", "").replace("Unknown", "Geometry")
            kind = "{}(" + shape + f", {layer.srid})"
            found[SHAPE] = sql.SQL(kind).format(sql.Identifier(self.spatial, "geometry"))
        return found

    def links(self, layer: Layer) -> list[Link]:
        """Return the links of a layer's table that have their column."""
        have = {field.column for field in layer.fields}
        return [link for link in self.contract.rules(layer.table).links if link.column in have]

    def _bind(self, layer: Layer) -> None:
        """Give a new table its keys, guarantees and indexes."""
        table, rules = self.named(layer.table), self.contract.rules(layer.table)
        have = {field.column for field in layer.fields}
        if layer.table == RUNS:
            self.run("ALTER TABLE {} ADD PRIMARY KEY ({})", table, sql.Identifier(RUN))
            self.run("CREATE UNIQUE INDEX ON {} (current) WHERE current", table)
            return
        self.run("ALTER TABLE {} ADD PRIMARY KEY ({})", table, _listed(RUN, NUMBER))
        if rules.key and have.issuperset(rules.key):
            self.run("ALTER TABLE {} ADD UNIQUE ({})", table, _listed(RUN, *rules.key))
        for column in [column for column in rules.index if column in have]:
            self.run("CREATE INDEX ON {} ({})", table, _listed(RUN, column))
        for condition in [c for column, c in rules.checks.items() if column in have]:
            self.run("ALTER TABLE {} ADD CHECK ({})", table, sql.SQL(condition))
        if layer.geometry:
            self.run("CREATE INDEX ON {} USING gist ({})", table, sql.Identifier(SHAPE))

    def _link(self, layer: Layer, present: Collection[str]) -> None:
        """Tie a new table to its run and to the tables its columns point to."""
        if layer.table == RUNS:
            return
        table = self.named(layer.table)
        tie = (
            "ALTER TABLE {table} ADD FOREIGN KEY ({columns})"
            " REFERENCES {other} ({keys}) ON DELETE CASCADE"
        )
        self.run(tie, table=table, columns=_listed(RUN), other=self.named(RUNS), keys=_listed(RUN))
        for link in self.links(layer):
            (key,) = self.contract.rules(link.to).key
            if link.to in present:
                if link.extra:
                    self.run("CREATE INDEX ON {} ({})", table, _listed(RUN, link.extra))
                self.run(
                    tie,
                    table=table,
                    columns=_listed(RUN, link.extra or link.column),
                    other=self.named(link.to),
                    keys=_listed(RUN, key),
                )

    def part_of(self, layer: Layer, run_id: int) -> str:
        """Return the table that rows of a run are copied into; made where it is a part.

        A part has no index and no link until it is `joined`.
        """
        if not self.contract.rules(layer.table).by_run:
            return layer.table
        part = f"{layer.table}_run_{run_id}"
        whole = self.named(layer.table)
        self.run("CREATE TABLE {} (LIKE {} INCLUDING CONSTRAINTS)", self.named(part), whole)
        condition = sql.SQL("ADD CHECK (run_id = {})").format(sql.Literal(run_id))
        self.run("ALTER TABLE {} {}", self.named(part), condition)  # so that it is not read again
        return part

    def joined(self, layer: Layer, part: str, run_id: int) -> None:
        """Make a filled part one of its table: it is indexed, and every link is looked at."""
        if part != layer.table:
            text = "ALTER TABLE {} ATTACH PARTITION {} FOR VALUES IN ({})"
            self.run(text, self.named(layer.table), self.named(part), sql.Literal(run_id))
        self.run("ANALYZE {}", self.named(part))

    def comment(self, layer: Layer, known: Mapping[str, str]) -> None:
        """Say in Chinese what a table and its columns are.

        Parameters
        ----------
        layer
            Has its aliases.
        known
            Column to label with unit, as the rules have it.
        """
        rules, labels = self.contract.rules(layer.table), self.contract.labels
        title = sql.Literal(rules.title or layer.title or layer.layer)
        said = [sql.SQL("COMMENT ON TABLE {} IS {}").format(self.named(layer.table), title)]
        aliases = {field.column: field.title for field in layer.fields if field.title}
        for column in self.columns(layer.table):
            sources = (rules.labels, known, aliases, labels)
            label = next((names[column] for names in sources if names.get(column)), "")
            if label:
                target = sql.Identifier(self.schema, layer.table, column)
                text = sql.SQL("COMMENT ON COLUMN {} IS {}")
                said.append(text.format(target, sql.Literal(label)))
        self.cursor.execute(sql.SQL("; ").join(said))

    def show_current(self, layer: Layer) -> None:
        """Make the view of the rows of the current run."""
        self.run(
            "CREATE OR REPLACE VIEW {view} AS SELECT t.* FROM {table} AS t"
            " WHERE t.run_id = (SELECT r.run_id FROM {runs} AS r WHERE r.current)",
            view=self.named(VIEW + layer.table),
            table=self.named(layer.table),
            runs=self.named(RUNS),
        )
        self._view_comment(VIEW + layer.table, self.contract.rules(layer.table).title)

    def show_slice(self, layer: Layer) -> None:
        """Make the view that stands for a layer that repeats rows of another table."""
        slices = self.contract.slices
        value = layer.table.removeprefix(slices.prefix)
        self.run(
            "CREATE OR REPLACE VIEW {view} AS SELECT t.* FROM {whole} AS t"
            " WHERE {where} AND t.{by} = {value}",
            view=self.named(VIEW + layer.table),
            whole=self.named(VIEW + slices.of),
            where=sql.SQL(slices.where),
            by=sql.Identifier(slices.by),
            value=sql.Literal(value),
        )
        self._view_comment(VIEW + layer.table, layer.title)

    def _view_comment(self, view: str, title: str) -> None:
        text = sql.Literal(f"{title or view}（当前成果）")
        self.run("COMMENT ON VIEW {} IS {}", self.named(view), text)


def _line(name: str, kind: Composable) -> Composable:
    return sql.SQL("{} {}").format(sql.Identifier(name), kind)


def _listed(*columns: str) -> Composable:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _other(standing: str, kind: str) -> bool:
    """Say whether a type of the database is not the one wanted."""
    return standing.removesuffix(" without time zone") != kind


def is_slice(layer: Layer, contract: Contract) -> bool:
    """Say whether a layer repeats rows of another table.

    Parameters
    ----------
    layer, contract
        The layer, and what is known of such layers.

    Returns
    -------
    bool
    """
    return layer.table.startswith(contract.slices.prefix)


def stored(layers: Collection[Layer], contract: Contract) -> Iterator[Layer]:
    """Give the layers that become tables, those first that others point to.

    Parameters
    ----------
    layers, contract
        All layers, and the links between them.

    Yields
    ------
    Layer
    """
    kept = [layer for layer in layers if not is_slice(layer, contract)]
    linked = {link.to for rules in contract.tables.values() for link in rules.links}
    first = {RUNS: 0} | dict.fromkeys(linked, 1)
    yield from sorted(kept, key=lambda layer: first.get(layer.table, 2))
