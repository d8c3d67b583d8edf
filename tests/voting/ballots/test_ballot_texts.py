"""Ballot forms of every kind: how a ballot is described, and how errors are explained."""

from datetime import UTC, datetime, timedelta

import pytest

from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.voting.ballots import ballot_texts
from webapp.voting.models import AFTER_CLOSE, Ballot
from webapp.voting.planning import votes
from webapp.voting.tally.rules import KINDS

from .. import making
from ..kinds import SAMPLES

#: kind, further values of its plan, what is filled in, the messages
WRONG = [
    ("single", {}, {}, ["Choose something, or abstain."]),
    (
        "score",
        {"score_max": 3},
        {"mark-1": "4", "mark-2": "x"},
        ["Enter whole numbers only", "from 0 to 3"],
    ),
    ("star", {}, {"mark-1": "5", "choice": "blank"}, ["abstain and choose at the same time"]),
    (
        "dots",
        {"budget": 5, "per_option": 3},
        {"mark-1": "4", "mark-2": "4"},
        ["more dots than you have (5)", "at most 3 of your dots"],
    ),
    ("dots", {"spend_all": True}, {"mark-1": "4"}, ["You must use all of your dots"]),
    ("irv", {}, {"mark-1": "3", "mark-2": "3"}, ["have the same rank", "skipped a rank"]),
    ("schulze", {}, {"mark-1": "9"}, ["ranks from 1 to 3"]),
    ("stv", {}, {"mark-7": "1"}, ["doesn’t exist"]),
    ("proposal", {}, {"choice": "perhaps"}, ["isn’t one of the choices"]),
    ("date", {}, {"mark-1": "yes"}, ["isn’t one of the choices"]),
]
NONSENSE = ["-1", "1e3", "٣", "²", "x" * 500, "9" * 40, "1>2", "\x00", "y n"]


def asked(group, by, kind, **more):
    dates = {"dates": making.evenings(4, 5, 6)} if KINDS[kind].has_dates else {}
    return making.vote(group, by, kind=kind, results=AFTER_CLOSE, **dates, **more)


def said(page):
    return " ".join(page.page.select_one("#ballot .notice.yes p").get_text().split())


def as_filled(page):
    """Return the values of the form on the page, by name."""
    ticked = {box["name"]: box["value"] for box in page.page.select("#ballot-form input[checked]")}
    typed = {
        box["name"]: box["value"]
        for box in page.page.select("#ballot-form input[inputmode=numeric]")
        if box.get("value")
    }
    chosen = page.page.select("#ballot-form option[selected]")
    return ticked | typed | {one.parent["name"]: one["value"] for one in chosen if one["value"]}


@pytest.mark.parametrize("kind", KINDS)
def test_a_ballot_is_filled_in_described_and_changed(group, ana, ben, browser, at, kind):
    sample = SAMPLES[kind]
    filled, choice = sample.filled, sample.choice
    vote = asked(group, ana, kind, **sample.few_rules)
    page = browser(ben)
    page.get(f"/votes/{vote.slug}")
    assert as_filled(page) == {}

    assert page.submit("/ballot", **filled).status_code == 200

    assert db.session.query(Ballot).one().choice == choice
    assert sample.words in said(page) or KINDS[kind].has_dates
    assert said(page) == ballot_texts.chosen(vote, choice)
    shown = as_filled(page)
    assert {
        name: value for name, value in filled.items() if name != "choice" and value != "0"
    }.items() <= shown.items()
    assert page.submit("/ballot").status_code == 200  # sent as it is, it says the same
    db.session.rollback()
    assert db.session.query(Ballot).one().choice == choice


