"""Find a font that has Chinese, and keep texts to what it has: no machine has all signs."""

from __future__ import annotations

import os
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from lowuse_gis.errors import InputError
from lowuse_gis.language import _

VARIABLE = "LOWUSE_FONT"
FOLDERS = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts",
    "/System/Library/Fonts", "/Library/Fonts", "C:/Windows/Fonts",
)  # fmt: skip
PATTERNS = (
    "NotoSansCJK-Regular.*", "NotoSansCJKsc-Regular.*", "SourceHanSansSC-Regular.*",
    "SourceHanSansCN-Regular.*", "wqy-zenhei.*", "wqy-microhei.*", "msyh.tt?", "simsun.tt?",
    "PingFang.ttc",
)  # fmt: skip
INSTEAD = "□"  # of a sign that the font does not have
UNSEEN = {"Cf", "Cc", "Cn", "Co", "Cs"}  # of marks that direct a text, and of none
PACKAGE, PACKAGED = "mplfonts", "NotoSansCJKsc-Regular.otf"


def chinese_font() -> Path:
    """Return a font file: that of ``LOWUSE_FONT``, one of the system, one of the font package.

    Returns
    -------
    Path

    Raises
    ------
    InputError
        Where there is none.
    """
    if named := os.environ.get(VARIABLE):
        if Path(named).is_file():
            return Path(named)
        raise InputError(
            _("{path}: no such file").format(path=named),
            _("{variable} names the file of a font that has Chinese").format(variable=VARIABLE),
        )
    spec = find_spec(PACKAGE)
    if spec and spec.origin:
        packaged = Path(spec.origin).parent / "fonts" / PACKAGED
        if packaged.is_file():
            return packaged
    for pattern in PATTERNS:
        for folder in FOLDERS:
            found = sorted(Path(folder).expanduser().rglob(pattern))
            if found:
                return found[0]
    raise InputError(
        _("no font with Chinese was found"),
        _("pip install 'lowuse-gis[font]', or name one with {variable}").format(variable=VARIABLE),
    )


def in_font(text: str) -> str:
    """Keep a text to what the Chinese font can draw.

    Parameters
    ----------
    text
        Anything.

    Returns
    -------
    str
        Signs that the font lacks stand as a box; marks that only direct a text are left out, and
        line breaks are spaces.
    """
    known = _signs(str(chinese_font()))
    return "".join(
        sign if ord(sign) in known else " " if sign.isspace() else INSTEAD
        for sign in text
        if sign.isspace() or unicodedata.category(sign) not in UNSEEN
    )


@cache
def _signs(path: str) -> frozenset[int]:
    from fontTools.ttLib import TTFont  # noqa: PLC0415  slow to load

    with TTFont(path, fontNumber=0, lazy=True) as font:
        return frozenset(font.getBestCmap())
