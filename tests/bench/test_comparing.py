"""Revisions are compared by rounds beside each other, and an interval says what that proves."""

import subprocess
from random import Random
from types import SimpleNamespace

import pytest

from bench import comparing, load
from bench.bench import Bench
from bench.comparing import ComparingBench, Contender, Cost, in_rounds, ratio, table
from bench.load import Failed, Load

pytestmark = pytest.mark.any_database


class Server:
    """A server whose requests cost 2 ms, times `factor`."""

    def __init__(self, factor):
        self.factor, self.used = factor, 0.0

    def seconds_used(self):
        return self.used

    def database_seconds_used(self):
        return self.used / 2

    def rest(self):
        pass


@pytest.fixture
def bench(tmp_path, monkeypatch):
    """A bench with four pairs of servers; the other revision's requests cost half as much."""
    made = ComparingBench("sqlite", 2, {}, 0, tmp_path, checkouts={"HEAD~1": tmp_path})
    servers = {number: Server(1 + number % 2) for number in range(8)}
    names = ("HEAD~1", "")
    groups = [[Contender(names[n % 2], n, servers[n]) for n in (at + 1, at)] for at in (0, 2, 4, 6)]
    made._groups["small"] = groups
    made.asked = []

    def send(port, requests, _seconds, connections):
        assert connections == 1
        sent = list(requests)
        made.asked += sent
        servers[port].used += len(sent) * 0.002 * servers[port].factor
        return Load(len(sent), 1, 1, 1, {303: len(sent)})

    monkeypatch.setattr(load, "send", send)
    return made


SMALL = SimpleNamespace(site=SimpleNamespace(size=SimpleNamespace(name="small")), drivers=[1])


def test_a_row_that_costs_twice_as_much_is_dearer(bench):
    result, sent = bench.changes(SMALL, iter(range(10_000)))

    [(cells, app)] = table("answering", bench.taken())
    assert cells[:4] == ("answering", "HEAD~1", "4.00", "2.00")
    assert (app.middle, app.is_dearer, app.verdict) == (pytest.approx(2), True, "**dearer**")
    assert (result.cpu, result.database_cpu) == (pytest.approx(4), pytest.approx(2))
    assert bench.asked == list(range(sent))  # each form once


def test_a_wrong_answer_fails_the_row(bench):
    with pytest.raises(Failed, match="303"):
        bench.changes(SMALL, iter(range(10_000)), answer=200)


def test_a_row_without_rounds_is_not_compared(bench):
    assert bench.taken() == {}
    bench.changes(SMALL, iter(range(10_000)))
    assert bench.taken() != {} == bench.taken()


def test_revisions_take_turns_within_each_pair_of_processes():
    groups = [[Contender(name, number, None) for name in ("", "main")] for number in range(2)]
    turns = []

    costs = in_rounds(groups, lambda by: turns.append((by.port, by.revision)) or Cost(1), 10)

    assert [turn[0] for turn in turns[:4]] == [0, 0, 1, 1]
    for first in range(0, len(turns), 2):
        assert {name for _port, name in turns[first : first + 2]} == {"", "main"}
    assert len({tuple(turns[at : at + 4]) for at in range(0, 40, 4)}) > 1  # not always in one order
    assert {name: [len(pair) for pair in pairs] for name, pairs in costs.items()} == {
        "": [10, 10],
        "main": [10, 10],
    }


def noisy(throw, times, machine, offsets):
    """Costs of rounds while the machine becomes slower, by process."""
    return [
        [times * offset * slow * throw.uniform(0.97, 1.03) for slow in machine]
        for offset in offsets
    ]


@pytest.mark.parametrize(("times", "verdict"), [(0.9, "cheaper"), (1, "no dearer"), (1.2, "**dea")])
def test_a_machine_that_becomes_slower_does_not_matter(times, verdict):
    throw, machine, equal = Random(2), [1 + at / 10 for at in range(10)], (1, 1, 1, 1)

    found = ratio(noisy(throw, times, machine, equal), noisy(throw, 1, machine, equal))

    assert found.least < times < found.most
    assert found.verdict.startswith(verdict)


def test_processes_that_differ_by_chance_make_it_unclear():
    throw, machine = Random(2), [1] * 10

    found = ratio(
        noisy(throw, 1, machine, (0.93, 1.0, 1.08, 1.1)), noisy(throw, 1, machine, (1, 1, 1, 1))
    )

    assert found.least < 1 < found.most
    assert found.verdict.startswith("unclear")


def test_revisions_are_checked_out_and_removed(tmp_path):
    folder, outside = tmp_path / "site", tmp_path / "checkouts"
    outside.mkdir()

    def git(*words):
        who = ("-c", "user.name=Ana", "-c", "user.email=ana@example.org")
        return subprocess.run(
            ["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True
        ).stdout

    folder.mkdir()
    git("init", "--quiet")
    (folder / "page").write_text("old")
    git("add", "page")
    git("commit", "--quiet", "--message", "Old")
    (folder / "page").write_text("new")

    with comparing.checked_out(["HEAD"], outside, folder) as checkouts:
        assert (checkouts["HEAD"] / "page").read_text() == "old"

    assert list(outside.iterdir()) == []
    assert len(git("worktree", "list").splitlines()) == 1


def test_rows_see_the_usual_methods():
    for name in ("page", "in_turn", "changes"):
        assert getattr(ComparingBench, name) is not getattr(Bench, name)
