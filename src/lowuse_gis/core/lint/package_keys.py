"""The keys of package profiles: packages/NAME.toml says what is filed, under which names."""

from __future__ import annotations

from lowuse_gis.core.lint.keys import Key

DATASETS = ("parcels", "units", "key_areas", "projects", "legacy", "problems", "delivered")
FORMATS = ("gdb", "gpkg", "shp", "xlsx", "metadata", "map", "rules", "quality", "seal", "other")
NEEDS = ("M", "C", "O")
SHAPES = ("polygon", "line", "point", "any")
PRIVACY = ("name",)

FIELD = (
    Key("code", required=True, about="Field name: at most 10 ASCII signs for a shapefile."),
    Key("title", required=True, about="What it is called, in Chinese."),
    Key("type", required=True, about="C18 text of 18 bytes (GBK), N15,2 number, I4 whole, D date."),
    Key("need", names="needs", closed=True, about="M must be filled, C where it applies, O may."),
    Key("from", about="Column of the dataset."),
    Key("value", about="The same text in every record; {county}, {district}, {as_of}."),
    Key("numbered", about="Running number: {n:08d} with the same names."),
    Key("unit", about="Unit to convert to: m², ha, mu or %."),
    Key("per", about="Column that the values are divided by after conversion."),
    Key("map", about="A table of [maps]: value of the column to what is filed."),
    Key("start", "integer", about="Takes the text from this sign on (0 is the first)."),
    Key("length", "integer", about="Takes so many signs."),
    Key("wide", "flag", about="The length of a text counts signs, not bytes of GBK."),
    Key("any_sign", "flag", about="Its texts may have signs that GBK has not."),
    Key("domain", about="A code list of the rulebook, or a table of [maps], that values are from."),
    Key("label", "flag", about="Files the label of the code instead of the code."),
    Key(
        "private",
        names="privacy",
        closed=True,
        about="name: those of natural persons are masked for outsiders.",
    ),
    Key("links", about="LAYER.FIELD that has every value."),
    Key("sums", about="LAYER.FIELD of the linked layer that adds up to this one."),
)
LAYER = (
    Key("title", required=True, about="What the layer is called."),
    Key(
        "from",
        required=True,
        names="datasets",
        closed=True,
        about="What it is made of; delivered for what is verified only.",
    ),
    Key("when", about="The condition that a record meets."),
    Key("key", about="Field that is unique; a layer that is filed needs one."),
    Key("order", "texts", about="Columns of the dataset that give the order before the key."),
    Key("plain", "flag", about="A table without shapes."),
    Key("shape", names="layer_shapes", closed=True, about="Polygons where nothing is said."),
    Key("crs", about="Of this layer, where it is another; unknown where no file says it."),
    Key("pieces", "flag", about="Its files hold a piece each, such as a town, and are no copies."),
    Key("state", about="Field that says whether a town has decided the verdict."),
    Key("area", about="Field with the ellipsoidal area of the shape in m²."),
    Key("same_as", about="A layer that has the same keys."),
    Key("sealed", "flag", about="The seal is over this layer."),
    Key("fields", "tables", required=True, parts=FIELD, about="Its fields, in order."),
)
TABLE = (
    Key("title", required=True, about="The line above the heading."),
    Key("from", required=True, about="The layer it comes from."),
    Key("sheet", required=True, about="Name of the sheet."),
    Key("columns", "pairs", about="List: heading and field, or label of a field as FIELD.label."),
    Key("by", "pairs", about="Summary: heading and field to group by."),
    Key("count", about="Summary: heading of the number of records."),
    Key("sums", "pairs", about="Summary: heading and field that is summed up."),
    Key("total", about="Summary: what the last line is called."),
)
FILE = (
    Key("path", required=True, about="Path in the package; {county}, {town}, {layer}, …"),
    Key("format", required=True, names="formats", closed=True, about="What it is."),
    Key("encoding", about="Of this shapefile, where it is another."),
    Key("declared", about="What its .cpg says; the encoding where nothing is said."),
    Key("code_page", "integer", about="Byte of its .dbf that names the code page."),
    Key("parts", "texts", about="Endings beside .shp; .shx .dbf .prj .cpg where nothing is said."),
    Key(
        "each",
        "texts",
        about="Fields with a town's code and name: a map of each {town_code}{town}.",
    ),
    Key("layers", "texts", about="Layers in it."),
    Key("tables", "texts", about="Sheets in it."),
    Key("when", names="datasets", closed=True, about="Written only where there is such a dataset."),
)
PAPERS = (
    Key("folder", required=True, about="Folder in the package; {county}, {district}, …"),
    Key("name", required=True, about="Pattern of a name: {id}, {type}, {number}, {county}, …"),
    Key("types", "texts", required=True, about="Kinds of papers that a name may tell."),
    Key("endings", "texts", about="Endings of files, such as pdf; any where nothing is said."),
    Key("ids", "texts", about="LAYER.FIELD that have the records a paper may be of; else any."),
    Key("index", about="Path of the workbook that lists them; what is filed needs one."),
    Key("sheet", about="Its sheet."),
    Key("title", about="The line above its heading."),
    Key(
        "columns",
        "pairs",
        about="Heading and row, id, type, number, file, size or sha256.",
    ),
)
PAPER_COLUMNS = ("row", "id", "type", "number", "file", "size", "sha256")
PACKAGE = (
    Key("extends", about="The profile of this rulebook that it refines."),
    Key("title", about="What the package is called."),
    Key("status", names="statuses", closed=True, about="Of the format."),
    Key("folder", about="Name of the folder; {county}, {district}, {as_of}, {year}."),
    Key("crs", about="Of all layers; that of the rulebook where it says nothing."),
    Key("envelope", "numbers", about="West, south, east, north in degrees; else the rulebook's."),
    Key("encoding", about="Of shapefiles: GBK or UTF-8."),
    Key("name_signs", about="Signs that names of files may have beside the usual ones."),
    Key("signs", "text_map", about="Signs that GBK has not, and what is filed instead."),
    Key("audience", names="audiences", closed=True, about="inside sees names, outside does not."),
    Key("state_title", about="What the state field is called."),
    Key("draft_mark", about="In the state field before a town has decided."),
    Key("final_mark", about="In the state field after."),
    Key("metadata", "text_map", about="Core metadata: name to text."),
    Key("maps", "table_map", about="Tables of value to filed value."),
    Key("layers", "table_map", parts=LAYER, about="Layers by name."),
    Key("tables", "table_map", parts=TABLE, about="Sheets by name."),
    Key("papers", "tables", parts=PAPERS, about="Scans and reports, by folder."),
    Key("file", "tables", parts=FILE, about="The files, in order."),
)
AUDIENCES = ("inside", "outside")
