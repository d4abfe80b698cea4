"""The ledgers beside a project: what people decided, corrected and changed, line by line."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.errors import InputError, OutputError
from lowuse_gis.io.atomic import all_or_nothing
from lowuse_gis.io.csv_text import decoded, read_table_text, require
from lowuse_gis.io.fields import match_fields, standard_values
from lowuse_gis.io.vector import file_hash
from lowuse_gis.language import _
from lowuse_gis.model import Source

if TYPE_CHECKING:
    from pathlib import Path

    from lowuse_gis.model import Rulebook

DECISIONS, CORRECTIONS, MATCHES = "decisions", "corrections", "matches"
EDITS, PROJECTS, RECEIPTS = "edits", "projects", "receipts"
LEGACY_DECISIONS, FIGURES = "legacy_decisions", "figures"
COLUMNS = {
    DECISIONS: (
        "parcel_code", "row", "town", "decision", "reason", "evidence", "who", "date", "answers",
        "file", "rulebook", "as_of",
    ),
    CORRECTIONS: ("parcel_code", "field", "old", "new", "reason", "who", "when"),
    MATCHES: ("source", "given", "target", "decision", "who", "when", "note"),
    EDITS: ("edit", "parcels", "cut", "name", "reason", "who", "when"),
    PROJECTS: (
        "project", "gate", "when", "name", "unit", "parcels", "body", "investment", "due", "who",
        "note",
    ),
    RECEIPTS: (
        "filed_code", "record_id", "parcel_code", "layer", "problem", "returned_on", "state",
        "matched_layer", "matched_code", "file", "place", "taken_on",
    ),
    LEGACY_DECISIONS: (
        "legacy_code", "town", "decision", "used_since", "used_by", "reason", "who", "date",
        "answers", "file", "rulebook", "as_of",
    ),
    FIGURES: ("figure", "town", "year", "value", "unit", "source", "who", "when"),
}  # fmt: skip
JUDGED = (DECISIONS, CORRECTIONS, MATCHES)  # those that classify reads
NEEDED = {
    DECISIONS: ("parcel_code", "decision", "who", "date", "answers"),
    CORRECTIONS: COLUMNS[CORRECTIONS],
    MATCHES: ("source", "given", "target", "decision", "who", "when"),
    EDITS: ("edit", "parcels"),
    PROJECTS: ("project", "gate", "when"),
    RECEIPTS: ("problem",),
    LEGACY_DECISIONS: ("legacy_code", "decision", "who", "date", "answers"),
    FIGURES: ("figure", "year", "value", "unit"),
}
MARK = b"\xef\xbb\xbf"  # tells a spreadsheet program that the text is UTF-8


@dataclass(frozen=True)
class Ledger:
    """A ledger as read.

    Attributes
    ----------
    frame
        Its columns as text, with ``line`` in the file; codes and labels of decisions as codes.
    source
        The file as a result lists it.
    """

    frame: pd.DataFrame
    source: Source


def ledger_file(folder: Path, name: str) -> Path:
    """Return where a ledger stands.

    Parameters
    ----------
    folder, name
        The ledgers' folder; ``decisions`` or ``corrections``.

    Returns
    -------
    Path
    """
    return folder / f"{name}.csv"


def read_ledgers(folder: Path, rulebook: Rulebook) -> dict[str, Ledger]:
    """Read the ledgers that a folder has.

    Parameters
    ----------
    folder
        May have neither of them.
    rulebook
        Knows their headings.

    Returns
    -------
    dict
        Name to ledger.

    Raises
    ------
    InputError
        Where the folder is missing, or a ledger is broken.
    """
    if not folder.is_dir():
        raise InputError(
            _("{folder}: no such folder").format(folder=folder),
            _("make it first: mkdir {folder}").format(folder=folder),
        )
    found = [name for name in JUDGED if ledger_file(folder, name).exists()]
    return {name: read_ledger(ledger_file(folder, name), name, rulebook) for name in found}


def read_ledger(path: Path, name: str, rulebook: Rulebook) -> Ledger:
    """Read one ledger, also after a spreadsheet program saved it in its own way.

    Parameters
    ----------
    path, name
        A CSV file in UTF-8 or GBK; ``decisions`` or ``corrections``.
    rulebook
        Knows the headings.

    Returns
    -------
    Ledger

    Raises
    ------
    InputError
        Where it cannot be read or lacks a column.
    """
    raw = read_table_text(path)
    found = match_fields(list(raw.columns), rulebook, name, {})
    require(path, found, NEEDED[name], COLUMNS[name])
    values = pd.DataFrame({column: raw[field] for column, field in found.items()})
    frame = standard_values(values, rulebook, name).reindex(columns=list(COLUMNS[name]))
    frame = frame.astype("str").assign(line=raw.index + 2)
    frame = frame[frame[list(COLUMNS[name])].notna().any(axis=1)].reset_index(drop=True)
    titles = {
        DECISIONS: _("decisions of the towns"),
        CORRECTIONS: _("corrections of the towns"),
        MATCHES: _("matches that were confirmed or refused"),
        EDITS: _("edits of units"),
        PROJECTS: _("register of projects"),
        RECEIPTS: _("return lists of the city"),
        LEGACY_DECISIONS: _("answers of the towns on legacy"),
        FIGURES: _("figures stated by bodies"),
    }
    source = Source(
        name=name,
        title=titles[name],
        file=path.name,
        layer="",
        body="",
        absence="unknown",
        sha256=file_hash(path),
        rows=len(frame),
    )
    return Ledger(frame, source)


def append_lines(path: Path, name: str, lines: pd.DataFrame, rulebook: Rulebook) -> None:
    """Add lines to a ledger; what stands there stays as it is.

    Parameters
    ----------
    path, name
        The ledger, made where it is missing, its folder too; ``decisions`` or ``matches``.
    lines
        With the ledger's columns, as text.
    rulebook
        Knows the headings of a ledger whose columns were put in another order.

    Raises
    ------
    OutputError
        Where it cannot be written; the old ledger is whole then.
    """
    names, end, encoding = list(COLUMNS[name]), "\n", "utf-8-sig"
    old = path.read_bytes() if path.exists() else b""
    if old.removeprefix(MARK).strip():
        text, encoding = decoded(path, old)
        end = "\r\n" if "\r\n" in text else "\n"
        heading = next(csv.reader(io.StringIO(text)))
        fields = {f: c for c, f in match_fields(heading, rulebook, name, {}).items()}
        names = [fields.get(heading_name, heading_name) for heading_name in heading]
        kept = old if encoding == "utf-8-sig" else text.encode("utf-8-sig")
        kept = MARK + kept.removeprefix(MARK)
        kept += b"" if text.endswith(("\n", "\r")) else end.encode()
    else:
        kept = MARK + (",".join(names) + end).encode()
    added = lines.reindex(columns=names).to_csv(index=False, header=False, lineterminator=end)
    try:
        path.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(
            _("{folder}: cannot be made").format(folder=path.parent),
            _("choose another folder with --ledgers, or ask for write permission"),
        ) from error
    with all_or_nothing([path]) as (part,):
        part.write_bytes(kept + added.encode())
