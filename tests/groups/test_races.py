"""Two owners leave at once, two people answer an offer, four people join; and the same without the
lock, which must fail.
"""

import threading

import pytest
import sqlalchemy as sa

from tests import factories
from tests.groups.racing import at_once, meet, waiting_for_each_other
from webapp.accounts.models import User
from webapp.core.extensions import db
from webapp.groups import member_stats, memberships, ownership, reads
from webapp.groups.models import (
    MEMBER,
    ORGANIZER,
    OWNER,
    Group,
    GroupDay,
    Membership,
    OwnershipOffer,
)


class Act:
    """What one of two people does to the group, from ids alone, because rows belong to one
    thread.
    """

    def __init__(self, verb, group_id, by_id, other_id):
        self.verb, self.group_id, self.by_id, self.other_id = verb, group_id, by_id, other_id

    def __call__(self):
        group, by, other = (
            db.session.get(Group, self.group_id),
            db.session.get(User, self.by_id),
            None,
        )
        other = db.session.get(User, self.other_id)
        VERBS[self.verb](group, by, other)


VERBS = {
    "leave": lambda group, by, other: memberships.leave(group, by=by),
    "demote": lambda group, by, other: memberships.change_role(
        reads.membership_of(group, other), MEMBER, by=by
    ),
    "remove": lambda group, by, other: memberships.remove(reads.membership_of(group, other), by=by),
    "step down": lambda group, by, other: memberships.change_role(
        reads.membership_of(group, by), MEMBER, by=by
    ),
    "accept": lambda group, by, other: ownership.accept(group, by=by),
    "withdraw": lambda group, by, other: ownership.withdraw(group, other, by=by),
    "decline": lambda group, by, other: ownership.decline(group, by=by),
}
#: Two owners, each against the other or against themselves.
GOING = [("leave", "leave"), ("demote", "demote"), ("remove", "remove"), ("step down", "leave")]


def acts(verbs, group_id, ana, ben):
    return [Act(verbs[0], group_id, ana, ben), Act(verbs[1], group_id, ben, ana)]


@pytest.fixture
def unlocked(monkeypatch):
    """Remove the lock: holding a group does nothing."""
    monkeypatch.setattr(memberships, "hold", lambda group: group)


@pytest.fixture
def two_owners(ana, ben):
    group = factories.group(ana)
    factories.membership(group, ben, OWNER)
    ids = group.id, ana.id, ben.id
    db.session.remove()
    return ids


@pytest.fixture
def interleaved(monkeypatch):
    """Make each person who has checked for another owner wait until the other has checked, too."""
    monkeypatch.setattr(
        memberships, "_keep_an_owner", waiting_for_each_other(memberships._keep_an_owner)
    )


def owners(group_id):
    query = sa.select(sa.func.count()).where(
        Membership.group_id == group_id, Membership.role == OWNER
    )
    return db.session.scalar(query)


@pytest.mark.parametrize("verbs", GOING, ids=" and ".join)
def test_one_of_two_owners_leaving_at_once_stays(verbs, app, two_owners, interleaved):
    assert at_once(app, acts(verbs, *two_owners)) == ["done", "refused"]
    assert owners(two_owners[0]) == 1


@pytest.mark.parametrize("verbs", GOING, ids=" and ".join)
def test_control_without_the_lock_both_leave_or_one_fails(
    verbs, app, two_owners, interleaved, unlocked
):
    outcomes = at_once(app, acts(verbs, *two_owners), unlocked=True)

    assert outcomes != ["done", "refused"]


@pytest.fixture
def offered(ana, ben):
    """Ana's offer of ownership to Ben, with her wish to become an organizer."""
    group = factories.group(ana, ben)
    ownership.offer(reads.membership_of(group, ben), by=ana, steps_down=True)
    db.session.commit()
    ids = group.id, ana.id, ben.id
    db.session.remove()
    return ids


