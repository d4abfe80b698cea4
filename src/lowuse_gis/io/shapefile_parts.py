"""Put the parts of a shapefile together, whichever of them came."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import numpy as np
import pyogrio
from pyproj import CRS
from pyproj.exceptions import CRSError

from lowuse_gis.io.formats import PARTS
from lowuse_gis.language import _
from lowuse_gis.model import Notice

HEADER, LINE = 100, 8  # bytes of the header of .shp and .shx, and of a line of the .shx
DBF_HEADER, DBF_FIELD = 32, 32
LONGEST = 100_000  # characters of a .prj
MAGIC = (9994).to_bytes(4, "big")


def beside(shp: Path) -> dict[str, Path]:
    """Return the parts of a shapefile, whatever the case of their names.

    Parameters
    ----------
    shp
        Any part.

    Returns
    -------
    dict
        Suffix in lower case to path.
    """
    stem, suffixes = shp.stem.casefold(), {".shp", *PARTS[".shp"]}
    files = sorted(path for path in shp.parent.iterdir() if path.stem.casefold() == stem)
    parts = {path.suffix.lower(): path for path in reversed(files)}
    return {suffix: path for suffix, path in parts.items() if suffix in suffixes}


def completed(shp: Path, shown: str, into: Path) -> tuple[Path, list[Notice]]:
    """Make a shapefile readable, without touching the user's files.

    Parameters
    ----------
    shp
        The ``.shp``.
    shown
        Its name for the user.
    into
        A folder of our own, where a missing or broken index is rebuilt.

    Returns
    -------
    Path
        What to open.
    list of Notice
        Parts that are missing or cut off.
    """
    parts = beside(shp) | {".shp": shp}
    size = shp.stat().st_size
    shapes = _shapes(parts[".shx"], size) if ".shx" in parts else -1
    records = dbf_records(parts[".dbf"]) if ".dbf" in parts else shapes
    notes = _lacking(parts, size, shapes)
    odd = _odd(parts)
    if ".prj" in parts and not _understood(parts[".prj"]):
        parts.pop(".prj")
        notes.append(("1202", _("the coordinate system (.prj) is broken and not used")))
        odd = True
    if ".shx" in parts and (shapes < 0 or shapes < records):
        parts.pop(".shx")
    if ".shx" not in parts or odd:
        shp = staged(parts, into)
        shapes = _indexed(shp) if ".shx" not in parts else shapes
    if -1 not in {shapes, records} and shapes != records:
        note = _("{shapes} shapes, but {records} records of attributes")
        notes.append(("1201", note.format(shapes=shapes, records=records)))
    return shp, [Notice(code, shown, note=note) for code, note in notes]


def _lacking(parts: dict[str, Path], size: int, shapes: int) -> list[tuple[str, str]]:
    """Tell which parts are missing, broken or cut off."""
    notes = []
    missing = [part for part in (".shx", ".dbf") if part not in parts]
    if missing:
        note = _("missing: {parts}; the rest is read").format(parts=" ".join(missing))
        notes.append(("1202", note))
    elif shapes < 0:
        notes.append(("1202", _("the index (.shx) is broken; it is rebuilt")))
    with parts[".shp"].open("rb") as file:
        said = int.from_bytes(file.read(HEADER)[24:28], "big") * 2
    if said > size:
        note = _("cut off: {size} of {said} bytes are there").format(size=size, said=said)
        notes.append(("1201", note))
    return notes


def staged(parts: dict[str, Path], into: Path) -> Path:
    """Stand the parts of a shapefile under one name in a folder of our own.

    Parameters
    ----------
    parts
        Suffix to path.
    into
        The folder.

    Returns
    -------
    Path
        Of the ``.shp``.
    """
    folder = Path(tempfile.mkdtemp(prefix="parts", dir=into))
    stem = parts[".shp"].stem
    for suffix, path in parts.items():
        here = folder / f"{stem}{suffix}"
        try:
            here.symlink_to(path.resolve())
        except OSError:  # Windows without the right to make links
            shutil.copyfile(path, here)
    return folder / f"{stem}.shp"


def dbf_records(dbf: Path) -> int:
    """Return how many records a DBF file holds by its header and its size.

    Parameters
    ----------
    dbf
        The file.

    Returns
    -------
    int
        -1 where the header is broken.
    """
    size = dbf.stat().st_size
    with dbf.open("rb") as file:
        head = file.read(DBF_HEADER)
    count, start, length = (
        int.from_bytes(head[a:b], "little") for a, b in ((4, 8), (8, 10), (10, 12))
    )
    if len(head) < DBF_HEADER or not length or start > size:
        return -1
    return count


def dbf_widths(shp: Path) -> list[int]:
    """Return the width in bytes of each field of a DBF file.

    Parameters
    ----------
    shp
        The ``.shp``, or the ``.dbf`` itself.

    Returns
    -------
    list of int
        Empty where there is no such file, or its header is broken.
    """
    for dbf in (shp.with_suffix(".dbf"), shp.with_suffix(".DBF")):
        if dbf.is_file():
            with dbf.open("rb") as file:
                start = int.from_bytes(file.read(DBF_HEADER)[8:10], "little")
                data = file.read(max(start - DBF_HEADER, 0)).split(b"\r", 1)
            whole = np.frombuffer(data[0], np.uint8) if data else np.zeros(0, np.uint8)
            lines = whole[: len(whole) // DBF_FIELD * DBF_FIELD].reshape(-1, DBF_FIELD)
            return [int(width) for width in lines[:, 16]]
    return []


def _shapes(shx: Path, size: int) -> int:
    """Return how many shapes an index leads to, -1 where it is broken."""
    data = np.fromfile(shx, np.uint8)
    whole = len(data) >= HEADER and bytes(data[:4]) == MAGIC
    said = int.from_bytes(bytes(data[24:28]), "big") * 2 if whole else -1
    if said != len(data) or (said - HEADER) % LINE:
        return -1
    starts = data[HEADER:].view(">i4")[::2].astype(np.int64) * 2
    return len(starts) if not len(starts) or (starts.min() >= 0 and starts.min() < size) else -1


def _odd(parts: dict[str, Path]) -> bool:
    """Say whether GDAL would not find the parts by their names."""
    stems = {path.stem for path in parts.values()}
    cases = all(path.suffix in {s, s.upper()} for s, path in parts.items())
    return len(stems) > 1 or not cases


def _understood(prj: Path) -> bool:
    """Say whether a .prj holds a coordinate system."""
    try:
        CRS.from_user_input(prj.read_text(encoding="utf-8", errors="replace")[:LONGEST])
    except CRSError:
        return False
    return True


def _indexed(shp: Path) -> int:
    """Have the index rebuilt beside a staged shapefile; return the count of shapes."""
    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": True})
    try:
        pyogrio.read_info(shp)
    except (pyogrio.errors.DataSourceError, UnicodeDecodeError, ValueError):
        return -1
    finally:
        pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": None})
    shx = shp.with_suffix(".shx")
    return _shapes(shx, shp.stat().st_size) if shx.exists() else -1
