"""Who left by themselves without having voted isn't counted among the people who can vote."""

import json
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from tests.fan_outs import run_fan_outs
from tests.groups.racing import waiting_for_each_other
from webapp.accounts import account_deletion, suspensions
from webapp.accounts.models import User
from webapp.attendance import rsvps
from webapp.attendance.models import Attendance
from webapp.core.extensions import db
from webapp.groups import memberships, reads as group_reads
from webapp.mail.jobs import rendering
from webapp.mail.leases import LeasedEmail
from webapp.mail.models import OutgoingEmail
from webapp.voting import reads
from webapp.voting.electorate import leavers
from webapp.voting.models import CLOSE, GOING, KEEP, Vote
from webapp.voting.results import counting
from webapp.voting.tally.outcome import CARRIED, NO_QUORUM
from webapp.voting.tally.rules import PRESENT, PROPOSAL, ROLL

from .. import making
from ..running import close
from ..test_races import everyone_at_once


def left(vote):
    """Return how many people can vote, and how many left, as stored now."""
    db.session.expire_all()
    return vote.entitled_count, vote.left_count


def leave(vote, person, by):
    memberships.leave(vote.group, by=person)


def remove(vote, person, by, **how):
    memberships.remove(group_reads.membership_of(vote.group, person), by=by, **how)


def ban(vote, person, by):
    remove(vote, person, by, banned=True)


def close_account(vote, person, by):
    account_deletion.leave(person)


def suspend(vote, person, by):
    by.is_admin = True
    suspensions.suspend(person, by=by)


GOES = {
    leave: 2,
    close_account: 2,
    remove: 3,
    ban: 3,
    suspend: 3,
}


@pytest.fixture
def three(group, cem):
    """Ana's group with Ben and Cem."""
    factories.membership(group, cem)
    return group


@pytest.mark.parametrize("has_voted", [False, True])
@pytest.mark.parametrize("goes", GOES, ids=lambda goes: goes.__name__)
def test_only_people_who_leave_by_themselves_without_a_ballot_are_uncounted(
    three, ana, cem, goes, has_voted
):
    vote = making.vote(three, ana)
    if has_voted:
        making.cast(vote, cem, 1)
    goes(vote, cem, ana)
    db.session.commit()

    entitled = 3 if has_voted else GOES[goes]
    assert left(vote) == (entitled, 3 - entitled)
    assert vote.roll_count == 3
    rules = counting.rules_of(vote)
    assert (rules.roll, rules.entitled) == (3, entitled)


@pytest.mark.parametrize("settled", [{"leavers": KEEP}, {"roll_at": CLOSE}])
@pytest.mark.parametrize("goes", [leave, close_account], ids=lambda goes: goes.__name__)
def test_votes_that_leavers_keep_and_open_voter_lists_subtract_nobody(
    three, ana, cem, settled, goes
):
    vote = making.vote(three, ana, **settled)
    goes(vote, cem, ana)
    db.session.commit()

    assert left(vote) == (3, 0)


def test_a_closed_account_is_uncounted_in_a_vote_of_an_event(group, ana, ben, cem):
    event = factories.event(ana, group)
    for person in (ben, cem):
        rsvps.answer(event, by=person)
    db.session.commit()
    vote = making.vote(group, ana, event, electorate=GOING)

    memberships.leave(group, by=ben)
    assert left(vote) == (2, 0)
    account_deletion.leave(cem)
    assert left(vote) == (1, 1)


@pytest.mark.parametrize("goes", [leave, close_account], ids=lambda goes: goes.__name__)
def test_people_who_come_back_count_and_vote_again(three, ana, cem, goes):
    vote = making.vote(three, ana)
    goes(vote, cem, ana)
    db.session.commit()
    if goes is leave:
        memberships.join(three, by=cem)
    else:
        account_deletion.restore(cem, account_deletion.restoration_proof(cem))
    db.session.commit()

    assert left(vote) == (3, 0)
    making.cast(vote, cem, 1)
    assert (vote.ballot_count, *left(vote)) == (1, 3, 0)


def test_a_restored_account_does_not_undo_leaving_the_group(three, ana, cem):
    vote = making.vote(three, ana)
    leave(vote, cem, ana)
    account_deletion.leave(cem)
    account_deletion.restore(cem, account_deletion.restoration_proof(cem))
    db.session.commit()

    assert left(vote) == (2, 1)


def test_who_leaves_after_closing_changes_no_number(three, ana, cem, at):
    vote = making.vote(three, ana)
    at(vote.closes_at)
    leave(vote, cem, ana)
    db.session.commit()
    assert left(vote) == (3, 0)

    close(vote)
    account_deletion.leave(cem)
    assert left(vote) == (3, 0)


@pytest.mark.parametrize(("goes", "verdict"), [(leave, CARRIED), (remove, NO_QUORUM)])
def test_a_quorum_is_a_share_of_those_who_can_vote(three, ana, ben, cem, at, goes, verdict):
    vote = making.vote(three, ana, kind=PROPOSAL, description="Bread.", quorum=100)
    making.says(vote, ana, "agree")
    making.says(vote, ben, "agree")
    goes(vote, cem, ana)
    at(vote.closes_at)
    close(vote)

    assert counting.outcome_of(vote).verdict == verdict


