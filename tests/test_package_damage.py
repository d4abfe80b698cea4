"""Packages that are interrupted, flipped, saved again or full of faults."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest

from filing import ENGLISH, copied, export, find, package_of
from lowuse_gis.commands.verify import Request, verify
from lowuse_gis.core.verifying.findings import found, together

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE = 120  # seconds until an export must have begun to write


@pytest.fixture(scope="module")
def whole(filed):
    return package_of(filed)


@pytest.fixture(scope="module")
def accepted(whole):
    return set(verify(Request(whole)).findings["code"])


def contents(folder):
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


def begun(folder: Path) -> bool:
    """Say whether a file of the package stands in its temporary folder."""
    return any(path.is_file() for path in folder.glob(".*.part*/**/*"))


def test_a_killed_export_leaves_no_package_and_the_next_run_succeeds(filed, whole, tmp_path):
    into = tmp_path / "e"
    given = (filed / "result.gpkg", filed / "units.gpkg", "--plan", filed / "plan.gpkg")
    given = (*given, "--legacy", filed / "sealed", "--draft", "-o", into)
    command = [sys.executable, "-m", "lowuse_gis", "export", *map(str, given)]
    with subprocess.Popen(command, env=ENGLISH, stdout=subprocess.DEVNULL) as running:
        for _step in range(PATIENCE * 50):
            if begun(into) or running.poll() is not None:
                break
            time.sleep(0.02)
        assert running.poll() is None, "the export ended before it could be killed"
        os.kill(running.pid, signal.SIGKILL)
    assert running.returncode == -signal.SIGKILL
    assert begun(into)
    assert all(path.name.startswith(".") for path in into.iterdir())
    subprocess.run(command, check=True, env=ENGLISH, capture_output=True)
    (package,) = [path for path in into.iterdir() if not path.name.startswith(".")]
    assert contents(package) == contents(whole)


def test_a_workbook_saved_again_with_the_same_values_is_named(whole, accepted, tmp_path):
    package = copied(whole, tmp_path)
    path = find(package, "低效用地汇总表.xlsx")
    openpyxl.load_workbook(path).save(path)
    findings = verify(Request(package)).findings
    more = findings[~findings["code"].isin(accepted)]
    assert set(more["code"]) == {"1256", "7151"}
    assert set(more["file"]) == {path.relative_to(package).as_posix()}


def test_a_flipped_bit_in_any_file_is_named(whole, tmp_path):
    package = copied(whole, tmp_path)
    own = {"manifest.json", "sha256sum.txt"}
    files = [p for p in package.rglob("*") if p.is_file() and p.name not in own]
    full = [path for path in files if path.stat().st_size]
    for path in full:
        data = bytearray(path.read_bytes())
        data[len(data) // 3] ^= 4
        path.write_bytes(data)
    findings = verify(Request(package)).findings
    named = set(findings.loc[findings["code"] == "7151", "file"])
    assert named == {path.relative_to(package).as_posix() for path in full}


def test_swapped_layers_are_named_in_both_directions(whole, tmp_path):
    package = copied(whole, tmp_path)
    shapes = package / "01矢量数据" / "shp"
    for end in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
        one, two, aside = shapes / f"KJDY{end}", shapes / f"ZDQY{end}", shapes / f"aside{end}"
        one.rename(aside)
        two.rename(one)
        aside.rename(two)
    findings = verify(Request(package)).findings
    missing = findings[findings["code"] == "3151"]
    assert set(missing["file"]) == {f"01矢量数据/shp/{name}.shp" for name in ("KJDY", "ZDQY")}


def test_names_that_collide_by_case_are_refused_at_export(filed, refused, tmp_path):
    profile = tmp_path / "mine.toml"
    files = "".join(
        f'[[file]]\npath = "{name}.shp"\nformat = "shp"\nlayers = ["DXYD"]\n' for name in ("a", "A")
    )
    profile.write_text(f'extends = "standard"\n{files}', encoding="utf-8")
    words = ("--profile", profile, "--draft", "-o", tmp_path / "e")
    error, hint = refused("export", filed / "result.gpkg", *words)
    assert "A.shp" in error
    assert "case" in hint
    assert not list((tmp_path / "e").iterdir())


def test_names_that_collide_by_case_in_an_archive_are_told(whole, tmp_path):
    archive = tmp_path / f"{whole.name}.zip"
    shutil.make_archive(str(archive.with_suffix("")), "zip", whole.parent, whole.name)
    with zipfile.ZipFile(archive, "a") as file:
        file.writestr(f"{whole.name}/MANIFEST.JSON", "{}")
    findings = verify(Request(archive)).findings
    assert "MANIFEST.JSON" in "".join(findings.loc[findings["code"] == "1157", "note"])


def test_a_profile_of_its_own_file_is_filed_and_verified(filed, tmp_path):
    profile = tmp_path / "mine.toml"
    profile.write_text(
        'extends = "standard"\n[[file]]\npath = "{layer}.shp"\nformat = "shp"\nlayers = ["DXYD"]\n',
        encoding="utf-8",
    )
    package = export(filed, tmp_path / "e", "--profile", profile)
    assert (package / "DXYD.shp").exists()
    assert verify(Request(package, profile=str(profile))).errors == 0
    said = json.loads((package / "manifest.json").read_text(encoding="utf-8"))
    assert said["profile"] == "mine"


def test_a_file_that_nothing_makes_blocks_the_export(filed, refused, tmp_path):
    profile = tmp_path / "mine.toml"
    text = 'extends = "standard"\n[[file]]\npath = "说明.docx"\nformat = "other"\n'
    profile.write_text(text, encoding="utf-8")
    words = ("--profile", profile, "--draft", "-o", tmp_path / "e")
    error, _hint = refused("export", filed / "result.gpkg", *words)
    assert "说明.docx" in error
    assert not list((tmp_path / "e").iterdir())


def test_findings_of_very_many_files_are_one_table():
    files = [f"05扫描资料/{n}.pdf" for n in range(100_000)]
    table = together([found("1165", files, note="x"), found("1163", []), found("1158", "a")])
    assert table["code"].value_counts().to_dict() == {"1165": 100_000, "1158": 1}
    assert table["file"][99_999] == "05扫描资料/99999.pdf"
