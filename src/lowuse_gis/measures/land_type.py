"""The type of a parcel: assigned, else by the survey, else by the registered use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lowuse_gis.core.lookup import mapped
from lowuse_gis.measures.measured import Measured, check_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowuse_gis.model import Run, Survey

OTHER = "other"


def land_type(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Decide which of the five types a parcel is of, or that it is none of them.

    Parameters
    ----------
    survey, spec, run
        ``types``, ``classes`` and ``uses`` name the code tables, ``village_settlement`` and
        ``independent_industry`` the settlement attributes that choose a column of them,
        ``state`` and ``collective`` the ownerships, ``undecided`` the value that decides nothing,
        ``check`` the check of disagreement.

    Returns
    -------
    Measured
        ``land_type`` (``other`` for none of the five, missing where nothing is known) and
        ``land_type_basis``.
    """
    parcels, codes = survey.parcels, run.rulebook.codes
    types = codes[spec["types"]]
    known = dict(zip(types["dxlx"], types["code"], strict=True))
    assigned = mapped(parcels["assigned_type"], known)
    surveyed = _by_survey(parcels, codes[spec["classes"]], spec)
    registered = _by_register(parcels, codes[spec["uses"]], spec)
    chosen = assigned.where(assigned.notna(), surveyed).where(
        assigned.notna() | surveyed.notna(), registered
    )
    basis = np.select(
        [assigned.notna(), surveyed.notna(), registered.notna()],
        ["assigned", "survey", "registered"],
        "",
    )
    columns = pd.DataFrame({"land_type": chosen.astype("str").where(chosen.notna())})
    columns["land_type_basis"] = pd.Series(basis, index=parcels.index).replace("", np.nan)
    differ = surveyed.notna() & registered.notna() & (surveyed != registered)
    apart = parcels.loc[differ, ["survey_class", "registered_use"]]
    note = apart["survey_class"] + " / " + apart["registered_use"]
    check = check_rows(spec["check"], apart.index, note=note)
    blame = pd.Series("survey", index=parcels.index)
    return Measured(columns, [check], {"land_type": blame})


def _by_survey(parcels: pd.DataFrame, classes: pd.DataFrame, spec: Mapping[str, Any]) -> pd.Series:
    table = classes.set_index("code")
    settlement = parcels["settlement"].fillna("")
    in_village = settlement.str.startswith(spec["village_settlement"])
    independent = in_village & settlement.isin(spec["independent_industry"])
    construction = table[table["category"] == "construction"]
    town, village, industry = (
        mapped(parcels["survey_class"], construction[name])
        for name in ("type_town", "type_village", "type_village_industry")
    )
    found = town.mask(in_village, village).mask(independent, industry)
    return _decided(found, spec)


def _by_register(parcels: pd.DataFrame, uses: pd.DataFrame, spec: Mapping[str, Any]) -> pd.Series:
    table = uses.set_index("code")
    use = parcels["registered_use"]
    state, collective = mapped(use, table["type_state"]), mapped(use, table["type_collective"])
    owner = parcels["ownership"]
    agreed = state.where(state == collective)
    found = state.where(
        owner == spec["state"], collective.where(owner == spec["collective"], agreed)
    )
    return _decided(found, spec)


def _decided(found: pd.Series, spec: Mapping[str, Any]) -> pd.Series:
    return found.replace("", OTHER).where(found.notna() & (found != spec["undecided"]))
