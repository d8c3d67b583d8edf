"""Our counts compared with votelib, pref_voting and starvote on thousands of random elections.

They run in their own environment (requirements-oracles.txt), which is created on first use.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from tests.environments import python_with
from webapp.voting.tally import choice_strings, exports

from .profiles import count, pointed

pytestmark = [pytest.mark.deep, pytest.mark.any_database]

HERE = Path(__file__).parent
ELECTIONS = 2_000


def test_properties_hold_for_many_elections():
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        HERE / "test_properties.py",
        HERE / "test_blt.py",
        *sorted((HERE.parent / "ballots").glob("test_*_choices.py")),
    ]
    done = subprocess.run(
        command, env=os.environ | {"EXAMPLES": "100"}, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stdout[-3000:]


def asked(program, questions):
    """Return the program's answer to each question."""
    command = [python_with("oracles"), HERE / "others.py"]
    done = subprocess.run(
        command, input=json.dumps([program, questions]), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def elections(seed, draw, elections=ELECTIONS):
    """Return questions, each with its choices: `draw` returns a ballot of an election with this
    many options.
    """
    throw = Random(seed)
    made = []
    for _election in range(elections):
        options = throw.randint(3, 7)
        rankings = [draw(throw, options) for _ballot in range(throw.randint(3, 14))]
        times = [throw.randint(1, 9) for _ranking in rankings]
        seats = throw.randint(2, options - 1)
        made.append({"options": options, "seats": seats, "rankings": rankings, "times": times})
    return made


def strict(throw, options, least=1):
    """Return a ranking without ties, which may be incomplete."""
    named = throw.sample(range(1, options + 1), throw.randint(least, options))
    return [[number] for number in named]


def complete(throw, options):
    """Return a complete ranking."""
    return strict(throw, options, options)


def loose(throw, options):
    """Return a ranking with ties."""
    tiers = {}
    for number in throw.sample(range(1, options + 1), throw.randint(1, options)):
        tiers.setdefault(throw.randint(1, options), []).append(number)
    return [tiers[rank] for rank in sorted(tiers)]


def ours(kind, question):
    """Return our outcome of an election by rankings."""
    choices = [
        ">".join("=".join(map(str, sorted(tier))) for tier in tiers)
        for tiers in question["rankings"]
    ]
    profile = list(zip(choices, question["times"], strict=True))
    return count(kind, profile, question["options"], seats=question["seats"])


def possible(outcome):
    """Return everyone whom the lot could have named."""
    return sorted(outcome.tied or outcome.winners)


@pytest.mark.parametrize("draw", [loose, complete])
def test_schulze_agrees_with_votelib(draw):
    """votelib sorts by the number of options beaten; if several can win, it names only some of
    them.
    """
    questions = elections(1, draw)
    found = [(possible(ours("schulze", question)), question) for question in questions]
    single = [(mine, question) for mine, question in found if len(mine) == 1]

    assert len(single) > ELECTIONS / 2
    theirs = asked("schulze_by_votelib", [question for _mine, question in single])
    assert [mine for mine, _question in single] == theirs


def test_schulze_agrees_with_pref_voting_on_complete_rankings():
    """pref_voting counts margins, which give the same result as winning votes if every ballot ranks
    every option.
    """
    questions = elections(2, complete)

    assert [possible(ours("schulze", question)) for question in questions] == asked(
        "schulze_by_pref_voting", questions
    )


def test_schulze_by_margins_differs():
    questions = elections(3, loose)
    theirs = asked("schulze_by_pref_voting", questions)
    differing = sum(
        possible(ours("schulze", question)) != other
        for question, other in zip(questions, theirs, strict=True)
    )

    assert 0 < differing < ELECTIONS / 10


def test_instant_runoff_winners_are_possible_under_some_lot():
    questions = elections(4, strict)
    theirs = asked("runoff_by_pref_voting", questions)

    for question, other in zip(questions, theirs, strict=True):
        outcome = ours("irv", question)
        assert outcome.winner in other
        assert outcome.ties or [outcome.winner] == other


def test_stv_agrees_with_the_scottish_rules():
    """Without ties. The Scottish rules truncate votes after five decimals, which may elect someone
    else once in a thousand.
    """
    questions = [question for question in elections(5, strict) if not ours("stv", question).ties]
    theirs = asked("stv_by_pref_voting", questions)
    differing = [
        question
        for question, other in zip(questions, theirs, strict=True)
        if sorted(ours("stv", question).winners) != other
    ]

    assert len(questions) > ELECTIONS / 4
    assert len(differing) <= len(questions) / 500


def test_votelib_reads_our_blt_files():
    """votelib can read only one withdrawn option per line."""
    question = elections(7, strict, elections=1)[0]
    profile = [
        (">".join(str(number) for (number,) in tiers), times)
        for tiers, times in with_times(question)
    ]
    names = [f'Option "{number}" #{number}' for number in range(1, question["options"] + 1)]
    ((ballots, seats, people, title),) = asked(
        "blt_by_votelib",
        [{"blt": exports.blt_text(profile, names, 2, "Who speaks for us?", withdrawn=[2])}],
    )

    assert {
        ">".join(map(str, ranking)): times for times, ranking in ballots
    } == choice_strings.pile_of(profile).choices
    assert (seats, title) == (2, "Who speaks for us?")
    assert people == [[name.replace('"', "'"), number == 2] for number, name in enumerate(names, 1)]


def with_times(question):
    """Return each ranking with its number of ballots."""
    return zip(question["rankings"], question["times"], strict=True)


def test_star_agrees_with_starvote():
    """Except ties of three for the runoff, which the protocol now breaks differently."""
    throw = Random(6)
    questions = elections(6, strict)
    for question in questions:
        question["scores"] = [
            {number: throw.randint(0, 5) for number in range(1, question["options"] + 1)}
            for _ranking in question["rankings"]
        ]
    found = []
    for question in questions:
        everyone = range(1, question["options"] + 1)
        pairs = zip(question["times"], question["scores"], strict=True)
        lines = [(times, [given[number] for number in everyone]) for times, given in pairs]
        found.append(count("star", pointed(*lines), question["options"]))
    theirs = asked("star_by_starvote", questions)
    plain = [
        (list(mine.winners), other)
        for mine, other in zip(found, theirs, strict=True)
        if not any(tie.where == "final" and len(tie.who) > 2 for tie in mine.ties)
    ]

    assert len(plain) > ELECTIONS * 0.9
    assert all(mine == other for mine, other in plain)
