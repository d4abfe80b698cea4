"""Conditions evaluated set-at-a-time, three-valued, with the reasons kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from lowuse_gis.core.arrow_table import ArrowTable
from lowuse_gis.core.conditions import compared
from lowuse_gis.core.database import connection
from lowuse_gis.core.grammar import ATOMS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lowuse_gis.core.conditions import Atom, Condition
    from lowuse_gis.core.grammar import Node

    Truth = NDArray[np.int8]

THRESHOLD = "threshold__"
COMPUTED = (exp.Add, exp.Sub, exp.Mul, exp.Div)
NOT_A_NUMBER = exp.cast(exp.Literal.string("NaN"), "DOUBLE")
POSITION = "_at"
TRUE, FALSE, UNKNOWN = 1, 0, -1


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


@dataclass(frozen=True)
class Comparison:
    """An atom's outcome for every row of the table.

    Attributes
    ----------
    truth
        `TRUE`, `FALSE` or `UNKNOWN`.
    limit
        What the column is compared with; NaN where that is missing or no number.
    """

    truth: Truth
    limit: NDArray[np.float64]


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
        self._columns, self._thresholds = ArrowTable(table), ArrowTable(thresholds)
        self._connection = connection()

    def truths(
        self,
        conditions: Sequence[Condition],
        thresholds: Mapping[str, NDArray[np.float64]] | None = None,
    ) -> list[Truth]:
        """Say for every row whether each condition is true, false or unknown, in one pass.

        Parameters
        ----------
        conditions
            Parsed conditions over the table's columns and thresholds.
        thresholds
            Values that stand in for those of the table, by name.

        Returns
        -------
        list of ndarray of int8
            Per condition `TRUE`, `FALSE` or `UNKNOWN`, in the order of the rows.

        Examples
        --------
        >>> from lowuse_gis.core.conditions import parse_condition
        >>> table = pd.DataFrame({"a": [1.0, 3.0, None]})
        >>> condition = parse_condition("a < :t", {"a"}, {"t"}, "here")
        >>> evaluator = Evaluator(table, pd.DataFrame({"t": [2.0] * 3}))
        >>> evaluator.truths([condition])[0].tolist()
        [1, 0, -1]
        >>> evaluator.truths([condition], {"t": np.full(3, 5.0)})[0].tolist()
        [1, 1, -1]
        """
        outputs = [
            f"({_written(condition)}) AS truth_{n}" for n, condition in enumerate(conditions)
        ]
        found = self._selected(outputs, conditions, thresholds or {})
        return [_codes(found[f"truth_{n}"]) for n in range(len(conditions))]

    def comparisons(self, conditions: Sequence[Condition]) -> list[list[Comparison]]:
        """Evaluate the atoms of conditions by themselves, in one pass.

        Parameters
        ----------
        conditions
            Parsed conditions over the table's columns and thresholds.

        Returns
        -------
        list of list of Comparison
            Per condition, per atom from left to right.
        """
        atoms = [(at, n, a) for at, c in enumerate(conditions) for n, a in enumerate(c.atoms)]
        outputs = []
        for at, n, atom in atoms:
            truth, _value, _text, limit = self._atom_outputs(atom, f"{at}_{n}")
            outputs += [truth, limit]
        found = self._selected(outputs, conditions, {})
        made: list[list[Comparison]] = [[] for _condition in conditions]
        for at, n, _atom in atoms:
            limit = found[f"limit_{at}_{n}"].to_numpy().astype(float)
            made[at].append(Comparison(_codes(found[f"truth_{at}_{n}"]), limit))
        return made

    def evaluate(self, condition: Condition, rows: np.ndarray | None = None) -> Evaluation:
        """Evaluate a condition, with the reasons.

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
        outputs = [f"({_written(condition)}) AS truth"]
        for number, atom in enumerate(condition.atoms):
            outputs += self._atom_outputs(atom, str(number))
        frame = self._selected(outputs, [condition], {}).to_pandas(types_mapper=_dtype)
        frame.index = self._index
        if rows is not None:
            frame = frame.iloc[rows]
        atoms = tuple(_atom_frame(frame, n) for n in range(len(condition.atoms)))
        return Evaluation(frame["truth"].astype("boolean"), atoms)

    @property
    def table(self) -> ArrowTable:
        """The measured columns as they are evaluated."""
        return self._columns

    def _selected(
        self,
        outputs: Sequence[str],
        conditions: Sequence[Condition],
        thresholds: Mapping[str, NDArray[np.float64]],
    ) -> pa.Table:
        """Run one query over the columns that conditions read; keep the order of the rows."""
        columns = {name: self._columns[name] for c in conditions for name in c.columns}
        for name in {name for c in conditions for name in c.thresholds}:
            own = thresholds.get(name)
            column = self._thresholds[name] if own is None else pa.array(own, from_pandas=True)
            columns[THRESHOLD + name] = column
        positions = np.arange(len(self._index), dtype=np.int32)
        columns[POSITION] = pa.array(positions)
        self._connection.register("parcels", pa.table(columns))
        query = f"SELECT {', '.join([POSITION, *outputs])} FROM parcels"  # noqa: S608
        found = self._connection.sql(query).to_arrow_table()
        self._connection.unregister("parcels")
        at = found[POSITION].to_numpy()
        if not np.array_equal(at, positions):
            found = found.take(pa.array(np.argsort(at)))
        return found.drop_columns(POSITION)

    def _atom_outputs(self, atom: Atom, number: str) -> Sequence[str]:
        numeric = self._columns.is_number(atom.column)
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


def _codes(truth: pa.ChunkedArray) -> Truth:
    codes: Truth = pc.fill_null(truth.cast(pa.int8()), UNKNOWN).to_numpy()
    return codes


def _dtype(dtype: pa.DataType) -> object:
    return pd.BooleanDtype() if pa.types.is_boolean(dtype) else None


@lru_cache(maxsize=4096)
def _written(condition: Condition) -> str:
    """Write a condition once: the same checks are judged over every table."""
    return _sql(condition.tree)


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
