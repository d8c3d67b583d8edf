"""PostgreSQL restarts, runs out of connections, or a lock is never released."""

import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
import sqlalchemy as sa

from scripts import services
from tests import factories
from webapp.core.extensions import db

from .asking import at_once, load, longest, share, statuses
from .crowd import MANY, WHO, lost
from .fault_site import fault_site

pytestmark = pytest.mark.faults

CROWDS, THIRD = 5, 7
AFTERWARDS = 10_000  # round numbers that `load` doesn't reach


def restart(here):
    """Kill PostgreSQL and start it again; it recovers from its log."""
    words = [
        services.find("pg_ctl"),
        "-D",
        "data",
        "-m",
        "immediate",
        "-l",
        "log2",
        "-w",
        "restart",
    ]
    folder = here.folder / "postgresql"
    subprocess.run(
        words, cwd=folder, check=True, capture_output=True, timeout=60, **services.someone_else()
    )


def stop_for_good(here):
    """Stop the restarted server, which isn't our child process."""
    words = [services.find("pg_ctl"), "-D", "data", "-m", "immediate", "stop"]
    subprocess.run(
        words,
        cwd=here.folder / "postgresql",
        capture_output=True,
        timeout=60,
        **services.someone_else(),
    )


def restarted(place, without=""):
    """Return people's responses, the length of the outage, how many accepted changes were lost, and
    the emails.
    """
    with fault_site(place, without=without, MAIL_LEASE_SECONDS="20") as here:
        event = factories.event(factories.user())
        crowds = [here.crowd(event) for _ in range(2)]
        looking = crowds[0].readers
        writers = [write for crowd in crowds for write in crowd.writers]
        db.session.remove()
        try:
            with load(*looking, *writers, pause=0.01) as answers:
                time.sleep(3)
                for _ in range(2):
                    restart(here)
                    time.sleep(4)
            away = [answer for answer in answers if not answer.is_fine]
            db.session.remove()
            db.engine.dispose()
            missing = lost(crowds)
            after = [
                act(number)
                for act in (*looking, *writers)
                for number in range(AFTERWARDS, AFTERWARDS + 4)
            ]
            late = here.wait(here.all_sent, 120)
            broken = here.unhandled() if not without else ""
            return answers, away, missing, late, here.restarts, after, broken
        finally:
            db.session.remove()
            db.engine.dispose()
            stop_for_good(here)


def bursts(away):
    """Return the length of the longest outage in seconds; failures less than two seconds apart are
    one outage.
    """
    longest_stretch, began, last = 0.0, None, None
    for moment in sorted(answer.asked_at + answer.seconds for answer in away):
        began = moment if last is None or moment - last > 2 else began
        last = moment
        longest_stretch = max(longest_stretch, last - began)
    return longest_stretch


def test_the_site_recovers_from_a_postgresql_restart(row, folder):
    row.fault = "PostgreSQL restarted"
    row.expected = (
        "503 with Retry-After, then it recovers by itself; what was answered with success is "
        "still there"
    )
    row.made = f"pg_ctl restart -m immediate, twice; {WHO}; "
    row.made += "lease 20 s (usually 120)"
    answers, away, missing, late, restarts, after, broken = restarted(folder / "with")
    row.figure = f"{statuses(answers)}; away for {bursts(away):.1f} s; writes lost {missing}; "
    row.figure += f"all emails out {late or -1:.0f} s after; {restarts} processes started again"
    control, *_ = restarted(folder / "without", "errors")
    row.control = f"without the handler of database errors: {statuses(control)}"

    assert all(answer.is_clean for answer in answers), f"{statuses(answers)} {broken}"
    assert away, "nobody noticed the restart"
    assert share(after) == 100, statuses(after)
    assert missing == 0
    assert late is not None
    assert not all(answer.is_clean for answer in control)


def connections_used_up(place, without=""):
    """Return people's responses while every connection but one was taken, and afterwards."""
    with (
        fault_site(place, without=without, SWEEP="2", postgresql={"max_connections": "10"}) as here,
        ExitStack() as held,
    ):
        event = factories.event(factories.user())
        crowds = [here.crowd(event) for _ in range(CROWDS)]
        url = here.app.config["SQLALCHEMY_DATABASE_URI"]
        db.session.remove()
        db.engine.dispose()
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        time.sleep(0.5)
        # The site keeps the connections that it has, so end them as an administrator or a proxy
        # may, and let others take them.
        with engine.connect() as connection:
            others = "pid <> pg_backend_pid() AND datname = 'postgres'"
            connection.exec_driver_sql(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"
            )
        for _ in range(9):
            held.enter_context(engine.connect())
        with load(*(act for crowd in crowds for act in crowd.acts)) as answers:
            time.sleep(6)
        held.close()
        time.sleep(0.5)
        after = [
            act(number) for act in crowds[0].acts for number in range(AFTERWARDS, AFTERWARDS + 10)
        ]
        db.session.remove()
        return answers, after, lost(crowds), here.work(15 if without else 120)


