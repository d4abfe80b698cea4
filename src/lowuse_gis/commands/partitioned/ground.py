"""First step of a partition: parcels mended, and the survey laid under them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.commands.partitioned.job import facts_of
from lowuse_gis.commands.partitioned.layers import (
    checks_at_home,
    keep,
    layer_of,
    patched,
    refuse_damaged,
)
from lowuse_gis.core.lookup import is_among, rows_among
from lowuse_gis.io.partitions import HOME, PARCELS, part_file
from lowuse_gis.measures.survey_faults import claimed_twice, year_counts
from lowuse_gis.model import Survey
from lowuse_gis.stages.compose import lay, with_areas
from lowuse_gis.stages.measure import identify
from lowuse_gis.stages.mend import mend

if TYPE_CHECKING:
    from lowuse_gis.commands.partitioned.job import Job


def lay_ground(job: Job) -> None:
    """Mend and identify the parcels, and lay the survey under them.

    Parameters
    ----------
    job
        ``patch`` of its facts are corrected values of parcels; ``towns`` those handed in, none
        where no parcel says its town.
    """
    refuse_damaged(job)
    run, (facts, known) = job.run, facts_of(job)
    source = run.rulebook.measures["survey"]["source"]
    parcels, marks = layer_of(job, PARCELS)
    parcels = patched(parcels, facts.get("patch"))
    layers, homes = {}, pd.Index([])
    if part_file(job.folder, job.part, source).exists():
        layers[source], its = layer_of(job, source)
        homes = its.index[its[HOME]]
    survey = mend(Survey(parcels, layers, sources=job.sources))
    survey = lay(with_areas(identify(survey, run)), run, known["towns"])
    frames = {PARCELS: survey.parcels.join(marks)}
    if survey.pieces is not None:
        layer = survey.layers[source]
        frames["pieces"] = survey.pieces[is_among(survey.pieces["polygon"], homes.to_series())]
        own = layer[rows_among(layer.index, homes)]
        frames["years"] = year_counts(own).reset_index()
        named = [c for c in ("village_code", "village_name") if c in own]
        frames["named"] = pd.DataFrame(own[named]).dropna().drop_duplicates()
        survey = replace(survey, checks=(*survey.checks, claimed_twice(layer, run)))
    frames["checks"] = checks_at_home(survey.checks, marks.index[marks[HOME]])
    keep(job, frames)
