"""After the 14 days nothing of the person is left anywhere, but what others need, without a
name; every feature does its part.
"""

import inspect
import sys
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.exc import IntegrityError

from tests import factories
from tests.volunteering.helping import comes, task
from webapp.accounts.models import User
from webapp.attendance import reads as event_reads
from webapp.core import hooks
from webapp.core.extensions import db
from webapp.core.jobs import queue
from webapp.core.time import clock
from webapp.events import erasing
from webapp.events.models import (
    CANCELLED,
    GOING,
    Event,
    EventHost,
    EventOption,
    EventQuestion,
    Rsvp,
)
from webapp.notifications.models import Notification
from webapp.notifications.notify import notify
from webapp.ops.retention import purge
from webapp.privacy import deletions, reads
from webapp.volunteering import tasks
from webapp.volunteering.models import EventShift, EventTask
from webapp.voting.models import Ballot, Vote, Voter

from . import canaries, life, mutants, outlets
from .canaries import COMING, GROUP, NOWHERE, OF_NOBODY, OTHERS, SHARED, UNDECIDED, WORD, Origin

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
#: Words of events that are a group's, or that another host goes on with.
OF_EVENTS = """
    agenda_room.name agenda_session.cancelled_reason agenda_session.description agenda_session.title agenda_track.name
    event.cancelled_reason event.description event.directions event.online_url event.place event.slug event.summary event.title
    event_news.words event_option.words event_question.words event_shift.description event_shift.title event_slug.slug
    event_task.description event_task.title queue_step.full rsvp.refusal speaker.bio speaker.links speaker.name
"""
#: Which words of the person stay, by whose place they stand in, and why.
WORDS_STAY = {
    GROUP: {
        "a group's events stay with those who lead it": OF_EVENTS,
        "a group is its owners', whoever wrote what it says": """
            group.code_of_conduct group.description group.name group.place group.slug group.summary group.welcome group_slug.slug
            join_question.options join_question.words news_source.name news_source.url
        """,
        "a group's votes are its decisions": """
            option.description option.title vote.cancelled_reason vote.description vote.slug vote.title vote_statement.body
        """,
        "a group's conversation needs all of its "
        "voices": "reply_version.body reply_version.title thread.title",
        "a reason that someone was told, from those who moderate a group": "case_step.words",
    },
    SHARED: {"another host goes on with it": OF_EVENTS},
    OTHERS: {"where the event was before it was moved": "event_news.words"},
    COMING: {"until its end those who answered know what was cancelled": "event.title event.slug"},
    UNDECIDED: {
        "someone is still to judge what it says, without whose report it is": "report.words"
    },
    NOWHERE: {
        "for 90 days nobody else may be taken for them": (
            "user.handle in held_handle.handle, former_handle.handle in held_handle.handle"
        ),
        "others named them in words of their own": "user.handle in reply_version.body",
    },
}


def excused() -> set[tuple[Origin, str]]:
    """Each origin with the column where its words may be; "" where they may be anywhere."""
    found = set()
    for place, reasons in WORDS_STAY.items():
        for columns in reasons.values():
            for one in columns.split(", ") if " in " in columns else columns.split():
                column, _in, where = one.partition(" in ")
                found.add((Origin(column, place), where))
    return found


EXCUSED = excused()


def ids_left(cara_id) -> set[str]:
    """The columns that still name the person's row and have no reason to."""
    return {".".join(place) for place in life.found(str(cara_id))} - set(ROWS_STAY)


def words_left(left) -> set[tuple[Origin, str]]:
    """The words that are still there and have no reason to be, each with the column that holds
    it.
    """
    return {
        (origin, where)
        for origin, where in left.words()
        if not {(origin, ""), (origin, where)} & EXCUSED
    }


@pytest.mark.any_database
@pytest.mark.parametrize(
    "most", [1, pytest.param(10_000, marks=pytest.mark.deep)], ids=["one a route", "all"]
)
def test_nothing_is_left(app, left, cara, mails, most):
    ben = db.session.scalar(sa.select(User).where(User.first_name == "Ben"))
    before = set(app.extensions["files"].names())
    life.archive_of(app, cara)
    assert left.canaries.within("".join(outlets.pages(app, None).values()))

    assert mails()
    app.extensions["mailbox"].clear()

    life.erased(cara)

    assert (ids_left(cara.id), words_left(left)) == (set(), set())
    assert (cara.name, cara.is_active) == ("Former member", False)
    assert cara.erased_at is not None
    assert not [
        name
        for name in set(app.extensions["files"].names()) - before
        if name.startswith("exports/")
    ]
    shown = {origin for origin, _where in EXCUSED}
    for where, text in outlets.all_of(app, ben, mails, most):
        assert left.canaries.within(text) - shown == set(), where
        assert str(left.cara_id) not in text, where


