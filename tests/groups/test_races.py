"""Two owners leave in the same moment; and the same with the lock taken away, which must go wrong."""

import threading
from contextlib import suppress

import pytest

from tests import factories
from webapp.accounts.models import User
from webapp.core.database import reading
from webapp.core.errors import RuleBroken
from webapp.core.extensions import db
from webapp.groups import memberships
from webapp.groups.models import OWNER, Group


@pytest.fixture
def interleaved(monkeypatch):
    """Whoever has looked whether another owner is left waits a moment for the other one to look as well."""
    both = threading.Barrier(2)
    look = memberships._keep_an_owner

    def look_and_wait(*args):
        look(*args)
        with suppress(threading.BrokenBarrierError):  # then the other one is held by the lock
            both.wait(timeout=1)

    monkeypatch.setattr(memberships, "_keep_an_owner", look_and_wait)


def leave_at_once(app, group_id, user_ids, unlocked=False):
    """What became of each, sorted: left, refused, or an error."""
    outcomes = []

    def leave(user_id):
        reading.set(unlocked)
        with app.app_context():
            try:
                memberships.leave(db.session.get(Group, group_id), by=db.session.get(User, user_id))
                db.session.commit()
                outcomes.append("left")
            except RuleBroken:
                outcomes.append("refused")
            except Exception as error:
                outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=leave, args=(user_id,)) for user_id in user_ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.fixture
def two_owners(ana, ben):
    group = factories.group(ana)
    factories.membership(group, ben, OWNER)
    ids = group.id, (ana.id, ben.id)
    db.session.remove()
    return ids


def test_of_two_owners_who_leave_at_once_one_stays(app, two_owners, interleaved):
    group_id, user_ids = two_owners

    assert leave_at_once(app, group_id, user_ids) == ["left", "refused"]
    assert db.session.get(Group, group_id).member_count == 1


def test_control_without_the_lock_it_goes_wrong(app, two_owners, interleaved, monkeypatch):
    group_id, user_ids = two_owners
    monkeypatch.setattr(memberships, "hold", lambda group: group)

    assert leave_at_once(app, group_id, user_ids, unlocked=True) != ["left", "refused"]
