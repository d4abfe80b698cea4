"""The main road: classify, explain, export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lowuse_gis.cli.ahead import loading_ahead
from lowuse_gis.cli.options import (
    AsJson,
    Crs,
    Encoding,
    EngineName,
    Fields,
    Ledgers,
    Output,
    Overwrite,
    ProjectFile,
    Quiet,
    Rules,
    Scheduler,
    Workers,
    day,
    pair,
)
from lowuse_gis.cli.root import app
from lowuse_gis.engines.memory import give_back
from lowuse_gis.language import _


@app.command(help=_("Judge every parcel, with reasons: GeoPackage and problem list."))
def classify(
    parcels: Annotated[
        list[Path] | None,
        typer.Argument(
            help=_("Parcel files (SHP, GPKG, GeoJSON, GeoParquet), or a folder of partitions."),
            show_default=False,
        ),
    ] = None,
    output: Output = Path("result.gpkg"),
    source: Annotated[
        list[str] | None,
        typer.Option("--source", "-s", help=_("Further data: NAME=FILE or NAME=FILE:LAYER.")),
    ] = None,
    project: ProjectFile = None,
    rules: Rules = "",
    as_of: Annotated[
        str, typer.Option("--as-of", help=_("The date judged for, YYYY-MM-DD."), show_default=False)
    ] = "",
    town: Annotated[
        str, typer.Option("--town", help=_("Only this town, by code or name."), show_default=False)
    ] = "",
    crs: Crs = "",
    encoding: Encoding = "",
    mapping: Fields = None,
    save_map: Annotated[
        bool, typer.Option("--save-map", help=_("Keep what --map says in the project file."))
    ] = False,
    with_names: Annotated[
        bool, typer.Option("--with-names", help=_("Show names of natural persons."))
    ] = False,
    ledgers: Ledgers = None,
    engine: EngineName = "",
    workers: Workers = 0,
    scheduler: Scheduler = "",
    overwrite: Overwrite = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Judge parcels; see ``lowuse classify --help``."""
    give_back()
    with loading_ahead("lowuse_gis.commands.classify", parcels or [], project or Path()):
        from lowuse_gis.commands import classify as command
        from lowuse_gis.console import classified, show
        from lowuse_gis.console.steps import shown_progress
        from lowuse_gis.stages.read import Reading

        request = command.Request(
            parcels=parcels or [],
            output=output,
            project=project,
            sources=[pair(item, "--source") for item in source or []],
            rules=rules,
            as_of=day(as_of),
            reading=Reading(
                crs=crs,
                encoding=encoding,
                mapping=dict(pair(item, "--map") for item in mapping or []),
                town=town,
                with_names=with_names,
            ),
            overwrite=overwrite,
            ledgers=ledgers,
            save_mapping=save_map,
            engine=engine,
            workers=workers,
            scheduler=scheduler,
        )
        outcome = command.classify(request, shown_progress(quiet=quiet))
    if as_json:
        show.print_json(classified.classified_json(outcome))
    else:
        classified.show_classified(outcome)


@app.command(help=_("Say why a parcel has its verdict, and what would change it."))
def explain(
    result: Annotated[Path, typer.Argument(help=_("What classify wrote."))],
    parcel: Annotated[str, typer.Argument(help=_("Parcel code, or row such as 1:17."))],
    everything: Annotated[
        bool, typer.Option("--all", help=_("Also the exclusions and flags that do not hold."))
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Explain one parcel; see ``lowuse explain --help``."""
    from lowuse_gis.commands.explain import explain_parcel
    from lowuse_gis.console import explained, show

    read, found = explain_parcel(result, parcel)
    if as_json:
        show.print_json([explained.as_data(item, read) for item in found])
    else:
        for item in found:
            explained.show(item, read, everything=everything)


@app.command(help=_("Write the package that is filed: databases, lists, tables, manifest."))
def export(
    result: Annotated[Path, typer.Argument(help=_("What classify wrote."))],
    units_file: Annotated[
        Path | None,
        typer.Argument(metavar="UNITS", help=_("What units wrote."), show_default=False),
    ] = None,
    plan: Annotated[Path | None, typer.Option("--plan", help=_("What plan wrote."))] = None,
    legacy: Annotated[
        Path | None, typer.Option("--legacy", help=_("The sealed legacy database."))
    ] = None,
    papers: Annotated[
        Path | None, typer.Option("--papers", help=_("Folder of scans and reports."))
    ] = None,
    profile: Annotated[
        str, typer.Option("--profile", help=_("Profile of the package."), show_default=False)
    ] = "",
    output: Output = Path("export"),
    rules: Rules = "",
    draft: Annotated[
        bool, typer.Option("--draft", help=_("File verdicts that no town has decided, as drafts."))
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("List what would be written and what blocks."))
    ] = False,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Write the package; see ``lowuse export --help``."""
    from lowuse_gis.commands import export as command
    from lowuse_gis.console import handed_over, show

    exported = command.export(
        command.Request(
            result=result,
            folder=output,
            units=units_file,
            plan=plan,
            legacy=legacy,
            papers=papers,
            profile=profile,
            rules=rules,
            draft=draft,
            dry_run=dry_run,
            overwrite=overwrite,
        )
    )
    if as_json:
        show.print_json(handed_over.exported_json(exported))
    else:
        handed_over.show_exported(exported)