@pytest.mark.any_database
def test_every_text_is_written_before_and_every_reason_is_needed(left, cara):
    texts = [
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in canaries.texts(table)
    ]
    held = life.everything()
    empty = {name for name in texts if name not in OF_NOBODY and not WORD.search(held[name])}
    assert empty == set(), "the life of life.py writes nothing there: how is it erased?"

    life.erased(cara)

    assert words_left(left) == set()
    found = left.words()
    assert EXCUSED - found - {(origin, "") for origin, _where in found} == set()
    ids = {".".join(place) for place in life.found(str(left.cara_id))}
    assert set(ROWS_STAY) - ids <= {"audit_entry.details"}


#: Columns of the row that stays: what becomes of each. A new one stands here, or the suite fails.
OF_THE_ROW = {
    "stays": {
        "id": "others' rows point to it",
        "leaves_at": "when it was due: the purge reads it, and it says nothing of a person",
    },
    "says_nothing": {
        "first_name",
        "last_name",
        "zone",
        "locale",
        "theme",
        "accent",
        "text_size",
        "terms_version",
        "is_admin",
    }
    | {
        "shown_to",
        "picture",
        "password_hash",
        "search_text",
        "shows_presence",
        "may_create_groups",
        "suspended_at",
    },
    "anew": {
        "handle",
        "email",
        "nonce",
        "created_at",
        "verified_at",
        "approved_at",
        "deactivated_at",
        "erased_at",
    },
}


@pytest.mark.any_database
def test_every_column_of_the_row_that_stays_is_decided_upon(cara):
    decided = [set(OF_THE_ROW[what]) for what in ("stays", "says_nothing", "anew")]
    decided_on = set().union(*decided)
    assert decided_on == {column.name for column in User.__table__.columns}
    assert sum(map(len, decided)) == len(decided_on)

    usual = factories.user("Usual")
    life.erased(usual)
    look = {
        "zone": "Pacific/Auckland",
        "locale": "de",
        "theme": "dark",
        "accent": "clay",
        "text_size": "large",
    }
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


def test_before_that_a_row_in_every_table_named_the_person(cara):
    naming = {
        table.name for table in db.metadata.tables.values() if life.belongs(table, cara) is not None
    }

    empty = {
        name
        for name in naming
        if not db.session.scalar(
            sa.select(sa.func.count())
            .select_from(t := db.metadata.tables[name])
            .where(life.belongs(t, cara))
        )
    }

    assert not empty, "the life of life.py has no row in these tables"
    assert {"letter", "invitation", "notification", "rsvp", "data_export"} <= naming


#: Everything that listens when somebody is erased.
SUBSCRIBERS = [
    *(
        "accounts.blocks",
        "accounts.erasing",
        "conversation.following",
        "events.erasing",
        "attendance.erasing",
        "agenda.erasing",
        "volunteering.helping",
        "groups.member_removal",
    ),
    *(
        "invitations.leaving",
        "mail.personal_data",
        "moderation.erasing",
        "notifications.inbox",
        "notifications.preferences",
    ),
    *("people.profiles", "privacy.exports", "voting.erasing"),
]


def test_the_list_of_those_who_listen_is_whole(app):
    assert {f.__module__.removeprefix("webapp.") for f in hooks.user_erased.subscribers} == set(
        SUBSCRIBERS
    )


def without(left, function, code) -> bool:
    """Whether it is noticed that the function runs this code instead; nothing is kept of it."""
    with mutants.put_in(function, code):
        try:
            deletions.carry_out(left.cara_id)
            return (ids_left(left.cara_id), words_left(left)) != (set(), set())
        except IntegrityError:
            return True
        finally:
            db.session.rollback()


