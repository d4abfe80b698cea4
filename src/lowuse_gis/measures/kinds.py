"""Every kind of measure that measures.toml may name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lowuse_gis.errors import RuleError
from lowuse_gis.language import _
from lowuse_gis.measures import (
    amounts,
    around,
    buildings,
    codes,
    firms,
    ground,
    land_type,
    overlay,
    quotients,
    raster,
    tables,
    villages,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lowuse_gis.measures.measured import Measured
    from lowuse_gis.model import Run, Survey

KINDS: dict[str, Callable[[Survey, Mapping[str, Any], Run], Measured]] = {
    "amounts": amounts.amounts,
    "around": around.around,
    "authority": amounts.authority,
    "buildings": buildings.buildings,
    "conformity": ground.conformity,
    "construction": tables.construction,
    "count_names": codes.count_names,
    "firm_flags": firms.firm_flags,
    "firms": firms.firms,
    "form": ground.form,
    "idle": firms.idle,
    "keyed": tables.keyed,
    "land_type": land_type.land_type,
    "listed": tables.listed,
    "lookup": codes.lookup,
    "majority": overlay.majority,
    "overlap": overlay.overlap,
    "per_mu": amounts.per_mu,
    "plan_limits": ground.plan_limits,
    "pattern": codes.pattern,
    "placed": overlay.placed,
    "quotient": quotients.quotient,
    "roads": ground.roads,
    "raster": raster.raster,
    "village": villages.village,
    "village_share": villages.village_share,
}


def take(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Take one measure.

    Parameters
    ----------
    survey, spec, run
        The entry of measures.toml names the kind; the rest is for that kind.

    Returns
    -------
    Measured

    Raises
    ------
    RuleError
        Where the kind is not known.
    """
    kind = spec["kind"]
    if kind not in KINDS:
        raise RuleError(
            _("measures.toml: unknown kind of measure {kind}").format(kind=kind),
            _("known kinds: {names}").format(names=", ".join(sorted(KINDS))),
        )
    return KINDS[kind](survey, spec, run)
