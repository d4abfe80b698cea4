"""The jobs of a run, and the names of their outcomes.

The outcome of a step stands in a folder named by the hash of everything it depends on. So a run
that was killed goes on from what is finished, and a change recomputes what it concerns and nothing
else.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import lowuse_gis
from lowuse_gis.commands.partitioned.job import KNOWN, Job, settle
from lowuse_gis.io.atomic import all_or_nothing
from lowuse_gis.io.partitions import WORK, write_frame
from lowuse_gis.io.vector import file_hash
from lowuse_gis.language import language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from lowuse_gis.io.supply import Supply
    from lowuse_gis.model import Partition, Run, Source

CLASSIFY = "classify"
COMMANDS = (CLASSIFY, "check", "units", "legacy")  # each has its plan
STEPS = ("ground", "judge", "finish")
BEFORE = {"judge": "ground", "finish": "judge"}


@dataclass(frozen=True)
class Plan:
    """What the last run on a folder was a function of.

    Attributes
    ----------
    program, rules, rules_sha256, as_of
        The program's hash; the rulebook's folder and hash; the date judged for.
    files
        Tables, rasters and ledgers, with their hashes.
    outcomes
        Step and partition, such as ``judge/120118100``, to the name of the outcome.
    """

    program: str
    rules: str
    rules_sha256: str
    as_of: str
    files: Mapping[str, str]
    outcomes: Mapping[str, str]


@dataclass
class Bench:
    """Makes the jobs of a run and knows where their outcomes are.

    Attributes
    ----------
    folder, run, rules
        The folder of partitions, the rules, and their folder.
    sources, rasters, threads
        As for `Job`.
    command
        Whose plan is noted: one of `COMMANDS`.
    keys, facts
        Step and partition to the names of its outcome and of what it was told.
    """

    folder: Path
    run: Run
    rules: str
    sources: tuple[Source, ...] = ()
    rasters: tuple[Supply, ...] = ()
    threads: int = 1
    command: str = CLASSIFY
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    facts: dict[tuple[str, str], str] = field(default_factory=dict)

    def job(
        self,
        step: str,
        part: Partition,
        facts: Mapping[str, pd.DataFrame],
        known: Mapping[str, object],
        neighbours: Sequence[str] = (),
    ) -> Job:
        """Make a job.

        Parameters
        ----------
        step, part
            What to do, and where.
        facts, known
            What the district says of it: tables, and plain values.
        neighbours
            Partitions whose outcome of the step before is needed too.

        Returns
        -------
        Job
        """
        before = BEFORE.get(step)
        base = self.folder / WORK / step / part.name
        stored = _store(base, facts, known)
        own = dict(part.files) if before is None else {"before": self.keys[before, part.name]}
        near = {name: self.keys[before, name] for name in neighbours} if before else {}
        declared = [(s.name, s.absence, s.towns, s.towns_missing) for s in self.sources]
        rasters = [s.sha256 for s in self.sources if s.name in {r.name for r in self.rasters}]
        key = digest(
            [step, program(), self.run.rulebook.sha256, self.run.as_of.isoformat(), language(),
             self.run.with_names, own, near, stored.name, declared, rasters],
        )  # fmt: skip
        self.keys[step, part.name], self.facts[step, part.name] = key, stored.name
        return Job(
            step=step,
            folder=self.folder,
            part=part.name,
            out=base / key,
            rules=self.rules,
            as_of=self.run.as_of,
            language=language(),
            with_names=self.run.with_names,
            facts=stored,
            before=self.outcome(before, part.name) if before else None,
            neighbours=tuple((n, self.outcome(before, n)) for n in neighbours) if before else (),
            threads=self.threads,
            sources=self.sources,
            rasters=self.rasters,
            files=tuple(part.files.items()),
            weight=part.rows,
        )

    def note(self, files: Sequence[Path]) -> None:
        """Write down what the run is a function of and which outcomes it comes to.

        Parameters
        ----------
        files
            Tables, rasters, ledgers and results: what it reads beside the partitions.
        """
        plan = Plan(
            program=program(),
            rules=self.rules,
            rules_sha256=self.run.rulebook.sha256,
            as_of=self.run.as_of.isoformat(),
            files={str(file.resolve()): file_hash(file) for file in files},
            outcomes={f"{step}/{part}": key for (step, part), key in self.keys.items()},
        )
        write_plan(self.folder, plan, self.command)

    def outcome(self, step: str, part: str) -> Path:
        """Return the folder of an outcome.

        Parameters
        ----------
        step, part
            Of a job that was made.

        Returns
        -------
        Path
        """
        return self.folder / WORK / step / part / self.keys[step, part]

    def tidy(self) -> None:
        """Remove outcomes and facts that are of no more use."""
        for (step, part), key in self.keys.items():
            base = self.folder / WORK / step / part
            for other in base.iterdir():
                if other.name not in {key, self.facts.get((step, part))}:
                    shutil.rmtree(other, ignore_errors=True)


def _plan_file(folder: Path, command: str) -> Path:
    return folder / WORK / f"{command}.json"


def write_plan(folder: Path, plan: Plan, command: str = CLASSIFY) -> None:
    """Write down a plan.

    Parameters
    ----------
    folder, plan, command
        Of partitions, of the run, and what was run.
    """
    text = json.dumps(vars(plan), ensure_ascii=False, indent=2, sort_keys=True)
    (folder / WORK).mkdir(exist_ok=True)
    with all_or_nothing([_plan_file(folder, command)]) as (part,):
        part.write_text(text + "\n", encoding="utf-8")


def read_plan(folder: Path, command: str = CLASSIFY) -> Plan | None:
    """Read the plan of the last run.

    Parameters
    ----------
    folder, command
        Of partitions, and what was run: one of `COMMANDS`.

    Returns
    -------
    Plan
        None where there was no run yet.
    """
    file = _plan_file(folder, command)
    return Plan(**json.loads(file.read_text("utf-8"))) if file.exists() else None


def digest(content: object) -> str:
    """Hash plain content.

    Parameters
    ----------
    content
        Lists, dicts and plain values.

    Returns
    -------
    str
        Twenty hexadecimal digits of its SHA-256.
    """
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


@cache
def program() -> str:
    """Hash the program itself, so that nothing that another version made is taken for this one's.

    Returns
    -------
    str
    """
    base = Path(lowuse_gis.__file__).parent
    found = hashlib.sha256()
    for file in sorted(base.rglob("*.py")):
        found.update(file.relative_to(base).as_posix().encode() + file.read_bytes())
    return found.hexdigest()


def _store(base: Path, facts: Mapping[str, pd.DataFrame], known: Mapping[str, object]) -> Path:
    """Keep what a job is told in a folder named by its hash."""
    base.mkdir(parents=True, exist_ok=True)
    part = base / f".facts.{os.getpid()}"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    for name, frame in facts.items():
        write_frame(part / f"{name}.parquet", frame)
    (part / KNOWN).write_text(
        json.dumps(known, ensure_ascii=False, sort_keys=True), encoding="utf-8"
    )
    found = hashlib.sha256()
    for file in sorted(part.iterdir()):
        found.update(file.name.encode() + file.read_bytes())
    return settle(part, base / f"facts-{found.hexdigest()[:20]}")
