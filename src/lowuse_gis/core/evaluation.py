"""Conditions evaluated set-at-a-time, three-valued, with the reasons kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
from sqlglot import exp

from lowuse_gis.core.conditions import ATOMS, compared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lowuse_gis.core.conditions import Atom, Condition, Node

SETTINGS: dict[str, Any] = {
    "enable_external_access": "false",
    "ieee_floating_point_ops": "false",
    "error_on_division_by_zero": "false",
}
THRESHOLD = "threshold__"
COMPUTED = (exp.Add, exp.Sub, exp.Mul, exp.Div)
NOT_A_NUMBER = exp.cast(exp.Literal.string("NaN"), "DOUBLE")


@dataclass(frozen=True)
class Evaluation:
    """A condition's outcome for some parcels.

    Attributes
    ----------
    truth
        Nullable boolean, on the index asked for.
    atoms
        Per atom a frame with ``value`` (number), ``text`` (where not a number), ``limit``
        (number) and ``truth``.
    """

    truth: pd.Series
    atoms: tuple[pd.DataFrame, ...]


class Evaluator:
    """Evaluates conditions over one table of columns.

    Parameters
    ----------
    table
        Measured columns; NaN, NaT, None and NA are missing.
    thresholds
        Per-row threshold values, a column per name.
    """

    def __init__(self, table: pd.DataFrame, thresholds: pd.DataFrame) -> None:
        self._index = table.index
        named = thresholds.add_prefix(THRESHOLD)
        whole = pd.concat([table, named], axis=1).reset_index(drop=True)
        arrow = pa.Table.from_pandas(whole, preserve_index=False)
        self._numeric = {f.name for f in arrow.schema if _is_number(f.type)}
        self._connection = duckdb.connect(config=SETTINGS)
        self._connection.register("parcels", arrow.append_column("_at", [_positions(arrow)]))
        self._connection.execute("SET lock_configuration = true")

    def evaluate(self, condition: Condition, rows: np.ndarray | None = None) -> Evaluation:
        """Evaluate a condition.

        Parameters
        ----------
        condition
            A parsed condition over the table's columns and thresholds.
        rows
            Positions to evaluate; all where None.

        Returns
        -------
        Evaluation
            On the index of the chosen rows.
        """
        outputs = [f"({_sql(condition.tree)}) AS truth"]
        for number, atom in enumerate(condition.atoms):
            outputs += self._atom_outputs(atom, number)
        query = f"SELECT {', '.join(outputs)} FROM parcels ORDER BY _at"  # noqa: S608
        if rows is not None:
            chosen = pa.table({"_row": rows, "_order": np.arange(len(rows))})
            self._connection.register("chosen", chosen)
            query = query.replace(" ORDER BY _at", " JOIN chosen ON _at = _row ORDER BY _order")
        arrow = self._connection.sql(query).to_arrow_table()
        frame = arrow.to_pandas(types_mapper=_dtype)
        frame.index = self._index if rows is None else self._index[rows]
        atoms = tuple(_atom_frame(frame, n) for n in range(len(condition.atoms)))
        return Evaluation(frame["truth"].astype("boolean"), atoms)

    def _atom_outputs(self, atom: Atom, number: int) -> Sequence[str]:
        numeric = atom.column in self._numeric
        quoted = f'"{atom.column}"'
        limit = "NULL"
        if atom.limit is not None and numeric:
            limit = f"NULLIF(CAST({_sql(atom.limit)} AS DOUBLE), {NOT_A_NUMBER.sql('duckdb')})"
        return (
            f"({_sql(atom.node)}) AS truth_{number}",
            f"CAST({quoted if numeric else 'NULL'} AS DOUBLE) AS value_{number}",
            f"CAST({'NULL' if numeric else quoted} AS VARCHAR) AS text_{number}",
            f"CAST({limit} AS DOUBLE) AS limit_{number}",
        )


def _positions(table: pa.Table) -> pa.Array:
    return pa.array(np.arange(table.num_rows))


def _is_number(dtype: pa.DataType) -> bool:
    return bool(pa.types.is_integer(dtype) or pa.types.is_floating(dtype))


def _dtype(dtype: pa.DataType) -> object:
    return pd.BooleanDtype() if pa.types.is_boolean(dtype) else None


def _sql(node: Node) -> str:
    """Write a node as DuckDB reads it: thresholds as the columns that hold them, numbers floating.

    DuckDB computes ``2147483647 + 1`` and long decimals in types that overflow, and takes what is
    not a number (∞ − ∞, ∞ × 0) for larger than anything; here it is missing.
    """

    def prepared(part: Node) -> Node:
        if isinstance(part, exp.Placeholder):
            return exp.column(THRESHOLD + part.name, quoted=True)
        if isinstance(part, exp.Literal) and not part.is_string:
            return exp.cast(part.copy(), "DOUBLE")
        return part

    tree = node.copy().transform(prepared)
    for atom in list(tree.find_all(*ATOMS)):
        for side in compared(atom):
            if side.find(*COMPUTED):
                side.replace(exp.Nullif(this=side.copy(), expression=NOT_A_NUMBER.copy()))
    return tree.sql(dialect="duckdb")


def _atom_frame(frame: pd.DataFrame, number: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "truth": frame[f"truth_{number}"].astype("boolean"),
            "value": frame[f"value_{number}"].astype(float),
            "text": frame[f"text_{number}"],
            "limit": frame[f"limit_{number}"].astype(float),
        },
    )
