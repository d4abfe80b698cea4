"""Layers of partitions as a check looks at them: as if they had just been delivered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from lowuse_gis.commands.receive_delivery import identified
from lowuse_gis.io.partitions import HOME, ORDER, part_file, read_frame
from lowuse_gis.model import Delivered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from lowuse_gis.model import Run

GEOMETRY = "geometry"
NO_FIELDS = pd.DataFrame({"field": [], "column": [], "dtype": [], "width": []})


@dataclass(frozen=True)
class Files:
    """The files that a layer was delivered in.

    Attributes
    ----------
    source
        The layer.
    numbers, counts
        Of each file: its number in the run, and how many features it has.
    names
        Of each file: where it comes from, and its layer, as shown.
    columns
        Standard columns that the files have; None where that is not known any more.
    """

    source: str
    numbers: Sequence[int]
    counts: Sequence[int]
    names: Sequence[tuple[str, str]]
    columns: Sequence[str] | None

    @property
    def count(self) -> int:
        """Features of all files."""
        return sum(self.counts)

    def rows(self, places: NDArray[np.int64]) -> pd.Index:
        """Name features by their places in the whole layer, as reading the files does.

        Parameters
        ----------
        places
            From 0.

        Returns
        -------
        Index of str

        Examples
        --------
        >>> Files("parcels", (1, 4), (2, 9), (), None).rows(np.array([0, 1, 2])).tolist()
        ['1:1', '1:2', '4:1']
        """
        ends = np.cumsum(self.counts)
        file = np.searchsorted(ends, places, side="right")
        inside = places - np.concatenate([[0], ends])[file] + 1
        number = np.asarray(self.numbers, dtype=np.int64)[file]
        pairs = zip(number.tolist(), inside.tolist(), strict=True)
        return pd.Index([f"{n}:{at}" for n, at in pairs], name="row", dtype="str")

    def delivered(self, frame: pd.DataFrame, places: NDArray[np.int64], run: Run) -> Delivered:
        """Take features for what was delivered.

        Parameters
        ----------
        frame, places
            Features of a partition, and their places in the whole layer.
        run
            The rules.

        Returns
        -------
        Delivered
            Without cells; with the columns that the files had, and what the codes say.
        """
        known = self.columns
        kept = [n for n in frame if n == GEOMETRY or known is None or n in known]
        frame = frame[[n for n in kept if n not in (ORDER, HOME)]].set_axis(self.rows(places))
        raw = pd.DataFrame(index=frame.index)
        file, layer = self.names[0] if len(self.names) == 1 else ("", "")
        whole = Delivered(self.source, file, layer, gpd.GeoDataFrame(frame), raw, NO_FIELDS)
        return identified(whole, run)


@dataclass(frozen=True)
class Piece:
    """What a partition has of a layer.

    Attributes
    ----------
    delivered
        What is at home in it, and what lies near, in the order of the layer.
    home
        What is at home.
    places
        In the whole layer.
    """

    delivered: Delivered
    home: NDArray[np.bool_]
    places: NDArray[np.int64]

    @property
    def order(self) -> pd.Series:
        """Places by row."""
        return pd.Series(self.places, self.delivered.frame.index)


def piece_of(
    folder: Path, part: str, files: Files, run: Run, columns: Sequence[str] | None = None
) -> Piece:
    """Read a layer of a partition.

    Parameters
    ----------
    folder, part, files
        The folder of partitions, the one of them, and the layer.
    run
        The rules.
    columns
        Those wanted; all where None.

    Returns
    -------
    Piece
    """
    wanted = None if columns is None else [*dict.fromkeys([*columns, ORDER, HOME])]
    frame = read_frame(part_file(folder, part, files.source), wanted)
    home, places = frame[HOME].to_numpy(dtype=bool), frame[ORDER].to_numpy(dtype=np.int64)
    return Piece(files.delivered(frame, places, run), home, places)


def at_home(piece: Piece) -> Delivered:
    """Leave only what is at home.

    Parameters
    ----------
    piece
        Of a layer.

    Returns
    -------
    Delivered
    """
    whole = piece.delivered
    return replace(whole, frame=whole.frame[piece.home], raw=whole.raw[piece.home])


def whole_layer(
    folder: Path, parts: Iterable[str], files: Files, run: Run, columns: Sequence[str]
) -> Delivered:
    """Put some columns of a layer together from all partitions.

    Parameters
    ----------
    folder, parts, files, run
        As for `piece_of`.
    columns
        Those wanted; with ``geometry`` for shapes.

    Returns
    -------
    Delivered
        In the order of the layer.
    """
    wanted = [*dict.fromkeys([*columns, ORDER, HOME])]
    frames = [read_frame(part_file(folder, part, files.source), wanted) for part in parts]
    frames = [frame[frame[HOME].to_numpy(dtype=bool)] for frame in frames]
    whole = pd.concat([frame for frame in frames if len(frame)] or frames[:1])
    whole = whole.sort_values(ORDER, kind="stable")
    return files.delivered(whole, whole[ORDER].to_numpy(dtype=np.int64), run)


def flat(found: pd.DataFrame) -> gpd.GeoDataFrame:
    """Make findings ready to be written to Parquet.

    Parameters
    ----------
    found
        With shapes or None in ``geometry``.

    Returns
    -------
    GeoDataFrame
        Texts as texts, numbers as numbers, also where there is no line.
    """
    numbers = {"value", "limit", "x", "y"}
    whole = {"rule", "at", "beside", "order", "table"}
    kinds = {
        n: "float64" if n in numbers else "int64" if n in whole else "str"
        for n in found
        if n != GEOMETRY
    }
    shapes = found[GEOMETRY].to_numpy(dtype=object) if GEOMETRY in found else None
    plain = found.drop(columns=GEOMETRY, errors="ignore").astype(kinds)
    return gpd.GeoDataFrame(
        plain,
        geometry=gpd.GeoSeries(shapes if shapes is not None else [None] * len(plain), plain.index),
    )


def unflat(found: pd.DataFrame) -> pd.DataFrame:
    """Return findings as checks make them, from what `flat` made ready.

    Parameters
    ----------
    found
        As read.

    Returns
    -------
    DataFrame
    """
    shapes = pd.Series(list(found[GEOMETRY]), found.index, dtype=object)
    return pd.DataFrame(found.drop(columns=GEOMETRY)).assign(geometry=shapes)


def files_from(content: Mapping[str, object]) -> Files:
    """Return what a job was told of the files of a layer.

    Parameters
    ----------
    content
        Plain values.

    Returns
    -------
    Files
    """
    return Files(**content)  # type: ignore[arg-type]
