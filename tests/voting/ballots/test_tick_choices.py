"""Ticked choices, and every refusal reason."""

import pytest
from hypothesis import given, strategies as st

from webapp.voting.ballots import choices
from webapp.voting.tally import Rules

pytestmark = pytest.mark.any_database


def checked(typed, blank=False, kind="approval", **rules):
    return choices.checked(
        Rules(kind, 5, "", **{"least": 1, "most": 3, **rules}), [(one, "1") for one in typed], blank
    )


@pytest.mark.parametrize(
    ("typed", "blank", "choice", "reasons"),
    [
        (["3"], False, "3", []),
        (["4", "1"], False, "1+4", []),
        ([4, 1], False, "1+4", []),
        ([" 2 "], False, "2", []),
        ([], True, "", []),
        ([], False, "", ["empty"]),
        ([""], False, "", ["empty"]),
        (["2"], True, "", ["blank_and_choice"]),
        (["1", "2", "3", "4"], False, "1+2+3+4", ["too_many"]),
        (["2", "2"], False, "2", ["duplicate_option"]),
        (["0"], False, "", ["unknown_option"]),
        (["-1"], False, "", ["unknown_option"]),
        (["two"], False, "", ["unknown_option"]),
        (["²"], False, "", ["unknown_option"]),
        (["9" * 5000], False, "", ["unknown_option"]),
        (
            ["6", "6", "1", "1", "2", "3"],
            False,
            "1+2+3",
            ["duplicate_option", "unknown_option", "too_many"],
        ),
    ],
)
def test_all_reasons_are_reported_at_once(typed, blank, choice, reasons):
    assert checked(typed, blank) == (choice, reasons)


def test_too_few_choices_are_refused():
    assert checked(["1"], least=2) == ("1", ["too_few"])


def test_a_single_choice_allows_one_whatever_the_limits_say():
    assert checked(["1", "2"], kind="single", most=3) == ("1+2", ["too_many"])
    assert checked(["4"], kind="single", least=2) == ("4", [])


def test_without_a_limit_all_options_may_be_chosen():
    assert checked("12345", most=None) == ("1+2+3+4+5", [])


def test_values_beside_a_tick_are_ignored():
    assert choices.checked(Rules("approval", 5, ""), [("2", ""), ("1", "on")]) == ("1+2", [])


@given(st.sets(st.integers(1, 50), min_size=1))
def test_a_tick_choice_survives_writing_and_reading(numbers):
    choice, reasons = choices.checked(
        Rules("approval", 50, ""), [(number, "1") for number in numbers]
    )

    assert (choice, reasons) == ("+".join(map(str, sorted(numbers))), [])
    assert choices.read("approval", choice) == dict.fromkeys(sorted(numbers), "1")
