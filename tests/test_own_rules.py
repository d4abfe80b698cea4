"""A project with a rulebook of its own: what was judged by it is looked at by it."""

import pytest

from lowuse_gis.commands.results import rulebook_named

RULES = 'name = "trial"\nextends = "jinghai"\ntitle = "试行"\nversion = "1"\n'


@pytest.fixture
def project(parcels, survey_file, lowuse, tmp_path):
    """A project that names its rules, judged."""
    own = tmp_path / "rules" / "trial"
    own.mkdir(parents=True)
    (own / "rulebook.toml").write_text(RULES, encoding="utf-8")
    (tmp_path / "lowuse.toml").write_text(
        'rules = "rules/trial"\n'
        f'[sources]\nparcels = "{parcels.name}"\nsurvey = "{survey_file.name}"\n',
        encoding="utf-8",
    )
    code, _out, err = lowuse("classify", "--project", tmp_path, "-o", tmp_path / "r.gpkg", "-q")
    assert code == 0, err
    return tmp_path


def test_what_follows_finds_them(project, lowuse, tmp_path, monkeypatch):
    result = project / "r.gpkg"
    code, _out, err = lowuse("units", result, "--project", project, "-o", project / "u.gpkg")
    assert code == 0, err
    monkeypatch.chdir(project)
    for line in (
        ("plan", result, project / "u.gpkg", "--year", "2024", "-o", project / "p.gpkg"),
        ("export", result, project / "u.gpkg", "--dry-run"),
        ("rules", "sweep", result),
        ("map", result, "-o", project / "m.html"),
        ("review", "out", result, "-o", project / "review"),
        ("requests", result, "-o", project / "requests"),
    ):
        code, _out, err = lowuse(*line)
        assert code == 0, err


def test_rules_of_another_name_are_not_taken(project, refused, tmp_path_factory, monkeypatch):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    result = project / "r.gpkg"
    assert "trial" in refused("units", result, "-o", project / "u.gpkg")[0]
    assert rulebook_named("jinghai", project=project).name == "jinghai"
    assert rulebook_named("jinghai", "national", project).name == "national"


@pytest.mark.parametrize(
    "line",
    [("review", "out"), ("review", "in", "a.xlsx", "--result"), ("requests",), ("matches", "out")],
)
def test_a_result_is_not_looked_at_by_other_rules_of_its_project(project, refused, line):
    file = project / "lowuse.toml"
    file.write_text(file.read_text("utf-8").replace("rules/trial", "national"), encoding="utf-8")
    told = ("--project", project, *(() if "in" in line else ("-o", project / "out.xlsx")))
    assert "trial" in refused(*line, project / "r.gpkg", *told)[0]


def test_what_is_no_name_is_refused(project, refused):
    file = project / "lowuse.toml"
    text = file.read_text("utf-8").replace('"rules/trial"', '["rules/trial"]')
    file.write_text(text, encoding="utf-8")
    line, _hint = refused("classify", "--project", project, "-o", project / "other.gpkg")
    assert "rules/trial" in line
