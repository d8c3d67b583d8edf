"""The result on a vote's page, for each kind."""

import pytest
import sqlalchemy as sa

from webapp.accounts import erasing
from webapp.core.extensions import db
from webapp.core.i18n import force_locale
from webapp.core.time import clock
from webapp.voting import tally
from webapp.voting.models import ALWAYS, Ballot
from webapp.voting.results import counting, result_views
from webapp.voting.tally.rules import KINDS

from ..kinds import SAMPLES
from . import making


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_shows_a_sentence_bars_and_a_table(group, ana, browser, kind):
    vote = making.voted(group, ana, kind)
    page = browser(ana)
    page.get(f"/votes/{vote.slug}")
    part = page.page.find(id="results")

    assert len(part.select_one(".lead").get_text()) > 10
    assert part.select(".bars li")
    assert part.select(".scroll[tabindex='0'][role='region'] table tbody th[scope='row']")
    assert part.find("a", href=f"/help/votes-{kind}")
    assert {heading.name for heading in part.find_all(["h1", "h2", "h3", "h4"])} <= {
        "h2",
        "h3",
        "h4",
    }


def test_rounds_are_shown_as_a_table_and_as_charts(group, ana, browser):
    vote = making.voted(group, ana, "irv")
    page = browser(ana)
    page.get(f"/votes/{vote.slug}")

    assert "Bread was chosen, with 5 of the 9 ballots that still counted." in page.text
    assert len(page.page.select("#results .stages > li")) == 2
    assert "Cheese has the fewest votes and drops out. 2 to Bread." in page.text


def test_quorum_and_threshold_are_shown_below_the_sentence(group, ana, browser):
    vote = making.voted(group, ana, "proposal", quorum=50, roll_count=8)
    page = browser(ana)
    page.get(f"/votes/{vote.slug}")
    asked = [
        line.get_text(" ", strip=True) for line in page.page.select("#results .term-list > div")
    ]

    assert asked[0] == "Quorum 4 of 8 needed, 5 voted"
    assert (
        asked[1]
        == "Majority Needed: more than half, so 3. Reached: 3 of the 4 who voted for or against"
    )


def test_a_tie_is_shown_with_the_drawn_order(group, ana, browser):
    vote = making.voted(group, ana, "single", [("1", 1), ("2", 1)])
    page = browser(ana)
    page.get(f"/votes/{vote.slug}")

    assert "Decided by lot: Bread. Order drawn: Bread, Apples." in page.text
    assert making.SEED in page.text


def test_a_counted_vote_is_not_counted_again(group, ana, browser, monkeypatch):
    vote = making.voted(group, ana, "irv")
    assert vote.finding["leaders"] == [2]
    counts = []
    monkeypatch.setattr(tally, "count", lambda *_given: counts.append(1))
    page = browser(ana)

    assert page.get(f"/votes/{vote.slug}").status_code == 200

    assert "Bread was chosen" in page.text
    assert counts == []


def test_control_without_the_stored_outcome_the_vote_is_counted(group, ana, monkeypatch):
    vote = making.voted(group, ana, "irv")
    vote.finding = None
    counts = []
    monkeypatch.setattr(tally, "count", lambda *_given: counts.append(1))
    counting.outcome_of(vote)

    assert counts == [1]


@pytest.mark.parametrize("kind", KINDS)
def test_the_stored_outcome_equals_the_count(group, ana, kind):
    vote = making.voted(group, ana, kind)
    kept = counting.outcome_of(vote)
    db.session.expire_all()
    vote.finding = None

    assert counting.outcome_of(vote) == kept


def test_a_ballot_changed_after_closing_does_not_change_the_result(group, ana, browser):
    vote = making.voted(group, ana, "single")
    db.session.execute(Ballot.__table__.update().values(choice="3"))
    db.session.commit()
    page = browser(ana)
    page.get(f"/votes/{vote.slug}")

    assert "Bread was chosen, with 2 of 3." in page.text


@pytest.mark.parametrize("closed", [True, False])
def test_names_are_shown_next_to_choices_only_where_the_vote_allows_it(group, ana, browser, closed):
    shown = making.voted(group, ana, "approval", closed=closed, is_anonymous=False)
    hidden = making.voted(group, ana, "approval", closed=closed)
    page = browser(ana)

    page.get(f"/votes/{shown.slug}")
    lines = [line.get_text(" ", strip=True) for line in page.page.select("#results .person")]
    assert len(lines) == 3
    assert all("Voter Person" in line for line in lines)
    assert sum("Apples, Bread" in line for line in lines) == 2
    page.get(f"/votes/{hidden.slug}")
    assert "Voter Person" not in page.text
    assert page.get(f"/votes/{hidden.slug}/ballots").status_code == 404


