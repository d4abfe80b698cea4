"""Say which parcel or firm a row of a bureau's table means where its code does not."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from lowuse_gis.core.firm_names import core_of, plain
from lowuse_gis.core.lookup import is_among
from lowuse_gis.core.matching import (
    AMBIGUOUS,
    CONFIRMED,
    DOUBTFUL,
    SURE,
    UNMATCHED,
    USED,
    Found,
    by_key,
    by_likeness,
    settled,
)
from lowuse_gis.measures.measured import check_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowuse_gis.model import Run, Survey

TABLE, PARCEL, FIRM = "table", "parcel_code", "credit_code"
LEDGER, RESULT = "matches", "matched"
UNIT_DIGITS = 19  # of a real estate unit: its parcel
GIVEN = ("parcel_code", "unit_code", "credit_code", "firm_name", "location")
GEOGRAPHIC = "EPSG:4490"
DEGREES = 400.0  # a smaller coordinate is one of longitude and latitude


class _Known:
    """What rows may mean: codes with names and addresses, made comparable when they are asked for.

    Where every row has a code that is known, nobody asks, however many parcels there are.
    """

    def __init__(
        self, frame: pd.DataFrame, code: str, name: str, address: str, rules: Mapping[str, Any]
    ) -> None:
        blank = pd.Series(np.nan, index=frame.index, dtype="str")
        self.codes, self.credit = frame[code], frame.get(FIRM, blank)
        self._names, self._addresses = frame.get(name, blank), frame.get(address, blank)
        self._rules = rules

    @cached_property
    def name(self) -> pd.Series:
        return plain(self._names)

    @cached_property
    def core(self) -> pd.Series:
        return core_of(self.name, self._rules["places"], self._rules["suffixes"])

    @cached_property
    def address(self) -> pd.Series:
        return plain(self._addresses)


def match(survey: Survey, run: Run) -> Survey:
    """Find the parcels and firms that rows of tables mean without giving their code.

    Parameters
    ----------
    survey, run
        As read, with the ledger of matches where there is one; ``matching`` of the rulebook.

    Returns
    -------
    Survey
        Codes are filled in where a match is sure or was confirmed, with ``matched_by`` and
        ``match_score``; table ``matched`` lists every row that was looked for. What is doubtful is
        a check row and counts for nothing.
    """
    rules, tables, listed = run.rulebook.matching, dict(survey.tables), []
    parcels, firms = _Known(survey.parcels, PARCEL, "owner", "location", rules), None
    for target, name in _looked_for(tables, run):
        if target == FIRM and firms is None:
            firms = _firms(survey.parcels, tables, rules)
        table, lines = _matched(tables[name], target, firms or parcels, survey, run)
        if len(lines):
            lines = _by_ledger(lines.assign(source=name), survey.tables.get(LEDGER))
            tables[name] = _filled(table, lines, target)
            listed.append(lines.assign(target_column=target))
        if name == rules["firms"]:
            firms = None  # it may have more codes now
    if not listed:
        return survey
    found = pd.concat(listed, ignore_index=True)
    doubtful = found[found["state"].isin([DOUBTFUL, AMBIGUOUS])]
    note = doubtful["source"] + " " + doubtful["place"] + " " + doubtful["given"]
    note += " → " + doubtful["target"].fillna("")
    rows = check_rows(
        rules["check"], pd.Series("", index=doubtful.index), value=doubtful["score"], note=note
    )
    return replace(survey, tables={**tables, RESULT: found}, checks=(*survey.checks, rows))


def _looked_for(tables: Mapping[str, pd.DataFrame], run: Run) -> list[tuple[str, str]]:
    """List what is looked for in which tables: parcels, then firms, the table of firms first."""
    fields, firms = run.rulebook.fields, run.rulebook.matching["firms"]
    keyed = [name for name in tables if _is_keyed(name, run)]
    keyed.sort(key=lambda name: (name != firms, name))
    by_firm = [name for name in keyed if "year" in tables[name] or name == firms]
    pairs = [(PARCEL, name) for name in keyed]  # what is kept by land needs no firm
    return [*pairs, *((FIRM, name) for name in by_firm if FIRM in fields[name])]


def _is_keyed(name: str, run: Run) -> bool:
    source = run.rulebook.sources.get(name)
    return source is not None and source.kind == TABLE and PARCEL in run.rulebook.fields[name]


def _firms(
    parcels: pd.DataFrame, tables: Mapping[str, pd.DataFrame], rules: Mapping[str, Any]
) -> _Known:
    """List the firms by the table of firms and by the parcels' owners."""
    own = parcels[[FIRM, "owner"]].rename(columns={"owner": "firm_name"})
    listed = tables.get(rules["firms"], pd.DataFrame(columns=[FIRM, "firm_name"]))
    both = pd.concat([listed.reindex(columns=[FIRM, "firm_name"]), own], ignore_index=True)
    both = both.dropna(subset=[FIRM]).drop_duplicates().astype("str")
    return _Known(both, FIRM, "firm_name", "location", rules)


