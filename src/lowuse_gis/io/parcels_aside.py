"""Write the layers of parcels in one process while another makes the tables after them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from lowuse_gis.core.verdict import LOW_USE
from lowuse_gis.io.geopackage import begin_geopackage
from lowuse_gis.io.out_layer import ROWS, batches_of
from lowuse_gis.io.styled import OF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from lowuse_gis.io.out_layer import OutLayer


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


def begin_with_parcels(
    path: Path, rows: Path, layers: Sequence[OutLayer], crs: str, as_of: date
) -> None:
    """Write the layers of parcels into a new GeoPackage.

    Parameters
    ----------
    path
        What stands there is an attempt that was given up.
    rows
        Of `hand_over`; it is gone when all is written.
    layers
        Those of `lowuse_gis.io.parcel_layers.parcel_layers`, without rows.
    crs, as_of
        As for `lowuse_gis.io.geopackage.write_geopackage`.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    path.unlink(missing_ok=True)
    with pa.memory_map(str(rows)) as source:
        whole = pa.ipc.open_file(source).read_all()
        begin_geopackage(path, _with_rows(layers, whole), crs, as_of)
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
