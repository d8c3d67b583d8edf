"""Rankings, and every refusal reason."""

import pytest
from hypothesis import given, strategies as st

from webapp.voting.ballots import choices
from webapp.voting.tally import Rules

pytestmark = pytest.mark.any_database


def checked(kind, *marks, options=4):
    return choices.checked(
        Rules(kind, options, ""), [(mark.split("=")[0], mark.split("=")[1]) for mark in marks]
    )


@pytest.mark.parametrize("kind", ["irv", "stv"])
@pytest.mark.parametrize(
    ("marks", "choice", "reasons"),
    [
        (["1=2", "2=3", "3=1"], "3>1>2", []),
        (["3=1", "2="], "3", []),
        (["1=", "2= "], "", ["empty"]),
        (["1=1", "2=1"], "1=2", ["equal_rank"]),
        (["1=1", "2=3"], "1>2", ["rank_gap"]),
        (["1=2"], "1", ["rank_gap"]),
        (["1=1", "2=1", "3=3"], "1=2>3", ["equal_rank", "rank_gap"]),
        (["1=1", "1=2"], "1>1", ["duplicate_option"]),
        (["1=0", "2=1"], "1>2", ["rank_range"]),
        (["1=1", "2=5"], "1>2", ["rank_range"]),
        (["1=1", "2=second"], "1", ["not_integer"]),
        (["7=1", "2=2"], "2", ["unknown_option"]),
    ],
)
def test_strict_rankings_are_checked_and_normalized(kind, marks, choice, reasons):
    assert checked(kind, *marks) == (choice, reasons)


@pytest.mark.parametrize(
    ("marks", "choice", "reasons"),
    [
        (["3=1", "1=2", "2=2"], "3>1=2", []),
        (["3=1", "1=4", "2=4"], "3>1=2", []),
        (["1=1", "2=1", "3=1", "4=1"], "1=2=3=4", []),
        (["1=5"], "1", ["rank_range"]),
        (["1=0", "2=x"], "1", ["not_integer", "rank_range"]),
        (["9=1"], "", ["unknown_option"]),
    ],
)
def test_rankings_with_ties_are_checked_and_normalized(marks, choice, reasons):
    assert checked("schulze", *marks) == (choice, reasons)


@given(st.permutations(range(1, 5)), st.integers(1, 4))
def test_a_ranking_survives_writing_and_reading(order, length):
    choice = ">".join(map(str, order[:length]))

    for kind in ("irv", "stv", "schulze"):
        marks = choices.read(kind, choice)
        assert marks == {number: str(rank) for rank, number in enumerate(order[:length], 1)}
        assert choices.checked(Rules(kind, 4, ""), list(marks.items())) == (choice, [])


@given(st.dictionaries(st.integers(1, 4), st.integers(1, 4), min_size=1))
def test_equal_ranks_are_read_with_their_gaps_closed(ranks):
    choice, reasons = choices.checked(Rules("schulze", 4, ""), list(ranks.items()))
    used = sorted(set(ranks.values()))

    assert not reasons
    assert choices.read("schulze", choice) == {
        number: str(used.index(rank) + 1) for number, rank in ranks.items()
    }
