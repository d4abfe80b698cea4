"""``lowuse describe``: what is understood of a file, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lowuse_gis.cli.options import (
    AsJson,
    Crs,
    Encoding,
    Fields,
    Gcj02,
    Helmert,
    Pipeline,
    Rules,
    Similarity,
    Transform,
    pair,
)
from lowuse_gis.cli.root import app
from lowuse_gis.language import _


@app.command(help=_("Say what is understood of a file, folder or archive, and why."))
def describe(
    path: Annotated[Path, typer.Argument(help=_("File, folder or archive (ZIP)."))],
    rules: Rules = "",
    source: Annotated[
        str,
        typer.Option("--source", "--as", help=_("What it is: tax, survey, …"), show_default=False),
    ] = "",
    sheet: Annotated[
        list[str] | None,
        typer.Option("--sheet", help=_("Read this sheet only."), show_default=False),
    ] = None,
    header: Annotated[
        list[int] | None,
        typer.Option("--header", min=1, help=_("Row of the heading."), show_default=False),
    ] = None,
    unit: Annotated[
        list[str] | None,
        typer.Option(
            "--unit", help=_("Unit of the table, or of a heading: 面积=亩."), show_default=False
        ),
    ] = None,
    key: Annotated[
        str, typer.Option("--key", help=_("Heading of the parcel or credit code."))
    ] = "",
    crs: Crs = "",
    encoding: Encoding = "",
    mapping: Fields = None,
    pipeline: Pipeline = "",
    helmert: Helmert = "",
    similarity: Similarity = "",
    transform: Transform = None,
    gcj02: Gcj02 = False,
    reference: Annotated[
        Path | None,
        typer.Option(
            "--reference",
            help=_("A layer whose place is trusted, to find the offset of web maps."),
            show_default=False,
        ),
    ] = None,
    lines: Annotated[
        int, typer.Option("--lines", min=0, max=100, help=_("Show this many records."))
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Describe what was handed over; see ``lowuse describe --help``."""
    from lowuse_gis.commands import describe as command
    from lowuse_gis.console import described, show
    from lowuse_gis.io.declared import Declared
    from lowuse_gis.io.place import Given
    from lowuse_gis.io.transforms import shift_from_options
    from lowuse_gis.io.understanding import Said

    shift = shift_from_options(pipeline, helmert, similarity, transform, gcj02=gcj02)
    named = dict(pair(item, "--map") for item in mapping or [])
    units = dict(pair(item, "--unit") if "=" in item else ("", item) for item in unit or [])
    declared = Declared(tuple(sheet or ()), tuple(sorted(header or ())), units, key)
    said = Said(Given(crs, shift), encoding, named, None, lines, source, declared)
    outcome = command.describe(path, rules, said, reference)
    if as_json:
        show.print_json(described.described_json(outcome))
    else:
        described.show_described(outcome)
