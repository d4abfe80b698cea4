"""Scope, sources and annex of a report: what was judged, from what, and by what."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lowuse_gis.core.described import body_names
from lowuse_gis.core.verdict import LOW_USE, UNDETERMINED
from lowuse_gis.language import _, pick
from lowuse_gis.model.report import Grid, Section, Sentence
from lowuse_gis.stages.report.figures import count, grid, share, told

if TYPE_CHECKING:
    from lowuse_gis.stages.report.figures import Material

REGISTERED = "registered"


def facts_of(material: Material) -> dict[str, str]:
    """Write the single values that sentences of a report name.

    Parameters
    ----------
    material
        What the report is written from.

    Returns
    -------
    dict
        By name, written out.
    """
    parcels, run, rules = material.parcels, material.run, material.rulebook
    area, verdict = parcels["area"].sum(), parcels["verdict"]
    low, possible = parcels["low_use_area"].sum(), parcels["possible_area"].sum()
    sources = material.tables["sources"]
    towns = parcels["town_code"].dropna().nunique()
    return {
        "parcels": count(len(parcels)),
        "parcels_registered": count((parcels["origin"] == REGISTERED).sum()),
        "parcels_of_survey": count((parcels["origin"] != REGISTERED).sum()),
        "towns": count(towns),
        "area_mu": material.mu(area),
        "low_use": count((verdict == LOW_USE).sum()),
        "low_use_mu": material.mu(low),
        "low_use_share": share(low, area),
        "possible_mu": material.mu(possible),
        "possible_share": share(possible, area),
        "undetermined": count((verdict == UNDETERMINED).sum()),
        "undetermined_mu": material.mu(possible - low),
        "decided": count(parcels["verdict_final"].notna().sum()),
        "files": count(len(sources)),
        "undated": count((sources["as_of"].fillna("") == "").sum()),
        "rules": f"{pick(rules.title, rules.title_en)} {rules.version}",
        "district": rules.district,
        "as_of": str(run["as_of"]),
    }


def scope(facts: dict[str, str]) -> Section:
    """Say what was judged, and the result in three sentences.

    Parameters
    ----------
    facts
        Single values of the report.

    Returns
    -------
    Section
    """
    texts = [
        _(
            "This report covers {towns} towns of {district}: {parcels} parcels of {area_mu} mu, of"
            " which {parcels_registered} are registered and {parcels_of_survey} were formed from"
            " the land survey where nothing is registered. The state of affairs is that of"
            " {as_of}; areas are ellipsoidal."
        ),
        _(
            "{low_use} parcels with {low_use_mu} mu are low-use land, {low_use_share} of the area"
            " judged. {undetermined} parcels are undetermined for want of data; were all of them"
            " low-use, it would be {possible_mu} mu, {possible_share}."
        ),
        _(
            "Towns have decided on {decided} parcels;"
            " all other verdicts are proposals of the rules."
        ),
    ]
    return Section(_("Scope and summary"), [Sentence(text.format(**facts)) for text in texts])


def sources(material: Material, facts: dict[str, str]) -> Section:
    """List the data that was supplied, with dates.

    Parameters
    ----------
    material, facts
        What the report is written from, and its single values.

    Returns
    -------
    Section
    """
    table = material.tables["sources"]
    bodies = body_names(material.rulebook)
    names = material.rulebook.sources
    columns = (
        (_("source"), "name", partial(_title, material)),
        (_("file"), "file", told),
        (_("supplied by"), "body", lambda code: told(bodies.get(code, code))),
        (_("as of"), "as_of", told),
        (_("rows"), "rows", count),
        (_("towns without data"), "towns_missing", lambda codes: _towns(material, codes)),
    )
    given = set(table["name"])
    absent = [s for name, s in names.items() if name not in given and not s.road]
    blocks: list[Sentence | Grid] = [
        Sentence(
            _("{files} files and layers were used; {undated} of them bear no date.").format(**facts)
        ),
        grid(_("Sources and their dates"), table, columns),
    ]
    if absent:
        titles = _(", ").join(pick(source.title, source.title_en) for source in absent)
        blocks.append(
            Sentence(_("Known to the rules but not supplied: {titles}.").format(titles=titles))
        )
    return Section(_("Sources"), blocks)


def _title(material: Material, name: str) -> str:
    source = material.rulebook.sources.get(name)
    return pick(source.title, source.title_en) if source else _("parcels")


def _towns(material: Material, codes: object) -> str:
    """Name the towns of a list of codes."""
    parcels = material.parcels
    names = dict(zip(parcels["town_code"], parcels["town_name"], strict=True))
    listed = [code for code in str(codes if isinstance(codes, str) else "").split(";") if code]
    return told(_(", ").join(told(names.get(code, code)) for code in listed))


def annex(material: Material, facts: dict[str, str]) -> Section:
    """List what the report can be checked by: hashes of sources, rules and results.

    Parameters
    ----------
    material, facts
        What the report is written from, and its single values.

    Returns
    -------
    Section
    """
    table, run = material.tables["sources"], material.run
    columns = ((_("file"), "file", told), (_("layer"), "layer", told), ("SHA-256", "sha256", told))
    made = [
        (_("rules"), facts["rules"], str(run["rules_sha256"])),
        *material.files,
    ]
    note = _("lowuse {version}; working coordinate system {crs}; 1 mu = {mu} m²").format(
        version=run["lowuse"], crs=run["crs"], mu=run["mu"]
    )
    headings = (_("what"), _("name"), "SHA-256")
    return Section(
        _("Annex: sources and their hashes"),
        [
            grid(_("Files supplied"), table, columns),
            Grid(_("Rules and results"), headings, made, note),
        ],
    )
