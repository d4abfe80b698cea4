"""The steps by name, as workers are handed them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lowuse_gis.commands.partitioned.finished import finish_part
from lowuse_gis.commands.partitioned.ground import lay_ground
from lowuse_gis.commands.partitioned.judged import judge_part

if TYPE_CHECKING:
    from collections.abc import Callable

    from lowuse_gis.commands.partitioned.job import Job

STEPS: dict[str, Callable[[Job], None]] = {
    "ground": lay_ground,
    "judge": judge_part,
    "finish": finish_part,
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
        STEPS[job.step](job)
