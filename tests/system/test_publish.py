"""The office database: what stands in it is the result, once, whole, and for reading only."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from urllib.parse import quote

import psycopg
import pyogrio
import pytest
from psycopg import sql

from cluster import BOSS, READS, WORD, WRITES
from lowuse_gis.io.layer_styles import STYLES
from stored import findings_tables

pytestmark = pytest.mark.system
SLICE = "lowuse_"


@pytest.fixture(scope="session")
def small(filed, tmp_path_factory):
    """A result of a hundred parcels, so that most tests are quick."""
    path = tmp_path_factory.mktemp("small") / "r.gpkg"
    shutil.copy(filed / "result.gpkg", path)
    with closing(sqlite3.connect(path)) as base, base:
        for table in (*findings_tables(path), "problems", "checks", "parcels"):
            kept = 'SELECT "row" FROM parcels WHERE fid <= 100'
            base.execute(f'DELETE FROM {table} WHERE "row" NOT IN ({kept})')
    return path


@pytest.fixture
def publish(lowuse, small, roles, database):
    """Publish the small result; the password is nowhere in what is said."""

    def call(*words, user=BOSS, name=database, ok=True, target=None):
        url = roles.url(name, user) if target is None else target
        given = [word for word in [url] if word]
        code, out, err = lowuse("publish", small, *words, *given, "-q")
        for secret in (WORD, quote(WORD, safe=""), "s3cret"):
            assert secret not in out + err
        assert "Traceback" not in err
        assert (code == 0) == ok, err
        if not ok:
            assert code == 2, err
            assert [line.split(":")[0] for line in err.splitlines()] == ["error", "hint"]
        return out if ok else err

    return call


def asking(server, database):
    def call(text, user=BOSS):
        with server.connect(database, user) as connection:
            return connection.execute(text).fetchall()

    return call


@pytest.fixture
def ask(roles, database):
    return asking(roles, database)


@pytest.fixture(scope="module")
def sample(roles, new_database, filed):
    """The whole sample with units, plan and sealed legacy, published once, to be looked at."""
    name = new_database("sample")
    words = [filed / "result.gpkg", filed / "units.gpkg", roles.url(name)]
    words += ["--plan", filed / "plan.gpkg", "--legacy", filed / "sealed", "--reader", READS]
    command = [sys.executable, "-m", "lowuse_gis", "publish", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "s3cret" not in done.stdout + done.stderr
    return name


@pytest.fixture
def look(roles, sample):
    return asking(roles, sample)


def snapshot(ask):
    """Return every table and view of the schema with its number of rows."""
    names = ask(
        "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace('lowuse')"
        " AND relkind IN ('r', 'p', 'v') AND NOT relispartition ORDER BY 1"
    )
    return {name: ask(f'SELECT count(*) FROM lowuse."{name}"')[0][0] for (name,) in names}


def test_counts_are_those_of_the_files(filed, look):
    counts, (sealed,) = snapshot(look), (filed / "sealed").glob("*.gpkg")
    files = {name: filed / f"{name}.gpkg" for name in ("result", "units", "plan")}
    files["legacy"] = sealed
    named = {("units", name): f"units_{name}" for name in ("runs", "checks")}
    named[("plan", "runs")] = "plan_runs"
    named |= {("legacy", "LSYLYD"): "legacy"}
    seen = set()
    for kind, path in files.items():
        for layer in set(pyogrio.list_layers(path)[:, 0]) - {STYLES}:
            table = named.get((kind, layer), layer)
            rows = pyogrio.read_info(path, layer=layer)["features"]
            assert counts[f"current_{table}"] == rows, layer
            if not layer.startswith(SLICE):
                assert counts[table] == rows, layer
            seen |= {table, f"current_{table}"}
    assert set(counts) - seen == {"schema_version"}


@pytest.mark.parametrize("table", ["parcels", "checks"])
def test_shapes_are_the_same_bytes(filed, look, table):
    frame = pyogrio.read_dataframe(filed / "result.gpkg", layer=table, fid_as_index=True)
    stored = dict(look(f"SELECT fid, ST_AsBinary(geom, 'NDR') FROM lowuse.{table}"))
    wanted = frame.geometry.to_wkb()
    assert {n: s and bytes(s) for n, s in stored.items()} == wanted.to_dict()
    assert look(f"SELECT DISTINCT ST_SRID(geom) FROM lowuse.{table} WHERE geom IS NOT NULL") == [
        (4527,)
    ]


@pytest.mark.parametrize("table", ["parcels", "findings", "problems", "checks"])
def test_values_are_the_same(filed, look, table):
    _meta, read = pyogrio.read_arrow(
        filed / "result.gpkg", layer=table, read_geometry=False, return_fids=True
    )
    names = read.column_names[1:]
    listed = ", ".join(f'"{name}"' for name in names)
    stored = look(f"SELECT fid, {listed} FROM lowuse.{table} ORDER BY fid")
    columns = [read.column(n).to_pylist() for n in range(read.num_columns)]
    assert stored == list(zip(*columns, strict=True))


def test_tables_and_columns_are_named_in_chinese(look):
    tables = look(
        "SELECT relname, obj_description(oid) FROM pg_class"
        " WHERE relnamespace = 'lowuse'::regnamespace AND relkind IN ('r', 'p')"
        " AND NOT relispartition"
    )
    assert all(any("一" <= sign <= "鿿" for sign in said or "") for _name, said in tables)
    columns = dict(
        look(
            "SELECT c.relname || '.' || a.attname, col_description(c.oid, attnum)"
            " FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid"
            " WHERE relnamespace = 'lowuse'::regnamespace AND relkind IN ('r', 'p')"
            " AND NOT relispartition AND attnum > 0 AND c.relname <> 'schema_version'"
        )
    )
    assert not [name for name, said in columns.items() if not said]
    assert columns["parcels.registered_area"] == "登记面积（m²）"
    assert columns["checks.code"] == "检查代码"
    assert columns["legacy.YLBH"] == "遗留用地编号"


def test_keys_links_and_guarantees_hold(roles, sample, look):
    run = look("SELECT run_id FROM lowuse.runs")[0][0]
    outside = look(
        "SELECT count(*) FROM lowuse.checks c WHERE parcel_row IS NULL"
        ' AND EXISTS (SELECT 1 FROM lowuse.parcels p WHERE p."row" = c."row")'
    )
    assert outside == [(0,)]
    assert look("SELECT count(*) > 0 FROM lowuse.checks WHERE parcel_row IS NOT NULL") == [(True,)]
    wrong = {
        'INSERT INTO lowuse.findings (run_id, fid, "row", criterion, truth)'
        " VALUES (%s, -1, 'no such', 'A', 'true')": psycopg.errors.ForeignKeyViolation,
        "INSERT INTO lowuse.labels (run_id, fid) VALUES (-1, -1)": (
            psycopg.errors.ForeignKeyViolation
        ),
        'INSERT INTO lowuse.problems (run_id, fid, "row", code, verdict)'
        " VALUES (%s, -1, 'no such', 'A', 'low_use')": psycopg.errors.ForeignKeyViolation,
        'INSERT INTO lowuse.findings (run_id, fid, "row", criterion, truth)'
        " VALUES (%s, -1, '1:1', 'A', 'perhaps')": psycopg.errors.CheckViolation,
        "UPDATE lowuse.parcels SET verdict = NULL": psycopg.errors.NotNullViolation,
        "UPDATE lowuse.parcels SET area = -1": psycopg.errors.CheckViolation,
        "UPDATE lowuse.parcels SET \"row\" = '1:1'": psycopg.errors.UniqueViolation,
    }
    for text, error in wrong.items():
        with roles.connect(sample) as connection, pytest.raises(error):
            connection.execute(text, [run] if "%s" in text else None)
    kinds = look(
        "SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = indexrelid"
        " JOIN pg_am m ON m.oid = c.relam WHERE amname = 'gist'"
        " AND c.relnamespace = 'lowuse'::regnamespace AND NOT c.relispartition"
    )
    # parcels, checks, units, members, units_checks, projects, ranking, key_areas, legacy
    assert kinds == [(9,)]


def test_a_plan_of_other_units_is_told(roles, database, filed, lowuse, tmp_path):
    units = tmp_path / "units.gpkg"
    shutil.copy(filed / "units.gpkg", units)
    with sqlite3.connect(units) as base:
        base.execute("PRAGMA user_version = 10400")
        base.execute("CREATE TABLE notes (id INTEGER)")
    base.close()
    words = ("publish", filed / "result.gpkg", units, roles.url(database), "--json", "-q")
    code, out, err = lowuse(*words, "--plan", filed / "plan.gpkg")
    assert code == 0, err
    assert json.loads(out)["foreign"] == ["plan"]


def test_twice_is_once(publish, filed, ask):
    words = ("--legacy", filed / "sealed")
    publish(*words)
    before, runs = snapshot(ask), ask("SELECT * FROM lowuse.runs")
    assert "already published" in publish(*words)
    said = json.loads(publish(*words, "--json"))
    assert (said["new"], said["run_id"]) == (False, runs[0][0])
    assert snapshot(ask) == before
    assert ask("SELECT * FROM lowuse.runs") == runs


def test_a_file_that_a_gis_rewrote_is_the_same_result(
    publish, small, lowuse, roles, database, tmp_path
):
    publish()
    copy = tmp_path / "r.gpkg"
    shutil.copy(small, copy)
    with sqlite3.connect(copy) as base:
        base.execute("PRAGMA user_version")
        base.execute("CREATE TABLE notes (id INTEGER)")
        base.execute("DROP TABLE notes")
    base.close()
    assert copy.read_bytes() != small.read_bytes()
    code, out, err = lowuse("publish", copy, roles.url(database), "-q", "--json")
    assert code == 0, err
    assert json.loads(out)["new"] is False


def changed(path, into):
    """Copy a result with one verdict's reason changed: another run."""
    shutil.copy(path, into)
    with sqlite3.connect(into) as base:
        base.execute("UPDATE problems SET text = text || '。' WHERE fid = 1")
    base.close()
    return into


