"""Cut construction land into pieces of one history, and say what is known of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.area import ellipsoidal_area
from lowuse_gis.core.attributes import attributes_of
from lowuse_gis.core.composition import rounded_parts
from lowuse_gis.core.conditions import parse_condition
from lowuse_gis.core.covered import covered_area
from lowuse_gis.core.cutting import cut_along
from lowuse_gis.core.division_codes import town_of, village_of
from lowuse_gis.core.evaluation import TRUE, Evaluator
from lowuse_gis.core.overlay import overlaps
from lowuse_gis.errors import InputError
from lowuse_gis.language import _
from lowuse_gis.measures.measured import covered_towns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lowuse_gis.model import Run, Source, Survey

PARCELS = "parcels"
CONTEXT = "context"  # roads, railways and the like: what land_classes.csv says of their fate
COMPLETE = "no"  # absence of a source that is complete
CARRIED = ("survey_class", "survey_ownership")


def pieces_of(survey: Survey, run: Run) -> gpd.GeoDataFrame:
    """Cut the base layer by every layer of evidence.

    Parameters
    ----------
    survey
        As read and mended: parcels, and the layers that were supplied.
    run
        Rules: ``legacy.toml``.

    Returns
    -------
    GeoDataFrame
        A line per piece: ``polygon`` of the base, class, ownership, town, village; 1, 0 or missing
        for each evidence; ``area`` in m² of the ellipsoid, which adds up to the polygon's to 0.01.

    Raises
    ------
    InputError
        Where the base layer was not supplied.
    """
    spec = run.rulebook.legacy
    base = base_of(survey, run)
    shapes, owner = shapely.get_parts(base.geometry.to_numpy(), return_index=True)
    known: dict[str, NDArray[np.float64]] = {
        spec["base_name"]: np.ones(len(shapes)),
    }
    for entry in spec["evidence"]:
        if entry.get("shares"):
            continue
        layer = _layer(entry, survey)
        if layer is None:
            known[entry["name"]] = np.full(len(shapes), np.nan)
            continue
        cover = layer.geometry.to_numpy()
        shapes, at, inside = cut_along(shapes, cover, spec["noise"], threads=run.threads)
        owner = owner[at]
        known = {name: values[at] for name, values in known.items()}
        towns = base["town_code"].to_numpy()[owner]
        outside = _outside(survey.supplied(entry["source"]), towns, entry.get("absence", ""))
        known[entry["name"]] = np.where(inside, 1.0, outside)
    return _described(base, shapes, owner, known, survey, run)


def base_of(survey: Survey, run: Run) -> gpd.GeoDataFrame:
    """Return the polygons that pieces are cut from.

    Parameters
    ----------
    survey, run
        As for `pieces_of`.

    Returns
    -------
    GeoDataFrame
        The construction land of the base layer, with town and village.

    Raises
    ------
    InputError
        Where the base layer was not supplied.
    """
    spec, rulebook = run.rulebook.legacy, run.rulebook
    layer = survey.layers.get(spec["base"])
    if layer is None:
        title = rulebook.sources[spec["base"]].title
        raise InputError(
            _("{title} is not supplied").format(title=title),
            _("name it with --source {name}=FILE, or in lowuse.toml").format(name=spec["base"]),
        )
    table = rulebook.codes[rulebook.measures["survey"]["classes"]].set_index("code")
    if spec["base_built"]:
        built = layer["survey_class"].map(table["category"]) == "construction"
        layer = layer[built.to_numpy(dtype=bool)]
    layer = layer[layer.geometry.notna()].reset_index(drop=True)
    village = layer.get("village_code", pd.Series(np.nan, layer.index, "str"))
    fate = layer["survey_class"].map(table["unregistered"])
    return layer.assign(
        context=(fate == CONTEXT).astype(float),
        town_code=town_of(village),
        village_code=village_of(village),
    )


def _layer(entry: Mapping[str, Any], survey: Survey) -> gpd.GeoDataFrame | None:
    """Return the polygons that are evidence; None where the layer was not supplied."""
    if entry["source"] == PARCELS:
        layer = survey.parcels if len(survey.parcels) else None
    else:
        layer = survey.layers.get(entry["source"])
    if layer is None:
        return None
    layer = layer[layer.geometry.notna()]
    if "when" not in entry or not len(layer):
        return layer
    table = attributes_of(layer)
    condition = parse_condition(entry["when"], set(table), set(), f"legacy.toml: {entry['name']}")
    (truth,) = Evaluator(table, pd.DataFrame(index=table.index)).truths([condition])
    return layer[truth == TRUE]


def _outside(
    sources: Sequence[Source], towns: NDArray[np.object_], absence: str
) -> NDArray[np.float64]:
    """Say what lying outside of a layer means: 0 where it is complete for the town."""
    complete = [one for one in sources if (absence or one.absence) == COMPLETE]
    known = covered_towns(pd.Series(towns), complete)
    return np.where(known, 0.0, np.nan)


def _described(
    base: gpd.GeoDataFrame,
    shapes: NDArray[np.object_],
    owner: NDArray[np.intp],
    known: Mapping[str, NDArray[np.float64]],
    survey: Survey,
    run: Run,
) -> gpd.GeoDataFrame:
    order = np.argsort(owner, kind="stable")
    shapes, owner = shapes[order], owner[order]
    whole = np.round(ellipsoidal_area(base.geometry.to_numpy(), base.crs), 2)
    content: dict[str, Any] = {"polygon": owner, **{n: v[order] for n, v in known.items()}}
    content["area"] = rounded_parts(shapely.area(shapes), owner, whole)
    content["width"] = (2 * shapely.area(shapes) / shapely.length(shapes)).round(3)
    for name in (*CARRIED, "context", "town_code", "village_code"):
        content[name] = base[name].to_numpy()[owner] if name in base else None
    for entry in run.rulebook.legacy["evidence"]:
        layer = _layer(entry, survey)
        if entry.get("shares"):
            content[entry["name"]] = _shares(shapes, layer, run.threads)
        if layer is not None:
            content |= _carried(shapes, layer, entry, run.threads)
    return gpd.GeoDataFrame(content, geometry=shapes, crs=base.crs)


def _shares(
    shapes: NDArray[np.object_], layer: gpd.GeoDataFrame | None, threads: int
) -> NDArray[np.float64]:
    if layer is None:
        return np.full(len(shapes), np.nan)
    covered, _pairs, _doubled = covered_area(shapes, layer.geometry.to_numpy(), threads=threads)
    return np.round(covered / shapely.area(shapes), 4)


def _carried(
    shapes: NDArray[np.object_], layer: gpd.GeoDataFrame, entry: Mapping[str, Any], threads: int
) -> dict[str, NDArray[np.object_]]:
    """Take columns of the polygon of evidence that covers most of each piece."""
    wanted = {c: into for c, into in entry.get("carries", {}).items() if c in layer}
    if not wanted:
        return {}
    pairs = overlaps(shapes, layer.geometry.to_numpy(), threads=threads)
    lines = pd.DataFrame({"at": pairs.subject, "of": pairs.context, "area": -pairs.area})
    best = lines.sort_values(["at", "area", "of"]).drop_duplicates("at")
    found = {}
    for column, into in wanted.items():
        values = np.full(len(shapes), None, dtype=object)
        values[best["at"]] = layer[column].to_numpy(dtype=object)[best["of"]]
        found[into] = values
    return found
