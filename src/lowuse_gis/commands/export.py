"""``lowuse export``: write the package that is filed, by a profile of the rulebook."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from lowuse_gis.commands.legacy_verify import read_verified
from lowuse_gis.commands.results import rulebook_named, up_to
from lowuse_gis.core.filing.names import bad_signs, known_names, named
from lowuse_gis.errors import OutputError, RuleError, SealError
from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.geopackage import read_layer_frame
from lowuse_gis.io.package.manifest import plain_hash
from lowuse_gis.io.package.names import package_files, paper_files
from lowuse_gis.io.package.papers import listed_papers
from lowuse_gis.io.package.writing import Filing, write_package
from lowuse_gis.io.profiles import profile_of
from lowuse_gis.io.result import MET, layers_of, read_result, result_tables
from lowuse_gis.io.seal_files import SEAL
from lowuse_gis.io.units_file import read_units
from lowuse_gis.language import _
from lowuse_gis.stages.filing.datasets import Filed, datasets
from lowuse_gis.stages.filing.filed import blocked, content_of
from lowuse_gis.stages.filing.papers import papers_of
from lowuse_gis.stages.planning.pathways import pathways_of
from lowuse_gis.stages.review import reasons

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from lowuse_gis.io.package.names import PackageFile
    from lowuse_gis.model import Rulebook
    from lowuse_gis.model.filing import Content

OTHER = "other"  # the format of a file that is verified only
PLANNED = ("projects", "ranking", "key_areas")


@dataclass(frozen=True)
class Request:
    """What the user asked for.

    Attributes
    ----------
    result, units, plan, legacy
        What classify, units and plan wrote, and the folder of ``legacy seal``; the last three
        may be left out.
    papers
        Folder of scans and reports; None for none.
    folder
        Where to; the package becomes a folder in it, of the name that the profile gives.
    profile
        Of the rulebook's packages; the rulebook's own where empty.
    rules
        Rulebook whose profiles count; that of the result where empty.
    draft
        Verdicts that no town has decided are filed as drafts.
    dry_run
        Nothing is written.
    """

    result: Path
    folder: Path
    units: Path | None = None
    plan: Path | None = None
    legacy: Path | None = None
    papers: Path | None = None
    profile: str = ""
    rules: str = ""
    draft: bool = False
    dry_run: bool = False
    overwrite: bool = False
    threads: int = 2


@dataclass(frozen=True)
class Exported:
    """What was filed, or would be, for the screen.

    Attributes
    ----------
    folder
        The package.
    profile
        Name of the profile.
    files
        What stands, or would stand, in it.
    content
        Layers and sheets.
    blocks
        What stands in the way.
    manifest
        As written; empty for a dry run.
    """

    folder: Path
    profile: str
    files: Sequence[PackageFile]
    content: Content
    blocks: pd.DataFrame
    manifest: Mapping[str, Any]


def export(request: Request) -> Exported:
    """Write the package, whole or not at all.

    Parameters
    ----------
    request
        What the user asked for.

    Returns
    -------
    Exported

    Raises
    ------
    OutputError
        Where something stands in the way of filing.
    """
    tables = result_tables(request.result)
    run = tables["runs"].iloc[0]
    rulebook = rulebook_named(str(run["rulebook"]), request.rules)
    name, profile = profile_of(request.profile, rulebook)
    as_of = str(run["as_of"])
    names = {**known_names(rulebook, as_of), "audience": profile["audience"]}
    package = request.folder / named(profile["folder"], names, name)
    if not request.dry_run:
        _ready(request.folder)
        refuse_existing([package], overwrite=request.overwrite)
    content, drafts = _content(request, rulebook, profile, names)
    if request.papers:
        content = _with_papers(content, request.papers, (name, profile), names)
    frames = {layer: filed.frame for layer, filed in content.layers.items()}
    files = list(package_files(profile, names, content.layers, content.sheets, frames))
    files += paper_files(profile, names, content.papers)
    _refuse_names(files, name)
    blocks = blocked(content, drafts, [file.path for file in files if file.form == OTHER])
    if request.dry_run:
        return Exported(package, name, files, content, blocks, {})
    _refuse(blocks, draft=request.draft)
    seal = request.legacy / SEAL if request.legacy else None
    inputs = [path for path in (request.result, request.units, request.plan, seal) if path]
    filing = Filing(
        title=named(profile["title"], names, name),
        profile=name,
        spec=profile,
        names=names,
        files=files,
        content=content,
        tables=tables,
        rulebook=rulebook,
        as_of=date.fromisoformat(as_of),
        drafts=drafts,
        inputs={path.name: plain_hash(path) for path in inputs},
        seal=seal,
    )
    with all_or_nothing([package]) as (part,):
        part.mkdir()
        manifest = write_package(part, filing)
    return Exported(package, name, files, content, blocks, manifest)


def _content(
    request: Request,
    rulebook: Rulebook,
    profile: Mapping[str, Any],
    names: Mapping[str, object],
) -> tuple[Content, int]:
    """Take what the profile asks for, and count drafts; of what was read no more is kept."""
    given = _read(request, rulebook)
    drafts = _drafts(given.parcels)
    found = datasets(given, rulebook, request.threads)
    del given
    return content_of(found, profile, names, rulebook), drafts


def _with_papers(
    content: Content,
    folder: Path,
    profile: tuple[str, Mapping[str, Any]],
    names: Mapping[str, object],
) -> Content:
    """Add scans and reports to what is filed."""
    name, spec = profile
    if "papers" not in spec:
        raise RuleError(
            _("profile {name} has no place for papers").format(name=name),
            _("add [[papers]] to the profile, or leave --papers out"),
        )
    return replace(content, papers=papers_of(listed_papers(folder), spec, names, content.layers))


def _ready(folder: Path) -> None:
    """Make the folder that the package is put into."""
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(
            _("{folder}: cannot be made").format(folder=folder),
            _("choose another folder with -o, or ask for write permission"),
        ) from error


def _read(request: Request, rulebook: Rulebook) -> Filed:
    result = up_to(read_result(request.result, MET), rulebook)
    plan = {}
    if request.plan:
        layers_of(request.plan, PLANNED)
        plan = {name: read_layer_frame(request.plan, name) for name in PLANNED}
    return Filed(
        parcels=result.parcels,
        problems=result.tables["problems"],
        units=read_units(request.units, ("members",)) if request.units else None,
        plan=plan,
        legacy=_sealed(request.legacy) if request.legacy else None,
        pathways=pathways_of(result.parcels, rulebook),
        reasons=reasons(result),
    )


def _sealed(folder: Path) -> gpd.GeoDataFrame:
    """Read the sealed database, and refuse one that is not as it was sealed."""
    verified, frame = read_verified(folder)
    if not verified.holds:
        raise SealError(
            _("{path}: not as it was sealed").format(path=folder),
            _("lowuse legacy verify {path} names every record").format(path=folder),
        )
    return frame


def _drafts(parcels: pd.DataFrame) -> int:
    return int(((parcels["verdict"] == "low_use") & parcels["verdict_final"].isna()).sum())


def _refuse_names(files: Sequence[PackageFile], profile: str) -> None:
    """Refuse names that a receiver's system could not keep apart or write."""
    seen: dict[str, str] = {}
    for file in files:
        bad = bad_signs(file.path)
        other = seen.setdefault(file.path.casefold(), file.path)
        if bad or other != file.path:
            raise RuleError(
                _("profile {name}: {path} is no name for a file").format(
                    name=profile, path=file.path
                ),
                _("no spaces or signs such as {signs}; each name once, whatever its case").format(
                    signs='\\ : * ? " < > |'
                ),
            )


def _refuse(blocks: pd.DataFrame, *, draft: bool) -> None:
    left = blocks[~blocks["draft"]] if draft else blocks
    if not len(left):
        return
    first = left.iloc[0]
    place = ".".join(part for part in (first["layer"], first["field"]) if part)
    message = (
        f"{place}: {first['what']}: {first['count']}"
        if place
        else f"{first['what']}: {first['count']}"
    )
    hint = _("--dry-run lists all that stands in the way")
    if bool(first["draft"]):
        hint = _("have the towns decide (lowuse review), or file drafts with --draft")
    raise OutputError(message, hint)
