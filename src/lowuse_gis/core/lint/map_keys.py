"""The keys of map.toml: how maps of a result look."""

from __future__ import annotations

from lowuse_gis.core.lint.keys import Key

THEME = (
    Key("code", required=True, about="Stable, such as vacancy."),
    Key("title", required=True, about="What it is called, in Chinese."),
    Key("title_en", about="The same in English."),
    Key("column", required=True, names="columns", about="The column that colours parcels."),
    Key("types", "texts", names="land_types", about="Land types it is about; empty for all."),
    Key("breaks", "numbers", required=True, about="Where classes begin, but for the first."),
    Key("colours", "texts", required=True, about="One more than the breaks."),
)
CARD = (
    Key("facts", "texts", required=True, names="columns", about="Columns that are stated."),
    Key("words", "text_map", about="Facts that a table of codes/ names, by column."),
    Key("wishes", "texts", required=True, names="columns", about="What the owner wants."),
    Key("around", "number", required=True, about="Of the longer side: what the map shows."),
    Key("around_least", "number", required=True, about="m that it shows at least."),
    Key("neighbours", "integer", required=True, about="At most."),
    Key("neighbour_distance", "number", required=True, about="m."),
)
EDGES = (
    Key("parcel", required=True, about="Of parcels."),
    Key("low_use", required=True, about="Of low-use parcels."),
    Key("other", required=True, about="Of land that a theme is not about."),
    Key("other_fill", required=True, about="Its inside."),
)
LETTERING = (
    Key("parcels_from", "integer", required=True, about="Scale from which parcels are named."),
    Key("parcel_signs", "integer", required=True, about="Of a parcel code, from its end."),
    Key("units_from", "integer", required=True, about="Scale from which units are named."),
    Key("unit_signs", "integer", required=True, about="Of the id of a unit without a name."),
)
BORDER = (
    Key("source", required=True, names="sources", about="The layer of borders."),
    Key("name", required=True, about="Its column that names an area."),
    Key("colour", required=True, about="Of the line."),
    Key("width", "number", required=True, about="mm."),
    Key("dash", "numbers", about="mm of lines and gaps; a whole line where nothing is said."),
    Key("names_from", "integer", required=True, about="Scale from which areas are named."),
)
MAP = (
    Key("status", names="statuses", closed=True, about="Of all values of the file."),
    Key("zoom", "integer", required=True, about="Web map zoom from which outlines are drawn."),
    Key("verdict_colours", "text_map", required=True, about="By verdict."),
    Key("type_colours", "text_map", required=True, about="By land type; none for no type."),
    Key("severity_colours", "text_map", required=True, about="Of defects, by severity."),
    Key("legacy_colours", "text_map", required=True, about="Of pieces of legacy, by state."),
    Key("unit_colour", required=True, about="Around spatial units."),
    Key("edges", "table", required=True, parts=EDGES, about="Colours of edges."),
    Key("lettering", "table", required=True, parts=LETTERING, about="Names on a map."),
    Key("border", "tables", parts=BORDER, about="Borders that a project shows, from above."),
    Key("card", "table", required=True, parts=CARD, about="The card of a parcel."),
    Key("theme", "tables", parts=THEME, about="What else parcels may be coloured by."),
)
