"""The tables of a result: columns and their types, in order."""

FINDINGS = (
    ("row", "text"), ("criterion", "code"), ("truth", "code"), ("atom", "count"),
    ("measure", "code"), ("value", "number"), ("text", "text"), ("operator", "code"),
    ("limit", "number"), ("atom_truth", "code"), ("threshold", "text"), ("missing", "text"),
)  # fmt: skip
CHECKS = (
    ("code", "code"), ("severity", "code"), ("title", "text"), ("row", "text"), ("other", "text"),
    ("parcel_code", "code"), ("value", "number"), ("limit", "number"), ("note", "text"),
    ("remedy", "text"), ("body", "code"), ("x", "number"), ("y", "number"), ("file", "text"),
    ("cell", "text"),
)  # fmt: skip
PROBLEMS = (
    ("row", "text"), ("parcel_code", "code"), ("town_code", "code"), ("town_name", "text"),
    ("village_code", "code"), ("owner", "text"), ("land_type", "code"), ("verdict", "code"),
    ("area", "number"), ("code", "code"), ("title", "text"), ("category", "code"),
    ("text", "text"), ("demand", "text"), ("body", "code"), ("tool", "text"),
)  # fmt: skip
SOURCES = (
    ("name", "code"), ("title", "text"), ("file", "text"), ("layer", "text"), ("body", "code"),
    ("absence", "code"), ("towns", "text"), ("towns_missing", "text"), ("as_of", "text"),
    ("sha256", "text"), ("rows", "count"),
)  # fmt: skip
CRITERIA = (
    ("code", "code"), ("land_type", "code"), ("strength", "code"), ("when", "text"),
    ("title", "text"), ("title_en", "text"), ("document", "text"), ("clause", "text"),
    ("status", "text"), ("evidence", "text"),
)  # fmt: skip
THRESHOLDS = (
    ("row_label", "text"), ("name", "code"), ("value", "number"), ("unit", "text"),
    ("source", "text"), ("clause", "text"), ("status", "text"),
)  # fmt: skip
LABELS = (("domain", "code"), ("code", "code"), ("label", "text"), ("label_en", "text"))
COLUMNS = (
    ("name", "code"), ("label", "text"), ("label_en", "text"), ("unit", "text"),
    ("domain", "code"), ("source", "code"), ("quality", "code"),
)  # fmt: skip
DECISIONS = (
    ("line", "count"), ("row", "text"), ("parcel_code", "code"), ("town", "text"),
    ("decision", "code"), ("state", "code"), ("verdict", "code"), ("reason", "text"),
    ("evidence", "text"), ("who", "text"), ("date", "text"), ("answers", "code"),
    ("fingerprint", "code"), ("file", "text"), ("rulebook", "text"), ("as_of", "text"),
)  # fmt: skip
CORRECTIONS = (
    ("line", "count"), ("row", "text"), ("parcel_code", "code"), ("field", "text"),
    ("column", "code"), ("old", "text"), ("new", "text"), ("state", "code"), ("note", "text"),
    ("reason", "text"), ("who", "text"), ("when", "text"),
)  # fmt: skip
ANSWERS = (
    ("row", "text"), ("parcel_code", "text"), ("column", "code"), ("value", "text"),
    ("state", "code"), ("serves", "text"), ("fault", "text"), ("file", "text"), ("place", "text"),
)  # fmt: skip
MATCHED = (
    ("source", "code"), ("place", "text"), ("given", "text"), ("target_column", "code"),
    ("target", "code"), ("target_name", "text"), ("method", "code"), ("score", "number"),
    ("state", "code"),
)  # fmt: skip
LEDGERS = {"decisions": DECISIONS, "corrections": CORRECTIONS, "matched": MATCHED}
