"""What stands on the card of a parcel (一地一策)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from lowuse_gis.core.verdict import LOW_USE
from lowuse_gis.core.written_columns import written_column
from lowuse_gis.errors import InputError
from lowuse_gis.language import _, pick
from lowuse_gis.model.card import Card, Picture

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

    from lowuse_gis.model import Rulebook


def chosen_rows(parcels: pd.DataFrame, wanted: Sequence[str]) -> list[str]:
    """Find the parcels that codes or rows name.

    Parameters
    ----------
    parcels
        Judged parcels, indexed by ``row``.
    wanted
        Parcel codes or rows.

    Returns
    -------
    list of str
        Rows, each once; several where parcels share a code.

    Raises
    ------
    InputError
        Where one names none.
    """
    codes = parcels["parcel_code"]
    rows: dict[str, None] = {}
    for name in wanted:
        found = [name] if name in parcels.index else list(parcels.index[codes == name])
        if not found:
            raise InputError(
                _("no parcel {wanted} in the result").format(wanted=name),
                _("give parcel codes, or rows such as 1:17"),
            )
        rows |= dict.fromkeys(found)
    return list(rows)


def cards_of(
    parcels: gpd.GeoDataFrame,
    rows: Sequence[str],
    texts: pd.DataFrame,
    pathways: pd.DataFrame,
    rulebook: Rulebook,
) -> list[Card]:
    """Write cards.

    Parameters
    ----------
    parcels
        All judged parcels in a plane CRS, indexed by ``row``.
    rows
        The parcels that are wanted.
    texts
        Per such row ``why``, ``missing``, ``ask``, ``so_far``, and ``problems``, a list.
    pathways
        Of ``pathways_of``, indexed by ``row``.
    rulebook
        ``map.toml`` says which columns a card states.

    Returns
    -------
    list of Card
        In the order of the rows.
    """
    spec = rulebook.maps["card"]
    words = rulebook.domain("verdict")
    own = parcels.loc[list(rows)]
    columns = {
        name: written_column(own, rulebook, name)
        for name in (*spec["facts"], *spec["wishes"])
        if name in own
    }
    for name, table in spec.get("words", {}).items():
        if name in columns and table in rulebook.codes:
            columns[name] = _called(own[name], columns[name], rulebook.codes[table])
    tree = shapely.STRtree(parcels.geometry.to_numpy())
    cards = []
    for row in rows:
        told = {name: values[row] for name, values in columns.items()}
        verdict = str(parcels.at[row, "verdict"])
        cards.append(
            Card(
                row,
                str(parcels.at[row, "parcel_code"] or row),
                pick(*words[verdict]),
                rulebook.maps["verdict_colours"][verdict],
                _pairs(spec["facts"], told, rulebook),
                _pairs(spec["wishes"], told, rulebook),
                _sections(row, texts, pathways),
                _neighbours(parcels, row, tree, rulebook),
                _picture(parcels, row, tree, rulebook),
            )
        )
    return cards


def _called(codes: pd.Series, told: pd.Series, table: pd.DataFrame) -> pd.Series:
    """Write the name of a code behind it: that of the longest code that it begins with."""
    keys = table.iloc[:, 0].astype("str")
    names = dict(zip(keys, map(pick, table["name"], table["name_en"]), strict=True))
    texts = {}
    for code in codes.dropna().astype("str").unique():
        known = [code[:at] for at in range(len(code), 0, -1) if code[:at] in names]
        texts[code] = f"{code} {names[known[0]]}" if known else code
    return codes.astype("str").map(texts).astype("str").fillna(told)


def _pairs(
    names: Sequence[str], told: Mapping[str, str], rulebook: Rulebook
) -> list[tuple[str, str]]:
    """Name what is stated; what is not known is stated as such."""
    labels = rulebook.columns
    return [
        (pick(labels.at[name, "label"], labels.at[name, "label_en"]), told[name])
        for name in names
        if name in told
    ]


def _sections(
    row: str, texts: pd.DataFrame, pathways: pd.DataFrame
) -> list[tuple[str, Sequence[str]]]:
    text = texts.loc[row]
    lacking = [f"{text['missing']}（{text['ask']}）"] if text["missing"] else []
    found = [
        (_("Why"), [line for line in str(text["why"]).split(pick("；", "; ")) if line]),
        (_("Missing"), lacking),
        (_("Decision of the town"), [text["so_far"]] if text["so_far"] else []),
        (_("Problems"), list(text["problems"]) if isinstance(text["problems"], list) else []),
    ]
    if row in pathways.index:
        way: Any = pathways.loc[row]
        lines = [way["title"], way["text"], way["tools"], f"{way['document']} {way['clause']}"]
        found.append((_("Pathway and policy tools"), [line for line in lines if str(line).strip()]))
    return [(heading, lines) for heading, lines in found if lines]


def _neighbours(
    parcels: gpd.GeoDataFrame, row: str, tree: shapely.STRtree, rulebook: Rulebook
) -> list[tuple[str, str, str, str]]:
    """List what lies near, the nearest first."""
    spec, shape = rulebook.maps["card"], parcels.geometry.loc[row]
    if shape is None or shape.is_empty:
        return []
    near = tree.query(shape, predicate="dwithin", distance=spec["neighbour_distance"])
    near = near[near != parcels.index.get_loc(row)]
    others = parcels.iloc[near]
    distance = shapely.distance(others.geometry.to_numpy(), shape)
    first = np.lexsort([others.index.to_numpy(), distance])[: spec["neighbours"]]
    others = others.iloc[first]
    kinds, verdicts = (written_column(others, rulebook, n) for n in ("land_type", "verdict"))
    codes = others["parcel_code"].fillna(others.index.to_series())
    lines = zip(codes, kinds, verdicts, distance[first], strict=True)
    return [(str(c), str(k), str(v), f"{d:.0f} m") for c, k, v, d in lines]


def _picture(
    parcels: gpd.GeoDataFrame, row: str, tree: shapely.STRtree, rulebook: Rulebook
) -> Picture | None:
    """Cut out the square around a parcel; low-use parcels lie over others."""
    spec, shape = rulebook.maps["card"], parcels.geometry.loc[row]
    if shape is None or shape.is_empty:
        return None
    west, south, east, north = shapely.bounds(shape)
    side = max(east - west, north - south)
    half = side / 2 + max(spec["around"] * side, spec["around_least"])
    x, y = (west + east) / 2, (south + north) / 2
    window = (x - half, y - half, x + half, y + half)
    near = np.sort(tree.query(shapely.box(*window)))
    near = near[near != parcels.index.get_loc(row)]
    others = parcels.iloc[near]
    low = (others["verdict"] == LOW_USE).to_numpy()
    others = others.iloc[np.argsort(low, kind="stable")]
    shown = [*others.geometry, shape]
    cut = shapely.clip_by_rect(shapely.make_valid(np.array(shown, dtype=object)), *window)
    paints = rulebook.maps["verdict_colours"]
    colours = [paints[str(v)] for v in (*others["verdict"], parcels.at[row, "verdict"])]
    words = rulebook.domain("verdict")
    legend = [(pick(*words[code]), colour) for code, colour in paints.items()]
    return Picture(window, cut, colours, legend)
