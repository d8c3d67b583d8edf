"""After 14 days nothing of the person remains except, without a name, what others need; every
feature does its part.
"""

import inspect
import sys
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tests import factories
from webapp.accounts.models import User
from webapp.core import hooks
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.events.models.event import HOST_TEXTS
from webapp.privacy import deletions

from . import canaries, finding, life, mutants, outlets
from .canaries import COMING, GROUP, NOWHERE, OF_NOBODY, OTHERS, SHARED, UNDECIDED, WORD, Origin

#: Columns that still refer to the person's row, which has no name any more.
ROWS_STAY = {
    "audit_entry.actor_id": "who did what that concerns others; nothing in the log says who that was",  # noqa: E501
    "audit_entry.subject_id": "what was done to whom; the same",
    "audit_entry.details": "ids of rows",
    "ballot.user_id": "a vote's count can be counted again",
    "event.owner_id": "a group's event, and one that took place, was someone's",
    "waitlist_step.user_id": "people who waited can see that it was fair",
    "reply.author_id": "a group's conversation needs all of its voices",
    "reply_version.by_id": "the same",
    "rsvp.user_id": "seats were taken at what took place",
    "secret_roll.user_id": "the ballots of a secret vote are counted against its roll",
    "session_booking.user_id": "the same, in a session",
    "thread.author_id": "someone began it",
    "user.id": "the row without a person",
    "vote.author_id": "a group's question was someone's",
    "vote_outcome.by_id": "a group's decision was said by someone",
    "voter.user_id": "a result needs its roll",
}
#: Texts of events that belong to a group, or that another host continues.
OF_EVENTS = """
    agenda_room.name agenda_session.cancelled_reason agenda_session.description agenda_session.title agenda_track.name
    event.cancelled_reason event.online_url event.slug event.title
    event_news.words event_option.label event_question.text event_shift.description event_shift.title event_slug.slug
    event_task.description event_task.title waitlist_step.full rsvp.decline_message speaker.bio speaker.links speaker.name
""" + " ".join(f"event.{name}" for name in HOST_TEXTS)  # noqa: E501
#: Which texts of the person stay, by what they belong to, and why.
WORDS_STAY = {
    GROUP: {
        "a group's events stay with those who lead it": OF_EVENTS,
        "a group is its owners', whoever wrote what it says": """
            group.code_of_conduct group.description group.name group.location group.slug group.summary group.welcome group_slug.slug
            join_question.options join_question.text news_source.name news_source.url
        """,  # noqa: E501
        "a group's votes are its decisions": """
            option.description option.title vote.cancelled_reason vote.description vote.slug vote.title vote_outcome.body
        """,  # noqa: E501
        "a group's conversation needs all of its "
        "voices": "reply_version.body reply_version.title thread.title",
        "a reason that someone was told, from those who moderate a group": "case_step.text",
    },
    SHARED: {"another host goes on with it": OF_EVENTS},
    OTHERS: {"where the event was before it was moved": "event_news.words"},
    COMING: {"until its end those who answered know what was cancelled": "event.title event.slug"},
    UNDECIDED: {
        "someone is still to judge what it says, without whose report it is": "report.text"
    },
    NOWHERE: {
        "for 90 days nobody else may be taken for them": (
            "user.handle in held_handle.handle, former_handle.handle in held_handle.handle"
        ),
        "a vote that they stood in needs its options": (
            "user.first_name in option.title, user.last_name in option.title, "
            "user.first_name in vote.opening, user.last_name in vote.opening"
        ),
    },
}


def excused() -> set[tuple[Origin, str]]:
    """Return each origin with the column in which its texts may be; "" for any column."""
    found = set()
    for place, reasons in WORDS_STAY.items():
        for columns in reasons.values():
            for one in columns.split(", ") if " in " in columns else columns.split():
                column, _in, where = one.partition(" in ")
                found.add((Origin(column, place), where))
    return found


EXCUSED = excused()


def ids_left(cara_id) -> set[str]:
    """Return the columns that still refer to the person's row without a reason."""
    return {".".join(place) for place in finding.found(str(cara_id))} - set(ROWS_STAY)


def words_left(left) -> set[tuple[Origin, str]]:
    """Return the texts that are still there without a reason, each with its column."""
    return {
        (origin, where)
        for origin, where in left.words()
        if not {(origin, ""), (origin, where)} & EXCUSED
    }


@pytest.mark.any_database
@pytest.mark.parametrize(
    "most", [1, pytest.param(10_000, marks=pytest.mark.deep)], ids=["one a route", "all"]
)
def test_erasure_leaves_nothing_of_the_person(app, left, cara, emails, most):
    ben = db.session.scalar(sa.select(User).where(User.first_name == "Ben"))
    before = set(app.extensions["files"].names())
    finding.archive_of(app, cara)
    assert left.canaries.within("".join(outlets.pages(app, None).values()))

    assert emails()
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
    for where, text in outlets.all_of(app, ben, emails, most):
        assert left.canaries.within(text) - shown == set(), where
        assert str(left.cara_id) not in text, where


