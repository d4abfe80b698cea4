"""JSON Schemas of the files of a rulebook, for editors, from the keys that lint checks."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from lowuse_gis.core.lint import package_keys
from lowuse_gis.core.lint.check_keys import CHECK, CHECKS_FILE, DERIVED, TOLERANCE
from lowuse_gis.core.lint.measure_keys import KIND, MEASURES, MEASURES_FILE, ON_DEMAND
from lowuse_gis.core.lint.plan_keys import PLAN, QUESTION, UNIT_MEASURE, UNITS
from lowuse_gis.core.lint.shapes import (
    CRITERION,
    FIELD,
    SHAPES,
    SOURCE,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lowuse_gis.core.lint.keys import Key
    from lowuse_gis.core.lint.shapes import Shape

DRAFT = "https://json-schema.org/draft/2020-12/schema"
TEMPLATES = {
    "evidence": r"^([^{}]|\{:?[A-Za-z_][A-Za-z0-9_]*\})*$",
    "text": r"^([^{}]|\{[A-Za-z_][A-Za-z0-9_]*\})*$",
    "text_en": r"^([^{}]|\{[A-Za-z_][A-Za-z0-9_]*\})*$",
}
REFER = "#/$defs/"
CLOSED = frozenset(
    key.names
    for keys in (
        CRITERION,
        SOURCE,
        UNITS,
        UNIT_MEASURE,
        PLAN,
        QUESTION,
        package_keys.PACKAGE,
        package_keys.LAYER,
        package_keys.FIELD,
        package_keys.FILE,
        FIELD,
        CHECK,
        DERIVED,
        TOLERANCE,
        *(key.parts for key in CRITERION),
        (KIND,),
    )
    for key in keys
    if key.closed
)


def schemas(lists: Mapping[str, Sequence[str]]) -> dict[str, dict[str, Any]]:
    """Describe every file of a rulebook.

    Parameters
    ----------
    lists
        Known names by what they name, as `Names.listed` and `Key.names` call it; ``thresholds``
        and ``measured`` for the names that conditions may use.

    Returns
    -------
    dict
        By the file's name without ending: a JSON Schema (draft 2020-12).
    """
    made = {name: _file(shape) for name, shape in SHAPES.items()}
    measures = _file(MEASURES_FILE)
    for part in ("identify", "measure", "after"):
        kinds = [_measure(kind, keys) for kind, keys in sorted(MEASURES.items())]
        measures["properties"][part]["items"] = {"oneOf": kinds}
    made["measures"] = measures
    made["checks"] = _file(CHECKS_FILE)
    columns = ", ".join(lists.get("measured", ()))
    limits = ", ".join(f":{name}" for name in lists.get("thresholds", ()))
    for name, entry in (("criteria", "criterion"), ("obstacles", "obstacle")):
        when = made[name]["properties"][entry]["items"]["properties"]["when"]
        when["description"] += f" Columns: {columns}. Thresholds: {limits}."
    return {name: _with_lists(schema, lists) for name, schema in made.items()}


def _file(shape: Shape) -> dict[str, Any]:
    head = {"$schema": DRAFT, "title": shape.name, "description": shape.about}
    made = {**head, **_table(shape.keys)}
    if shape.free:
        made["additionalProperties"] = {
            "type": "object",
            "additionalProperties": _table(shape.parts),
        }
        made["propertyNames"] = _one_of("sources")
    return made


def _with_lists(schema: dict[str, Any], lists: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Add the lists of names that a schema refers to."""
    used = sorted(set(re.findall(f'"{re.escape(REFER)}([a-z_]+)"', json.dumps(schema))))
    return {**schema, "$defs": {name: _names(name, lists.get(name, ())) for name in used}}


def _names(name: str, listed: Sequence[str]) -> dict[str, Any]:
    """Offer known names; others are right too where a rulebook may add its own."""
    closed = {"enum": list(listed)}
    if not listed:
        return {"type": "string"}
    return closed if name in CLOSED else {"anyOf": [closed, {"type": "string", "minLength": 1}]}


def _one_of(names: str) -> dict[str, Any]:
    return {"$ref": REFER + names}


def _table(keys: Sequence[Key]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "object",
        "properties": {key.name: {"description": key.about, **_value(key)} for key in keys},
        "additionalProperties": False,
    }
    required = [key.name for key in keys if key.required]
    return {**made, "required": required} if required else made


def _measure(kind: str, keys: Sequence[Key]) -> dict[str, Any]:
    made = _table((KIND, ON_DEMAND, *keys))
    made["title"] = kind
    made["properties"]["kind"] = {"const": kind}
    return made


def _value(key: Key) -> dict[str, Any]:
    one, text = _text(key), {"type": "string"}
    values: dict[str, dict[str, Any]] = {
        "flag": {"type": "boolean"},
        "integer": {"type": "integer"},
        "number": {"type": "number"},
        "numbers": _list({"type": "number"}),
        "number_map": _map({"type": "number"}),
        "pairs": _list({**_list(text), "minItems": 2, "maxItems": 2}),
        "table": _table(key.parts),
        "table_map": _map(_table(key.parts) if key.parts else {"type": "object"}),
        "tables": _list(_table(key.parts)),
        "text": one,
        "text_map": _map(one if key.writes == "values" else text),
        "texts": _list(one),
        "texts_map": _map(_list(text)),
    }
    made = values[key.kind]
    return {**made, "propertyNames": _one_of(key.names)} if key.writes == "keys" else made


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _map(values: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": values}


def _text(key: Key) -> dict[str, Any]:
    if key.name in TEMPLATES:
        return {"type": "string", "pattern": TEMPLATES[key.name]}
    if key.names and key.names != "rulebooks":
        return _one_of(key.names)
    return {"type": "string", "minLength": 1} if key.required else {"type": "string"}
