"""The screen: tables that fit narrow terminals, bars, and how far a command is."""

from __future__ import annotations

from io import StringIO

import pandas as pd
import pytest
from rich.cells import cell_len
from rich.console import Console

from lowuse_gis.commands.progress import Progress, Step
from lowuse_gis.console import steps
from lowuse_gis.console.show import table
from lowuse_gis.console.steps import CountedLine, step_words
from lowuse_gis.console.town_bars import town_bars

NUMBERS = ("1,200", "33", "4", "0", "1,234.50", "18,517.5")


def printed(width, *shown):
    stream = StringIO()
    console = Console(file=stream, width=width)
    for item in shown:
        console.print(item)
    return stream.getvalue()


def big_table():
    heads = ("宗地", "低效", "待定", "其中疑似", "确定（公顷）", "确定（亩）")
    made = table("低效用地", [("乡镇", "left"), ("类型", "left"), *((h, "right") for h in heads)])
    for town in ("柳桥镇", "静澜产业园"):
        made.add_row(town, "工业", *NUMBERS)
        made.add_section()
    made.add_row("合计", "", *NUMBERS)
    return made


@pytest.mark.parametrize("width", [40, 50, 60, 80, 100, 160])
def test_a_table_fits_the_terminal_and_no_number_is_broken(width):
    out = printed(width, big_table())
    assert max(map(cell_len, out.splitlines())) <= width
    for number in NUMBERS:
        assert out.count(f" {number}") >= 3, number
    assert ("━" in out) == (width >= 100)
    assert ("柳桥镇 · 工业" in out) == (width < 80) or width == 80


def test_what_is_markup_to_others_is_text():
    made = table("t", [("a", "left"), ("b", "right")])
    made.add_row("[red]x[/red] [" + "长" * 50, "1")
    assert "1" in printed(40, made)


def towns(*rows):
    return pd.DataFrame(rows, columns=["town_code", "town_name", "low_use_area", "possible_area"])


@pytest.mark.parametrize("width", [20, 40, 60, 160])
def test_bars_fit_the_terminal_and_are_as_long_as_the_land(width):
    mu = 2000 / 3
    frame = towns(
        ("1", "柳桥镇", 50 * mu, 100 * mu), ("2", "x" * 60, 100 * mu, 200 * mu), ("3", "", 0, 0)
    )
    lines = [text.plain for text in town_bars(frame, mu, width)][1:]
    assert max(map(cell_len, lines)) <= width
    assert [line.split()[-3:] for line in lines] == [
        ["50", "/", "100"], ["100", "/", "200"], ["0", "/", "0"],
    ]  # fmt: skip
    assert lines[1].count("█") == 2 * lines[0].count("█")
    assert ("█" in lines[0]) == (width > 20)


def test_there_are_no_bars_without_such_land():
    assert not list(town_bars(towns(("1", "a", 0.0, 0.0)), 1.0, 80))
    assert not list(town_bars(towns(), 1.0, 80))


def test_a_step_says_rate_and_time_left_where_there_is_room():
    step = Step(250, 1000, 5.0)
    assert step_words(step, 80) == "  250/1,000  25%  50/s  15 s left"
    assert step_words(step, 20) == "  250/1,000  25%"
    assert step_words(Step(1, 1000, 0.5), 80) == "  1/1,000  0%"  # too early for a rate
    assert "2 min 5 s" in step_words(Step(1, 26, 5.0), 80)
    assert "0.2/s" in step_words(Step(1, 26, 5.0), 80)


def test_a_line_is_drawn_seldom_and_taken_away(capsys):
    line = CountedLine(40)
    for done, seconds in ((1, 0.05), (2, 0.2), (3, 0.25), (4, 0.4)):
        line.show(Step(done, 4, seconds))
    line.show(Step(4, 4, 0.41, ended=True))
    drawn = capsys.readouterr().err.split(steps.CLEAR)
    assert [text.split()[0] for text in drawn if text.strip()] == ["2/4", "4/4"]
    assert drawn[-1] == ""


def test_stages_tell_how_far_they_are():
    told, named = [], []
    progress = Progress(named.append, told.append)
    with progress.stage("writing", 3) as reached:
        for done in (1, 2, 3):
            reached(done)
    assert named[-1] == "writing"
    assert [(step.done, step.total, step.ended) for step in told] == [
        (1, 3, False), (2, 3, False), (3, 3, False), (3, 3, True),
    ]  # fmt: skip
    assert set(progress.seconds) == {"writing"}


def test_a_pipe_gets_no_control_signs(capsys):
    progress = steps.shown_progress()
    with progress.stage("writing", 2) as reached:
        reached(1)
    assert "\x1b" not in capsys.readouterr().err
    with steps.shown_progress(quiet=True).stage("writing"):
        pass
    assert capsys.readouterr().err == ""
