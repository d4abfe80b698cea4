"""Turn a result into the tables that are handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowuse_gis.model import Rulebook

HECTARE = 10_000
TYPE_CODES = "land_types"


def field_table(
    frame: pd.DataFrame, spec: Mapping[str, Any], rulebook: Rulebook
) -> tuple[pd.DataFrame, list[tuple[str, str, str, str]]]:
    """Give a layer the field codes of the package.

    Parameters
    ----------
    frame
        Parcels or units.
    spec
        The layer's entry in package.toml.
    rulebook
        Knows types, labels and marks.

    Returns
    -------
    frame : DataFrame
        With a column that marks verdicts as drafts until a town has decided.
    columns : list
        Field code, type, alias and code list of each.
    """
    if "verdicts" in spec:
        frame = frame[frame["verdict"].isin(spec["verdicts"])]
    types = rulebook.codes[TYPE_CODES]
    codes = dict(zip(types["code"], types["dxlx"], strict=True))
    out, columns = frame[["geometry"]].copy(), []
    for code, name in spec["fields"]:
        known = rulebook.columns.loc[name] if name in rulebook.columns.index else None
        values = frame[name].map(codes) if name == "land_type" else frame[name]
        number = values.dtype.kind in "fiu"
        title = pick(known["label"], known["label_en"]) if known is not None else ""
        domain = str(known["domain"]) if known is not None and name != "land_type" else ""
        out[code] = values
        columns.append((code, "number" if number else "text", title, domain))
    if "verdict_final" in frame:
        final = frame["verdict_final"].notna()
        marks = rulebook.package["final_mark"], rulebook.package["draft_mark"]
        field = rulebook.package["state_field"]
        out[field] = np.where(final, *marks)
        columns.append((field, "text", _("state of the verdict"), ""))
    return out, columns


def summary_table(by_type: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """Turn the summary into the columns of the filed table.

    Parameters
    ----------
    by_type
        The result's ``summary``.
    rulebook
        Labels and the mu.

    Returns
    -------
    DataFrame
        One row per town and type, then the total; areas in ha and mu.
    """
    labels = {code: pick(*both) for code, both in rulebook.domain("land_type").items()}
    mu = rulebook.constants["mu"]
    table = pd.DataFrame(
        {
            _("town code"): by_type["town_code"],
            _("town"): by_type["town_name"],
            _("type"): by_type["land_type"].map(labels).fillna(_("type unknown")),
            _("parcels"): by_type["parcels"],
            _("area (ha)"): (by_type["area"] / HECTARE).round(4),
            _("low-use"): by_type["low_use"],
            _("low-use (ha)"): (by_type["low_use_area"] / HECTARE).round(4),
            _("low-use (mu)"): (by_type["low_use_area"] / mu).round(4),
            _("undetermined"): by_type["undetermined"],
            _("possible (ha)"): (by_type["possible_area"] / HECTARE).round(4),
            _("possible (mu)"): (by_type["possible_area"] / mu).round(4),
        }
    )
    numbers = table.select_dtypes("number").sum().round(4)
    total = pd.DataFrame([{_("town code"): "", _("town"): _("total"), _("type"): "", **numbers}])
    return pd.concat([table, total], ignore_index=True)
