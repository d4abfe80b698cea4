"""What a check finds in a file as it was delivered: its fields, its cells, and reading itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.commands.partitioned.check_layers import flat
from lowuse_gis.commands.partitioned.job import facts_of
from lowuse_gis.commands.partitioned.layers import keep
from lowuse_gis.commands.receive_delivery import identified
from lowuse_gis.core.inspection.findings import SKIPPED, noted, remarked
from lowuse_gis.core.web_map import corners_of
from lowuse_gis.measures.inspected import about, look
from lowuse_gis.stages.inspect import own_tables
from lowuse_gis.stages.receive import receive

if TYPE_CHECKING:
    from lowuse_gis.commands.partitioned.job import Job

FILE = ("file", "layer", "records", "crs", "encoding")
XY = ["x", "y"]


def receive_file(job: Job) -> None:
    """Read a file as it was delivered, and check what only it can tell.

    Parameters
    ----------
    job
        Its facts: ``number`` of the file in the run. The outcome: ``notices``; ``remarks`` on
        records; ``found``; ``skipped`` checks; what is known ``about`` features with findings;
        ``blank``, features without any attribute; standard ``columns``; some ``corners``; and a
        line on the ``file``.
    """
    run, (_facts, known) = job.run, facts_of(job)
    assert job.item is not None  # noqa: S101  it was made for one
    received = receive(job.item.found, job.item.receiving, run.rulebook, known["number"])
    lines = [(n.code, n.file, n.layer, n.note) for n in received.notices]
    notices = pd.DataFrame(lines, columns=["code", "file", "layer", "note"], dtype="str")
    if received.delivered is None:
        keep(job, {"notices": notices})
        return
    delivered = identified(received.delivered, run)
    looked = list(look(delivered, own_tables(delivered, [delivered], run), run))
    found = pd.concat([noted(()), *(one.found for one in looked if len(one.found))])
    remarks = remarked(delivered)
    whole = pd.concat([found, remarks])
    blank = delivered.raw.isna().all(axis=1)
    skipped = [pd.DataFrame(columns=list(SKIPPED)), *(one.skipped for one in looked)]
    file = [(delivered.file, delivered.layer, len(delivered.frame), delivered.crs,
             delivered.encoding)]  # fmt: skip
    keep(
        job,
        {
            "notices": notices,
            "remarks": flat(remarks.drop(columns="remark", errors="ignore")),
            "found": flat(found.drop(columns=["rule", "at"], errors="ignore")),
            "skipped": pd.concat(skipped, ignore_index=True).astype("str"),
            "about": about([delivered], whole, run),
            "blank": pd.DataFrame({"row": delivered.frame.index[blank].astype("str")}),
            "columns": pd.DataFrame({"column": [*received.delivered.frame.columns]}, dtype="str"),
            "corners": pd.DataFrame(corners_of(delivered.frame.geometry.to_numpy()), columns=XY),
            "file": pd.DataFrame(file, columns=list(FILE)),
        },
    )
