"""``lowuse map``: one page with the whole result, for anybody with a browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lowuse_gis.commands.progress import Progress
from lowuse_gis.commands.results import read_with_rules
from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.legacy_file import read_legacy
from lowuse_gis.io.overview import overview_of
from lowuse_gis.io.page_file import packed, packed_arrays, packed_chunks, packed_json, write_page
from lowuse_gis.io.page_words import page_words
from lowuse_gis.io.result import MET
from lowuse_gis.io.tiles import tiles_of
from lowuse_gis.io.units_file import read_units
from lowuse_gis.language import _
from lowuse_gis.stages.maps.content import Shown, further_texts
from lowuse_gis.stages.maps.lists import outlines_of, places_of, texts_of
from lowuse_gis.stages.review import review_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from numpy.typing import NDArray

    from lowuse_gis.io.overview import Overview
    from lowuse_gis.io.tiles import Tiles

LAYER = "parcels"  # in the tiles
UNIT = {"id": "unit_id", "name": "name", "area": "area", "low": "low_use_area"}
PIECE = {"id": "legacy_code", "state": "state"}


@dataclass(frozen=True)
class Request:
    """What the user asked for.

    Attributes
    ----------
    result, output
        What classify wrote, and the page to write.
    units, legacy
        What units and legacy find wrote; None for none.
    rules
        Rulebook whose map.toml counts; that of the result where empty.
    """

    result: Path
    output: Path
    units: Path | None = None
    legacy: Path | None = None
    rules: str = ""
    overwrite: bool = False
    threads: int = 2


@dataclass(frozen=True)
class Mapped:
    """What was written, for the screen.

    Attributes
    ----------
    path, size
        The page, and its bytes.
    parcels, units, legacy
        How many it shows.
    placeless
        Parcels without a shape: they are found by searching only.
    """

    path: Path
    size: int
    parcels: int
    units: int
    legacy: int
    placeless: int


def map_page(request: Request, progress: Progress | None = None) -> Mapped:
    """Write the page of a result.

    Parameters
    ----------
    request, progress
        What the user asked for, and what shows how far it is.

    Returns
    -------
    Mapped
    """
    progress = progress or Progress()
    refuse_existing([request.output], overwrite=request.overwrite)
    with progress.stage(_("reading")):
        result, rulebook = read_with_rules(request.result, request.rules, findings=MET)
        units = read_units(request.units, ("members",)) if request.units else None
        legacy = read_legacy(request.legacy)[0] if request.legacy else None
    parcels = result.parcels
    title = _("Low-use land of {district}").format(district=rulebook.district)
    with progress.stage(_("texts")):
        told = review_table(result)
        more = further_texts(result, units.tables["members"] if units else None)
        texts = texts_of(parcels, told, more)
    with progress.stage(_("packing texts"), len(texts)) as reached:
        pieces = packed_chunks(texts, request.threads, reached)
    with progress.stage(_("shapes")):
        shown = Shown(result, rulebook)
        places = places_of(parcels)
        tiles = tiles_of(shown.tile_frame(), LAYER, int(rulebook.maps["zoom"]))
        overview = overview_of(parcels, shown.order())
    outlines = {
        "units": outlines_of(units.units if units else None, UNIT),
        "legacy": outlines_of(legacy, PIECE),
    }
    with progress.stage(_("writing")), all_or_nothing([request.output]) as (part,):
        facts = shown.facts() | {
            "title": title,
            "count": len(parcels),
            "words": page_words(),
            "unit_signs": int(rulebook.maps["lettering"]["unit_signs"]),
        }
        blobs = _packed(facts, shown.arrays(places), tiles, overview)
        blobs["outlines"] = packed_json(outlines)
        write_page(part, title, blobs, {"texts": pieces})
    size = request.output.stat().st_size
    counts = (len(outlines["units"]["features"]), len(outlines["legacy"]["features"]))
    return Mapped(request.output, size, len(parcels), *counts, int(np.isnan(places[:, 0]).sum()))


def _packed(
    facts: Mapping[str, object],
    arrays: Mapping[str, NDArray[Any]],
    tiles: Tiles,
    overview: Overview,
) -> dict[str, str]:
    """Pack what the page shows, and tell it how."""
    packing, index = packed_arrays({**arrays, "tiles": tiles.index.astype(np.uint32)})
    told = {
        **facts,
        "arrays": index,
        "tiles": {"zoom": tiles.zoom, "layer": LAYER},
        "overview": {"size": overview.cells.shape[::-1], "corners": overview.corners.tolist()},
    }
    return {
        "facts": packed_json(told),
        "arrays": packing,
        "overview": packed(overview.cells.astype("<u4").tobytes()),
        "tiles": packed(tiles.data),
    }
