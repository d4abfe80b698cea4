"""Compile the message catalogue, and check that it is whole.

Run without options after editing ``lowuse.po``; ``--check`` fails where a message of the code has
no Chinese, where the catalogue has one nobody uses, or where the compiled file is out of date.
"""

import io
import sys
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "lowuse_gis"
CATALOGUE = SOURCE / "locale" / "zh_CN" / "LC_MESSAGES" / "lowuse.po"


def used_messages() -> set[str]:
    """Return every message that the code asks for."""
    found = extract_from_dir(SOURCE, [("**.py", "python")], keywords={"_": None})
    return {message for _file, _line, message, _comments, _context in found}


def compiled(catalogue: object) -> bytes:
    """Return the bytes of the compiled catalogue."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def main() -> None:
    """Compile, or check."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="zh_CN", abort_invalid=True)
    known = {m.id for m in catalogue if m.id and m.string}
    used, target = used_messages(), CATALOGUE.with_suffix(".mo")
    if "--check" not in sys.argv:
        target.write_bytes(compiled(catalogue))
    faults = [f"no Chinese for: {m!r}" for m in sorted(used - known)]
    faults += [f"used nowhere: {m!r}" for m in sorted(known - used)]
    if not target.exists() or target.read_bytes() != compiled(catalogue):
        faults.append("lowuse.mo is out of date: make messages")
    for fault in faults:
        print(fault)
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
