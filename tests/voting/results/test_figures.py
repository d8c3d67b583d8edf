"""Bars, tables and stages show exactly the numbers of the count."""

import pytest
from hypothesis import given, settings

from webapp.voting import tally
from webapp.voting.planning.method_guides import GUIDES
from webapp.voting.results import question as ballots, result_views
from webapp.voting.results.question import VoteQuestion
from webapp.voting.tally.rules import KINDS, Rules, Threshold

from ..tally.profiles import EXAMPLES, profiles
from .making import EXACT, SEED

pytestmark = [pytest.mark.any_database, pytest.mark.usefixtures("context")]

LETTERS = ("A", "B", "C", "D", "E")


def shown(kind, cast, options=3, is_counted=True, **rules):
    """Return what a page would show of these ballots."""
    question = VoteQuestion(LETTERS[:options], Rules(kind, options, SEED, **rules), is_counted)
    return result_views.view_of(question, tally.count(cast, question.rules))


def example(kind):
    """Return what the help page shows."""
    question = GUIDES[kind].example.question(kind)
    return result_views.view_of(question, tally.count(GUIDES[kind].example.ballots, question.rules))


def rows(table):
    """Return a table's rows as text, with secondary text after a slash."""
    return {
        row.title: [f"{cell.words}/{cell.more}" if cell.more else cell.words for cell in row.cells]
        for row in table.rows
    }


def section(view, id):
    return next(part for part in view.sections if part.id == id)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_valid_bars_and_tables(kind):
    view = example(kind)
    bars = [bar for part in view.sections for bar in part.bars]
    tables = [table for part in view.sections for table in part.tables]

    assert bars
    assert tables
    assert all(0 <= bar.percent <= 100 and bar.percent + bar.also <= 100.1 for bar in bars)
    assert any(bar.is_first for bar in bars)
    for table in tables:
        assert table.label
        assert table.rows
        assert {len(row.cells) for row in table.rows} == {len(table.head)}


@pytest.mark.parametrize("kind", KINDS)
def test_without_ballots_only_a_proposal_shows_figures(kind):
    question = GUIDES[kind].example.question(kind)
    view = result_views.view_of(question, tally.count([], question.rules))

    assert view.finding
    assert [part.id for part in view.sections] == (["sums"] if kind == "proposal" else [])


def test_score_means_are_over_everyone_who_scored():
    assert rows(section(example("score"), "sums").tables[0]) == {
        "Nashville": ["293", "2.93"],
        "Chattanooga": ["237", "2.37"],
        "Memphis": ["210", "2.10"],
        "Knoxville": ["171", "1.71"],
        "Abstained": ["0", ""],
    }


def test_instant_runoff_is_shown_round_by_round():
    view = example("irv")

    table = section(view, "rounds").tables[0]
    assert table.head == ["Round 1", "Round 2", "Round 3"]
    assert rows(table) == {
        "Knoxville": ["17", "32/+15", "58/+26"],
        "Memphis": ["42", "42", "42"],
        "Nashville": ["26", "26", "/out"],
        "Chattanooga": ["15", "/out", "out"],
        "No further choice": ["0", "0", "0"],
    }
    notified = [stage.words for stage in section(view, "rounds").stages]
    assert notified == [
        ["Each ballot counts for its first choice."],
        ["Chattanooga has the fewest votes and drops out. 15 to Knoxville."],
        [
            "Nashville has the fewest votes and drops out. 26 to Knoxville.",
            "Knoxville has more than half of the ballots that still count.",
        ],
    ]
    last = section(view, "last")
    assert [(bar.title, bar.number, bar.share, bar.mark) for bar in last.bars] == [
        ("Knoxville", "58", "58%", "Chosen"),
        ("Memphis", "42", "42%", ""),
    ]
    assert (last.aside, last.limit) == ("51 needed", 50.0)


