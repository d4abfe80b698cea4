"""Indicators of a report on progress: in all, by town, typical cases, every one defined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from lowuse_gis.core.conditions import parse_condition
from lowuse_gis.core.described import body_names
from lowuse_gis.core.evaluation import TRUE, Evaluator
from lowuse_gis.core.indicators import ALL, NOWHERE, indicators
from lowuse_gis.language import _, pick
from lowuse_gis.model.report import Grid, Heading, Section, Sentence
from lowuse_gis.stages.report.figures import NONE, grid, told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lowuse_gis.core.indicators import Value
    from lowuse_gis.model.report import Block
    from lowuse_gis.stages.report.figures import Column, Material, Progressed

    Values = Mapping[str, Mapping[str, Value]]


def evaluation(material: Material) -> Section:
    """Tell the indicators of a period.

    Parameters
    ----------
    material
        What the report is written from.

    Returns
    -------
    Section
        Without blocks where no period was asked for.
    """
    done = material.progress
    if done is None:
        return Section(_("Indicators"), [])
    period, spec = done.period, material.rulebook.indicators
    entries = {entry["code"]: entry for entry in spec["indicator"]}
    chosen = [entries[code] for code in period["indicators"]]
    towns = _towns(material)
    values = indicators(spec, list(period["indicators"]), done.tables, list(towns))
    title = _title(period)
    blocks: list[Block] = [
        *(Sentence(text) for text in _sentences(material, done)),
        Heading(_("Indicators")),
        _whole(material, chosen, values),
        Heading(_("Progress by town")),
        _by_town(material, chosen, values, towns),
        Heading(_("Typical cases")),
        *_cases(material, done, towns),
        Heading(_("What the indicators mean")),
        _definitions(material, chosen),
    ]
    return Section(title, blocks)


def _title(entry: Mapping[str, Any]) -> str:
    return pick(entry["title"], entry.get("title_en", ""))


def _basis(material: Material, entry: Mapping[str, Any]) -> str:
    source = entry["source"]
    title = material.rulebook.documents.get(source["document"], source["document"])
    return f"{title} {source.get('clause', '')}".strip()


def _towns(material: Material) -> dict[str, str]:
    """Name the towns of the district that have parcels, by code."""
    named = material.parcels[["town_code", "town_name"]].dropna(subset=["town_code"])
    named = named.drop_duplicates("town_code").sort_values("town_code")
    return dict(zip(named["town_code"], named["town_name"].fillna(""), strict=True))


def _sentences(material: Material, done: Progressed) -> list[str]:
    period, as_of = done.period, str(material.run["as_of"])
    texts = [
        _("{title} by {basis}, due {due}. What follows is how things stood on {as_of}.").format(
            title=_title(period),
            basis=_basis(material, period),
            due=period.get("due", NONE),
            as_of=as_of,
        )
    ]
    if done.tables["projects"] is None:
        texts.append(_("No register of projects was given (ledgers/projects.csv)."))
    figures = done.tables["figures"]
    names = {e["code"]: e for e in material.rulebook.indicators.get("figure", [])}
    if figures is not None and len(figures):
        stated = [
            _("{figure} {value} {unit} ({year}, {source})").format(
                figure=_title(names[line["figure"]]),
                value=f"{line['value']:,g}",
                unit=names[line["figure"]]["unit"],
                year=int(line["year"]),
                source=told(line["source"]),
            )
            for line in figures.to_dict("records")
            if not line["town_code"]
        ]
        texts += [_("Stated figures: {figures}.").format(figures=_("; ").join(stated))]
    if done.unread:
        texts.append(
            _("{count} lines of ledgers could not be read and count nowhere.").format(
                count=done.unread
            )
        )
    return texts


def _written(value: Value, entry: Mapping[str, Any]) -> str:
    """Write a value; a dash where it is not known, ≥ where it is known from below."""
    if not value.known:
        return NONE
    text = f"{value.number:,.{entry.get('decimals', 0)}f}"
    return f"≥ {text}" if value.lacking else text


def _whole(material: Material, chosen: Sequence[Mapping[str, Any]], values: Values) -> Grid:
    bodies = body_names(material.rulebook)
    rows = []
    for entry in chosen:
        value = values[entry["code"]][ALL]
        asked = _(", ").join(bodies.get(code, code) for code in value.ask)
        text, remark = _written(value, entry), ""
        if not value.known and asked:
            remark = _("not known: ask {bodies}").format(bodies=asked)
        elif not value.known:
            remark = _("not known: the divisor is zero")
        elif value.lacking:
            remark = _("{count} not known: ask {bodies}").format(count=value.lacking, bodies=asked)
        rows.append((entry["code"], _title(entry), text, entry["unit"], remark or NONE))
    headings = (_("code"), _("indicator"), _("value"), _("unit of measure"), _("what is missing"))
    title = _("Indicators of the {period}").format(period=_title(material.progress.period))  # type: ignore[union-attr]
    return Grid(title, headings, rows)


def _by_town(
    material: Material,
    chosen: Sequence[Mapping[str, Any]],
    values: Values,
    towns: Mapping[str, str],
) -> Grid:
    listed = [entry for entry in chosen if entry.get("by_town")]
    names = {**towns, NOWHERE: _("not known"), ALL: _("Total")}
    keys = [key for key in names if key != NOWHERE or _somewhere(listed, values)]
    rows = [
        (told(names[key]), *(_written(values[e["code"]][key], e) for e in listed)) for key in keys
    ]
    headings = (_("town"), *(f"{_title(e)} ({e['unit']})" for e in listed))
    lacking = {code for e in listed for v in values[e["code"]].values() for code in v.ask}
    bodies = body_names(material.rulebook)
    note = _("—: not known; ≥: known from below. Whom to ask: {bodies}.").format(
        bodies=_(", ").join(bodies.get(code, code) for code in sorted(lacking))
    )
    return Grid(_("Progress by town"), headings, rows, note if lacking else "")


def _somewhere(listed: Sequence[Mapping[str, Any]], values: Values) -> bool:
    """Say whether anything lies in no town that is known."""
    nowhere = [values[entry["code"]][NOWHERE] for entry in listed if not entry.get("per")]
    return any(value.lacking or (value.known and value.number) for value in nowhere)


def _cases(material: Material, done: Progressed, towns: Mapping[str, str]) -> list[Block]:
    projects, spec = done.tables["projects"], material.rulebook.indicators["cases"]
    if projects is None:
        return [Sentence(_("Not known without a register of projects."))]
    condition = parse_condition(spec["when"], set(projects), set(), "indicators.toml: cases")
    evaluator = Evaluator(projects[list(condition.columns)], pd.DataFrame(index=projects.index))
    found = projects[evaluator.truths([condition])[0] == TRUE]
    text = _("{count} projects have revitalised their land; the largest are listed.")
    text = text.format(count=len(found))
    found = found.sort_values(["area", "project"], ascending=[False, True]).head(spec["most"])
    gates = material.labels("gate")

    def money(sum_: float) -> str:
        return NONE if pd.isna(sum_) else f"{sum_:,.0f}"

    def land(area: float) -> str:
        return NONE if pd.isna(area) else material.mu(area)

    columns: tuple[Column, ...] = (
        (_("project"), "project", told),
        (_("name"), "name", told),
        (_("town"), "town_code", lambda code: told(towns.get(code, code))),
        (_("area (mu)"), "area", land),
        (_("investment (10,000 yuan)"), "investment", money),
        (_("implementing body"), "body", told),
        (_("gate"), "gate", lambda code: gates.get(code, told(code))),
        (_("since"), "since", told),
    )
    return [
        Sentence(text),
        grid(_("Typical cases from the register of projects"), found, columns),
    ]


def _definitions(material: Material, chosen: Sequence[Mapping[str, Any]]) -> Grid:
    status = material.labels("status")
    rows = [
        (
            entry["code"],
            _title(entry),
            pick(entry["definition"], entry.get("definition_en", "")),
            entry["unit"],
            _basis(material, entry),
            status.get(entry["source"]["status"], entry["source"]["status"]),
        )
        for entry in chosen
    ]
    headings = (
        _("code"), _("indicator"), _("definition"), _("unit of measure"), _("basis"), _("status"),
    )  # fmt: skip
    return Grid(_("Definitions of the indicators"), headings, rows)
