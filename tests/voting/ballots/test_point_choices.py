"""Scores, STAR and dots, and every refusal reason."""

import pytest

from webapp.voting.ballots import choices
from webapp.voting.tally import Rules

pytestmark = pytest.mark.any_database


def checked(kind, *marks, **rules):
    return choices.checked(
        Rules(kind, 4, "", **rules), [(mark.split("=")[0], mark.split("=")[1]) for mark in marks]
    )


@pytest.mark.parametrize(
    ("marks", "choice", "reasons"),
    [
        (["3=2", "1=5"], "1:5 3:2", []),
        (["1=5", "2=0", "3=", "4= 1 "], "1:5 4:1", []),
        (["1=6"], "1:6", ["score_range"]),
        (["1=-1"], "1:-1", ["score_range"]),
        (["1=4.5"], "", ["not_integer"]),
        (["1=five"], "", ["not_integer"]),
        (["1=٣"], "", ["not_integer"]),
        (["1=1_0"], "", ["not_integer"]),
        (["1=" + "9" * 5000], "1:999999999999", ["score_range"]),
        (["1=0", "2=0"], "", ["empty"]),
        (["1=", "2="], "", ["empty"]),
        (["1=2", "1=3"], "1:3", ["duplicate_option"]),
        (
            ["9=2", "1=7", "2=x", "3=1", "3=1"],
            "1:7 3:1",
            ["duplicate_option", "unknown_option", "not_integer", "score_range"],
        ),
    ],
)
def test_scores_are_checked_and_normalized(marks, choice, reasons):
    assert checked("score", *marks) == (choice, reasons)
    assert checked("star", *marks, score_max=10) == (choice, reasons)


def test_a_score_scale_may_go_up_to_ten():
    assert checked("score", "1=10", "2=7", score_max=10) == ("1:10 2:7", [])


@pytest.mark.parametrize(
    ("marks", "rules", "choice", "reasons"),
    [
        (["1=4", "2=2"], {}, "1:4 2:2", []),
        (["1=10"], {}, "1:10", []),
        (["1=9", "2=2"], {}, "1:9 2:2", ["over_budget"]),
        (["1=12", "2=-2"], {}, "1:12 2:-2", ["not_integer", "over_budget"]),
        (["1=4", "2=1"], {"per_option": 3}, "1:4 2:1", ["over_per_option"]),
        (["1=4", "2=2"], {"spend_all": True}, "1:4 2:2", ["under_budget"]),
        (["1=4", "2=6"], {"spend_all": True}, "1:4 2:6", []),
        (["1=0"], {"spend_all": True}, "", ["empty"]),
        (
            ["1=11", "2=1.5"],
            {"per_option": 3},
            "1:11",
            ["not_integer", "over_budget", "over_per_option"],
        ),
    ],
)
def test_dots_are_checked_and_normalized(marks, rules, choice, reasons):
    assert checked("dots", *marks, **rules) == (choice, reasons)


def test_points_survive_writing_and_reading():
    marks = choices.read("score", "1:5 3:2")

    assert marks == {1: "5", 3: "2"}
    assert choices.checked(Rules("score", 4, ""), list(marks.items())) == ("1:5 3:2", [])
