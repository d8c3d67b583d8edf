"""The headline of every kind names what decided: without a step that changes who wins, it says so.

A step is the lot, any other way to break a tie, the quorum, the threshold, or a block.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from unittest import mock

import pytest
from hypothesis import given, settings, strategies as st

from webapp.voting import tally
from webapp.voting.results import findings
from webapp.voting.results.decisive import unnamed_ties
from webapp.voting.results.question import VoteQuestion
from webapp.voting.tally import Rules, Threshold, dates, lot
from webapp.voting.tally.outcome import NO_QUORUM
from webapp.voting.tally.rules import BLOCK, CAST, KINDS, PRESENT, ROLL, VALID
from webapp.voting.tally.staged import StagedCount
from webapp.voting.tally.star import Scores

from ..tally.profiles import EXAMPLES, OPTIONS, SEED, profiles

pytestmark = [pytest.mark.any_database, pytest.mark.usefixtures("context")]

LETTERS = ("Ana", "Ben", "Cem", "Dia", "Eva")
NUMBERS = range(1, OPTIONS + 1)
#: What a headline says of each step, in its own words for final, open and few secret ballots.
WORDS = {
    "lot": r"\blot\b",
    "tie": r"\b(tied|ties?|share first place|same surplus)\b",
    "quorum": r"quorum",
    "threshold": r"Needed: ",
    "block": r"blocked",
}
thresholds = st.builds(
    Threshold,
    st.sampled_from((VALID, CAST, ROLL, PRESENT)),
    st.just(1),
    st.sampled_from((2, 3)),
    st.booleans(),
)


@st.composite
def elections(draw: st.DrawFn, kind: str) -> tuple[list[tuple[str, int]], Rules]:
    """Return ballots of a kind, and rules by which some of them carry and some don't."""
    cast = [(choice, 1) for choice, _times in draw(profiles(kind))]  # few ballots tie often
    number = len(cast)
    options = OPTIONS if KINDS[kind].options[1] else 0
    rules = Rules(
        kind,
        options,
        SEED,
        seats=draw(st.integers(1, 3)) if kind == "stv" else 1,
        most=OPTIONS,
        blocks=draw(st.sampled_from((None, 1, 3))),
        starts=(3, 1, 1, 2, 4) if KINDS[kind].has_dates else (),
        roll=number + draw(st.integers(0, 3)),
        present=number,
        quorum=draw(st.sampled_from((None, None, 80, 100))),
        threshold=draw(st.none() | thresholds) if KINDS[kind].has_threshold else None,
    )
    return cast, rules


@contextmanager
def ties_broken(pick: Callable[[Sequence[int]], int]) -> Iterator[None]:
    """Break every tie by this choice, whatever the method does."""

    def one_of(_count, tied, _where, _kept):
        return pick(tied)

    def entering(_scores, _where, tied, _by, picked, _lots=()):
        return (pick(tied),) if len(picked) == 1 else picked

    def earliest(tied, _dates, _rules):
        return (pick(tied),), ()

    with (
        mock.patch.object(StagedCount, "_one_of", one_of),
        mock.patch.object(Scores, "_broken", entering),
        mock.patch.object(dates, "_broken", earliest),
    ):
        yield


def decided(outcome, view="final"):
    """Return whom the headline names: the winners or, with figures, who came first."""
    if view == "few" or outcome.verdict == NO_QUORUM:
        return set(outcome.winners)
    return set(outcome.leaders)


def steps(cast, rules, order, view="final"):
    """Yield each step without which something else would be decided."""
    found = tally.count(cast, rules)
    if decided(tally.counted(cast, rules, order), view) != decided(found, view):
        yield "lot"
    with ties_broken(lambda tied: min(tied, key=order.index)):
        if decided(tally.counted(cast, rules, order), view) != decided(found, view):
            yield "tie"
    without = {"quorum": {"quorum": None}, "threshold": {"threshold": None}}
    without["block"] = {"blocks": None}
    for step, values in without.items():
        other = tally.count(cast, rules._replace(**values))
        if bool(other.winners) != bool(found.winners) or (
            rules.kind == "proposal" and other.verdict != found.verdict
        ):
            yield step