@pytest.mark.any_database
@pytest.mark.parametrize("kind", KINDS)
def test_a_ballot_that_comes_too_late_is_given_back_in_words(group, ana, ben, browser, at, kind):
    sample = SAMPLES[kind]
    soon = clock.now() + timedelta(hours=1)
    vote = asked(group, ana, kind, closes_at=soon, **sample.few_rules)
    page = browser(ben)
    page.get(vote.path)
    at(soon)

    assert page.submit("/ballot", **sample.filled).status_code == 422

    assert "Voting has closed. This ballot wasn’t counted." in page.text
    (given_back,) = page.page.select("textarea[readonly]")
    assert given_back.get_text(strip=True) == ballot_texts.chosen(vote, sample.choice)
    assert db.session.query(Ballot).count() == 0


@pytest.mark.any_database
def test_a_late_ballot_for_a_changed_question_names_no_other_options(group, ana, ben, browser, at):
    soon = clock.now() + timedelta(hours=1)
    vote = making.vote(group, ana, closes_at=soon)
    page = browser(ben)
    page.get(vote.path)
    votes.update(vote, ana, making.plan(options=("Nuts", "Oats", "Pears"), closes_at=soon))
    db.session.commit()
    at(soon)

    assert page.submit("/ballot", choice="2").status_code == 422

    assert page.page.select("textarea[readonly]") == []


@pytest.mark.parametrize(("kind", "more", "filled", "sentences"), WRONG)
def test_a_refused_ballot_keeps_its_marks_and_explains_each_reason(
    group, ana, ben, browser, kind, more, filled, sentences
):
    vote = asked(group, ana, kind, **more)
    page = browser(ben)

    answer = page.post(f"/votes/{vote.slug}/ballot", filled)

    assert answer.status_code == 422
    at_field = page.page.select_one("#choice-err").get_text()
    assert all(words in at_field for words in sentences)
    assert len(page.page.select(".notice.no li")) == len(sentences)
    numbers = {
        name: value
        for name, value in filled.items()
        if value.isdigit() and name != "mark-7" and value != "9"
    }
    if kind != "score":
        assert numbers.items() <= as_filled(page).items()
    assert db.session.query(Ballot).count() == 0


@pytest.mark.parametrize("kind", KINDS)
def test_malformed_ballots_are_refused_with_an_explanation(group, ana, ben, browser, kind):
    vote = asked(group, ana, kind)
    page = browser(ben)

    for value in NONSENSE[list(KINDS).index(kind) % 3 :: 3]:
        for filled in (
            {"choice": value},
            {"mark-1": [value, "1"], f"mark-{value}": "1", "choice": [value, "2"]},
        ):
            assert page.post(f"/votes/{vote.slug}/ballot", filled).status_code == 422
            assert page.page.select_one("#choice-err").get_text().strip()
    assert db.session.query(Ballot).count() == 0


def test_dates_are_shown_in_the_groups_zone_and_the_readers(group, ana, ben, browser, at):
    at(datetime(2027, 6, 1, 12, tzinfo=UTC))
    ben.zone = "Asia/Tokyo"
    db.session.commit()
    vote = asked(group, ana, "date")
    page = browser(ben)
    page.get(f"/votes/{vote.slug}")

    first = " ".join(page.page.select_one(".ballot li .what").get_text(" ").split())
    assert first == ("Sat 5 Jun, 13:00–15:00 Sat 5 Jun, 21:00–23:00 your time")


def test_ranks_are_shown_as_ordinals(group, ana, browser):
    page = browser(ana)
    page.get(f"/votes/{asked(group, ana, 'irv').slug}")
    assert [
        option.get_text() for option in page.page.select("#ballot-form select")[0]("option")
    ] == [
        "–",
        "1st",
        "2nd",
        "3rd",
    ]
    assert [ballot_texts.ordinal(number) for number in (4, 11, 21, 22, 43)] == [
        "4th",
        "11th",
        "21st",
        "22nd",
        "43rd",
    ]


def test_the_form_explains_what_a_block_does_in_this_vote(group, ana, browser):
    page = browser(ana)
    for blocks, words in (
        (None, "counts as disagreeing"),
        (1, "One block is enough"),
        (3, "3 blocks stop it"),
    ):
        page.get(f"/votes/{asked(group, ana, 'proposal', blocks=blocks).slug}")
        assert words in page.page.select_one(".stances").get_text()
