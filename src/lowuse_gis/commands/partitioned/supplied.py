"""What is supplied beside a folder of partitions: rules, tables, rasters, ledgers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lowuse_gis.commands.ledgers import ledgers_folder, with_ledgers
from lowuse_gis.commands.supplies import all_supplies, of_legacy, run_of
from lowuse_gis.core.conditions import parsed_criteria
from lowuse_gis.errors import InputError
from lowuse_gis.io.ledgers import ledger_file
from lowuse_gis.io.partitions import reading_hash
from lowuse_gis.io.project import find_project
from lowuse_gis.io.vector import file_hash
from lowuse_gis.language import _
from lowuse_gis.stages.read import GEOMETRY, Reading, read

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lowuse_gis.commands.classify import Request
    from lowuse_gis.io.supply import Supply
    from lowuse_gis.model import Manifest, Run, Source, Survey


def run_for(request: Request, manifest: Manifest) -> Run:
    """Read the rules, and see that the partitions were read by the same.

    Parameters
    ----------
    request, manifest
        What the user asked for, and the folder.

    Returns
    -------
    Run

    Raises
    ------
    InputError
        Where layers would be read otherwise by these rules.
    """
    project = find_project(request.project)
    rules = request.rules or (project.rules if project else "") or manifest.rulebook
    run = run_of(rules, request.as_of, project, request.threads)
    parsed_criteria(run.rulebook)  # a wrong rule is told before anything is read
    if reading_hash(run.rulebook) != manifest.reading_sha256:
        raise InputError(
            _("the partitions were read by other rules than {name}").format(name=run.rulebook.name),
            _("run 'lowuse partition' again: fields, sources or the CRS have changed"),
        )
    return replace(run, with_names=manifest.with_names)


def supplies_beside(request: Request, manifest: Manifest, run: Run) -> list[Supply]:
    """Return the tables and rasters of the project; its layers stand in the folder.

    Parameters
    ----------
    request, manifest, run
        What the user asked for, the folder, the rules.

    Returns
    -------
    list of Supply

    Raises
    ------
    InputError
        Where the project names another layer than was cut, or one that has changed since.
    """
    known = {(source.name, source.file): source.sha256 for source in manifest.sources}
    beside = []
    for supply in all_supplies(request.sources, find_project(request.project)):
        if supply.name in run.rulebook.sources and of_legacy(supply.name, run.rulebook):
            continue
        kind = run.rulebook.sources[supply.name].kind if supply.name in run.rulebook.sources else ""
        if kind not in GEOMETRY:
            beside.append(supply)
        elif known.get((supply.name, supply.path.name)) != file_hash(supply.path):
            raise InputError(
                _("{file} is not what was cut into partitions").format(file=supply.path.name),
                _("run 'lowuse partition' again, or leave the layer out of the project"),
            )
    return beside


def tables_beside(
    request: Request, supplies: Sequence[Supply], manifest: Manifest, run: Run
) -> Survey:
    """Read the tables and ledgers of a district.

    Parameters
    ----------
    request, supplies, manifest, run
        What the user asked for, what `supplies_beside` returned, the folder, the rules.

    Returns
    -------
    Survey
        Without parcels or layers; sources are listed in the order in which all was supplied.
    """
    survey = read(supplies, Reading(with_names=manifest.with_names), run)
    ranks = {(name, file): at for at, (name, file, _layer) in reversed(
        list(enumerate(manifest.order)))}  # fmt: skip

    def rank(source: Source) -> int:
        return ranks.get((source.name, source.file), len(ranks))

    sources = sorted([*manifest.sources, *survey.sources], key=rank)
    folder = ledgers_folder(request.ledgers, request.project)
    return with_ledgers(replace(survey, sources=tuple(sources)), folder, run)


def files_read(request: Request, supplies: Sequence[Supply], survey: Survey) -> list[Path]:
    """List the files that a run reads beside the partitions.

    Parameters
    ----------
    request, supplies, survey
        As for `tables_beside`, and what it returned.

    Returns
    -------
    list of Path
    """
    folder = ledgers_folder(request.ledgers, request.project)
    ledgers = [ledger_file(folder, source.name) for source in survey.sources] if folder else []
    return [*(supply.path for supply in supplies), *(f for f in ledgers if f.is_file())]
