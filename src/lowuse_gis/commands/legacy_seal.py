"""``lowuse legacy seal``: close the legacy database for good."""

from __future__ import annotations

import stat
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from lowuse_gis.commands.ledgers import ledgers_folder
from lowuse_gis.commands.results import rulebook_named
from lowuse_gis.core.filing.layers import filed_layer
from lowuse_gis.core.filing.names import known_names, named
from lowuse_gis.core.filing.seal import seal_of
from lowuse_gis.errors import InputError, SealError
from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.legacy_file import read_answers, read_legacy
from lowuse_gis.io.package.manifest import plain_hash
from lowuse_gis.io.package.vector_files import write_layers
from lowuse_gis.io.profiles import profile_of
from lowuse_gis.io.seal_files import SEAL, signed, write_seal
from lowuse_gis.io.seal_sheet import write_sheet
from lowuse_gis.language import _
from lowuse_gis.stages.legacy.answered import STALE, asked_again
from lowuse_gis.stages.legacy.judge import DOUBTFUL, LEGACY, OPEN

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    import geopandas as gpd

    from lowuse_gis.model import Rulebook
    from lowuse_gis.model.filing import FiledLayer

TOWN = "town_name"
MARK = "legacy_seal.json"  # in the folder of ledgers: this project's legacy is sealed
SHEET = "封库确认表.pdf"
DATABASE = "gpkg"  # the format in which it is sealed


@dataclass(frozen=True)
class Request:
    """What the user asked for.

    Attributes
    ----------
    pieces
        What ``legacy find`` wrote.
    folder
        Where to; must not exist.
    by, on
        Who seals, and on which day.
    key
        Private key that signs; None for no signature.
    leave_open
        Whether pieces that nobody has settled are left out.
    """

    pieces: Path
    folder: Path
    by: str
    on: date
    key: Path | None = None
    profile: str = ""
    rules: str = ""
    project: Path | None = None
    ledgers: Path | None = None
    leave_open: bool = False


@dataclass(frozen=True)
class Sealed:
    """What was sealed, for the screen.

    Attributes
    ----------
    folder
        Database, seal and sheet.
    seal
        What it states.
    left
        Pieces that were left out, by state.
    """

    folder: Path
    seal: Mapping[str, Any]
    left: Mapping[str, int]


def refuse_sealed(ledgers: Path | None, project: Path | None) -> None:
    """Refuse to go on where the legacy of a project is sealed.

    Parameters
    ----------
    ledgers, project
        Where the mark of the seal would stand.

    Raises
    ------
    SealError
        Naming the day it was sealed.
    """
    folder = ledgers_folder(ledgers, project)
    mark = folder / MARK if folder else None
    if mark and mark.exists():
        raise SealError(
            _("the legacy database is sealed: {path}").format(path=mark),
            _("it is never updated again; later notes stand outside and name the legacy code"),
        )


def seal(request: Request) -> Sealed:
    """Seal the legacy database.

    Parameters
    ----------
    request
        What the user asked for.

    Returns
    -------
    Sealed

    Raises
    ------
    SealError
        Where it is sealed already.
    InputError
        Where there is nothing to seal, or pieces are not settled.
    """
    refuse_sealed(request.ledgers, request.project)
    if request.folder.exists():
        _refuse_folder(request.folder)
    refuse_existing([request.folder], overwrite=False)
    pieces, run = _pieces(request.pieces)
    left = _left(pieces, leave_open=request.leave_open)
    rulebook = rulebook_named(str(run["rulebook"]), request.rules, request.project)
    layer = _layer(pieces, request, rulebook, str(run["as_of"]))
    head = {
        "district": rulebook.district,
        "county": rulebook.county,
        "rulebook": f"{run['rulebook']} {run['version']}",
        "rules_sha256": str(run["rules_sha256"]),
        "as_of": str(run["as_of"]),
        "inputs": {request.pieces.name: plain_hash(request.pieces)},
        "sealed_by": request.by,
        "sealed_on": request.on.isoformat(),
    }
    statement = seal_of(layer, head)
    if request.key:
        statement = signed(statement, request.key)
    database = _file_name(layer.name, request.profile, rulebook, str(run["as_of"]))
    folder = ledgers_folder(request.ledgers, request.project)
    with all_or_nothing([request.folder]) as (part,):
        part.mkdir()
        write_layers(part / database, "gpkg", [layer], request.on, "UTF-8")
        write_seal(part / SEAL, statement)
        write_sheet(part / SHEET, statement, _towns(layer), _sentences(left), request.on)
    _close(request.folder)
    if folder:
        folder.mkdir(exist_ok=True)
        with all_or_nothing([folder / MARK]) as (part,):
            write_seal(part, statement)
    return Sealed(request.folder, statement, left)


