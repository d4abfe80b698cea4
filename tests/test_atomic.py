"""Outputs that are whole or not there, and what is told where they are not."""

import pytest

from lowuse_gis.errors import OutputError
from lowuse_gis.io.atomic import all_or_nothing


def write_half(final, reason):
    with all_or_nothing([final]) as (part,):
        part.write_text("half")
        raise OSError(reason)


@pytest.mark.parametrize("statement", ["", "sqlite3_exec(CREATE TABLE a (b: c), " + "x" * 6000])
def test_a_failure_leaves_nothing_and_is_told_in_short(tmp_path, statement):
    final = tmp_path / "result.gpkg"
    with pytest.raises(OutputError) as caught:
        write_half(final, f"{statement} failed: database or disk is full")
    assert "database or disk is full" in caught.value.message
    assert len(caught.value.message) < 300 + len(str(final))
    assert not list(tmp_path.iterdir())
