"""Findings: one line per parcel, criterion and comparison, packed so that millions fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.evaluation import FALSE, TRUE, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

TRUTHS = ("unknown", "false", "true")
FIRST_TRUTH = min(UNKNOWN, FALSE, TRUE)


@dataclass(frozen=True)
class Coded:
    """A column of text as the positions of few distinct texts.

    Attributes
    ----------
    codes
        Per row the position in `texts`; -1 where it is missing.
    texts
        Distinct.
    """

    codes: NDArray[np.int64]
    texts: NDArray[np.object_]

    def at(self, rows: NDArray[np.intp]) -> Coded:
        """Return the column for some rows."""
        return Coded(self.codes[rows], self.texts)


@dataclass(frozen=True)
class Block:
    """The lines of one comparison of one criterion.

    Attributes
    ----------
    rows
        Positions of the parcels.
    criterion, atom, measure, operator
        The same in all lines.
    truth, atom_truth
        `TRUE`, `FALSE` or `UNKNOWN`, of the criterion and of the comparison.
    value, limit
        Numbers; NaN where missing or no number.
    text, threshold, missing
        The value where it is no number, the threshold rows used, and the columns that leave the
        criterion unknown.
    """

    rows: NDArray[np.intp]
    criterion: str
    truth: NDArray[np.int8]
    atom: int
    measure: str
    value: NDArray[np.float64]
    text: Coded
    operator: str
    limit: NDArray[np.float64]
    atom_truth: NDArray[np.int8]
    threshold: Coded
    missing: Coded


def stacked(blocks: Sequence[Block], index: pd.Index) -> pd.DataFrame:
    """Put blocks under each other.

    Parameters
    ----------
    blocks
        In order.
    index
        Names of the parcels, each once.

    Returns
    -------
    DataFrame
        A line per block and row; everything but numbers is categorical.
    """
    sizes = [len(block.rows) for block in blocks]

    def repeated(values: Sequence[str]) -> pd.Categorical:
        codes, texts = pd.factorize(np.array(values, dtype=object))
        return pd.Categorical.from_codes(np.repeat(codes.astype(np.int16), sizes), texts)

    return pd.DataFrame(
        {
            "row": pd.Categorical.from_codes(_joined([b.rows for b in blocks], np.int32), index),
            "criterion": repeated([b.criterion for b in blocks]),
            "truth": _truths([b.truth for b in blocks]),
            "atom": np.repeat(np.array([b.atom for b in blocks], dtype=np.int8), sizes),
            "measure": repeated([b.measure for b in blocks]),
            "value": _joined([b.value for b in blocks], np.float64),
            "text": _texts([b.text for b in blocks]),
            "operator": repeated([b.operator for b in blocks]),
            "limit": _joined([b.limit for b in blocks], np.float64),
            "atom_truth": _truths([b.atom_truth for b in blocks]),
            "threshold": _texts([b.threshold for b in blocks]),
            "missing": _texts([b.missing for b in blocks]),
        },
        copy=False,
    )


def _joined(parts: Sequence[NDArray[np.generic]], dtype: type[np.generic]) -> NDArray[np.generic]:
    if not parts:
        return np.empty(0, dtype=dtype)
    return np.concatenate([part.astype(dtype, copy=False) for part in parts])


def _truths(parts: Sequence[NDArray[np.int8]]) -> pd.Categorical:
    return pd.Categorical.from_codes(_joined(parts, np.int8) - FIRST_TRUTH, list(TRUTHS))


def _texts(parts: Sequence[Coded]) -> pd.Categorical:
    """Give the distinct texts of all blocks one numbering."""
    if not parts:
        return pd.Categorical([], categories=[])
    common, texts = pd.factorize(np.concatenate([part.texts for part in parts]))
    ends = np.cumsum([len(part.texts) for part in parts])[:-1]
    numbers = np.split(common.astype(np.int32), ends)
    codes = [
        np.append(number, np.int32(-1))[part.codes]
        for part, number in zip(parts, numbers, strict=True)
    ]
    return pd.Categorical.from_codes(np.concatenate(codes), texts)
