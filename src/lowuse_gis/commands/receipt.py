"""``lowuse receipt``: take in the list that the city returns, matched to what was filed."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from lowuse_gis.commands.ledgers import ledgers_to_write
from lowuse_gis.commands.results import rulebook_named
from lowuse_gis.commands.supplies import DEFAULT_RULES
from lowuse_gis.core.receipts import matched_receipts, new_receipts
from lowuse_gis.errors import InputError
from lowuse_gis.io.gdal import quiet
from lowuse_gis.io.ledgers import COLUMNS, RECEIPTS, append_lines, ledger_file, read_ledger
from lowuse_gis.io.package.reading import opened_package, read_package
from lowuse_gis.io.profiles import profile_of
from lowuse_gis.io.tables import read_table
from lowuse_gis.io.workbook import harmless
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from lowuse_gis.model.filing import ReadLayer

GIVEN = ("filed_code", "record_id", "parcel_code", "layer", "problem", "returned_on")


@dataclass(frozen=True)
class Received:
    """What became of the rows, for the screen.

    Attributes
    ----------
    ledger
        The ledger of receipts.
    rows
        Every row with ``state`` and the record it is about.
    added
        How many the ledger had not yet.
    """

    ledger: Path
    rows: pd.DataFrame
    added: int


def receive(
    file: Path,
    package: Path,
    ledgers: Path | None = None,
    project: Path | None = None,
    *,
    on: date,
) -> Received:
    """Take in a return list.

    Parameters
    ----------
    file
        Workbook or CSV of the city.
    package
        What was filed: folder or zip.
    ledgers, project
        Where the ledger of receipts is.
    on
        The day it is taken in.

    Returns
    -------
    Received

    Raises
    ------
    InputError
        Where the list or the package cannot be read.
    """
    folder = ledgers_to_write(ledgers, project)
    with tempfile.TemporaryDirectory(prefix="lowuse-") as into, quiet():
        inside, _refused = opened_package(package, Path(into))
        read = read_package(inside, package.name)
    manifest = read.manifest or {}
    run = manifest.get("run")
    rules = str(run.get("rulebook", "")) if isinstance(run, dict) else ""
    rulebook = rulebook_named(rules or DEFAULT_RULES, project=project)
    _name, profile = profile_of(str(manifest.get("profile", "")), rulebook)
    filed = _filed(read.layers, profile)
    if not len(filed):
        raise InputError(
            _("{path}: no layer of the profile in it").format(path=package),
            _("give the package that was filed"),
        )
    table = read_table(file, RECEIPTS, rulebook).frame
    rows = table.reindex(columns=[*GIVEN, "place"]).astype("str")
    for name in GIVEN:
        rows[name] = rows[name].str.strip().map(harmless, na_action="ignore").astype("str")
    matched = matched_receipts(rows, filed)
    ledger = ledger_file(folder, RECEIPTS)
    known = pd.DataFrame(columns=list(COLUMNS[RECEIPTS]), dtype="str")
    if ledger.exists():
        known = read_ledger(ledger, RECEIPTS, rulebook).frame
    fresh = matched[new_receipts(matched, known)]
    if len(fresh):
        stamp = {"file": harmless(file.name), "taken_on": on.isoformat()}
        append_lines(ledger, RECEIPTS, fresh.assign(**stamp), rulebook)
    return Received(ledger, matched, len(fresh))


def _filed(layers: tuple[ReadLayer, ...], profile: Mapping[str, Any]) -> pd.DataFrame:
    """List the records of a package by the codes that a return list may name."""
    lines, seen = [], set()
    for layer in layers:
        spec = profile["layers"].get(layer.name)
        if spec is None or layer.name in seen or spec.get("key") not in layer.frame:
            continue
        seen.add(layer.name)
        by_origin = {entry.get("from", ""): entry["code"] for entry in spec["fields"]}
        numbered = [
            e["code"] for e in spec["fields"] if "numbered" in e and e["code"] in layer.frame
        ]
        parcel = by_origin.get("parcel_code", "")
        frame = layer.frame
        lines.append(
            pd.DataFrame(
                {
                    "layer": layer.name,
                    "filed_code": frame[spec["key"]].astype("str"),
                    "record_id": frame[numbered[0]].astype("str") if numbered else None,
                    "parcel_code": frame[parcel].astype("str") if parcel in frame else None,
                }
            )
        )
    whole = pd.concat(lines, ignore_index=True) if lines else pd.DataFrame()
    return whole.astype("str")
