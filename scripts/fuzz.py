"""Feed the parsers of our own with bytes that grow where they reach new code (needs atheris).

``python scripts/fuzz.py zip|txt|dbf [libFuzzer options]``, such as ``-max_total_time=600``.
Anything but a notice or an InputError is a fault; the bytes that led to it are kept as ``crash-…``.
"""

from __future__ import annotations

import contextlib
import io
import shutil
import sys
import tempfile
import warnings
import zipfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["lowuse_gis"]):
    from lowuse_gis.errors import InputError
    from lowuse_gis.io.archives import Limits, unpack
    from lowuse_gis.io.encoding import text_encoding
    from lowuse_gis.io.land_txt import read_land_txt
    from lowuse_gis.io.shapefile_parts import dbf_records, dbf_widths

HOME = Path(tempfile.mkdtemp(prefix="lowuse-fuzz"))


def fuzz_zip(data: bytes) -> None:
    """Unpack an archive; nothing may come to lie outside its folder."""
    path, into = HOME / "a.zip", HOME / "in" / "to"
    path.write_bytes(data)
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    result = unpack(path, into, "a.zip", Limits(size=1 << 22, easy=1 << 20), lambda _name: True)
    outside = [p for p in HOME.rglob("*") if p.is_file() and into not in p.parents]
    outside = [p for p in outside if p != path and HOME / "corpus" not in p.parents]
    links = [p for p in into.rglob("*") if p.is_symlink()]
    if outside or links or len(result.files) != sum(p.is_file() for p in into.rglob("*")):
        raise AssertionError(outside, links)


def fuzz_txt(data: bytes) -> None:
    """Read a coordinate TXT."""
    path = HOME / "a.txt"
    path.write_bytes(data)
    with contextlib.suppress(InputError):
        read_land_txt(path, "a.txt")


def fuzz_dbf(data: bytes) -> None:
    """Read the header of a DBF file and find its encoding; the first bytes are the .cpg."""
    path = HOME / "a.dbf"
    cpg, _mark, body = data.partition(b"\xfe\xff")
    path.write_bytes(body)
    path.with_suffix(".cpg").write_bytes(cpg)
    if dbf_records(path) < -1 or any(width > 255 for width in dbf_widths(path)):  # noqa: PLR2004
        raise AssertionError
    with contextlib.suppress(InputError):
        text_encoding(path)


def seeds(kind: str) -> list[bytes]:
    """Return a few good inputs to start from.

    Parameters
    ----------
    kind
        Name of the parser.

    Returns
    -------
    list of bytes
    """
    if kind == "zip":
        made = []
        for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2):
            whole = io.BytesIO()
            with zipfile.ZipFile(whole, "w", method) as archive:
                archive.writestr("a/宗地.shp", b"abc" * 50)
                archive.writestr("b.txt", b"")
            made.append(whole.getvalue())
        return made
    if kind == "txt":
        square = "J1,1,4305000,39492000\nJ2,1,4305000,39492100\nJ3,1,4305100,39492100\n"
        text = f"[属性描述]\n坐标系=CGCS2000\n带号=39\n[地块坐标]\n3,1,a,甲,面,,,,@\n{square}"
        hole = square.replace(",1,", ",2,")
        return [text.encode("gbk"), (text + hole).encode(), (text + "x\n").encode("utf-16")]
    field = b"ZDDM\0\0\0\0\0\0\0C" + bytes(4) + b"\x13" + bytes(15)
    head = b"\x03\x01\x01\x01\x01\0\0\0\x41\0\x14\0" + bytes(17) + b"\x4d" + bytes(2)
    body = head + field + b"\r " + "宗地宗地".encode("gbk").ljust(19)
    return [cpg + b"\xfe\xff" + body for cpg in (b"", b"UTF-8", b"GBK", b"936")]


def main() -> None:
    """Run one harness."""
    kind = sys.argv.pop(1)
    corpus = HOME / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(seeds(kind)):
        (corpus / str(number)).write_bytes(seed)
    warnings.simplefilter("ignore")
    harness = {"zip": fuzz_zip, "txt": fuzz_txt, "dbf": fuzz_dbf}[kind]
    atheris.Setup([*sys.argv, "-max_len=4096", str(corpus)], harness)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