@pytest.fixture
def due(left, cara) -> life.Life:
    """Her 14 days are over."""
    cara.deactivated_at = cara.leaves_at = clock.now()
    db.session.commit()
    return left


@pytest.mark.any_database
def test_control_without_one_features_part_something_is_found(due):
    unnoticed = [
        function.__module__
        for function in hooks.user_erased.subscribers
        if not without(due, function, (lambda user: None).__code__)
    ]
    assert unnoticed == []


def steps():
    """The functions that erase: those that listen, and the others of the modules that do nothing
    else.
    """
    found = dict.fromkeys([*hooks.user_erased.subscribers, deletions.erasing.anonymise])
    for module in [sys.modules[function.__module__] for function in list(found)]:
        if module.__name__.endswith(".erasing"):
            own = [
                one
                for _name, one in inspect.getmembers(module, inspect.isfunction)
                if one.__module__ == module.__name__
            ]
            found |= dict.fromkeys(own)
    return list(found)


#: A part of each module that erases, and one of each: what is left out of them is noticed. All of
#: them in the long run.
SAMPLE = {
    *("user.last_name =", "event.summary =", "values(refusal='')", "case.snapshot ="),
    "db.session.execute(sa.update(Ballot).where(Ballot.user_id == user.id, Ballot.reason != "
    "'').values(reason=''))",
}
#: What may be left out: by then it has gone in another way, or says nothing.
NOTHING_LEFT = {
    "GroupLevel": "goes with the membership",
    "db.session.execute(sa.delete(OwnershipOffer).where(offers))": "goes with the membership",
    "InvitationUse": "goes with the invitation",
    "Arrival": "goes with the invitation",
    "db.session.execute(sa.delete(model).where(model.user_id == "
    "user.id))": "goes with the invitation",
    "db.session.execute(sa.delete(Rsvp).where(Rsvp.user_id == user.id, "
    "empty))": "a seat or none, without a name",
    (
        "db.session.execute(sa.delete(Booking).where(Booking.user_id == user.id, Booking.state != "
        "GOING))"
    ): "the same",
    (
        "db.session.execute(sa.update(EventShift).where(EventShift.id.in_(claimed)).values(taken=EventShift.taken "
        "- 1))"
    ): "a number",
    "db.session.execute(sa.delete(EventNews).where(mine, "
    "EventNews.kind.in_(WRITTEN)))": "is emptied right after",
    (
        "db.session.execute(sa.delete(EventHost).where(EventHost.event_id == event.id, "
        "EventHost.user_id == others[0]))"
    ): "another's",
}


@pytest.mark.any_database
@pytest.mark.parametrize(
    "whole", [False, pytest.param(True, marks=pytest.mark.deep)], ids=["a few", "all"]
)
def test_control_a_step_that_is_left_out_is_noticed(due, whole):
    texts = {column.name for table in db.metadata.sorted_tables for column in canaries.texts(table)}
    left_out = [(step, what, code) for step in steps() for what, code in mutants.of(step, texts)]
    names = {what for _step, what, _code in left_out}
    unnoticed = [
        what
        for step, what, code in left_out
        if (whole or what in SAMPLE) and not without(due, step, code)
    ]
    assert set(unnoticed) == (set(NOTHING_LEFT) if whole else set())
    assert names >= SAMPLE


def test_what_others_are_told_of_while_it_happens_says_no_name(
    context, ana, ben, mails, monkeypatch
):
    """Of a task that is free again, and whatever else a feature says when a membership ends."""
    group = factories.group(ana, ben)
    event = factories.event(ana, group, title="Eel count")
    comes(event, ben)
    tasks.take(event, task(event, ana, "Bring lamps").id, by=ben)

    def tell_of_it(group, user):
        notify([ana], "request.arrived", "/", {"group": group.name, "name": user.name})

    monkeypatch.setattr(
        hooks.member_left, "subscribers", [*hooks.member_left.subscribers, tell_of_it]
    )
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


def test_who_is_not_due_stays(cara):
    first_name = cara.first_name
    cara.deactivated_at, cara.leaves_at = clock.now(), clock.now() + timedelta(hours=1)
    db.session.commit()

    queue.JOBS["privacy.erase"]()

    assert db.session.get(User, cara.id).first_name == first_name


