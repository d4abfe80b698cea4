"""How the layers of lowuse look, by ``map.toml``: the same in a GeoPackage and in a project."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from lowuse_gis.core.cartography.elements import any_of
from lowuse_gis.core.cartography.style import Entry, LayerStyle, Lettering
from lowuse_gis.core.cartography.symbols import AREA, POINT, Symbol
from lowuse_gis.core.verdict import LOW_USE, VERDICTS
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from collections.abc import Mapping

    Words = Mapping[str, Mapping[str, str]]  # code list to code to word

CHECKS_NAMED = 5_000  # scale from which defects are named


def verdict_style(maps: Mapping[str, Any], words: Words) -> LayerStyle:
    """Return how parcels look by verdict.

    Parameters
    ----------
    maps, words
        Of ``map.toml``, and the words of code lists.

    Returns
    -------
    LayerStyle
    """
    colours, known = maps["verdict_colours"], words.get("verdict", {})
    edges = maps["edges"]
    entries = [
        Entry(
            known.get(code, code),
            Symbol(
                AREA,
                colours[code],
                edges["low_use"] if code == LOW_USE else edges["parcel"],
                0.16 if code == LOW_USE else 0.06,
            ),
            code,
        )
        for code in VERDICTS
    ]
    return LayerStyle(_("by verdict"), entries, "verdict", _parcel_labels(maps), _parcel_name())


def type_style(maps: Mapping[str, Any], words: Words) -> LayerStyle:
    """Return how parcels look by land type.

    Parameters
    ----------
    maps, words
        As in `verdict_style`.

    Returns
    -------
    LayerStyle
    """
    colours, known = maps["type_colours"], words.get("land_type", {})
    edge = maps["edges"]["parcel"]
    named = [code for code in colours if code != "none"]
    entries = [Entry(known.get(c, c), Symbol(AREA, colours[c], edge, 0.06), c) for c in named]
    entries.append(Entry(_("other types"), Symbol(AREA, colours["none"], edge, 0.06)))
    return LayerStyle(_("by land type"), entries, "land_type", _parcel_labels(maps), _parcel_name())


def theme_style(theme: Mapping[str, Any], maps: Mapping[str, Any], unit: str) -> LayerStyle:
    """Return how parcels look by the classes of a theme.

    Parameters
    ----------
    theme, maps, unit
        One of ``map.toml``, all of it, and the unit of its column.

    Returns
    -------
    LayerStyle
        What is not known is a class of its own; land of other types is grey.
    """
    edges = maps["edges"]
    column, breaks = f'"{theme["column"]}"', [f"{value:g}" for value in theme["breaks"]]
    about = any_of("land_type", theme["types"]) if theme.get("types") else "TRUE"
    after = f" {unit}" if unit else ""
    parts = [(f"{column} < {breaks[0]}", f"< {breaks[0]}{after}")]
    parts += [
        (f"{column} >= {low} AND {column} < {high}", f"{low}–{high}{after}")
        for low, high in pairwise(breaks)
    ]
    parts.append((f"{column} >= {breaks[-1]}", f"≥ {breaks[-1]}{after}"))
    entries = [
        Entry(label, Symbol(AREA, colour, edges["parcel"], 0.08), rule=f"{about} AND {rule}")
        for (rule, label), colour in zip(parts, theme["colours"], strict=True)
    ]
    none = maps["type_colours"]["none"]
    unknown = Symbol(AREA, none, none, 0.15, hatched=True)
    entries.append(Entry(_("not known"), unknown, rule=f"{about} AND {column} IS NULL"))
    if theme.get("types"):
        rest = f"{about} IS NOT TRUE"
        other = Symbol(AREA, edges["other_fill"], edges["other"], 0.06)
        entries.append(Entry(_("other types"), other, rule=rest))
    title = pick(theme["title"], theme.get("title_en", ""))
    return LayerStyle(title, entries, "", _parcel_labels(maps), _parcel_name())


def one_type_style(code: str, label: str, maps: Mapping[str, Any]) -> LayerStyle:
    """Return how the layer of the low-use parcels of one type looks.

    Parameters
    ----------
    code, label, maps
        The type, what it is called, and ``map.toml``.

    Returns
    -------
    LayerStyle
    """
    colours = maps["type_colours"]
    symbol = Symbol(AREA, colours.get(code, colours["none"]), maps["edges"]["low_use"], 0.2)
    return LayerStyle(label, [Entry(label, symbol)], "", _parcel_labels(maps), _parcel_name())


def checks_style(maps: Mapping[str, Any], words: Mapping[str, str]) -> LayerStyle:
    """Return how defects of the data look.

    Parameters
    ----------
    maps, words
        ``map.toml``, and severity to word.

    Returns
    -------
    LayerStyle
    """
    colours = maps["severity_colours"]
    entries = [
        Entry(words.get(code, code), Symbol(POINT, colours[code], "#ffffff", 0.25), code)
        for code in colours
    ]
    named = 'concat("code", \' \', "title")'
    labels = Lettering(named, CHECKS_NAMED, 7, "#444444")
    return LayerStyle(_("by severity"), entries, "severity", labels, named)


def units_style(maps: Mapping[str, Any], mu: float) -> LayerStyle:
    """Return how units look: outlined, with name and area.

    Parameters
    ----------
    maps, mu
        ``map.toml``, and the m² of a mu.

    Returns
    -------
    LayerStyle
    """
    colour, letters = maps["unit_colour"], maps["lettering"]
    name = f'coalesce(nullif("name", \'\'), right("unit_id", {letters["unit_signs"]}))'
    area = f"format_number(\"area\" / {mu:g}, 1) || ' {_('mu')}'"
    symbol = Symbol(AREA, outline=colour, width=0.4, halo=0.35)
    labels = Lettering(f"{name} || '\\n' || {area}", letters["units_from"], 8, colour, bold=True)
    return LayerStyle(_("spatial units"), [Entry(_("spatial units"), symbol)], "", labels, name)


def legacy_style(maps: Mapping[str, Any], words: Words) -> LayerStyle:
    """Return how pieces of historical legacy look by state.

    Parameters
    ----------
    maps, words
        As in `verdict_style`.

    Returns
    -------
    LayerStyle
    """
    known = words.get("legacy_state", {})
    entries = [
        Entry(known.get(code, code), Symbol(AREA, colour, colour, 0.2, hatched=True), code)
        for code, colour in maps["legacy_colours"].items()
    ]
    return LayerStyle(_("by state"), entries, "state", None, '"legacy_code"')


def border_style(border: Mapping[str, Any], title: str) -> LayerStyle:
    """Return how borders look: a line, and the name of the area.

    Parameters
    ----------
    border, title
        An entry of ``map.toml``, and what the borders are called.

    Returns
    -------
    LayerStyle
    """
    colour, name = border["colour"], f'"{border["name"]}"'
    dash = tuple(border.get("dash", ()))
    symbol = Symbol(AREA, outline=colour, width=border["width"], dash=dash)
    labels = Lettering(name, border["names_from"], 9, colour, bold=True)
    return LayerStyle(title, [Entry(title, symbol)], "", labels, name)


def _parcel_labels(maps: Mapping[str, Any]) -> Lettering:
    letters = maps["lettering"]
    shown = f'right("parcel_code", {letters["parcel_signs"]})'
    return Lettering(shown, letters["parcels_from"], 7)


def _parcel_name() -> str:
    return 'concat("parcel_code", \' \', "owner")'