def test_runs_stand_side_by_side_and_the_last_is_current(
    publish, filed, small, lowuse, roles, database, ask, tmp_path
):
    publish("--legacy", filed / "sealed")
    (first,) = ask("SELECT run_id FROM lowuse.runs WHERE current")
    parcels = ask("SELECT count(*) FROM lowuse.current_parcels")
    other = changed(small, tmp_path / "r.gpkg")
    code, _out, err = lowuse("publish", other, roles.url(database), "-q")
    assert code == 0, err
    (second,) = ask("SELECT run_id FROM lowuse.runs WHERE current")
    assert second != first
    assert ask("SELECT count(*), count(DISTINCT run_id) FROM lowuse.parcels") == [
        (2 * parcels[0][0], 2)
    ]
    assert ask("SELECT count(*) FROM lowuse.current_parcels") == parcels
    assert ask("SELECT count(*) FROM lowuse.current_legacy") == [(0,)]  # the new run has none
    publish("--legacy", filed / "sealed")
    assert ask("SELECT run_id FROM lowuse.runs WHERE current") == [first]
    with roles.connect(database) as connection:
        connection.execute("DELETE FROM lowuse.runs WHERE run_id = %s", second)
    assert ask("SELECT count(*), count(DISTINCT run_id) FROM lowuse.findings")[0][1] == 1


