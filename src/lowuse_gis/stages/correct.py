"""Apply the corrections of the ledger to what was read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lowuse_gis.core.names import masked_names
from lowuse_gis.core.values import as_days, as_text
from lowuse_gis.core.wording import filled
from lowuse_gis.io.fields import normal, standard_values
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from lowuse_gis.model import Rulebook, Run, Survey

CORRECTIONS = "corrections"
APPLIED, NOT_APPLIED = "applied", "not_applied"
OWNER, OWNER_KIND, CODE = "owner", "owner_kind", "parcel_code"
SEVERAL = "*"


def correct(survey: Survey, run: Run) -> Survey:
    """Replace values that the ledger corrects, where they are still the old ones.

    Parameters
    ----------
    survey
        Mended; ``tables["corrections"]`` has the lines of the ledger, if there is one.
    run
        The rules, which know the fields, and whether names are shown.

    Returns
    -------
    Survey
        The table comes back with ``state`` and, for what was not applied, why in ``note``. Several
        corrections of a field follow one another in the order of the ledger.
    """
    if CORRECTIONS not in survey.tables:
        return survey
    lines = survey.tables[CORRECTIONS]
    lines = lines.assign(
        column=_columns(lines["field"], run.rulebook),
        **dict.fromkeys(("row", "found"), pd.Series(np.nan, lines.index, "str")),
    )
    lines = lines.assign(note=_formal_faults(lines, run.rulebook))
    parcels, parts = survey.parcels.copy(), [lines[lines["note"] != ""]]
    good = lines[lines["note"] == ""]
    renaming = (good["column"] == CODE).astype(int)  # later lines may use the new code
    for _number, part in good.groupby(renaming.cumsum() * 2 - renaming):
        row = _rows(part[CODE], parcels)
        lost = row.isna() | (row == SEVERAL)
        parts.append(part[lost].assign(note=_lost(row[lost])))
        rest = part.assign(row=row)[~lost]
        turn = rest.groupby(["row", "column"]).cumcount()
        for (_turn, column), now in rest.groupby([turn, "column"]):
            parcels, done = _applied(parcels, str(column), now, run)
            parts.append(done)
    done = pd.concat(parts).sort_index()
    if not run.with_names:
        parcels, done = _masked(parcels, done, run.rulebook.natural_persons)
    state = np.where(done["note"] == "", APPLIED, NOT_APPLIED)
    tables = {**survey.tables, CORRECTIONS: done.assign(state=state)}
    return replace(survey, parcels=parcels, tables=tables)


def _columns(fields: pd.Series, rulebook: Rulebook) -> pd.Series:
    """Name the standard column of each field, as files, columns.csv or people call it."""
    known: dict[str, str] = {}
    for column, spec in rulebook.fields["parcels"].items():
        known |= {normal(name): column for name in [*spec["names"], column]}
    table = rulebook.columns
    for name in ("name", "label", "label_en", "field"):
        for text, column in zip(table[name], table["name"], strict=True):
            known.setdefault(normal(text), column)
    return fields.fillna("").map(normal).map(known).where(fields.notna())


def _formal_faults(lines: pd.DataFrame, rulebook: Rulebook) -> pd.Series:
    """Say what a line lacks before any parcel is looked at; empty where nothing."""
    column = lines["column"]
    faults = [
        (lines["who"].isna() | lines["when"].isna(), _("who corrected it, or when, is not said")),
        (as_days(lines["when"]).isna(), _("the date is not readable")),
        (column.isna(), _("unknown field")),
        (
            ~column.isin(list(rulebook.fields["parcels"])),
            _("this column is measured: correct the data it is measured from"),
        ),
    ]
    masks, notes = zip(*faults, strict=True)
    return pd.Series(np.select(masks, notes, ""), index=lines.index, dtype=object)


def _rows(codes: pd.Series, parcels: gpd.GeoDataFrame) -> pd.Series:
    """Find parcels by code, or by row; ``*`` where several have the code."""
    own = parcels[CODE].dropna()
    alone = own[~own.duplicated(keep=False)]
    known = dict(zip(own, [SEVERAL] * len(own), strict=True))
    known |= dict(zip(alone, alone.index, strict=True))
    known |= {row: row for row in parcels.index.intersection(codes.dropna())}
    return codes.map(known)


def _lost(rows: pd.Series) -> pd.Series:
    texts = {True: _("several parcels have this code"), False: _("unknown parcel")}
    return (rows == SEVERAL).map(texts)


def _applied(
    parcels: gpd.GeoDataFrame, column: str, lines: pd.DataFrame, run: Run
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Apply lines about one column, of which no two speak of the same parcel."""
    spec = run.rulebook.fields["parcels"][column]
    typed = _typed(parcels[column], column, run)  # a column no file has knows no dates yet
    parcels = parcels.assign(**{column: typed})
    now = parcels.loc[lines["row"], column].set_axis(lines.index)
    old, new = (_typed(lines[name], column, run) for name in ("old", "new"))
    if column == OWNER and not run.with_names:
        kind = parcels.loc[lines["row"], OWNER_KIND].set_axis(lines.index)
        old, new = (masked_names(v, kind, run.rulebook.natural_persons) for v in (old, new))
    same = _same(now, old) & (old.notna() | lines["old"].isna())
    readable = (new.notna() | lines["new"].isna()) & _listed(new, spec, run.rulebook)
    found = lines.assign(found=as_text(now).fillna(_("(nothing)")))
    differs = filled(
        _("the old value differs: found {found}"), lines.index, lambda name: found[name]
    )
    note = np.select([~same, ~readable], [differs, _("the new value is not readable")], "")
    good = note == ""
    parcels.loc[lines["row"][good], column] = new[good].to_numpy()
    return parcels, found.assign(note=note)


def _typed(texts: pd.Series, column: str, run: Run) -> pd.Series:
    frame = standard_values(texts.to_frame(column), run.rulebook, "parcels")
    return frame[column]


def _same(now: pd.Series, old: pd.Series) -> pd.Series:
    """Compare values: numbers as numbers, the rest as it is; missing equals missing."""
    if pd.api.types.is_float_dtype(old):
        alike = pd.Series(np.isclose(now.astype(float), old, rtol=1e-9, atol=0), index=old.index)
    else:
        alike = now.eq(old).fillna(value=False).astype(bool)
    return alike | (now.isna() & old.isna())


def _listed(new: pd.Series, spec: dict[str, Any], rulebook: Rulebook) -> pd.Series:
    known = rulebook.domain(spec.get("domain", ""))
    return new.isin(list(known)) | new.isna() if known else pd.Series(True, index=new.index)


def _masked(
    parcels: gpd.GeoDataFrame, lines: pd.DataFrame, persons: Sequence[str]
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Mask natural persons whom a correction named, or made such; unknown owners as well."""
    owner = masked_names(parcels[OWNER], parcels[OWNER_KIND], persons)
    kind = lines["row"].map(parcels[OWNER_KIND])
    kind = kind.where(lines["row"].notna(), persons[0]).where(lines["column"] == OWNER)
    names = {name: masked_names(lines[name], kind, persons) for name in ("old", "new")}
    return parcels.assign(**{OWNER: owner}), lines.assign(**names)
