"""Proposals and date polls: every refusal reason, and malformed input."""

import pytest
from hypothesis import given, strategies as st

from webapp.voting.ballots import choices
from webapp.voting.tally import Rules
from webapp.voting.tally.rules import KINDS

from ..tally.profiles import some

pytestmark = pytest.mark.any_database

CODES = {
    *(
        "empty",
        "blank_and_choice",
        "duplicate_option",
        "unknown_option",
        "too_few",
        "too_many",
        "not_integer",
        "score_range",
    ),
    *(
        "over_budget",
        "over_per_option",
        "under_budget",
        "equal_rank",
        "rank_gap",
        "rank_range",
        "unknown_answer",
    ),
}


@pytest.mark.parametrize(
    ("marks", "choice", "reasons"),
    [
        ([("1", "agree")], "agree", []),
        ([("", " block ")], "block", []),
        ([("1", "")], "", ["empty"]),
        ([("1", "perhaps")], "", ["unknown_answer"]),
        ([("1", "agree"), ("1", "block")], "", ["too_many"]),
        ([("1", "agree"), ("1", "no")], "", ["too_many", "unknown_answer"]),
    ],
)
def test_proposal_answers_are_checked_and_normalized(marks, choice, reasons):
    assert choices.checked(Rules("proposal", 0, ""), marks) == (choice, reasons)


@pytest.mark.parametrize(
    ("marks", "choice", "reasons"),
    [
        ([("3", "n"), ("1", "y"), ("2", "m")], "1:y 2:m 3:n", []),
        ([("1", "y"), ("2", "")], "1:y", []),
        ([("1", "n"), ("2", "n"), ("3", "n")], "1:n 2:n 3:n", []),
        ([("1", ""), ("2", "")], "", ["empty"]),
        ([("1", "yes")], "", ["unknown_answer"]),
        (
            [("4", "y"), ("1", "y"), ("1", "n"), ("2", "?")],
            "1:n",
            ["duplicate_option", "unknown_option", "unknown_answer"],
        ),
    ],
)
def test_date_answers_are_checked_and_normalized(marks, choice, reasons):
    assert choices.checked(Rules("date", 3, ""), marks) == (choice, reasons)


def test_answers_survive_writing_and_reading():
    assert choices.read("proposal", "agree") == {1: "agree"}
    assert choices.read("date", "1:y 3:n") == {1: "y", 3: "n"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_blank_ballot_has_no_choice(kind):
    assert choices.checked(Rules(kind, 3, ""), [], blank=True) == ("", [])
    assert choices.read(kind, "") == {}


typed = st.one_of(
    st.text(max_size=5),
    st.integers(-3, 12).map(str),
    st.sampled_from(["y", "m", "n", "agree", "9" * 5000]),
)


@pytest.mark.parametrize("kind", KINDS)
@some
@given(marks=st.lists(st.tuples(typed, typed), max_size=8), blank=st.booleans())
def test_invalid_marks_are_refused_and_valid_choices_survive_a_round_trip(kind, marks, blank):
    rules = Rules(kind, 4, "", most=3, per_option=5)
    choice, reasons = choices.checked(rules, marks, blank)

    assert set(reasons) <= CODES
    assert len(set(reasons)) == len(reasons)
    if not reasons:
        assert bool(choice) != blank
        assert choices.checked(rules, list(choices.read(kind, choice).items()), blank) == (
            choice,
            [],
        )
