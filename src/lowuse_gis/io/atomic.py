"""Outputs that are whole or not there: written beside, then renamed."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from lowuse_gis.errors import OutputError, OutputExistsError
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST = 200  # signs of a reason


def refuse_existing(paths: Sequence[Path], *, overwrite: bool) -> None:
    """Refuse before any work what could not be written in the end.

    Parameters
    ----------
    paths
        Final names.
    overwrite
        Whether what stands there may be replaced.

    Raises
    ------
    OutputExistsError
        Where something stands there already.
    OutputError
        Where the folder is missing or cannot be written to.
    """
    for path in paths:
        if path.exists() and not overwrite:
            raise OutputExistsError(
                _("{path} exists already").format(path=path),
                _("add --overwrite to replace it, or choose another name with -o"),
            )
        folder = path.parent
        if not folder.is_dir():
            raise OutputError(
                _("{folder}: no such folder").format(folder=folder),
                _("make it first: mkdir {folder}").format(folder=folder),
            )
        try:
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            raise OutputError(
                _("{folder}: cannot be written to").format(folder=folder),
                _("choose another folder with -o, or ask for write permission"),
            ) from error


@contextmanager
def all_or_nothing(finals: Sequence[Path]) -> Iterator[list[Path]]:
    """Give temporary names beside the final ones and rename when all are written.

    Parameters
    ----------
    finals
        Files or folders, of one parent folder each.

    Yields
    ------
    list of Path
        Where to write. Left over temporaries of an interrupted run never bear a final name.

    Raises
    ------
    OutputError
        Where writing or renaming fails, as on a full disk or a file open elsewhere.
    """
    parts = [final.with_name(f".{final.stem}.{os.getpid()}.part{final.suffix}") for final in finals]
    try:
        yield parts
        for part, final in zip(parts, finals, strict=True):
            _replace(part, final)
    except OSError as error:
        raise _cannot(finals[0], error) from error
    finally:
        for part in parts:
            _remove(part)


@contextmanager
def passing(final: Path, name: str) -> Iterator[Path]:
    """Give a temporary name beside a final one; what stands there in the end goes.

    Parameters
    ----------
    final
        What is being made.
    name
        What the temporary is, with its suffix.

    Yields
    ------
    Path
    """
    part = final.with_name(f".{final.stem}.{os.getpid()}.{name}")
    try:
        yield part
    finally:
        _remove(part)


def settle(part: Path) -> None:
    """Wait until what was written stands on the disk; SQLite leaves it to us.

    Parameters
    ----------
    part
        A file, or a folder with GeoPackages.

    Raises
    ------
    OSError
        Where the disk fails.
    """
    for written in [part] if part.is_file() else part.rglob("*.gpkg"):
        with written.open("rb+") as file:
            os.fsync(file.fileno())


def _replace(part: Path, final: Path) -> None:
    settle(part)
    if final.is_dir():
        aside = final.with_name(f".{final.name}.{os.getpid()}.old")
        final.rename(aside)
        part.rename(final)
        shutil.rmtree(aside)
    else:
        part.replace(final)


def _remove(path: Path) -> None:
    with suppress(OSError):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    for suffix in ("-journal", "-wal", "-shm"):
        with suppress(OSError):
            Path(f"{path}{suffix}").unlink(missing_ok=True)


def _cannot(path: Path, error: OSError) -> OutputError:
    reason = error.strerror or str(error)
    if len(reason) > LONGEST:  # GDAL repeats the statement that failed
        reason = reason.rpartition(": ")[2][-LONGEST:]
    return OutputError(
        _("{path}: cannot be written: {reason}").format(path=path, reason=reason),
        _("free some space, or close the file where it is open (QGIS, Excel), and run again"),
    )
