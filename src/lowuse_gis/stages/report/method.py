"""Method and criteria of a report, with thresholds and their status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.core.described import WEAK_NEEDED, described_criterion
from lowuse_gis.core.threshold_rows import threshold_rows
from lowuse_gis.core.wording import written_number
from lowuse_gis.language import _
from lowuse_gis.model.report import Grid, Section, Sentence
from lowuse_gis.stages.report.figures import NONE, count, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lowuse_gis.core.described import Described
    from lowuse_gis.core.threshold_rows import ThresholdRow
    from lowuse_gis.stages.report.figures import Material

ANCHORED = "anchored"


def method(material: Material) -> Section:
    """Say how was judged: the order of judgement, every criterion, every threshold.

    Parameters
    ----------
    material
        What the report is written from.

    Returns
    -------
    Section
    """
    rulebook = material.rulebook
    rules = [described_criterion(rulebook, criterion) for criterion in rulebook.criteria]
    used = {row.name for rule in rules for row in rule.thresholds} | {WEAK_NEEDED}
    rows = threshold_rows(rulebook, sorted(used))
    open_ = sum(row.status != ANCHORED for row in rows)
    texts = (
        _(
            "Every parcel is measured once, then judged by the criteria of its type. A criterion is"
            " met, not met or unknown; what is missing counts neither as met nor as not met."
        ),
        _(
            "A parcel that an exclusion or the least area takes out is not judged further. One"
            " strong criterion, or as many weak ones as the threshold asks, makes a parcel low-use;"
            " where missing data could still change the verdict it is undetermined. Flags are told,"
            " and do not count."
        ),
        _(
            "{count} criteria and {thresholds} thresholds were applied; {open} thresholds have no"
            " anchor in a document yet and are to be confirmed."
        ).format(count=count(len(rules)), thresholds=count(len(rows)), open=count(open_)),
    )
    return Section(
        _("Method and criteria"),
        [
            *(Sentence(text) for text in texts),
            _criteria(material, rules),
            _thresholds(material, rows),
        ],
    )


def _criteria(material: Material, rules: Sequence[Described]) -> Grid:
    types, strengths, status = (material.labels(n) for n in ("land_type", "strength", "status"))
    headings = (
        _("code"), _("type"), _("criterion"), _("strength"), _("condition"), _("basis"),
        _("status"),
    )  # fmt: skip
    rows = [
        (
            rule.code,
            _(", ").join(types.get(t, t) for t in rule.land_types) or _("all"),
            rule.title,
            strengths.get(rule.strength, rule.strength),
            rule.words,
            f"{rule.document} {rule.clause}".strip(),
            status.get(rule.status, rule.status),
        )
        for rule in rules
    ]
    return Grid(_("Criteria"), headings, rows)


def _thresholds(material: Material, rows: Sequence[ThresholdRow]) -> Grid:
    status = material.labels("status")
    headings = (_("threshold"), _("value"), _("basis"), _("status"))
    lines = [
        (
            row.title,
            written_number(row.value, row.unit),
            told(f"{row.document} {row.clause}".strip()),
            status.get(row.status, row.status) or NONE,
        )
        for row in rows
    ]
    return Grid(_("Thresholds"), headings, lines)
