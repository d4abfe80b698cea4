"""What programs of others say of what is written: LibreOffice, validate_gpkg, GDAL of Debian."""

from __future__ import annotations

import subprocess
import zipfile
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from cluster import DEBIAN, needed
from filing import package_of

pytestmark = pytest.mark.system
PATIENCE = 180  # seconds for LibreOffice, all workbooks in one call
SHEET = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}table"
NAME = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}name"


def workbooks(filed):
    return sorted(filed.rglob("*.xlsx"))


def geopackages(filed):
    return sorted(filed.rglob("*.gpkg"))


def shown(filed, path):
    return path.relative_to(filed).as_posix()


def test_the_package_has_what_is_looked_at(filed):
    package = package_of(filed)
    assert len(list(package.rglob("*.xlsx"))) >= 5
    assert len(list(package.rglob("*.gpkg"))) == 2
    assert len(geopackages(filed)) >= 7


def test_libreoffice_opens_every_workbook(filed, tmp_path):
    soffice = needed("soffice", "libreoffice-calc")
    given = {}
    for number, path in enumerate(workbooks(filed)):  # names may be alike in several folders
        given[number] = path
        (tmp_path / f"{number}.xlsx").write_bytes(path.read_bytes())
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    command = [soffice, home, "--headless", "--convert-to", "ods", "--outdir", tmp_path / "out"]
    done = subprocess.run(
        [*command, *(tmp_path / f"{number}.xlsx" for number in given)],
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Error" not in done.stdout + done.stderr
    for number, path in given.items():
        made = tmp_path / "out" / f"{number}.ods"
        assert made.is_file(), f"{shown(filed, path)}: {done.stdout}{done.stderr}"
        book = openpyxl.load_workbook(path, read_only=True)
        assert sheets_of(made) == book.sheetnames, shown(filed, path)
        book.close()


def sheets_of(ods):
    with zipfile.ZipFile(ods) as archive, archive.open("content.xml") as content:
        return [
            element.get(NAME) for _event, element in ET.iterparse(content)
            if element.tag == SHEET and element.get(NAME)
            and not str(element.get(NAME)).startswith("'file:")
        ]  # fmt: skip


def test_validate_gpkg_accepts_every_geopackage(filed):
    python = needed("/usr/bin/python3", "python3")
    module = "osgeo_utils.samples.validate_gpkg"
    found = subprocess.run(
        [python, "-c", f"import {module}"], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, f"{module} is missing; {DEBIAN} python3-gdal\n{found.stderr}"
    for path in geopackages(filed):
        done = subprocess.run(
            [python, "-m", module, path], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{shown(filed, path)}: {done.stdout}{done.stderr}"


def test_gdal_reads_every_layer(filed):
    ogrinfo = needed("ogrinfo", "gdal-bin")
    package = package_of(filed)
    databases = [*geopackages(filed), *package.rglob("*.gdb"), *package.rglob("*.shp")]
    assert {path.suffix for path in databases} == {".gpkg", ".gdb", ".shp"}
    for path in databases:
        done = subprocess.run(
            [ogrinfo, "-ro", "-al", "-so", path], capture_output=True, text=True, check=False
        )
        said = done.stdout + done.stderr
        assert done.returncode == 0, f"{shown(filed, path)}: {said}"
        assert "ERROR" not in said, f"{shown(filed, path)}: {said}"
        assert done.stdout.count("Feature Count: ") == layers_in(path), shown(filed, path)


def layers_in(path):
    import pyogrio

    return len(pyogrio.list_layers(path))