TRIGGER = """
CREATE FUNCTION public.fails() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN IF NEW.fid > 5 THEN RAISE EXCEPTION 'planted'; END IF; RETURN NEW; END $$;
CREATE TRIGGER fails BEFORE INSERT ON lowuse.labels FOR EACH ROW EXECUTE FUNCTION public.fails();
"""


def test_a_failure_in_the_middle_leaves_the_database_as_it_was(
    publish, small, refused, roles, database, ask, tmp_path
):
    publish()
    with roles.connect(database) as connection:
        connection.execute(TRIGGER)
    before, runs = snapshot(ask), ask("SELECT * FROM lowuse.runs")
    other = changed(small, tmp_path / "r.gpkg")
    error, hint = refused("publish", other, roles.url(database), "-q")
    assert "planted" in error
    assert "nothing was published" in hint
    assert snapshot(ask) == before
    assert ask("SELECT * FROM lowuse.runs") == runs


def test_a_connection_that_is_killed_leaves_an_empty_database(roles, database, refused, filed, ask):
    stop, killed = threading.Event(), []

    def kill():
        """End the connection as soon as it copies findings."""
        with roles.connect(database) as connection:
            while not stop.is_set() and not killed:
                killed.extend(
                    connection.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                        " AND query LIKE 'COPY %findings%'"
                    ).fetchall()
                )
                time.sleep(0.001)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        error, hint = refused("publish", filed / "result.gpkg", roles.url(database), "-q")
    finally:
        stop.set()
        thread.join()
    assert killed
    assert "connection was lost" in error
    assert "nothing is half done" in hint
    assert ask("SELECT to_regnamespace('lowuse')") == [(None,)]


