"""A deleted group takes its events along and restores them; meanwhile nothing moves."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories
from tests.events import counted
from tests.voting import making
from webapp.attendance import jobs, rsvps
from webapp.core import hooks
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict
from webapp.core.time import clock
from webapp.events.models import DRAFT, GOING, NOT_GOING, OFFER, OFFERED, WAITING
from webapp.groups import groups, reads
from webapp.notifications.models import Notification

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def group(ana, ben, cem):
    return factories.group(ana, ben, cem, name="Lake Riders", slug="lake")


def notified(user):
    lines = sa.select(Notification.kind).where(Notification.user_id == user.id)
    return list(db.session.scalars(lines.order_by(Notification.id)))


def put_away(group, by):
    groups.delete(group, by=by)
    db.session.commit()


def bring_back(group, by):
    groups.restore(group, by=by)
    db.session.commit()


def test_events_and_votes_are_deleted_and_restored_with_their_group(group, ana, ben, browser):
    event, draft = factories.event(ana, group), factories.event(ana, group, state=DRAFT)
    vote = making.vote(group, ana)
    paths = [event.path, draft.path, vote.path]
    page = browser(ana)
    put_away(group, ana)

    assert [page.get(path).status_code for path in paths] == [404] * 3
    for path in ("/", "/events", "/votes"):
        assert not [one for one in paths if f'"{one}"' in page.get(path).text], path
    with pytest.raises(Conflict):
        rsvps.answer(event, by=ben)
    db.session.rollback()

    bring_back(group, ana)
    assert [page.get(path).status_code for path in paths] == [200] * 3


def test_waiting_people_move_up_only_after_the_group_is_restored(group, ana, ben, cem):
    event = factories.event(ana, group, capacity=1)
    rsvps.answer(event, by=ben)
    rsvps.answer(event, by=cem)
    db.session.commit()
    put_away(group, ana)

    hooks.user_deactivated(user=ben)
    db.session.commit()
    assert [rsvps.of(event, who).state for who in (ben, cem)] == [NOT_GOING, WAITING]
    assert notified(cem) == ["group.deleted"]

    bring_back(group, ana)
    assert rsvps.of(event, cem).state == GOING
    assert notified(cem) == ["group.deleted", "rsvp.promoted"]
    assert counted(event)


def test_offers_that_expired_meanwhile_are_made_again(group, ana, ben, cem):
    event = factories.event(ana, group, capacity=1, promotion=OFFER)
    rsvps.answer(event, by=ben)
    rsvps.answer(event, by=cem)
    rsvps.withdraw(event, by=ben)
    db.session.commit()
    assert rsvps.of(event, cem).state == OFFERED
    put_away(group, ana)
    before = notified(cem)

    with time_machine.travel(clock.now() + timedelta(days=2)):
        jobs.expire_offers()
        assert notified(cem) == before
        bring_back(group, ana)
        assert rsvps.of(event, cem).state == OFFERED
    assert counted(event)


def test_a_group_cannot_be_restored_after_thirty_days(group, ana, browser):
    put_away(group, ana)

    with time_machine.travel(clock.now() + timedelta(days=30)):
        assert reads.deleted_by(ana) == []
        with pytest.raises(Conflict, match="no longer be restored"):
            groups.restore(group, by=ana)
