"""Which settings are stored, which are frozen, and which can only become stricter."""

from datetime import timedelta

import pytest

from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.core.time import clock
from webapp.voting.models import Vote
from webapp.voting.planning import votes
from webapp.voting.planning.methods import METHODS
from webapp.voting.planning.plan import planned
from webapp.voting.tally.rules import DATE, DOTS, IRV, KINDS, PROPOSAL, SINGLE, VALID, VOICES

from .. import making
from ..kinds import titles

pytestmark = pytest.mark.any_database

FULL = {"seats": 2, "score_max": 7, "budget": 4, "per_option": 2, "spend_all": True, "blocks": 3}
THRESHOLD = {
    "threshold_of": VALID,
    "threshold_part": 2,
    "threshold_whole": 3,
    "threshold_strict": False,
}


def plan_of(kind, **values):
    dates = {"dates": making.evenings(4, 5, 6)} if KINDS[kind].has_dates else {}
    return making.plan(kind=kind, **{**dates, **values})


@pytest.mark.parametrize("kind", KINDS)
def test_a_vote_of_every_kind_opens_with_its_options(group, ana, kind):
    vote = votes.create(group, by=ana, plan=plan_of(kind))

    assert (vote.kind, vote.is_open) == (kind, True)
    count = 3 if KINDS[kind].has_dates else len(titles(kind))
    assert [option.number for option in vote.options] == list(range(1, count + 1))
    dated = [option.starts_at is not None for option in vote.options]
    assert dated == [KINDS[kind].has_dates] * count


@pytest.mark.parametrize("kind", KINDS)
def test_settings_that_a_kind_does_not_use_are_not_saved(group, ana, kind):
    vote = votes.create(group, by=ana, plan=plan_of(kind, **FULL, **THRESHOLD))

    assert {name for name in FULL if getattr(vote, name) == FULL[name]} == FULL.keys() & set(
        METHODS[kind].asks
    )
    assert (vote.threshold_of == VALID) == KINDS[kind].has_threshold


def test_a_proposal_needs_more_than_half_by_default(group, ana):
    vote = votes.create(group, by=ana, plan=plan_of(PROPOSAL))

    assert (
        vote.threshold_of,
        vote.threshold_part,
        vote.threshold_whole,
        vote.threshold_strict,
    ) == (VOICES, 1, 2, True)


@pytest.mark.parametrize(
    "values",
    [
        {"threshold_of": VOICES},
        {"threshold_of": "present"},
        {"threshold_of": VALID, "threshold_part": 3},
        {"quorum": 0},
    ],
)
def test_impossible_thresholds_and_quorums_are_refused(group, ana, values):
    with pytest.raises(UserError) as broken:
        votes.create(group, by=ana, plan=plan_of(SINGLE, **values))

    assert broken.value.field in ("threshold", "threshold_of", "quorum")


@pytest.mark.parametrize(
    "values",
    [{"quorum": 50}, THRESHOLD, {"reasons": "required"}, {"kind": IRV}, {"options": ("A", "B")}],
)
def test_counting_rules_are_frozen_at_the_first_ballot(group, ana, values):
    vote = making.vote(group, ana)
    making.cast(vote, ana, 1)
    stands = {**planned(vote), "closes_at": vote.closes_at}

    with pytest.raises(UserError, match="People have already voted"):
        votes.update(vote, by=ana, plan=making.plan(**{**stands, **values}))
    db.session.rollback()
    votes.update(vote, by=ana, plan=making.plan(**stands, description="Said better"))


def test_the_text_of_a_proposal_is_frozen_with_its_question(group, ana, browser):
    vote = making.vote(group, ana, kind=PROPOSAL, description="We lock at ten.")
    stands = {**planned(vote), "closes_at": vote.closes_at}
    votes.update(vote, by=ana, plan=making.plan(**stands, description="We lock at eleven."))
    assert vote.version == 2
    making.says(vote, ana, "agree")

    with pytest.raises(UserError, match="People have already voted"):
        votes.update(vote, by=ana, plan=making.plan(**stands, description="We never lock."))
    db.session.rollback()
    page = browser(ana)
    page.get(f"{vote.path}/edit")
    assert not page.page.select("[name=description]")
    assert "We lock at eleven." in page.text
    page.submit("/edit", description="We never lock.")
    db.session.rollback()
    assert db.session.get(Vote, vote.id, populate_existing=True).description == "We lock at eleven."


def test_changing_the_rules_before_the_first_ballot_makes_a_new_version(group, ana):
    vote = making.vote(group, ana, kind=DOTS)
    stands = {**planned(vote), "closes_at": vote.closes_at}

    votes.update(vote, by=ana, plan=making.plan(**{**stands, "budget": 4}))

    assert (vote.budget, vote.version) == (4, 2)


def test_names_can_be_hidden_later_and_never_shown(group, ana):
    vote = making.vote(group, ana, is_anonymous=False)
    making.cast(vote, ana, 1)
    stands = {**planned(vote), "closes_at": vote.closes_at}
    votes.update(vote, by=ana, plan=making.plan(**stands, is_anonymous=True))
    assert vote.is_anonymous

    with pytest.raises(UserError) as broken:
        votes.update(vote, by=ana, plan=making.plan(**stands, is_anonymous=False))
    assert broken.value.field == "names"


def test_the_voter_list_rules_are_frozen_at_opening(group, ana):
    vote = making.vote(group, ana)
    stands = {**planned(vote), "closes_at": vote.closes_at}

    votes.update(vote, by=ana, plan=making.plan(**{**stands, "leavers": "keep"}))

    assert (vote.roll_at, vote.leavers) == ("opening", "lose")


def test_dates_that_have_passed_are_kept_but_none_is_added(group, ana, at):
    vote = making.vote(
        group,
        ana,
        kind=DATE,
        dates=making.evenings(1, 20),
        closes_at=clock.now() + timedelta(days=10),
    )
    at(clock.now() + timedelta(days=3))
    stands = {**planned(vote), "closes_at": vote.closes_at}

    votes.update(vote, by=ana, plan=making.plan(**stands, description="More to know"))
    with pytest.raises(UserError, match="in the past"):
        votes.update(vote, by=ana, plan=making.plan(**{**stands, "dates": making.evenings(-1, 20)}))
