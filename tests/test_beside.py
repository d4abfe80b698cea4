"""Work in processes beside this one: the answer is the same, whatever becomes of it."""

import os
import signal
import threading
from dataclasses import replace

import pandas as pd
import pytest

from filing import SAMPLE
from lowuse_gis.cli import ahead
from lowuse_gis.commands import classified_files, written_aside
from lowuse_gis.commands import classify as command
from lowuse_gis.engines import beside as module
from lowuse_gis.engines.beside import beside
from lowuse_gis.io.geopackage import read_layer_frame
from lowuse_gis.measures.measured import check_rows
from lowuse_gis.stages import measure


def number():
    return os.getpid()


def die_elsewhere(here):
    """Be killed in another process, answer in this one."""
    if os.getpid() != here:
        os.kill(os.getpid(), signal.SIGKILL)
    return "done here"


def refuse(word):
    raise ValueError(word)


def test_long_tables_go_to_processes_of_their_own(monkeypatch):
    monkeypatch.setattr(module, "MANY", 10)
    tasks = [beside(rows, number) for rows in (10, 9, 11)]
    long, short, again = (task.result() for task in tasks)
    assert short == os.getpid()
    assert len({short, long, again}) == 3


def test_what_a_lost_process_leaves_is_done_here():
    lost = beside(module.MANY, die_elsewhere, os.getpid())
    lost.settle()
    assert lost.result() == "done here"


def test_an_error_is_the_one_that_was_raised():
    task = beside(module.MANY, refuse, "why")
    task.settle()
    with pytest.raises(ValueError, match="why"):
        task.result()


def test_very_long_tables_are_not_copied(monkeypatch):
    monkeypatch.setattr(module, "MANY", 10)
    monkeypatch.setattr(module, "MOST", 20)
    table = object()
    task = beside(21, lambda given: (given, os.getpid(), threading.get_ident()), table)
    given, process, thread = task.result()
    assert given is table
    assert process == os.getpid()
    assert thread != threading.get_ident()
    assert beside(20, number).result() != os.getpid()


def test_what_was_given_is_let_go_when_it_is_done():
    kept, done = (beside(rows, max, [1, 5, 2]) for rows in (module.MANY - 1, module.MANY))
    done.settle()
    assert (done.result(), done.given) == (5, ())
    assert (kept.result(), kept.given) == (5, ([1, 5, 2],))


def test_a_result_is_the_same_with_one_thread(sample_result, tmp_path):
    result = tmp_path / sample_result.name
    command.classify(command.Request([], result, SAMPLE, threads=1))
    assert result.read_bytes() == sample_result.read_bytes()


def test_a_result_is_the_same_where_the_ground_is_measured_in_its_turn(
    sample_result, tmp_path, monkeypatch
):
    """What is begun first reads nothing that is measured before it."""
    monkeypatch.setattr(measure, "OF_THE_GROUND", set())
    result = tmp_path / sample_result.name
    command.classify(command.Request([], result, SAMPLE))
    assert result.read_bytes() == sample_result.read_bytes()


