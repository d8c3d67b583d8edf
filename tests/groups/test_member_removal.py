"""Leaving, being removed and banned, and who is counted: the pages announce what then happens."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from tests import factories
from tests.voting import making
from webapp.accounts import account_deletion as accounts_leaving
from webapp.attendance import rsvps
from webapp.core import hooks
from webapp.core.extensions import db
from webapp.core.jobs.queue import JOBS
from webapp.core.time import clock
from webapp.events import reads as event_reads
from webapp.events.models import NOT_GOING, Rsvp
from webapp.groups import access, groups, member_removal, memberships, reads, roster
from webapp.groups.models import APPROVE, ORGANIZER, Ban, Group, GroupDay
from webapp.voting import reads as vote_reads


@pytest.fixture
def group(ana, ben):
    return factories.group(
        ana, ben, name="Lake Riders", slug="lake", join_policy=APPROVE, zone="Pacific/Auckland"
    )


def test_the_confirmation_names_exactly_what_is_lost(browser, group, ana, ben):
    ours = factories.event(ana, group, title="For us alone", audience="group")
    theirs = factories.event(ana, group, title="For everyone")
    vote = making.vote(group, ana, title="Which bell?")
    for event in (ours, theirs):
        rsvps.answer(event, by=ben)
    db.session.commit()
    page = browser(ben)
    page.get("/groups/lake/membership/removal")
    assert "For us alone" in page.text
    assert "Which bell?" in page.text
    assert "For everyone" not in page.text

    said = {row.title for row in event_reads.lost_by_leaving(group, ben)}
    assert [row.title for row in vote_reads.lost_by_leaving(group, ben)] == [vote.title]
    page.submit("/removal")
    lost = sa.select(Rsvp.event_id).where(Rsvp.user_id == ben.id, Rsvp.state == NOT_GOING)
    assert said == {"For us alone"}
    assert set(db.session.scalars(lost)) == {ours.id}


def test_the_confirmation_says_when_nothing_is_lost(browser, group, ben):
    page = browser(ben)
    page.get("/groups/lake/membership/removal")
    assert "You won’t lose any seats or votes." in page.text
    assert "You’d need to be approved or invited to come back." in page.text


def test_the_confirmation_names_a_lost_role(browser, group, cem):
    factories.membership(group, cem, ORGANIZER)
    page = browser(cem)
    page.get("/groups/lake/membership/removal")
    assert "Your role Organizer" in page.text


def test_the_last_owner_gets_a_link_to_hand_over_the_group(browser, group, ana, cem):
    page = browser(ana)
    page.get("/groups/lake/membership/removal")
    assert "You’re the last owner" in page.text
    assert not page.page.select("main form[method=post]")
    assert page.post("/groups/lake/membership/removal").status_code == 422
    assert browser(cem).get("/groups/lake/membership/removal").status_code == 303


@pytest.mark.parametrize(("day", "status"), [(0, 303), (30, 303), (-1, 422), (4000, 422)])
def test_a_ban_can_end_on_a_future_day(browser, group, ana, ben, day, status):
    member, zone = reads.membership_of(group, ben), ZoneInfo("Pacific/Auckland")
    last = clock.now().astimezone(zone).date() + timedelta(days=day)
    page = browser(ana)
    page.get(f"/groups/lake/members/{member.id}/removal")
    answer = page.post(
        f"/groups/lake/members/{member.id}/removal",
        {"banned": "y", "until": last.isoformat(), "reason": "Noise"},
    )
    assert answer.status_code == status
    if status == 303:
        end = db.session.query(Ban).one().ends_at
        assert end.astimezone(zone) == datetime(
            last.year, last.month, last.day, tzinfo=zone
        ) + timedelta(days=1)
        page.get("/groups/lake/bans")
        assert "Noise" in page.text
        assert "Until" in page.text


def test_a_ban_expires_on_its_last_day_and_an_unlimited_one_does_not(
    browser, group, ana, ben, cem, monkeypatch
):
    factories.membership(group, cem)
    end = clock.now() + timedelta(days=3)
    memberships.remove(reads.membership_of(group, ben), by=ana, banned=True, until=end)
    memberships.remove(reads.membership_of(group, cem), by=ana, banned=True)
    db.session.commit()
    JOBS["groups.end_bans"]()
    assert db.session.query(Ban).count() == 2
    assert group.id in access.banned_from(ben)

    moment = end + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: moment)
    assert not reads.is_banned(group, ben), "before the clock has come"
    JOBS["groups.end_bans"]()
    assert [ban.user_id for ban in db.session.query(Ban)] == [cem.id]
    access.forget_roles()
    assert group.id not in access.banned_from(ben)


def test_members_leaving_the_site_are_not_counted_until_they_return(group, ana, ben):
    assert group.member_count == 2
    accounts_leaving.leave(ben)
    db.session.commit()
    assert (group.member_count, roster.members_of(group).total) == (1, 1)

    proof = accounts_leaving.restoration_proof(ben)
    accounts_leaving.restore(ben, proof)
    db.session.commit()
    assert (group.member_count, roster.members_of(group).total) == (2, 2)
    day = db.session.get(GroupDay, (group.id, clock.now().date()))
    assert (day.joined, day.departed, day.members) == (1, 1, 2)


def test_erasing_a_member_who_left_the_site_does_not_reduce_the_count_twice(group, ben):
    accounts_leaving.leave(ben)
    db.session.commit()
    hooks.user_erased(user=ben)
    db.session.commit()

    assert db.session.get(Group, group.id).member_count == 1
    assert member_removal.hold_groups_of(ben) == []


def test_owners_see_their_deleted_groups_on_a_page(browser, group, ana, ben):
    page = browser(ana)
    assert "No deleted groups" in page.get("/groups/deleted").get_data(as_text=True)
    groups.delete(group, by=ana)
    db.session.commit()
    page.get("/groups/deleted")
    assert "Lake Riders" in page.text
    assert "Lake Riders" not in browser(ben).get("/groups/deleted").get_data(as_text=True)
    page.submit("/restoration")
    assert "Lake Riders is restored." in page.text


def test_no_group_can_have_the_address_of_that_page(ana, context):
    made = groups.create(
        by=ana, name="Deleted", visibility="open", join_policy="join", categories=[]
    )
    assert made.slug != "deleted"