def test_exhausted_ballots_are_mentioned():
    cast = [("1>2", 6), ("2>1", 5), ("3>4", 4), ("4", 4), ("3", 2), ("4>3>2", 1)]
    view = shown("irv", cast, options=4)

    assert "have no further choice" in section(view, "last").note
    lost = rows(section(view, "rounds").tables[0])["No further choice"]
    assert lost[0] == "0"
    assert lost[-1].split("/")[0] == "4"


HALF = Threshold("cast")


def test_a_dead_heat_ends_with_the_round_in_which_both_were_tied():
    view = shown("irv", [("1>2", 3), ("2>1", 3)], options=2, threshold=HALF)
    rounds = section(view, "rounds")

    assert "A tie" in view.finding
    assert [stage.words for stage in rounds.stages] == [
        [
            "Each ballot counts for its first choice.",
            "A and B tied in the last round. Decided by lot: A drops out.",
        ]
    ]
    assert rows(rounds.tables[0]) == {"B": ["3"], "A": ["3"], "No further choice": ["0"]}


@pytest.mark.parametrize("is_counted", [True, False])
@given(profiles("irv"))
@settings(max_examples=2 * EXAMPLES)
def test_no_round_claims_a_majority_that_its_figures_do_not_show(is_counted, cast):
    view = shown("irv", cast, options=5, is_counted=is_counted, threshold=HALF)
    stages = [stage for part in view.sections for stage in part.stages]

    for stage in stages:
        votes = [int(bar.number) for bar in stage.bars]
        has_majority = 2 * max(votes) > sum(votes)
        assert has_majority == ("more than half" in " ".join(stage.words))
        # The last two may be tied, and one drops out.
        assert has_majority <= (stage is stages[-1])
        assert len(votes) > 1
    assert [bar for part in view.sections if part.id == "last" for bar in part.bars] == (
        stages[-1].bars if stages else []
    )


@pytest.mark.parametrize("kind", ["irv", "stv"])
def test_rounds_after_a_tie_say_that_it_was_one(kind):
    cast = [("1>2", 3), ("2>1", 3), ("3>1", 1), ("4>2", 1)]
    view = shown(kind, cast, options=4)
    words = [sentence for stage in section(view, "rounds").stages for sentence in stage.words]

    assert any("tied for the fewest votes" in sentence for sentence in words)
    assert not any(
        "C has the fewest" in sentence or "D has the" in sentence for sentence in words[:2]
    )


def test_the_last_round_of_a_dead_heat_shows_both_options():
    last = section(shown("irv", [("1>2", 3), ("2>1", 3)], options=2), "last")

    assert sorted((bar.title, bar.number) for bar in last.bars) == [("A", "3"), ("B", "3")]
    assert last.aside == "4 needed"


@pytest.mark.parametrize("is_counted", [True, False])
def test_a_winner_by_lot_is_marked_and_comes_first(is_counted):
    view = shown("irv", [("1>2", 3), ("2>1", 3)], options=2, is_counted=is_counted)
    first, second = section(view, "last").bars

    assert (first.is_first, second.is_first) == (True, False)
    assert (first.mark, second.mark) == ("Chosen" if is_counted else "", "")
    assert first.title in view.finding


def test_fractional_votes_are_truncated_and_not_rounded():
    view = shown("stv", EXACT, options=4, seats=2)
    table = rows(section(view, "rounds").tables[0])

    assert view.finding == f"Elected: B and A. {view.ties[0]}"
    assert table["B"][:2] == ["6/elected", "4/−2"]
    assert table["A"][:2] == ["2", "2.33333/+0.33333"]
    assert table["C"][1] == "1.66666/+0.66666"
    assert table["No further choice"][1] == "1/+1"
    assert "The dashed line shows the quota, 4 votes." in section(view, "last").note
    assert view.ties == [
        "Round 4: A and D tied for the last seat. Decided by fewer votes at the "
        "end of an earlier round: D drops out."
    ]


