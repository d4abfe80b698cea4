"""Put a page together: one HTML file that asks nothing of any server."""

from __future__ import annotations

import base64
import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import numpy as np

from lowuse_gis.errors import InputError
from lowuse_gis.language import _, language

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

LIBRARY = "maplibre"  # the package that carries the script and style of MapLibre GL
SCRIPT, STYLE = "srcjs/maplibre-gl.js", "srcjs/maplibre-gl.css"
SOURCE_MAP = "//# sourceMappingURL"  # a browser would ask for it
LEVEL = 6
ALIGNED = 8  # bytes: arrays of a page begin at multiples of it


def packed(data: bytes) -> str:
    """Write bytes as text that a page holds: gzipped, in base 64.

    Parameters
    ----------
    data
        Any bytes.

    Returns
    -------
    str
        The same text for the same bytes.

    Examples
    --------
    >>> gzip.decompress(base64.b64decode(packed(b"abc")))
    b'abc'
    """
    return base64.b64encode(gzip.compress(data, LEVEL, mtime=0)).decode("ascii")


def packed_json(value: Any) -> str:
    """Write a value as packed JSON, so that no text of the data is ever part of the page's markup.

    Parameters
    ----------
    value
        What JSON can say.

    Returns
    -------
    str
    """
    return packed(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def packed_arrays(arrays: Mapping[str, NDArray[Any]]) -> tuple[str, list[dict[str, Any]]]:
    """Pack arrays behind each other.

    Parameters
    ----------
    arrays
        By name.

    Returns
    -------
    text : str
    index : list of dict
        Per array ``name``, ``type`` (of JavaScript), ``offset`` in bytes, ``length``.
    """
    names = {"f4": "Float32", "f8": "Float64", "u1": "Uint8", "u4": "Uint32", "i4": "Int32"}
    index, parts, offset = [], [], 0
    for name, array in arrays.items():
        raw = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes()
        kind = names[array.dtype.str[1:]] + "Array"
        index.append({"name": name, "type": kind, "offset": offset, "length": array.size})
        raw += b"\0" * (-len(raw) % ALIGNED)
        parts.append(raw)
        offset += len(raw)
    return packed(b"".join(parts)), index


def packed_chunks(
    chunks: Sequence[Any], threads: int = 2, reached: Callable[[int], None] = lambda _done: None
) -> list[str]:
    """Pack many values, each to be unpacked on its own.

    Parameters
    ----------
    chunks
        What JSON can say.
    threads
        Threads to use.
    reached
        Told how many are packed.

    Returns
    -------
    list of str
    """
    made = []
    with ThreadPoolExecutor(threads) as pool:
        for piece in pool.map(packed_json, chunks):
            made.append(piece)
            reached(len(made))
    return made


def write_page(
    path: Path, title: str, blobs: Mapping[str, str], lists: Mapping[str, list[str]]
) -> None:
    """Write the page of a map.

    Parameters
    ----------
    path
        A new file.
    title
        Of the page.
    blobs
        Packed data by the id under which the page's script finds it.
    lists
        Packed data in pieces; the page unpacks a piece when it needs it.

    Raises
    ------
    InputError
        Where the package that carries MapLibre GL is not installed.
    OSError
        Where it cannot be written.
    """
    own = resources.files("lowuse_gis") / "page"
    page = jinja2.Environment(autoescape=True, trim_blocks=True).from_string(
        (own / "map.html").read_text(encoding="utf-8")
    )
    script, style = library()
    text = page.render(
        language="zh-CN" if language() == "zh" else "en",
        title=title,
        library_script=script,
        library_style=style,
        style=(own / "map.css").read_text(encoding="utf-8"),
        script=(own / "map.js").read_text(encoding="utf-8"),
        blobs=blobs,
        lists={name: json.dumps(pieces) for name, pieces in lists.items()},
    )
    path.write_text(text, encoding="utf-8", newline="\n")


def library() -> tuple[str, str]:
    """Return the script and the style of MapLibre GL.

    Returns
    -------
    script, style : str

    Raises
    ------
    InputError
        Where the package that carries them is not installed.
    """
    found = find_spec(LIBRARY)  # without importing it
    folders = found.submodule_search_locations if found else None
    if not folders:
        raise InputError(
            _("maps need the package {name}").format(name=LIBRARY),
            _("pip install maplibre"),
        )
    folder = Path(folders[0])
    script = (folder / SCRIPT).read_text(encoding="utf-8")
    lines = [line for line in script.splitlines() if not line.startswith(SOURCE_MAP)]
    return "\n".join(lines), (folder / STYLE).read_text(encoding="utf-8")
