"""Ended votes can't be deleted, and a hidden vote still shows its title and who hid it."""

import pytest

from tests import factories
from tests.fan_outs import run_fan_outs
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.core.observability import audit
from webapp.core.time import clock
from webapp.events.planning import RESTORABLE
from webapp.moderation.models import Case
from webapp.moderation.reportable_types import THINGS
from webapp.notifications.models import Notification
from webapp.ops.retention import purge
from webapp.ops.retention.table import ALL
from webapp.voting import reads, reporting
from webapp.voting.comments import VoteContainer
from webapp.voting.models import Ballot, Vote
from webapp.voting.planning import lifecycle, votes
from webapp.voting.results import counting, outcomes

from .. import making
from ..running import closed
from ..secret import asking, boxes

OVER = ["closed", "cancelled", "secret closed", "secret cancelled", "cancelled before it opened"]


@pytest.fixture
def admin():
    return factories.user("Dia", is_admin=True)


@pytest.fixture
def decided(group, ana, ben, at):
    """A closed vote in which Ben took part."""
    return closed(group, ana, ben, at)


def ended(how, group, ana, at):
    if how == "cancelled before it opened":
        vote = making.coming(group, ana)
    else:
        vote = (
            asking.secret_vote(group, ana) if how.startswith("secret") else making.vote(group, ana)
        )
    if how.endswith("closed"):
        return boxes.closed(vote, at)
    votes.cancel(vote, by=ana)
    db.session.commit()
    return vote


@pytest.mark.parametrize("how", OVER)
def test_authors_cannot_delete_a_vote_that_has_ended(group, ana, at, browser, how):
    vote = ended(how, group, ana, at)
    page = browser(ana)
    page.get(vote.path)
    assert not page.page.select("form[action$='/removal'], a[href$='/removal']")

    assert page.post(f"{vote.path}/removal", {}).status_code == 422

    assert "stays listed" in page.text
    assert db.session.get_one(Vote, vote.id, populate_existing=True).deleted_at is None
    page.get("/votes?tab=closed")
    assert vote.path in {link["href"] for link in page.page.select("#votes a")}


def test_cancelling_and_creating_again_leaves_both_votes_listed(group, ana, browser):
    vote = making.vote(group, ana)
    votes.cancel(vote, by=ana)
    db.session.commit()
    with pytest.raises(UserError):
        votes.delete(vote, by=ana)
    db.session.rollback()
    again = making.vote(group, ana)

    listed = [row.id for tab in (reads.OPEN, reads.CLOSED) for row in reads.listed(ana, tab).items]
    assert listed == [again.id, vote.id]


@pytest.mark.parametrize("what", ["removal", "cancellation"])
def test_the_confirmation_page_says_why_an_ended_vote_is_kept(group, ana, at, browser, what):
    vote = ended("cancelled", group, ana, at)
    page = browser(ana)

    assert page.get(f"{vote.path}/{what}").status_code == 200

    assert ("stays listed" if what == "removal" else "already cancelled") in page.text
    assert not page.page.select(f"form[action$='/{what}']")
    assert page.page.select(f"main a.btn[href='{vote.path}']")


def hidden_by(admin, vote, browser, words="are kept"):
    """Let the admin hide the vote by the form that its page links to."""
    factories.membership(vote.group, admin)
    page = browser(admin)
    page.get(vote.path)
    there = page.page.find("a", href=f"/admin/decisions/vote/{vote.id}")
    page.get(there["href"])
    assert words in page.text
    page.submit(f"/admin/decisions/vote/{vote.id}", act="hidden", rule="privacy", text="A name.")
    return db.session.get_one(Vote, vote.id, populate_existing=True)


def test_a_hidden_vote_still_shows_its_title_and_who_hid_it(decided, admin, ana, ben, browser):
    outcomes.publish(decided, ana, "We bring bread.")
    VoteContainer(decided).begin()
    db.session.commit()
    vote = hidden_by(admin, decided, browser)

    for person in (ana, ben):
        page = browser(person)
        assert page.get(vote.path).status_code == 200
        text = page.page.find("main").get_text(" ", strip=True)
        assert vote.title in text
        assert f"{admin.name}, a site admin, hid it" in text
        assert not [word for word in ("Apples", "Bread", "bread", "chosen") if word in text]
        for place in (
            "/voters",
            "/ballots.csv",
            "/outcome.json",
            "/comments",
            "/ballot-comments",
            "/ballots",
            "/edit",
            "/removal",
        ):
            assert page.get(f"{vote.path}{place}").status_code == 404, place
        page.get("/votes?tab=closed")
        assert "Hidden by an admin" in page.text
        assert vote.title in page.text
        assert f"of {vote.roll_count} voted" not in page.text
    assert [(entry.action, entry.actor_id) for entry, _address in audit.entries("vote.hidden")] == [
        ("vote.hidden", admin.id)
    ]


