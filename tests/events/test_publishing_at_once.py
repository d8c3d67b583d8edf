"""Two hosts publish at the same moment: the group is notified once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from tests import factories
from tests.events.change_notices import tell_everyone
from webapp.accounts.models import User
from webapp.core.db.engine import reading
from webapp.core.extensions import db
from webapp.events import planning
from webapp.events.models import DRAFT, Event
from webapp.notifications.models import Notification

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def published_by_both(app, ana, ben, cem):
    """Let Ana and Cem publish their draft at the same time; return who was notified, as often as
    they were.
    """
    group = factories.group(ana, ben)
    factories.membership(group, cem, "organizer")
    event_id, hosts = factories.event(ana, group, state=DRAFT).id, [ana.id, cem.id]
    start = threading.Barrier(2)

    def publish(host_id):
        reading.set(False)
        with app.app_context():
            start.wait(30)
            planning.publish(db.session.get(Event, event_id), by=db.session.get(User, host_id))
            db.session.commit()

    def both():
        db.session.rollback()
        with ThreadPoolExecutor(2) as clients:
            list(clients.map(publish, hosts))
        tell_everyone()
        return list(
            db.session.scalars(
                sa.select(Notification.user_id).where(Notification.kind == "event.published")
            )
        )

    return both


def test_two_hosts_publishing_at_once_notify_the_group_once(published_by_both, ben):
    notified = published_by_both()

    assert notified.count(ben.id) == 1
    assert len(notified) == 2


def test_control_without_the_lock_the_group_is_notified_twice(published_by_both, ben, monkeypatch):
    both_have_looked = threading.Barrier(2)
    hold = planning.locked

    def look_and_let_go(model, row_id):
        event = hold(model, row_id)
        seen = {name: getattr(event, name) for name in ("state", "published_at")}
        db.session.commit()
        both_have_looked.wait(30)
        db.session.refresh(event)
        for name, value in seen.items():
            set_committed_value(event, name, value)
        return event

    monkeypatch.setattr(planning, "locked", look_and_let_go)

    assert published_by_both().count(ben.id) == 2
