"""What classify found, on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from lowuse_gis.console.show import (
    HECTARE,
    VERDICT_STYLE,
    files_written,
    label_of,
    table,
    to_screen,
)
from lowuse_gis.console.town_bars import town_bars
from lowuse_gis.console.villages import villages_line
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from lowuse_gis.commands.classify import Outcome
    from lowuse_gis.model import Rulebook


BALANCE_LIMIT = 0.01
LEDGERS = {  # what people answered, and the domain of its states
    "decisions": "decision_state",
    "corrections": "correction_state",
    "answers": "answer_state",
}


def show_classified(outcome: Outcome) -> None:
    """Show what classify found.

    Parameters
    ----------
    outcome
        Of the command.
    """
    screen, rulebook = to_screen(), outcome.run.rulebook
    screen.print(
        _("Rules: {title} {version}; as of {date}").format(
            title=pick(rulebook.title, rulebook.title_en),
            version=rulebook.version,
            date=outcome.run.as_of,
        )
    )
    screen.print(_types_table(outcome.summary.by_type, rulebook))
    for text in town_bars(outcome.summary.by_type, rulebook.constants["mu"], screen.width):
        screen.print(text)
    if line := villages_line(outcome.survey.villages):
        screen.print(line, soft_wrap=True)
    screen.print(_parcels_balance(outcome, rulebook))
    if outcome.summary.survey_balance is not None:
        named = outcome.summary.by_type.set_index("town_code")["town_name"].to_dict()
        screen.print(_survey_balance(outcome.summary.survey_balance, named))
    if len(outcome.summary.lacking):
        screen.print(_lacking_table(outcome.summary.lacking, rulebook))
    if len(outcome.checks):
        screen.print(_checks_table(outcome.checks))
    for name in LEDGERS:
        if "state" in outcome.survey.tables.get(name, ()):
            screen.print(_ledger_table(name, outcome.survey.tables[name], rulebook))
    files_written(outcome.files)


def classified_json(outcome: Outcome) -> dict[str, object]:
    """Return what classify found as plain data.

    Parameters
    ----------
    outcome
        Of the command.

    Returns
    -------
    dict
    """
    summary = outcome.summary
    return {
        "rulebook": outcome.run.rulebook.name,
        "version": outcome.run.rulebook.version,
        "rules_sha256": outcome.run.rulebook.sha256,
        "as_of": outcome.run.as_of.isoformat(),
        "parcels_read": outcome.read_rows,
        "by_town_and_type": summary.by_type,
        "villages": outcome.survey.villages,
        "parcels_balance": summary.parcels_balance,
        "survey_balance": summary.survey_balance,
        "lacking": summary.lacking,
        "checks": outcome.checks[["code", "severity", "rows"]],
        "ledgers": {
            name: outcome.survey.tables[name]["state"].value_counts().sort_index().to_dict()
            for name in LEDGERS
            if "state" in outcome.survey.tables.get(name, ())
        },
        "files": [str(path) for path in outcome.files],
    }


def _types_table(frame: pd.DataFrame, rulebook: Rulebook) -> Table:
    labels = rulebook.domain("land_type")
    right = [
        _("parcels"), _("low-use"), _("undetermined"), _("of these leaning"), _("not low-use"),
        _("excluded"), _("too small"), _("sure (ha)"), _("sure (mu)"), _("possible (ha)"),
        _("possible (mu)"),
    ]  # fmt: skip
    made = table(
        _("Low-use land by town and type"),
        [(_("town"), "left"), (_("type"), "left"), *((name, "right") for name in right)],
    )
    mu = rulebook.constants["mu"]
    counts = [
        "parcels",
        "low_use",
        "undetermined",
        "leaning",
        "not_low_use",
        "excluded",
        "too_small",
    ]
    for town, lines in frame.groupby("town_code", sort=True):
        for line in lines.to_dict("records"):
            kind = line["land_type"]
            label = pick(*labels[kind]) if kind in labels else _("type unknown")
            made.add_row(
                line["town_name"] or town or _("town unknown"), label, *_numbers(line, counts, mu)
            )
        made.add_section()
    total = frame[[*counts, "low_use_area", "possible_area"]].sum().to_dict()
    made.add_row(_("total"), "", *_numbers(total, counts, mu), style="bold")
    return made


def _numbers(line: dict[str, float], counts: list[str], mu: float) -> list[str]:
    areas = []
    for name in ("low_use_area", "possible_area"):
        areas += [f"{line[name] / HECTARE:,.2f}", f"{line[name] / mu:,.1f}"]
    return [f"{int(line[name]):,}" for name in counts] + areas


def _parcels_balance(outcome: Outcome, rulebook: Rulebook) -> Table:
    frame = outcome.summary.parcels_balance
    verdicts = rulebook.domain("verdict")
    origins, strata = rulebook.domain("origin"), rulebook.domain("stratum")
    made = table(
        _("Balance of the parcels"),
        [(_("origin"), "left"), (_("stratum"), "left"), (_("verdict"), "left"),
         (_("parcels"), "right"), (_("area (m²)"), "right")],
    )  # fmt: skip
    for line in frame.to_dict("records"):
        made.add_row(
            label_of(origins, line["origin"]),
            label_of(strata, line["stratum"]),
            Text(label_of(verdicts, line["verdict"]), style=VERDICT_STYLE.get(line["verdict"], "")),
            f"{line['parcels']:,}",
            f"{line['area']:,.2f}",
        )
    registered = int(frame.loc[frame["origin"] == "registered", "parcels"].sum())
    made.caption = _("read {read} parcels, {out} came out; {more} survey parcels added").format(
        read=outcome.read_rows, out=registered, more=int(frame["parcels"].sum()) - registered
    )
    return made


def _survey_balance(frame: pd.DataFrame, named: dict[str, str]) -> Table:
    names = [_("surveyed"), _("under parcels"), _("survey parcels"), _("small pieces"),
             _("context (roads …)"), _("difference")]  # fmt: skip
    made = table(
        _("Balance of the survey's construction land by town (ha)"),
        [(_("town"), "left"), *((name, "right") for name in names)],
    )
    columns = ["surveyed", "parcels", "survey parcel", "small", "context"]
    by_town = frame.groupby("town", as_index=False)[[*columns, "residual"]].sum()
    for line in [
        *by_town.to_dict("records"),
        {"town": _("total"), **by_town[[*columns, "residual"]].sum()},
    ]:
        left = line["surveyed"] - sum(line[name] for name in columns[1:])
        off = max(abs(left), abs(line["residual"]))
        mark = "✓" if off <= BALANCE_LIMIT else "✗"
        made.add_row(
            named.get(line["town"], line["town"]) or "—",
            *(f"{line[name] / HECTARE:,.4f}" for name in columns),
            f"{off:.2f} m² {mark}",
        )
    return made


def _lacking_table(frame: pd.DataFrame, rulebook: Rulebook) -> Table:
    bodies = rulebook.codes["bodies"].set_index("code")
    made = table(
        _("Undetermined: what is missing, and whom to ask"),
        [
            (_("ask"), "left"),
            (_("for"), "left"),
            (_("parcels"), "right"),
            (_("area (ha)"), "right"),
        ],
    )
    for line in frame.to_dict("records"):
        body = bodies.loc[line["body"]]
        column = rulebook.columns.loc[line["column"]]
        made.add_row(
            pick(body["name"], body["name_en"]),
            pick(column["label"], column["label_en"]),
            f"{line['parcels']:,}",
            f"{line['area'] / HECTARE:,.2f}",
        )
    return made


def _checks_table(frame: pd.DataFrame) -> Table:
    made = table(
        _("Checks of the data"),
        [(_("code"), "left"), (_("severity"), "left"), (_("what"), "left"), (_("rows"), "right"),
         (_("remedy"), "left")],
    )  # fmt: skip
    severities = {"error": _("error"), "warning": _("warning"), "notice": _("notice")}
    for line in frame.itertuples(index=False):
        severity = severities.get(line.severity, str(line.severity))
        made.add_row(str(line.code), severity, line.title, f"{line.rows:,}", line.remedy)
    return made


def _ledger_table(name: str, frame: pd.DataFrame, rulebook: Rulebook) -> Table:
    """Count the lines of a ledger by their state."""
    titles = {
        "decisions": _("decisions of the towns"),
        "corrections": _("corrections of the towns"),
        "answers": _("answers of the bodies"),
    }
    states = rulebook.domain(LEDGERS[name])
    made = table(titles[name], [(_("state"), "left"), (_("lines"), "right")])
    counts = frame["state"].value_counts().sort_index()
    for state, count in counts.items():
        made.add_row(label_of(states, str(state)), f"{count:,}")
    return made
