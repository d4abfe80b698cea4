"""What an installed user has: the rules, the messages, a quick --help."""

import os
import subprocess
import sys
import zipfile

import pytest

from conftest import ROOT
from filing import package_of


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel):
    """Run the program as the wheel has it, away from the sources."""
    home = wheel.parent / "installed"
    zipfile.ZipFile(wheel).extractall(home)
    env = {**os.environ, "PYTHONPATH": str(home), "LOWUSE_LANG": "en"}

    def run(*words):
        command = [sys.executable, *map(str, words)]
        return subprocess.run(command, cwd=home, env=env, check=True, capture_output=True).stdout

    where = run("-c", "import lowuse_gis; print(lowuse_gis.__file__)").decode()
    assert str(home) in where
    return lambda *words: run("-m", "lowuse_gis", *words)


def test_a_wheel_files_and_verifies_as_the_sources_do(installed, filed, tmp_path):
    """Export, verify, export again: the same bytes, whichever way the program came."""
    made = ("--plan", filed / "plan.gpkg", "--legacy", filed / "sealed", "--draft")
    first = package_of(filed)
    installed("verify", first, "-o", tmp_path / "verified")
    installed(
        "export", filed / "result.gpkg", filed / "units.gpkg", *made, "-o", tmp_path / "again"
    )
    (second,) = (tmp_path / "again").iterdir()
    assert second.name == first.name
    files = [sorted(p.relative_to(f) for p in f.rglob("*") if p.is_file()) for f in (first, second)]
    assert files[0] == files[1]
    differing = [n for n in files[0] if (first / n).read_bytes() != (second / n).read_bytes()]
    assert differing == []


def test_a_wheel_has_the_pages(installed, filed, tmp_path):
    installed("map", filed / "result.gpkg", "-o", tmp_path / "m.html", "-q")
    assert "lowuse" in (tmp_path / "m.html").read_text(encoding="utf-8")


def test_the_wheel_carries_rules_and_messages(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "lowuse_gis/rules/jinghai/rulebook.toml" in names
    assert "lowuse_gis/rules/national/criteria/industrial.toml" in names
    assert "lowuse_gis/rules/codes/land_classes.csv" in names
    assert "lowuse_gis/locale/zh_CN/LC_MESSAGES/lowuse.mo" in names


def test_help_imports_nothing_heavy():
    code = (
        "import sys; sys.argv = ['lowuse', '--help']\n"
        "from lowuse_gis.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'geopandas', 'pandas', 'shapely', 'duckdb', 'pyogrio'} & set(sys.modules)\n"
        "sys.exit(bool(heavy))"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode
        == 0
    )


def test_it_runs_as_a_module_from_anywhere(tmp_path):
    command = [sys.executable, "-m", "lowuse_gis", "rules", "list", "--json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    assert b"IND-13" in done.stdout
