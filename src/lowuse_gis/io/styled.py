"""Give the layers that lowuse writes their styles."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lowuse_gis.core.cartography.conventions import (
    checks_style,
    legacy_style,
    one_type_style,
    theme_style,
    type_style,
    units_style,
    verdict_style,
)
from lowuse_gis.io.check_report import severity_labels
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from lowuse_gis.core.cartography.style import LayerStyle
    from lowuse_gis.io.out_layer import OutLayer
    from lowuse_gis.model import Rulebook

OF_TYPE = "lowuse_"  # before the type in names of layers


def styled(layers: Iterable[OutLayer], rulebook: Rulebook) -> Iterator[OutLayer]:
    """Give layers the styles that go with their names.

    Parameters
    ----------
    layers, rulebook
        What is written, and the rules; ``map.toml`` has the colours.

    Yields
    ------
    OutLayer
    """
    for layer in layers:
        names = {column.name for column in layer.columns}
        styles = styles_of(layer.name, names, rulebook) if layer.geometry else ()
        yield replace(layer, styles=styles)


def styles_of(name: str, columns: Collection[str], rulebook: Rulebook) -> list[LayerStyle]:
    """Return the styles of a layer.

    Parameters
    ----------
    name, columns
        The layer, and what it has.
    rulebook
        Has colours and words.

    Returns
    -------
    list of LayerStyle
        The one it has by itself first; empty for a layer that is not known.
    """
    maps = rulebook.maps
    words = {
        domain: {code: pick(*both) for code, both in rulebook.domain(domain).items()}
        for domain in ("verdict", "land_type", "legacy_state")
    }
    if name == "parcels":
        units = rulebook.columns["unit"].fillna("").to_dict()
        themes = [t for t in maps.get("theme", []) if t["column"] in columns]
        shown = [theme_style(t, maps, str(units.get(t["column"], ""))) for t in themes]
        return [verdict_style(maps, words), type_style(maps, words), *shown]
    if name.startswith(OF_TYPE):
        code = name.removeprefix(OF_TYPE)
        label = _("low-use: {type}").format(type=words["land_type"].get(code, code))
        return [one_type_style(code, label, maps)]
    if name == "checks":
        return [checks_style(maps, severity_labels())]
    if name == "units":
        return [units_style(maps, float(rulebook.constants["mu"]))]
    if name == "legacy":
        return [legacy_style(maps, words)]
    return []