def _matched(
    table: pd.DataFrame, target: str, known: _Known, survey: Survey, run: Run
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Look for the rows of a table whose code is missing or not known."""
    if target not in table:
        table = table.assign(**{target: pd.Series(np.nan, table.index, dtype="str")})
    if target == PARCEL and "year" in table:  # years of firms: the firm is enough
        wanted = table[target].notna() & ~is_among(table[target], known.codes)
    elif target == FIRM:  # a code that is there is the firm's, though nobody else knows it
        wanted = table[target].isna() & table.get("firm_name", table[target]).notna()
    else:
        wanted = ~is_among(table[target], known.codes)
    rows = table[wanted]
    if not len(rows):
        return table, pd.DataFrame()
    given = rows.reindex(columns=list(GIVEN)).astype("str").apply(lambda c: c.fillna(""))
    sure = run.rulebook.matching["sure"]
    lines = settled(_methods(rows, target, known, survey, run), rows.index, sure)
    wrong = rows[target].notna() & (lines["state"] == SURE) & (lines["method"] != "unit_code")
    lines.loc[wrong, "state"] = DOUBTFUL  # another code is written there
    text = given[GIVEN[0]].str.cat([given[name] for name in GIVEN[1:]], sep="；")
    lines["given"] = text.str.replace("；+", "；", regex=True).str.strip("；")
    names = pd.Series(known.name.to_numpy(), known.codes.to_numpy()).groupby(level=0).first()
    lines["target_name"] = lines["target"].map(names)
    lines["place"] = rows["place"]
    return table, lines[lines["given"] != ""]


def _methods(
    rows: pd.DataFrame, target: str, known: _Known, survey: Survey, run: Run
) -> list[Found]:
    rules, blank = run.rulebook.matching, pd.Series(np.nan, index=rows.index, dtype="str")
    scores, codes = rules["scores"], known.codes
    name, address = plain(rows.get("firm_name", blank)), plain(rows.get("location", blank))
    core = core_of(name, rules["places"], rules["suffixes"])
    alike = [
        by_key(core, known.core, codes, "core_name", scores["core_name"]),
        by_likeness(core, known.core, codes, rules["similar"]),
    ]
    if target == FIRM:
        return [by_key(name, known.name, codes, "name", scores["firm_name"]), *alike]
    unit = rows.get("unit_code", blank).str.slice(0, UNIT_DIGITS)
    both, others = (
        x.str.cat(y, sep="|") for x, y in ((name, address), (known.name, known.address))
    )
    return [
        by_key(unit, codes, codes, "unit_code", scores["unit_code"]),
        by_key(rows.get(FIRM, blank), known.credit, codes, FIRM, scores[FIRM]),
        by_key(both, others, codes, "name_and_address", scores["name_and_address"]),
        by_key(name, known.name, codes, "name", scores["name"]),
        *alike,
        by_key(address, known.address, codes, "address", scores["address"]),
        _at_place(rows, survey, run),
    ]


def _at_place(rows: pd.DataFrame, survey: Survey, run: Run) -> Found:
    """Match by a point on exactly one parcel."""
    none = pd.Series(np.nan, index=rows.index)
    x, y = rows.get("x", none).astype(float), rows.get("y", none).astype(float)
    there = x.notna() & y.notna()
    target, several = pd.Series(np.nan, rows.index, dtype="str"), pd.Series(False, rows.index)
    if there.any():
        degrees = bool((x[there].abs() < DEGREES).all())
        crs = GEOGRAPHIC if degrees else run.rulebook.crs
        points = gpd.GeoSeries.from_xy(x[there], y[there], index=rows.index[there], crs=crs)
        points = points.to_crs(run.rulebook.crs)
        at, on = survey.parcels.sindex.query(points, predicate="within")
        codes = survey.parcels[PARCEL].iloc[on].to_numpy()
        hits = pd.Series(codes, index=points.index[at], dtype="str").dropna()
        counts = hits.groupby(level=0).size()
        target = hits.groupby(level=0).first().reindex(rows.index)
        several = (counts.reindex(rows.index).fillna(0) > 1).astype(bool)
    score = pd.Series(run.rulebook.matching["scores"]["place"], rows.index)
    return Found(target, "place", score.where(target.notna(), 0.0), several)


def _by_ledger(lines: pd.DataFrame, ledger: pd.DataFrame | None) -> pd.DataFrame:
    """Let what people confirmed or refused stand above what was found."""
    if ledger is None or not len(ledger):
        return lines
    last = ledger.drop_duplicates(["source", "given", "target"], keep="last")
    yes = last[last["decision"] == "1"].drop_duplicates(["source", "given"], keep="last")
    no = last[last["decision"] == "0"]
    key = lines["source"] + "|" + lines["given"]
    confirmed = key.map(dict(zip(yes["source"] + "|" + yes["given"], yes["target"], strict=True)))
    refused = (key + "|" + lines["target"].fillna("")).isin(
        no["source"] + "|" + no["given"] + "|" + no["target"]
    )
    lines = lines.assign(
        target=lines["target"].mask(refused), state=lines["state"].mask(refused, UNMATCHED)
    )
    sure = confirmed.notna()
    return lines.assign(
        target=confirmed.where(sure, lines["target"]),
        method=lines["method"].mask(sure, "ledger"),
        score=lines["score"].mask(sure, 1.0),
        state=lines["state"].mask(sure, CONFIRMED),
    )


def _filled(table: pd.DataFrame, lines: pd.DataFrame, target: str) -> pd.DataFrame:
    """Write the codes that are sure into the table."""
    used = lines[lines["state"].isin(USED)]
    code = used["target"].reindex(table.index)
    blank = pd.Series(np.nan, index=table.index)
    method = table.get("matched_by", blank.astype("str"))
    score = table.get("match_score", blank)
    return table.assign(
        **{target: code.where(code.notna(), table[target])},
        matched_by=used["method"].reindex(table.index).where(code.notna(), method),
        match_score=used["score"].reindex(table.index).where(code.notna(), score),
    )