@pytest.mark.any_database
def test_every_text_column_is_filled_before_and_every_exception_is_needed(left, cara):
    texts = [
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in canaries.texts(table)
    ]
    held = finding.everything()
    empty = {name for name in texts if name not in OF_NOBODY and not WORD.search(held[name])}
    assert empty == set(), "the life of life.py writes nothing there: how is it erased?"

    life.erased(cara)

    assert words_left(left) == set()
    found = left.words()
    assert EXCUSED - found - {(origin, "") for origin, _where in found} == set()
    ids = {".".join(place) for place in finding.found(str(left.cara_id))}
    assert set(ROWS_STAY) - ids <= {"audit_entry.details"}


#: Columns of the row that stays, and what happens to each. New ones must be added here.
OF_THE_ROW = {
    "stays": {
        "id": "others' rows point to it",
        "deletion_due_at": "when it was due: the purge reads it, and it says nothing of a person",
    },
    "says_nothing": {
        "first_name",
        "last_name",
        "family_name_first",
        "zone",
        "locale",
        "theme",
        "accent",
        "text_size",
        "terms_version",
        "is_admin",
    }
    | {
        "profile_visibility",
        "picture",
        "password_hash",
        "search_text",
        "shows_presence",
        "may_create_groups",
        "suspended_at",
        "came_for",
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
def test_every_column_of_the_remaining_row_is_classified(cara):
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
        "came_for": "/groups/moss",
        "is_admin": True,
        "may_create_groups": True,
        "shows_presence": True,
        "profile_visibility": "everyone",
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


def test_the_person_has_rows_in_every_table_before_erasure(cara):
    naming = {
        table.name
        for table in db.metadata.tables.values()
        if finding.belongs(table, cara) is not None
    }

    empty = {
        name
        for name in naming
        if not db.session.scalar(
            sa.select(sa.func.count())
            .select_from(t := db.metadata.tables[name])
            .where(finding.belongs(t, cara))
        )
    }

    assert not empty, "the life of life.py has no row in these tables"
    assert {"outgoing_email", "invitation", "notification", "rsvp", "data_export"} <= naming


def without(left, function, code) -> bool:
    """Whether it is noticed that the function runs this code instead; roll back afterwards."""
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
    """Cara, whose 14 days are over."""
    cara.deactivated_at = cara.deletion_due_at = clock.now()
    db.session.commit()
    return left


@pytest.mark.any_database
def test_control_without_one_features_step_something_is_left(due):
    unnoticed = [
        function.__module__
        for function in hooks.user_erased.subscribers
        if not without(due, function, (lambda user: None).__code__)
    ]
    assert unnoticed == []


def steps():
    """Return the functions that erase: subscribers, and the other functions of modules that only
    erase.
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


#: Samples from modules that erase, one of each type of change: leaving one out is noticed. Deep
#: runs check all of them.
SAMPLE = {
    *("user.last_name =", "*HOST_TEXTS", "values(decline_message='')", "case.snapshot ="),
    "db.session.execute(sa.update(Ballot).where(Ballot.user_id == user.id, Ballot.reason != "
    "'').values(reason=''))",
}
#: What may be left out, because it is erased in another way, or reveals nothing.
NOTHING_LEFT = {
    "GroupLevel": "goes with the membership",
    "db.session.execute(sa.delete(OwnershipOffer).where(offers))": "goes with the membership",
    "InvitationUse": "goes with the invitation",
    "InvitedSignUp": "goes with the invitation",
    "db.session.execute(sa.delete(model).where(model.user_id == "
    "user.id))": "goes with the invitation",
    "db.session.execute(sa.delete(Rsvp).where(Rsvp.user_id == user.id, "
    "empty))": "a seat or none, without a name",
    (
        "db.session.execute(sa.delete(Booking).where(Booking.user_id == user.id, Booking.state != "
        "GOING))"
    ): "the same",
    (
        "db.session.execute(sa.update(EventShift).where(EventShift.id.in_(claimed)).values(taken=EventShift.taken "  # noqa: E501
        "- 1))"
    ): "a number",
    "db.session.execute(sa.delete(EventNotice).where(mine, "
    "EventNotice.kind.in_(WRITTEN)))": "is emptied right after",
    (
        "db.session.execute(sa.delete(EventHost).where(EventHost.event_id == event.id, "
        "EventHost.user_id == others[0]))"
    ): "another's",
}


@pytest.mark.any_database
@pytest.mark.parametrize(
    "whole", [False, pytest.param(True, marks=pytest.mark.deep)], ids=["a few", "all"]
)
def test_control_a_skipped_erasure_step_is_noticed(due, whole):
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
