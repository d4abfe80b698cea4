"""The keys of legacy.toml: what is land of historical legacy, and how its pieces are told apart."""

from __future__ import annotations

from lowuse_gis.core.lint.keys import Key

EVIDENCE = (
    Key("name", required=True, about="Column of the pieces: 1 in it, 0 outside; or the share."),
    Key("title", required=True, about="What it is called, in Chinese."),
    Key("title_en", about="The same in English."),
    Key("source", required=True, names="sources", about="The layer."),
    Key("when", about="The condition that its polygons meet."),
    Key(
        "absence",
        names="absences",
        closed=True,
        about="What lying outside means, if not as the source says.",
    ),
    Key("shares", "flag", about="Pieces are not cut by it; its share of each is measured."),
    Key("carries", "text_map", about="Column of the layer to column of the pieces: the largest."),
)
CLASS = (
    Key("code", required=True, about="What is filed."),
    Key("when", required=True, about="A condition over the evidence."),
)
PERIOD = (
    *CLASS,
    Key("first_year", "integer", about="An earlier year needs a reason of the town."),
    Key("last_year", "integer", about="A later year needs a reason of the town."),
)
DOUBT = (
    Key("code", required=True, about="Stable, such as LEG-D1."),
    Key("title", required=True, about="Why a piece is doubtful, in Chinese."),
    Key("title_en", about="The same in English."),
    Key("when", required=True, about="A condition over the evidence."),
)
LEGACY = (
    Key("status", names="statuses", closed=True, about="Of all values of the file."),
    Key("base", required=True, names="sources", about="The layer that pieces are cut from."),
    Key("base_built", "flag", required=True, about="Only its construction classes."),
    Key("base_name", required=True, about="What it is as evidence: a column that is 1."),
    Key("noise", "number", required=True, about="m²: a cut that takes less is none."),
    Key("least_area", "number", required=True, about="m²: smaller pieces are listed only."),
    Key("least_width", "number", required=True, about="m: narrower pieces are listed only."),
    Key("when", required=True, about="What is legacy: a condition over the evidence."),
    Key("evidence", "tables", required=True, parts=EVIDENCE, about="Layers, in cutting order."),
    Key("period", "tables", required=True, parts=PERIOD, about="The first that holds."),
    Key("procedure", "tables", required=True, parts=CLASS, about="The first that holds."),
    Key("conformity", "tables", required=True, parts=CLASS, about="The first that holds."),
    Key("doubt", "tables", parts=DOUBT, about="What makes a piece doubtful."),
)