def test_unhiding_a_vote_restores_all_of_it(decided, admin, ana, browser):
    vote = hidden_by(admin, decided, browser)
    reporting.unhide(vote, by=admin)
    db.session.commit()
    page = browser(ana)
    page.get(vote.path)

    assert "Bread was chosen, with 1 of 1." in page.text
    assert (vote.hidden_by_id, vote.hidden_at) == (None, None)


def test_only_admins_decide_on_reported_votes(decided, ana, ben, browser):
    page = browser(ben)
    page.get(decided.path)
    page.get(page.page.find("a", href=f"/reports/vote/{decided.id}")["href"])
    page.submit(f"/reports/vote/{decided.id}", rule="privacy", text="It names her.")

    case = db.session.query(Case).one()
    assert (case.kind, case.group_id, case.author_id) == ("vote", None, ana.id)
    assert "Apples" in THINGS["vote"].excerpt(decided)


def inbox_of(person, browser):
    page = browser(person)
    page.get("/inbox")
    return page.page.find("main").get_text(" ", strip=True)


def test_inboxes_do_not_tell_the_result_of_a_hidden_vote(decided, admin, ben, browser):
    run_fan_outs()
    assert "Bread was chosen, with 1 of 1." in inbox_of(ben, browser)

    vote = hidden_by(admin, decided, browser)
    words = inbox_of(ben, browser)
    assert "Bread" not in words
    assert f"“{vote.title}” has closed. A site admin hid it." in words
    assert not [
        line for line in db.session.query(Notification) if "Bread" in f"{line.params} {line.label}"
    ]

    reporting.unhide(vote, by=admin)
    db.session.commit()
    assert "Bread was chosen, with 1 of 1." in inbox_of(ben, browser)


def test_inboxes_do_not_tell_why_a_hidden_vote_was_cancelled(group, ana, ben, admin, browser):
    vote = making.vote(group, ana)
    votes.cancel(vote, by=ana, reason="Cem is a liar.")
    run_fan_outs()
    assert "Cem is a liar." in inbox_of(ben, browser)

    reporting.hide(vote, by=admin)
    db.session.commit()
    assert "liar" not in inbox_of(ben, browser)

    reporting.unhide(vote, by=admin)
    db.session.commit()
    assert "Cem is a liar." in inbox_of(ben, browser)


@pytest.mark.parametrize("make", [making.vote, making.coming, asking.secret_vote])
def test_hiding_an_unfinished_vote_cancels_it(group, ana, ben, admin, browser, make):
    vote = make(group, ana, description="Cem is a liar.")
    on_roll = vote.roll_count
    if make is making.vote:
        making.cast(vote, ben, 1)

    vote = hidden_by(admin, vote, browser, words="The vote will be cancelled for good")
    run_fan_outs()

    assert (vote.is_cancelled, vote.hidden_by_id) == (True, admin.id)
    assert db.session.query(Notification).filter_by(kind="vote.cancelled").count() == on_roll
    with pytest.raises(UserError):
        making.cast(vote, ben, 2)
    db.session.rollback()
    page = browser(ben)
    page.get(vote.path)
    assert "It was cancelled, so no ballot counts." in page.text
    assert "liar" not in page.text


def test_a_vote_hidden_while_open_comes_back_cancelled(group, ana, admin, browser):
    vote = hidden_by(admin, making.vote(group, ana), browser, words="cancelled for good")
    page = browser(admin)
    page.get(page.get(f"/admin/decisions/vote/{vote.id}").headers["Location"])
    page.submit("/decision", act="lifted", text="It was no lie.")

    page = browser(ana)
    page.get(vote.path)

    assert "This vote was cancelled" in page.text
    assert "A site admin hid it." in page.text
    assert vote.title in page.text


def test_decisions_are_kept_when_their_event_is_purged(ana, ben, at):
    group = factories.group(ana, ben)
    event = factories.event(ana, group)
    vote = making.vote(group, ana, event=event)
    open_one = making.vote(group, ana, event=factories.event(ana, group))
    making.cast(vote, ben, 2)
    at(vote.closes_at)
    lifecycle.close(vote.id)
    event.deleted_at = open_one.event.deleted_at = clock.now() - 2 * RESTORABLE
    db.session.commit()

    purge.carry_out(next(line for line in ALL if line.key == "events"))
    db.session.commit()

    vote = db.session.get_one(Vote, vote.id, populate_existing=True)
    assert (vote.event_id, counting.outcome_of(vote).winners) == (None, (2,))
    assert db.session.query(Ballot).filter_by(vote_id=vote.id).count() == 1
    assert db.session.get_one(Vote, open_one.id, populate_existing=True).event_id is not None
