"""Who can vote, when that is fixed, and what happens to people who leave."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from tests import factories
from tests.fan_outs import run_fan_outs
from webapp.attendance import rsvps
from webapp.attendance.models import Attendance
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.core.jobs.queue import JOBS
from webapp.core.time import clock
from webapp.groups import memberships, reads as group_reads
from webapp.groups.models import ORGANIZER, OWNER
from webapp.notifications.models import Notification
from webapp.voting import access, notifications, reads
from webapp.voting.ballots import casting
from webapp.voting.ballots.refusals import BallotRefused
from webapp.voting.electorate import electorates, invitees, reminders
from webapp.voting.models import ATTENDED, CLOSE, GOING, HOLDERS, INVITED, KEEP, Voter
from webapp.voting.planning import lifecycle, votes

from .. import making
from ..running import close


def roll(vote):
    lines = sa.select(Voter).where(Voter.vote_id == vote.id).order_by(Voter.id)
    return [line.user.first_name for line in db.session.scalars(lines)]


def may_vote(vote, person):
    try:
        making.cast(vote, person, 1)
    except BallotRefused as refused:
        db.session.rollback()
        return refused.codes
    return True


def leave(group, person, **how):
    memberships.remove(
        group_reads.membership_of(group, person), by=group_reads.members(group, OWNER)[0], **how
    )
    db.session.commit()


def test_a_vote_among_roles_is_for_people_with_those_roles(group, ana, ben, cem):
    factories.membership(group, cem, ORGANIZER)
    vote = making.vote(group, ana, electorate=HOLDERS, roles=(OWNER, ORGANIZER))

    assert sorted(roll(vote)) == sorted([ana.first_name, cem.first_name])
    assert may_vote(vote, ben) == ["not_on_roll"]
    assert "Owner, Organizer" in electorates.in_words(vote)


@pytest.mark.parametrize(
    ("roll_at", "coming", "open_now", "closed"),
    [
        ("opening", "’s a member when voting opens.", *["was a member when voting opened."] * 2),
        ("close", *["’s a member when voting closes."] * 2, "was a member when voting closed."),
    ],
)
def test_the_voters_label_uses_the_past_tense_once_the_list_is_fixed(
    group, ana, at, roll_at, coming, open_now, closed
):
    planned = making.coming(group, ana, roll_at=roll_at)
    vote = making.vote(group, ana, roll_at=roll_at)
    assert electorates.in_words(planned).endswith(coming)
    assert electorates.in_words(vote).endswith(open_now)
    assert "can’t vote any more" in electorates.leavers_in_words(vote)

    at(vote.closes_at + timedelta(minutes=1))
    close(vote)
    assert electorates.in_words(vote).endswith(closed)
    assert "lost their vote" in electorates.leavers_in_words(vote)


def test_a_vote_cancelled_before_it_opened_was_for_no_one(group, ana):
    vote = making.coming(group, ana)
    votes.cancel(vote, by=ana)
    assert electorates.in_words(vote) == "No one. The vote was cancelled before it opened."
    assert "cancelled before the list" in electorates.written_in_words(vote)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"electorate": HOLDERS}, "roles"),
        ({"electorate": HOLDERS, "roles": ("king",)}, "roles"),
        ({"electorate": ATTENDED}, "electorate"),
        ({"roll_at": CLOSE, "leavers": KEEP}, "leavers"),
    ],
)
def test_a_vote_without_voters_is_refused_at_its_field(group, ana, values, field):
    with pytest.raises(UserError) as broken:
        making.vote(group, ana, **values)
    assert broken.value.field == field


def test_a_vote_among_invited_people_opens_once_someone_is_invited(group, ana, ben, cem):
    factories.membership(group, cem)
    vote = making.vote(group, ana, electorate=INVITED)
    assert vote.opened_at is None
    assert lifecycle.due_to_open() == []
    assert may_vote(vote, ana) == ["not_open", "not_on_roll"]

    assert invitees.replace(vote, ana, [ben.id, ana.id]) == 2
    run_fan_outs()

    assert sorted(roll(vote)) == sorted([ana.first_name, ben.first_name])
    kinds = dict(db.session.execute(sa.select(Notification.user_id, Notification.kind)).all())
    assert kinds == {ben.id: "vote.invited"}
    with pytest.raises(Conflict):
        invitees.replace(vote, ana, [cem.id])
    assert may_vote(vote, cem) == ["not_on_roll"]


def test_empty_lists_and_people_outside_the_group_cannot_be_invited(group, ana, dia):
    vote = making.vote(group, ana, electorate=INVITED)

    for chosen in ([dia.id], []):
        with pytest.raises(UserError):
            invitees.replace(vote, ana, chosen)


def test_a_vote_among_people_who_attended_is_for_those_checked_in(group, ana, ben, cem, at):
    starts = clock.now() + timedelta(days=1)
    event = factories.event(ana, group, starts_at=starts)
    for person in (ben, cem):
        rsvps.answer(event, by=person)
    db.session.commit()
    with pytest.raises(UserError) as broken:
        making.vote(
            group, ana, event=event, electorate=ATTENDED, closes_at=starts + timedelta(days=3)
        )
    assert broken.value.field == "opens"

    at(starts + timedelta(hours=1))
    row = rsvps.of(event, ben)
    db.session.add(
        Attendance(
            rsvp_id=row.id, event_id=event.id, arrived=1, inside=1, first_at=starts, last_at=starts
        )
    )
    db.session.commit()
    vote = making.vote(
        group, ana, event=event, electorate=ATTENDED, closes_at=starts + timedelta(days=3)
    )

    assert roll(vote) == [ben.first_name]


def test_without_check_in_all_who_were_going_count_as_attended(group, ana, ben, at):
    event = factories.event(ana, group)
    rsvps.answer(event, by=ben)
    db.session.commit()
    at(event.ends_at)

    vote = making.vote(
        group, ana, event=event, electorate=ATTENDED, closes_at=event.ends_at + timedelta(days=1)
    )

    assert roll(vote) == [ben.first_name]


def test_banned_people_are_not_voters_in_event_votes(group, ana, ben, cem):
    event = factories.event(ana, group)
    for person in (ben, cem):
        rsvps.answer(event, by=person)
    leave(group, ben, banned=True)

    assert roll(making.vote(group, ana, event=event, electorate=GOING)) == [cem.first_name]


@pytest.mark.parametrize("how", ["banned", "group closed", "event hidden"])
def test_people_who_lost_access_to_the_vote_get_no_notifications(group, ana, ben, cem, at, how):
    event = factories.event(ana, group)
    for person in (ana, ben, cem):
        rsvps.answer(event, by=person)
    vote = making.vote(group, ana, event=event, electorate=GOING)
    out = ben if how == "banned" else cem
    if how == "banned":
        leave(group, ben, banned=True)
    elif how == "group closed":
        group.visibility, group.join_policy = "closed", "approve"
    else:
        event.hidden_at = clock.now()
    db.session.commit()
    kept = ana if how != "banned" else cem
    assert reminders.nonvoter_count(vote) == 2
    at(vote.closes_at)
    close(vote)
    run_fan_outs()

    notified = db.session.scalars(
        sa.select(Notification.user_id).where(Notification.kind == "vote.closed")
    ).all()
    assert kept.id in notified
    assert out.id not in notified
    assert notifications.closed(user=str(kept.id), vote=str(vote.id)) is not None
    assert notifications.closed(user=str(out.id), vote=str(vote.id)) is None


def test_the_voter_list_does_not_name_attendees_with_hidden_names(
    group, ana, ben, cem, dia, browser
):
    factories.membership(group, dia)
    event = factories.event(ana, group)
    rsvps.answer(event, by=ben, anonymous=True)
    rsvps.answer(event, by=cem)
    vote = making.vote(group, ana, event=event, electorate=GOING)
    path = f"{vote.path}/voters"

    assert ben.name in browser(ben).get(path).text
    assert ben.name in browser(ana).get(path).text
    page = browser(dia)
    page.get(path)
    assert (ben.name in page.text, cem.name in page.text) == (False, True)
    assert "Someone who isn’t named at the event" in page.text
    event.shows_attendees = False
    db.session.commit()
    page.get(path)
    assert cem.name not in page.text
    assert cem.name in browser(cem).get(path).text


def test_a_voter_list_fixed_at_closing_follows_the_members_until_then(
    group, ana, ben, cem, dia, at
):
    vote = making.vote(group, ana, roll_at=CLOSE)
    making.cast(vote, ben, 2)
    factories.membership(group, cem)
    factories.membership(group, dia)
    assert may_vote(vote, cem) is True
    assert vote.roll_count == 3
    JOBS["voting.follow_rolls"]()
    assert vote.roll_count == 4
    notified = sa.select(sa.func.count()).where(
        Notification.kind == "vote.opened", Notification.user_id == dia.id
    )
    assert db.session.scalar(notified) == 1

    leave(group, ben)
    leave(group, dia)
    assert may_vote(vote, ben) == ["not_on_roll"]
    at(vote.closes_at)
    JOBS["voting.close_due"]()

    assert sorted(roll(vote)) == sorted([ana.first_name, ben.first_name, cem.first_name])
    assert (vote.roll_count, vote.ballot_count) == (3, 2)
    factories.membership(group, dia)
    assert not vote.is_roll_open
    assert not access.is_entitled(dia, vote)


def test_members_who_leave_before_voting_lose_the_vote_by_default(group, ana, ben):
    vote = making.vote(group, ana)
    leave(group, ben)

    assert may_vote(vote, ben) == ["left"]
    with pytest.raises(NotFound):
        access.vote_for(ben, vote.slug)


def test_members_who_leave_keep_the_vote_and_find_it_where_it_allows_so(group, ana, ben, at):
    vote = making.vote(group, ana, leavers=KEEP)
    assert reads.lost_by_leaving(group, ben) == []
    leave(group, ben)

    assert access.vote_for(ben, vote.slug) is vote
    assert [row.title for row in reads.listed(ben, reads.TO_DO).items] == [vote.title]
    assert may_vote(vote, ben) is True
    at(vote.closes_at)
    close(vote)
    assert access.can_see_results(ben, vote)


def test_a_ban_ends_even_votes_that_leavers_keep(group, ana, ben):
    vote = making.vote(group, ana, leavers=KEEP)
    leave(group, ben, banned=True)

    assert may_vote(vote, ben) == ["left"]
    with pytest.raises(NotFound):
        access.vote_for(ben, vote.slug)


def test_changing_the_vote_does_not_change_a_frozen_voter_list(group, ana, ben, cem):
    vote = making.vote(group, ana)
    factories.membership(group, cem)

    votes.update(vote, by=ana, plan=making.plan(electorate=HOLDERS, roles=(OWNER,), leavers=KEEP))
    db.session.commit()

    assert (vote.electorate, vote.leavers, vote.roll_count) == ("members", "lose", 2)


def test_people_are_searched_selected_and_only_then_invited(group, ana, ben, cem, browser):
    factories.membership(group, cem)
    page = browser(ana)
    vote = making.vote(group, ana, electorate=INVITED)
    page.get(f"/votes/{vote.slug}")
    assert "No one is invited yet" in page.text

    path = f"/votes/{vote.slug}/people"
    page.get(path)
    page.post(f"{path}/search", {"words": ben.first_name, "who": [str(cem.id)]})
    ticked = [box["value"] for box in page.page.select("[name=who][checked]")]
    assert ticked == [str(cem.id)]
    assert ben.name in page.text
    assert page.post(path, {}).status_code == 422
    assert page.post(path, {"who": [str(cem.id), str(ben.id)]}).status_code == 303

    db.session.rollback()
    db.session.refresh(vote)
    assert vote.roll_count == 2
    page.get(path)
    assert "The list of voters is final" in page.text


def test_someone_who_stopped_being_a_voter_cannot_cast_a_ballot(group, ana, ben):
    """The person's page was open while they left; the rule checks again."""
    vote = making.vote(group, ana, roll_at=CLOSE)
    leave(group, ben)

    with pytest.raises(BallotRefused):
        casting.cast(vote, by=ben, marks=making.ticks([1]))
