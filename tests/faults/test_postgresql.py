"""PostgreSQL is restarted, runs out of connections, or somebody sits on a lock."""

import subprocess
import time
from contextlib import ExitStack

import pytest
import sqlalchemy as sa

from scripts import services
from tests import factories
from webapp.attendance import rsvps
from webapp.core.extensions import db
from webapp.events.models import Event

from .asking import at_once, load, longest, share, statuses
from .town import town

pytestmark = pytest.mark.faults

ANSWERS = ("going", "not_going")


def restart(here):
    """PostgreSQL has been killed and started again; it repairs itself from its log."""
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
        words, cwd=folder, check=True, capture_output=True, timeout=60, **services.somebody_else()
    )


def stop_for_good(here):
    """The restarted server is no child of ours any more: it is asked to stop."""
    words = [services.find("pg_ctl"), "-D", "data", "-m", "immediate", "stop"]
    subprocess.run(
        words,
        cwd=here.folder / "postgresql",
        capture_output=True,
        timeout=60,
        **services.somebody_else(),
    )


def restarted(place, without=""):
    """What people met, how long it lasted, whether answers that were taken are still there, and
    the letters.
    """
    with town(place, without=without, MAIL_LEASE_SECONDS="20") as here:
        people = [factories.user() for _ in range(5)]
        event = factories.event(people[0])
        slug, event_id = event.slug, event.id
        clients = [here.client(person) for person in people]
        looking = here.readers(people[0], event)
        ids = [person.id for person in people]
        taken = {}
        db.session.remove()

        def answering(which):
            def act(number):
                answer = clients[which].post(
                    f"/events/{slug}/rsvp", answer=ANSWERS[number % 2], party=1
                )
                if answer.status == 303:
                    taken[which] = ANSWERS[number % 2]
                elif answer.status == 0 or answer.status >= 500:
                    taken.pop(
                        which, None
                    )  # nobody knows whether it was written: the answer to it did not come
                return answer

            return act

        try:
            with load(
                *looking, *(answering(which) for which in range(1, 5)), pause=0.01
            ) as answers:
                time.sleep(3)
                for _ in range(2):
                    restart(here)
                    time.sleep(4)
            away = [answer for answer in answers if not answer.is_fine]
            db.session.remove()
            db.engine.dispose()
            event = db.session.get(Event, event_id)
            after = [look(number) for look in looking for number in range(4)]
            there = {
                which: rsvps.of(event, type("Who", (), {"id": ids[which]})).state for which in taken
            }
            db.session.remove()
            late = here.wait(here.all_sent, 120)
            wrong = sum(there[which] != taken[which] for which in taken)
            broken = here.unhandled() if not without else ""
            return answers, away, wrong, late, here.restarts, after, broken
        finally:
            db.session.remove()
            db.engine.dispose()
            stop_for_good(here)


def bursts(away):
    """The seconds of the longest stretch of failures, those less than two seconds apart being
    one.
    """
    longest_stretch, began, last = 0.0, None, None
    for moment in sorted(answer.asked_at + answer.seconds for answer in away):
        began = moment if last is None or moment - last > 2 else began
        last = moment
        longest_stretch = max(longest_stretch, last - began)
    return longest_stretch


def test_postgresql_is_restarted(row, folder):
    row.fault = "PostgreSQL restarted"
    row.expected = (
        "503 with Retry-After, then it recovers by itself; what was answered with success is "
        "still there"
    )
    row.made = (
        "pg_ctl restart -m immediate, twice; a member, a visitor and a guest read, four members "
        "answer; "
    )
    row.made += "lease 20 s (usually 120)"
    answers, away, wrong, late, restarts, after, broken = restarted(folder / "with")
    row.figure = f"{statuses(answers)}; away for {bursts(away):.1f} s; answers lost {wrong}; "
    row.figure += f"all mails out {late or -1:.0f} s after; {restarts} processes started again"
    control, *_ = restarted(folder / "without", "errors")
    row.control = f"without the handler of database errors: {statuses(control)}"

    assert all(answer.is_clean for answer in answers), f"{statuses(answers)} {broken}"
    assert away, "nobody noticed the restart"
    assert share(after) == 100, statuses(after)
    assert wrong == 0
    assert late is not None
    assert not all(answer.is_clean for answer in control)


