"""Two people edit the same text or reply at once; and the same without the lock, which must
fail.
"""

import pytest
import sqlalchemy as sa

from tests import factories
from tests.groups.racing import at_once, waiting_for_each_other
from webapp.accounts.models import User
from webapp.conversation import replies, threads
from webapp.conversation.models import Reply, ReplyVersion, Thread
from webapp.core.extensions import db
from webapp.groups.models import ORGANIZER

from .talking import said, thread


@pytest.fixture
def talk_ids(ana, ben):
    """The ids of an announcement, of its first post, and of two people who may both edit them."""
    group = factories.group(ana)
    factories.membership(group, ben, ORGANIZER)
    talk = thread(group, ana, announces=True)
    said(talk, ana)
    opening = db.session.scalar(sa.select(Reply.id).where(Reply.number == 0))
    ids = talk.id, opening, (ana.id, ben.id)
    db.session.remove()
    return ids


@pytest.fixture
def unlocked(monkeypatch):
    """Remove the lock: holding a thread does nothing."""
    for module in (threads, replies):
        monkeypatch.setattr(module, "hold", lambda talk: talk)


def editing(opening, by):
    return lambda: replies.edit(
        db.session.get(Reply, opening), db.session.get(User, by), 1, f"Written by {by}"
    )


def answering(talk, by):
    return lambda: replies.add(
        db.session.get(Thread, talk), db.session.get(User, by), f"Written by {by}"
    )


@pytest.fixture
def both_have_looked(monkeypatch):
    """Make each person wait before writing until the other has come as far."""
    monkeypatch.setattr(replies, "refuse_empty", waiting_for_each_other(replies.refuse_empty))


def test_one_of_two_parallel_edits_is_refused(app, talk_ids, both_have_looked):
    _talk, opening, people = talk_ids

    assert at_once(app, [editing(opening, by) for by in people]) == ["done", "refused"]
    assert db.session.scalar(sa.select(Reply.version).where(Reply.id == opening)) == 2
    versions = sa.select(sa.func.count()).where(ReplyVersion.reply_id == opening)
    assert db.session.scalar(versions) == 2


def test_control_without_the_lock_both_edits_are_saved_or_one_fails(
    app, talk_ids, both_have_looked, unlocked
):
    _talk, opening, people = talk_ids

    assert at_once(app, [editing(opening, by) for by in people], unlocked=True) != [
        "done",
        "refused",
    ]


def test_two_parallel_replies_get_two_numbers(app, talk_ids, both_have_looked):
    talk, _opening, people = talk_ids

    assert at_once(app, [answering(talk, by) for by in people]) == ["done", "done"]
    numbers = db.session.scalars(
        sa.select(Reply.number).where(Reply.thread_id == talk).order_by(Reply.number)
    ).all()
    assert numbers == [0, 1, 2, 3]
    assert db.session.scalar(sa.select(Thread.last_number)) == 3


def test_control_without_the_lock_one_reply_is_lost(app, talk_ids, both_have_looked, unlocked):
    talk, _opening, people = talk_ids

    assert at_once(app, [answering(talk, by) for by in people], unlocked=True) != ["done", "done"]
