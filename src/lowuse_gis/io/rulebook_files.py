"""Read the files of a rulebook as they stand, noting every one that cannot be read."""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import os
import pickle
import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lowuse_gis.core.lint.faults import Place
from lowuse_gis.core.lint.raw import FOLDERS, RawRules, RawTable
from lowuse_gis.errors import RuleError
from lowuse_gis.io.find_rules import find_rules
from lowuse_gis.io.shared_rules import CASES, CODES, code_tables, shared_file
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lowuse_gis.core.lint.faults import Fault

LARGEST = 5_000_000
MISSPELT = 0.75  # as like as that a name must be to be taken for a misspelt one
RULEBOOK = "rulebook.toml"
KNOWN_FILES = (
    RULEBOOK,
    "checks.toml",
    "fields.toml",
    "indicators.toml",
    "legacy.toml",
    "map.toml",
    "measures.toml",
    "obstacles.toml",
    "pathways.toml",
    "plan.toml",
    "thresholds.csv",
    "units.toml",
)
PLAIN_NAME = re.compile(r"[^\W_][\w.-]{0,99}")


class _UnreadableError(Exception):
    """A file that cannot be read: kind, message and hint."""


def read_files(name: str) -> RawRules:
    """Read the files of a rulebook, of those it extends, and the tables beside them.

    Parameters
    ----------
    name
        Name or folder, as `find_rules` takes it.

    Returns
    -------
    RawRules
        With a fault for every file that cannot be read; the rest is there.

    Raises
    ------
    RuleError
        Where there is no such rulebook at all.
    """
    return _Reading(find_rules(name)).whole()


