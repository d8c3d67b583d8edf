"""Locks of rows are taken so that two changes don't wait for each other."""

import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from tests import factories
from tests.voting import making
from webapp.accounts.models import User
from webapp.attendance import rsvps
from webapp.core.db import session
from webapp.core.db.base import new_id
from webapp.core.db.engine import reading
from webapp.core.extensions import db
from webapp.events.models import Event
from webapp.groups import memberships
from webapp.voting.models import Invitee

pytestmark = pytest.mark.postgresql


@pytest.fixture
def event(ana, ben, cem, context):
    """An event of Ana's group. Ben has its only seat, and Cem waits for it."""
    group = factories.group(ana, ben, cem)
    event = factories.event(ana, group, capacity=1)
    for person in (ben, cem):
        rsvps.answer(event, by=person)
        db.session.commit()
    return event


def done_beside(app, change):
    """Make the change in another transaction. Return whether it had to wait for a lock of this
    one.
    """
    outcomes = []

    def act():
        reading.set(False)
        with app.app_context():
            db.session.execute(sa.text("SET LOCAL lock_timeout = '200ms'"))
            try:
                change()
                db.session.commit()
                outcomes.append("saved")
            except OperationalError:
                db.session.rollback()
                outcomes.append("waited")

    other = threading.Thread(target=act)
    other.start()
    other.join(60)
    return outcomes[0]


def withdrawn_beside(app, event, person):
    """Give the seat up, so that the event's row is changed twice and refers to its group and owner
    anew.
    """
    ids = event.id, person.id

    def withdraw():
        found, by = db.session.get(Event, ids[0]), db.session.get(User, ids[1])
        rsvps.withdraw(found, by=by)

    return done_beside(app, withdraw)


def test_a_seat_is_given_up_while_someone_leaves_the_group(app, event, ben):
    memberships.hold(event.group)

    assert withdrawn_beside(app, event, ben) == "saved"


def test_a_seat_is_given_up_while_the_host_invites_people(app, event, ana, ben):
    session.locked(User, ana.id)

    assert withdrawn_beside(app, event, ben) == "saved"


def test_rows_can_refer_to_a_vote_while_someone_leaves_it(app, event, ana, ben, cem):
    vote = making.vote(event.group, ana)
    db.session.commit()
    invited = sa.insert(Invitee).values(id=new_id(), vote_id=vote.id, user_id=cem.id)
    memberships.leave(event.group, by=ben)

    assert done_beside(app, lambda: db.session.execute(invited)) == "saved"


@pytest.mark.parametrize("row", ["group", "owner"])
def test_control_a_lock_against_references_makes_it_wait(app, event, ben, monkeypatch, row):
    """Someone who leaves would then wait for the event: a deadlock."""
    monkeypatch.setattr(session, "FOR_CHANGES", True)
    session.locked(type(getattr(event, row)), getattr(event, row).id)

    assert withdrawn_beside(app, event, ben) == "waited"
