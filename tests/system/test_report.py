"""What LibreOffice makes of the survey report."""

from __future__ import annotations

import re
import subprocess
import zipfile

import pytest
from docx import Document

from cluster import needed

pytestmark = pytest.mark.system
PATIENCE = 180  # seconds


@pytest.fixture
def report(lowuse, low_use_result, tmp_path):
    file = tmp_path / "report.docx"
    code, _out, err = lowuse("report", low_use_result, "-o", file, "-q")
    assert code == 0, err
    return file


def converted(file, kind, folder):
    office = needed("soffice", "libreoffice-writer-nogui")
    home = f"-env:UserInstallation={(folder / 'home').as_uri()}"
    call = [office, home, "--headless", "--convert-to", kind, "--outdir", folder, file]
    done = subprocess.run(call, capture_output=True, text=True, timeout=PATIENCE, check=False)
    target = folder / file.with_suffix(f".{kind}").name
    assert target.exists(), done.stderr
    return target


def test_libreoffice_prints_it(report, tmp_path):
    data = converted(report, "pdf", tmp_path).read_bytes()
    assert data.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", data)) > 3


def test_libreoffice_reads_every_heading_and_table(report, tmp_path):
    document = Document(report)
    with zipfile.ZipFile(converted(report, "odt", tmp_path)) as archive:
        content = archive.read("content.xml").decode("utf-8")
    text = re.sub(r"<[^>]+>", "", content)
    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert len(headings) > 8
    for heading in headings:
        assert heading in text
    assert content.count("<table:table ") == len(document.tables)
    assert content.count("<draw:image ") == len(document.inline_shapes)
