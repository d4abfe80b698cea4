"""What is undetermined and why, and the problems by body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.core.described import body_names
from lowuse_gis.core.spoken import column_name
from lowuse_gis.core.verdict import LOW_USE, UNDETERMINED
from lowuse_gis.language import _, pick
from lowuse_gis.model.report import Section, Sentence
from lowuse_gis.stages.report.figures import count, grid, told

if TYPE_CHECKING:
    import pandas as pd

    from lowuse_gis.stages.report.figures import Column, Material


def undetermined(material: Material, facts: dict[str, str]) -> Section:
    """Say what is missing, and who has it.

    Parameters
    ----------
    material, facts
        What the report is written from, and its single values.

    Returns
    -------
    Section
    """
    lacking, bodies = material.tables["lacking"], body_names(material.rulebook)
    leaning = material.parcels["leaning"].fillna(value=False).astype(bool)
    leans = leaning & (material.parcels["verdict"] == UNDETERMINED)
    texts = [
        _("{undetermined} parcels with {undetermined_mu} mu are undetermined.").format(**facts),
        _(
            "{count} of them lean towards low-use: enough criteria are met, and only an exclusion"
            " or the area is not known."
        ).format(count=count(leans.sum())),
    ]
    columns: tuple[Column, ...] = (
        (_("body to ask"), "body", lambda code: bodies.get(code, told(code))),
        (_("what is missing"), "column", lambda name: column_name(material.rulebook, name)),
        (_("number of parcels"), "parcels", count),
        (_("area (mu)"), "area", material.mu),
    )
    note = _("A parcel that lacks several things is counted in several rows.")
    table = grid(_("What is missing, by body"), lacking, columns, note=note)
    return Section(_("Undetermined parcels and why"), [*(Sentence(t) for t in texts), table])


def problems(material: Material) -> Section:
    """Count the problems by body and by kind.

    Parameters
    ----------
    material
        What the report is written from.

    Returns
    -------
    Section
    """
    rows = material.tables["problems"]
    bodies, kinds = body_names(material.rulebook), material.labels("problem_category")
    titles = {o.code: pick(o.title, o.title_en) for o in material.rulebook.obstacles}
    text = _("The problem list has {problems} entries on {parcels} parcels.").format(
        problems=count(len(rows)), parcels=count(rows["row"].nunique())
    )
    note = _("A problem that concerns several bodies is counted at each of them.")
    concerned = rows.assign(body=rows["body"].fillna("").str.split(";")).explode("body")
    by_body = _counted(concerned, ["body"])
    by_kind = _counted(rows, ["category", "code"])
    numbers: tuple[Column, ...] = (
        (_("number of problems"), "problems", count),
        (_("number of parcels"), "parcels", count),
        (_("of which low-use"), "low", count),
        (_("area of the parcels (mu)"), "area", material.mu),
    )
    body: Column = (_("body concerned"), "body", lambda code: bodies.get(code) or told(code))
    kind: Column = (_("category"), "category", lambda c: f"{c} {kinds.get(c, '')}".strip())
    return Section(
        _("Problems by body"),
        [
            Sentence(text),
            grid(_("Problems by body"), by_body, (body, *numbers), note=note),
            grid(
                _("Problems by kind"),
                by_kind,
                (kind, (_("problem"), "code", lambda code: titles.get(code, told(code))), *numbers),
            ),
        ],
    )


def _counted(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Count problems, and parcels once, by keys; the most first."""
    filled = rows.assign(**{key: rows[key].fillna("") for key in keys}, problems=1)
    once = filled.drop_duplicates([*keys, "row"])
    once = once.assign(parcels=1, low=(once["verdict"] == LOW_USE).astype(int))
    table = once.groupby(keys)[["parcels", "low", "area"]].sum()
    table["problems"] = filled.groupby(keys)["problems"].sum()
    order = ["problems", *keys]
    return table.reset_index().sort_values(order, ascending=[False, *[True] * len(keys)])
