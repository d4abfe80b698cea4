"""The guides do what they say: their files are written and their commands run, in order."""

import re
import shlex

import pytest

from conftest import ROOT
from test_rules_new import xihe_parcels

FENCE = re.compile(
    r"```(?P<kind>\w+)(?: title=\"(?P<title>[^\"]+)\")?\n(?P<body>.*?)```", re.DOTALL
)
ADD = " (add)"


def blocks(name):
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    return [(m["kind"], m["title"] or "", m["body"]) for m in FENCE.finditer(text)]


def write(folder, title, body):
    path = folder / title.removesuffix(ADD)
    if title.endswith(ADD):
        assert path.is_file(), title
        body = path.read_text(encoding="utf-8") + body
    path.write_text(body, encoding="utf-8")


def commands(body):
    """Give each command of a block with the lines that must be in what it prints."""
    parts = re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]
    return [(lines[0], lines[1:]) for part in parts if (lines := part.strip().splitlines())]


@pytest.fixture(params=["write-a-criterion.md", "another-district.md"])
def guide(request, tmp_path, monkeypatch, parcels):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")  # no cell of a table is folded
    xihe_parcels(tmp_path / "parcels.gpkg")
    return blocks(request.param)


def test_every_step_of_the_guide_works(guide, tmp_path, lowuse):
    ran = 0
    for kind, title, body in guide:
        if title:
            write(tmp_path, title, body)
            continue
        assert kind == "console"
        for command, said in commands(body):
            program, *words = shlex.split(command)
            assert program == "lowuse"
            code, out, err = lowuse(*words)
            assert code == 0, (command, err)
            seen = " ".join((out + err).split())
            for line in said:
                assert " ".join(line.split()) in seen, (command, line)
            ran += 1
    assert ran >= 4


def test_guides_have_three_steps():
    for name in ("write-a-criterion.md", "another-district.md"):
        text = (ROOT / "docs" / name).read_text(encoding="utf-8")
        steps = re.findall(r"^## (\d)\. ", text, flags=re.MULTILINE)
        assert steps == ["1", "2", "3"]
