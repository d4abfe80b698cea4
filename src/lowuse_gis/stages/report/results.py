"""Results of a report by town and type: size, structure, distribution and potential."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.core.verdict import LOW_USE, UNDETERMINED, VERDICTS
from lowuse_gis.language import _, pick
from lowuse_gis.model.report import Bars, Heading, Section, Sentence
from lowuse_gis.stages.report.district_map import district_map
from lowuse_gis.stages.report.figures import count, grid, share, told

if TYPE_CHECKING:
    from lowuse_gis.model.report import Block
    from lowuse_gis.stages.report.figures import Column, Material

LARGEST = 10  # parcels that are named
UNKNOWN = ""  # code where there is none


def results(material: Material, facts: dict[str, str]) -> Section:
    """Tell the results.

    Parameters
    ----------
    material, facts
        What the report is written from, and its single values.

    Returns
    -------
    Section
    """
    blocks: list[Block] = [
        Heading(_("Size")), *_size(material),
        Heading(_("Structure")), *_structure(material),
        Heading(_("Distribution")), *_distribution(material, facts),
        Heading(_("Potential")), *_potential(material),
    ]  # fmt: skip
    return Section(_("Results by town and type"), blocks)


def _size(material: Material) -> list[Block]:
    parcels = material.parcels
    words, whole = material.labels("verdict"), parcels["area"].sum()
    table = parcels.assign(parcels=1).groupby("verdict")[["parcels", "area"]].sum()
    table = table.reindex([v for v in VERDICTS if v in table.index]).reset_index()
    columns: tuple[Column, ...] = (
        (_("verdict"), "verdict", lambda code: words[code]),
        (_("number of parcels"), "parcels", count),
        (_("area (mu)"), "area", material.mu),
        (_("share of area"), "area", lambda area: share(area, whole)),
    )
    note = _(
        "Low-use area in the other tables is without what basic farmland and the red line take, so"
        " that it can be less than the area of low-use parcels here."
    )
    return [grid(_("Parcels and area by verdict"), table, columns, total=True, note=note)]


def _summed(material: Material, key: str) -> pd.DataFrame:
    """Sum up by one or more columns of the table by town and type."""
    table = material.by_town_and_type
    keys = ["town_code", "town_name"] if key == "town" else [key]
    numbers = ["parcels", "area", *VERDICTS, "low_use_area", "possible_area"]
    found = table.groupby(keys, as_index=False)[numbers].sum()
    return found.assign(undetermined_area=found["possible_area"] - found["low_use_area"])


def _structure(material: Material) -> list[Block]:
    types = _summed(material, "land_type")
    words = material.labels("land_type")
    order = {code: at for at, code in enumerate(words)}
    types = types.sort_values("land_type", key=lambda c: c.map(order).fillna(len(order)))
    types = types.assign(name=types["land_type"].map(words).fillna(_("not known")))
    title = _("Low-use land by type")
    return [
        grid(title, types, _columns(material, _("type")), total=True),
        _bars(material, types, title),
        _by_code(material, "subtype", _("Low-use land by subtype")),
        _by_code(material, "ownership", _("Low-use land by ownership of land")),
    ]


def _columns(material: Material, heading: str) -> tuple[Column, ...]:
    return (
        (heading, "name", told),
        (_("number of parcels"), "parcels", count),
        (_("area (mu)"), "area", material.mu),
        (_("low-use parcels"), LOW_USE, count),
        (_("low-use area (mu)"), "low_use_area", material.mu),
        (_("undetermined parcels"), UNDETERMINED, count),
        (_("undetermined area (mu)"), "undetermined_area", material.mu),
    )


def _bars(material: Material, table: pd.DataFrame, title: str) -> Bars:
    colours, words = material.rulebook.maps["verdict_colours"], material.labels("verdict")
    mu = float(material.run["mu"])
    series = [
        (words[code], colours[code], (table[column] / mu).to_list())
        for code, column in ((LOW_USE, "low_use_area"), (UNDETERMINED, "undetermined_area"))
    ]
    return Bars(title, _("area (mu)"), table["name"].to_list(), series)


def _by_code(material: Material, column: str, title: str) -> Block:
    """Sum low-use parcels up by a column of codes, in the order of the code list."""
    row = material.rulebook.columns.loc[column]
    words = material.labels(row["domain"])
    low = material.parcels.loc[material.parcels["verdict"] == LOW_USE]
    codes = low[column].fillna(UNKNOWN)
    table = low.assign(code=codes, parcels=1).groupby("code")[["parcels", "low_use_area"]].sum()
    order = [c for c in (*words, UNKNOWN) if c in table.index]
    order += [c for c in table.index if c not in order]
    table = table.reindex(order).reset_index()
    table["name"] = [words.get(code, code) or _("not known") for code in table["code"]]
    whole = table["low_use_area"].sum()
    columns: tuple[Column, ...] = (
        (pick(row["label"], row["label_en"]), "name", told),
        (_("low-use parcels"), "parcels", count),
        (_("low-use area (mu)"), "low_use_area", material.mu),
        (_("share of low-use area"), "low_use_area", lambda area: share(area, whole)),
    )
    return grid(title, table, columns, total=True)


def _distribution(material: Material, facts: dict[str, str]) -> list[Block]:
    towns = _summed(material, "town")
    towns = towns.assign(name=towns["town_name"].where(towns["town_name"] != "", _("not known")))
    title = _("Low-use land by town")
    blocks: list[Block] = []
    if len(towns):
        first = towns.sort_values("low_use_area", ascending=False, kind="stable").iloc[0]
        text = _("{town} has most of it: {area} mu, {share} of all low-use land.").format(
            town=first["name"],
            area=material.mu(first["low_use_area"]),
            share=share(first["low_use_area"], towns["low_use_area"].sum()),
        )
        blocks += [Sentence(text)] if first["low_use_area"] > 0 else []
    blocks += [
        grid(title, towns, _columns(material, _("town")), total=True),
        _bars(material, towns, title),
        _crossed(material),
        district_map(material, _("Map of low-use land, {district}").format(**facts)),
        _largest(material),
    ]
    return blocks


def _crossed(material: Material) -> Block:
    """Lay towns out against types: low-use parcels and mu."""
    table, words = material.by_town_and_type, material.labels("land_type")
    table = table.assign(name=table["town_name"].where(table["town_name"] != "", _("not known")))
    low = table[table[LOW_USE] > 0]
    wide = low.pivot_table(
        index=["town_code", "name"], columns="land_type", values="low_use_area", aggfunc="sum",
        fill_value=0.0,
    ).reset_index()  # fmt: skip
    codes = [code for code in words if code in wide]
    wide["all"] = wide[codes].sum(axis=1) if len(wide) else 0.0
    columns: list[Column] = [(_("town"), "name", told)] if len(wide) else []
    columns += [(words[code], code, material.mu) for code in codes]
    columns += [(_("Total"), "all", material.mu)]
    return grid(_("Low-use area by town and type (mu)"), wide, columns, total=True)


def _largest(material: Material) -> Block:
    words = material.labels("land_type")
    low = material.parcels.loc[material.parcels["verdict"] == LOW_USE]
    low = low.rename_axis("row").reset_index()
    low = low.sort_values(["low_use_area", "row"], ascending=[False, True]).head(LARGEST)
    columns: tuple[Column, ...] = (
        (_("parcel code"), "parcel_code", told),
        (_("town"), "town_name", told),
        (_("owner"), "owner", told),
        (_("type"), "land_type", lambda code: words.get(code, told(code))),
        (_("low-use area (mu)"), "low_use_area", material.mu),
        (_("criteria met"), "criteria_met", lambda text: told(text).replace(";", _(", "))),
    )
    return grid(_("The largest low-use parcels"), low, columns)


def _potential(material: Material) -> list[Block]:
    """Set the floor area that plans allow against the one that stands."""
    words = material.labels("land_type")
    low = material.parcels.loc[material.parcels["verdict"] == LOW_USE]
    known = low["planned_plot_ratio"].notna() & low["floor_area"].notna()
    allowed = (low["low_use_area"] * low["planned_plot_ratio"]).where(known)
    present = low["floor_area"].where(known)
    table = pd.DataFrame(
        {
            "land_type": low["land_type"].fillna(UNKNOWN),
            "parcels": 1,
            "known": known.astype(int),
            "area": low["low_use_area"].where(known, 0.0),
            "present": present.fillna(0.0),
            "allowed": allowed.fillna(0.0),
            "room": (allowed - present).clip(lower=0).fillna(0.0),
        }
    )
    table = table.groupby("land_type", as_index=False).sum()
    order = {code: at for at, code in enumerate(words)}
    table = table.sort_values("land_type", key=lambda c: c.map(order).fillna(len(order)))
    table["name"] = [words.get(code) or _("not known") for code in table["land_type"]]

    def metres(area: float) -> str:
        return f"{area:,.0f}"

    columns: tuple[Column, ...] = (
        (_("type"), "name", told),
        (_("low-use parcels"), "parcels", count),
        (_("with plan and floor area known"), "known", count),
        (_("their area (mu)"), "area", material.mu),
        (_("floor area that stands (m²)"), "present", metres),
        (_("floor area the plan allows (m²)"), "allowed", metres),
        (_("room left (m²)"), "room", metres),
    )
    text = _(
        "For {known} of {parcels} low-use parcels both the planned plot ratio and the floor area"
        " are known. Up to {room} m² of floor area could be added to them under the plan in force;"
        " this is what the plan leaves room for, not a forecast."
    ).format(
        known=count(known.sum()), parcels=count(len(low)), room=metres(float(table["room"].sum()))
    )
    title = _("Room for floor area on low-use land")
    return [Sentence(text), grid(title, table, columns, total=True)]
