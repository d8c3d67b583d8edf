"""The demo: installed once, without emails, and every page of it loads."""

from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from tests.browser_like import Browser
from tests.ops.sites import Demo, with_files
from webapp.accounts import credentials
from webapp.accounts.models import User
from webapp.core.extensions import db
from webapp.core.observability.audit import AuditEntry
from webapp.events.models import GOING, OFFERED, WAITING, Event, Rsvp
from webapp.groups.models import Group, GroupDay, JoinRequest, Membership
from webapp.moderation.models import Case
from webapp.notifications.models import Notification
from webapp.ops.demo import people
from webapp.voting import reads as voting
from webapp.voting.models import Vote
from webapp.voting.tally.rules import KINDS

Rows = list[tuple[sa.Table, list[dict[str, Any]]]]


@pytest.fixture
def seed(app: Flask, context: None) -> Any:
    def run(*options: str) -> Result:
        return app.test_cli_runner().invoke(args=["seed-demo", *options])

    return run


@pytest.fixture(scope="module")
def written(app: Flask, demo: Demo) -> Rows:
    """The rows that the command has written, table by table; its files are among the
    application's.
    """
    with_files(app, demo.files)
    engine = sa.create_engine(demo.url)
    with engine.connect() as connection:
        rows = [
            (table, [dict(row) for row in connection.execute(table.select()).mappings()])
            for table in db.metadata.sorted_tables
        ]
    engine.dispose()
    return rows


@pytest.fixture
def seeded(written: Rows, demo: Demo, context: None) -> str:
    """The demo, as the command has left it; the command's output."""
    with db.engine.begin() as connection:
        for table, rows in written:
            if rows:
                connection.execute(table.insert(), rows)
    return demo.said


def count(model: Any, *conditions: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*conditions)) or 0


def test_the_demo_has_forty_people_and_their_community(seeded):
    for words in ("yuki-hasegawa", "aroha-tamatea", "ingrid-solheim", people.PASSWORD):
        assert words in seeded
    assert count(User) == 40
    assert len({user.zone for user in db.session.scalars(sa.select(User))}) >= 8
    assert [user.name for user in db.session.scalars(sa.select(User)) if not user.last_name]
    groups = db.session.scalars(sa.select(Group))
    assert {(group.visibility, group.join_policy) for group in groups} == {
        ("open", "join"), ("open", "approve"), ("open", "invite"), ("closed", "approve"),
    }  # fmt: skip
    for group in db.session.scalars(sa.select(Group)):
        assert group.member_count == count(Membership, Membership.group_id == group.id)
    assert count(JoinRequest) == 3
    assert {event.state for event in db.session.scalars(sa.select(Event))} == {
        "draft",
        "published",
        "cancelled",
    }


def test_demo_events_cover_every_status_and_their_counts_are_right(seeded):
    events = db.session.scalars(sa.select(Event)).all()
    answers = db.session.scalars(sa.select(Rsvp)).all()
    for event in events:
        seats = sum(
            row.party
            for row in answers
            if row.event_id == event.id and row.state in (GOING, OFFERED)
        )
        waiting = sum(1 for row in answers if row.event_id == event.id and row.state == WAITING)
        assert (event.seats_taken, event.waiting_count) == (seats, waiting), event.slug
    assert [row.user.handle for row in answers if row.state == OFFERED] == ["yuki-hasegawa"]
    assert sum(1 for event in events if event.seats_free == 0 and event.waiting_count) == 2
    assert any(event.online_url for event in events)
    assert any((event.ends_at - event.starts_at).days >= 2 for event in events)
    assert sum(1 for event in events if event.is_finished) == 4
    assert len({event.zone for event in events}) >= 5


def test_demo_votes_are_open_decided_and_tied(seeded):
    votes = db.session.scalars(sa.select(Vote)).all()
    wanted = {
        ("open", "single"),
        ("open", "approval"),
        ("closed", "approval"),
        ("coming", "single"),
    }
    assert {(vote.stage, vote.kind) for vote in votes} >= wanted
    assert {vote.kind for vote in votes} == set(KINDS)
    assert {bool(voting.outcome_of(vote).tied) for vote in votes if vote.stage == "closed"} == {
        True,
        False,
    }


@pytest.mark.any_database
def test_everyone_in_the_demo_has_the_documented_password(seeded):
    kept = set(db.session.scalars(sa.select(User.password_hash)))
    assert len(kept) == 1
    assert credentials.matches(people.PASSWORD, kept.pop())


