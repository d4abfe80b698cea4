"""Make the text of a layer legible: the right encoding, and what wrong ones did to it."""

from __future__ import annotations

import geopandas as gpd

from lowuse_gis.core.mojibake import restored
from lowuse_gis.io.encoding import TextEncoding, redecoded, text_encoding
from lowuse_gis.language import _
from lowuse_gis.model import Found, Notice

DBF = {".shp", ".dbf"}


def text_of(found: Found, encoding: str) -> TextEncoding:
    """Find how the text of a shapefile is written, unless the user said so.

    Parameters
    ----------
    found
        A layer.
    encoding
        What the user said.

    Returns
    -------
    TextEncoding
        Without a name for formats that say it themselves.

    Raises
    ------
    InputError
        Where nothing fits.
    """
    if encoding or found.path.suffix.lower() not in DBF:
        return TextEncoding(encoding)
    return text_encoding(found.path)


def legible(
    frame: gpd.GeoDataFrame, names: list[str], text: TextEncoding, found: Found
) -> tuple[gpd.GeoDataFrame, list[Notice]]:
    """Undo what wrong encodings did to text, and tell what was lost for good.

    Parameters
    ----------
    frame, names
        A layer as read, and its fields in the order of the file.
    text
        How it is written.
    found
        Names it in notices.

    Returns
    -------
    frame : GeoDataFrame
    notices : list of Notice
    """
    where, notices = (found.shown, found.layer), []
    if text.columns:
        frame = gpd.GeoDataFrame(redecoded(frame, names, text))
        used = ", ".join(dict.fromkeys(text.columns.values()))
        notices.append(Notice("1204", *where, _("columns differ: {names}").format(names=used)))
    elif text.misdeclared:
        note = _("declared {declared}, the bytes are {used}")
        shown = note.format(declared=text.declared, used=text.name)
        notices.append(Notice("1204", *where, shown))
    for name in (name for name in names if name in frame and frame[name].dtype.kind in "OT"):
        found_out = restored(frame[name])
        if found_out.way:
            frame = frame.assign(**{name: found_out.text})
            note = _("{field}: UTF-8 had been read as {way}; undone")
            notices.append(Notice("1204", *where, note.format(field=name, way=found_out.way)))
        if found_out.lost:
            note = _("{field}: {count} values with lost signs")
            shown = note.format(field=name, count=found_out.lost)
            notices.append(Notice("1205", *where, shown))
    return frame, notices
