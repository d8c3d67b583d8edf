"""Full-size races over HTTP against real servers, on both databases: seats, ballots, owners; and
long random histories.
"""

import os
import re
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from random import Random

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from scripts import services
from tests import factories
from tests.browser.servers import ROOT
from tests.voting import making
from webapp.attendance import reads
from webapp.core.db import database_clock
from webapp.core.extensions import db
from webapp.events.models import GOING, WAITING, Rsvp
from webapp.groups.models import OWNER, Group, Membership
from webapp.voting import tally
from webapp.voting.models import Ballot, Vote
from webapp.voting.planning import lifecycle
from webapp.voting.results import counting
from webapp.voting.tally import Outcome
from webapp.voting.tally.rules import IRV

from .asking import at_once, longest, p95, statuses
from .fault_site import fault_site

pytestmark = pytest.mark.deep

PEOPLE, SEATS, CLIENTS = 500, 50, 40
ROUNDS, POSTS = 20, 20
VOTERS, OPEN_FOR, MOST = 40, 6, 0.9
HISTORIES, STEPS = 300, 30
KINDS = ["sqlite", "postgresql"]


def site(kind, place, without=""):
    """Run the web server: two processes on PostgreSQL and Redis, or SQLite's one. A control has one
    process, whose threads meet.
    """
    if kind == "sqlite":
        (place / "data").mkdir(parents=True)
        url = f"sqlite:///{place / 'data' / 'moot.db'}"
        return fault_site(place, "web", redis=False, database_url=url, without=without)
    return fault_site(place, "web", redis=not without, without=without)


def raced(kind, place, people, seats, without=""):
    """Return (answers, going, waiting, whether they wait in the order in which they joined)."""
    with site(kind, place, without) as here:
        event = factories.event(factories.user(), capacity=seats)
        clients = [here.client(factories.user(), patience=60) for _ in range(people)]
        path, event_id = event.path, event.id
        db.session.remove()
        acts = [lambda c=c: c.post(f"{path}/rsvp", answer="going", party=1) for c in clients]
        answers = at_once(acts, min(CLIENTS, people))
        rows = db.session.scalars(
            sa.select(Rsvp).where(Rsvp.event_id == event_id).order_by(Rsvp.position)
        ).all()
        waiting = [row.user_id for row in rows if row.state == WAITING]
        steps = reads.waitlist_steps(db.session.get(type(event), event_id), most=people * 2)
        joined = [step.user_id for step in steps if step.step == "joined"][::-1]
        return answers, sum(row.state == GOING for row in rows), len(waiting), waiting == joined


@pytest.mark.parametrize("kind", KINDS)
def test_many_people_at_once_get_exactly_the_free_seats(row, folder, kind):
    row.fault = f"{PEOPLE} people for {SEATS} seats at once: {kind}"
    row.expected = (
        f"exactly {SEATS} in, {PEOPLE - SEATS} waiting in the order in which they came, no error"
    )
    row.made = (
        f"{CLIENTS} clients over HTTP against gunicorn, "
        f"{'2 x 8 threads' if kind == 'postgresql' else '32 threads'}"
    )
    answers, going, waiting, in_order = raced(kind, folder / "with", PEOPLE, SEATS)
    row.figure = (
        f"in {going}, waiting {waiting}, in order: {'yes' if in_order else 'NO'}; "
        f"{statuses(answers)}; "
    )
    row.figure += f"p95 {p95(answers):.2f} s, slowest {longest(answers):.2f} s"
    control, sold, _waiting, _order = raced(kind, folder / "without", 36, 4, "seat-lock")
    row.control = (
        f"the lock released between reading and writing (36 people, 4 seats): {sold} in, "
        f"{statuses(control)}"
    )

    assert {answer.status for answer in answers} == {303}
    assert (going, waiting, in_order) == (SEATS, PEOPLE - SEATS, True)
    assert sold > 4 or {answer.status for answer in control} != {303}


def voted(kind, place, rounds, without=""):
    """Return (answers, ballots in the database, rounds whose counter isn't the number of
    ballots).
    """
    with site(kind, place, without) as here:
        people = [factories.user() for _ in range(2 * rounds)]
        owner = factories.user()
        group = factories.group(owner, *people)
        vote = making.vote(group, owner)
        clients = [here.client(person, patience=60) for person in people]
        path, vote_id, version = f"/votes/{vote.slug}/ballot", vote.id, vote.version
        db.session.remove()
        answers, wrong = [], 0
        for number in range(rounds):
            pair = clients[2 * number : 2 * number + 2]
            acts = [
                lambda c=c, n=n: c.post(path, choice=1 + n % 3, version=version)
                for n in range(POSTS)
                for c in pair
            ]
            answers += at_once(acts, len(acts))
            cast = db.session.scalar(
                sa.select(sa.func.count(Ballot.id)).where(Ballot.vote_id == vote_id)
            )
            counted = db.session.scalar(sa.select(Vote.ballot_count).where(Vote.id == vote_id))
            db.session.rollback()
            wrong += (cast, counted) != (2 * (number + 1),) * 2
        return answers, cast, wrong


