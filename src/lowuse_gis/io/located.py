"""Find the one layer that a path stands for."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pyogrio

from lowuse_gis.errors import InputError
from lowuse_gis.io import formats
from lowuse_gis.io.delivery import find
from lowuse_gis.io.fields import lacks, match_fields
from lowuse_gis.io.gdal import UNREADABLE, quiet
from lowuse_gis.io.opened import field_names, unreadable
from lowuse_gis.language import _
from lowuse_gis.model import Found

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lowuse_gis.model import Rulebook

PARQUET = {".parquet", ".geoparquet"}


@contextmanager
def located(path: Path, layer: str, source: str, rulebook: Rulebook) -> Iterator[tuple[Found, str]]:
    """Find the layer that a path and the name of a layer stand for.

    Parameters
    ----------
    path
        A file, or a folder or archive that holds exactly one layer that fits.
    layer
        Its name where there are several; empty for the only one.
    source, rulebook
        What it is to be, and the fields that takes.

    Yields
    ------
    Found
        Readable while the context lasts.
    str
        The name of its layer, empty where the format has none.

    Raises
    ------
    InputError
        Where nothing can be read, or several fit.
    """
    if _plain(path):
        yield _only(path, layer)
        return
    with tempfile.TemporaryDirectory(prefix="lowuse") as folder:
        contents = find(path, Path(folder))
        layers = [item for item in contents.found if item.kind == "layer"]
        if not layers:
            notes = [notice.note for notice in contents.notices if notice.note]
            raise unreadable(path, ValueError(notes[0] if notes else _("there is nothing in it")))
        named = [f for f in layers if layer and layer in {f.layer, f.path.stem, f.shown}]
        fitting = named or [item for item in layers if _fits(item, source, rulebook)] or layers
        if len(fitting) > 1:
            raise _which(path, [item.layer or item.path.stem for item in fitting])
        yield fitting[0], fitting[0].layer


def _plain(path: Path) -> bool:
    """Say whether GDAL or pyarrow can open a path itself."""
    if path.is_dir():
        return path.suffix.lower() == formats.GDB
    return path.suffix.lower() not in {*formats.ARCHIVES, ".txt"} and formats.packed(path) != "zip"


def _only(path: Path, layer: str) -> tuple[Found, str]:
    """Choose the layer in a file."""
    kind = path.suffix.lower()
    if kind in PARQUET:
        return Found(path, str(path), "", "layer", formats.PARQUET), ""
    driver = formats.LAYERS.get(kind, "")
    try:
        if driver and path.is_file() and not formats.looks_like(path, kind):
            raise ValueError(_("the file is not what its suffix says"))
        with quiet():
            layers = pyogrio.list_layers(path)
    except UNREADABLE as error:
        raise unreadable(path, error) from error
    names = [str(name) for name in layers[:, 0]]
    shaped = [str(name) for name, kind in layers if kind is not None]
    if layer in names:
        name = layer
    elif len(shaped) == 1 or (len(names) == 1 and not shaped):
        name = (shaped or names)[0]
    else:
        raise _which(path, shaped or names or ["?"])
    return Found(path, str(path), name, "layer", driver), name


def _fits(found: Found, source: str, rulebook: Rulebook) -> bool:
    """Say whether a layer has the fields that its source cannot do without."""
    try:
        matched = match_fields(field_names(found), rulebook, source, {})
    except InputError:
        return False
    return not any(
        lacks(matched, column, spec) for column, spec in rulebook.fields.get(source, {}).items()
    )


def _which(path: Path, names: Sequence[str]) -> InputError:
    return InputError(
        _("{path}: which layer? There are {count}").format(path=path, count=len(names)),
        _("name one after the file, such as {path}:{layer}; layers: {names}").format(
            path=path.name, layer=names[0], names=", ".join(names)
        ),
    )
