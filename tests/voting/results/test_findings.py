"""The finding sentence of every kind, with quorums, thresholds and ties."""

import pytest

from webapp.voting import tally
from webapp.voting.planning.method_guides import GUIDES
from webapp.voting.results import findings, result_views
from webapp.voting.results.question import VoteQuestion
from webapp.voting.tally.rules import KINDS, Rules, Threshold

from ..kinds import SAMPLES, SEED, THREE as OPTIONS

pytestmark = [pytest.mark.any_database, pytest.mark.usefixtures("context")]


def said(kind, cast, titles=OPTIONS, is_counted=True, **rules):
    """Return the sentence about these ballots."""
    question = VoteQuestion(titles, Rules(kind, len(titles), SEED, **rules), is_counted)
    return findings.finding(question, tally.count(cast, question.rules))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_finding_sentence(kind):
    example = GUIDES[kind].example
    question = example.question(kind)
    shown = result_views.view_of(question, tally.count(example.ballots, question.rules))

    assert shown.finding == SAMPLES[kind].finding


@pytest.mark.parametrize(
    ("kind", "choice", "sentence"),
    [
        ("score", "1:1", "Apples was chosen, with 1 point, an average of 1."),
        ("star", "1:5", "Apples was chosen: 1 ballot scores it higher than"),
        ("dots", "1:1", "Apples was chosen, with 1 dot."),
        ("irv", "1", "Apples was chosen, with 1 of the 1 ballot that still counted."),
    ],
)
def test_a_single_ballot_is_described_in_the_singular(kind, choice, sentence):
    assert said(kind, [(choice, 1)]).startswith(sentence)


def test_a_missed_quorum_is_the_whole_finding():
    cast = [("1", 20), ("2", 11)]

    assert said("single", cast, roll=100, quorum=40) == "No quorum: 40 of 100 needed, 31 voted."
    assert said("single", cast, roll=100, quorum=31) == "Apples was chosen, with 20 of 31."
    assert (
        said("single", cast, is_counted=False, roll=100, quorum=40)
        == "No quorum yet: 40 of 100 needed, 31 so far."
    )


@pytest.mark.parametrize(
    ("threshold", "sentence"),
    [
        (
            Threshold("valid"),
            "Carried: Apples, with 14 of the 21 who chose something. Needed: more than half.",
        ),
        (
            Threshold("valid", 2, 3),
            "Not carried: Apples came first, with 14 of the 21 who chose something. Needed: "
            "more than two thirds.",
        ),
        (
            Threshold("valid", 2, 3, strict=False),
            "Carried: Apples, with 14 of the 21 who chose something. Needed: at least two thirds.",
        ),
        (
            Threshold("roll"),
            "A tie: Apples came first, with 14 of the 28 who could vote, exactly half. Needed: "
            "more than half.",
        ),
        (
            Threshold("cast", 3, 5),
            "Carried: Apples, with 14 of the 23 who voted. Needed: more than 3 of 5.",
        ),
    ],
)
def test_the_finding_says_how_the_threshold_was_met(threshold, sentence):
    assert said("single", [("1", 14), ("2", 7), ("", 2)], roll=28, threshold=threshold) == sentence


@pytest.mark.parametrize(
    ("cast", "rules", "sentence"),
    [
        (
            [("agree", 9), ("block", 1)],
            {},
            "Not carried: 1 blocked it, and 1 is enough to stop it.",
        ),
        (
            [("agree", 9), ("block", 1)],
            {"blocks": None},
            "Carried: 9 of the 10 who voted for or against agreed. Needed: more than half.",
        ),
        ([("abstain", 4)], {}, "Not carried: no one voted for or against it."),
        (
            [("agree", 2), ("disagree", 2)],
            {},
            "A tie: 2 of the 4 who voted for or against agreed, exactly half. Needed: more "
            "than half.",
        ),
        (
            [("agree", 1), ("disagree", 2)],
            {},
            "Not carried: 1 of the 3 who voted for or against agreed. Needed: more than half.",
        ),
        ([], {}, "No one chose anything, so there’s no result."),
    ],
)
def test_the_finding_says_why_a_proposal_was_carried_or_not(cast, rules, sentence):
    assert said("proposal", cast, (), **rules) == sentence


def test_running_votes_show_a_provisional_finding():
    assert said("single", [("1", 2), ("2", 1)], is_counted=False) == "Apples is ahead, with 2 of 3."
    assert (
        said("single", [("1", 2), ("2", 2)], is_counted=False)
        == "Apples and Bread are tied with 2 each. If it stays that way, it’ll be decided by lot."
    )
    assert said("proposal", [("agree", 2)], (), is_counted=False).startswith(
        "It would be carried now: 2 of the 2"
    )
    assert said("irv", [("1>2", 2), ("2", 1)], is_counted=False).startswith(
        "Apples would be chosen now"
    )
    assert said("stv", [], is_counted=False) == "No one has chosen anything yet."


def test_a_dead_heat_in_a_runoff_shows_both_totals():
    heat = [("1>2", 3), ("2>1", 3)]
    more_than_half = {"threshold": Threshold("valid")}

    sentence = "Apples and Bread tied with 3 each. Decided by lot: Bread."
    assert said("irv", heat, OPTIONS[:2]) == sentence
    assert "exactly half" in said("irv", heat, OPTIONS[:2], **more_than_half)
    assert said("irv", heat, OPTIONS[:2], is_counted=False).endswith("it’ll be decided by lot.")


def test_dates_on_which_no_one_can_come_are_not_chosen():
    assert (
        said("date", [("1:n 2:n 3:n", 2)], starts=(1, 2, 3))
        == "No one can come on any of these dates."
    )


def test_findings_stored_by_the_first_release_are_still_rendered():
    old = {"is": "tied", "options": ["Apples", "Bread"], "option": "Bread", "most": 1, "valid": 2}

    assert findings.sentence_of(old) == "Apples and Bread tied with 1 each. Decided by lot: Bread."
    assert (
        findings.sentence_of({"is": "chosen", "option": "Bread", "most": 2, "valid": 2})
        == "Bread was chosen, with 2 of 2."
    )
    assert findings.sentence_of({"is": "nothing"}) == "No one chose anything, so there’s no result."
