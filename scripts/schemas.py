"""Write the JSON Schemas that editors complete and check rulebooks by.

Run without options after adding a key, a column, a threshold or a document; ``--check`` writes
nothing and fails naming the schemas that are out of date.
"""

import json
import sys
from pathlib import Path

from lowuse_gis.core.lint.book import assembled
from lowuse_gis.core.lint.names import Names
from lowuse_gis.core.lint.schema import schemas
from lowuse_gis.core.lint.shapes import SHAPES
from lowuse_gis.io.rulebook_files import read_files

ROOT = Path(__file__).parents[1]
RULES = ROOT / "rules"
LISTS = (
    "absences", "bodies", "categories", "check_tables", "checks", "columns", "derived_kinds",
    "documents", "domains",
    "field_types", "land_types", "limits", "measure_kinds", "responsible", "source_kinds",
    "sources", "statuses", "strengths", "subtypes", "tables", "verdicts", "village_strengths",
)  # fmt: skip


def known_names() -> dict[str, list[str]]:
    """Return the names that all shipped rulebooks know, by what they name."""
    found: dict[str, set[str]] = {}
    for folder in sorted(path.parent for path in RULES.glob("*/rulebook.toml")):
        names = Names(assembled(read_files(str(folder))))
        lists = {name: names.listed(name) for name in LISTS}
        lists |= {"thresholds": set(names.thresholds), "measured": set(names.measured)}
        lists |= {"rulebooks": {folder.name}}
        for name, listed in lists.items():
            found.setdefault(name, set()).update(listed)
    return {name: sorted(listed) for name, listed in found.items()}


def texts() -> dict[Path, str]:
    """Return the text of every schema."""
    made = schemas(known_names())
    return {
        RULES / "schema" / f"{name}.schema.json": json.dumps(content, ensure_ascii=False, indent=2)
        + "\n"
        for name, content in sorted(made.items())
    }


def unmarked() -> list[Path]:
    """Return the files whose first line does not name their schema."""
    found = []
    for path in sorted(RULES.glob("*/**/*.toml")):
        name = "criteria" if path.parent.name == "criteria" else path.stem
        if name not in {*SHAPES, "checks", "measures"}:
            continue
        up = "../" * (len(path.relative_to(RULES).parts) - 1)
        if path.read_text(encoding="utf-8").split("\n", 1)[0] != (
            f"#:schema {up}schema/{name}.schema.json"
        ):
            found.append(path)
    return found


def main() -> None:
    """Write the schemas, or check them."""
    if "--check" not in sys.argv:
        (RULES / "schema").mkdir(exist_ok=True)
        for path, text in texts().items():
            path.write_text(text, encoding="utf-8", newline="\n")
        return
    stale = [p for p, t in texts().items() if not p.exists() or p.read_text("utf-8") != t]
    faults = [f"{path.relative_to(ROOT)} is out of date: make schemas" for path in stale]
    faults += [f"{path.relative_to(ROOT)}: the first line names no schema" for path in unmarked()]
    for fault in faults:
        print(fault)
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