def test_a_result_is_the_same_with_it(sample_result, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MANY", 1)
    monkeypatch.setattr(command, "LARGE", 0)  # the process is there before tables are read
    result = tmp_path / sample_result.name
    command.classify(command.Request([], result, SAMPLE))
    assert result.read_bytes() == sample_result.read_bytes()
    listed = command.problem_list_path(result)
    assert listed.read_bytes() == command.problem_list_path(sample_result).read_bytes()


def test_a_result_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MANY", 1)

    def full(*_given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(classified_files, "write_result", full)
    with pytest.raises(command.InputError.__base__, match="No space"):
        command.classify(command.Request([], tmp_path / "r.gpkg", SAMPLE))
    assert not list(tmp_path.iterdir())


def test_one_process_is_kept_for_all_work_of_a_block(monkeypatch):
    monkeypatch.setattr(module, "MANY", 10)
    with module.kept_beside():
        module.load_beside("fractions")
        tasks = [beside(rows, number) for rows in (10, 9, 11)]
        long, short, again = (task.result() for task in tasks)
    assert short == os.getpid()
    assert long == again != short


def test_what_comes_after_a_lost_process_is_done_here(monkeypatch):
    monkeypatch.setattr(module, "MANY", 10)
    with module.kept_beside():
        lost = beside(10, die_elsewhere, os.getpid())
        queued = beside(10, number)
        lost.settle()
        assert lost.result() == "done here"
        assert queued.result() == os.getpid()
        assert beside(10, number).result() == os.getpid()


def test_a_result_is_the_same_where_parcels_cannot_be_handed_over(
    sample_result, tmp_path, monkeypatch
):
    def full(*_given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "MANY", 1)
    for name in ("hand_over", "lay_down", "write_frame"):
        monkeypatch.setattr(written_aside, name, full)
    result = tmp_path / sample_result.name
    command.classify(command.Request([], result, SAMPLE))
    assert result.read_bytes() == sample_result.read_bytes()
    listed = command.problem_list_path(result)
    assert listed.read_bytes() == command.problem_list_path(sample_result).read_bytes()
    assert len(list(tmp_path.iterdir())) == 3


def test_a_block_within_a_block_keeps_the_same_process(monkeypatch):
    monkeypatch.setattr(module, "MANY", 10)
    with module.kept_beside():
        assert not module.is_kept()
        there = beside(10, number).result()
        assert module.is_kept()
        with module.kept_beside():
            assert beside(10, number).result() == there
        assert module.give(number).result() == there


def test_a_table_that_cannot_be_read_elsewhere_is_told_as_here(tmp_path, monkeypatch):
    """By the same line, whoever reads it."""
    table = tmp_path / "tax.csv"
    table.write_text("年度,数\n2021,1\n", encoding="utf-8")
    request = command.Request([], tmp_path / "r.gpkg", SAMPLE, sources=[("tax", str(table))])
    said = []
    for least in (command.LARGE, 0):
        monkeypatch.setattr(command, "LARGE", least)
        with pytest.raises(command.InputError) as told:
            command.classify(request)
        said.append((told.value.message, told.value.hint))
    assert said[0] == said[1]
    assert "tax.csv" in said[0][0]
    assert [path.name for path in tmp_path.iterdir()] == ["tax.csv"]


@pytest.mark.parametrize(("size", "begun"), [(9, []), (11, ["fractions"])])
def test_a_process_is_begun_ahead_where_files_seem_large(tmp_path, monkeypatch, size, begun):
    """By what is named, and what stands beside the project file; partitions have their own."""
    asked = []
    monkeypatch.setattr(ahead, "LARGE", 10)
    monkeypatch.setattr(ahead, "load_beside", asked.append)
    (tmp_path / "lowuse.toml").write_bytes(b"1" * 4)
    (tmp_path / "layer.gpkg").write_bytes(b"1" * (size - 4))
    for project in (tmp_path, tmp_path / "lowuse.toml"):
        with ahead.loading_ahead("fractions", [], project):
            pass
    with ahead.loading_ahead("fractions", [tmp_path / "layer.gpkg"], tmp_path):
        pass
    with ahead.loading_ahead("fractions", [tmp_path], tmp_path):
        pass
    assert asked == begun * 3


def test_checks_that_come_after_those_begun_are_not_lost(tmp_path, monkeypatch):
    """No rule says anything of a parcel that late now; the checks begun are given up then."""
    late = check_rows("6101", pd.Series(["1:1"]), note=pd.Series(["late"]))
    monkeypatch.setattr(
        command, "look_around", lambda s, _run: replace(s, checks=(*s.checks, late))
    )
    written = []
    for many in (module.MANY, 1):
        monkeypatch.setattr(module, "MANY", many)
        result = tmp_path / str(many) / "r.gpkg"
        result.parent.mkdir()
        command.classify(command.Request([], result, SAMPLE))
        written.append(result.read_bytes())
    assert written[0] == written[1]
    assert "late" in read_layer_frame(result, "checks")["note"].tolist()
