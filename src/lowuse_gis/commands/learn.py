"""``lowuse verify --learn``: draft a profile from a delivery that was accepted."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lowuse_gis.commands.progress import Progress
from lowuse_gis.commands.results import rulebook_named
from lowuse_gis.commands.supplies import DEFAULT_RULES
from lowuse_gis.commands.verify import as_of_of, read_given, run_of
from lowuse_gis.core.filing.names import known_names
from lowuse_gis.core.learning.patterns import date_in
from lowuse_gis.errors import InputError
from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.profile_files import profile_text
from lowuse_gis.language import _
from lowuse_gis.stages.learn.draft import drafted
from lowuse_gis.stages.verify.package import verified

if TYPE_CHECKING:
    import pandas as pd

    from lowuse_gis.model import Rulebook
    from lowuse_gis.model.filing import ReadPackage
    from lowuse_gis.stages.learn.draft import Draft

PATTERNS = ("as_of", "district", "county", "year")  # the first is looked for first


@dataclass(frozen=True)
class Request:
    """What the user asked for.

    Attributes
    ----------
    package
        An accepted delivery: folder or zip archive.
    output
        The profile's file; None writes none.
    rules
        Rulebook that knows fields and the district; that of the manifest where empty.
    """

    package: Path
    output: Path | None = None
    rules: str = ""
    overwrite: bool = False
    threads: int = 2


@dataclass(frozen=True)
class LearntProfile:
    """What was learnt, for the screen.

    Attributes
    ----------
    package
        What was looked at.
    draft, text
        The profile, and its file.
    findings
        What the delivery itself does not fit of its draft.
    written
        The file; None where none was asked for.
    """

    package: Path
    draft: Draft
    text: str
    findings: pd.DataFrame
    written: Path | None


def learn(request: Request, progress: Progress | None = None) -> LearntProfile:
    """Draft a profile, and hold the delivery against it.

    Parameters
    ----------
    request
        What the user asked for.
    progress
        Told of every stage.

    Returns
    -------
    LearntProfile

    Raises
    ------
    InputError
        Where there is nothing to learn from, or some of it cannot be read.
    """
    progress = progress or Progress()
    if request.output:
        refuse_existing([request.output], overwrite=request.overwrite)
    with tempfile.TemporaryDirectory(prefix="lowuse-") as into:
        with progress.stage(_("reading")):
            package = read_given(request.package, Path(into))
            _refuse_unreadable(package, request.package)
        run = run_of(package)
        rulebook = rulebook_named(str(run.get("rulebook") or DEFAULT_RULES), request.rules)
        with progress.stage(_("learning")):
            draft = drafted(package, _names(package, rulebook), rulebook)
        with progress.stage(_("verifying")):
            as_of = as_of_of(package, draft.profile["folder"], rulebook)
            names = {**known_names(rulebook, as_of), "audience": draft.profile["audience"]}
            findings = verified(package, draft.profile, names, rulebook, request.threads)
    heading = _("Drafted by lowuse verify --learn from {name}; look at every line.").format(
        name=request.package.name
    )
    text = profile_text(draft.profile, heading, _("to confirm"))
    if request.output:
        with all_or_nothing([request.output]) as (part,):
            part.write_text(text, encoding="utf-8")
    return LearntProfile(request.package, draft, text, findings, request.output)


def _refuse_unreadable(package: ReadPackage, path: Path) -> None:
    """Refuse what nobody can have accepted: broken files, links, or nothing at all."""
    wrong = [(file, reason) for file, _code, reason in package.unreadable]
    wrong += [(file, _("a link instead of a file")) for file in package.links]
    if wrong:
        file, reason = wrong[0]
        raise InputError(
            _("{path}: {count} files cannot be learnt from, the first {file}: {reason}").format(
                path=path, count=len(wrong), file=file, reason=reason
            ),
            _("learn from a delivery that is whole; lowuse verify names every fault"),
        )
    if not package.layers and not package.sheets:
        raise InputError(
            _("{path}: no layer and no sheet to learn from").format(path=path),
            _("give a delivery with FileGDB, GeoPackage, shapefile or workbook"),
        )


def _names(package: ReadPackage, rulebook: Rulebook) -> dict[str, str]:
    """Return what names of files may stand for; a date only where it can be told again."""
    as_of = run_of(package).get("as_of") or date_in(package.name)
    known = known_names(rulebook, as_of)
    wanted = PATTERNS if as_of else PATTERNS[1:3]
    return {name: known[name] for name in wanted}
