"""Who owes what: the cells that bodies would have to fill in to settle undetermined parcels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.asked import settled_by
from lowuse_gis.core.review import parcel_marks, reviewers
from lowuse_gis.core.verdict import UNDETERMINED
from lowuse_gis.core.wording import written, written_number
from lowuse_gis.errors import InputError
from lowuse_gis.language import _, language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowuse_gis.io.result import Result
    from lowuse_gis.model import Rulebook

KNOWN_BY = ("parcel_code", "location", "owner")
DECIDING = ("strong", "weak", "exclusion")  # in the order in which they are told
TYPE = "land_type"
STOP = "；"


@dataclass(frozen=True)
class Requests:
    """What is asked of whom.

    Attributes
    ----------
    lines
        Per ``body``, ``town`` and parcel: ``row``, what people know it by, ``type``, the ``area``
        at stake in m² and ``mu``, what the answers ``decides``, and its ``parcel_mark``; the
        largest area first.
    cells
        Per line and ``asked`` column one row.
    unasked
        Missing columns that nobody can fill in in a table: ``column``, the ``source`` they are
        missing from, number of ``parcels`` and ``area``.
    """

    lines: pd.DataFrame
    cells: pd.DataFrame
    unasked: pd.DataFrame


def requests_of(result: Result, rulebook: Rulebook) -> Requests:
    """Say which body would have to say what of which parcel.

    Parameters
    ----------
    result
        What classify wrote.
    rulebook
        Knows who provides a source, and what is asked where a column is missing.

    Returns
    -------
    Requests
        Only cells that are missing, could still settle the verdict, and that the body has to
        give; bodies without a data duty are never asked.

    Raises
    ------
    InputError
        Where the result does not say from which source its columns are missing.
    """
    parcels = result.parcels
    needs = _needs(parcels, rulebook)
    cells = _cells(needs, parcels, rulebook)
    pairs = cells[["body", "row"]].drop_duplicates(ignore_index=True)
    why = _why(cells, result)
    lines = _described(pairs, result).merge(why, on=["body", "row"], how="left")
    lines = lines.fillna({"decides": ""})
    lines["place"] = lines["row"].map(pd.Series(np.arange(len(parcels)), parcels.index))
    order = {name: at for at, name in enumerate(rulebook.codes["bodies"]["code"])}
    lines = lines.assign(order=lines["body"].map(order)).sort_values(
        ["order", "town", "area", "place"], ascending=[True, True, False, True], ignore_index=True
    )
    asked = cells[["body", "row", "asked"]].drop_duplicates()
    places = {name: at for at, name in enumerate(rulebook.columns["name"])}
    asked = lines[["body", "row", "town", "area"]].merge(asked, on=["body", "row"])
    asked = asked.assign(order=asked["asked"].map(places)).sort_values("order", kind="stable")
    return Requests(lines.drop(columns=["place", "order"]), asked, _unasked(needs, cells, parcels))


def _cells(needs: pd.DataFrame, parcels: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """Name the columns that are asked for what is missing; of the source to blame before any."""
    settled = settled_by(rulebook.fields)
    exact = needs.merge(settled, on=["missing", "source"])
    known = pd.MultiIndex.from_frame(exact[["missing", "source"]].drop_duplicates())
    rest = needs[~pd.MultiIndex.from_frame(needs[["missing", "source"]]).isin(known)]
    general = settled[settled["source"] == ""].drop(columns="source")
    cells = pd.concat([exact, rest.merge(general, on="missing")], ignore_index=True)
    return cells[(cells["body"] != "") & _absent(cells, parcels)]


def _needs(parcels: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """List what is missing of undetermined parcels, and who has it: nobody where not a duty."""
    if "missing_from" not in parcels:
        raise InputError(
            _("the result does not say from which source its columns are missing"),
            _("make it again with this version: lowuse classify"),
        )
    open_ = parcels[parcels["verdict_rule"] == UNDETERMINED]
    lists = {
        name: open_[column].fillna("").str.split(";")
        for name, column in (("missing", "missing"), ("source", "missing_from"))
    }
    needs = pd.DataFrame(lists).rename_axis("row").explode(["missing", "source"]).reset_index()
    needs = needs[needs["missing"] != ""]
    bodies = rulebook.codes["bodies"]
    duty = set(bodies.loc[bodies["provides"].str.strip() != "", "code"])
    body = {name: rule.body for name, rule in rulebook.sources.items() if rule.body in duty}
    return needs.assign(body=needs["source"].map(body).fillna("")).astype("str")


def _absent(cells: pd.DataFrame, parcels: pd.DataFrame) -> pd.Series:
    """Mark cells that the program has no value for: a part may be known where the whole is not."""
    absent = pd.Series(True, index=cells.index)
    for column, rows in cells.groupby("asked")["row"]:
        if column in parcels:
            absent[rows.index] = rows.map(parcels[column].isna())
    return absent


def _described(pairs: pd.DataFrame, result: Result) -> pd.DataFrame:
    """Add what people know a parcel by, and what is at stake."""
    parcels = result.parcels
    columns, labels = (result.tables[name].fillna("") for name in ("columns", "labels"))
    domain = columns.set_index("name").at[TYPE, "domain"]
    mine = labels[labels["domain"] == domain]
    both = zip(mine["label"], mine["label_en"], strict=True)
    kinds = dict(zip(mine["code"], both, strict=True))
    known = pd.DataFrame(
        {
            "town": reviewers(parcels, result.codes("zone")),
            **{name: parcels[name] for name in KNOWN_BY},
            "type": written(parcels[TYPE], "", kinds),
            "area": parcels["possible_area"],
            "mu": (parcels["possible_area"] / float(result.run["mu"])).round(4),
            "parcel_mark": parcel_marks(parcels),
        }
    )
    return pairs.join(known, on="row")


def _why(cells: pd.DataFrame, result: Result) -> pd.DataFrame:
    """Write per body and parcel what its answers decide: criteria with their limits."""
    open_ = _open_criteria(result)
    text = _criteria_text(open_, result)
    asked = cells[["body", "row", "missing"]].drop_duplicates()
    reads = open_.assign(missing=open_["missing"].str.split(";")).explode("missing")
    reads = reads[["row", "criterion", "order", "missing"]].drop_duplicates()
    served = asked.merge(reads, on=["row", "missing"])
    served = served[["body", "row", "order", "criterion"]].drop_duplicates()
    served = served.merge(text, on=["row", "criterion"])
    typed = asked.loc[asked["missing"] == TYPE, ["body", "row"]]
    typed = typed.assign(order=-1, criterion="", text=_("which criteria apply"))
    whole = pd.concat([typed, served]).sort_values(["body", "row", "order", "criterion"])
    joined = whole.groupby(["body", "row"])["text"].agg(STOP.join)
    return joined.rename("decides").reset_index()


def _open_criteria(result: Result) -> pd.DataFrame:
    """Choose the findings whose criterion is unknown and could still decide."""
    parcels, criteria = result.parcels, result.tables["criteria"].set_index("code")
    found = result.tables["findings"]
    found = found[(found["truth"] == "unknown") & found["missing"].fillna("").ne("")]
    strength = found["criterion"].map(criteria["strength"])
    weak = found[(found["atom"] == 0) & (strength == "weak")].groupby("row").size()
    possible = parcels["weak_met"] + weak.reindex(parcels.index).fillna(0)
    leaning = parcels["leaning"].fillna(value=False).astype(bool)
    enough = (possible >= parcels["weak_needed"]) & ~leaning
    matters = {"exclusion": ~leaning | leaning, "strong": ~leaning, "weak": enough}
    keep = [found[strength == name] for name in DECIDING]
    keep = [
        part[part["row"].map(matters[name]).astype(bool)].assign(order=at)
        for at, (name, part) in enumerate(zip(DECIDING, keep, strict=True))
    ]
    return pd.concat(keep)


def _criteria_text(open_: pd.DataFrame, result: Result) -> pd.DataFrame:
    """Write each open criterion of a parcel: what it compares with which limit, and its weight."""
    columns = result.tables["columns"].fillna("").set_index("name")
    label = columns["label_en" if language() == "en" else "label"]
    atoms = open_[(open_["atom_truth"] == "unknown") & open_["limit"].notna()]
    keys = atoms[["measure", "operator", "limit"]].drop_duplicates()
    texts = [
        f"{label[measure]} {sign} {written_number(limit, str(columns.at[measure, 'unit']))}"
        for measure, sign, limit in keys.itertuples(index=False)
    ]
    atoms = atoms.merge(keys.assign(compared=texts), on=["measure", "operator", "limit"])
    atoms = atoms.sort_values("atom").groupby(["row", "criterion"])["compared"].agg("，".join)
    lines = open_.drop_duplicates(["row", "criterion"])[["row", "criterion", "order"]]
    lines = lines.join(atoms, on=["row", "criterion"])
    criteria = result.tables["criteria"].fillna("").set_index("code")
    title = criteria["title_en" if language() == "en" else "title"]
    head = lines["criterion"] + " " + lines["criterion"].map(title)
    body = ("：" + lines["compared"]).fillna("")
    return lines.assign(text=head + body + _weights(lines, result))[["row", "criterion", "text"]]


def _weights(lines: pd.DataFrame, result: Result) -> pd.Series:
    """Say what meeting a criterion of each strength does."""
    count: Mapping[str, pd.Series] = {
        name: lines["row"].map(written(result.parcels[name], "", {}))
        for name in ("weak_met", "weak_needed")
    }
    weak = _("weak: {met} met so far, {needed} needed").split("{met}")
    middle, end = weak[1].split("{needed}")
    texts = (
        _("strong: enough by itself"),
        weak[0] + count["weak_met"] + middle + count["weak_needed"] + end,
        _("met: the parcel is out"),
    )
    chosen = np.select([lines["order"] == at for at in range(len(texts))], texts, "")
    return pd.Series("（", lines.index) + chosen + "）"


def _unasked(needs: pd.DataFrame, cells: pd.DataFrame, parcels: pd.DataFrame) -> pd.DataFrame:
    """Count what is missing and stands in no workbook."""
    keys = ["row", "missing", "source"]
    there = pd.MultiIndex.from_frame(cells[keys])
    left = needs[~pd.MultiIndex.from_frame(needs[keys]).isin(there)]
    left = left.assign(area=left["row"].map(parcels["possible_area"]))
    table = left.groupby(["missing", "source"], as_index=False).agg(
        parcels=("row", "nunique"), area=("area", "sum")
    )
    return table.rename(columns={"missing": "column"}).assign(area=table["area"].round(2))
