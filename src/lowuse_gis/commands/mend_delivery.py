"""Mend all layers of a delivery and keep the record of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.core.inspection.together import feature_ids, together
from lowuse_gis.io.clean import (
    RECORD,
    TAKEN_OUT,
    clean_layer,
    field_names,
    rows_of,
)
from lowuse_gis.stages.tidy import tidy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    ids = feature_ids(delivered, run.rulebook.fields.get(delivered.source, {}))
    return changes.assign(
        field=changes["column"].map(fields).fillna(""),
        file=changes["row"].map(files),
        id=changes["row"].map(ids).fillna(""),
        undone=False,
    )


def _numbered(records: Sequence[pd.DataFrame]) -> pd.DataFrame:
    names = [name for name, _dtype in RECORD]
    kept = [record for record in records if len(record)]
    if not kept:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in names})
    whole = pd.concat(kept, ignore_index=True)
    return whole.assign(number=range(1, len(whole) + 1))[names]
