"""Find a font that has Chinese: no machine can be trusted to have one."""

from __future__ import annotations

import os
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