def _refuse_folder(folder: Path) -> None:
    if folder.is_dir() and (folder / SEAL).exists():
        raise SealError(
            _("{path}: sealed already").format(path=folder),
            _("it is never updated again; later notes stand outside and name the legacy code"),
        )


def _pieces(path: Path) -> tuple[gpd.GeoDataFrame, pd.Series]:
    """Read the pieces; one whose answer no longer stands is not legacy until the town says so."""
    pieces, run = read_legacy(path)
    again = asked_again(pieces, read_answers(path)) & (pieces["state"] == LEGACY)
    return pieces.assign(state=pieces["state"].mask(again, STALE)), run


def _left(pieces: gpd.GeoDataFrame, *, leave_open: bool) -> dict[str, int]:
    counts = pieces["state"].value_counts()
    left = {str(state): int(n) for state, n in counts.items() if state != LEGACY}
    if left.get(STALE) and not leave_open:
        raise InputError(
            _("{count} pieces have answers of towns that no longer stand").format(
                count=left[STALE]
            ),
            _("see 'lowuse legacy review status' and ask the towns again, "
              "or leave these pieces out for good with --leave-open"),
        )  # fmt: skip
    unsettled = left.get(OPEN, 0) + left.get(DOUBTFUL, 0)
    if unsettled and not leave_open:
        raise InputError(
            _("{count} pieces are open or doubtful").format(count=unsettled),
            _("settle them first, or leave them out for good with --leave-open"),
        )
    if not (pieces["state"] == LEGACY).any():
        raise InputError(
            _("there is no land of historical legacy to seal"), _("see the layer legacy in QGIS")
        )
    return left


def _layer(
    pieces: gpd.GeoDataFrame, request: Request, rulebook: Rulebook, as_of: str
) -> FiledLayer:
    name, profile = profile_of(request.profile, rulebook)
    sealed = [key for key, spec in profile["layers"].items() if spec.get("sealed")]
    if not sealed:
        raise InputError(
            _("profile {name} has no layer that is sealed").format(name=name),
            _("known profiles: {names}").format(names=", ".join(rulebook.packages)),
        )
    names = {**known_names(rulebook, as_of), "audience": profile["audience"]}
    chosen = pieces[pieces["state"] == LEGACY]
    layer, _cut = filed_layer(sealed[0], chosen, profile, names, rulebook)
    return layer


def _file_name(layer: str, profile: str, rulebook: Rulebook, as_of: str) -> str:
    """Return what the profile calls the database of a layer."""
    name, spec = profile_of(profile, rulebook)
    for entry in spec["file"]:
        if entry["format"] == DATABASE and layer in entry.get("layers", ()):
            path = named(entry["path"], known_names(rulebook, as_of), name)
            return path.rpartition("/")[2]
    return f"{layer}.{DATABASE}"


def _towns(layer: FiledLayer) -> pd.DataFrame:
    """Count records and m² by the field that names the town."""
    frame, area = layer.frame, layer.spec["area"]
    town = next((e["code"] for e in layer.spec["fields"] if e.get("from") == TOWN), "")
    table = pd.DataFrame({"town": frame.get(town, pd.Series("", frame.index)), "area": frame[area]})
    lines = table.fillna({"town": ""}).groupby("town", as_index=False)["area"]
    return lines.agg(records="size", area="sum")[["town", "records", "area"]]


def _sentences(left: Mapping[str, int]) -> list[str]:
    words = {
        OPEN: "证据不全",
        DOUBTFUL: "存疑",
        STALE: "乡镇答复已失效",
        "too_small": "面积过小",
        "rejected": "乡镇认定不属遗留用地",
    }
    told = "、".join(f"{words.get(state, state)} {count} 个" for state, count in left.items())
    return [f"未列入本库：{told}。"] if told else []


def _close(folder: Path) -> None:
    """Make the files read-only: a reminder, not a lock; the seal is the lock."""
    for path in folder.iterdir():
        with suppress(OSError):
            path.chmod(stat.S_IREAD | stat.S_IRGRP | stat.S_IROTH)
