"""``lowuse verify``: everything a receiver would check of a package."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from lowuse_gis.commands.progress import Progress
from lowuse_gis.commands.results import rulebook_named
from lowuse_gis.commands.supplies import DEFAULT_RULES
from lowuse_gis.core.filing.names import as_of_in, known_names
from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.gdal import quiet
from lowuse_gis.io.package.reading import opened_package, read_package
from lowuse_gis.io.package.report import write_verified
from lowuse_gis.io.profiles import profile_of
from lowuse_gis.language import _
from lowuse_gis.stages.verify.package import verified

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from lowuse_gis.model import Rulebook
    from lowuse_gis.model.filing import ReadPackage

ERROR = "error"


@dataclass(frozen=True)
class Request:
    """What the user asked for.

    Attributes
    ----------
    package
        Folder or zip archive.
    output
        Folder for the report; None writes none.
    profile, rules
        What it is held against; those that its manifest names where empty.
    """

    package: Path
    output: Path | None = None
    profile: str = ""
    rules: str = ""
    overwrite: bool = False
    threads: int = 2


@dataclass(frozen=True)
class Verified:
    """What was found, for the screen.

    Attributes
    ----------
    package, profile
        What was looked at, and what it was held against.
    findings
        By severity.
    files, records
        How much was looked at.
    written
        Files of the report.
    """

    package: Path
    profile: str
    findings: pd.DataFrame
    files: int
    records: int
    written: Sequence[Path]

    @property
    def errors(self) -> int:
        """How many errors were found."""
        return int((self.findings["severity"] == ERROR).sum())


def verify(request: Request, progress: Progress | None = None) -> Verified:
    """Verify a package, without a network and without writing into it.

    Parameters
    ----------
    request
        What the user asked for.
    progress
        Told of every stage.

    Returns
    -------
    Verified

    Raises
    ------
    InputError
        Where there is no package, or no such profile.
    """
    progress = progress or Progress()
    if request.output:
        refuse_existing([request.output], overwrite=request.overwrite)
    with tempfile.TemporaryDirectory(prefix="lowuse-") as into:
        with progress.stage(_("reading")):
            package = read_given(request.package, Path(into))
        manifest = package.manifest or {}
        run = run_of(package)
        rulebook = rulebook_named(str(run.get("rulebook") or DEFAULT_RULES), request.rules)
        asked = request.profile or str(manifest.get("profile", ""))
        profile_name, profile = profile_of(asked, rulebook)
        as_of = as_of_of(package, profile["folder"], rulebook)
        names = {**known_names(rulebook, as_of), "audience": profile["audience"]}
        with progress.stage(_("verifying")):
            findings = verified(package, profile, names, rulebook, request.threads)
        written: list[Path] = []
        if request.output:
            with all_or_nothing([request.output]) as (part,):
                part.mkdir()
                crs = profile.get("crs") or rulebook.crs
                made = write_verified(part, findings, package.name, crs, _day(as_of))
            written = [request.output / file for file in made]
    records = sum(len(layer.frame) for layer in package.layers)
    return Verified(request.package, profile_name, findings, len(package.files), records, written)


def read_given(path: Path, into: Path) -> ReadPackage:
    """Read a package, folder or archive.

    Parameters
    ----------
    path
        The package.
    into
        An empty folder of our own, for what an archive holds.

    Returns
    -------
    ReadPackage

    Raises
    ------
    InputError
        Where there is none.
    """
    folder, refused = opened_package(path, into)
    name = path.name if folder == path else folder.name
    name = path.stem if folder == into else name
    with quiet():
        return read_package(folder, name or folder.resolve().name, refused)


def as_of_of(package: ReadPackage, pattern: str, rulebook: Rulebook) -> str:
    """Return the date a package speaks of: as its manifest says, its name, or its rulebook.

    Parameters
    ----------
    package, pattern, rulebook
        As read; what its folder is called; its survey year.

    Returns
    -------
    str
        ISO date.
    """
    said = run_of(package).get("as_of") or as_of_in(pattern, package.name)
    return str(said or date(rulebook.survey_year, 12, 31))


def run_of(package: ReadPackage) -> dict[str, str]:
    """Return what the manifest of a package says of the run that made it.

    Parameters
    ----------
    package
        As read.

    Returns
    -------
    dict
        Empty where it has none.
    """
    run = (package.manifest or {}).get("run")
    return {key: str(value) for key, value in run.items()} if isinstance(run, dict) else {}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date(2000, 1, 1)
