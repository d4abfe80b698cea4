"""Write checks and parcels in one process while another makes the tables after them."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from lowuse_gis.core.verdict import LOW_USE
from lowuse_gis.io.check_rows import checks_layer, counted
from lowuse_gis.io.geopackage import begin_geopackage
from lowuse_gis.io.out_layer import ROWS, batches_of
from lowuse_gis.io.result_writing import checks_table
from lowuse_gis.io.styled import OF_TYPE, styled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pandas as pd

    from lowuse_gis.io.out_layer import OutLayer
    from lowuse_gis.model import Run


def hand_over(file: Path, parcels: OutLayer) -> None:
    """Put the rows of the layer of all parcels where another process finds them.

    Parameters
    ----------
    file
        A new file, which that process looks at without reading it whole.
    parcels
        The layer.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    rows = batches_of(parcels)
    with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, rows.schema) as into:
        for batch in rows:
            into.write_batch(batch)


def begin_with_checks(
    path: Path, checks: Sequence[pd.DataFrame], parcel_codes: pd.Series, run: Run
) -> tuple[OutLayer, pd.DataFrame]:
    """Write the layer of checks into a new GeoPackage.

    Parameters
    ----------
    path
        What stands there is an attempt that was given up.
    checks, parcel_codes
        As for `lowuse_gis.io.result_writing.checks_table`.
    run
        The rules.

    Returns
    -------
    OutLayer
        The layer, without rows.
    DataFrame
        Check rows counted, with their titles.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    path.unlink(missing_ok=True)
    table = checks_table(checks, parcel_codes, run.rulebook)
    (layer,) = styled([checks_layer(table)], run.rulebook)
    begin_geopackage(path, [(layer, batches_of(layer))], run.rulebook.crs, run.as_of)
    return replace(layer, frame=layer.frame.head(0)), counted(table)


def add_parcels(path: Path, begun: Path, rows: Path, layers: Sequence[OutLayer], run: Run) -> None:
    """Write the layers of parcels behind that of checks.

    Parameters
    ----------
    path
        What stands there is an attempt that was given up.
    begun
        Of `begin_with_checks`; it is left as it is.
    rows
        Of `hand_over`; it is gone when all is written.
    layers
        Those of `lowuse_gis.io.parcel_layers.parcel_layers`, without rows.
    run
        The rules.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    path.unlink(missing_ok=True)
    shutil.copyfile(begun, path)
    with pa.memory_map(str(rows)) as source:
        whole = _with_rows(layers, pa.ipc.open_file(source).read_all())
        begin_geopackage(path, whole, run.rulebook.crs, run.as_of, append=True)
    with suppress(OSError):  # some systems keep what is still looked at
        rows.unlink()  # before it is on the disk


def _with_rows(
    layers: Sequence[OutLayer], whole: pa.Table
) -> Iterator[tuple[OutLayer, pa.RecordBatchReader]]:
    parcels, *types = layers
    yield parcels, whole.to_reader()
    low = whole.filter(pc.equal(whole["verdict"], LOW_USE)) if types else whole
    for layer in types:
        mine = pc.equal(low["land_type"], layer.name.removeprefix(OF_TYPE))
        chosen = low.filter(mine).combine_chunks()
        yield layer, chosen.to_reader(max_chunksize=ROWS)
