"""The vote pages, with and without htmx."""

import re
from datetime import timedelta

import pytest

from tests import factories
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.voting import reads
from webapp.voting.models import AFTER_CLOSE, AFTER_VOTING, ALWAYS, Vote
from webapp.voting.planning import votes
from webapp.voting.tally.rules import APPROVAL

from . import making
from .running import close

FRAGMENTS = ("status", "ballot", "results", "turnout")


def test_a_member_votes_and_changes_the_ballot_without_scripts(group, ana, ben, browser):
    vote = making.vote(group, ana, results=ALWAYS)
    page = browser(ben)

    page.get(f"/votes/{vote.slug}")
    assert page.submit("/ballot", choice="2").status_code == 200
    assert "You’ve voted Bread" in page.text
    page.submit("/ballot", choice="3")

    assert "You’ve voted Cheese" in page.text
    assert "Cheese is ahead, with 1 of 1." in page.text
    db.session.rollback()
    assert db.session.get(Vote, vote.id, populate_existing=True).ballot_count == 1


def test_approval_ballots_have_several_boxes(group, ana, ben, browser):
    vote = making.vote(group, ana, kind=APPROVAL)
    page = browser(ben)
    page.get(f"/votes/{vote.slug}")

    assert {box["type"] for box in page.page.select("#ballot-form [name=choice]")} == {"checkbox"}
    page.submit("/ballot", choice=["1", "3"])

    assert "Apples, Cheese" in page.text


def test_a_refused_ballot_explains_why_and_keeps_the_choices(group, ana, ben, browser):
    vote = making.vote(group, ana, kind=APPROVAL, choices_max=1)
    page = browser(ben)
    page.get(f"/votes/{vote.slug}")

    answer = page.submit("/ballot", choice=["1", "3"])

    assert answer.status_code == 422
    assert page.page.title.string.startswith("Error:")
    assert (
        "Choose fewer. This vote allows at most 1."
        in page.page.select_one("#choice-err").get_text()
    )
    assert [box["value"] for box in page.page.select("#ballot-form [checked]")] == ["1", "3"]


def test_a_ballot_for_a_changed_question_must_be_filled_in_again(group, ana, ben, browser):
    vote = making.vote(group, ana)
    page = browser(ben)
    page.get(vote.path)
    votes.update(
        vote, ana, making.plan(options=("Nuts", "Oats", "Pears"), closes_at=vote.closes_at)
    )
    db.session.commit()

    assert page.submit("/ballot", choice="2").status_code == 422
    assert "Read it again" in page.page.select_one("#choice-err").get_text()
    assert page.page.select("#ballot-form [checked]") == []
    page.submit("/ballot", choice="2")
    assert "You’ve voted Oats" in page.text


def test_abstaining_is_a_choice_of_its_own(group, ana, ben, browser):
    vote = making.vote(group, ana)
    page = browser(ben)
    page.get(f"/votes/{vote.slug}")

    page.submit("/ballot", choice="blank")

    assert "You abstained." in page.text


@pytest.mark.parametrize("choice", ["0", "9", "-1", "1e3", "٣", "x" * 500, "99999999999999999999"])
def test_unknown_choices_are_refused_with_an_explanation(group, ana, ben, browser, choice):
    vote = making.vote(group, ana)
    page = browser(ben)

    assert page.post(f"/votes/{vote.slug}/ballot", {"choice": choice}).status_code == 422
    assert "doesn’t exist" in page.text


def test_htmx_gets_the_ballot_and_the_fragments_it_changes(group, ana, ben, browser):
    vote = making.vote(group, ana)
    page = browser(ben)
    headers = {
        "HX-Request": "true",
        "HX-Request-Type": "partial",
        "HX-Target": "section#ballot",
        "HX-Source": "form#ballot-form",
    }

    answer = page.post(f"/votes/{vote.slug}/ballot", {"choice": "1"}, headers=headers)
    assert answer.status_code == 303
    answer = page.get(answer.headers["Location"].split("#")[0], headers=headers)

    assert "<html" not in answer.text
    parts = page.page.find_all(recursive=False)
    assert [part.get("id") or part.get("hx-target") for part in parts] == [
        "ballot",
        "#results",
        "#turnout",
        "#reasons",
    ]
    assert page.page.select_one("#ballot h2[autofocus]").get_text() == "You’ve voted"
    assert "Apples is ahead" in page.text