class _Reading:
    """The files read so far, and the faults met."""

    def __init__(self, folder: Path) -> None:
        whole = Path(os.path.abspath(folder))  # noqa: PTH100  a link stays beside its tables
        self.folder, self.label, self.shared = folder, whole.name, whole.parent
        self.faults: list[Fault] = []
        self.files: dict[str, dict[str, Any]] = {}
        self.tables: dict[str, RawTable] = {}
        self.paths: dict[str, str] = {}
        self.bytes: dict[str, bytes] = {}

    def whole(self) -> RawRules:
        chain = self._chain()
        for folder, label in chain:
            self._folder(folder, label)
        folders = [folder for folder, _label in chain]
        for name in ("columns.csv", "checks.csv", "package_checks.csv"):
            if (path := shared_file(folders, name)).exists():
                self._table(path, name)
        for path in code_tables(folders, shared_file(folders, CODES)).values():
            self._table(path, f"{CODES}/{path.name}")
        return RawRules(
            chain=tuple(label for _folder, label in chain),
            files=self.files,
            tables=self.tables,
            faults=tuple(self.faults),
            paths=self.paths,
            sha256=self._hash(chain),
        )

    def _chain(self) -> list[tuple[Path, str]]:
        """Return the folders, the baseline first, as far as they are found."""
        chain = [(self.folder, self.label)]
        while True:
            folder, label = chain[0]
            self._toml(folder / RULEBOOK, f"{label}/{RULEBOOK}")
            base = self.files.get(f"{label}/{RULEBOOK}", {}).get("extends")
            if not isinstance(base, str) or not base:
                return chain
            found = self._base(base, label, chain)
            if found is None:
                return chain
            name = found.name
            known = {label for _folder, label in chain}
            chain.insert(0, (found, name if name not in known else str(found)))

    def _base(self, base: str, label: str, chain: list[tuple[Path, str]]) -> Path | None:
        place = Place(f"{label}/{RULEBOOK}", "", self.faults)
        if not PLAIN_NAME.fullmatch(base) or ".." in base:
            place.error(
                "extends",
                "extends",
                _("extends = {base}: not the name of a rulebook").format(base=base),
                _("name a folder beside this one, without / and .."),
            )
            return None
        beside = self.shared / base
        try:
            found = beside if (beside / RULEBOOK).is_file() else find_rules(base)
        except RuleError:
            near = sorted(p.parent.name for p in self.shared.glob(f"*/{RULEBOOK}"))
            place.unknown("extends", "extends", _("no rulebook {name}"), base, near)
            return None
        if found.resolve() in {folder.resolve() for folder, _label in chain}:
            way = " → ".join([*(label for _folder, label in reversed(chain)), base])
            place.error(
                "extends",
                "extends",
                _("the rulebook extends itself: {way}").format(way=way),
                _("change 'extends' in rulebook.toml"),
            )
            return None
        return found

    def _folder(self, folder: Path, label: str) -> None:
        for name in KNOWN_FILES[1:]:
            path, file = folder / name, f"{label}/{name}"
            if path.exists() or path.is_symlink():
                (self._table if name.endswith(".csv") else self._toml)(path, file)
        for part in FOLDERS:
            for path in sorted((folder / part).glob("*.toml")):
                self._toml(path, f"{label}/{part}/{path.name}")
        for path in sorted([*folder.glob("*.toml"), *folder.glob("*.csv")]):
            if path.name not in {*KNOWN_FILES, CASES}:
                self._misnamed(path.name, f"{label}/{path.name}")

    def _misnamed(self, name: str, file: str) -> None:
        near = difflib.get_close_matches(name, KNOWN_FILES, n=1, cutoff=MISSPELT)
        if near:
            hint = _("nearest known names: {names}").format(names=near[0])
            message = _("nobody reads this file")
            Place(file, "", self.faults).warning("unread-file", "", message, hint)

    def _toml(self, path: Path, file: str) -> None:
        if file in self.paths:
            return
        try:
            self.files[file] = pickle.loads(_parsed(self._text(path, file)))  # noqa: S301  our own
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            Place(file, "", self.faults).error(
                "syntax",
                "",
                _("not valid TOML: {reason}").format(reason=error),
                _("correct that line; text must be UTF-8 and in straight quotes"),
            )
        except _UnreadableError as error:
            Place(file, "", self.faults).error(*error.args)

    def _table(self, path: Path, file: str) -> None:
        try:
            self.tables[file] = _rows(self._text(path, file))
        except csv.Error as error:
            Place(file, "", self.faults).error(
                "syntax",
                "",
                _("not a valid table: {reason}").format(reason=error),
                _("every row needs as many cells as the heading; text with commas in quotes"),
            )
        except _UnreadableError as error:
            Place(file, "", self.faults).error(*error.args)

    def _text(self, path: Path, file: str) -> str:
        self.paths[file] = str(path)
        if not path.is_file():
            raise _UnreadableError(
                "missing-file", "", _("no such file"), _("the rules folder needs this file")
            )
        try:
            with path.open("rb") as stream:
                data = stream.read(LARGEST + 1)
        except OSError as error:
            raise _UnreadableError(
                "missing-file",
                "",
                _("cannot be read: {reason}").format(reason=error.strerror),
                _("check the permissions of the file"),
            ) from error
        if len(data) > LARGEST:
            raise _UnreadableError(
                "too-large",
                "",
                _("larger than {size} MB: no file of rules").format(size=LARGEST // 1_000_000),
                _("keep data out of the rules folder"),
            )
        self.bytes[file] = data
        try:
            return data.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            raise _UnreadableError(
                "encoding",
                "",
                _("not UTF-8, first in line {line}").format(line=line),
                _("save the file as UTF-8 (in Excel: CSV UTF-8)"),
            ) from error

    def _hash(self, chain: list[tuple[Path, str]]) -> str:
        """Hash the files in the order they are merged in, whatever their line ends."""
        digest = hashlib.sha256()
        for file in self._in_order(chain):
            digest.update(file.rpartition("/")[2].encode() + b"\0")
            digest.update(self.bytes[file].replace(b"\r\n", b"\n") + b"\0")
        return digest.hexdigest()

    def _in_order(self, chain: list[tuple[Path, str]]) -> Iterator[str]:
        for start in (*(f"{label}/" for _folder, label in chain), "codes/"):
            yield from sorted(file for file in self.bytes if file.startswith(start))
        yield from sorted(file for file in self.bytes if "/" not in file)


@lru_cache(maxsize=256)
def _parsed(text: str) -> bytes:
    """Parse TOML; pickled, for every reader gets tables of its own."""
    return pickle.dumps(tomllib.loads(text))


def _rows(text: str) -> RawTable:
    """Read a CSV text; every row must be as long as the header."""
    if "\0" in text:
        raise csv.Error(_("it has a zero byte"))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = tuple(next(reader, ()))
    rows = []
    for cells in reader:
        if not cells:
            continue
        if len(cells) != len(header):
            raise csv.Error(
                _("line {line} has {cells} cells, the heading {headings}").format(
                    line=reader.line_num, cells=len(cells), headings=len(header)
                )
            )
        rows.append(dict(zip(header, cells, strict=True)))
    return RawTable(header, tuple(rows))
