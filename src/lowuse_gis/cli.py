"""What the user types. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from typer.exceptions import Abort, TyperException

from lowuse_gis import __version__
from lowuse_gis.errors import InputError, LowuseError
from lowuse_gis.language import _

BUG = 70
REFUSED = 2
INTERRUPTED = 130  # what the command-line library makes of Ctrl-C

app = typer.Typer(
    name="lowuse",
    help=_("Find, explain and redevelop low-use land (低效用地再开发)."),
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
rules_app = typer.Typer(help=_("Look at the rulebook in use."))
app.add_typer(rules_app, name="rules")

Output = Annotated[Path, typer.Option("-o", "--output", help=_("Where to write."))]
Overwrite = Annotated[bool, typer.Option("--overwrite", help=_("Replace what stands there."))]
AsJson = Annotated[bool, typer.Option("--json", help=_("Print the result as JSON."))]
Rules = Annotated[
    str, typer.Option("--rules", help=_("Rulebook, by name or folder."), show_default=False)
]
ProjectFile = Annotated[
    Path | None, typer.Option("--project", help=_("Project folder or lowuse.toml."))
]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help=_("No progress."))]


@app.callback(invoke_without_command=True)
def _start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help=_("Print the version."))] = False,
) -> None:
    if version:
        typer.echo(f"lowuse {__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command(help=_("Judge every parcel, with reasons: GeoPackage and problem list."))
def classify(
    parcels: Annotated[
        list[Path] | None,
        typer.Argument(
            help=_("Parcel files (SHP, GPKG, GeoJSON, GeoParquet)."), show_default=False
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
    crs: Annotated[
        str, typer.Option("--crs", help=_("CRS of the parcel files, EPSG:n."), show_default=False)
    ] = "",
    encoding: Annotated[
        str, typer.Option("--encoding", help=_("Encoding of shapefiles."), show_default=False)
    ] = "",
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", help=_("Name a field: 宗地代码=MYFIELD."), show_default=False),
    ] = None,
    with_names: Annotated[
        bool, typer.Option("--with-names", help=_("Show names of natural persons."))
    ] = False,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Judge parcels; see ``lowuse classify --help``."""
    from lowuse_gis.commands import classify as command
    from lowuse_gis.commands.progress import Progress
    from lowuse_gis.console import classified, show
    from lowuse_gis.stages.read import Reading

    request = command.Request(
        parcels=parcels or [],
        output=output,
        project=project,
        sources=[_pair(item, "--source") for item in source or []],
        rules=rules,
        as_of=_date(as_of),
        reading=Reading(
            crs=crs,
            encoding=encoding,
            mapping=dict(_pair(item, "--map") for item in mapping or []),
            town=town,
            with_names=with_names,
        ),
        overwrite=overwrite,
    )
    outcome = command.classify(request, Progress() if quiet else Progress(show.show_stage))
    if as_json:
        show.print_json(classified.classified_json(outcome))
    else:
        classified.show_classified(outcome)


@app.command(help=_("Say why a parcel has its verdict, and what would change it."))
def explain(
    result: Annotated[Path, typer.Argument(help=_("What classify wrote."))],
    parcel: Annotated[str, typer.Argument(help=_("Parcel code, or row such as 1:17."))],
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
            explained.show(item, read)


@app.command(help=_("Join low-use parcels to redevelopment units."))
def units(
    result: Annotated[Path, typer.Argument(help=_("What classify wrote."))],
    output: Output = Path("units.gpkg"),
    barriers: Annotated[
        list[Path] | None, typer.Option("--barriers", help=_("Lines that part units."))
    ] = None,
    project: ProjectFile = None,
    rules: Rules = "",
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Draw units; see ``lowuse units --help``."""
    from lowuse_gis.commands import units as command
    from lowuse_gis.console import drawn as shown
    from lowuse_gis.console import show

    drawn = command.units(
        command.Request(result, output, barriers or [], project, rules, overwrite)
    )
    if as_json:
        plain = drawn.units.units.drop(columns="geometry")
        show.print_json({"units": plain, "left_out": drawn.units.left_out})
    else:
        shown.show_units(drawn)


@app.command(help=_("Hand over the database, units, problem list and manifest."))
def export(
    result: Annotated[Path, typer.Argument(help=_("What classify wrote."))],
    units_file: Annotated[Path, typer.Argument(metavar="UNITS", help=_("What units wrote."))],
    output: Output = Path("export"),
    rules: Rules = "",
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Write the hand-over; see ``lowuse export --help``."""
    from lowuse_gis.commands import export as command
    from lowuse_gis.console import handed_over, show

    exported = command.export(command.Request(result, units_file, output, rules, overwrite))
    if as_json:
        show.print_json(exported.manifest)
    else:
        handed_over.show_exported(exported)


@rules_app.command("list", help=_("List the criteria and where they come from."))
def rules_list(
    rules: Annotated[str, typer.Argument(help=_("Rulebook, by name or folder."))] = "jinghai",
    as_json: AsJson = False,
) -> None:
    """List criteria; see ``lowuse rules list --help``."""
    from lowuse_gis.commands.rules import listed
    from lowuse_gis.console import ruled, show

    rulebook, frame = listed(rules)
    if as_json:
        show.print_json({"folder": rulebook.folder, "criteria": frame})
    else:
        ruled.show_rules(rulebook, frame)


def _pair(text: str, option: str) -> tuple[str, str]:
    left, sign, right = text.partition("=")
    if not (left and sign and right):
        raise InputError(
            _("{option} {text}: not of the form A=B").format(option=option, text=text),
            _("write it without spaces: {option} A=B").format(option=option),
        )
    return left.strip(), right.strip()


def _date(text: str) -> date | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  a plain date
    except ValueError as error:
        raise InputError(
            _("{text} is not a date").format(text=text), _("write it as 2024-03-31")
        ) from error


def _fail(message: str, hint: str, code: int) -> NoReturn:
    def one_line(text: str) -> str:
        return " ".join(str(text).split())

    sys.stderr.write(f"error: {one_line(message)}\nhint: {one_line(hint)}\n")
    sys.exit(code)


def main() -> None:
    """Run the command line; a user meets one error line and one hint line, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        code = app(standalone_mode=False)
    except LowuseError as error:
        _fail(error.message, error.hint, REFUSED)
    except TyperException as error:
        _fail(error.format_message(), _("see: lowuse --help"), error.exit_code)
    except (KeyboardInterrupt, Abort):
        code = INTERRUPTED
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:
        if os.environ.get("LOWUSE_DEBUG"):
            raise
        _fail(
            _("this is a bug in lowuse: {error}").format(error=f"{type(error).__name__}: {error}"),
            _("run again with LOWUSE_DEBUG=1 and report what it prints"),
            BUG,
        )
    if code == INTERRUPTED:
        _fail(_("interrupted; nothing was written"), _("run the same command again"), REFUSED)
    sys.exit(code if isinstance(code, int) else 0)
