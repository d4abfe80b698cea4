"""The keys of the files that planners go by: units.toml, pathways.toml, plan.toml."""

from __future__ import annotations

from lowuse_gis.core.lint.keys import Key

SUMS = ("share", "count", "sum", "mean", "least", "distinct")
AXES = ("wish", "feasibility")

# What every unit has that a question of plan.toml may read, beside the [measures] of units.toml.
UNIT_COLUMNS = frozenset(
    {
        "area", "low_use_area", "low_use_share", "parcel_area", "infill_area", "parcel_count",
        "low_use_count", "value", "perimeter", "parts", "holes", "polsby_popper", "hull_ratio",
        "inertia", "barrier_share", "stability", "firm_share", "pathway", "disposal",
        "pathway_share",
    }
)  # fmt: skip

UNIT_MEASURE = (
    Key("title", required=True, about="What it is called."),
    Key("title_en", about="The same in English."),
    Key(
        "how",
        required=True,
        names="sums",
        closed=True,
        about="share, count; sum, mean, least, distinct of a column.",
    ),
    Key("when", about="share, count: the condition that a parcel meets."),
    Key("unless", about="share, count: parcels that do not count."),
    Key("of", names="columns", about="sum, mean, least, distinct: the column of the parcels."),
    Key("low_use_only", "flag", about="Over low-use parcels only."),
)
UNITS = (
    Key("status", names="statuses", closed=True, about="Of all values of the file."),
    Key("verdicts", "texts", required=True, names="verdicts", about="Parcels that are joined."),
    Key("minimum_area", "number", required=True, about="m²: what cannot reach it is left out."),
    Key("maximum_area", "number", required=True, about="m²: what would be larger is parted."),
    Key("minimum_low_use_share", "number", required=True, about="Low-use area / area."),
    Key("multi_part", "flag", required=True, about="Units may lie in pieces."),
    Key("bridge_distance", "number", required=True, about="m: pieces nearer may belong together."),
    Key("infill_distance", "number", required=True, about="m: land nearer may be taken in."),
    Key("infill_maximum_area", "number", required=True, about="m²: larger land is surroundings."),
    Key("border", "number", required=True, about="m: width of low-use land a border costs."),
    Key("barrier_border", "number", required=True, about="Part of that on a barrier."),
    Key("price", "number", required=True, about="Of a m² that is not low-use."),
    Key("prices", "number_map", about="The same by the beginning of the survey class."),
    Key("barrier_source", required=True, names="sources", about="Lines that part units."),
    Key("block_source", required=True, names="sources", about="Areas that no unit crosses."),
    Key("barrier_column", required=True, about="Their column that says what they are."),
    Key("barriers", "texts", required=True, about="Its values that part units."),
    Key("barrier_classes", "texts", required=True, about="Survey classes that part units."),
    Key("cut_share", "number", required=True, about="Of a parcel beyond a barrier: more is told."),
    Key("kept_apart", "texts_map", about="Groups of land types; none shares units with others."),
    Key("known_share", "number", required=True, about="Of the area: what a sum needs."),
    Key("stability_shift", "number", required=True, about="Share by which thresholds move."),
    Key("id_prefix", required=True, about="What ids of units begin with; town and digest follow."),
    Key("measures", "table_map", parts=UNIT_MEASURE, about="What is summed up over parcels."),
)
PATHWAY = (
    Key("code", required=True, about="Stable, never reused, such as PTH-01."),
    Key("title", required=True, about="What the pathway is called, in Chinese."),
    Key("title_en", about="The same in English."),
    Key("disposal", required=True, names="disposals", about="A code of the domain disposal."),
    Key("types", "texts", names="land_types", about="Land types it is restricted to."),
    Key(
        "source",
        "table",
        required=True,
        about="What the pathway rests on.",
        parts=(
            Key("document", required=True, names="documents", about="A key of [documents]."),
            Key("clause", about="Where it stands in the document."),
            Key("status", required=True, names="statuses", about="Shown beside it."),
        ),
    ),
    Key("when", required=True, about="As in criteria; columns of the verdict are allowed."),
    Key("tools", "texts", required=True, about="Policy tools that apply."),
    Key("tools_en", "texts", about="The same in English."),
    Key("text", required=True, about="A sentence with {column}."),
    Key("text_en", about="The same in English."),
)
PATHWAYS = (Key("pathway", "tables", required=True, parts=PATHWAY, about="The first that holds."),)
ANSWER = (
    Key("when", required=True, about="A condition over columns of units."),
    Key("points", "number", required=True, about="0 to 100."),
)
QUESTION = (
    Key("code", required=True, about="Stable, such as WISH-1."),
    Key("axis", required=True, names="axes", closed=True, about="wish or feasibility."),
    Key("title", required=True, about="What is asked, in Chinese."),
    Key("title_en", about="The same in English."),
    Key("weight", "number", required=True, about="Share within the axis."),
    Key("ask", names="responsible", about="The body to ask where it is not known."),
    Key("otherwise", "number", required=True, about="Points where no answer holds."),
    Key("answers", "tables", required=True, parts=ANSWER, about="The first that holds counts."),
)
KEY_AREA = (
    Key("id_prefix", required=True, about="What ids begin with; town and digest follow."),
    Key("distance", "number", required=True, about="m between units of one key area."),
    Key("least_units", "integer", required=True, about="Units it has at least."),
    Key("least_area", "number", required=True, about="m² of its units together."),
    Key("quadrants", "texts", required=True, names="quadrants", about="Units it is made of."),
)
YEARLY = (
    Key("projects", "integer", required=True, about="At most."),
    Key("investment", "number", required=True, about="10,000 yuan, at most."),
    Key("town_share", "number", required=True, about="Of the projects in one town, at most."),
    Key("town_least", "integer", required=True, about="Projects for each town that has one."),
    Key("quarter_projects", "integer", required=True, about="Begun in a quarter, at most."),
    Key("quarter_share", "number", required=True, about="Of the money in a quarter, at most."),
    Key("later", "number", required=True, about="What a quarter's wait costs, of the worth."),
    Key("body", required=True, about="Implementing body where the register names none."),
    Key("quadrants", "number_map", required=True, about="Units to plan, and what part counts."),
    Key("cost", "number_map", required=True, about="10,000 yuan per mu, by disposal."),
    Key("quarters", "number_map", required=True, about="Quarters of works, by disposal."),
)
GATE = (
    Key("code", required=True, names="gates", about="A code of the domain gate."),
    Key("body", required=True, names="responsible", about="Who acts."),
    Key("days", "integer", required=True, about="After the gate before; 0: no time is set."),
    Key("requires", "texts", required=True, about="What must be there."),
    Key("requires_en", "texts", about="The same in English."),
)
REGISTER = (
    Key("id_prefix", required=True, about="What numbers begin with; year and number follow."),
    Key("begun", required=True, names="gates", about="From here on a project is carried over."),
    Key("revitalised", required=True, names="gates", about="From here on the land counts."),
    Key("last", required=True, names="gates", about="Nothing comes after it."),
)
PLAN = (
    Key("status", names="statuses", closed=True, about="Of all values of the file."),
    Key("strong_wish", "number", required=True, about="Score from which the wish is strong."),
    Key("strong_feasibility", "number", required=True, about="Score from which it is feasible."),
    Key("question", "tables", required=True, parts=QUESTION, about="One question each."),
    Key("key_area", "table", required=True, parts=KEY_AREA, about="What a key area is."),
    Key("yearly", "table", required=True, parts=YEARLY, about="What one year can carry."),
    Key("gate", "tables", required=True, parts=GATE, about="Gates of a project, in order."),
    Key("register", "table", required=True, parts=REGISTER, about="What gates mean."),
)
