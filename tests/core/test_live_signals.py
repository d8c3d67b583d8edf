"""A signal is sent once its change is visible to everyone, and not otherwise."""

import pytest
from sqlalchemy.exc import IntegrityError

from webapp.core import live
from webapp.core.extensions import db
from webapp.notifications.models import Notification


def test_signals_are_sent_after_the_commit_and_each_once(context, signals):
    live.signal("event:1:rsvps")
    live.signal("event:1")
    live.signal("event:1:rsvps")
    assert signals == []

    db.session.commit()

    assert signals == ["event:1:rsvps", "event:1"]


def test_nothing_is_sent_after_a_rollback(context, signals):
    live.signal("event:1:rsvps")

    db.session.rollback()
    db.session.commit()

    assert signals == []


def test_nothing_is_sent_when_the_commit_fails(context, ana, signals):
    db.session.add(Notification(user_id=ana.id, kind="x.y", label=None, url="/"))
    live.signal("event:1:rsvps")

    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()
    db.session.commit()

    assert signals == []


def test_the_change_is_visible_when_its_signal_is_sent(app, context, ana, monkeypatch):
    found = []

    def look(name):
        with app.app_context():
            found.append(db.session.query(Notification).count())

    monkeypatch.setattr(app.extensions["live"], "publish", look)
    db.session.add(Notification(user_id=ana.id, kind="x.y", label="News", url="/"))
    live.signal("user:1:inbox")

    db.session.commit()

    assert found == [1]


def test_a_failing_hub_does_not_fail_the_commit(app, context, ana, monkeypatch):
    def fail(name):
        raise OSError("away")

    monkeypatch.setattr(app.extensions["live"], "publish", fail)
    db.session.add(Notification(user_id=ana.id, kind="x.y", label="News", url="/"))
    live.signal("user:1:inbox")

    db.session.commit()

    assert db.session.query(Notification).count() == 1
