"""Planning a vote, and what may change until when."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from tests.fan_outs import run_fan_outs
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.core.observability import audit
from webapp.core.time import clock
from webapp.notifications.models import Notification
from webapp.voting.electorate import roll
from webapp.voting.models import AFTER_CLOSE, AFTER_VOTING, ALWAYS, GOING, Vote
from webapp.voting.planning import votes
from webapp.voting.tally.rules import APPROVAL

from . import making


def refused(plan, group, by, event=None):
    with pytest.raises(UserError) as broken:
        votes.create(group, by=by, plan=plan, event=event)
    return broken.value.field, broken.value.message


def test_an_opened_vote_has_a_voter_list_a_lot_and_notifies_all_but_its_author(
    group, ana, ben, cem
):
    vote = making.vote(group, ana)
    run_fan_outs()

    assert vote.is_open
    assert vote.roll_count == 2
    assert {line.voter.user_id for line in roll.listed(ana, vote).items} == {ana.id, ben.id}
    assert (len(vote.lot_commitment), len(vote.lot_secret), vote.seed) == (64, 64, None)
    notified = db.session.scalars(
        sa.select(Notification.user_id).where(Notification.kind == "vote.opened")
    )
    assert set(notified) == {ben.id}


def test_a_scheduled_vote_has_no_voter_list_and_no_lot(group, ana):
    vote = making.coming(group, ana)

    assert vote.is_coming
    assert (vote.lot_commitment, vote.roll_count, roll.listed(ana, vote).items) == (None, 0, [])
    assert db.session.scalar(sa.select(sa.func.count(Notification.id))) == 0


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"title": ""}, "title", "Enter a question."),
        ({"options": ("One",)}, "options", "at least two"),
        ({"options": tuple(map(str, range(51)))}, "options", "51"),
        ({"options": ("Tea", "tea")}, "options", "Option 2 is the same as option 1"),
        ({"options": ("Tea", "x" * 161)}, "options", "too long"),
        ({"kind": APPROVAL, "choices_min": 3, "choices_max": 2}, "choices_max", "minimum"),
        ({"kind": APPROVAL, "choices_max": 4}, "choices_max", "no more"),
        ({"electorate": GOING}, "electorate", "about an event"),
    ],
)
def test_impossible_plans_are_refused(group, ana, values, field, words):
    refused_field, sentence = refused(making.plan(**values), group, ana)

    assert refused_field == field
    assert words in sentence


def test_impossible_times_are_refused(group, ana):
    now = clock.now()
    hour = timedelta(hours=1)

    assert refused(making.plan(closes_at=now - hour), group, ana)[0] == "closes"
    assert (
        refused(making.plan(opens_at=now + 2 * hour, closes_at=now + hour), group, ana)[0]
        == "closes"
    )
    assert refused(making.plan(opens_at=now - hour), group, ana)[0] == "opens"


def test_an_event_of_another_group_is_refused(group, ana):
    elsewhere = factories.event(ana, factories.group(ana))

    assert "another group" in refused(making.plan(), group, ana, elsewhere)[1]


def test_a_single_choice_ignores_limits(group, ana):
    vote = making.vote(group, ana, choices_min=2, choices_max=3)

    assert (vote.choices_min, vote.choices_max) == (1, 1)


def test_votes_with_the_same_title_have_different_slugs(group, ana):
    slugs = {making.vote(group, ana, title=title).slug for title in ("Picnic?", "Picnic?", "New")}

    assert len(slugs) == 3
    assert "picnic" in slugs
    assert "new" not in slugs


def test_the_question_can_change_before_the_first_ballot_with_a_new_version(group, ana):
    vote = making.vote(group, ana)
    version = vote.version

    votes.update(
        vote, by=ana, plan=making.plan(options=("Dates", "Eggs"), closes_at=vote.closes_at)
    )
    db.session.commit()

    assert [(option.number, option.title) for option in vote.options] == [(1, "Dates"), (2, "Eggs")]
    assert vote.version == version + 1


@pytest.mark.parametrize(
    "change", [{"title": "Else?"}, {"options": ("Dates", "Eggs")}, {"kind": APPROVAL}]
)
def test_after_the_first_ballot_the_question_is_frozen(group, ana, change):
    vote = making.vote(group, ana)
    making.cast(vote, ana, 1)

    with pytest.raises(UserError, match="People have already voted"):
        votes.update(vote, by=ana, plan=making.plan(closes_at=vote.closes_at, **change))


def test_after_the_first_ballot_closing_moves_only_later(group, ana):
    vote = making.vote(group, ana)
    day = timedelta(days=1)
    votes.update(vote, by=ana, plan=making.plan(closes_at=vote.closes_at - day / 2))
    making.cast(vote, ana, 1)
    closes = vote.closes_at

    votes.update(
        vote, by=ana, plan=making.plan(closes_at=closes + day, description="Also on Sunday.")
    )
    db.session.commit()
    with pytest.raises(UserError) as broken:
        votes.update(vote, by=ana, plan=making.plan(closes_at=closes))

    assert broken.value.field == "closes"
    assert (vote.closes_at, vote.description, vote.version) == (closes + day, "Also on Sunday.", 1)


@pytest.mark.parametrize("before", [ALWAYS, AFTER_VOTING, AFTER_CLOSE])
@pytest.mark.parametrize("after", [ALWAYS, AFTER_VOTING, AFTER_CLOSE])
def test_the_visibility_of_results_can_only_be_tightened(group, ana, before, after):
    order = [ALWAYS, AFTER_VOTING, AFTER_CLOSE]
    vote = making.vote(group, ana, results=before)
    plan = making.plan(closes_at=vote.closes_at, results=after)

    if order.index(after) >= order.index(before):
        assert votes.update(vote, by=ana, plan=plan).results == after
    else:
        with pytest.raises(UserError) as broken:
            votes.update(vote, by=ana, plan=plan)
        assert broken.value.field == "results"


def test_an_open_vote_keeps_its_opening_and_its_voter_list(group, ana):
    vote = making.vote(group, ana)
    opens = vote.opens_at

    votes.update(
        vote,
        by=ana,
        plan=making.plan(opens_at=clock.now() + timedelta(hours=2), closes_at=vote.closes_at),
    )

    assert (vote.opens_at, vote.roll_count) == (opens, 2)


def test_a_scheduled_vote_can_be_opened_at_once(group, ana):
    vote = making.coming(group, ana)

    votes.update(vote, by=ana, plan=making.plan(closes_at=vote.closes_at))

    assert vote.is_open
    assert vote.roll_count == 2


def test_an_ended_vote_cannot_change(group, ana, at):
    vote = making.vote(group, ana)
    closes = vote.closes_at
    at(closes)

    with pytest.raises(Conflict):
        votes.update(vote, by=ana, plan=making.plan(closes_at=closes + timedelta(days=1)))


def test_cancelling_tells_the_voters_why_and_closes_voting(group, ana, ben):
    vote = making.vote(group, ana)

    making.cast(vote, ben, 1)
    votes.cancel(vote, by=ana, reason="The hall burned down.")
    votes.cancel(vote, by=ana, reason="Twice.")
    run_fan_outs()

    (line,) = db.session.scalars(
        sa.select(Notification).where(Notification.kind == "vote.cancelled")
    )
    assert line.user_id == ben.id
    assert "The hall burned down." in line.label
    with pytest.raises(UserError, match="cancelled"):
        making.cast(vote, ben, 1)
    assert [entry.details for entry, _address in audit.entries("vote.cancelled")] == [
        {}
    ]  # but not how many had voted


def test_a_vote_is_deleted_only_before_it_opens(group, ana):
    vote, coming = making.vote(group, ana), making.coming(group, ana)
    with pytest.raises(UserError, match="Cancel the vote instead"):
        votes.delete(vote, by=ana)

    votes.delete(coming, by=ana)
    db.session.commit()

    assert db.session.get(Vote, coming.id).deleted_at is not None