def test_a_refetched_fragment_never_takes_the_focus(group, ana, browser):
    vote = making.vote(group, ana)
    making.cast(vote, ana, 1)
    page = browser(ana)

    for part in FRAGMENTS:
        page.fragment(f"/votes/{vote.slug}", f"section#{part}", method="GET")
        assert not page.page.select("[autofocus]")


def test_the_fragments_changed_by_a_ballot_come_in_one_response(group, ana, ben, browser):
    vote = making.vote(group, ana)
    making.cast(vote, ana, 1)
    page = browser(ana)
    page.get(f"/votes/{vote.slug}")
    assert [part["id"] for part in page.page.select(f'[hx-trigger*="{vote.id}:ballots"]')] == [
        "results"
    ]

    making.cast(vote, ben, 1)
    page.fragment(f"/votes/{vote.slug}", "section#results", method="GET")

    parts = page.page.find_all(recursive=False)
    assert [part.get("id") or part.get("hx-target") for part in parts] == [
        "results",
        "#turnout",
        "#reasons",
    ]
    assert "2 ballots" in parts[0].get_text()
    assert "2 of 2 voters have voted" in str(parts[1])


@pytest.mark.parametrize("part", FRAGMENTS)
def test_each_fragment_is_on_the_page_and_is_served_alone(group, ana, browser, part):
    vote = making.vote(group, ana)
    page = browser(ana)
    page.get(f"/votes/{vote.slug}")
    whole = page.page.find(id=part)

    page.fragment(f"/votes/{vote.slug}", part)

    alone = page.page.find(id=part)
    assert "<html" not in page.answer.text
    assert alone.name == whole.name
    assert alone.get("hx-get") == (None if part == "turnout" else f"/votes/{vote.slug}")


def test_a_half_filled_ballot_reloads_only_when_the_vote_itself_changes(group, ana, browser):
    vote = making.vote(group, ana)
    page = browser(ana)
    page.get(f"/votes/{vote.slug}")

    assert page.page.find(id="ballot")["hx-trigger"] == f"vote:{vote.id} from:body delay:300ms"
    assert f"vote:{vote.id}:ballots" in page.page.find(id="results")["hx-trigger"]
    assert f"vote:{vote.id}" in page.page.body["data-live"].split()


SUMS = re.compile(
    r"ahead|Apples is|was chosen|<svg aria-hidden=\"true\"><rect width|class=\"bars\"|As a "
    r"table|abstained"
)


@pytest.mark.parametrize(
    ("rule", "hidden_from"),
    [(ALWAYS, set()), (AFTER_VOTING, {"ben"}), (AFTER_CLOSE, {"ana", "ben"})],
)
def test_hidden_results_are_in_no_page_and_no_fragment(
    group, ana, ben, browser, at, rule, hidden_from
):
    vote = making.vote(group, ana, results=rule)
    cid = factories.user("Cid")
    making.cast(vote, ana, 1)
    pages = {"ana": browser(ana), "ben": browser(ben)}

    for name, page in pages.items():
        answers = [page.get(f"/votes/{vote.slug}").text]
        answers += [page.fragment(f"/votes/{vote.slug}", part).text for part in FRAGMENTS]
        answers.append(page.get("/votes").text)
        assert any(SUMS.search(text) for text in answers) is (name not in hidden_from)

    at(vote.closes_at)
    close(vote)
    later = browser(ben)
    later.get(f"/votes/{vote.slug}")
    assert "Apples was chosen, with 1 of 1." in later.text
    assert browser(cid).get(f"/votes/{vote.slug}").status_code == 404


def test_a_closed_vote_says_that_it_is_being_counted(group, ana, browser, at):
    vote = making.vote(group, ana, results=AFTER_CLOSE)
    at(vote.closes_at)
    page = browser(ana)

    page.get(f"/votes/{vote.slug}")

    assert "being counted" in page.text
    assert not page.page.select("#ballot-form")


def test_a_tie_names_the_options_and_how_it_was_decided(group, ana, ben, browser, at):
    vote = making.vote(group, ana)
    making.seeded(vote)
    making.cast(vote, ana, 1)
    making.cast(vote, ben, 2)
    at(vote.closes_at)
    close(vote)
    page = browser(ana)

    page.get(f"/votes/{vote.slug}")

    assert "Apples and Bread tied with 1 each. Decided by lot: Bread." in page.text
    assert vote.seed in page.text
    first = page.page.select("#results tbody tr")[0]
    assert [cell.get_text() for cell in first.find_all(["th", "td"])] == ["Bread", "1", "50%"]


