"""Fan-outs end one step after their subject is deleted, and every kind has an audience."""

import re

import pytest
import sqlalchemy as sa

from tests import factories
from tests.conversation.talking import thread
from tests.fan_outs import run_fan_outs, the_fan_out
from tests.voting import making
from webapp.conversation.models import Reply, Thread
from webapp.core.extensions import db
from webapp.core.jobs import batches, fan_out
from webapp.core.jobs.fan_out import FanOut
from webapp.events import planning
from webapp.events.models import Event, EventNotice
from webapp.notifications.models import Notification
from webapp.voting.models import Vote, Voter

pytestmark = pytest.mark.usefixtures("context")


def a_reply(ana, ben):
    said = thread(factories.group(ana, ben), ana, announces=True)
    return [sa.delete(Reply).where(Reply.thread_id == said.id), sa.delete(Thread)]


def a_vote(ana, ben):
    making.vote(factories.group(ana, ben), ana)
    return [sa.delete(Voter), sa.delete(Vote)]


def an_event(ana, ben):
    event = factories.event(ana)
    planning.cancel(event, by=ana, reason="Ice")
    return [sa.delete(Event)]


@pytest.mark.parametrize("make", [a_reply, a_vote, an_event])
def test_a_fan_out_is_deleted_when_its_subject_was_deleted(app, ana, ben, make):
    deletions = make(ana, ben)
    fan_out_id = the_fan_out()
    for deletion in deletions:
        db.session.execute(deletion)
    db.session.expire_all()
    assert db.session.scalar(sa.select(sa.func.count(EventNotice.id))) == 0

    assert fan_out.step(fan_out_id) is False
    db.session.flush()

    assert db.session.get(FanOut, fan_out_id) is None
    assert db.session.scalar(sa.select(sa.func.count(Notification.id))) == 0


def test_a_fan_out_that_has_ended_is_not_run_again(app, ana, ben):
    making.vote(factories.group(ana, ben), ana)
    run_fan_outs()
    notified = db.session.scalar(sa.select(sa.func.count(Notification.id)))

    assert fan_out.step(the_fan_out()) is False
    assert db.session.scalar(sa.select(sa.func.count(Notification.id))) == notified > 0


def test_a_reminder_for_the_same_time_is_created_once(app, ana, ben):
    vote = making.vote(factories.group(ana, ben), ana)
    about = {"reminder_for": vote.closes_at}
    fan_out.start("vote.reminder", vote.id, **about)

    with pytest.raises(sa.exc.IntegrityError):
        fan_out.start("vote.reminder", vote.id, **about)


def test_every_kind_of_event_news_has_an_audience(app):
    (kinds,) = (
        constraint.sqltext.text
        for constraint in EventNotice.__table__.constraints
        if str(constraint.name).endswith("event_news_kind")
    )
    named = {f"event.{kind}" for kind in re.findall(r"'(\w+)'", kinds)}

    assert named == {kind for kind in fan_out.AUDIENCES if kind.startswith("event.")}
    assert max(map(len, fan_out.AUDIENCES)) <= FanOut.kind.type.length


def test_a_long_fan_out_leaves_the_rest_to_the_next_sweep(app, ana, ben, monkeypatch):
    monkeypatch.setattr(batches, "LONGEST", 0)
    slices = iter([True, True, False])

    batches.run_batches(lambda _row_id: next(slices), str(ana.id))
    assert len(list(slices)) == 2

    monkeypatch.undo()
    slices = iter([True, True, False])
    batches.run_batches(lambda _row_id: next(slices), str(ana.id))
    assert not list(slices)
