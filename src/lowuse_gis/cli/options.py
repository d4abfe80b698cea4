"""Options that several commands share, and how their text is read."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from lowuse_gis.errors import InputError
from lowuse_gis.language import _

Output = Annotated[Path, typer.Option("-o", "--output", help=_("Where to write."))]
Overwrite = Annotated[bool, typer.Option("--overwrite", help=_("Replace what stands there."))]
AsJson = Annotated[bool, typer.Option("--json", help=_("Print the result as JSON."))]
Rules = Annotated[
    str, typer.Option("--rules", help=_("Rulebook, by name or folder."), show_default=False)
]
ProjectFile = Annotated[
    Path | None, typer.Option("--project", help=_("Project folder or lowuse.toml."))
]
Ledgers = Annotated[
    Path | None,
    typer.Option(
        "--ledgers",
        help=_("Folder of the ledgers: decisions.csv, corrections.csv, exceptions.csv."),
    ),
]
Crs = Annotated[str, typer.Option("--crs", help=_("CRS of the files, EPSG:n."), show_default=False)]
Encoding = Annotated[
    str, typer.Option("--encoding", help=_("Encoding of shapefiles."), show_default=False)
]
Fields = Annotated[
    list[str] | None,
    typer.Option("--map", help=_("Name a field: 宗地代码=MYFIELD."), show_default=False),
]
Pipeline = Annotated[
    str, typer.Option("--pipeline", help=_("PROJ pipeline to CGCS2000."), show_default=False)
]
Helmert = Annotated[
    str,
    typer.Option(
        "--helmert",
        help=_("Seven parameters: position_vector:dx,dy,dz,rx,ry,rz,s."),
        show_default=False,
    ),
]
Similarity = Annotated[
    str,
    typer.Option(
        "--similarity",
        help=_("Four plane parameters: dx,dy,rotation,scale@EPSG:4548."),
        show_default=False,
    ),
]
Transform = Annotated[
    Path | None,
    typer.Option("--transform", help=_("File of transformation parameters."), show_default=False),
]
Gcj02 = Annotated[bool, typer.Option("--gcj02", help=_("Undo the offset of web maps (GCJ-02)."))]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help=_("No progress."))]


def pair(text: str, option: str) -> tuple[str, str]:
    """Take ``A=B`` apart.

    Parameters
    ----------
    text, option
        What was given, and the option to name in a message.

    Returns
    -------
    tuple of str

    Raises
    ------
    InputError
        Where it is not of that form.
    """
    left, sign, right = text.partition("=")
    if not (left and sign and right):
        raise InputError(
            _("{option} {text}: not of the form A=B").format(option=option, text=text),
            _("write it without spaces: {option} A=B").format(option=option),
        )
    return left.strip(), right.strip()


def day(text: str) -> date | None:
    """Read a date such as 2024-03-31.

    Parameters
    ----------
    text
        The date; empty for none.

    Returns
    -------
    date, or None

    Raises
    ------
    InputError
        Where it is none.
    """
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  a plain date
    except ValueError as error:
        raise InputError(
            _("{text} is not a date").format(text=text), _("write it as 2024-03-31")
        ) from error


EngineName = Annotated[
    str,
    typer.Option(
        "--engine", help=_("Who works on partitions: local, dask or spark."), show_default=False
    ),
]
Workers = Annotated[
    int, typer.Option("--workers", help=_("Partitions worked on at once."), show_default=False)
]
Scheduler = Annotated[
    str,
    typer.Option(
        "--scheduler", help=_("Address of a Dask scheduler or Spark master."), show_default=False
    ),
]
