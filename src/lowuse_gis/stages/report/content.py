"""Put the sections of a report together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.language import _, pick
from lowuse_gis.model.report import Report
from lowuse_gis.stages.report.evaluation import evaluation
from lowuse_gis.stages.report.further import balances, legacy, units
from lowuse_gis.stages.report.method import method
from lowuse_gis.stages.report.open_questions import problems, undetermined
from lowuse_gis.stages.report.overview import annex, facts_of, scope, sources
from lowuse_gis.stages.report.results import results

if TYPE_CHECKING:
    from lowuse_gis.stages.report.figures import Material


def report_of(material: Material) -> Report:
    """Write the report of a result.

    Parameters
    ----------
    material
        Parcels, tables and rules.

    Returns
    -------
    Report
        Every number in it is computed from the material.
    """
    facts = facts_of(material)
    return Report(
        title=_title(material, facts),
        district=facts["district"],
        as_of=facts["as_of"],
        rules=facts["rules"],
        sections={
            "scope": scope(facts),
            "evaluation": evaluation(material),
            "sources": sources(material, facts),
            "method": method(material),
            "results": results(material, facts),
            "undetermined": undetermined(material, facts),
            "problems": problems(material),
            "units": units(material),
            "legacy": legacy(material),
            "balances": balances(material),
            "annex": annex(material, facts),
        },
        facts=facts,
    )


def _title(material: Material, facts: dict[str, str]) -> str:
    if material.progress is None:
        return _("Survey report on low-use land of {district}").format(**facts)
    period = material.progress.period
    return _("{period} of the redevelopment of low-use land in {district}").format(
        period=pick(period["title"], period.get("title_en", "")), **facts
    )