@pytest.mark.parametrize("kind", KINDS)
def test_many_parallel_ballots_of_one_member_count_once(row, folder, kind):
    row.fault = f"a member votes {POSTS} times at once: {kind}"
    row.expected = "one ballot, and counted once"
    row.made = (
        f"{ROUNDS} rounds, in each two members with {POSTS} posts each from {2 * POSTS} clients"
    )
    answers, ballots, wrong = voted(kind, folder / "with", ROUNDS)
    row.figure = (
        f"{2 * ROUNDS} members, {ballots} ballots, {wrong} rounds wrong; {statuses(answers)}; "
    )
    row.figure += f"slowest {longest(answers):.2f} s"
    control, cast, miscounted = voted(kind, folder / "without", 2, "ballot-lock")
    row.control = f"the lock released between reading and writing (2 rounds): {cast} ballots of 4, "
    row.control += f"{miscounted} rounds miscounted, {statuses(control)}"

    assert {answer.status for answer in answers} == {303}
    assert (ballots, wrong) == (2 * ROUNDS, 0)
    assert miscounted or {answer.status for answer in control} != {303}


def closed_amid(kind, place, without=""):
    """Return (answers, ballots that differ from what their voters were last told, ballots counted,
    whether the result matches them).
    """
    with site(kind, place, without) as here:
        people, owner = [factories.user() for _ in range(VOTERS)], factories.user()
        vote = making.vote(factories.group(owner, *people), owner, kind=IRV, options=tuple("ABCDE"))
        clients, ids = (
            [here.client(person, patience=60) for person in people],
            [person.id for person in people],
        )
        path, vote_id, version = f"/votes/{vote.slug}/ballot", vote.id, vote.version
        vote.closes_at = database_clock.now() + timedelta(hours=1)
        db.session.commit()
        db.session.remove()
        acts = [
            lambda c=c, n=n: until_closed(c, path, version, Random(n))
            for n, c in enumerate(clients)
        ]
        *notified, _done = at_once([*acts, lambda: closing(here.app, vote_id)], VOTERS + 1)
        answers = [answer for given, _last in notified for answer in given]
        expected = {
            user_id: last for user_id, (_given, last) in zip(ids, notified, strict=True) if last
        }
        rows = db.session.execute(
            sa.select(Ballot.user_id, Ballot.choice).where(Ballot.vote_id == vote_id)
        )
        found = dict(rows.all())
        vote = db.session.get(Vote, vote_id)
        outcome = tally.count(Counter(expected.values()).items(), counting.rules_of(vote))
        differing = sum(found.get(user_id) != expected.get(user_id) for user_id in ids)
        return answers, differing, vote.finding["cast"], Outcome.from_json(vote.finding) == outcome


def until_closed(client, path, version, throw):
    """Cast and change one member's ballot until one is refused; return (answers, the last accepted
    ballot).
    """
    answers, last = [], ""
    for _turn in range(1000):
        ranking = throw.sample(range(1, 6), throw.randint(1, 5))
        marks = {f"mark-{number}": rank for rank, number in enumerate(ranking, 1)}
        answers.append(client.post(path, version=version, **marks))
        if answers[-1].status != 303:
            break
        last = ">".join(map(str, ranking))
    return answers, last


def closing(app, vote_id):
    """End the vote's time after `OPEN_FOR` seconds, once nearly everyone has a ballot, and close it
    in another process than the one that accepts ballots. Like a job, try again after a deadlock,
    which happens without the lock.
    """
    cast = sa.select(sa.func.count()).where(Ballot.vote_id == vote_id)
    with app.app_context():
        time.sleep(OPEN_FOR)
        while db.session.scalar(cast) < VOTERS * MOST:
            db.session.rollback()
            time.sleep(0.1)
        db.session.execute(
            sa.update(Vote).where(Vote.id == vote_id).values(closes_at=database_clock.now())
        )
        db.session.commit()
        is_closed = False
        while not is_closed:
            time.sleep(0.02)
            try:
                is_closed = lifecycle.close(vote_id) or (
                    db.session.get(Vote, vote_id).closed_at is not None
                )
                db.session.commit()
            except OperationalError:
                db.session.rollback()