def test_present_voters_who_left_are_no_longer_a_base(group, ana, ben, cem, at):
    event = factories.event(ana, group)
    for person in (ana, ben, cem):
        rsvps.answer(event, by=person)
    starts = event.starts_at
    at(starts + timedelta(hours=1))
    times = {"first_at": starts, "last_at": starts}
    for person in (ana, ben, cem):
        came = rsvps.of(event, person).id
        db.session.add(Attendance(rsvp_id=came, event_id=event.id, arrived=1, inside=1, **times))
    db.session.commit()
    vote = making.vote(
        group,
        ana,
        event,
        electorate=GOING,
        kind=PROPOSAL,
        description="We bring bread.",
        threshold_of=PRESENT,
    )
    making.says(vote, ben, "agree")
    assert counting.rules_of(vote).present == 3

    for person in (cem, ben):
        account_deletion.leave(person)
    assert counting.rules_of(vote).present == 2


def decided(group, ana, ben, cem):
    """Return an open vote in which two of three agreed and the third left, with everyone's base."""
    event = factories.event(ana, group)
    vote = making.vote(
        group,
        ana,
        event,
        kind=PROPOSAL,
        description="We bring bread.",
        quorum=50,
        threshold_of=ROLL,
        threshold_part=1,
        threshold_whole=1,
        threshold_strict=False,
        is_anonymous=False,
        results="always",
    )
    making.says(vote, ana, "agree")
    making.says(vote, ben, "agree")
    memberships.leave(group, by=cem)
    db.session.commit()
    return vote


THREE = re.compile(r"\b(?:of|of the|from) 3\b|\b3 (?:people|voters)\b|\bvalue=.3\b")


def places(vote):
    """Return every page on which a vote's number of voters could be."""
    return [
        vote.path,
        f"{vote.path}/voters",
        f"{vote.path}/ballots",
        f"{vote.path}/cancellation",
        "/votes",
        "/votes?tab=closed",
        f"/groups/{vote.group.slug}",
        f"/groups/{vote.group.slug}/manage",
        f"/groups/{vote.group.slug}/manage/votes",
        f"/groups/{vote.group.slug}/votes",
        f"/events/{vote.event.slug}",
        "/",
        "/inbox",
        "/admin/votes",
    ]


@pytest.mark.parametrize("is_over", [False, True])
def test_every_page_says_how_many_can_vote_without_those_who_left(
    three, ana, ben, cem, at, browser, emailed, is_over
):
    emailed("vote.closed")
    ana.is_admin = True
    vote = decided(three, ana, ben, cem)
    if is_over:
        at(vote.closes_at)
        close(vote)
        run_fan_outs()
    page, said = browser(ana), {}
    for path in places(vote):
        if page.get(path).status_code == 200:
            said[path] = page.page.find("main").get_text(" ", strip=True)
    said["the list"] = " ".join(row.meta for row in reads.about(vote.event, ana))

    assert [path for path, words in said.items() if THREE.search(words)] == []
    assert len(said) >= 10
    gone = "1 person left without voting and isn’t counted."
    can = "could vote" if is_over else "can vote"
    assert said[vote.path].count(gone) == 2  # the turnout and the result
    assert f"2 of the 2 who {can}" in said[vote.path]
    assert f"2 people {can}. {gone}" in said[f"{vote.path}/voters"]
    assert "2 of 2 voted" in said["the list"]


def test_emails_and_files_say_how_many_left(three, ana, ben, cem, at, browser, emailed):
    emailed("vote.closed")
    vote = decided(three, ana, ben, cem)
    at(vote.closes_at)
    close(vote)
    run_fan_outs()
    row = db.session.scalars(
        sa.select(OutgoingEmail).where(OutgoingEmail.template == "voting/closed")
    ).first()
    fields = {name: getattr(row, name, None) for name in LeasedEmail._fields}
    email = rendering.written(
        LeasedEmail(**{**fields, "ids": {"user": str(ana.id), "vote": str(vote.id)}})
    )
    file = json.loads(browser(ana).get(f"{vote.path}/outcome.json").get_data())

    assert "2 of the 2 who could vote agreed" in email.body
    assert "1 person left without voting and isn’t counted." in email.body
    assert not THREE.search(email.body)
    assert (file["rules"]["roll"], file["rules"]["left"]) == (3, 1)
    assert (file["outcome"]["quorum"], file["outcome"]["bar"]["base"]) == (1, 2)


def two_leave_at_once(app, ana, at):
    """Return how many left, after two people close their accounts at the same moment: neither is in
    the group, and the event has begun, so that no lock of theirs keeps them apart.
    """
    people = [factories.user(), factories.user()]
    group = factories.group(ana)
    event = factories.event(ana, group)
    for person in (ana, *people):
        rsvps.answer(event, by=person)
    db.session.commit()
    at(event.starts_at + timedelta(hours=1))
    vote = making.vote(group, ana, event, electorate=GOING)
    vote_id = vote.id

    def closing(user_id):
        def act():
            account_deletion.leave(db.session.get(User, user_id))

        return act

    done = everyone_at_once(app, [closing(person.id) for person in people])
    assert done == [None, None]
    db.session.rollback()
    return db.session.get(Vote, vote_id, populate_existing=True).left_count


def test_two_people_who_leave_at_once_are_both_uncounted(app, ana, at):
    assert two_leave_at_once(app, ana, at) == 2


@pytest.mark.postgresql
def test_control_without_the_lock_one_of_two_is_counted(app, ana, at, monkeypatch):
    monkeypatch.setattr(
        leavers,
        "_held",
        waiting_for_each_other(lambda lines: db.session.scalars(lines).all(), patience=10),
    )
    monkeypatch.setattr(leavers, "count", waiting_for_each_other(leavers.count, patience=10))

    assert two_leave_at_once(app, ana, at) == 1