def test_the_site_recovers_from_used_up_connections(row, folder):
    row.fault = "connections used up"
    row.expected = (
        "503 with Retry-After after the pool's time-out, no hang; well again when there are some"
    )
    row.made = "max_connections=10, nine of them held by others; for 6 s, on 2 processes, "
    row.made += f"{CROWDS} {MANY}"
    answers, after, missing, (beat, late) = connections_used_up(folder / "with")
    row.figure = f"{statuses(answers)}; longest wait {longest(answers):.1f} s; "
    row.figure += f"afterwards {statuses(after)}; writes lost {missing}; "
    row.figure += (
        f"the clock beat after {beat or -1:.0f} s, all emails out {late or -1:.0f} s later"
    )
    control, *_ = connections_used_up(folder / "without", "errors")
    row.control = f"without the handler of database errors: {statuses(control)}"

    assert all(answer.is_clean for answer in answers), statuses(answers)
    assert any(answer.status == 503 for answer in answers)
    assert longest(answers) < 11.5
    assert share(after) == 100, statuses(after)
    assert missing == 0
    assert None not in (beat, late), row.figure
    assert not all(answer.is_clean for answer in control)


def sat_upon(place, without=""):
    """Let people answer, or request a guest's link, while someone locks the event's row; meanwhile
    use the other processes.

    Return the responses, those of live, the seconds of clock and worker, and how many connections
    web may have.
    """
    with fault_site(place, without=without, SWEEP="2", WEB_CONCURRENCY="1") as here:
        event = factories.event(factories.user())
        crowds = [here.crowd(event, patience=60) for _ in range(THIRD)]
        event_id, looking = event.id, crowds[0].readers
        pool = here.app.config["SQLALCHEMY_ENGINE_OPTIONS"]
        db.session.remove()
        holder = db.engine.connect()
        holder.execute(sa.text("SELECT 1 FROM event WHERE id = :id FOR UPDATE"), {"id": event_id})
        acts = [lambda c=c, who=who: c.answer(who, 0) for c in crowds for who in ("user", "guest")]
        acts += [lambda c=c: c.ask_for_link(0) for c in crowds]
        with ThreadPoolExecutor(1) as aside:
            asked = aside.submit(at_once, acts, len(acts))
            streams = [crowd.listen() for crowd in crowds]
            work = here.work()
            answers = asked.result()
        holder.rollback()
        holder.close()
        time.sleep(0.5 if not without else 0)
        after = [
            act(number)
            for act in (*looking, *crowds[0].writers)
            for number in range(AFTERWARDS, AFTERWARDS + 5)
        ]
        return answers, after, streams, work, pool["pool_size"] + pool["max_overflow"]


def test_a_lock_never_released_gets_503(row, folder):
    row.fault = "a lock that is never released"
    row.expected = "503 after the lock’s time-out (10 s in the line, 10 s at its head); then well; "
    row.expected += "meanwhile live, worker and clock go on"
    answers, after, streams, (beat, sent), connections = sat_upon(folder / "with")
    row.made = (
        "SELECT … FOR UPDATE on the event's row, held; "
        f"{THIRD} members and {THIRD} guests answer and {THIRD} visitors ask for a link, "
    )
    row.made += f"all at once, of one web process, which may have {connections} connections; "
    row.made += f"{THIRD} streams of the event, a beat of the clock that a worker records, an email"
    row.figure = (
        f"{statuses(answers)}; longest wait {longest(answers):.1f} s; "
        f"afterwards {statuses(after)}; meanwhile streams {statuses(streams)}, "
        f"beat after {beat or -1:.0f} s, email after {sent or -1:.0f} s"
    )
    control, *_ = sat_upon(folder / "without", "timeouts")
    row.control = f"without the time-outs: {statuses(control)} after {longest(control):.0f} s"

    assert all(answer.status == 503 and answer.is_clean for answer in answers), statuses(answers)
    assert longest(answers) < 33
    assert all(answer.status == 200 for answer in streams), statuses(streams)
    assert None not in (beat, sent), row.figure
    assert share(after) == 100, statuses(after)
    assert any(answer.status == 0 for answer in control)
