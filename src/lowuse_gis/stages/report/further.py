"""Units, historical legacy and the balances of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.core.attributes import attributes_of
from lowuse_gis.language import _
from lowuse_gis.model.report import Section, Sentence
from lowuse_gis.stages.report.figures import count, grid, share, told

if TYPE_CHECKING:
    from lowuse_gis.model.report import Block
    from lowuse_gis.stages.report.figures import Column, Material

LARGEST = 10  # units that are named


def units(material: Material) -> Section:
    """Tell the redevelopment units by town, and the largest of them.

    Parameters
    ----------
    material
        What the report is written from.

    Returns
    -------
    Section
        Without blocks where there are no units.
    """
    heading = _("Redevelopment units")
    if material.units is None or material.left_out is None:
        return Section(heading, [])
    frame, left = attributes_of(material.units), material.left_out
    text = _(
        "{count} units of {area} mu hold {low} mu of low-use land; {left} mu on {parcels} low-use"
        " parcels lie in none."
    ).format(
        count=count(len(frame)),
        area=material.mu(frame["area"].sum()),
        low=material.mu(frame["low_use_area"].sum()),
        left=material.mu(left["area"].sum()),
        parcels=count(len(left)),
    )
    numbers = ["units", "low_use_count", "area", "low_use_area"]
    towns = frame.assign(units=1).groupby(["town_code", "town_name"], as_index=False)[numbers].sum()
    sizes: tuple[Column, ...] = (
        (_("low-use parcels"), "low_use_count", count),
        (_("area (mu)"), "area", material.mu),
        (_("low-use area (mu)"), "low_use_area", material.mu),
    )
    by_town: tuple[Column, ...] = (
        (_("town"), "town_name", told), (_("number of units"), "units", count), *sizes,
    )  # fmt: skip
    largest = frame.sort_values(["low_use_area", "unit_id"], ascending=[False, True]).head(LARGEST)
    named: tuple[Column, ...] = (
        (_("unit"), "unit_id", told), (_("town"), "town_name", told),
        *sizes, (_("low-use share"), "low_use_share", lambda part: share(part, 1)),
    )  # fmt: skip
    return Section(
        heading,
        [
            Sentence(text),
            grid(_("Units by town"), towns, by_town, total=True),
            grid(_("The largest units by low-use area"), largest, named),
        ],
    )


def legacy(material: Material) -> Section:
    """Tell the land of historical legacy by town and state.

    Parameters
    ----------
    material
        What the report is written from.

    Returns
    -------
    Section
        Without blocks where nobody asked for it.
    """
    heading = _("Land of historical legacy")
    if material.legacy is None:
        return Section(heading, [])
    words = material.labels("legacy_state")
    table = material.legacy
    states = table.groupby("state", as_index=False)[["pieces", "area"]].sum()
    order = {code: at for at, code in enumerate(words)}
    states = states.sort_values("state", key=lambda column: column.map(order))
    state: Column = (_("state of legacy"), "state", lambda code: words.get(code, told(code)))
    numbers: tuple[Column, ...] = (
        (_("number of pieces"), "pieces", count), (_("area (mu)"), "area", material.mu),
    )  # fmt: skip
    return Section(
        heading,
        [
            grid(_("Construction land by state of legacy"), states, (state, *numbers), total=True),
            grid(
                _("Construction land by town and state of legacy"), table,
                ((_("town"), "town_name", told), state, *numbers), total=True,
            ),
        ],
    )  # fmt: skip


def balances(material: Material) -> Section:
    """Show that nothing was lost: the balance of parcels, and that of the land survey.

    Parameters
    ----------
    material
        What the report is written from.

    Returns
    -------
    Section
    """
    origins, strata, verdicts = (material.labels(n) for n in ("origin", "stratum", "verdict"))
    columns: tuple[Column, ...] = (
        (_("origin"), "origin", lambda code: origins.get(code, told(code))),
        (_("stratum"), "stratum", lambda code: strata.get(code, told(code))),
        (_("verdict"), "verdict", lambda code: verdicts.get(code, told(code))),
        (_("number of parcels"), "parcels", count),
        (_("area (mu)"), "area", material.mu),
    )
    title = _("Balance of parcels")
    blocks: list[Block] = [grid(title, material.tables["balance_parcels"], columns, total=True)]
    if "balance_survey" in material.tables:
        blocks += _survey_balance(material)
    return Section(_("Balances"), blocks)


def _survey_balance(material: Material) -> list[Block]:
    table, parcels = material.tables["balance_survey"], material.parcels
    names = dict(zip(parcels["town_code"], parcels["town_name"], strict=True))
    kinds = ["surveyed", "parcels", "survey parcel", "small", "context", "residual"]
    towns = table.assign(town=table["town"].fillna("")).groupby("town", as_index=False)[kinds].sum()
    headings = (
        _("surveyed"), _("under parcels"), _("survey parcels"), _("small pieces"), _("not judged"),
        _("residual"),
    )  # fmt: skip
    columns: list[Column] = [(_("town"), "town", lambda code: told(names.get(code) or code))]
    columns += [(h, k, material.mu) for h, k in zip(headings, kinds, strict=True)]
    text = _(
        "All construction land of the land survey lies under parcels, became a survey parcel, is"
        " too small a piece, or is of a class that is not judged; the residual is what remains."
    )
    title = _("Balance of the construction land of the survey (mu)")
    return [Sentence(text), grid(title, towns, columns, total=True)]
