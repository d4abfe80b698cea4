"""Keys of checks.toml, and the measured tables that checks may look at."""

from __future__ import annotations

from lowuse_gis.core.lint.keys import Key
from lowuse_gis.core.lint.shapes import Shape

SEVERITIES = ("error", "warning", "notice", "off")
DERIVED_KINDS = (
    "begins",
    "credit_code",
    "difference",
    "distinct",
    "filled",
    "group_size",
    "part",
    "pattern",
    "ratio",
)
NUMBERS, TEXTS = "number", "text"
SHAPE_FACTS = {
    "vertices": NUMBERS,
    "parts": NUMBERS,
    "holes": NUMBERS,
    "mean_width": NUMBERS,
    "compactness": NUMBERS,
    "box_length": NUMBERS,
    "box_width": NUMBERS,
    "smallest_part_area": NUMBERS,
    "smallest_hole_area": NUMBERS,
    "shape": TEXTS,
    "attributes": TEXTS,
    "touching_parts": TEXTS,
    "orientation": TEXTS,
    "within_district": TEXTS,
    "within_town": TEXTS,
    "known_parcel": TEXTS,
}
PAIR_FACTS = {"kind": TEXTS, "area": NUMBERS, "width": NUMBERS}
NEEDED = (
    "area_balance", "area_step", "edge_distance", "edge_length", "gap_largest", "mend_area_share",
    "mend_area_step", "mend_sliver_width", "mend_snap", "near_duplicate", "overlap_area",
    "registered_area_share", "spike_angle", "spike_leg", "tiny_area",
)  # fmt: skip
SURVEY_YEAR = "survey_year"  # of rulebook.toml; with the constants of measures.toml given by name
TABLES: dict[str, dict[str, str]] = {
    "cells": {"column": TEXTS, "fault": TEXTS, "text": TEXTS},
    "fields": {"field": TEXTS, "column": TEXTS, "fault": TEXTS},
    "features": SHAPE_FACTS,
    "vertices": {"kind": TEXTS, "value": NUMBERS},
    "overlaps": PAIR_FACTS,
    "gaps": {"area": NUMBERS, "width": NUMBERS},
    "edges": {"distance": NUMBERS, "length": NUMBERS},
    "sheets": {
        "kind": TEXTS, "column": TEXTS, "cell": TEXTS, "text": TEXTS,
        "value": NUMBERS, "sum": NUMBERS, "difference": NUMBERS,
    },
    "columns": {
        "column": TEXTS, "cell": TEXTS, "unit": TEXTS, "text": TEXTS,
        "count": NUMBERS, "least": NUMBERS, "largest": NUMBERS,
        "area_count": NUMBERS, "area_ratio": NUMBERS,
        "other_count": NUMBERS, "other_ratio": NUMBERS,
    },
    "totals": {"name": TEXTS, "sum": NUMBERS, "total": NUMBERS, "difference": NUMBERS},
}  # fmt: skip
FEATURES = "features"  # may read the standard columns of its layer too
TOLERANCE = (
    Key("value", "number", required=True, about="How much."),
    Key("unit", required=True, about="m, m², °, or 1 for a share."),
    Key("title", required=True, about="What it limits, in Chinese."),
    Key("title_en", about="The same in English."),
    Key("document", required=True, names="documents", about="A key of [documents]."),
    Key("clause", about="Where it stands in the document."),
    Key("status", required=True, names="statuses", closed=True, about="How sure it is."),
)
DERIVED = (
    Key("column", required=True, about="Name of the new column."),
    Key("kind", required=True, names="derived_kinds", closed=True, about="How it is made."),
    Key("of", "texts", required=True, about="The columns it is made of."),
    Key("layers", "texts", names="sources", about="Sources it is made for; all where left out."),
    Key("pattern", about="Regular expression of the kind pattern; {county} as in measures.toml."),
    Key("default", about="What the kind filled puts where there is nothing."),
    Key("start", "integer", about="First sign of the kind part, from 0."),
    Key("length", "integer", about="Number of signs of the kind part."),
)
TOTAL = (
    Key("name", required=True, about="What is added up."),
    Key("layer", required=True, names="sources", about="Source of the parts."),
    Key("by", required=True, about="Column that groups them."),
    Key("of", required=True, about="Column that is added up."),
    Key("total_layer", required=True, names="sources", about="Source of the totals."),
    Key("total_by", required=True, about="Its column that names the group."),
    Key("total_of", required=True, about="Its column of totals."),
)
NOT_A_BASE = (
    Key("source", required=True, names="sources", about="The source that needs the whole layer."),
    Key("names", about="Regular expression of file or layer names that are no base."),
    Key("fields", "texts", about="Fields that only such a layer has."),
    Key("title", required=True, about="What it is instead, in Chinese."),
    Key("title_en", about="The same in English."),
)
CHECK = (
    Key("code", required=True, names="checks", about="Code in checks.csv."),
    Key("over", required=True, names="check_tables", closed=True, about="The facts looked at."),
    Key(
        "when",
        required=True,
        about="What there is a defect; tolerances, constants and the survey's year as :names.",
    ),
    Key("layers", "texts", names="sources", about="Sources it applies to; all where left out."),
    Key("other", names="sources", about="Source that edges are compared with."),
    Key("value", about="Column of the facts shown as the measured value."),
    Key("limit", names="limits", about="Tolerance or constant shown beside it."),
)
CHECKS_FILE = Shape(
    "checks",
    "What is checked in what was handed over, and how exactly.",
    (
        Key("severity", "text_map", about="Code to error, warning, notice or off."),
        Key("tolerances", "table_map", parts=TOLERANCE, about="The limits of all checks."),
        Key("derive", "tables", parts=DERIVED, about="Columns made of others."),
        Key("not_a_base", "tables", parts=NOT_A_BASE, about="Layers that look like another."),
        Key("total", "tables", parts=TOTAL, about="Sums held against totals."),
        Key("check", "tables", parts=CHECK, about="One check each; of one code there may be more."),
    ),
)
