"""``lowuse status``: how far the judging of a folder of partitions has come."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lowuse_gis.commands.partitioned.bench import CLASSIFY, COMMANDS, STEPS, program, read_plan
from lowuse_gis.errors import LowuseError
from lowuse_gis.io.partitions import WORK, damaged_files, read_manifest
from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.io.vector import file_hash
from lowuse_gis.language import _

if TYPE_CHECKING:
    from lowuse_gis.commands.partitioned.bench import Plan

DONE, STALE, MISSING, DAMAGED = "done", "stale", "missing", "damaged"


@dataclass(frozen=True)
class Line:
    """How far a partition has come.

    Attributes
    ----------
    name, parcels
        Of the partition.
    state
        ``done``; ``stale``, done before something changed; ``missing``, not done; ``damaged``,
        where a file of the partition is missing or not as it was written.
    steps
        Steps that are done.
    """

    name: str
    parcels: int
    state: str
    steps: int


@dataclass(frozen=True)
class Work:
    """How far another command has come on a folder.

    Attributes
    ----------
    command
        ``check``, ``units`` or ``legacy``.
    state
        ``done``, ``stale`` or ``missing``, as for a partition.
    done, steps
        Outcomes that are there, and all that its last run comes to.
    changed
        As for `Status`.
    """

    command: str
    state: str
    done: int
    steps: int
    changed: tuple[str, ...]


@dataclass(frozen=True)
class Status:
    """How far a folder has come.

    Attributes
    ----------
    folder, partitions
        The folder, and a line for each partition.
    changed
        What has changed since the last run: files, rules, the program.
    others
        Commands beside classify that were run on the folder.
    """

    folder: Path
    partitions: tuple[Line, ...]
    changed: tuple[str, ...]
    others: tuple[Work, ...] = ()


def status(folder: Path) -> Status:
    """Look how far a folder of partitions has come.

    Parameters
    ----------
    folder
        What ``lowuse partition`` wrote.

    Returns
    -------
    Status

    Raises
    ------
    InputError
        Where it is no such folder.
    """
    manifest, plan = read_manifest(folder), read_plan(folder)
    changed = _changed(plan) if plan else []
    broken = {path.parent.name for path in damaged_files(folder, manifest)}
    lines = []
    for part in manifest.partitions:
        steps = sum(_is_done(folder, plan, step, part.name) for step in STEPS)
        state = (STALE if changed else DONE) if steps == len(STEPS) else MISSING
        state = DAMAGED if part.name in broken else state
        lines.append(Line(part.name, part.parcels, state, steps))
    others = [_work(folder, command) for command in COMMANDS if command != CLASSIFY]
    return Status(folder, tuple(lines), tuple(changed), tuple(one for one in others if one))


def _work(folder: Path, command: str) -> Work | None:
    """Look how far a command has come; None where it was never run."""
    plan = read_plan(folder, command)
    if plan is None:
        return None
    changed = _changed(plan)
    done = sum((folder / WORK / step / key).is_dir() for step, key in plan.outcomes.items())
    state = (STALE if changed else DONE) if done == len(plan.outcomes) else MISSING
    return Work(command, state, done, len(plan.outcomes), tuple(changed))


def _is_done(folder: Path, plan: Plan | None, step: str, part: str) -> bool:
    key = plan.outcomes.get(f"{step}/{part}") if plan else None
    return key is not None and (folder / WORK / step / part / key).is_dir()


def _changed(plan: Plan) -> list[str]:
    """Name what is no longer as it was in the last run."""
    changed = []
    for name, sha256 in plan.files.items():
        file = Path(name)
        if not file.exists() or file_hash(file) != sha256:
            changed.append(file.name)
    try:
        same = read_rulebook(plan.rules).sha256 == plan.rules_sha256
    except LowuseError:  # rules that are broken or gone are not those of the run
        same = False
    if not same:
        changed.append(_("the rules"))
    if plan.program != program():
        changed.append(_("the program"))
    return changed
