"""Unpack what somebody packed: bounded in size, time and depth, and never outside one folder."""

from __future__ import annotations

import bz2
import shutil
import zlib
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO

from lowuse_gis.io.zip_entries import LOCAL, LOCAL_SIZE, BrokenZipError, Entry, entries
from lowuse_gis.language import _
from lowuse_gis.model import Notice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

STORED, DEFLATED, BZIPPED = 0, 8, 12
BLOCK = 1 << 18
RESERVED = {"con", "prn", "aux", "nul", *(f"{n}{i}" for n in ("com", "lpt") for i in range(1, 10))}
LONGEST_NAME, LONGEST_PATH = 200, 2000
LISTED = 5  # names that a notice tells


@dataclass
class Limits:
    """What all archives of one delivery may take up together.

    Attributes
    ----------
    depth
        Archives within archives.
    looked, files
        Entries looked at, and unpacked.
    size
        Bytes when unpacked.
    ratio
        Size when unpacked over size packed; counts from ``easy`` bytes on.
    easy
        Bytes below which the ratio does not matter.
    """

    depth: int = 4
    looked: int = 200_000
    files: int = 20_000
    size: int = 16 << 30
    ratio: float = 300.0
    easy: int = 64 << 20


@dataclass
class Unpacked:
    """Files that came out of an archive, and what was noticed."""

    files: list[tuple[Path, str]] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


class RefusedError(Exception):
    """An entry that is not unpacked; the text says why."""


