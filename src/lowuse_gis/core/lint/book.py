"""A rulebook's entries, each with its file, and only what is of the right type in them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from lowuse_gis.core.lint import check_keys, measure_keys, shapes, sheets
from lowuse_gis.core.lint.entry import Entry
from lowuse_gis.core.lint.faults import Fault, Place, nearest
from lowuse_gis.core.lint.keys import KINDS, Key, checked, code_of
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowuse_gis.core.lint.raw import RawRules, RawTable

PACKAGES = "packages"
CHECKING = tuple(key.name for key in check_keys.CHECKS_FILE.keys)
NEEDED_TABLES = (
    "columns.csv", "checks.csv", "package_checks.csv",
    *(f"codes/{name}.csv" for name in sheets.CODES),
)  # fmt: skip


@dataclass
class Book:
    """All entries of a rulebook and those it extends, the baseline first.

    Attributes
    ----------
    raw
        The files.
    faults
        What is wrong with keys, types and codes.
    criteria, obstacles, measures, thresholds, sources, documents, fields
        Entries, overridden ones too.
    head, constants, survey, units, package
        Settings; later folders replace earlier ones.
    columns, checks
        Rows of columns.csv and checks.csv by name.
    codes
        Rows of the tables in codes/.
    checking
        Entries of checks.toml by part.
    """

    raw: RawRules
    faults: list[Fault] = field(default_factory=list)
    criteria: list[Entry] = field(default_factory=list)
    obstacles: list[Entry] = field(default_factory=list)
    measures: list[Entry] = field(default_factory=list)
    thresholds: list[Entry] = field(default_factory=list)
    sources: list[Entry] = field(default_factory=list)
    documents: list[Entry] = field(default_factory=list)
    fields: list[Entry] = field(default_factory=list)
    head: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, list[Entry]] = field(default_factory=dict)
    columns: dict[str, Entry] = field(default_factory=dict)
    checks: dict[str, Entry] = field(default_factory=dict)
    codes: dict[str, list[Entry]] = field(default_factory=dict)
    checking: dict[str, list[Entry]] = field(
        default_factory=lambda: {part: [] for part in CHECKING}
    )

    def place(self, entry: Entry) -> Place:
        """Return the place of an entry, to note faults at."""
        return Place(entry.file, entry.code, self.faults)


def assembled(raw: RawRules) -> Book:
    """Put the files of a rulebook together, as far as they are right.

    Parameters
    ----------
    raw
        The files.

    Returns
    -------
    Book
        With faults of keys, types, headings and doubled codes.
    """
    book = Book(raw, list(raw.faults))
    for folder, file in raw.of("rulebook.toml"):
        _head(book, folder, file)
    _needed(book)
    _head_whole(book)
    for folder, file in raw.of("criteria"):
        _entries(book, folder, file, "criteria", book.criteria)
    for folder, file in raw.of("obstacles.toml"):
        _entries(book, folder, file, "obstacles", book.obstacles)
    for folder, file in raw.of("measures.toml"):
        book.measures.clear()
        _measures(book, folder, file)
    for folder, file in raw.of("fields.toml"):
        _fields(book, folder, file)
    for folder, file in raw.of("checks.toml"):
        _checking(book, folder, file)
    for kind in shapes.SETTINGS:
        _settings(book, kind)
    for folder, file in raw.of(PACKAGES):
        keys, place = shapes.SHAPES[PACKAGES].keys, Place(file, "", book.faults)
        content = checked(raw.files[file], keys, place)
        book.settings.setdefault(PACKAGES, []).append(Entry(folder, file, "", content))
    for name, entries in (("criterion", book.criteria), ("obstacle", book.obstacles)):
        _doubled(book, name, entries)
    _tables(book)
    return book


def _settings(book: Book, kind: str) -> None:
    """Take a file of settings over the chain: what a baseline says need not be said again."""
    said: set[str] = set()
    for folder, file in book.raw.of(f"{kind}.toml"):
        keys = [
            replace(key, required=key.required and key.name not in said)
            for key in shapes.SHAPES[kind].keys
        ]
        content = checked(book.raw.files[file], keys, Place(file, "", book.faults))
        book.settings.setdefault(kind, []).append(Entry(folder, file, "", content))
        said |= set(content)


def _needed(book: Book) -> None:
    """Note files that every rulebook needs, of its own or of the baseline."""
    noted = {fault.file for fault in book.faults}
    for file in NEEDED_TABLES:
        if file not in book.raw.tables and file not in noted:
            _missing(book, file)
    for name in ("measures.toml", "fields.toml", "checks.toml"):
        if not book.raw.of(name) and not any(file.endswith(f"/{name}") for file in noted):
            _missing(book, f"{book.raw.chain[0]}/{name}")


def _missing(book: Book, file: str) -> None:
    Place(file, "", book.faults).error(
        "missing-file", "", _("no such file"), _("the rules folder needs this file")
    )


def _head(book: Book, folder: str, file: str) -> None:
    content = checked(book.raw.files[file], shapes.RULEBOOK, Place(file, "", book.faults))
    for key, value in content.items():
        both = isinstance(value, dict) and isinstance(book.head.get(key), dict)
        book.head[key] = {**book.head[key], **value} if both else value
    for key, entries in (("documents", book.documents), ("sources", book.sources)):
        entries += [Entry(folder, file, name, e) for name, e in content.get(key, {}).items()]


def _head_whole(book: Book) -> None:
    """Check what the heads of the chain must say together."""
    own = f"{book.raw.name}/rulebook.toml"
    if own not in book.raw.files:
        return
    place = Place(own, "", book.faults)
    wanted = (*shapes.HEAD, "envelope") if len(book.raw.chain) > 1 else shapes.HEAD
    present = {
        key for _folder, file in book.raw.of("rulebook.toml") for key in book.raw.files[file]
    }
    for key in wanted:
        if key not in present:
            example = next(KINDS[k.kind][1] for k in shapes.RULEBOOK if k.name == key)
            hint = _("add the line: {example}").format(example=example.replace("name", key, 1))
            place.error("missing-key", key, _("{key} is missing").format(key=key), hint)
    codes = book.head.get("result_codes", {})
    for name in shapes.RESULTS:
        if codes and name not in codes:
            hint = nearest(name, codes)
            key = f"result_codes.{name}"
            place.error("missing-key", key, _("{key} is missing").format(key=key), hint)
    box = book.head.get("envelope")
    if box is not None and not (len(box) == 4 and box[0] < box[2] and box[1] < box[3]):  # noqa: PLR2004
        place.error(
            "wrong-type",
            "envelope",
            _("envelope is no rectangle: {value}").format(value=box),
            _("write west, south, east, north in degrees, such as [116.6, 38.58, 117.2, 39.1]"),
        )


def _entries(book: Book, folder: str, file: str, kind: str, into: list[Entry]) -> None:
    content = checked(book.raw.files[file], shapes.SHAPES[kind].keys, Place(file, "", book.faults))
    key = "criterion" if kind == "criteria" else "obstacle"
    for number, entry in enumerate(content.get(key, []), 1):
        into.append(Entry(folder, file, code_of(entry, number), entry, content.get("type", "")))


def _measures(book: Book, folder: str, file: str) -> None:
    place, shape = Place(file, "", book.faults), measure_keys.MEASURES_FILE
    content = checked(book.raw.files[file], shape.keys, place)
    for name in measure_keys.CONSTANTS:
        if "constants" in content and name not in content["constants"]:
            key = f"constants.{name}"
            hint = nearest(name, content["constants"])
            place.error("missing-key", key, _("{key} is missing").format(key=key), hint)
    survey = {"survey": content.get("survey", {}), "constants": content.get("constants", {})}
    book.settings["measures"] = [Entry(folder, file, "", survey)]
    for part in ("identify", "measure", "after"):
        for number, entry in enumerate(content.get(part, []), 1):
            book.measures.append(_measure(book, folder, file, entry, f"{part} #{number}"))


def _checking(book: Book, folder: str, file: str) -> None:
    place = Place(file, "", book.faults)
    content = checked(book.raw.files[file], check_keys.CHECKS_FILE.keys, place)
    for code, severity in content.get("severity", {}).items():
        book.checking["severity"].append(Entry(folder, file, code, {"value": severity}))
    for name, tolerance in content.get("tolerances", {}).items():
        book.checking["tolerances"].append(Entry(folder, file, name, tolerance))
    for part in ("derive", "not_a_base", "total", "check"):
        for number, entry in enumerate(content.get(part, []), 1):
            code = code_of(entry, number) if part == "check" else f"{part} #{number}"
            book.checking[part].append(Entry(folder, file, code, entry))


def _measure(book: Book, folder: str, file: str, entry: Mapping[str, Any], code: str) -> Entry:
    kind = entry.get("kind")
    place = Place(file, f"{code} {kind}" if isinstance(kind, str) else code, book.faults)
    if isinstance(kind, str) and kind not in measure_keys.MEASURES:
        place.unknown(
            "unknown-kind", "kind", _("unknown kind of measure {name}"), kind, measure_keys.MEASURES
        )
        return Entry(folder, file, place.code, {"kind": kind})
    keys = measure_keys.MEASURES.get(kind, ()) if isinstance(kind, str) else ()
    free = entry if keys else {"kind": kind}
    return Entry(
        folder,
        file,
        place.code,
        checked(free, (measure_keys.KIND, measure_keys.ON_DEMAND, *keys), place),
    )


def _fields(book: Book, folder: str, file: str) -> None:
    shape, content = shapes.SHAPES["fields"], book.raw.files[file]
    place = Place(file, "", book.faults)
    head = {key.name for key in shape.keys}
    checked({k: v for k, v in content.items() if k in head}, shape.keys, place)
    for source, columns in content.items():
        if source in head:
            continue
        own = place.at(source)
        if not isinstance(columns, dict):
            own.error(
                "wrong-type",
                "",
                _("{key} = {value}: of the wrong type").format(key=source, value=columns),
                _("write it as: {example}").format(example=f"[{source}]"),
            )
            continue
        for column, spec in columns.items():
            key = Key(column, "table", parts=shapes.FIELD)
            clean = checked({column: spec}, (key,), own).get(column, {})
            book.fields.append(Entry(folder, file, source, {"column": column, **clean}))


def _doubled(book: Book, name: str, entries: list[Entry]) -> None:
    first: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        other = first.setdefault((entry.folder, entry.code), entry)
        if other is not entry:
            book.place(entry).error(
                "doubled-code",
                "code",
                _("{code} stands twice in this rulebook, also in {file}").format(
                    code=entry.code, file=other.file
                ),
                _("give each {name} a code of its own").format(name=name),
            )


def _tables(book: Book) -> None:
    raw, place = book.raw, Place("", "", book.faults)
    for folder, file in raw.of("thresholds.csv"):
        rows = _sheet(raw.tables[file], sheets.THRESHOLDS, replace(place, file=file), rows=False)
        book.thresholds += [Entry(folder, file, row["name"], row) for row in rows]
    for file, table in raw.tables.items():
        own, stem = replace(place, file=file), file.rpartition("/")[2].removesuffix(".csv")
        if file == "columns.csv":
            rows = _sheet(table, sheets.COLUMNS, own)
            book.columns = {row["name"]: Entry("", file, row["name"], row) for row in rows}
        elif file == "checks.csv":
            rows = _sheet(table, sheets.CHECKS, own)
            book.checks = {row["code"]: Entry("", file, row["code"], row) for row in rows}
        elif file == "package_checks.csv":
            _sheet(table, sheets.CHECKS, own)
        elif file.startswith("codes/"):
            sheet = sheets.CODES.get(stem)
            key = sheet.code[-1] if sheet else next(iter(table.header), "")
            rows = _sheet(table, sheet, own)
            book.codes[stem] = [Entry("", file, row.get(key, ""), row) for row in rows]


def _sheet(
    table: RawTable, sheet: sheets.Sheet | None, place: Place, *, rows: bool = True
) -> tuple[Mapping[str, str], ...]:
    return table.rows if sheets.checked_sheet(table, sheet, place, rows=rows) else ()
