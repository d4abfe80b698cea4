"""The kinds of measure that measures.toml may name: their keys, and the columns they add."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.core.lint.keys import Key
from lowuse_gis.core.lint.shapes import Shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

ON_DEMAND = Key("on_demand", "flag", about="Taken only where one of its columns is read.")
KIND = Key("kind", required=True, names="measure_kinds", closed=True, about="See ../README.md.")
_SOURCE = Key("source", required=True, names="sources", about="What is measured.")
_CHECK = Key("check", required=True, names="checks", about="Code of the check in checks.csv.")
_RUNNING = Key("running", "texts", required=True, about="States that are not idle.")
_INTO = Key("into", required=True, names="columns", writes="values", about="Column written.")
_INTO_MAP = Key(
    "into", "text_map", required=True, names="columns", writes="values", about="To column written."
)
_SHARE = Key("share", names="columns", writes="values", about="Column of the share, 0 to 1.")
_LISTED = (
    Key("source", required=True, names="sources", about="The list of buildings."),
    Key("where", "texts_map", required=True, about="Its values that count."),
)
_COLUMNS = Key(
    "into", "texts", required=True, names="columns", writes="values", about="Columns written."
)
MEASURES: dict[str, tuple[Key, ...]] = {
    "amounts": (
        _SOURCE,
        Key("amount", required=True, about="Its column of amounts."),
        Key("links", required=True, names="sources", about="Table of firms on parcels."),
        Key("basis", "texts", required=True, about="Areas to share by, the first known counts."),
        _COLUMNS,
        Key("places", "integer", required=True, about="Decimals; nothing is lost beyond them."),
        _CHECK,
    ),
    "around": (
        Key("verdict", required=True, about="The verdict counted."),
        Key("verdicts", "texts", required=True, about="Verdicts that count as land judged."),
        Key("reach", "number", required=True, about="Metres between boundaries."),
        _INTO,
    ),
    "authority": (
        Key("from", "texts", required=True, names="columns", about="The authority first."),
        _INTO,
        Key("tolerance", "number", required=True, about="Share by which they may differ."),
        _CHECK,
    ),
    "buildings": (
        _SOURCE,
        _CHECK,
        Key("storeys", "number_map", about="Storeys to assume by use where they are not known."),
        Key("assumed", names="checks", about="Code of the check for what is assumed."),
        Key(
            "listed",
            "table_map",
            required=True,
            names="columns",
            writes="keys",
            parts=_LISTED,
            about="Share of the floor area on a list.",
        ),
    ),
    "conformity": (
        Key("planned", required=True, names="columns", about="Type that is planned."),
        Key("present", required=True, names="columns", about="Type there is."),
        Key("share", required=True, names="columns", about="Share that a plan covers."),
        _INTO,
        Key("conforms", required=True, about="Code where they agree."),
        Key("differs", required=True, about="Code where they do not."),
        Key("no_plan", required=True, about="Code where no plan decides."),
    ),
    "construction": (
        _SOURCE,
        Key("none_due", required=True, about="State of what is not in a complete table."),
        Key("completed", required=True, about="State of what the parcel says is completed."),
    ),
    "count_names": (
        Key("column", required=True, about="Text read."),
        Key("separators", required=True, about="Signs between names."),
        _INTO,
    ),
    "firm_flags": (
        _SOURCE,
        Key("yes", required=True, about="The code of a mark."),
        _INTO_MAP,
    ),
    "firms": (_SOURCE, _RUNNING, _CHECK),
    "form": (
        Key("width", required=True, names="columns", writes="values", about="Short side, m."),
        Key("compactness", required=True, names="columns", writes="values", about="0 to 1."),
    ),
    "idle": (_SOURCE, Key("state", required=True, about="Column of the state."), _RUNNING, _INTO,
             _CHECK),
    "keyed": (
        _SOURCE,
        Key("into", "texts", required=True, names="columns", writes="values", about="Columns."),
        Key("blank", "text_map", about="What an empty cell of a row that is there stands for."),
        Key("check", names="checks", about="Code of the check in checks.csv."),
    ),
    "land_type": (
        Key("types", required=True, names="tables", about="Table of the types."),
        Key("classes", required=True, names="tables", about="Table of survey classes."),
        Key("uses", required=True, names="tables", about="Table of registered uses."),
        Key("independent_industry", "texts", required=True, about="Settlement attributes."),
        Key("village_settlement", required=True, about="Beginning of the village's attributes."),
        Key("state", required=True, about="Ownership by the state."),
        Key("collective", required=True, about="Ownership by a collective."),
        Key("undecided", required=True, about="The value that decides nothing."),
        _CHECK,
    ),
    "listed": (_SOURCE, _INTO, _CHECK),
    "lookup": (
        Key("column", required=True, about="Code looked up."),
        _INTO,
        Key("table", names="tables", about="Table in codes/."),
        Key("source", names="sources", about="Table that was supplied, instead of one in codes/."),
        Key("key", about="Its column of codes."),
        Key("value", about="Its column of values."),
        Key("values", "text_map", about="Codes and values, instead of a table."),
        Key("prefix", "flag", about="Match by the longest beginning."),
        Key("digits", "flag", about="Leave letters of the code out."),
        Key("number", "flag", about="The values are numbers."),
        Key("default", about="For codes that are not listed."),
        Key("missing", about="For codes that are missing."),
        Key("unlisted", names="sources", about="Whom to ask for what the table lacks."),
    ),
    "majority": (
        _SOURCE,
        _INTO_MAP,
        Key("share", required=True, names="columns", writes="values", about="Share covered."),
    ),
    "overlap": (
        Key("sources", "texts", required=True, names="sources", about="Layers laid under."),
        Key("area", names="columns", writes="values", about="Column of the area, m²."),
        _SHARE,
    ),
    "per_mu": (
        Key("amounts", "texts", required=True, names="columns", about="The last year first."),
        _COLUMNS,
        Key("mean", names="columns", writes="values", about="Mean of the known years."),
        Key("years", names="columns", writes="values", about="How many years are known."),
        Key("zero_years", names="columns", writes="values", about="Years back without any."),
    ),
    "plan_limits": (
        Key("column", required=True, names="columns", about="The text."),
        Key("lower", required=True, names="columns", writes="values", about="Lower limit."),
        Key("upper", required=True, names="columns", writes="values", about="Upper limit."),
    ),
    "pattern": (
        Key("column", required=True, about="Code taken apart."),
        Key("pattern", required=True, about="Regular expression with named groups."),
        _INTO_MAP,
        Key("join", "texts_map", required=True, names="columns", writes="keys", about="Joined."),
        Key("temporary", required=True, about="Regular expression of codes that are none yet."),
        _CHECK,
    ),
    "placed": (
        _SOURCE,
        Key("name", required=True, about="Its column of names."),
        _INTO,
        Key("outside", required=True, about="The name for being in none."),
    ),
    "quotient": (
        _INTO,
        Key("part", required=True, names="columns", about="Column divided."),
        Key("whole", required=True, names="columns", about="Column it is divided by."),
        Key("factor", "number", about="The quotient is multiplied by this, such as 100 for %."),
        Key("most", "number", about="What it cannot exceed."),
        Key("quality", names="columns", writes="values", about="Column that says how it is known."),
        Key("known_as", about="What that column says where it was divided."),
    ),
    "raster": (
        _SOURCE,
        Key(
            "into",
            "text_map",
            required=True,
            names="columns",
            writes="values",
            about="mean, sum, min or max to the column written.",
        ),
        Key("valid", names="columns", writes="values", about="Column of the share with values."),
        Key(
            "minimum_valid",
            "number",
            required=True,
            about="Where a smaller share of the parcel has values, nothing is written.",
        ),
    ),
    "roads": (
        _SOURCE,
        Key("column", about="Its column of classes."),
        Key("values", "texts", about="Classes that count; all without."),
        Key("reach", "number", required=True, about="Metres within which boundary lies at one."),
        Key("distance", required=True, names="columns", writes="values", about="Metres."),
        Key("frontage", required=True, names="columns", writes="values", about="Metres."),
    ),
    "village": (
        _SOURCE,
        _INTO_MAP,
        Key(
            "ratios",
            "texts_map",
            required=True,
            names="columns",
            writes="keys",
            about="Column written to the pair of columns divided.",
        ),
        _CHECK,
    ),
    "village_share": (
        _SOURCE,
        Key("state", required=True, about="Column of the state."),
        Key("idle", "texts", required=True, about="States counted."),
        _INTO,
    ),
}  # fmt: skip
STATISTICS = ("mean", "sum", "min", "max")
ADDED: dict[str, tuple[str, ...]] = {
    "buildings": (
        "building_footprint", "building_density", "floor_area", "plot_ratio",
        "plot_ratio_quality", "built_year",
    ),
    "construction": ("construction_state", "months_since_agreed_start"),
    "firms": ("firm_count", "idle_months", "industry_code"),
    "land_type": ("land_type", "land_type_basis"),
}  # fmt: skip
ALWAYS = (
    "row", "origin", "area", "plane_area", "survey_class", "settlement", "class_shares",
    "survey_class_share", "construction_share", "surveyed_share", "town_code", "village_code",
)  # fmt: skip
CONSTANTS = (
    "mu", "double_storey", "small_piece", "sliver_width", "minimum_class_share",
)  # fmt: skip
SURVEY = (
    Key("source", required=True, names="sources", about="The survey."),
    Key("classes", required=True, names="tables", about="Table of survey classes."),
    Key("ownership", "text_map", required=True, about="First digit of QSXZ to ownership."),
)
MEASURES_FILE = Shape(
    "measures",
    "What is measured, in which order, into which standard column.",
    (
        Key("constants", "number_map", required=True, about="Numbers that measures share."),
        Key("survey", "table", required=True, parts=SURVEY, about="The land-change survey."),
        Key("identify", "tables", about="Measures before the survey is laid under the parcels."),
        Key("measure", "tables", about="Measures after it."),
        Key("after", "tables", about="Measures after the verdict."),
    ),
)


def columns_added(entry: Mapping[str, Any]) -> Iterator[str]:
    """Name the columns that a measure adds.

    Parameters
    ----------
    entry
        An entry of measures.toml whose keys have been checked.

    Yields
    ------
    str
    """
    kind = entry.get("kind", "")
    yield from ADDED.get(kind, ())
    for key in MEASURES.get(kind, ()):
        value = entry.get(key.name)
        if not key.writes or value is None:
            continue
        if isinstance(value, str):
            yield value
        elif key.writes == "values" and isinstance(value, dict):
            yield from value.values()
        else:
            yield from value
