"""The steps by name, as workers are handed them."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING

from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lowuse_gis.commands.partitioned.job import Job
    from lowuse_gis.commands.progress import Progress
    from lowuse_gis.engines import Engine

STEPS = {
    "ground": ("ground", "lay_ground"),
    "judge": ("judged", "judge_part"),
    "finish": ("finished", "finish_part"),
    "land": ("unit_land", "list_land"),
    "draw": ("unit_draw", "draw_towns"),
    "receive": ("check_file", "receive_file"),
    "offset": ("check_offset", "hit_outlines"),
    "pieces": ("legacy_part", "find_pieces"),
    "inspect": ("check_part", "inspect_part"),
}


def perform(job: Job) -> None:
    """Do a step of one partition, where its outcome is not there yet.

    Parameters
    ----------
    job
        Whatever worker does it, the outcome is the same.
    """
    os.environ["LOWUSE_LANG"] = job.language
    if not job.out.exists():
        module, name = STEPS[job.step]  # a worker loads what its step needs and no more
        getattr(import_module(f"lowuse_gis.commands.partitioned.{module}"), name)(job)


def perform_all(jobs: Sequence[Job], engine: Engine, progress: Progress) -> None:
    """Do what is not done yet, the heaviest first.

    Parameters
    ----------
    jobs, engine, progress
        What to do, who does it, and who is told.
    """
    missing = sorted((job for job in jobs if not job.out.exists()), key=lambda job: -job.weight)
    if len(missing) < len(jobs):
        progress.show(_("{done} of {count} partitions are done already").format(
            done=len(jobs) - len(missing), count=len(jobs)))  # fmt: skip
    for number, _job in enumerate(engine.over(perform, missing), start=1):
        progress.show(_("partition {number} of {count}").format(number=number, count=len(missing)))
