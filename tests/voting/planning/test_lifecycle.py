"""Jobs open and close votes once and notify people."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.fan_outs import run_fan_outs
from webapp.core.extensions import db
from webapp.core.jobs.queue import JOBS, SCHEDULES
from webapp.core.time import clock
from webapp.mail.jobs import rendering
from webapp.mail.leases import LeasedEmail
from webapp.mail.models import OutgoingEmail
from webapp.notifications import preferences
from webapp.notifications.models import NOW, Notification
from webapp.voting import notifications, reads
from webapp.voting.models import Vote
from webapp.voting.planning import lifecycle, votes

from .. import making


def run(name):
    JOBS[name]()
    run_fan_outs()


def notified(kind):
    return list(db.session.scalars(sa.select(Notification.label).where(Notification.kind == kind)))


def emails_of(template):
    return list(
        db.session.scalars(sa.select(OutgoingEmail).where(OutgoingEmail.template == template))
    )


def test_the_jobs_run_often_enough():
    assert SCHEDULES["voting.open_due"] == SCHEDULES["voting.close_due"] == 15


def test_a_vote_opens_once_when_due(group, ana, ben, at, heard):
    vote = making.coming(group, ana)
    heard.clear()
    run("voting.open_due")
    assert vote.opened_at is None

    at(vote.opens_at)
    run("voting.open_due")
    commitment = db.session.get(Vote, vote.id).lot_commitment
    run("voting.open_due")

    assert (vote.lot_commitment, vote.roll_count) == (commitment, 2)
    assert notified("vote.opened") == ["You can vote now: “What do we bring?”"]
    assert [email.address for email in emails_of("voting/opened")] == [ben.email]
    assert heard.count(f"vote:{vote.id}") == 1


def test_a_vote_closes_once_and_its_voters_learn_the_result(group, ana, ben, at, heard):
    vote = making.vote(group, ana)
    making.cast(vote, ana, 3)
    run("voting.close_due")
    assert vote.closed_at is None
    preferences.choose(ben, {"vote.closed": NOW})
    heard.clear()

    at(vote.closes_at)
    run("voting.close_due")
    run("voting.close_due")

    assert vote.closed_at == vote.closes_at
    assert (
        notified("vote.closed")
        == ["“What do we bring?” has closed. Cheese was chosen, with 1 of 1."] * 2
    )
    assert len(emails_of("voting/closed")) == 1  # Ana gets it in the digest
    assert heard.count(f"vote:{vote.id}") == 1


def test_the_result_of_a_tie_says_how_it_was_decided(group, ana, ben, at):
    vote = making.vote(group, ana)
    making.seeded(vote)
    making.cast(vote, ana, 1)
    making.cast(vote, ben, 3)

    at(vote.closes_at)
    run("voting.close_due")

    assert (
        "Apples and Cheese tied with 1 each. Decided by lot: Apples." in notified("vote.closed")[0]
    )


def test_a_vote_never_opened_in_time_closes_without_a_voter_list(group, ana, at):
    vote = making.coming(group, ana)
    at(vote.closes_at)

    run("voting.open_due")
    run("voting.close_due")

    assert (vote.opened_at, vote.closed_at, vote.roll_count) == (None, vote.closes_at, 0)


@pytest.mark.parametrize("how", ["cancelled", "deleted", "group"])
def test_cancelled_and_deleted_votes_neither_open_nor_close(group, ana, at, how):
    vote = making.coming(group, ana)
    if how == "cancelled":
        votes.cancel(vote, by=ana)
    elif how == "deleted":
        votes.delete(vote, by=ana)
    else:
        group.deleted_at = clock.now()
    db.session.commit()

    at(vote.opens_at)
    assert lifecycle.due_to_open() == []
    at(vote.closes_at)
    assert lifecycle.due_to_close() == []


def test_a_failing_vote_does_not_stop_others_from_opening(group, ana, at, monkeypatch):
    first, second = making.coming(group, ana), making.coming(group, ana)
    first_id = first.id
    open_now = lifecycle.open_now

    def broken(vote_id):
        if vote_id == first_id:
            raise ValueError("broken")
        return open_now(vote_id)

    monkeypatch.setattr(lifecycle, "open_now", broken)
    at(second.opens_at)
    run("voting.open_due")

    assert (first.opened_at, second.opened_at is not None) == (None, True)


def test_the_opening_email_lists_the_options_and_is_dropped_when_pointless(group, ana, ben, cem):
    vote = making.vote(group, ana)
    ids = {"vote": str(vote.id)}

    context = notifications.opened(user=str(ben.id), **ids)
    assert context["url"] == f"http://127.0.0.1:8000/votes/{vote.slug}"
    assert ("Options", "Apples, Bread, Cheese") in context["facts"]
    making.cast(vote, ben, 1)
    assert notifications.opened(user=str(ben.id), **ids) is None
    assert notifications.opened(user=str(cem.id), **ids) is None
    votes.cancel(vote, by=ana)
    assert notifications.opened(user=str(ana.id), **ids) is None


def test_the_result_email_has_the_finding_and_the_turnout(group, ana, ben, at):
    vote = making.vote(group, ana)
    ids = {"user": str(ben.id), "vote": str(vote.id)}
    making.cast(vote, ana, 2)
    assert notifications.closed(**ids) is None

    at(vote.closes_at)
    run("voting.close_due")

    context = notifications.closed(**ids)
    assert context["finding"] == "Bread was chosen, with 1 of 1."
    assert context["facts"][-1] == ("Voted", "1 of 2")


def test_extending_keeps_a_vote_open(group, ana, at):
    vote = making.vote(group, ana)
    before = vote.closes_at
    votes.update(vote, by=ana, plan=making.plan(closes_at=before + timedelta(days=1)))
    db.session.commit()

    at(before)
    run("voting.close_due")

    assert vote.closed_at is None
    making.cast(vote, ana, 1)
    assert reads.outcome_of(vote).cast == 1


@pytest.mark.parametrize("email", ["opened", "closed"])
def test_vote_emails_have_text_and_html(group, ana, ben, at, email):
    vote = making.vote(group, ana, title="Soup & bread?")
    run_fan_outs()
    making.cast(vote, ana, 2)
    preferences.choose(ben, {"vote.closed": NOW})
    if email == "closed":
        at(vote.closes_at)
        run("voting.close_due")
    row = emails_of(f"voting/{email}")[0]
    ids = {"user": str(ben.id), "vote": str(vote.id)}

    message = rendering.written(_held(row, ids))

    assert "Soup & bread?" in message.subject
    assert f"/votes/{vote.slug}" in message.body
    assert "Soup &amp; bread?" in message.html
    assert ("Bread was chosen" if email == "closed" else "Apples, Bread, Cheese") in message.body
    assert "\n\n\n" not in message.body


def _held(row, ids):
    fields = {name: getattr(row, name, None) for name in LeasedEmail._fields}
    return LeasedEmail(**{**fields, "ids": ids})
