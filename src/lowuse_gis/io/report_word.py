"""Write a report as a document for Word, by a template that the office may have made its own."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from importlib import resources
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from jinja2 import TemplateError

from lowuse_gis.errors import InputError
from lowuse_gis.io.report_contents import fill_contents
from lowuse_gis.io.report_context import NO_TEXT, context_of, environment
from lowuse_gis.io.report_tables import lay_out
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lowuse_gis.model.report import Report

PICTURE = 155  # mm
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day a zip archive knows
WRONG = (TemplateError, ArithmeticError, TypeError, ValueError, LookupError, AttributeError)


def write_word(path: Path, report: Report, template: Path | None = None) -> None:
    """Write a report, the same bytes for the same content and template.

    Parameters
    ----------
    path
        A new file.
    report
        The content.
    template
        A document with the names of `context_of`; the shipped one where None.

    Raises
    ------
    InputError
        Where the template is no document, or names what there is not.
    """
    from docxtpl import DocxTemplate  # noqa: PLC0415  slow to load, and only this needs it

    data = _bytes_of(template)
    try:
        document = DocxTemplate(io.BytesIO(data))
        document.init_docx()
    except (*WRONG, zipfile.BadZipFile, OSError) as error:
        raise InputError(
            _("{path}: not a Word document").format(path=template),
            _("give a .docx; docs/report.md says how the shipped one is edited"),
        ) from error

    context = context_of(report, _placer(document))
    try:
        document.render(context, environment())
    except WRONG as error:
        raise InputError(
            _("{path}: the template cannot be filled in: {error}").format(
                path=template or path, error=error
            ),
            _("known names: {names}; sections: {sections}").format(
                names=", ".join(context), sections=", ".join(context["sections"])
            ),
        ) from error
    lay_out(document.docx)
    fill_contents(document.docx)
    _date(document, report)
    filled = io.BytesIO()
    document.save(filled)
    path.write_bytes(_undated(filled.getvalue()))


def _placer(document: Any) -> Callable[[bytes, str], Any]:
    """Return what makes of a PNG and its alternative text a picture in the line."""
    from docx.shared import Mm  # noqa: PLC0415  slow to load
    from docxtpl import InlineImage  # noqa: PLC0415  slow to load

    class Picture(InlineImage):  # type: ignore[misc]
        """A picture with an alternative text; the library has no way of its own."""

        def __init__(self, png: bytes, told: str) -> None:
            super().__init__(document, io.BytesIO(png), width=Mm(PICTURE))
            self._told = quoteattr(NO_TEXT.sub(" ", told))

        def _insert_image(self) -> str:
            text = f"<wp:docPr descr={self._told} "
            return str(super()._insert_image().replace("<wp:docPr ", text))

    return Picture


def _bytes_of(template: Path | None) -> bytes:
    if template is None:
        own = resources.files("lowuse_gis") / "page" / "report.docx"
        return own.read_bytes()
    try:
        return template.read_bytes()
    except OSError as error:
        raise InputError(
            _("{path}: no such file").format(path=template),
            _("give a .docx; docs/report.md says how the shipped one is edited"),
        ) from error


def _date(document: Any, report: Report) -> None:
    """Let the document say the date of the data, not of its making."""
    day = date.fromisoformat(report.as_of)
    noon = datetime(day.year, day.month, day.day, tzinfo=UTC)
    properties = document.docx.core_properties
    properties.title = report.title
    properties.created = properties.modified = noon
    properties.last_printed = noon
    properties.revision = 1


def _undated(data: bytes) -> bytes:
    """Write an archive anew without the times of its entries."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return out.getvalue()
