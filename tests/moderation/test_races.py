"""Two moderators decide at once, and two people report at once: one decision, one case.

And the same without the lock.
"""

import pytest
import sqlalchemy as sa

from tests.groups.racing import at_once, waiting_for_each_other
from tests.security.test_actor_lock import statements
from webapp.accounts import suspensions
from webapp.accounts.models import User
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.events.models import Event
from webapp.groups import reads
from webapp.groups.models import OWNER, Group
from webapp.moderation import decisions, reports
from webapp.moderation.models import Case, CaseStep
from webapp.moderation.reportable_types import THINGS

from .reporting import judged, reported


def deciding(case_id, *judges):
    """Return acts in which each warns, from ids alone."""

    def act(judge_id):
        case, judge = db.session.get(Case, case_id), db.session.get(User, judge_id)
        decisions.decide(case, "warned", "spam", "Ask first.", judge, 1)

    return [lambda judge_id=judge_id: act(judge_id) for judge_id in judges]


@pytest.fixture
def ids(event, cem, mo, oda):
    """The ids of a case and of two people who may decide it."""
    case = reported("event", event, cem)
    found = case.id, mo.id, oda.id
    db.session.remove()
    return found


@pytest.fixture
def interleaved(monkeypatch):
    """Make each person who has read the possible decisions wait until the other has, too."""
    monkeypatch.setattr(decisions, "allowed_acts", waiting_for_each_other(decisions.allowed_acts))


def warnings():
    return db.session.scalar(sa.select(sa.func.count()).select_from(CaseStep))


def test_one_of_two_parallel_decisions_is_refused(app, ids, interleaved):
    assert at_once(app, deciding(*ids)) == ["done", "refused"]
    assert warnings() == 1


def test_control_without_the_lock_both_decisions_are_made(app, ids, monkeypatch):
    """Both decide; where the database has a single writer, it interrupts the second act."""
    monkeypatch.setattr(decisions, "allowed_acts", waiting_for_each_other(decisions.allowed_acts))
    monkeypatch.setattr(decisions, "_held", lambda case, version: case)

    outcomes = at_once(app, deciding(*ids), unlocked=True)

    assert outcomes in (["done", "done"], ["OperationalError", "done"])
    assert warnings() == outcomes.count("done")


def reporting(event_id, *people):
    def act(user_id):
        event, user = db.session.get(Event, event_id), db.session.get(User, user_id)
        reports.report(THINGS["event"], event, user, "spam", "")

    return [lambda user_id=user_id: act(user_id) for user_id in people]


@pytest.fixture
def both_first(monkeypatch):
    """Make each person who has found no case wait until the other has found none, too."""
    monkeypatch.setattr(reports, "_new_case", waiting_for_each_other(reports._new_case))


def test_two_parallel_reports_create_one_case(app, event, ana, cem, both_first):
    found = event.id, ana.id, cem.id
    db.session.remove()

    assert at_once(app, reporting(*found)) == ["done", "done"]
    assert db.session.scalars(sa.select(Case.reporters)).all() == [2]


def test_control_without_a_unique_name_two_cases_are_created(
    app, event, ana, cem, both_first, monkeypatch
):
    found = event.id, ana.id, cem.id
    db.session.remove()
    named = reports._new_case

    def nameless(*args):
        case = named(*args)
        case.open_as = f"{case.open_as}{id(case)}"
        return case

    monkeypatch.setattr(reports, "_new_case", nameless)
    assert at_once(app, reporting(*found)) == ["done", "done"]
    assert db.session.scalars(sa.select(Case.reporters)).all() == [1, 1]


def closings(admin_id, *owners):
    def act(owner_id):
        suspensions.suspend(db.session.get(User, owner_id), by=db.session.get(User, admin_id))

    return [lambda owner_id=owner_id: act(owner_id) for owner_id in owners]


def test_closing_two_owners_accounts_at_once_leaves_the_group_an_owner(
    app, group, ana, ben, mo, dia, monkeypatch
):
    reads.membership_of(group, ben).role = OWNER
    db.session.commit()
    group_id, mo_id, acts = group.id, mo.id, closings(dia.id, ana.id, ben.id)
    db.session.remove()
    monkeypatch.setattr(reads, "has_another_owner", waiting_for_each_other(reads.has_another_owner))

    assert at_once(app, acts) == ["done", "done"]
    assert [person.id for person in reads.members(db.session.get(Group, group_id), OWNER)] == [
        mo_id
    ]


@pytest.mark.postgresql
@pytest.mark.parametrize("act", ["removed", "banned", "suspended"])
def test_the_author_is_locked_before_the_case(event, ben, cem, oda, dia, act):
    """An appeal holds these locks in this order, too."""
    case = reported("event", event, cem)
    if act == "suspended":
        case.escalated_at = clock.now()
        db.session.commit()

    with statements(db.engine) as sent:
        judged(case, act, dia if act == "suspended" else oda)

    locks = [one for one in sent if "_lock(" in one or "FOR NO KEY UPDATE" in one]
    assert "pg_advisory_xact_lock(" in locks[0]
    assert "report_case" in locks[1]
