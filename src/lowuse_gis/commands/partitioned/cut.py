"""Which rows of tables and ledgers each partition needs, and whose parcels elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.commands.partitioned.directory import BARE, PART, firms_by_parcels
from lowuse_gis.commands.partitioned.judged import TABLE
from lowuse_gis.core.asked import ANSWERS
from lowuse_gis.io.partitions import ORDER
from lowuse_gis.stages.compose import VILLAGE_DIGITS
from lowuse_gis.stages.correct import CORRECTIONS
from lowuse_gis.stages.decide import DECISIONS
from lowuse_gis.stages.match import LEDGER, RESULT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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
    rows = {name: _parts_of_rows(name, tables, directory, parts[0], run, survey) for name in tables}
    kin = _kin(tables, rows, directory, by_parcels=firms_by_parcels(survey, run))
    listed = directory.parcels
    for part in parts:
        facts = {}
        for name, table in tables.items():
            of_rows = rows[name]
            at = None if of_rows is None else of_rows.loc[of_rows[PART] == part, AT]
            facts[TABLE + name] = table if at is None else table.iloc[sorted(set(at))]
        own = listed.index.isin(kin.loc[kin[PART] == part, "row"])
        facts["kin"] = listed.loc[own & (listed[PART] != part).to_numpy(), [*BARE, ORDER]]
        yield part, facts


def _parts_of_rows(
    name: str,
    tables: Mapping[str, pd.DataFrame],
    directory: Directory,
    first: str,
    run: Run,
    survey: Survey,
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
        keyed.append(_by_key(table[VILLAGE].str[:VILLAGE_DIGITS], directory.villages))
    if name == DECISIONS:
        rows = listed[PART].rename_axis("row").reset_index()
        keyed.append(_by_key(table["row"], rows))
    if FIRM in table and name != DECISIONS:
        keyed.append(
            _by_key(
                table[FIRM], _firms(tables, directory, by_parcels=firms_by_parcels(survey, run))
            )
        )
    if not keyed:
        return None
    pairs = pd.concat(keyed, ignore_index=True)
    rest = pd.DataFrame({AT: range(len(table))})
    rest = rest[~rest[AT].isin(pairs[AT])].assign(**{PART: first})
    return pd.concat([pairs, rest], ignore_index=True)


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
    listed = listed.assign(**{VILLAGE: listed[VILLAGE].str[:VILLAGE_DIGITS]})
    return listed.merge(directory.villages, on=VILLAGE)[[PARCEL, PART]]


def _kin(
    tables: Mapping[str, pd.DataFrame],
    rows: Mapping[str, pd.DataFrame | None],
    directory: Directory,
    *,
    by_parcels: bool,
) -> pd.DataFrame:
    """Pair parcels with the partitions that must know of them."""
    listed = directory.parcels.rename_axis("row").reset_index()
    codes = [listed.loc[listed[PARCEL].duplicated(keep=False), [PARCEL, PART]]]
    for name, pairs in rows.items():
        if pairs is not None and PARCEL in tables[name] and name != ANSWERS:
            code = tables[name][PARCEL].to_numpy()[pairs[AT]]
            codes.append(pd.DataFrame({PARCEL: code, PART: pairs[PART].to_numpy()}))
    needed = pd.concat(codes).dropna().drop_duplicates().astype("str")
    kin = [needed.merge(listed[[PARCEL, "row"]], on=PARCEL)[["row", PART]]]
    if by_parcels:
        firms = listed[[FIRM, PART]].dropna().drop_duplicates()
        kin.append(firms.merge(listed[[FIRM, "row"]].dropna(), on=FIRM)[["row", PART]])
    return pd.concat(kin).drop_duplicates()
