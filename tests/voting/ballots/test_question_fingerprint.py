"""Ballots for a question that changed meanwhile return with what still applies."""

from types import SimpleNamespace

import pytest

from webapp.core.extensions import db
from webapp.voting.ballots import question_fingerprint
from webapp.voting.models import OPTIONAL, Option, Vote
from webapp.voting.planning import votes

from .. import making
from .test_ballot_texts import as_filled

pytestmark = pytest.mark.any_database


def question(*options, **values):
    values = {
        "title": "What do we bring?",
        "kind": "single",
        "score_max": 5,
        "blocks": 1,
        "description": "",
        **values,
    }
    return Vote(
        options=[Option(number=number, title=title) for number, title in enumerate(options, 1)],
        **values,
    )


ASKED = question("Apples", "Bread", "Cheese")


@pytest.mark.parametrize(
    ("now", "kept"),
    [
        (question("Apples", "Bread", "Cheese", seats=2, quorum=50), {"1": "1", "2": "2", "3": "3"}),
        (question("Cheese", "Dates", "Apples"), {"1": "3", "3": "1"}),
        (question("Dates", "Eggs"), {}),
        (question("Apples", "Bread", "Cheese", title="What do we leave at home?"), None),
        (question("Apples", "Bread", "Cheese", kind="approval"), None),
        (question("Apples", "Bread", "Cheese", score_max=9), None),
    ],
)
def test_options_are_matched_by_their_text_under_the_same_question(now, kept):
    assert question_fingerprint.kept(question_fingerprint.of(ASKED), now) == kept


def test_a_proposal_with_another_text_is_another_question():
    before, after = (
        question(kind="proposal", description=words)
        for words in ("We plant trees.", "We fell trees.")
    )

    assert question_fingerprint.kept(question_fingerprint.of(before), before) == {}
    assert question_fingerprint.kept(question_fingerprint.of(before), after) is None


@pytest.mark.parametrize("nonsense", [[], ["", ""], ["x" * 5000]])
def test_forms_without_a_fingerprint_keep_no_choice(nonsense):
    assert question_fingerprint.kept(nonsense, ASKED) is None


def test_a_ranking_closes_the_gap_of_a_removed_option():
    entered = [("1", "2"), ("2", "1"), ("3", "3"), ("4", "3"), ("5", "")]
    numbers = {"1": "1", "3": "2", "4": "3", "5": "4"}

    assert question_fingerprint.moved(SimpleNamespace(kind="schulze"), entered, numbers) == [
        ("1", "1"),
        ("2", "2"),
        ("3", "2"),
    ]
    assert question_fingerprint.moved(SimpleNamespace(kind="score"), entered[:2], numbers) == [
        ("1", "2")
    ]


@pytest.mark.parametrize(
    ("kind", "filled", "shown"),
    [
        ("single", {"choice": "3"}, {"choice": "1"}),
        ("approval", {"choice": ["blank", "2"]}, {"choice": "blank"}),
        ("dots", {"mark-2": "4", "mark-3": "6"}, {"mark-1": "6"}),
        ("irv", {"mark-1": "3", "mark-2": "1", "mark-3": "2"}, {"mark-1": "1", "mark-3": "2"}),
    ],
)
def test_a_changed_question_returns_the_ballot_with_still_valid_choices(
    group, ana, ben, browser, kind, filled, shown
):
    vote = making.vote(group, ana, kind=kind, reasons=OPTIONAL)
    page = browser(ben)
    page.get(vote.path)
    changed(vote, ana, kind=kind, options=("Cheese", "Dates", "Apples"))

    assert page.submit("/ballot", **filled, reason="We have apples at home.").status_code == 422

    assert "The question was changed" in page.page.select_one("#choice-err").get_text()
    assert page.page.find(id="reason").get_text().strip() == "We have apples at home."
    assert as_filled(page) == shown


def test_an_answer_to_another_text_is_dropped_but_its_comment_is_kept(group, ana, ben, browser):
    vote = making.vote(group, ana, kind="proposal", description="We plant trees.", reasons=OPTIONAL)
    page = browser(ben)
    page.get(vote.path)
    changed(vote, ana, kind="proposal", options=(), description="We fell trees.")

    assert page.submit("/ballot", choice="agree", reason="It is hot.").status_code == 422

    assert as_filled(page) == {}
    assert page.page.find(id="reason").get_text().strip() == "It is hot."
    assert page.submit("/ballot", choice="block").status_code == 200
    assert "You’ve voted Block" in page.text


def changed(vote, by, **values):
    votes.update(
        vote, by, making.plan(**{"reasons": OPTIONAL, "closes_at": vote.closes_at, **values})
    )
    db.session.commit()
