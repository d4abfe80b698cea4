"""``lowuse export``: hand over the low-use database, the units, the problem list and a manifest."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.geopackage import Column, OutLayer, write_geopackage
from lowuse_gis.io.problem_list import problem_table
from lowuse_gis.io.result import Result, read_result
from lowuse_gis.io.result_writing import labels_by_domain
from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.io.units_file import read_units
from lowuse_gis.io.vector import file_hash
from lowuse_gis.io.workbook import OutSheet, write_workbook
from lowuse_gis.language import _
from lowuse_gis.stages.hand_over import field_table, summary_table

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from lowuse_gis.model import Rulebook


@dataclass(frozen=True)
class Request:
    """What the user asked for.

    Attributes
    ----------
    result, units
        What classify and units wrote.
    folder
        Where to; must not exist, unless ``overwrite``.
    rules
        Rulebook whose package.toml counts; that of the result where empty.
    """

    result: Path
    units: Path
    folder: Path
    rules: str = ""
    overwrite: bool = False


@dataclass(frozen=True)
class Exported:
    """What was handed over, for the screen."""

    folder: Path
    manifest: dict[str, Any]
    drafts: int


def export(request: Request) -> Exported:
    """Write the hand-over folder, whole or not at all.

    Parameters
    ----------
    request
        What the user asked for.

    Returns
    -------
    Exported
    """
    refuse_existing([request.folder], overwrite=request.overwrite)
    result = read_result(request.result)
    units = read_units(request.units).units
    rulebook = read_rulebook(request.rules or str(result.run["rulebook"]))
    package, as_of = rulebook.package, date.fromisoformat(str(result.run["as_of"]))
    with all_or_nothing([request.folder]) as (part,):
        part.mkdir()
        layers = package_layers(result, units, rulebook)
        write_geopackage(part / package["folder_database"], layers, rulebook.crs, as_of)
        problems = result.tables["problems"]
        sheet = OutSheet(
            _("problem list"),
            _("Problem list of low-use land redevelopment"),
            problem_table(problems, rulebook),
            _("draft of {date}").format(date=as_of),
        )
        write_workbook(part / package["problem_list"], [sheet], as_of)
        table = summary_table(result.tables["summary"], rulebook)
        heading = _("Low-use land by town and type")
        write_workbook(part / package["summary"], [OutSheet(_("summary"), heading, table)], as_of)
        counts = {
            package["folder_database"]: (_("low-use database and units"), len(layers[0].frame)),
            package["problem_list"]: (_("problem list"), len(problems)),
            package["summary"]: (_("summary"), len(table)),
        }
        manifest = _manifest(part, counts, request, result)
        content = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
        (part / "manifest.json").write_text(content, encoding="utf-8")
    return Exported(request.folder, manifest, manifest["drafts"])


def package_layers(result: Result, units: gpd.GeoDataFrame, rulebook: Rulebook) -> list[OutLayer]:
    """Return the layers of the database, in the field codes of package.toml.

    Parameters
    ----------
    result, units, rulebook
        Parcels, units, and the package profile.

    Returns
    -------
    list of OutLayer
    """
    sources = {"parcels": result.parcels.reset_index(), "units": units}
    domains = labels_by_domain(rulebook)
    layers = []
    for name, spec in rulebook.package["layers"].items():
        frame, columns = field_table(sources[spec["from"]], spec, rulebook)
        out = [Column(code, dtype, title, domain) for code, dtype, title, domain in columns]
        layers.append(OutLayer(name, spec["title"], frame, out, "MultiPolygon", domains))
    return layers


def _manifest(
    folder: Path, counts: dict[str, tuple[str, int]], request: Request, result: Result
) -> dict[str, Any]:
    decided = result.parcels["verdict_final"].notna()
    low = result.parcels["verdict"] == "low_use"
    run = {key: str(value) for key, value in result.run.items()}
    return {
        "run": run,
        "inputs": [
            {"file": path.name, "sha256": file_hash(path)}
            for path in (request.result, request.units)
        ],
        "status": _("draft until the towns decide"),
        "drafts": int((low & ~decided).sum()),
        "files": [
            {"file": name, "title": title, "rows": rows, "sha256": file_hash(folder / name)}
            for name, (title, rows) in counts.items()
        ],
    }