def test_many_names_have_their_own_page(group, ana, browser, statements_of, monkeypatch):
    few = making.voted(group, ana, "single", [("1", 2)], is_anonymous=False)
    many = making.voted(group, ana, "single", [("1", 5), ("2", 9)], is_anonymous=False)
    page = browser(ana)
    page.get(f"/votes/{few.slug}/ballots")
    page.get(f"/votes/{many.slug}")
    assert len(page.page.select("#results .person")) == result_views.FEW
    to_all = page.page.find("a", href=f"/votes/{many.slug}/ballots")
    assert to_all.get_text() == "View all 14 ballots"

    costs = {
        statements_of(lambda slug=vote.slug: page.get(f"/votes/{slug}/ballots"))
        for vote in (few, many)
    }

    assert len(costs) == 1
    assert len(page.page.select("li.person")) == 14
    monkeypatch.setattr(result_views, "PAGE", 10)
    page.get(f"/votes/{many.slug}/ballots?page=2")
    assert len(page.page.select("li.person")) == 4


def test_a_date_poll_with_names_is_shown_as_a_grid(group, ana, browser):
    vote = making.voted(group, ana, "date", is_anonymous=False)
    page = browser(ana)
    page.get(f"/votes/{vote.slug}")
    grid = page.page.select("#results table.pairs tbody tr")

    assert [[cell.get_text() for cell in row.select("td")] for row in grid].count(
        ["Yes", "If need be", "No"]
    ) == 2


def test_erased_people_are_not_named(group, ana, browser):
    vote = making.voted(group, ana, "single", [("1", 1)], is_anonymous=False)
    erasing.anonymise(result_views.first_of(vote)[0].user)
    db.session.commit()
    page = browser(ana)
    page.get(f"/votes/{vote.slug}")

    assert "Former member" in page.page.select_one("#results .person").get_text(" ", strip=True)


@pytest.mark.parametrize("kind", ["single", "irv", "date"])
def test_the_result_takes_the_same_statements_for_any_number_of_ballots(
    group, ana, browser, statements_of, kind
):
    usual = SAMPLES[kind].few
    votes = [
        making.voted(group, ana, kind, usual[:count], closed=False, is_anonymous=False)
        for count in (1, len(usual))
    ]
    page = browser(ana)
    for vote in votes:
        page.get(f"/votes/{vote.slug}")

    costs = {
        statements_of(
            lambda slug=vote.slug: page.fragment(f"/votes/{slug}", "section#results", method="GET")
        )
        for vote in votes
    }

    assert len(costs) == 1


def test_fragments_without_results_count_nothing(group, ana, browser, monkeypatch):
    vote = making.voted(group, ana, "irv", closed=False)
    page = browser(ana)
    page.get(f"/votes/{vote.slug}")
    counts = []
    monkeypatch.setattr("webapp.voting.results.counting.outcome_of", lambda _vote: counts.append(1))

    for part in ("status", "turnout", "ballot"):
        page.fragment(f"/votes/{vote.slug}", part, method="GET")

    assert counts == []


def test_result_emails_contain_the_sentence_and_the_totals(group, ana, emailed, emails):
    emailed("vote.closed")
    vote = making.voted(group, ana, "irv", results=ALWAYS)
    sent = [email for email in emails() if "result" in str(email["Subject"]).lower()]

    assert len(sent) == vote.ballot_count
    words = sent[0].get_body(("plain",)).get_content()
    assert "Bread was chosen, with 5 of the 9 ballots that still counted." in words
    assert "Bread: 5" in words


def test_parallel_readers_share_a_count_until_the_next_ballot(group, ana, monkeypatch):
    vote = making.voted(group, ana, "irv", closed=False)
    counts = []
    count = tally.count
    monkeypatch.setattr(tally, "count", lambda *given: counts.append(1) or count(*given))

    first = result_views.result_for(ana, vote)
    assert result_views.result_for(ana, vote).view is first.view
    ballot = db.session.scalars(sa.select(Ballot).where(Ballot.vote_id == vote.id)).first()
    ballot.choice, ballot.changed_at = "3", clock.now()
    db.session.commit()

    assert result_views.result_for(ana, vote).outcome != first.outcome
    assert len(counts) == 2


def test_a_shared_count_is_shown_in_each_readers_language(group, ana):
    vote = making.voted(group, ana, "irv", closed=False)
    said = []
    for language in ("en", "de"):
        with force_locale(language):
            said.append(result_views.result_for(ana, vote))

    assert said[0].view is not said[1].view