def test_a_tie_names_the_options_the_place_and_the_drawn_order():
    view = shown("single", [("1", 1), ("2", 1)])

    assert view.ties == ["A and B tied for first place. Decided by lot: B. Order drawn: B, A."]


def test_an_exclusion_by_lot_is_mentioned():
    cast = [("1>2", 6), ("2>1", 5), ("3>4", 4), ("4", 4), ("3", 2), ("4>3>2", 1)]
    view = shown("irv", cast, options=4)

    assert any("Decided by lot: D drops out. Order drawn" in words for words in view.ties)


def test_pairs_and_paths_are_listed_in_the_order_of_places():
    orders = {
        "ACBED": 5,
        "ADECB": 5,
        "BEDAC": 8,
        "CABED": 3,
        "CAEBD": 7,
        "CBADE": 2,
        "DCEBA": 7,
        "EBADC": 8,
    }
    cast = [
        (">".join(str("ABCDE".index(letter) + 1) for letter in order), times)
        for order, times in orders.items()
    ]
    view = shown("schulze", cast, options=5)
    (pairs,), (paths,) = section(view, "pairs").tables, section(view, "paths").tables

    assert (
        view.finding
        == "E was chosen: it wins or ties against every other option by strongest paths."
    )
    assert pairs.head == ["E", "A", "C", "B", "D"]
    assert rows(pairs)["E"] == ["itself", "23", "21", "27", "31"]
    assert rows(paths)["E"] == ["itself", "25", "28", "28", "31"]
    assert [cell.kind for cell in paths.rows[0].cells] == ["self", "win", "win", "win", "win"]
    assert [bar.number for bar in section(view, "places").bars] == [
        "1st",
        "2nd",
        "3rd",
        "4th",
        "5th",
    ]


def test_star_finalists_meet_in_a_runoff():
    view = shown("star", [("1:5 2:4", 3), ("2:5 3:4", 2), ("1:3 2:3", 1)])

    assert rows(section(view, "sums").tables[0])["A"] == ["18", "3.00", "3"]
    assert [(bar.title, bar.number) for bar in section(view, "runoff").bars] == [
        ("A", "3"),
        ("B", "2"),
    ]
    assert section(view, "runoff").note == "1 ballot scores both the same."


def test_a_date_shows_yes_and_if_need_be_separately():
    view = example("date")

    assert rows(section(view, "sums").tables[0]) == {
        "Sunday": ["4", "5", "0", "9"],
        "Saturday": ["6", "0", "3", "6"],
        "Monday": ["0", "3", "6", "3"],
    }
    first = section(view, "sums").bars[0]
    assert (first.number, first.percent, first.also) == ("4 yes · 5 if need be", 44.4, 55.6)


def test_a_long_count_charts_its_end_and_tables_all_rounds():
    options = 20
    cast = [(str(number), 30 - number) for number in range(1, options + 1)]
    question = VoteQuestion(
        tuple(f"Option {number}" for number in range(1, options + 1)), Rules("irv", options, SEED)
    )
    view = result_views.view_of(question, tally.count(cast, question.rules))
    part = section(view, "rounds")

    assert len(part.tables[0].head) > len(part.stages) == 12
    assert part.stages_note.startswith("The chart shows the last 12 of ")


@pytest.mark.parametrize(
    ("kind", "choice", "words"),
    [
        ("single", "2", "B"),
        ("approval", "1+3", "A, C"),
        ("score", "1:5 3:2", "A: 5, C: 2"),
        ("irv", "3>1", "1. C, 2. A"),
        ("schulze", "3>1=2", "1. C, 2. A, 2. B"),
        ("proposal", "block", "Block"),
        ("date", "1:y 2:m 3:n", "A: Yes, B: If need be, C: No"),
        ("single", "", "Abstained"),
    ],
)
def test_ballots_are_described_in_words(kind, choice, words):
    assert ballots.ballot_in_words(VoteQuestion(LETTERS, Rules(kind, 5, SEED)), choice) == words