@pytest.mark.any_database
def test_a_running_site_can_write_between_the_steps_of_the_demo(demo):
    """SQLite has one writer at a time, and other writers give up after ten seconds."""
    assert max(demo.writes) < sum(demo.writes) / 3, demo.writes


@pytest.mark.any_database
def test_the_demo_cannot_be_installed_twice_even_by_force(seeded, seed):
    for options in ((), ("--force",)):
        again = seed(*options)
        assert again.exit_code == 1
        assert "already installed" in again.output
    assert count(User) == 40


@pytest.mark.any_database
def test_on_a_site_with_people_the_demo_needs_force_and_sends_no_email(demo):
    assert "--force" in demo.refused
    assert [address.partition("-")[0] for address in demo.emails] == ["noor"]
    assert demo.jobs == 0


@pytest.mark.any_database
def test_the_demo_was_recorded_when_it_happened(seeded):
    """Its rules ran at moments of the past, so rows that belong together have one time."""
    entries = db.session.scalars(sa.select(AuditEntry)).all()
    at = {(entry.action, entry.subject_id): entry.created_at for entry in entries}
    events = db.session.scalars(sa.select(Event).where(Event.published_at.is_not(None))).all()
    votes = db.session.scalars(sa.select(Vote)).all()
    cases = db.session.scalars(sa.select(Case).where(Case.closed_at.is_not(None))).all()

    assert all(at["event.published", one.id] == one.published_at for one in events)
    assert all(at["vote.created", one.id] <= one.opens_at for one in votes)
    decided = {entry.created_at for entry in entries if entry.action.startswith("case.")}
    assert decided == {one.closed_at for one in cases}
    assert len(cases) == 2
    for line in db.session.scalars(sa.select(Notification).filter_by(kind="event.published")):
        assert line.created_at in {one.published_at for one in events}
    for group in db.session.scalars(sa.select(Group)):
        days = db.session.scalars(sa.select(GroupDay).filter_by(group_id=group.id)).all()
        assert sum(day.joined - day.departed for day in days) == group.member_count
        assert min(day.day for day in days) == group.created_at.date()


@pytest.mark.any_database
def test_the_demo_is_refused_in_production(seed, app, monkeypatch):
    monkeypatch.setitem(app.config, "PRODUCTION", True)
    refused = seed()
    assert refused.exit_code == 1
    assert "password everyone knows" in refused.output


#: The visitor and the organizer cover almost every statement; the others are deep.
HANDLES = [None, "aroha-tamatea"] + [
    pytest.param(name, marks=pytest.mark.deep) for name in ("yuki-hasegawa", "ingrid-solheim")
]


@pytest.mark.long(8)
# on SQLite the browser visits the demo's pages, and checks their HTML (tests/browser/pages)
@pytest.mark.postgresql
@pytest.mark.parametrize("handle", HANDLES)
@pytest.mark.parametrize(
    "most", [2, pytest.param(10_000, marks=pytest.mark.deep)], ids=["two a route", "all"]
)
def test_every_linked_page_of_the_demo_loads(seeded, app, handle, most):
    person = db.session.scalar(sa.select(User).where(User.handle == handle)) if handle else None
    walked = dict(walk(app, Browser.of(app, person), most))
    assert len(walked) > 15
    assert not {path: problem for path, problem in walked.items() if problem}


def walk(app: Flask, browser: Browser, most: int) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with up to `most` pages of each route that links lead to; redirects to
    the sign-in are fine.
    """
    waiting, seen, adapter = ["/"], set(), app.url_map.bind("")
    times: Counter[Any] = Counter()
    while waiting:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        route = (adapter.match(path.partition("?")[0])[0], "?" in path)
        times[route] += 1
        if times[route] > most:
            continue
        answer = browser.get(path)
        yield path, problem_of(answer)
        if (
            answer.mimetype == "text/html" and "/manage/as/" not in path
        ):  # some links are only for people with more permissions
            waiting += [link for link in links(browser) if link not in seen]


def problem_of(answer: Any) -> str:
    return "" if answer.status_code in (200, 303) else str(answer.status_code)


def links(browser: Browser) -> list[str]:
    found = (urlsplit(str(link["href"])) for link in browser.page.find_all("a", href=True))
    inner = (
        url
        for url in found
        if not url.netloc and not url.scheme and url.path and not url.path.startswith("/static")
    )
    return [
        f"{url.path}?{url.query}" if url.query else url.path
        for url in inner
        if url.path.startswith("/")
    ]