def headline(cast, rules, view):
    """Return the headline of the final result, of one so far, or of few secret ballots."""
    titles = LETTERS[: rules.options]
    found = tally.count(cast, rules)
    question = VoteQuestion(titles, rules, view != "open", view == "few")
    if view == "few":
        found = replace(found.without_figures, ties=unnamed_ties(found))
    return findings.finding(question, found)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(max_examples=2 * EXAMPLES)
def test_the_headline_names_every_step_that_decided(kind, data):
    cast, rules = data.draw(elections(kind))
    order = list(data.draw(st.permutations(NUMBERS)))

    for view in ("final", "open", "few"):
        words = headline(cast, rules, view)
        for step in steps(cast, rules, order, view):
            assert re.search(WORDS[step], words, re.IGNORECASE), (step, words)


def test_each_step_decides_some_election():
    """The control: the elections contain what the headline is asked about."""
    level, order = [("1", 2), ("2", 2), ("3", 1)], [1, 2, 3, 4, 5]
    assert lot.order(SEED, OPTIONS)[0] == 2
    met = {
        *steps(level, Rules("single", OPTIONS, SEED), order),
        *steps(level, Rules("single", OPTIONS, SEED, roll=20, quorum=50), order),
        *steps(level, Rules("single", OPTIONS, SEED, threshold=Threshold(VALID)), order),
        *steps([("agree", 3), (BLOCK, 1)], Rules("proposal", 0, SEED), order),
        *steps([("1:y 2:m", 1), ("2:y 1:y", 1)], Rules("date", OPTIONS, SEED), order[::-1]),
    }

    assert met == set(WORDS)


def said(kind, cast, **rules):
    """Return the headline of these ballots on Ana, Ben and Cem."""
    return headline(cast, Rules(kind, 3, SEED, **rules), "final")


@pytest.mark.parametrize(
    ("words", "kind", "cast", "rules"),
    [
        (
            "Ana was chosen, with 5 of the 9 ballots that still counted. Round 2: Ana, Ben, and "
            "Cem tied for the fewest votes, and one drops out. Decided by lot: Cem drops out.",
            "irv",
            [("1>2", 3), ("2>1", 3), ("3>1", 2), ("3>2", 1)],
            {},
        ),
        (
            "Elected: Ben and Ana. Round 3: Ana and Cem tied for the last seat. Decided by lot: "
            "Cem drops out.",
            "stv",
            [("2", 4), ("1", 1), ("3", 1)],
            {"seats": 2},
        ),
        (
            "Carried: Ben, with 2 of the 4 who chose something. Needed: at least half. Ana and "
            "Ben tied for first place. Decided by lot: Ben.",
            "approval",
            [("1", 2), ("2", 2)],
            {"threshold": Threshold(VALID, 1, 2, False)},
        ),
        (
            "Ben was chosen: 2 ballots score it higher than “Ana”, 2 lower. Ana and Ben tied for "
            "first place. The higher total decided: Ben.",
            "star",
            [("1:3 2:1", 2), ("2:5", 2)],
            {},
        ),
        (
            "Ben was chosen: 2 can come, 0 more if need be. Ana and Ben tied for first place. "
            "More yes answers decided: Ben.",
            "date",
            [("1:m 2:y", 2)],
            {"starts": (1, 2, 3)},
        ),
    ],
)
def test_one_tie_is_named_with_its_options(words, kind, cast, rules):
    assert said(kind, cast, **rules) == words


def test_several_ties_are_named_by_what_broke_them():
    cast = [("1>2", 1), ("2>3", 1), ("3>4", 1), ("4>1", 1)]
    rules = Rules("irv", 4, SEED)

    assert headline(cast, rules, "final") == (
        "Dia was chosen, with 2 of the 4 ballots that still counted. Ties were decided by lot "
        "(rounds 2 and 3) and by earlier rounds."
    )
    assert headline(cast, rules, "open").endswith(
        "If it stays that way, they’ll be decided by lot (rounds 2 and 3) and by earlier rounds."
    )
    assert headline(cast, rules, "few") == (
        "Dia was chosen. Ties were decided by lot and by earlier rounds."
    )


def test_ties_among_options_that_drop_out_anyway_are_not_named():
    cast = [("1", 9), ("2", 8), ("3", 1), ("4", 1)]
    rules = Rules("irv", 4, SEED)

    assert tally.count(cast, rules).ties
    assert headline(cast, rules, "final") == (
        "Ana was chosen, with 9 of the 17 ballots that still counted."
    )
