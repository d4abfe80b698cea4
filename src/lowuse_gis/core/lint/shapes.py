"""The files of a rulebook and the keys each may hold."""

from __future__ import annotations

from dataclasses import dataclass

from lowuse_gis.core.lint.indicator_keys import INDICATORS
from lowuse_gis.core.lint.keys import Key
from lowuse_gis.core.lint.legacy_keys import LEGACY
from lowuse_gis.core.lint.map_keys import MAP
from lowuse_gis.core.lint.package_keys import PACKAGE
from lowuse_gis.core.lint.plan_keys import PATHWAYS, PLAN, UNITS

STRENGTHS = ("strong", "weak", "flag", "exclusion", "small")
ROADS = ("legacy",)
VILLAGE_STRENGTHS = ("strong", "weak")
ABSENCES = ("no", "unknown")
ANSWERS = "answers"  # the kind of what bodies were asked for
PARCEL_MARK = "parcel_mark"  # tells in it which land was meant; no standard column
SOURCE_KINDS = ("layer", "lines", "table", "raster", ANSWERS)
FIELD_TYPES = ("text", "code", "number", "date")
LEDGERS = (
    "decisions",
    "corrections",
    "matches",
    "edits",
    "projects",
    "receipts",
    "legacy_decisions",
    "figures",
)  # tables of fields.toml that are no sources
SETTINGS = (
    "units",
    "pathways",
    "plan",
    "legacy",
    "map",
    "indicators",
)  # files that later folders refine
OPEN_VERDICTS = ("low_use", "undetermined")
RESULTS = ("low_use", "leaning", "not_low_use", "undetermined", "excluded", "too_small")


@dataclass(frozen=True)
class Shape:
    """One kind of file.

    Attributes
    ----------
    name
        The file's name without ending; ``criteria`` is a folder of such files.
    about
        What it is for.
    keys
        What it may hold.
    free
        Whether further keys are tables of their own, each of `parts`.
    parts
        The keys of such tables, or of their entries.
    """

    name: str
    about: str
    keys: tuple[Key, ...] = ()
    free: bool = False
    parts: tuple[Key, ...] = ()


