"""Write and read what ``lowuse legacy find`` found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.io.geopackage import read_layer_frame, write_geopackage
from lowuse_gis.io.out_layer import Column, OutLayer
from lowuse_gis.io.parcel_layers import labels_by_domain
from lowuse_gis.io.result import layers_of
from lowuse_gis.io.result_writing import guessed, run_line, sources_table
from lowuse_gis.io.styled import styled
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd

    from lowuse_gis.model import Rulebook, Run, Survey

LEGACY_LAYER, BALANCE, ANSWERS = "legacy", "balance", "answers"
COLUMNS = (
    ("legacy_code", "text", ""), ("state", "text", "legacy_state"), ("reason", "text", ""),
    ("missing", "text", ""), ("parcel_code", "text", ""), ("town_code", "text", ""),
    ("town_name", "text", ""), ("village_code", "text", ""), ("survey_ownership", "text", ""),
    ("survey_class", "text", "land_class"), ("class_2019", "text", "land_class"),
    ("class_2009", "text", "land_class"), ("area", "number", ""), ("width", "number", ""),
    ("period", "text", "use_period"), ("procedure", "text", "procedure_kind"),
    ("plan_conformity", "text", "plan_conformity"), ("used_since", "text", ""),
    ("evidence", "text", ""), ("confirmed_by", "text", ""), ("confirmed_on", "text", ""),
    ("decision", "text", "legacy_decision"), ("used_by", "text", "legacy_user"),
    ("remark", "text", ""), ("fingerprint", "text", ""),
)  # fmt: skip


def titles(rulebook: Rulebook) -> dict[str, str]:
    """Return what the columns of the file are called.

    Parameters
    ----------
    rulebook
        Names its evidence.

    Returns
    -------
    dict
        Column to title.
    """
    spec = rulebook.legacy
    named = {e["name"]: pick(e["title"], e.get("title_en", e["title"])) for e in spec["evidence"]}
    return {
        **named,
        "legacy_code": _("legacy code"),
        "state": _("state"),
        "reason": _("reason"),
        "missing": _("missing evidence"),
        "parcel_code": _("parcel code"),
        "town_code": _("town code"),
        "town_name": _("town"),
        "village_code": _("village"),
        "survey_ownership": _("ownership"),
        "survey_class": _("survey class"),
        "area": _("area (m²)"),
        "width": _("width (m)"),
        "period": _("period of use"),
        "procedure": _("procedures"),
        "plan_conformity": _("conformity with the plan"),
        "used_since": _("used since"),
        "evidence": _("evidence"),
        "confirmed_by": _("confirmed by"),
        "confirmed_on": _("confirmed on"),
        "decision": _("decision"),
        "used_by": _("used by"),
        "remark": _("remark"),
        "fingerprint": _("fingerprint of the piece"),
    }


def write_legacy(
    path: Path,
    pieces: gpd.GeoDataFrame,
    tables: Mapping[str, pd.DataFrame],
    survey: Survey,
    run: Run,
) -> None:
    """Write pieces, balance, sources and the run into one GeoPackage.

    Parameters
    ----------
    path
        A new file.
    pieces
        All but those that are not legacy.
    tables
        ``balance``: area by state, of all pieces; ``answers``: lines of the towns' ledger and
        whether they are in force, where there is a ledger.
    survey, run
        What was supplied, and the rules.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    known = titles(run.rulebook)
    evidence = [(name, "number", "") for name in _evidence(run.rulebook)]
    columns = [Column(n, t, known.get(n, ""), d) for n, t, d in (*COLUMNS, *evidence)]
    whole = pieces.reindex(columns=[*(c.name for c in columns), "geometry"])
    domains = labels_by_domain(run.rulebook)
    out = [OutLayer(LEGACY_LAYER, _("historical legacy"), whole, columns, "MultiPolygon", domains)]
    for name, title, frame in (
        (BALANCE, _("balance of construction land"), tables[BALANCE]),
        (ANSWERS, _("answers of the towns on legacy"), tables.get(ANSWERS)),
        ("sources", _("sources"), sources_table(survey)),
        ("runs", _("runs"), run_line(run, len(survey.parcels))),
    ):
        if frame is None:
            continue
        out.append(OutLayer(name, title, frame, [Column(n, t, "") for n, t in guessed(frame)]))
    write_geopackage(path, styled(out, run.rulebook), run.rulebook.crs, run.as_of)


def read_answers(path: Path) -> pd.DataFrame:
    """Read what became of the towns' answers when the pieces were found.

    Parameters
    ----------
    path
        What ``lowuse legacy find`` wrote.

    Returns
    -------
    DataFrame
        Lines of the ledger with ``state``; empty where there was no ledger.
    """
    if ANSWERS in layers_of(path, (LEGACY_LAYER,)):
        return read_layer_frame(path, ANSWERS)
    return pd.DataFrame(columns=["legacy_code", "state"], dtype="str")


def _evidence(rulebook: Rulebook) -> list[str]:
    return [rulebook.legacy["base_name"], *(e["name"] for e in rulebook.legacy["evidence"])]


def read_legacy(path: Path) -> tuple[gpd.GeoDataFrame, pd.Series]:
    """Read the pieces back.

    Parameters
    ----------
    path
        What ``lowuse legacy find`` wrote.

    Returns
    -------
    pieces : GeoDataFrame
    run : Series
        What made them.

    Raises
    ------
    InputError
        Where it is missing or no such file.
    """
    layers_of(
        path,
        (LEGACY_LAYER, BALANCE, "runs"),
        hint=_("give the GeoPackage that 'lowuse legacy find' wrote"),
    )
    return read_layer_frame(path, LEGACY_LAYER), read_layer_frame(path, "runs").iloc[0]