def connections_used_up(place, without=""):
    """What people met while every connection but one was taken, and afterwards."""
    with (
        town(place, "web", without=without, postgresql={"max_connections": "10"}) as here,
        ExitStack() as held,
    ):
        person = factories.user()
        looking = here.readers(person, factories.event(person))
        url = here.app.config["SQLALCHEMY_DATABASE_URI"]
        db.session.remove()
        db.engine.dispose()
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        time.sleep(0.5)
        # The site keeps those that it has: somebody ends them, as an administrator or a proxy may,
        # and others take them.
        with engine.connect() as connection:
            others = "pid <> pg_backend_pid() AND datname = 'postgres'"
            connection.exec_driver_sql(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"
            )
        for _ in range(9):
            held.enter_context(engine.connect())
        with load(*looking * 5) as answers:
            time.sleep(6)
        held.close()
        time.sleep(0.5)
        after = [look(number) for look in looking for number in range(4)]
        return answers, after


def test_connections_are_used_up(row, folder):
    row.fault = "connections used up"
    row.expected = (
        "503 with Retry-After after the pool's time-out, no hang; well again when there are some"
    )
    row.made = (
        "max_connections=10, nine of them held by others; 15 clients (members, visitors, guests) "
        "for 6 s on 2 processes"
    )
    answers, after = connections_used_up(folder / "with")
    row.figure = (
        f"{statuses(answers)}; longest wait {longest(answers):.1f} s; afterwards {statuses(after)}"
    )
    control, _after = connections_used_up(folder / "without", "errors")
    row.control = f"without the handler of database errors: {statuses(control)}"

    assert all(answer.is_clean for answer in answers), statuses(answers)
    assert any(answer.status == 503 for answer in answers)
    assert longest(answers) < 11.5
    assert share(after) == 100
    assert not all(answer.is_clean for answer in control)


def sat_upon(place, without=""):
    """Thirty people answer at once while somebody holds the event's row; one process of 32
    threads and 15 connections.
    """
    with town(place, "web", without=without, redis=False) as here:
        people = [factories.user() for _ in range(30)]
        event = factories.event(people[0])
        clients = [here.client(person, patience=60) for person in people]
        slug, event_id = event.slug, event.id
        looking = here.readers(people[0], event)
        db.session.remove()
        holder = db.engine.connect()
        holder.execute(sa.text("SELECT 1 FROM event WHERE id = :id FOR UPDATE"), {"id": event_id})
        acts = [
            lambda c=c: c.post(f"/events/{slug}/rsvp", answer="going", party=1) for c in clients
        ]
        answers = at_once(acts, len(acts))
        holder.rollback()
        holder.close()
        time.sleep(0.5 if not without else 0)
        return answers, [look(number) for look in looking for number in range(4)]


def test_a_pool_that_is_used_up(row, folder):
    row.fault = "a lock that somebody sits on; the pool used up"
    row.expected = (
        "503 after the pool's time-out (10 s), the lock’s (10 s in the line, 10 s at its head), "
        "or both; then well"
    )
    row.made = (
        "SELECT … FOR UPDATE on the event's row, held; 30 people answer at once, 32 threads, 15 "
        "connections"
    )
    answers, after = sat_upon(folder / "with")
    row.figure = (
        f"{statuses(answers)}; longest wait {longest(answers):.1f} s; afterwards {statuses(after)}"
    )
    control, _after = sat_upon(folder / "without", "timeouts")
    row.control = f"without the time-outs: {statuses(control)} after {longest(control):.0f} s"

    assert all(answer.status == 503 and answer.is_clean for answer in answers), statuses(answers)
    assert longest(answers) < 33
    assert share(after) == 100, statuses(after)
    assert any(answer.status == 0 for answer in control)