@pytest.mark.parametrize("kind", KINDS)
def test_closing_a_vote_amid_ballots_counts_each_as_last_confirmed(row, folder, kind):
    row.fault = (
        f"{VOTERS} members rank at once and change their minds while the vote closes: {kind}"
    )
    row.expected = "each counts as they were last told, to the vote; what is refused is not counted"
    row.made = (
        f"{VOTERS} clients, each ballot after ballot for {OPEN_FOR} s; another process closes and "
        "counts"
    )
    answers, differing, cast, is_exact = closed_amid(kind, folder / "with")
    row.figure = (
        f"{cast} ballots counted, {differing} other than told, result "
        f"{'exact' if is_exact else 'WRONG'}; "
    )
    row.figure += f"{statuses(answers)}; slowest {longest(answers):.2f} s"
    for turn in range(3):  # what can happen without a lock doesn't happen every time
        control, wrong, counted, was_exact = closed_amid(
            kind, folder / f"without-{turn}", "ballot-lock"
        )
        if wrong or not was_exact or any(answer.status >= 500 for answer in control):
            break
    row.control = (
        f"the lock released between reading and writing: {counted} counted, "
        f"{wrong} other than told, "
    )
    row.control += f"result {'exact' if was_exact else 'wrong'}; {statuses(control)}"

    assert {answer.status for answer in answers} == {303, 422}
    assert (differing, is_exact) == (0, True)
    assert cast >= VOTERS * MOST
    assert wrong or not was_exact or any(answer.status >= 500 for answer in control)


def abandoned(kind, place, rounds, without=""):
    """Return (answers, groups left without an owner)."""
    with site(kind, place, without) as here:
        pairs = [[factories.user() for _ in range(2)] for _ in range(rounds)]
        groups = [factories.group(pair[0]) for pair in pairs]
        for group, pair in zip(groups, pairs, strict=True):
            factories.membership(group, pair[1], OWNER)
        db.session.commit()
        clients = [[here.client(person, patience=60) for person in pair] for pair in pairs]
        paths = [f"/groups/{group.slug}/membership/removal" for group in groups]
        db.session.remove()
        answers = []
        for pair, path in zip(clients, paths, strict=True):
            answers += at_once([lambda c=c, p=path: c.post(p) for c in pair], 2)
        owned = sa.select(Membership.group_id).where(Membership.role == OWNER)
        return answers, db.session.scalar(
            sa.select(sa.func.count(Group.id)).where(Group.id.not_in(owned))
        )


@pytest.mark.parametrize("kind", KINDS)
def test_one_of_two_owners_leaving_at_once_stays(row, folder, kind):
    row.fault = f"two owners leave at once: {kind}"
    row.expected = "one stays"
    row.made = f"{ROUNDS} groups, the two posts in the same moment"
    answers, left = abandoned(kind, folder / "with", ROUNDS)
    row.figure = f"{left} of {ROUNDS} groups without an owner; {statuses(answers)}"
    control, orphaned = abandoned(kind, folder / "without", 6, "owner-lock")
    row.control = (
        f"the lock released between reading and writing: {orphaned} of 6, {statuses(control)}"
    )

    assert left == 0
    assert sorted(answer.status for answer in answers) == [303] * ROUNDS + [422] * ROUNDS
    assert orphaned > 0 or any(answer.status >= 500 for answer in control)


@pytest.mark.parametrize("kind", KINDS)
def test_random_histories_never_oversell_or_leave_seats_free(row, folder, kind):
    row.fault = f"random histories of joining, leaving and other numbers of seats: {kind}"
    row.expected = "never a free seat while someone fits and waits, never oversold"
    row.made = f"hypothesis, {HISTORIES} histories of {STEPS} steps, with a new seed each time"
    environment = {"TEST_DATABASE": kind, "HISTORIES": str(HISTORIES), "HISTORY_STEPS": str(STEPS)}
    pid, report = 0, folder / "report.xml"
    if kind == "postgresql":
        pid, environment["TEST_POSTGRESQL_URL"] = services.start_postgresql(folder)
    try:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            f"--junitxml={report}",
            "tests/attendance/test_histories.py",
        ]
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True
        )
    finally:
        services.end(pid, 2)
    ran = sum(map(int, re.findall(r'name="histories" value="(\d+)"', report.read_text())))
    failed = re.findall(r"(\d+) failed", done.stdout)
    row.figure = f"{ran} histories, {failed[0] if failed else 0} failed"
    row.control = (
        "settle or has_room broken: found out" if done.returncode == 0 else "see the output"
    )

    assert done.returncode == 0, done.stdout[-3000:]
    assert ran >= HISTORIES
