"""One member, one ballot, between opening and closing."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from webapp.core import hooks
from webapp.core.db import database_clock
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.voting import reads
from webapp.voting.ballots import casting, refusals as reasons_module
from webapp.voting.ballots.refusals import BallotRefused
from webapp.voting.electorate import roll
from webapp.voting.models import GOING, Ballot, Voter
from webapp.voting.planning import lifecycle, votes
from webapp.voting.tally.rules import APPROVAL

from .. import making


def reasons(vote, by, *numbers, **options):
    with pytest.raises(BallotRefused) as refused:
        casting.cast(vote, by=by, marks=making.ticks(numbers), **options)
    db.session.rollback()
    assert refused.value.field == "choice"
    assert all(refused.value.message.split())
    return refused.value.codes


def rows(vote):
    ballot = sa.select(Ballot.choice).where(Ballot.vote_id == vote.id)
    return sorted(db.session.scalars(ballot))


def test_a_cast_ballot_is_stored_and_counted(group, ana, heard):
    vote = making.vote(group, ana)
    heard.clear()

    making.cast(vote, ana, 2)

    assert rows(vote) == ["2"]
    assert vote.ballot_count == 1
    assert heard == [f"vote:{vote.id}:ballots"]


def test_casting_again_changes_the_ballot_and_adds_none(group, ana):
    vote = making.vote(group, ana)
    for number in (1, 3, 2):
        making.cast(vote, ana, number)

    assert rows(vote) == ["2"]
    assert vote.ballot_count == 1


def test_abstaining_is_a_ballot_without_a_choice(group, ana):
    vote = making.vote(group, ana)

    making.cast(vote, ana)

    assert rows(vote) == [""]
    assert reads.outcome_of(vote).blank == 1


def test_approval_accepts_several_choices_within_limits(group, ana, ben):
    vote = making.vote(group, ana, kind=APPROVAL, choices_min=2, choices_max=2)

    making.cast(vote, ana, 3, 1)

    assert rows(vote) == ["1+3"]
    assert reasons(vote, ben, 1) == ["too_few"]
    assert reasons(vote, ben, 1, 2, 3) == ["too_many"]


def test_every_refusal_reason_is_reported_at_once(group, ana, cem):
    vote = making.vote(group, ana)

    assert reasons(vote, cem, 1, 1, 7) == [
        "not_on_roll",
        "duplicate_option",
        "unknown_option",
        "too_many",
    ]
    with pytest.raises(BallotRefused) as refused:
        casting.cast(vote, by=cem, marks=[("7", "1")])
    assert [one.message for one in refused.value.refusals] == [
        reasons_module.SENTENCES[code] for code in refused.value.codes
    ]
    assert len(refused.value.refusals) == 2


def test_a_ballot_for_another_question_is_refused(group, ana):
    vote = making.vote(group, ana)
    seen = vote.version
    votes.update(
        vote, by=ana, plan=making.plan(options=("Dates", "Eggs"), closes_at=vote.closes_at)
    )
    db.session.commit()

    assert reasons(vote, ana, 1, version=seen) == ["question_changed"]


def test_voting_is_possible_only_from_opening_until_closing(group, ana, ben, at):
    vote = making.coming(group, ana)
    opens, closes, tick = vote.opens_at, vote.closes_at, timedelta(microseconds=1)

    at(opens - tick)
    assert reasons(vote, ana, 1) == ["not_open"]
    at(opens)
    making.cast(vote, ana, 1)
    at(closes - tick)
    making.cast(vote, ben, 2)
    at(closes)
    assert reasons(vote, ana, 3) == ["closed"]

    assert rows(vote) == ["1", "2"]


def test_only_the_databases_clock_counts(group, ana, monkeypatch):
    vote = making.vote(group, ana)
    closes = vote.closes_at
    monkeypatch.setattr(database_clock, "now", lambda: closes)

    assert vote.is_open
    assert reasons(vote, ana, 1) == ["closed"]


def test_the_first_ballot_opens_a_vote_that_is_due(group, ana, ben, at):
    vote = making.coming(group, ana)
    at(vote.opens_at)

    making.cast(vote, ben, 1)

    assert vote.opened_at == vote.opens_at
    assert vote.roll_count == 2


def test_the_clock_is_read_after_the_lock(group, ana, monkeypatch):
    vote = making.vote(group, ana)
    steps = []
    locked, now = casting.locked, database_clock.now
    monkeypatch.setattr(casting, "locked", lambda *args: (steps.append("lock"), locked(*args))[1])
    monkeypatch.setattr(database_clock, "now", lambda: (steps.append("clock"), now())[1])

    casting.cast(vote, by=ana, marks=[(1, 1)])

    assert steps == ["lock", "clock"]


def test_the_voter_list_is_frozen_at_opening(group, ana, ben, cem):
    vote = making.vote(group, ana)
    factories.membership(group, cem)

    assert reasons(vote, cem, 1) == ["not_on_roll"]
    assert vote.roll_count == 2


def test_closed_accounts_are_not_voters(group, ana, ben):
    ben.deactivated_at = clock.now()
    db.session.commit()

    assert making.vote(group, ana).roll_count == 1


def test_attendees_vote_when_the_vote_is_for_attendees(group, ana, ben, cem):
    event = factories.event(ana, group)
    going(event, cem)
    going(event, ben, "maybe")
    vote = making.vote(group, ana, event, electorate=GOING)

    making.cast(vote, cem, 2)
    going(event, ana)

    assert reasons(vote, ben, 1) == ["not_on_roll"]
    assert reasons(vote, ana, 1) == ["not_on_roll"]
    assert rows(vote) == ["2"]


def test_people_who_cancel_stay_on_the_frozen_voter_list(group, ana, ben):
    event = factories.event(ana, group)
    answer = going(event, ben)
    vote = making.vote(group, ana, event, electorate=GOING)
    answer.state = "not_going"
    db.session.commit()

    making.cast(vote, ben, 1)

    assert rows(vote) == ["1"]


def going(event, user, state="going"):
    from webapp.events.models import Rsvp

    rsvp = Rsvp(event_id=event.id, user_id=user.id, state=state)
    db.session.add(rsvp)
    db.session.commit()
    return rsvp


def leave(group, user):
    hooks.member_left(group=group, user=user, by_choice=True)
    db.session.commit()


def test_leaving_members_keep_a_cast_ballot_but_cannot_change_it(group, ana, ben):
    vote = making.vote(group, ana)
    making.cast(vote, ben, 2)

    leave(group, ben)

    assert reasons(vote, ben, 1) == ["left"]
    assert rows(vote) == ["2"]
    assert vote.roll_count == len(roll.listed(ana, vote).items) == 2


def test_members_who_left_without_voting_can_vote_after_rejoining(group, ana, ben):
    vote = making.vote(group, ana)
    leave(group, ben)
    assert reasons(vote, ben, 1) == ["left"]

    hooks.member_joined(group=group, user=ben)
    db.session.commit()
    making.cast(vote, ben, 1)

    assert rows(vote) == ["1"]


def test_leaving_a_group_affects_only_its_open_member_votes(group, ana, ben, at):
    elsewhere = making.vote(factories.group(ana, ben), ana)
    event = factories.event(ana, group)
    going(event, ben)
    of_event = making.vote(group, ana, event, electorate=GOING)
    over = making.vote(group, ana, closes_at=clock.now() + timedelta(hours=1))
    now = clock.now()
    at(over.closes_at)
    lifecycle.close(over.id)
    db.session.commit()
    at(now)

    leave(group, ben)

    gone = sa.select(Voter.vote_id).where(Voter.left_at.is_not(None))
    assert list(db.session.scalars(gone)) == []
    making.cast(elsewhere, ben, 1)
    making.cast(of_event, ben, 1)


def test_a_failed_ballot_leaves_nothing_behind(group, ana, heard, monkeypatch):
    vote = making.vote(group, ana)
    heard.clear()

    assert reasons(vote, ana) == ["empty"]

    db.session.refresh(vote)
    assert (vote.ballot_count, rows(vote), heard) == (0, [], [])
