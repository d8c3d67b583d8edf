"""What others see, receive and keep after someone's account was erased."""

from datetime import timedelta

import sqlalchemy as sa
import time_machine

from tests import factories
from tests.volunteering.helping import comes, task
from webapp.accounts.models import User
from webapp.attendance import reads as event_reads
from webapp.conversation import replies, threads
from webapp.conversation.models import OPENING, Reply, ReplyVersion
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
from webapp.privacy import reads
from webapp.volunteering import tasks
from webapp.volunteering.models import EventShift, EventTask
from webapp.voting.models import Ballot, Vote, Voter

from . import life


def opening_of(thread):
    here = sa.select(Reply).where(Reply.thread_id == thread.id, Reply.number == OPENING)
    return db.session.scalars(here).one()


def test_earlier_versions_of_ones_own_posts_are_deleted_and_the_newest_stays(context, ana, ben):
    group = factories.group(ana, ben)
    talk = threads.start(group, ben, "My address", "Write to https://ben.example")
    replies.edit(opening_of(talk), ben, 1, "Write to me here", "Where I am")
    said = replies.add(talk, ana, "Ben lives by the weir")
    replies.edit(said, ana, 1, "I know")
    db.session.commit()

    life.erased(ben)

    kept = sa.select(ReplyVersion.title, ReplyVersion.body).order_by(ReplyVersion.body)
    assert db.session.execute(kept).all() == [
        (None, "Ben lives by the weir"),
        (None, "I know"),
        ("Where I am", "Write to me here"),
    ]


def test_mentions_of_an_erased_person_show_former_member_in_every_version(
    context, browser, ana, ben
):
    group = factories.group(ana, ben)
    talk = threads.start(group, ana, "Cups", f"@{ben.handle} has cups, not @{ben.handle}s.")
    replies.edit(opening_of(talk), ana, 1, f"Ask @{ben.handle.upper()}, he has cups", "Cups")
    db.session.commit()
    handle = ben.handle

    life.erased(ben)

    page = browser(ana)
    page.get(f"{group.path}/conversation/{talk.id}")
    assert "Ask Former member, he has cups" in page.text
    bodies = db.session.scalars(sa.select(ReplyVersion.body).order_by(ReplyVersion.number)).all()
    assert bodies == [
        f"Former member has cups, not @{handle}s.",
        "Ask Former member, he has cups",
    ]


def test_notifications_to_others_during_erasure_contain_no_name(
    context, ana, ben, emails, monkeypatch
):
    """Of a task that is free again, and whatever else a feature announces when a membership
    ends.
    """
    group = factories.group(ana, ben)
    event = factories.event(ana, group, title="Eel count")
    comes(event, ben)
    tasks.take(event, task(event, ana, "Bring lamps").id, by=ben)

    def tell_of_it(group, user, by_choice):
        notify([ana], "request.arrived", "/", {"group": group.name, "name": user.name})

    monkeypatch.setattr(
        hooks.member_left, "subscribers", [*hooks.member_left.subscribers, tell_of_it]
    )
    assert inbox_of(ana) == []
    life.erased(ben)

    lines = inbox_of(ana)
    assert {line.kind for line in lines} == {"task.released", "request.arrived"}
    for line in lines:
        assert line.params["name"] == "Former member"
        assert "Ben" not in line.label
    assert not [email for email in emails() if "Ben" in email.get_body(("plain",)).get_content()]


def inbox_of(user):
    return db.session.scalars(sa.select(Notification).where(Notification.user_id == user.id)).all()


def test_accounts_not_due_are_not_erased(cara):
    first_name = cara.first_name
    cara.deactivated_at, cara.deletion_due_at = clock.now(), clock.now() + timedelta(hours=1)
    db.session.commit()

    queue.JOBS["privacy.erase"]()

    assert db.session.get(User, cara.id).first_name == first_name


def test_a_failing_erasure_does_not_stop_others(app, context, ana, ben, monkeypatch):
    monkeypatch.setattr(
        hooks.user_erased, "subscribers", [lambda user: 1 / 0 if user.first_name == "Ana" else None]
    )
    for person in (ana, ben):
        person.deactivated_at = person.deletion_due_at = clock.now()
    db.session.commit()

    queue.JOBS["privacy.erase"]()

    assert db.session.scalars(
        sa.select(User.erased_at.is_not(None)).order_by(User.first_name)
    ).all() == [False, True]


def test_ballot_and_voter_counts_stay_after_erasure(cara):
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


def test_the_remaining_row_survives_the_retention_purge(app, context, ana):
    life.erased(ana)
    for _line, _number in purge.lines():
        db.session.commit()

    assert db.session.get(User, ana.id) is not None


def test_pages_show_erased_people_as_former_member(app, browser, ana, ben):
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


def test_events_of_erased_people_pass_to_another_host_or_are_cancelled(
    app, context, ana, ben, cem, emails
):
    alone, together, draft = (
        factories.event(ana),
        factories.event(ana),
        factories.event(ana, state="draft"),
    )
    past = factories.event(
        ana,
        starts_at=clock.now() - timedelta(days=9),
        venue="My kitchen",
        description="Ring twice",
        has_registration_form=True,
        has_volunteering=True,
    )
    db.session.add_all(
        [
            EventHost(event_id=together.id, user_id=ben.id),
            Rsvp(event_id=alone.id, user_id=cem.id, state=GOING),
        ]
    )
    hours = {"starts_at": past.starts_at, "ends_at": past.ends_at}
    spoken = [
        EventTask(event_id=past.id, title="Hide the key", position=1),
        EventShift(event_id=past.id, title="My door", **hours),
    ]
    asked = EventQuestion(event_id=past.id, text="Which of my soups?", kind="choice", position=1)
    db.session.add_all([*spoken, asked])
    db.session.flush()
    db.session.add(
        EventOption(
            event_id=past.id, question_id=asked.id, label="Leek, as my mother makes it", position=1
        )
    )
    alone.seats_taken = 1
    alone.locked_at, titled = clock.now(), together.title
    db.session.commit()

    life.erased(ana)

    assert alone.state == CANCELLED
    assert together.owner_id == ben.id
    assert db.session.get(Event, draft.id) is None
    assert (past.venue, past.description) == ("", "")
    assert (past.title, past.slug) == (erasing.UNTITLED, f"event-{past.id.hex}")
    assert erasing.UNTITLED not in (alone.title, together.title)
    assert (past.has_registration_form, past.has_volunteering) == (False, False)
    for model in (EventTask, EventShift, EventQuestion, EventOption):
        assert not db.session.scalars(sa.select(model)).all()
    assert [email["To"] for email in emails()] == [cem.email]

    with time_machine.travel(alone.ends_at + timedelta(hours=1), tick=False):
        purge.carry_out(next(line for line in purge.ALL if line.key == "nobodys-events"))
    db.session.expire_all()
    assert (alone.title, together.title) == (erasing.UNTITLED, titled)


def test_other_peoples_notifications_no_longer_name_them(app, context, ana, ben):
    line = Notification(
        user_id=ben.id,
        kind="request.arrived",
        label=f"{ana.name} asks",
        url="/",
        params={"name": ana.name},
    )
    db.session.add(line)
    db.session.commit()

    life.erased(ana)

    assert (line.label, line.params) == ("Former member asks", {"name": "Former member"})


def test_the_email_address_is_free_and_the_handle_stays_reserved_for_a_while(
    app, browser, ana, emails
):
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

    assert "Check your inbox" in page.text
    assert reads.export_of(ana) is None
    db.session.rollback()
    (email,) = emails()
    assert email["Subject"] == "Confirm your email address"