def test_the_reader_reads_and_does_not_write(roles, sample, look):
    assert look("SELECT count(*) > 0 FROM lowuse.current_parcels", READS) == [(True,)]
    assert look("SELECT count(*) > 0 FROM lowuse.current_lowuse_industrial", READS) == [(True,)]
    for text in (
        "DELETE FROM lowuse.findings",
        "UPDATE lowuse.runs SET current = false",
        "INSERT INTO lowuse.schema_version VALUES (1)",
        "DELETE FROM lowuse.current_parcels",
        "CREATE TABLE lowuse.mine ()",
        "DROP TABLE lowuse.problems",
        "TRUNCATE lowuse.problems",
    ):
        with (
            roles.connect(sample, READS) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(text)


def test_a_user_who_may_make_schemas_is_enough(publish, ask, roles, database):
    publish(user=WRITES)
    assert ask("SELECT count(*) > 0 FROM lowuse.current_parcels", WRITES) == [(True,)]
    said = publish("--reader", "lowuse_reader", user=WRITES, ok=False)
    assert "no role lowuse_reader" in said
    publish("--reader", "lowuse_reader")  # an administrator makes it
    with roles.connect(database) as connection:
        assert connection.execute(
            "SELECT rolcanlogin, has_table_privilege('lowuse_reader', 'lowuse.parcels', 'SELECT')"
            " FROM pg_roles WHERE rolname = 'lowuse_reader'"
        ).fetchall() == [(False, True)]
        connection.execute("DROP OWNED BY lowuse_reader")
        connection.execute("DROP ROLE lowuse_reader")
    assert "no role somebody" in publish("--reader", "somebody", ok=False)


@pytest.mark.parametrize(
    "name", ['a"; DROP SCHEMA public; --', "模" * 21, "'x' %s {} \\", "Select"]
)
def test_hostile_names_are_only_names(publish, roles, database, name):
    with roles.connect(database) as connection:
        role = sql.Identifier(f"r{name}"[:20])
        connection.execute(sql.SQL("CREATE ROLE {}").format(role))
        publish("--schema", name, "--reader", f"r{name}"[:20])
        again = publish("--schema", name)
        assert "already published" in again
        counted = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name, "current_parcels"))
        assert connection.execute(counted).fetchone()[0] > 0
        connection.execute(sql.SQL("DROP OWNED BY {}; DROP ROLE {}").format(role, role))


def test_hostile_names_in_a_file_are_only_names(small, lowuse, roles, database, ask, tmp_path):
    import pandas as pd
    from pyogrio import write_dataframe

    path = tmp_path / "r.gpkg"
    shutil.copy(small, path)
    long = "很长的列名" * 6
    odd = {'a"; DROP TABLE x; --': ["'"], "run_id": ["\\."], "ctid": ['",\n\\.\n'], "%s{}": [""]}
    frame = pd.DataFrame({**odd, long + "甲": [1.5], long + "乙": [None]})
    for layer in ('t"; DROP SCHEMA lowuse CASCADE; --', "current_parcels", "表" * 30):
        write_dataframe(frame, path, layer=layer, driver="GPKG")
    code, out, err = lowuse("publish", path, roles.url(database), "-q", "--json")
    assert code == 0, err
    tables = json.loads(out)["tables"]
    assert tables["current_parcels_"] == 1
    assert all(len(f"current_{name}".encode()) <= 63 for name in tables)
    (row,) = ask('SELECT * FROM lowuse."t""; DROP SCHEMA lowuse CASCADE; --"')
    assert row[1:6] == (1, "'", "\\.", '",\n\\.\n', "")
    assert row[6:] == (1.5, None)


def test_schemas_that_are_not_ours_are_left_alone(publish, roles, database):
    assert "holds other things" in publish("--schema", "public", ok=False)
    publish()
    with roles.connect(database) as connection:
        connection.execute("UPDATE lowuse.schema_version SET version = 0")
    assert "another version" in publish(ok=False)


def test_a_column_of_another_type_is_told(publish, small, refused, roles, database, tmp_path):
    publish()
    with roles.connect(database) as connection:
        connection.execute("ALTER TABLE lowuse.lacking DROP parcels CASCADE, ADD parcels text")
    other = changed(small, tmp_path / "r.gpkg")
    error, _hint = refused("publish", other, roles.url(database), "-q")
    assert "lacking.parcels" in error


