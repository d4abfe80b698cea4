"""``lowuse publish``: put a result into the office's PostGIS database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lowuse_gis.commands.legacy_verify import read_verified
from lowuse_gis.commands.progress import Progress
from lowuse_gis.errors import InputError, SealError
from lowuse_gis.io.database.content import content_hash, layers_in
from lowuse_gis.io.database.contract import read_contract
from lowuse_gis.io.database.names import refuse_name
from lowuse_gis.io.database.target import (
    connected,
    is_target,
    library,
    may_be_secret,
    settings,
)
from lowuse_gis.io.geopackage import read_layer_frame
from lowuse_gis.io.package.manifest import plain_hash
from lowuse_gis.io.result import layers_of
from lowuse_gis.io.units_file import NEEDED as UNITS_NEEDED
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from lowuse_gis.io.database.content import Layer
    from lowuse_gis.io.database.publishing import Publication

RESULT_NEEDED = frozenset({"parcels", "findings", "runs", "criteria", "labels", "columns"})
GEOPACKAGE = ".gpkg"
UNITS, PLAN, LEGACY = "units_", "plan_", "legacy"
PLAN_NEEDED = frozenset({"projects", "ranking", "pathways", "limits", "runs"})


@dataclass(frozen=True)
class Request:
    """What the user asked for.

    Attributes
    ----------
    result, units, plan, legacy
        What classify, units and plan wrote, and the folder of ``legacy seal``; all but the first
        may be left out.
    target
        The database: a URL, ``service=NAME``, or empty where the environment names it.
    schema
        Where to in it.
    reader
        A role that may read; empty for none.
    """

    result: Path
    units: Path | None = None
    plan: Path | None = None
    legacy: Path | None = None
    target: str = ""
    schema: str = "lowuse"
    reader: str = ""


@dataclass(frozen=True)
class Published:
    """What was published, for the screen.

    Attributes
    ----------
    place
        The database, without what it takes to get in.
    schema, run_id, sha256
        Where it stands, by which number, and the hash of its content.
    new
        False where this very content stood there already.
    rows
        Table to number of rows.
    foreign
        ``units`` where they were drawn from another file than this result, ``plan`` where it was
        made of other units.
    """

    place: str
    schema: str
    run_id: int
    sha256: str
    new: bool
    rows: Mapping[str, int]
    foreign: Sequence[str]


def told(words: Sequence[str]) -> tuple[Path | None, str]:
    """Tell the units file from the database among the words after the result.

    Parameters
    ----------
    words
        At most one of each, in any order.

    Returns
    -------
    units : Path, or None
    target : str
        Empty where none is named.

    Raises
    ------
    InputError
        Where there are more, or one that is neither; what might be a password is not repeated.
    """
    from pathlib import Path  # noqa: PLC0415  only here at run time

    targets = [word for word in words if is_target(word)]
    files = [word for word in words if not is_target(word)]
    hint = _("lowuse publish RESULT [UNITS] postgresql://HOST/NAME")
    if any(may_be_secret(word) and not Path(word).exists() for word in files):
        raise InputError(
            _("a word that is neither a file nor a database; it is not repeated here"), hint
        )
    if len(targets) > 1 or len(files) > 1:
        raise InputError(_("more than one database, or more than one units file"), hint)
    return (Path(files[0]) if files else None), (targets[0] if targets else "")


def publish(request: Request, progress: Progress | None = None) -> Published:
    """Publish a result, whole or not at all, and once only.

    Parameters
    ----------
    request
        What the user asked for.
    progress
        Told which stage begins.

    Returns
    -------
    Published

    Raises
    ------
    InputError, SealError, DatabaseError
        Where a file is not what it should be, or the database is not fit for it.
    """
    progress = progress or Progress()
    library()
    settings(request.target)
    refuse_name(request.schema, "--schema")
    if request.reader:
        refuse_name(request.reader, "--reader")
    with progress.stage(_("reading what is to be published")):
        files, layers = _layers(request)
        publication = _publication(request, files, layers)
    from lowuse_gis.io.database.publishing import publish_all  # noqa: PLC0415  needs an extra

    with progress.stage(_("publishing")), connected(request.target) as (connection, place):
        outcome = publish_all(connection, publication, read_contract())
    return Published(
        place=place,
        schema=request.schema,
        run_id=outcome.run_id,
        sha256=publication.sha256,
        new=outcome.new,
        rows=outcome.rows,
        foreign=tuple(_foreign(files)),
    )


def _layers(request: Request) -> tuple[dict[str, Path], list[Layer]]:
    """Return the files by what they are, and all layers in them."""
    layers_of(request.result, RESULT_NEEDED)
    files = {"result": request.result}
    layers = layers_in(request.result, "", (), {})
    if request.units:
        layers_of(
            request.units, UNITS_NEEDED, hint=_("give the GeoPackage that 'lowuse units' wrote")
        )
        files["units"] = request.units
        layers += layers_in(request.units, UNITS, {layer.table for layer in layers}, {})
    if request.plan:
        files["plan"] = request.plan
        layers += _plan_layers(request.plan, request.units, {layer.table for layer in layers})
    if request.legacy:
        path, sealed = _sealed(request.legacy)
        files["legacy"] = path
        taken = {layer.table for layer in layers}
        layers += layers_in(path, f"{LEGACY}_", taken, {sealed: LEGACY})
    return files, layers


def _plan_layers(plan: Path, units: Path | None, taken: set[str]) -> list[Layer]:
    if units is None:
        raise InputError(
            _("{path}: a plan is published with its units").format(path=plan),
            _("lowuse publish RESULT UNITS --plan PLAN"),
        )
    layers_of(plan, PLAN_NEEDED, hint=_("give the GeoPackage that 'lowuse plan' wrote"))
    return layers_in(plan, PLAN, taken, {})


def _sealed(folder: Path) -> tuple[Path, str]:
    """Return the sealed GeoPackage and its layer; refuse one that is not as it was sealed."""
    verified, _frame = read_verified(folder)
    if not verified.holds:
        raise SealError(
            _("{path}: not as it was sealed").format(path=folder),
            _("lowuse legacy verify {path} names every record").format(path=folder),
        )
    if verified.copy.suffix.lower() != GEOPACKAGE:
        raise InputError(
            _("{path}: not a GeoPackage").format(path=verified.copy),
            _("give the folder that 'lowuse legacy seal' wrote"),
        )
    return verified.copy, str(verified.seal["layer"])


def _publication(
    request: Request, files: Mapping[str, Path], layers: Sequence[Layer]
) -> Publication:
    from lowuse_gis.io.database.publishing import Publication  # noqa: PLC0415  needs an extra

    known = read_layer_frame(request.result, "columns").fillna("")
    labels = {
        str(line.name): f"{line.label}（{line.unit}）" if line.unit else str(line.label)
        for line in known[["name", "label", "unit"]].itertuples(index=False)
    }
    return Publication(
        layers=layers,
        sha256=content_hash(layers),
        files={path.name: plain_hash(path) for path in files.values()},
        labels=labels,
        schema=request.schema,
        reader=request.reader,
    )


def _foreign(files: Mapping[str, Path]) -> list[str]:
    """Say which files name another one as what they were made of."""
    made_of = {"units": ("result", "result_sha256"), "plan": ("units", "units_sha256")}
    found = []
    for name, (source, column) in made_of.items():
        if name in files:
            said = read_layer_frame(files[name], "runs").get(column)
            if said is not None and str(said.iloc[0]) != plain_hash(files[source]):
                found.append(name)
    return found
