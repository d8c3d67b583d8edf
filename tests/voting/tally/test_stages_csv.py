"""Ballots and stages as CSV rows."""

import csv
from fractions import Fraction
from io import StringIO

import pytest

from webapp.voting.tally import exports
from webapp.voting.tally.exports import BallotLine, cut

from .profiles import count, ranked

pytestmark = pytest.mark.any_database


def test_ballot_rows_do_not_show_when_a_ballot_was_cast():
    lines = [
        BallotLine("Cem", "2>1", "1. B, 2. A", "It is near"),
        BallotLine("Ana", "3", "1. C"),
        BallotLine("Ben", "1>2", "1. A, 2. B"),
    ]

    assert exports.ballots(lines, is_anonymous=False) == [
        ("voter", "choice", "chosen", "reason"),
        ("Ana", "3", "1. C", ""),
        ("Ben", "1>2", "1. A, 2. B", ""),
        ("Cem", "2>1", "1. B, 2. A", "It is near"),
    ]
    assert exports.ballots(lines, is_anonymous=True) == [
        ("choice", "chosen", "reason"),
        ("1>2", "1. A, 2. B", ""),
        ("2>1", "1. B, 2. A", "It is near"),
        ("3", "1. C", ""),
    ]
    assert exports.ballots(lines[::-1], is_anonymous=True) == exports.ballots(
        lines, is_anonymous=True
    )


def test_stages_are_exported_with_five_decimals_and_exactly():
    found = count("stv", ranked("1 A>B>C, 2 E, 3 D>E>B>C, 5 B, 7 E>C>D>A, 4 C"), 5, seats=3)
    rows = exports.stages(found, ["Ada", "Ben", "Cem", "Dee", "Eve"])
    text = StringIO()
    csv.writer(text).writerows(rows)
    read = list(csv.DictReader(StringIO(text.getvalue())))

    assert rows[0] == ("stage", "action", "option", "votes", "exact")
    assert len(read) == 4 * 6
    assert read[9] == {
        "stage": "2",
        "action": "surplus: Eve",
        "option": "Dee",
        "votes": "3",
        "exact": "3",
    }
    assert read[15] == {
        "stage": "3",
        "action": "surplus: Cem",
        "option": "Dee",
        "votes": "3.12280",
        "exact": "178/57",
    }
    assert read[17] == {
        "stage": "3",
        "action": "surplus: Cem",
        "option": "non-transferable",
        "votes": "0.87719",
        "exact": "50/57",
    }
    for number in range(1, 5):
        assert (
            sum(Fraction(row["exact"]) for row in read if row["stage"] == str(number))
            == found.valid
        )


@pytest.mark.parametrize(
    ("votes", "shown"),
    [
        (3, "3"),
        (Fraction(4, 2), "2"),
        (Fraction(299999999, 10**8), "2.99999"),
        (Fraction(1, 3), "0.33333"),
        (Fraction(-1, 3), "-0.33333"),
    ],
)
def test_decimals_are_truncated(votes, shown):
    assert cut(votes) == shown
