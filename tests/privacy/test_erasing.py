"""After the 14 days nothing of the person is left anywhere, but what others need, without a name; every feature does its part."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from tests.events.helping import comes, task
from webapp.accounts.models import User
from webapp.core import clock, hooks, queue
from webapp.core.extensions import db
from webapp.events import reads as event_reads
from webapp.events import tasks
from webapp.events.models import (
    CANCELLED,
    GOING,
    Event,
    EventHost,
    EventOption,
    EventQuestion,
    EventShift,
    EventTask,
    Rsvp,
)
from webapp.notifications.models import Notification
from webapp.notifications.telling import tell
from webapp.ops.retention import purge
from webapp.privacy import reads
from webapp.voting.models import Ballot, Vote, Voter

from . import life

#: Columns that still name the person's row, which has no name any more.
ROWS_STAY = {
    "audit_entry.actor_id": "who did what that concerns others; nothing in the log says who that was",
    "audit_entry.subject_id": "what was done to whom; the same",
    "audit_entry.details": "ids of rows",
    "ballot.user_id": "a vote's count can be counted again",
    "event.owner_id": "a group's event, and one that took place, was somebody's",
    "queue_step.user_id": "whoever waited can see that it was fair",
    "reply.author_id": "a group's conversation needs all of its voices",
    "reply_version.by_id": "the same",
    "rsvp.user_id": "seats were taken at what took place",
    "secret_roll.user_id": "the ballots of a secret vote are counted against its roll",
    "session_booking.user_id": "the same, in a session",
    "thread.author_id": "somebody began it",
    "user.id": "the row without a person",
    "vote.author_id": "a group's question was somebody's",
    "vote_statement.by_id": "a group's decision was said by somebody",
    "voter.user_id": "a result needs its roll",
}
#: What the person wrote for others, or what is kept for a reason.
WORDS_STAY = {
    "event.cancelled_reason": "told to a group",
    "event.description": "a group's event",
    "event.directions": "a group's event",
    "event.online_url": "a group's event",
    "event.place": "a group's event",
    "event.search_text": "a group's event",
    "event.slug": "its address",
    "event.summary": "a group's event",
    "event.title": "what took place has a name",
    "held_handle.handle": "for 90 days nobody else may be taken for them",
    "case_step.words": "a reason that somebody was told, from those who look after a group",
    "report.words": "what a report says that nobody has decided about, without whose it is",
    "queue_step.full": "no words of theirs: what hosts call a ticket or a choice",
    "queue_step.step": "no words of theirs: what happened in a queue",
    "reply_version.body": "what was said to a group, without a name",
    "reply_version.title": "the same",
    "thread.title": "what a group talks about",
    "vote.cancelled_reason": "told to a group",
    "vote.description": "a group's question",
    "vote.slug": "its address",
    "vote.title": "a group's question",
    "vote_statement.body": "a group's decision, told to a group",
}


def left_of(user_id) -> tuple[set[str], set[str]]:
    """(columns with the id, columns with words) that are still there and have no reason to be."""
    ids = {".".join(place) for place in life.found(str(user_id))}
    words = {".".join(place) for place in life.found(life.CANARY)}
    return ids - set(ROWS_STAY), words - set(WORDS_STAY)


def test_nothing_is_left(app, context):
    cara = life.lived(app)
    life.archive_of(app, cara)

    life.erased(cara)

    assert left_of(cara.id) == (set(), set())
    assert (cara.name, cara.is_active) == ("Former member", False)
    assert cara.erased_at is not None
    assert not [name for name in app.extensions["files"].names() if name.startswith("exports/")]


#: Columns of the row that stays: what becomes of each. A new one stands here, or the suite fails.
OF_THE_ROW = {
    "stays": {
        "id": "others' rows point to it",
        "leaves_at": "when it was due: the purge reads it, and it says nothing of a person",
    },
    "says_nothing": {"first_name", "last_name", "zone", "locale", "theme", "accent", "text_size", "terms_version", "is_admin"}
    | {"shown_to", "picture", "password_hash", "search_text", "shows_presence", "may_create_groups", "suspended_at"},
    "anew": {"handle", "email", "nonce", "created_at", "verified_at", "approved_at", "deactivated_at", "erased_at"},
}


def test_every_column_of_the_row_that_stays_is_decided_upon(app, context):
    decided = [set(OF_THE_ROW[what]) for what in ("stays", "says_nothing", "anew")]
    decided_on = set().union(*decided)
    assert decided_on == {column.name for column in User.__table__.columns}
    assert sum(map(len, decided)) == len(decided_on)

    cara, usual = life.lived(app), factories.user("Usual")
    life.erased(usual)
    look = {"zone": "Pacific/Auckland", "locale": "de", "theme": "dark", "accent": "clay", "text_size": "large"}
    before = {
        **look,
        "terms_version": "7",
        "is_admin": True,
        "may_create_groups": True,
        "shows_presence": True,
        "shown_to": "everyone",
        "suspended_at": clock.now() - timedelta(days=1),
        "created_at": clock.now() - timedelta(days=900),
    }
    for name, value in before.items():
        setattr(cara, name, value)
    db.session.commit()
    was = {name: getattr(cara, name) for name in decided_on}
    life.erased(cara)

    for name in OF_THE_ROW["says_nothing"]:
        assert getattr(cara, name) == getattr(usual, name), name
    for name in OF_THE_ROW["anew"]:
        assert getattr(cara, name) not in (was[name], getattr(usual, name)), name


def test_every_reason_is_needed(app, context):
    cara = life.lived(app)
    life.erased(cara)

    ids, words = ({".".join(place) for place in life.found(word)} for word in (str(cara.id), life.CANARY))
    assert set(ROWS_STAY) - ids <= {"audit_entry.details"}
    assert set(WORDS_STAY) - words == set()


def test_before_that_a_row_in_every_table_named_the_person(app, context):
    cara = life.lived(app)
    naming = {table.name for table in db.metadata.tables.values() if life.belongs(table, cara) is not None}

    empty = {
        name
        for name in naming
        if not db.session.scalar(
            sa.select(sa.func.count()).select_from(t := db.metadata.tables[name]).where(life.belongs(t, cara))
        )
    }

    assert not empty, "the life of life.py has no row in these tables"
    assert {"letter", "invitation", "notification", "rsvp", "data_export"} <= naming


#: Everything that listens when somebody is erased.
SUBSCRIBERS = [
    *("accounts.distances", "accounts.erasing", "conversation.following", "events.erasing", "groups.departing"),
    *("invitations.leaving", "mail.parting", "moderation.erasing", "notifications.inbox", "notifications.preferences"),
    *("people.profiles", "privacy.exports", "voting.erasing"),
]


def test_the_list_of_those_who_listen_is_whole(app):
    assert {f.__module__.removeprefix("webapp.") for f in hooks.user_erased.subscribers} == set(SUBSCRIBERS)


@pytest.mark.parametrize("name", SUBSCRIBERS)
def test_control_without_one_features_part_something_is_found(app, context, monkeypatch, name):
    cara = life.lived(app)
    rest = [f for f in hooks.user_erased.subscribers if f.__module__ != f"webapp.{name}"]
    assert len(rest) < len(hooks.user_erased.subscribers)
    monkeypatch.setattr(hooks.user_erased, "subscribers", rest)

    life.erased(cara)

    assert left_of(cara.id) != (set(), set())


def test_what_others_are_told_of_while_it_happens_says_no_name(context, ana, ben, mails, monkeypatch):
    """Of a task that is free again, and whatever else a feature says when a membership ends."""
    group = factories.group(ana, ben)
    event = factories.event(ana, group, title="Eel count")
    comes(event, ben)
    tasks.take(event, task(event, ana, "Bring lamps").id, by=ben)

    def tell_of_it(group, user):
        tell([ana], "request.arrived", "/", {"group": group.name, "name": user.name})

    monkeypatch.setattr(hooks.member_left, "subscribers", [*hooks.member_left.subscribers, tell_of_it])
    assert inbox_of(ana) == []
    life.erased(ben)

    lines = inbox_of(ana)
    assert {line.kind for line in lines} == {"task.released", "request.arrived"}
    for line in lines:
        assert line.words["name"] == "Former member"
        assert "Ben" not in line.label
    assert not [mail for mail in mails() if "Ben" in mail.get_body(("plain",)).get_content()]


def inbox_of(user):
    return db.session.scalars(sa.select(Notification).where(Notification.user_id == user.id)).all()


def test_who_is_not_due_stays(app, context):
    cara = life.lived(app)
    cara.deactivated_at, cara.leaves_at = clock.now(), clock.now() + timedelta(hours=1)
    db.session.commit()

    queue.JOBS["privacy.erase"]()

    assert db.session.get(User, cara.id).first_name == "Canary-first"


def test_one_that_fails_holds_no_other_up(app, context, ana, ben, monkeypatch):
    monkeypatch.setattr(hooks.user_erased, "subscribers", [lambda user: 1 / 0 if user.first_name == "Ana" else None])
    for person in (ana, ben):
        person.deactivated_at = person.leaves_at = clock.now()
    db.session.commit()

    queue.JOBS["privacy.erase"]()

    assert db.session.scalars(sa.select(User.erased_at.is_not(None)).order_by(User.first_name)).all() == [False, True]


def test_counts_stay(app, context):
    cara = life.lived(app)
    before = [vote.ballot_count for vote in db.session.scalars(sa.select(Vote).order_by(Vote.id))]
    ballots, voters = (db.session.scalar(sa.select(sa.func.count()).select_from(model)) for model in (Ballot, Voter))

    life.erased(cara)

    assert [vote.ballot_count for vote in db.session.scalars(sa.select(Vote).order_by(Vote.id))] == before
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Ballot)) == ballots
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Voter)) == voters
    assert db.session.scalars(sa.select(Rsvp.state).where(Rsvp.user_id == cara.id)).all() == [GOING]


def test_the_row_that_stays_outlives_the_table_of_retention(app, context, ana):
    life.erased(ana)
    for _line, _number in purge.lines():
        db.session.commit()

    assert db.session.get(User, ana.id) is not None


def test_pages_that_show_who_was_there_say_former_member(app, browser, ana, ben):
    group = factories.group(ana, ben)
    event = factories.event(ana, group, starts_at=clock.now() - timedelta(days=2))
    db.session.add(Rsvp(event_id=event.id, user_id=ben.id, state=GOING))
    event.seats_taken = 1
    db.session.commit()
    life.erased(ben)
    people = event_reads.people_of(event, set(), sees_all=True)
    db.session.rollback()
    page = browser(ana)

    page.get(event.path)

    assert "Former member" in page.text
    assert "Okafor" not in page.text
    assert people is not None


def test_events_of_their_own_go_to_who_runs_them_or_are_called_off(app, context, ana, ben, cem, mails):
    alone, together, draft = factories.event(ana), factories.event(ana), factories.event(ana, state="draft")
    past = factories.event(
        ana, starts_at=clock.now() - timedelta(days=9), place="My kitchen", description="Ring twice", asks=True, has_help=True
    )
    db.session.add_all([EventHost(event_id=together.id, user_id=ben.id), Rsvp(event_id=alone.id, user_id=cem.id, state=GOING)])
    hours = {"starts_at": past.starts_at, "ends_at": past.ends_at}
    spoken = [EventTask(event_id=past.id, title="Hide the key", place=1), EventShift(event_id=past.id, title="My door", **hours)]
    asked = EventQuestion(event_id=past.id, words="Which of my soups?", kind="choice", place=1)
    db.session.add_all([*spoken, asked])
    db.session.flush()
    db.session.add(EventOption(event_id=past.id, question_id=asked.id, words="Leek, as my mother makes it", place=1))
    alone.seats_taken = 1
    alone.locked_at = clock.now()
    db.session.commit()

    life.erased(ana)

    assert alone.state == CANCELLED
    assert together.owner_id == ben.id
    assert db.session.get(Event, draft.id) is None
    assert (past.place, past.description) == ("", "")
    assert (past.asks, past.has_help) == (False, False)
    for model in (EventTask, EventShift, EventQuestion, EventOption):
        assert not db.session.scalars(sa.select(model)).all()
    assert [mail["To"] for mail in mails()] == [cem.email]


def test_lines_of_others_that_named_them_name_nobody(app, context, ana, ben):
    line = Notification(user_id=ben.id, kind="request.arrived", label=f"{ana.name} asks", url="/", words={"name": ana.name})
    db.session.add(line)
    db.session.commit()

    life.erased(ana)

    assert (line.label, line.words) == ("Former member asks", {"name": "Former member"})


def test_the_address_is_free_and_the_handle_is_nobodys_for_a_while(app, browser, ana, mails):
    life.erased(ana)
    db.session.rollback()
    page = browser()
    page.get("/sign-up")
    values = {"first_name": "Ana", "last_name": "Souza", "email": "ana-souza@example.org", "affirmed": "y"}
    values |= {"password": factories.PASSWORD, "password_again": factories.PASSWORD}

    page.submit("/sign-up", handle="ana-souza", **values)
    assert "“ana-souza” is taken" in page.text
    page.submit("/sign-up", handle="ana-again", **values)

    assert "Look into your mail" in page.text
    assert reads.export_of(ana) is None
    db.session.rollback()
    (mail,) = mails()
    assert mail["Subject"] == "Confirm your e-mail address"
