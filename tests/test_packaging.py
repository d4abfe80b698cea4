"""What an installed user has: the rules, the messages, a quick --help."""

import subprocess
import sys
import zipfile

from conftest import ROOT


def test_the_wheel_carries_rules_and_messages(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    names = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
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
