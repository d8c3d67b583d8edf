"""Parallel invitations of one person count against one daily limit."""

import pytest

from tests import factories
from tests.events.racing import at_once
from tests.groups.racing import SURELY, waiting_for_each_other
from webapp.accounts.models import User
from webapp.attendance import inviting
from webapp.core.db.session import locked
from webapp.core.extensions import db
from webapp.events.models import Event, EventInvitation
from webapp.invitations import allowances

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def invite(app, ana, monkeypatch):
    """A function that invites two addresses to two events, with one invitation left for the day; it
    returns how many were sent.
    """

    def invite(patience=0.5):
        look = waiting_for_each_other(allowances.sent_today, patience=patience)
        monkeypatch.setattr(allowances, "sent_today", look)
        monkeypatch.setattr(allowances, "MOST", 1)
        acts = [
            _act(factories.event(ana).id, ana.id, f"{name}@example.org") for name in ("gil", "hal")
        ]
        db.session.commit()
        at_once(app, *acts)
        return db.session.query(EventInvitation).count()

    return invite


def _act(event_id, user_id, address):
    return lambda: inviting.invite(
        db.session.get(Event, event_id), db.session.get(User, user_id), [address]
    )


def test_only_one_of_two_parallel_invitations_fits_the_daily_limit(invite):
    assert invite() == 1


@pytest.mark.postgresql
def test_control_without_the_lock_both_invitations_are_sent(invite, monkeypatch):
    """SQLite has one writer at a time, so it can't show this state."""
    monkeypatch.setattr(
        inviting,
        "locked",
        lambda model, id: (db.session.get if model is User else locked)(model, id),
    )

    assert invite(SURELY) == 2
