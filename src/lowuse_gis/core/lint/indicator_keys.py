"""The keys of indicators.toml: what the reports on progress count, and of what."""

from __future__ import annotations

from lowuse_gis.core.lint.keys import Key

AMOUNT_TABLES = ("land", "projects", "survey", "figures")

# What the tables of amounts have beside, of land, every column of a judged parcel.
AMOUNT_COLUMNS = {
    "land": frozenset({"project", "project_state", "project_gate"}),
    "projects": frozenset(
        {"project", "name", "state", "gate", "since", "body", "investment", "due", "overdue_days",
         "town_code", "area"}
    ),
    "survey": frozenset({"town_code", "survey_class", "surveyed"}),
    "figures": frozenset({"town_code", "year", "value"}),
}  # fmt: skip

BASIS = Key(
    "source",
    "table",
    required=True,
    about="What it rests on.",
    parts=(
        Key("document", required=True, names="documents", about="A key of [documents]."),
        Key("clause", about="Where it stands in the document."),
        Key("status", required=True, names="statuses", about="Shown beside it."),
    ),
)
FIGURE = (
    Key("code", required=True, about="Stable, such as gdp."),
    Key("title", required=True, about="What figures.csv may call it, in Chinese."),
    Key("title_en", about="The same in English."),
    Key("unit", required=True, about="The unit it must be stated in."),
    Key("ask", required=True, names="responsible", about="The body that has it."),
)
AMOUNT = (
    Key("code", required=True, about="Stable, such as revitalised_land."),
    Key("table", required=True, names="amount_tables", closed=True, about="What is counted."),
    Key("when", about="The condition that its lines meet; all where nothing is said."),
    Key("sum", about="The column that is summed; lines are counted where nothing is said."),
    Key("figure", about="Of figures: which one."),
    Key("ask", required=True, names="responsible", about="Whom to ask where it is not known."),
)
INDICATOR = (
    Key("code", required=True, about="Stable, never reused, such as IDC-01."),
    Key("title", required=True, about="What it is called, in Chinese."),
    Key("title_en", about="The same in English."),
    Key("definition", required=True, about="What exactly is counted, in Chinese."),
    Key("definition_en", about="The same in English."),
    Key("unit", required=True, about="Of the value."),
    Key("amount", required=True, about="A code of [[amount]]."),
    Key("per", about="A code of [[amount]] that it is divided by."),
    Key("factor", "number", about="1 where nothing is said."),
    Key("decimals", "integer", about="0 where nothing is said."),
    Key("by_town", "flag", about="Whether it is told town by town too."),
    BASIS,
)
PERIOD = (
    Key("code", required=True, about="What --period asks for."),
    Key("title", required=True, about="What it is called, in Chinese."),
    Key("title_en", about="The same in English."),
    Key("due", about="When it is due, as the plan says."),
    Key("indicators", "texts", required=True, about="Codes, in order."),
    BASIS,
)
CASES = (
    Key("when", required=True, about="A condition over projects."),
    Key("most", "integer", required=True, about="Cases that are told, at most."),
)
INDICATORS = (
    Key("status", names="statuses", closed=True, about="Of all values of the file."),
    Key("figure", "tables", parts=FIGURE, about="What figures.csv may state."),
    Key("amount", "tables", parts=AMOUNT, about="What indicators are made of."),
    Key("indicator", "tables", parts=INDICATOR, about="amount × factor ÷ per."),
    Key("period", "tables", parts=PERIOD, about="Reports that may be asked for."),
    Key("cases", "table", parts=CASES, about="Typical cases of a report."),
)
