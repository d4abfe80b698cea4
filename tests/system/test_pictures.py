"""The pictures of the documents, made anew: by the program, a browser, QGIS, LibreOffice."""

from __future__ import annotations

import subprocess
import sys

import pytest

from conftest import ROOT

pytestmark = pytest.mark.system
PATIENCE = 900  # seconds
MAKERS = {
    "page_pictures": "map", "qgis_picture": "qgis", "report_picture": "report",
}  # fmt: skip


def test_pictures_of_the_program_are_as_it_draws_them_now():
    call = [sys.executable, ROOT / "scripts" / "pictures.py", "--check"]
    done = subprocess.run(call, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("maker", MAKERS)
def test_pictures_of_other_programs_are_as_they_look_now(maker, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    pictures = __import__("pictures")
    module = __import__(maker)
    kept = pictures.PICTURES / MAKERS[maker]
    if hasattr(module, "PICTURES"):
        monkeypatch.setattr(module, "PICTURES", tmp_path)
    else:
        monkeypatch.setattr(module, "PICTURE", tmp_path / module.PICTURE.name)
    module.main()
    drawn = sorted(tmp_path.glob("*.png"))
    assert [path.name for path in drawn] == [path.name for path in sorted(kept.glob("*.png"))]
    faults = {path.name: pictures.differs(path, kept / path.name) for path in drawn}
    assert {name: fault for name, fault in faults.items() if fault} == {}
