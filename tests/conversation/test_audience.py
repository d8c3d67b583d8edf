"""Announcements notify every member, replies their followers: in batches, each once, whatever
crashes meanwhile.
"""

import pytest
import sqlalchemy as sa

from tests import factories
from tests.fan_outs import running, the_fan_out
from tests.groups.racing import at_once
from webapp.conversation import following, removals
from webapp.conversation.models import FOLLOWS, MUTED, READS
from webapp.core.extensions import db
from webapp.core.jobs import batches, fan_out, queue
from webapp.core.jobs.fan_out import FanOut
from webapp.core.time import clock
from webapp.groups import memberships, reads
from webapp.notifications import inbox, preferences
from webapp.notifications.models import NOTHING, NOW, OFF, Notification

from .talking import path, said, thread


@pytest.fixture
def group(ana, ben):
    return factories.group(ana, ben, name="Weir", slug="weir")


@pytest.fixture
def small_slices(monkeypatch):
    monkeypatch.setattr(fan_out, "BATCH_SIZE", 3)


def lines(kind, *users):
    query = sa.select(sa.func.count()).where(Notification.kind == kind)
    return db.session.scalar(
        query.where(Notification.user_id.in_([user.id for user in users])) if users else query
    )


def crowd(group, number):
    with factories.together():
        people = [factories.user() for _ in range(number)]
        for person in people:
            factories.membership(group, person)
    return people


def drain(app):
    db.session.rollback()
    queue.drain(app, raising=True)
    db.session.rollback()


def test_an_announcement_notifies_all_others_by_their_chosen_channel(app, group, ana, ben, emails):
    off, silent = crowd(group, 2)
    preferences.choose(off, {"thread.announced": OFF})
    preferences.choose_level(silent, group.id, NOTHING)

    thread(group, ana, "No water", "On **Tuesday**.", announces=True)

    [email] = emails()
    assert (email["To"], email["Subject"]) == (ben.email, "Announcement: No water (Weir)")
    assert "On Tuesday." in email.get_body(("plain",)).get_content()
    assert lines("thread.announced") == 1
    assert running() == 0


def test_an_ordinary_thread_notifies_no_one(app, group, ana, emails):
    thread(group, ana)

    assert emails() == []
    assert lines("thread.announced") == 0


@pytest.mark.parametrize("number", [1, 2, 3, 5, 6])
def test_many_members_are_notified_in_batches_each_once(app, ana, small_slices, number):
    group = factories.group(ana)
    people = crowd(group, number)
    thread(group, ana, announces=True)

    drain(app)

    assert lines("thread.announced") == lines("thread.announced", *people) == number
    assert running() == 0


def test_after_a_crash_the_next_worker_continues_the_fan_out(app, ana, small_slices, monkeypatch):
    group = factories.group(ana)
    crowd(group, 10)
    thread(group, ana, announces=True)
    app.extensions["queue"].clear()  # its wake-up was lost
    fan_out_id = the_fan_out()
    fan_out.step(fan_out_id)
    db.session.commit()
    fan_out.step(fan_out_id)
    db.session.rollback()  # killed within the second batch

    db.session.execute(sa.update(FanOut).values(created_at=clock.now() - 2 * batches.STALLED_AFTER))
    db.session.commit()
    queue.JOBS["fan_out.sweep"]()
    drain(app)

    each = (
        sa.select(sa.func.count())
        .where(Notification.kind == "thread.announced")
        .group_by(Notification.user_id)
    )
    assert db.session.scalars(each).all() == [1] * 10


def test_control_without_the_cursor_people_are_notified_twice(app, ana, small_slices, monkeypatch):
    group = factories.group(ana)
    crowd(group, 10)
    thread(group, ana, announces=True)
    fan_out_id = the_fan_out()
    fan_out.step(fan_out_id)
    db.session.execute(sa.update(FanOut).values(after=None))
    db.session.commit()

    drain(app)

    each = (
        sa.select(sa.func.count())
        .where(Notification.kind == "thread.announced")
        .group_by(Notification.user_id)
    )
    assert max(db.session.scalars(each).all()) == 2


def test_two_parallel_workers_notify_each_person_once(app, ana, small_slices):
    group = factories.group(ana)
    crowd(group, 9)
    thread(group, ana, announces=True)
    app.extensions["queue"].clear()
    fan_out_id = str(the_fan_out())
    db.session.remove()

    assert at_once(app, [lambda: queue.JOBS[fan_out.JOB](fan_out_id)] * 2) == ["done", "done"]
    each = (
        sa.select(sa.func.count())
        .where(Notification.kind == "thread.announced")
        .group_by(Notification.user_id)
    )
    assert db.session.scalars(each).all() == [1] * 9


def test_followers_are_notified_of_replies_except_their_own(app, group, ana, ben):
    chose, read, muted = crowd(group, 3)
    talk = thread(group, ana)
    for person, state in ((chose, FOLLOWS), (read, READS), (muted, MUTED)):
        following.choose(talk, person, state)
    said(talk, ben)

    drain(app)

    assert [lines("reply.arrived", person) for person in (ana, chose, ben, read, muted)] == [
        1,
        1,
        0,
        0,
        0,
    ]


def test_followers_are_not_notified_again_before_they_look(app, browser, group, ana, ben):
    talk = thread(group, ana)
    for _ in range(3):
        said(talk, ben)
        drain(app)
    assert lines("reply.arrived", ana) == 1

    browser(ana).get(path(talk))
    assert db.session.scalar(sa.select(Notification.read_at)) is not None
    db.session.rollback()
    said(talk, ben)
    drain(app)

    assert lines("reply.arrived", ana) == 2


def test_replying_to_a_muted_thread_keeps_it_muted(app, group, ana, ben):
    talk = thread(group, ana)
    following.choose(talk, ana, MUTED)
    said(talk, ana)
    said(talk, ben)

    drain(app)

    assert lines("reply.arrived") == 0


def test_a_mentioned_follower_gets_one_notification(app, group, ana, ben):
    talk = thread(group, ana)
    said(talk, ben, f"@{ana.handle}")

    drain(app)

    assert (lines("reply.mentioned", ana), lines("reply.arrived", ana)) == (1, 0)


def test_a_reply_deleted_meanwhile_is_not_notified(app, group, ana, ben):
    talk = thread(group, ana)
    removals.delete(said(talk, ben), by=ben)
    db.session.commit()

    drain(app)

    assert lines("reply.arrived") == 0
    assert running() == 0


def test_members_who_left_before_the_email_was_written_get_none(app, group, ana, ben, emails):
    thread(group, ana, words=f"Hello @{ben.handle}")
    memberships.remove(reads.membership_of(group, ben), by=ana)
    db.session.commit()

    assert [email["Subject"] for email in emails() if "mentioned" in email["Subject"]] == []


def test_the_email_about_a_reply_contains_its_text(app, group, ana, ben, emails):
    preferences.choose(ana, {"reply.arrived": NOW})
    said(thread(group, ana), ben, "Oil it well.")

    [email] = emails()

    assert (email["To"], email["Subject"]) == (ana.email, "New reply: The gate (Weir)")
    assert "Oil it well." in email.get_body(("plain",)).get_content()


def test_reading_one_threads_notification_leaves_another_unread(group, ana, ben):
    one, other = (
        thread(group, ana, words=f"@{ben.handle}"),
        thread(group, ana, words=f"@{ben.handle}"),
    )

    inbox.read_about(ben.id, following.scope_of(one.id))

    unread = sa.select(Notification.scope).where(Notification.read_at.is_(None))
    assert db.session.scalars(unread).all() == [following.scope_of(other.id)]
