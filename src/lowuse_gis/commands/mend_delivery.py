"""Mend all layers of a delivery and keep the record of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.core.inspection.together import together
from lowuse_gis.io.clean import (
    MENDS,
    RECORD,
    TAKEN_OUT,
    clean_layer,
    field_names,
    rows_of,
    write_clean,
    write_ledger,
)
from lowuse_gis.stages.tidy import tidy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd

    from lowuse_gis.model import Delivered, Run

LAYER = "layer"


@dataclass(frozen=True)
class Mending:
    """What mending made of a delivery.

    Attributes
    ----------
    layers
        The mended layers, one per source; what cannot be mended, such as tables, as it is.
    clean
        What is written, by layer name.
    record
        Every change, applied or refused, in order.
    """

    layers: Sequence[Delivered]
    clean: Mapping[str, gpd.GeoDataFrame]
    record: pd.DataFrame

    @property
    def applied(self) -> int:
        """How many changes were made."""
        return int(self.record["applied"].astype(bool).sum())

    @property
    def refused(self) -> int:
        """How many were refused."""
        return len(self.record) - self.applied


def mend_delivery(layers: Sequence[Delivered], run: Run) -> Mending:
    """Mend what can be mended safely.

    Parameters
    ----------
    layers
        As they were read.
    run
        The rules.

    Returns
    -------
    Mending
        Every feature read is in a mended layer or among what was taken out.
    """
    files = rows_of(layers)
    mended: list[Delivered] = []
    clean: dict[str, gpd.GeoDataFrame] = {}
    records = []
    for source, delivered in together(layers).items():
        rule = run.rulebook.sources.get(source)
        if rule is None or rule.kind != LAYER:
            mended.append(delivered)
            continue
        tidied = tidy(delivered, run)
        mended.append(tidied.delivered)
        clean[source] = clean_layer(tidied.delivered, run.rulebook, files)
        if len(tidied.taken_out.frame):
            clean[source + TAKEN_OUT] = clean_layer(tidied.taken_out, run.rulebook, files)
        records.append(_record(tidied.changes, delivered, files, run))
    return Mending(mended, clean, _numbered(records))


def _record(
    changes: pd.DataFrame, delivered: Delivered, files: pd.Series, run: Run
) -> pd.DataFrame:
    """Name the file, the field and the feature of each change."""
    fields = field_names(delivered, run.rulebook)
    specs = run.rulebook.fields.get(delivered.source, {})
    codes = [c for c, s in specs.items() if s.get("type") == "code" and c in delivered.frame]
    ids = delivered.frame[codes[0]].fillna("") if codes else pd.Series("", delivered.frame.index)
    return changes.assign(
        field=changes["column"].map(fields).fillna(""),
        file=changes["row"].map(files),
        id=changes["row"].map(ids.astype("str")),
        undone=False,
    )


def _numbered(records: Sequence[pd.DataFrame]) -> pd.DataFrame:
    names = [name for name, _dtype in RECORD]
    kept = [record for record in records if len(record)]
    if not kept:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in names})
    whole = pd.concat(kept, ignore_index=True)
    return whole.assign(number=range(1, len(whole) + 1))[names]


def write_mending(path: Path, name: str, mending: Mending | None, run: Run) -> None:
    """Write the ledger of mending, or the clean GeoPackage.

    Parameters
    ----------
    path, name
        Where to, and the final name, which says which of the two.
    mending, run
        What was mended, and the rules.
    """
    if mending is None:
        return
    if name == f"{MENDS}.csv":
        write_ledger(path, mending.record)
    else:
        write_clean(path, mending.clean, mending.record, run.rulebook.crs, run.as_of)