def test_one_that_fails_holds_no_other_up(app, context, ana, ben, monkeypatch):
    monkeypatch.setattr(
        hooks.user_erased, "subscribers", [lambda user: 1 / 0 if user.first_name == "Ana" else None]
    )
    for person in (ana, ben):
        person.deactivated_at = person.leaves_at = clock.now()
    db.session.commit()

    queue.JOBS["privacy.erase"]()

    assert db.session.scalars(
        sa.select(User.erased_at.is_not(None)).order_by(User.first_name)
    ).all() == [False, True]


def test_counts_stay(cara):
    before = [vote.ballot_count for vote in db.session.scalars(sa.select(Vote).order_by(Vote.id))]
    ballots, voters = (
        db.session.scalar(sa.select(sa.func.count()).select_from(model))
        for model in (Ballot, Voter)
    )

    life.erased(cara)

    assert [
        vote.ballot_count for vote in db.session.scalars(sa.select(Vote).order_by(Vote.id))
    ] == before
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


def test_events_of_their_own_go_to_who_runs_them_or_are_called_off(
    app, context, ana, ben, cem, mails
):
    alone, together, draft = (
        factories.event(ana),
        factories.event(ana),
        factories.event(ana, state="draft"),
    )
    past = factories.event(
        ana,
        starts_at=clock.now() - timedelta(days=9),
        place="My kitchen",
        description="Ring twice",
        asks=True,
        has_help=True,
    )
    db.session.add_all(
        [
            EventHost(event_id=together.id, user_id=ben.id),
            Rsvp(event_id=alone.id, user_id=cem.id, state=GOING),
        ]
    )
    hours = {"starts_at": past.starts_at, "ends_at": past.ends_at}
    spoken = [
        EventTask(event_id=past.id, title="Hide the key", place=1),
        EventShift(event_id=past.id, title="My door", **hours),
    ]
    asked = EventQuestion(event_id=past.id, words="Which of my soups?", kind="choice", place=1)
    db.session.add_all([*spoken, asked])
    db.session.flush()
    db.session.add(
        EventOption(
            event_id=past.id, question_id=asked.id, words="Leek, as my mother makes it", place=1
        )
    )
    alone.seats_taken = 1
    alone.locked_at, titled = clock.now(), together.title
    db.session.commit()

    life.erased(ana)

    assert alone.state == CANCELLED
    assert together.owner_id == ben.id
    assert db.session.get(Event, draft.id) is None
    assert (past.place, past.description) == ("", "")
    assert (past.title, past.slug) == (erasing.UNTITLED, f"event-{past.id.hex}")
    assert erasing.UNTITLED not in (alone.title, together.title)
    assert (past.asks, past.has_help) == (False, False)
    for model in (EventTask, EventShift, EventQuestion, EventOption):
        assert not db.session.scalars(sa.select(model)).all()
    assert [mail["To"] for mail in mails()] == [cem.email]

    with time_machine.travel(alone.ends_at + timedelta(hours=1), tick=False):
        purge.carry_out(next(line for line in purge.ALL if line.key == "nobodys-events"))
    db.session.expire_all()
    assert (alone.title, together.title) == (erasing.UNTITLED, titled)


def test_lines_of_others_that_named_them_name_nobody(app, context, ana, ben):
    line = Notification(
        user_id=ben.id,
        kind="request.arrived",
        label=f"{ana.name} asks",
        url="/",
        words={"name": ana.name},
    )
    db.session.add(line)
    db.session.commit()

    life.erased(ana)

    assert (line.label, line.words) == ("Former member asks", {"name": "Former member"})


def test_the_address_is_free_and_the_handle_is_nobodys_for_a_while(app, browser, ana, mails):
    life.erased(ana)
    db.session.rollback()
    page = browser()
    page.get("/sign-up")
    values = {
        "first_name": "Ana",
        "last_name": "Souza",
        "email": "ana-souza@example.org",
        "affirmed": "y",
    }
    values |= {"password": factories.PASSWORD, "password_again": factories.PASSWORD}

    page.submit("/sign-up", handle="ana-souza", **values)
    assert "“ana-souza” is taken" in page.text
    page.submit("/sign-up", handle="ana-again", **values)

    assert "Look into your mail" in page.text
    assert reads.export_of(ana) is None
    db.session.rollback()
    (mail,) = mails()
    assert mail["Subject"] == "Confirm your e-mail address"