def unpack(
    archive: Path, into: Path, shown: str, limits: Limits, wanted: Callable[[str], bool]
) -> Unpacked:
    """Unpack the files of a zip archive that are wanted.

    Parameters
    ----------
    archive
        The archive.
    into
        An empty folder of our own.
    shown
        The archive's name as the user knows it.
    limits
        What is left; taken from as files are unpacked.
    wanted
        Says by its name whether a file is of use.

    Returns
    -------
    Unpacked
        Files with the names to show, names passed over, and one notice per kind of refusal.
    """
    result, refused = Unpacked(), dict[str, list[str]]()
    limits.size = min(limits.size, shutil.disk_usage(into).free // 2)
    try:
        with archive.open("rb") as file:
            listed, whole = entries(file, limits.looked)
            limits.looked -= len(listed)
            if not whole:
                refused[_("the list of contents is broken or too long")] = []
            overlapping = _overlapping(listed)
            taken: set[str] = set()
            for entry in listed:
                if entry.folder:
                    continue
                try:
                    inner = _inner(entry, taken, overlapping)
                    if not wanted(inner):
                        result.passed.append(f"{shown}/{inner}")
                        continue
                    target = into / inner
                    _extract(file, entry, target, limits)
                    result.files.append((target, f"{shown}/{inner}"))
                except RefusedError as error:
                    refused.setdefault(str(error), []).append(entry.name)
    except BrokenZipError:
        note = _("the archive is cut off or broken: it has no list of contents")
        result.notices.append(Notice("1201", shown, note=note))
    except OSError as error:
        result.notices.append(Notice("1201", shown, note=error.strerror or str(error)))
    result.notices += [Notice("1101", shown, note=_told(why, refused[why])) for why in refused]
    return result


def printable(name: str) -> str:
    r"""Return a name without signs that would upset a terminal.

    Parameters
    ----------
    name
        As found in an archive.

    Returns
    -------
    str
        At most 80 signs.

    Examples
    --------
    >>> printable("a\x1b[31mb")
    'a?[31mb'
    """
    clean = "".join(sign if sign.isprintable() else "?" for sign in name)
    return clean if len(clean) <= 80 else clean[:79] + "…"  # noqa: PLR2004


def _told(why: str, names: list[str]) -> str:
    if not names:
        return why
    some = ", ".join(printable(name) or "?" for name in names[:LISTED])
    more = len(names) - LISTED
    return f"{why}: {some}" + (_(" and {count} more").format(count=more) if more > 0 else "")


def _overlapping(listed: list[Entry]) -> set[Entry]:
    """Return entries whose bytes reach into those of the next: a bomb's trick."""
    order = sorted((entry for entry in listed if not entry.folder), key=lambda e: e.offset)
    return {
        entry
        for entry, after in pairwise(order)
        if entry.offset + LOCAL_SIZE + entry.packed > after.offset
    }


def _inner(entry: Entry, taken: set[str], overlapping: set[Entry]) -> str:
    """Return the safe path of an entry inside the archive."""
    parts = [part for part in entry.name.split("/") if part not in {"", "."}]
    if entry.name.startswith("/") or ".." in parts or ":" in entry.name:
        raise RefusedError(_("leads outside the archive"))
    odd = any(
        not part.isprintable()
        or len(part.encode("utf-8", "replace")) > LONGEST_NAME
        or part.split(".")[0].strip().lower() in RESERVED
        or part != part.rstrip(". ")
        or set(part) & set('<>"|?*')
        for part in parts
    )
    if odd or not parts or len(entry.name) > LONGEST_PATH:
        raise RefusedError(_("has a name that no file can bear"))
    if entry.link:
        raise RefusedError(_("is a link or a device, not a file"))
    if entry.encrypted:
        raise RefusedError(_("is protected by a password"))
    if entry.method not in {STORED, DEFLATED, BZIPPED}:
        raise RefusedError(_("is packed in an unusual way"))
    if entry in overlapping:
        raise RefusedError(_("shares its bytes with another entry"))
    inner = "/".join(parts)
    if inner.casefold() in taken:
        raise RefusedError(_("stands in the archive twice; the first is taken"))
    taken.add(inner.casefold())
    return inner


def _extract(file: BinaryIO, entry: Entry, target: Path, limits: Limits) -> None:
    """Write an entry to its place, or nothing."""
    if limits.files < 1:
        raise RefusedError(_("is one file too many"))
    if entry.size > max(limits.easy, limits.ratio * entry.packed):
        raise RefusedError(_("would grow beyond reason when unpacked"))
    if entry.size > limits.size:
        raise RefusedError(_("is too large"))
    limits.files -= 1
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        out = target.open("xb")
    except (OSError, ValueError) as error:
        raise RefusedError(_("cannot be written to the temporary folder")) from error
    whole = False
    try:
        with out:
            whole = _copied(file, entry, out)
    except OSError as error:
        raise RefusedError(_("cannot be written to the temporary folder")) from error
    finally:
        if not whole:
            target.unlink()
    if not whole:
        raise RefusedError(_("is damaged: size or checksum do not fit"))
    limits.size -= entry.size


def _copied(file: BinaryIO, entry: Entry, out: BinaryIO) -> bool:
    """Copy the bytes of an entry; say whether they are what the list claims."""
    crc = written = 0
    for block in blocks(file, entry):
        written += len(block)
        if written > entry.size:
            return False
        crc = zlib.crc32(block, crc)
        out.write(block)
    return written == entry.size and crc == entry.crc


def blocks(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """Yield the unpacked bytes of an entry, each block of bounded size.

    Parameters
    ----------
    file
        The archive.
    entry
        Which; what it claims of its size is not looked at.

    Yields
    ------
    bytes

    Raises
    ------
    RefusedError
        Where it is damaged.
    """
    file.seek(entry.offset)
    header = file.read(LOCAL_SIZE)
    if len(header) < LOCAL_SIZE or header[:4] != LOCAL:
        raise RefusedError(_("is damaged: its header is not where it should be"))
    name, extra = (int.from_bytes(header[at : at + 2], "little") for at in (26, 28))
    file.seek(entry.offset + LOCAL_SIZE + name + extra)
    packed = _packed(file, entry.packed)
    if entry.method == STORED:
        yield from packed
        return
    try:
        yield from (_inflated if entry.method == DEFLATED else _bunzipped)(packed)
    except (zlib.error, OSError, EOFError) as error:
        raise RefusedError(_("is damaged: size or checksum do not fit")) from error


def _packed(file: BinaryIO, left: int) -> Iterator[bytes]:
    while left > 0 and (block := file.read(min(left, BLOCK))):
        left -= len(block)
        yield block


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    machine = zlib.decompressobj(-zlib.MAX_WBITS)
    for block in packed:
        rest = block
        while rest and not machine.eof:
            yield machine.decompress(rest, BLOCK)
            rest = machine.unconsumed_tail
    yield machine.flush(BLOCK)


def _bunzipped(packed: Iterator[bytes]) -> Iterator[bytes]:
    machine = bz2.BZ2Decompressor()
    for block in packed:
        if machine.eof:
            return
        yield machine.decompress(block, BLOCK)
        while not machine.needs_input and not machine.eof:
            yield machine.decompress(b"", BLOCK)