@pytest.fixture
def answered_at_once(monkeypatch):
    """Make each person who has found the offer, as sent or as received, wait until the other has
    found it, too.
    """
    both = threading.Barrier(2)
    for find in (ownership._pending, ownership._arrived):
        monkeypatch.setattr(ownership, find.__name__, waiting_for_each_other(find, both))


#: What Ben does twice, or Ana and Ben against each other.
ANSWERS = [("accept", "accept"), ("withdraw", "accept"), ("decline", "accept")]


def answers(verbs, group_id, ana, ben):
    by = {"withdraw": ana, "accept": ben, "decline": ben}
    return [Act(verb, group_id, by[verb], ben) for verb in verbs]


@pytest.mark.parametrize("verbs", ANSWERS, ids=" and ".join)
def test_an_offer_ends_once(verbs, app, offered, answered_at_once):
    group_id, ana, ben = offered

    assert at_once(app, answers(verbs, *offered)) == ["done", "refused"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OwnershipOffer)) == 0
    roles = dict(db.session.execute(sa.select(Membership.user_id, Membership.role)).all())
    assert roles in ({ana: ORGANIZER, ben: OWNER}, {ana: OWNER, ben: MEMBER})


@pytest.mark.parametrize("verbs", ANSWERS, ids=" and ".join)
def test_control_without_the_lock_an_offer_ends_twice_or_fails(
    verbs, app, offered, answered_at_once, unlocked, monkeypatch
):
    if verbs == (
        "accept",
        "accept",
    ):  # both read who owns the group before either changes it
        monkeypatch.setattr(memberships, "current", waiting_for_each_other(memberships.current))
    assert at_once(app, answers(verbs, *offered), unlocked=True) != ["done", "refused"]


def test_offering_ownership_and_leaving_at_once_keeps_an_owner(app, offered, monkeypatch):
    both = threading.Barrier(2)
    monkeypatch.setattr(ownership, "_arrived", waiting_for_each_other(ownership._arrived, both))
    monkeypatch.setattr(
        memberships, "_keep_an_owner", waiting_for_each_other(memberships._keep_an_owner, both)
    )
    group_id, ana, ben = offered

    at_once(app, [Act("leave", group_id, ana, ben), Act("accept", group_id, ben, ana)])

    assert owners(group_id) == 1


@pytest.fixture
def four_come(ana):
    """An open group, and four people who join it at once, each after the others have read the day's
    number.
    """
    group = factories.group(ana)
    ids = group.id, [factories.user().id for _number in range(4)]
    db.session.remove()
    return ids


def joining(group_id, user_id):
    return lambda: memberships.join(
        db.session.get(Group, group_id), by=db.session.get(User, user_id)
    )


def test_parallel_joins_are_each_counted_once_in_the_day(app, four_come):
    group_id, people = four_come

    assert at_once(app, [joining(group_id, user_id) for user_id in people]) == ["done"] * 4
    day = db.session.scalars(sa.select(GroupDay)).one()
    assert (day.joined, day.members) == (4, 5)
    assert db.session.get(Group, group_id).member_count == 5


def test_control_without_the_lock_the_day_is_created_twice(app, four_come, unlocked, monkeypatch):
    group_id, people = four_come
    both = threading.Barrier(2)
    monkeypatch.setattr(memberships, "current", waiting_for_each_other(memberships.current, both))
    monkeypatch.setattr(member_stats, "note", seen_by_both(member_stats.note, both))

    outcomes = at_once(app, [joining(group_id, user_id) for user_id in people[:2]], unlocked=True)
    counted = sum(day.joined for day in db.session.scalars(sa.select(GroupDay)))
    assert (
        outcomes != ["done", "done"]
        or counted != 2
        or db.session.get(Group, group_id).member_count != 3
    )


def seen_by_both(note, both):
    """Return `note`, before which both have read how many members there are."""

    def and_wait(group, **counted):
        meet(both)
        return note(group, **counted)

    return and_wait