def test_a_new_column_widens_the_table(publish, small, lowuse, roles, database, ask, tmp_path):
    publish()
    other = changed(small, tmp_path / "r.gpkg")
    with sqlite3.connect(other) as base:
        base.execute("ALTER TABLE lacking ADD COLUMN wanted_by TEXT")
        base.execute("UPDATE lacking SET wanted_by = '甲'")
    base.close()
    code, _out, err = lowuse("publish", other, roles.url(database), "-q")
    assert code == 0, err
    assert ask("SELECT DISTINCT wanted_by FROM lowuse.current_lacking") == [("甲",)]
    assert ask("SELECT DISTINCT wanted_by FROM lowuse.lacking ORDER BY 1") == [("甲",), (None,)]


def test_ways_that_do_not_lead_in(publish, roles, database, monkeypatch):
    said = publish(target=roles.url(database, word="s3cret-wrong"), ok=False)
    assert "user or password is wrong" in said
    assert "asks for a password" in publish(
        target=f"postgresql://{BOSS}@127.0.0.1:{roles.port}/{database}", ok=False
    )
    assert "no such database" in publish(name="nowhere", ok=False)
    assert "no connection" in publish(
        target=f"postgresql://{BOSS}:s3cret@127.0.0.1:1/x?connect_timeout=3", ok=False
    )
    assert "no PostGIS" in publish(name="postgres", ok=False)
    assert "not allowed" in publish(user=READS, ok=False)
    assert "no such service" in publish(target="service=nowhere", ok=False)
    assert "no database named" in publish(target="", ok=False)


def test_units_of_another_result_are_refused(publish, filed, ask):
    said = publish(filed / "units.gpkg", ok=False)
    assert "left_out points to what is not there" in said
    assert "drawn from this very result" in said
    assert ask("SELECT to_regnamespace('lowuse')") == [(None,)]


@pytest.mark.parametrize(
    "target",
    [
        "postgresql://boss:s3cret@word@127.0.0.1/land",
        "postgresql://boss:s3cret/word@127.0.0.1/land",
        "postgresql://boss:12/s3cret@127.0.0.1/land",
        "postgresql://boss:s3cret%zz@127.0.0.1/land",
        "postgresql://boss:s3cret?word@127.0.0.1/land",
        "postgresql:/boss:s3cret@127.0.0.1/land",
        "host=127.0.0.1 password=s3cret word",
        "boss:s3cret@127.0.0.1/land",
    ],
)
def test_a_target_that_is_mistyped_is_not_repeated(publish, target):
    publish(target=target, ok=False)


def test_by_service_file_and_by_environment(publish, roles, database, monkeypatch, tmp_path):
    service = tmp_path / "pg_service.conf"
    service.write_text(
        f"[office]\nhost=127.0.0.1\nport={roles.port}\ndbname={database}\nuser={BOSS}\n"
    )
    passes = tmp_path / "pgpass"
    escaped = WORD.replace("\\", "\\\\").replace(":", "\\:")
    passes.write_text(f"127.0.0.1:{roles.port}:*:{BOSS}:{escaped}\n")
    passes.chmod(0o600)
    monkeypatch.setenv("PGSERVICEFILE", str(service))
    monkeypatch.setenv("PGPASSFILE", str(passes))
    assert "service=office" in publish(target="service=office")
    monkeypatch.setenv("PGSERVICE", "office")
    assert "already published" in publish(target="")
    monkeypatch.delenv("PGSERVICE")
    for name, value in {
        "PGHOST": "127.0.0.1", "PGPORT": roles.port, "PGDATABASE": database, "PGUSER": BOSS,
        "PGPASSWORD": WORD,
    }.items():  # fmt: skip
        monkeypatch.setenv(name, str(value))
    assert "already published" in publish(target="")


def test_a_system_the_server_lacks_is_added_or_told(publish, roles, database, ask):
    with roles.connect(database) as connection:
        connection.execute("DELETE FROM spatial_ref_sys WHERE srid = 4527")
    assert "does not know EPSG:4527" in publish(user=WRITES, ok=False)
    publish()
    assert ask("SELECT auth_name, auth_srid FROM spatial_ref_sys WHERE srid = 4527") == [
        ("EPSG", 4527)
    ]


def test_two_at_once_publish_once(roles, database, small, ask):
    command = [sys.executable, "-m", "lowuse_gis", "publish", str(small)]
    command += [roles.url(database), "-q", "--json"]
    both = [
        subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ}) for _n in range(2)
    ]
    said = [json.loads(process.communicate()[0]) for process in both]
    assert sorted(one["new"] for one in said) == [False, True]
    assert ask("SELECT count(*) FROM lowuse.runs") == [(1,)]
