"""Which rows of tables and ledgers each partition needs, and whose parcels elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.commands.partitioned.directory import BARE, PART, firms_by_parcels
from lowuse_gis.commands.partitioned.judged import TABLE
from lowuse_gis.core.asked import ANSWERS
from lowuse_gis.core.division_codes import village_of
from lowuse_gis.io.partitions import ORDER
from lowuse_gis.stages.correct import CORRECTIONS
from lowuse_gis.stages.decide import DECISIONS
from lowuse_gis.stages.match import LEDGER, RESULT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from lowuse_gis.commands.partitioned.directory import Directory
    from lowuse_gis.model import Run, Survey

PARCEL, FIRM, VILLAGE = "parcel_code", "credit_code", "village_code"
DONE = {CORRECTIONS, LEDGER, RESULT}  # tables that are of no more use
AT = "at"  # position of a row in its table


def told(
    survey: Survey, directory: Directory, parts: Sequence[str], run: Run
) -> Iterator[tuple[str, dict[str, pd.DataFrame]]]:
    """Cut tables by key, and say which parcels elsewhere share a key with those of a partition.

    Parameters
    ----------
    survey
        Tables and ledgers, with codes filled in.
    directory, parts, run
        Parcels that tables speak of, names of partitions, the rules.

    Yields
    ------
    part : str
    facts : dict
        The rows of each table about parcels, firms and villages of the partition; rows that are
        about nothing here or elsewhere go to the first partition, tables without keys to all.
        ``kin``: parcels elsewhere under the same code, of the same firms, or with homesteads in
        the same villages.
    """
    tables = {name: table for name, table in survey.tables.items() if name not in DONE}
    firms = _firms(tables, directory, by_parcels=firms_by_parcels(survey, run))
    pairs = {name: _parts_of_rows(name, tables, directory, firms, run) for name in tables}
    kin = _kin(tables, pairs, directory, by_parcels=firms_by_parcels(survey, run))
    rows = {}
    for name, found in pairs.items():
        whole = found is None or name == ANSWERS
        rows[name] = found if whole else _with_rest(found, len(tables[name]), parts[0])
    of_parts = {name: found if found is None else _by_part(found) for name, found in rows.items()}
    for part in parts:
        facts = {}
        for name, table in tables.items():
            at = of_parts[name]
            facts[TABLE + name] = table if at is None else table.iloc[at(part)]
        facts["kin"] = directory.parcels.iloc[kin(part)][[*BARE, ORDER]]
        yield part, facts


def _by_part(pairs: pd.DataFrame) -> Callable[[str], NDArray[np.intp]]:
    """Look up the rows of a partition in pairs, sorted, each once."""
    codes, names = pd.factorize(pairs[PART])
    at = pairs[AT].to_numpy()
    order = np.lexsort((at, codes))
    ends = np.searchsorted(codes[order], np.arange(len(names) + 1))
    number = {str(name): k for k, name in enumerate(names)}

    def rows(part: str) -> NDArray[np.intp]:
        k = number.get(part)
        return np.unique(at[order[ends[k] : ends[k + 1]]] if k is not None else at[:0])

    return rows


def _with_rest(pairs: pd.DataFrame, count: int, first: str) -> pd.DataFrame:
    """Give the rows of a table that are about nothing to the first partition."""
    lost = np.ones(count, dtype=bool)
    lost[pairs[AT]] = False
    rest = pd.DataFrame({AT: np.flatnonzero(lost)}).assign(**{PART: first})
    return pd.concat([pairs, rest], ignore_index=True)


def _parts_of_rows(
    name: str,
    tables: Mapping[str, pd.DataFrame],
    directory: Directory,
    firms: pd.DataFrame,
    run: Run,
) -> pd.DataFrame | None:
    """Pair the rows of a table with the partitions that need them; None where all do."""
    table, listed = tables[name], directory.parcels
    if name == ANSWERS:
        found = table["found"].map(listed[PART]) if "found" in table else pd.Series(dtype="str")
        return _pairs(found.reset_index(drop=True).dropna().rename(PART))
    keyed = []
    if PARCEL in table:
        keyed.append(_by_key(table[PARCEL], listed[[PARCEL, PART]]))
        if name in _village_shares(run):
            keyed.append(_by_key(table[PARCEL], _neighbours_in_villages(directory)))
    elif VILLAGE in table:
        keyed.append(_by_key(village_of(table[VILLAGE]), directory.villages))
    if name == DECISIONS:
        rows = listed[PART].rename_axis("row").reset_index()
        keyed.append(_by_key(table["row"], rows))
    if FIRM in table and name != DECISIONS:
        keyed.append(_by_key(table[FIRM], firms))
    return pd.concat(keyed, ignore_index=True) if keyed else None


def _pairs(parts: pd.Series) -> pd.DataFrame:
    return parts.rename_axis(AT).reset_index()


def _by_key(keys: pd.Series, known: pd.DataFrame) -> pd.DataFrame:
    """Pair the rows of a table with the partitions in which its key is."""
    known = known.dropna().drop_duplicates()
    key = str(known.columns[0] if known.columns[0] != PART else known.columns[1])
    left = pd.DataFrame({key: keys.to_numpy(), AT: range(len(keys))}).dropna(subset=[key])
    return left.astype({key: "str"}).merge(known.astype({key: "str"}), on=key)[[AT, PART]]


def _firms(
    tables: Mapping[str, pd.DataFrame], directory: Directory, *, by_parcels: bool
) -> pd.DataFrame:
    """Pair firms with the partitions that have a parcel of theirs."""
    listed = directory.parcels
    found = [pd.DataFrame({FIRM: pd.Series(dtype="str"), PART: pd.Series(dtype="str")})]
    for table in tables.values():
        if {PARCEL, FIRM} <= set(table):
            both = table[[PARCEL, FIRM]].dropna()
            found.append(both.merge(listed[[PARCEL, PART]].dropna(), on=PARCEL)[[FIRM, PART]])
    if by_parcels:
        found.append(listed[[FIRM, PART]].dropna())
    return pd.concat(found).drop_duplicates()


def _village_shares(run: Run) -> set[str]:
    return {s["source"] for s in run.rulebook.measures["measure"] if s["kind"] == "village_share"}


def _neighbours_in_villages(directory: Directory) -> pd.DataFrame:
    """Pair parcels with the partitions that have a parcel of the same village."""
    listed = directory.parcels[[PARCEL, VILLAGE]].dropna()
    listed = listed.assign(**{VILLAGE: village_of(listed[VILLAGE])})
    return listed.merge(directory.villages, on=VILLAGE)[[PARCEL, PART]]


def _kin(
    tables: Mapping[str, pd.DataFrame],
    rows: Mapping[str, pd.DataFrame | None],
    directory: Directory,
    *,
    by_parcels: bool,
) -> Callable[[str], NDArray[np.intp]]:
    """Look up the parcels elsewhere that a partition must know of, by their place in the list."""
    listed = directory.parcels.assign(**{AT: np.arange(len(directory.parcels))})
    codes = [listed.loc[listed[PARCEL].duplicated(keep=False), [PARCEL, PART]]]
    for name, pairs in rows.items():
        if pairs is not None and PARCEL in tables[name] and name != ANSWERS:
            code = tables[name][PARCEL].to_numpy()[pairs[AT]]
            codes.append(pd.DataFrame({PARCEL: code, PART: pairs[PART].to_numpy()}))
    kin = [_elsewhere(pd.concat(codes), listed, PARCEL)]
    if by_parcels:
        kin.append(_elsewhere(listed[[FIRM, PART]], listed, FIRM))
    return _by_part(pd.concat(kin))


def _elsewhere(needed: pd.DataFrame, listed: pd.DataFrame, key: str) -> pd.DataFrame:
    """Pair parcels with the other partitions that need their key."""
    needed = needed.dropna().drop_duplicates().astype("str")
    there = listed[[key, PART, AT]].dropna().rename(columns={PART: "home"})
    found = needed.merge(there.astype({key: "str"}), on=key)
    return found.loc[found[PART] != found["home"], [AT, PART]]