CRITERION = (
    Key("code", required=True, about="Stable, never reused, such as IND-05."),
    Key("title", required=True, about="What the criterion is called, in Chinese."),
    Key("title_en", about="The same in English."),
    Key(
        "source",
        "table",
        required=True,
        about="What the criterion rests on.",
        parts=(
            Key("document", required=True, names="documents", about="A key of [documents]."),
            Key("clause", about="Where it stands in the document."),
            Key(
                "status",
                required=True,
                names="statuses",
                closed=True,
                about="Shown beside the criterion, not computed with.",
            ),
        ),
    ),
    Key(
        "strength",
        required=True,
        names="strengths",
        closed=True,
        about="strong: one is enough; weak: weak_needed of them; flag: noted only;"
        " exclusion: takes the parcel out; small: sets it aside.",
    ),
    Key(
        "when",
        required=True,
        about="AND, OR, NOT over comparisons: one column on the left; columns, :thresholds,"
        " numbers, 'text' on the right.",
    ),
    Key("evidence", about="A sentence with {column} and {:threshold}."),
    Key("subtype", names="subtypes", about="The subtype of a parcel that meets it."),
    Key(
        "village",
        names="village_strengths",
        closed=True,
        about="Its strength as a criterion of the village.",
    ),
)
OBSTACLE = (
    Key("code", required=True, about="Stable, never reused, such as OBS-03."),
    Key("title", required=True, about="What stands in the way, in Chinese."),
    Key("title_en", about="The same in English."),
    Key(
        "category",
        required=True,
        names="categories",
        about="A code of the domain problem_category, or a column that holds one.",
    ),
    Key("types", "texts", names="land_types", about="Land types it is restricted to."),
    Key(
        "verdicts",
        "texts",
        names="verdicts",
        about="Verdicts it is restricted to; low-use and undetermined where nothing is said.",
    ),
    Key("when", required=True, about="As in criteria; columns of the verdict are allowed."),
    Key("text", required=True, about="A sentence with {column}."),
    Key("text_en", about="The same in English."),
    Key("body", required=True, names="responsible", about="Who is responsible; or missing."),
    Key("tool", about="What the policy toolkit offers."),
    Key("tool_en", about="The same in English."),
)
DOCUMENT = (
    Key("title", required=True, about="Number and title."),
    Key("title_en", about="The same in English."),
    Key("url", about="Where it can be read."),
    Key("note", about="Anything else worth knowing."),
)
SOURCE = (
    Key("title", required=True, about="What the source is called, in Chinese."),
    Key("title_en", about="The same in English."),
    Key("kind", required=True, names="source_kinds", closed=True, about="What it consists of."),
    Key("layer", about="Layer of a GeoPackage or band of a raster, where none is given."),
    Key("body", required=True, names="bodies", about="Who provides it."),
    Key(
        "absence",
        required=True,
        names="absences",
        closed=True,
        about="no: the source is complete, what is not in it is zero or false.",
    ),
    Key("road", names="roads", closed=True, about="legacy: read by lowuse legacy only."),
)
MATCHING = (
    Key("status", about="Who says so."),
    Key("firms", names="sources", about="The table of firms."),
    Key("similar", "number", about="Similarity of names that is worth a look."),
    Key("places", "texts", about="Place names taken off the front of a name."),
    Key("suffixes", "texts", about="Legal forms taken off its end."),
    Key("check", names="checks", about="Code of the check for doubtful matches."),
    Key("sure", "number", about="Score from which nobody needs to confirm a match."),
    Key("scores", "number_map", about="How good a match by each way is."),
)
RULEBOOK = (
    Key("name", required=True, about="The folder's name."),
    Key("extends", names="rulebooks", about="The rulebook beside it that this one refines."),
    Key("title", required=True, about="What results call it, in Chinese."),
    Key("title_en", about="The same in English."),
    Key("version", required=True, about="Changes with every change of a rule."),
    Key("crs", about="Working coordinate system, such as EPSG:4527."),
    Key("envelope", "numbers", about="West, south, east, north in degrees."),
    Key("county", about="Code of the county."),
    Key("district", about="Name of the district."),
    Key("profile", about="The profile of packages/ that is filed where none is named."),
    Key("county_codes", "texts", about="What parcel codes may begin with: six digits each."),
    Key("survey_year", "integer", about="Year of the land-change survey."),
    Key("natural_persons", "texts", about="Kinds of owner whose names are masked."),
    Key("wanted_columns", "texts", names="columns", about="Measured though no rule reads them."),
    Key("result_codes", "text_map", about="The code of each outcome in the field PDJG."),
    Key("documents", "table_map", parts=DOCUMENT, about="What criteria and thresholds rest on."),
    Key("sources", "table_map", parts=SOURCE, about="What can be supplied."),
    Key("matching", "table", parts=MATCHING, about="How rows are matched to parcels and firms."),
)
HEAD = (
    "crs", "survey_year", "natural_persons", "result_codes", "documents", "sources", "matching",
)  # fmt: skip
FIELD = (
    Key("names", "texts", required=True, about="Field names and headings as they occur."),
    Key("type", names="field_types", closed=True, about="text where nothing is said."),
    Key("unit", about="Unit of the standard column."),
    Key("domain", names="domains", about="Labels of this list are accepted for codes."),
    Key("values", "text_map", about="Further spellings of codes."),
    Key("by_year", about="Regular expression of headings that carry a year (group year)."),
    Key("required", "flag", about="The file cannot be used without it."),
    Key("expected", "flag", about="lowuse check reports records in which it is empty."),
    Key("pattern", about="Regular expression that the whole of a code must match."),
    Key("range", "numbers", about="Least and largest plausible number."),
    Key("adds", "flag", about="Rows of totals (合计) in a table hold its sum."),
    Key("width", "integer", about="Bytes (GBK) that the standard gives it."),
    Key("unless", "texts", about="… unless one of these columns is there."),
    Key(
        "settles",
        "texts",
        names="settled",
        about="Judged columns that [answers] asks it for: column@source.",
    ),
    Key("share", "numbers", about="Least and largest plausible share of the parcel's area."),
)
UNIT = (
    Key("to", required=True, about="The standard unit."),
    Key("factor", "number", required=True, about="Standard value = value × factor."),
)
SHAPES = {
    "criteria": Shape(
        "criteria",
        "Criteria of one land type, or of all.",
        (
            Key("type", names="land_types", about="The land type; left out for all types."),
            Key("criterion", "tables", parts=CRITERION, about="One judgement each."),
        ),
    ),
    "obstacles": Shape(
        "obstacles",
        "What stands in the way of redevelopment.",
        (Key("obstacle", "tables", parts=OBSTACLE, about="One line of the problem list each."),),
    ),
    "rulebook": Shape("rulebook", "What a rulebook is called and works with.", RULEBOOK),
    "fields": Shape(
        "fields",
        "Which field of a file is which standard column: one table per source.",
        (Key("units", "table_map", parts=UNIT, about="Units that headings name."),),
        free=True,
        parts=FIELD,
    ),
    "units": Shape("units", "How parcels are joined to units.", UNITS),
    "packages": Shape("packages", "One profile of a package to file.", PACKAGE),
    "indicators": Shape("indicators", "What the reports on progress count.", INDICATORS),
    "legacy": Shape("legacy", "What is land of historical legacy.", LEGACY),
    "map": Shape("map", "How maps of a result look.", MAP),
    "pathways": Shape("pathways", "Which disposal pathway a parcel is suggested.", PATHWAYS),
    "plan": Shape("plan", "How units are ranked and a year's plan is drawn up.", PLAN),
}
