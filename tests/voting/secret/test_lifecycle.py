"""What a secret vote guarantees, requires and declares, and that no one can loosen it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from tests.voting import making
from tests.voting.kinds import THREE
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.core.jobs.queue import JOBS
from webapp.notifications.models import Notification
from webapp.voting import notifications
from webapp.voting.electorate import invitees, reminders
from webapp.voting.models import (
    AFTER_CLOSE,
    ALWAYS,
    CLOSE,
    INVITED,
    REQUIRED,
    SecretBallot,
    SecretLink,
    SecretRoll,
)
from webapp.voting.planning import lifecycle, plan as plans, votes
from webapp.voting.secret import chain, opening_record, reads as secret
from webapp.voting.tally.rules import DATE, PROPOSAL

from . import boxes


def test_a_secret_vote_hides_names_and_shows_results_only_after_closing(ana):
    plan = making.plan(is_secret=True, results=ALWAYS, is_anonymous=False)
    assert (plan.results, plan.is_anonymous) == (AFTER_CLOSE, True)

    vote = boxes.box(ana, results=ALWAYS, is_anonymous=False).vote
    assert (vote.results, vote.is_anonymous, vote.is_secret) == (AFTER_CLOSE, True, True)


@pytest.mark.parametrize(("field", "value"), [("reasons", REQUIRED), ("roll_at", CLOSE)])
def test_a_secret_vote_has_no_comments_and_fixes_its_voter_list_at_opening(ana, field, value):
    with pytest.raises(UserError) as broken:
        boxes.box(ana, **{field: value})
    assert broken.value.field == field


def test_the_database_enforces_the_rules_of_secret_votes(ana):
    vote_id = boxes.box(ana).vote.id
    db.session.rollback()
    for notified in (
        "is_anonymous = false",
        "results = 'always'",
        "reasons = 'optional'",
        "roll_at = 'close'",
    ):
        with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as connection:
            connection.execute(
                sa.text(f"UPDATE vote SET {notified} WHERE id = :id").bindparams(
                    sa.bindparam("id", vote_id, sa.Uuid)
                )
            )


def test_a_secret_vote_needs_five_voters_to_open(ana):
    with pytest.raises(UserError, match=r"at least 5 people.* This one has 4\.") as broken:
        boxes.box(ana, others=3)
    assert broken.value.field == "names"
    db.session.rollback()
    assert boxes.box(ana, others=4).vote.opened_at is not None


def test_a_scheduled_secret_vote_with_too_few_voters_is_cancelled(ana, ben, at):
    vote = making.coming(factories.group(ana, ben), ana, is_secret=True)
    at(vote.opens_at)
    JOBS["voting.open_due"]()

    assert (vote.is_cancelled, vote.opened_at, vote.roll_count) == (True, None, 0)
    assert "This one has 2." in vote.cancelled_reason
    notified = db.session.execute(
        sa.select(Notification.user_id, Notification.kind, Notification.label)
    ).all()
    assert [(user_id, kind) for user_id, kind, _label in notified] == [(ana.id, "vote.cancelled")]
    assert "at least 5 people" in notified[0].label
    assert lifecycle.due_to_open() == lifecycle.due_to_close() == []


def test_a_secret_vote_among_invited_people_waits_for_enough_of_them(ana):
    people = [factories.user() for _ in range(5)]
    vote = making.vote(factories.group(ana, *people), ana, is_secret=True, electorate=INVITED)
    invitees.replace(vote, by=ana, chosen=[person.id for person in people[:4]])
    db.session.commit()
    JOBS["voting.open_due"]()
    assert (vote.opened_at, vote.is_cancelled) == (None, False)

    invitees.replace(vote, by=ana, chosen=[person.id for person in people])
    db.session.commit()

    assert (vote.roll_count, vote.opened_at is not None) == (5, True)


def test_the_first_link_binds_the_declared_question_and_rules(ana):
    it = boxes.box(ana, title="Who minds the gärden?", quorum=50)
    declares = secret.opening_of(it.vote)

    assert declares["poll"] == it.poll
    assert (declares["title"], declares["kind"], declares["options"]) == (
        it.vote.title,
        "single",
        list(THREE),
    )
    assert (declares["lot"], declares["rules"]["quorum"], declares["roll_n"]) == (
        it.vote.lot_commitment,
        50,
        8,
    )
    assert (declares["opens"], declares["closes"]) == (
        int(it.vote.opened_at.timestamp()),
        int(it.vote.closes_at.timestamp()),
    )
    assert declares["roll_sha256"] == opening_record.roll_hash(
        str(person.id) for person in it.people
    )
    assert secret.links(it.vote) == [chain.first(chain.opening_hash(declares))]
    assert secret.head(it.vote) == secret.links(it.vote)[0].hash


def test_the_opening_binds_the_text_of_a_proposal_and_the_dates_of_a_poll(ana):
    agreed = boxes.box(ana, kind=PROPOSAL, description="We dig on Saturday").vote
    assert secret.opening_of(agreed)["text"] == "We dig on Saturday"

    when = boxes.box(ana, kind=DATE, dates=making.evenings(2, 3)).vote
    option = when.options[0]
    assert secret.opening_of(when)["options"][0] == opening_record.span(
        option.starts_at, option.ends_at
    )


def changed(vote, by, **values):
    current = {
        "title": vote.title,
        "options": tuple(o.title for o in vote.options),
        "closes_at": vote.closes_at,
        "is_secret": True,
    }
    votes.update(vote, by=by, plan=making.plan(**{**current, **values}))
    db.session.commit()


def refused(vote, by, **values):
    with pytest.raises(UserError) as broken:
        changed(vote, by, **values)
    db.session.rollback()
    return broken.value


def test_secrecy_cannot_be_removed_before_or_after_opening(ana, ben):
    for vote in (
        making.coming(factories.group(ana, ben), ana, is_secret=True),
        boxes.box(ana).vote,
    ):
        assert refused(vote, ana, is_secret=False, opens_at=vote.opens_at).field == "names"


def test_a_vote_can_become_secret_until_it_opens(ana, ben):
    coming, begun = (
        making.coming(factories.group(ana, ben), ana),
        making.vote(factories.group(ana, ben), ana),
    )
    changed(coming, ana, opens_at=coming.opens_at)
    assert coming.is_secret
    assert refused(begun, ana).field == "names"


@pytest.mark.parametrize("cast", [False, True])
def test_the_declared_question_cannot_change_with_or_without_ballots(ana, cast):
    vote = boxes.box(ana).vote
    if cast:
        boxes.cast(vote, ana, 1)

    asked = refused(vote, ana, title="Another one?")
    sooner = refused(vote, ana, closes_at=vote.closes_at - timedelta(hours=1))

    assert asked.message == sooner.message
    assert "can’t be changed after it opens" in asked.message


def test_a_later_closing_adds_a_link_without_the_number_of_ballots(ana):
    it = boxes.box(ana)
    for person in it.people[:6]:
        boxes.cast(it.vote, person, 1)
    later = it.vote.closes_at + timedelta(days=1)
    changed(it.vote, ana, closes_at=later)
    changed(it.vote, ana, closes_at=later, description="Said better")

    links = secret.links(it.vote)
    assert [(link.kind, link.n) for link in links] == [("open", 0), ("extend", 0)]
    assert links[-1].root == chain.extension_root(int(later.timestamp()))
    assert chain.sound(links) is None


def test_a_form_opened_before_the_vote_became_secret_is_detected(ana, ben):
    vote = making.coming(factories.group(ana, ben), ana)
    seen = plans.stamp(vote)
    changed(vote, ana, opens_at=vote.opens_at)

    assert plans.stamp(vote) != seen
    assert plans.planned(vote)["is_secret"]


def test_cancelling_deletes_the_ballots_and_keeps_the_chain(ana):
    it = boxes.box(ana)
    boxes.all_cast(it)
    boxes.mixed(it.vote)
    votes.cancel(it.vote, by=ana)
    db.session.commit()

    assert (
        boxes.rows(SecretBallot, it.vote, "tracker")
        == boxes.rows(SecretRoll, it.vote, "user_id")
        == []
    )
    assert len(secret.links(it.vote)) == 2
    assert boxes.rows(SecretLink, it.vote, "salt") == [("",), ("",)]


def test_emails_contain_hashes_that_recipients_can_compare(ana, at):
    it = boxes.box(ana)
    ids = {"user": str(it.people[0].id), "vote": it.poll}
    links = secret.links(it.vote)
    assert ("Opening hash", links[0].root) in notifications.opened(**ids)["facts"]
    assert notifications.nearing(**ids, closes=it.vote.closes_at.isoformat())
    boxes.cast(it.vote, it.people[0], 1)
    assert ("Opening hash", links[0].root) in notifications.opened(**ids)["facts"], (
        "whoever votes before their mail comes gets it too"
    )
    assert notifications.nearing(**ids, closes=it.vote.closes_at.isoformat()) is None

    boxes.closed(it.vote, at)

    assert notifications.closed(**ids)["facts"][-1] == ("Last checkpoint", secret.head(it.vote))


def test_reminders_go_to_nonvoters_and_show_no_number(ana):
    it = boxes.box(ana)
    boxes.cast(it.vote, it.people[0], 1)

    assert {line.user_id for line in db.session.scalars(reminders.nonvoters(it.vote))} == {
        p.id for p in it.people[1:]
    }
    assert reminders.visible_nonvoter_count(it.vote, but=ana) == 8