def test_members_can_read_the_voter_list(group, ana, ben, cem, browser):
    vote = making.vote(group, ana)
    page = browser(ben)

    page.get(f"/votes/{vote.slug}/voters")

    assert "2 people can vote." in page.text
    assert "Ana Souza" in page.text
    assert browser(cem).get(f"/votes/{vote.slug}/voters").status_code == 404


def test_strangers_get_404_and_visitors_are_sent_to_sign_in(group, ana, cem, browser, visitor):
    vote = making.vote(group, ana)
    for path in ("", "/voters", "/edit", "/cancellation", "/removal"):
        assert browser(cem).get(f"/votes/{vote.slug}{path}").status_code == 404
        assert visitor.get(f"/votes/{vote.slug}{path}").status_code == 303
    for path in ("/ballot", "/edit", "/cancellation", "/removal"):
        assert browser(cem).post(f"/votes/{vote.slug}{path}").status_code == 404


def test_ordinary_members_cannot_create_or_edit_votes(group, ana, ben, browser):
    vote = making.vote(group, ana)
    page = browser(ben)

    for path in ("/edit", "/cancellation", "/removal"):
        assert page.get(f"/votes/{vote.slug}{path}").status_code == 403
        assert page.post(f"/votes/{vote.slug}{path}").status_code == 403
    assert page.get(f"/votes/new?group={group.slug}").status_code == 403
    assert page.post(f"/votes?group={group.slug}", {"title": "Mine?"}).status_code == 403


def test_a_request_without_a_csrf_token_casts_no_ballot(app, group, ana, browser):
    vote = making.vote(group, ana)
    page = browser(ana)

    assert page.post(f"/votes/{vote.slug}/ballot", {"choice": "1"}, csrf=False).status_code == 400
    assert reads.ballot_of(ana, vote) is None


def test_the_page_takes_the_same_statements_for_one_ballot_and_three(
    group, ana, ben, browser, statements_of
):
    people = [ana, ben, factories.user("Cid")]
    factories.membership(group, people[2])
    vote = making.vote(group, ana, results=ALWAYS)
    path, page = f"/votes/{vote.slug}", browser(ana)

    costs = []
    for count in (1, 3):
        for number, person in enumerate(people[:count], 1):
            making.cast(vote, person, number)
        page.get(path)
        costs.append(statements_of(lambda: page.get(path)))

    assert costs[0] == costs[1] <= 10


def test_the_voter_list_takes_the_same_statements_for_one_and_three(
    group, ana, browser, statements_of
):
    small = making.vote(factories.group(ana), ana)
    large = making.vote(factories.group(ana, factories.user(), factories.user()), ana)
    page = browser(ana)
    page.get("/votes")

    costs = {
        statements_of(lambda slug=vote.slug: page.get(f"/votes/{slug}/voters"))
        for vote in (small, large)
    }

    assert len(costs) == 1


def test_cancelling_asks_for_confirmation_and_shows_the_reason(group, ana, browser):
    vote = making.vote(group, ana)
    page = browser(ana)

    page.get(f"/votes/{vote.slug}/cancellation")
    page.submit("/cancellation", reason="The hall burned down.")

    assert "This vote was cancelled" in page.text
    assert "The hall burned down." in page.text


def test_a_scheduled_vote_can_be_deleted_on_its_page(group, ana, browser):
    vote = making.coming(group, ana)
    page = browser(ana)
    page.get(f"/votes/{vote.slug}/removal")

    page.submit("/removal")

    assert page.get(f"/votes/{vote.slug}").status_code == 404


def test_a_scheduled_vote_says_that_it_has_not_opened(group, ana, browser):
    vote = making.coming(group, ana)
    page = browser(ana)

    page.get(f"/votes/{vote.slug}")

    assert "Voting hasn’t opened yet" in page.text
    assert "live from:body" in page.page.find(id="ballot")["hx-trigger"]


def test_the_description_is_safe_html(group, ana, browser):
    vote = making.vote(
        group, ana, description="**Bold** <script>alert(1)</script>", title="<b>?</b>"
    )
    page = browser(ana)

    page.get(f"/votes/{vote.slug}")

    assert page.page.find("strong").get_text() == "Bold"
    assert "alert(1)</script>" not in page.answer.text
    assert page.page.h1.get_text() == "<b>?</b>"


def test_the_closing_time_is_also_shown_in_the_readers_zone(group, ana, browser):
    ana.zone = "Asia/Kolkata"
    vote = making.vote(group, ana, closes_at=clock.now() + timedelta(days=2))
    page = browser(ana)

    page.get(f"/votes/{vote.slug}")

    assert "your time" in page.text
    votes.cancel(vote, by=ana)
