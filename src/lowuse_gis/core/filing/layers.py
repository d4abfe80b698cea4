"""Layers of a package: records chosen, put in order, and written under the profile's fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.conditions import parse_condition
from lowuse_gis.core.evaluation import TRUE, Evaluator
from lowuse_gis.core.filing.values import filed_field, filed_values, fitted
from lowuse_gis.errors import RuleError, SealError
from lowuse_gis.language import _
from lowuse_gis.model.filing import TEXT, FiledField, FiledLayer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowuse_gis.model import Rulebook

GRID = 1e-4  # m: FileGDB and shapefile keep this much of a coordinate
STATE_BYTES = 20


def filed_layer(
    name: str,
    dataset: pd.DataFrame,
    profile: Mapping[str, Any],
    names: Mapping[str, object],
    rulebook: Rulebook,
) -> tuple[FiledLayer, Mapping[str, int]]:
    """Write a dataset as a layer of the profile.

    Parameters
    ----------
    name
        Of the layer in the profile.
    dataset
        Records in standard columns.
    profile, names
        What is filed, and what its patterns may name.
    rulebook
        Code lists and units.

    Returns
    -------
    layer : FiledLayer
    cut : mapping
        Field to the number of texts that were too long for it.

    Raises
    ------
    RuleError
        Where the profile asks for what is not there.
    """
    spec = profile["layers"][name]
    if not spec.get("key"):
        raise RuleError(
            _("layer {name}: no key").format(name=name),
            _("add the line: {example}").format(example='key = "DKBH"'),
        )
    maps = profile.get("maps", {})
    records = _ordered(_chosen(name, dataset, spec), spec)
    content: dict[str, pd.Series] = {}
    cut: dict[str, int] = {}
    fields = [filed_field(entry, maps, rulebook) for entry in spec["fields"]]
    for entry, field in zip(spec["fields"], fields, strict=True):
        values = filed_values(records, entry, maps, names, rulebook)
        content[field.code], lost = fitted(values, field, profile.get("signs"))
        if lost:
            cut[field.code] = lost
    if "state" in spec:
        fields.append(state_field(spec, profile))
        content[spec["state"]] = _state(records, profile)
    frame = pd.DataFrame(content, index=records.index).reset_index(drop=True)
    crs = spec.get("crs") or profile.get("crs") or rulebook.crs
    if not spec.get("plain"):
        shapes = on_grid(records.geometry.to_numpy())
        frame = gpd.GeoDataFrame(frame, geometry=shapes, crs=rulebook.crs).to_crs(crs)
    return FiledLayer(name, spec["title"], fields, frame, crs, spec["key"], spec), cut


def sealed_layer(
    name: str, sealed: pd.DataFrame, profile: Mapping[str, Any], rulebook: Rulebook
) -> FiledLayer:
    """Take a sealed database into a package as it is, to the last digit.

    Parameters
    ----------
    name
        Of the layer in the profile.
    sealed
        Records under the field codes they were sealed with.
    profile, rulebook
        What is filed.

    Returns
    -------
    FiledLayer

    Raises
    ------
    SealError
        Where the profile asks for other fields than those that are sealed.
    """
    spec = profile["layers"][name]
    fields = [filed_field(entry, profile.get("maps", {}), rulebook) for entry in spec["fields"]]
    lacking = [field.code for field in fields if field.code not in sealed]
    if lacking:
        raise SealError(
            _("{layer}: the sealed database has no field {names}").format(
                layer=name, names=", ".join(lacking)
            ),
            _("a sealed database is filed as it is; take the profile it was sealed with"),
        )
    frame = sealed[[*(field.code for field in fields), "geometry"]]
    return FiledLayer(name, spec["title"], fields, frame, str(sealed.crs), spec["key"], spec)


def _chosen(name: str, dataset: pd.DataFrame, spec: Mapping[str, Any]) -> pd.DataFrame:
    if "when" not in spec or not len(dataset):
        return dataset
    known = set(dataset) - {"geometry"}
    condition = parse_condition(spec["when"], known, set(), f"layers.{name}")
    chosen = {column: dataset[column] for column in condition.columns}
    table = pd.DataFrame(chosen, index=dataset.index)
    (truth,) = Evaluator(table, pd.DataFrame(index=table.index)).truths([condition])
    return dataset[truth == TRUE]


def _ordered(records: pd.DataFrame, spec: Mapping[str, Any]) -> pd.DataFrame:
    order = [column for column in spec.get("order", ()) if column in records]
    return records.sort_values(order, kind="stable", na_position="last") if order else records


def state_field(spec: Mapping[str, Any], profile: Mapping[str, Any]) -> FiledField:
    """Return the field that says whether a town has decided a verdict.

    Parameters
    ----------
    spec, profile
        The layer's entry, with ``state``, and its profile.

    Returns
    -------
    FiledField
    """
    return FiledField(spec["state"], profile["state_title"], TEXT, STATE_BYTES, need="M")


def _state(records: pd.DataFrame, profile: Mapping[str, Any]) -> pd.Series:
    decided = records["verdict_final"].notna() if "verdict_final" in records else False
    marks = profile["final_mark"], profile["draft_mark"]
    return pd.Series(np.where(decided, *marks), index=records.index, dtype="str")


def on_grid(shapes: np.ndarray) -> np.ndarray:
    """Round coordinates to what every format of a package keeps.

    Parameters
    ----------
    shapes
        Polygons; None stays.

    Returns
    -------
    ndarray of geometry
        Coordinates are whole multiples of 0.1 mm; a shape that rounding makes invalid is put right.
    """
    flat = shapely.force_2d(shapes)
    rounded = shapely.transform(flat, lambda xy: np.round(xy / GRID) * GRID)
    broken = ~shapely.is_valid(rounded) & ~shapely.is_missing(rounded)
    if broken.any():
        rounded[broken] = shapely.set_precision(flat[broken], GRID)
    return rounded
