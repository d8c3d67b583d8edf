"""Figures that the benchmarks derive from measurements: processor time, busy sites, targets."""

import subprocess
import sys
import time
from contextlib import closing
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from bench import processes
from bench.__main__ import measured, refusal
from bench.bench import Bench
from bench.crowd import Click, load_of, wrong_statuses
from bench.data import LARGE
from bench.results import Result, cpu, database_cpu
from bench.rows import Row, busy, chosen, sizes

pytestmark = pytest.mark.any_database

PARENT_OF_A_CHILD_THAT_ENDED = """
import subprocess, sys
subprocess.run([sys.executable, "-c", "import time\\nwhile time.process_time() < 0.3: pass"])
print("done", flush=True)
sys.stdin.read()
"""


def test_processor_time_of_a_family_includes_children_that_ended():
    command = [sys.executable, "-c", PARENT_OF_A_CHILD_THAT_ENDED]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout.readline() == b"done\n"
        family, alone = (
            processes.seconds_of_family(parent.pid),
            processes.seconds_used([parent.pid]),
        )
        parent.stdin.close()

    assert family - alone >= 0.25


class Page:
    """A page that costs the application 2 ms, and 3 ms after a commit."""

    def __init__(self):
        self.large, self.commits = self, 0
        self.port = 1

    def headers(self, _visitor):
        return {}

    def in_turn(self, _place, _request, before, _status):
        commits = self.commits
        before()
        return Result("", cpu=3.0 if self.commits > commits else 2.0)

    def commit(self):
        self.commits += 1


def test_a_busy_page_is_compared_with_the_same_on_a_quiet_site():
    page = Page()

    result = busy.beside_commits(page, "/", page.commit)

    assert (result.cpu, result.figures["times"], page.commits) == (3.0, 1.5, busy.ROUNDS)
    assert busy.ALMOST_AS_FAST.is_met(result) is False


def test_the_figure_of_a_visitors_page_is_never_the_quiet_one_alone():
    names = [row.name for row in chosen("")]
    quiet = [name for name in names if name.endswith((", visitor", "(304)")) and "feed" not in name]

    pages = [name for name in quiet if not name.startswith("weight")]
    assert len(pages) > 4
    for name in pages:
        assert f"{name}, busy site" in {row.name for row in chosen(name)}


def test_each_commit_of_a_busy_site_changes_something(tmp_path):
    url = f"sqlite:///{tmp_path / 'site.db'}"
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE event (slug TEXT, last_position INTEGER)")
        connection.exec_driver_sql("INSERT INTO event VALUES ('event-99999', 0)")

    large = SimpleNamespace(site=SimpleNamespace(size=LARGE))
    with (
        closing(engine.raw_connection()) as reader,
        busy.committing(url, busy.unrelated(large)) as commit,
    ):
        seen = []
        for _commit in range(3):
            commit()
            seen.append(reader.cursor().execute("PRAGMA data_version").fetchone()[0])

    assert len(set(seen)) == 3


def test_pages_are_compared_by_processor_time_and_the_wait_is_named():
    found = iter(
        [Result("", rate=50, cpu=6.0, database_cpu=2.0), Result("", rate=80, cpu=3, database_cpu=1)]
        * 2
    )
    bench = SimpleNamespace(seconds=2, page=lambda *_asked, **_how: next(found))

    result = sizes.compared(bench, (None, "/a", "a"), (None, "/b", "b"), lambda _place: None)

    assert result.figures["times"] == 2.0
    assert result.note == "2.00 times the processor (4.0 ms), 1.60 times as long"


@pytest.mark.parametrize(
    ("database", "reach", "missed"),
    [
        ("postgresql", "≤ 4 ms app, ≤ 1 ms PostgreSQL", ["≤ 1 ms PostgreSQL"]),
        ("sqlite", "≤ 4 ms app", []),
    ],
)
def test_sqlite_has_no_target_for_postgresql(tmp_path, database, reach, missed):
    row = Row(
        "a page",
        lambda _bench: Result("", cpu=3, database_cpu=2 if database == "postgresql" else None),
        (cpu(4), database_cpu(1)),
        (database,),
    )

    result = measured(row, Bench(database, 1, {}, 0, tmp_path))

    assert (result.reach, result.missed) == (reach, missed)


def test_an_error_in_one_row_leaves_the_others(tmp_path):
    row = Row("a page", lambda _bench: Result("", cpu=1 / 0), (cpu(4),), ("sqlite",))

    result = measured(row, Bench("sqlite", 1, {}, 0, tmp_path))

    assert result.failed == "ZeroDivisionError: division by zero"


def test_whole_tables_are_kept_of_commits_only():
    assert "Commit" in refusal("yes", "", "0123456789-dirty")
    assert refusal("yes", "", "0123456789") == ""
    assert refusal("no", "", "0123456789-dirty") == ""
    assert refusal("yes", "event", "0123456789-dirty") == ""


def test_clicks_make_a_load_and_other_statuses_are_named():
    clicks = [Click("page", time.monotonic(), float(ms), 200) for ms in range(1, 101)]
    clicks.append(Click("ballot", 0, 500.0, 422))

    load = load_of(clicks, 10)

    assert (load.requests, load.rate, load.p50, load.p99) == (101, 10.1, 51.0, 100.0)
    assert load.statuses == {200: 100, 422: 1}
    assert wrong_statuses(clicks) == ["ballot: 1 times 422"]
