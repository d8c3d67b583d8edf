"""The results of other people's programs, run with the Python of an environment that has them.
Questions and answers are JSON.

A question is {"rankings": [[[3], [1, 2]], …], "times": […], "options": 3, "seats": 2}, with
"scores" for STAR. An answer lists whom the program elects; if several could win, all of them.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

import starvote
import votelib.convert
import votelib.evaluate.condorcet
import votelib.io.blt
from pref_voting.iterative_methods import instant_runoff_put
from pref_voting.margin_based_methods import beat_path
from pref_voting.profiles_with_ties import ProfileWithTies
from pref_voting.proportional_methods import stv_scottish

Question = dict[str, Any]
Answer = list[int]


def schulze_by_votelib(asked: Question) -> Answer:
    """Schulze by winning votes; unranked options are last."""
    votes: dict[Any, int] = {}
    for tiers, times in zip(asked["rankings"], asked["times"], strict=True):
        ranking = tuple(tier[0] if len(tier) == 1 else frozenset(tier) for tier in tiers)
        votes[ranking] = votes.get(ranking, 0) + times
    everyone = range(1, asked["options"] + 1)
    pairs = votelib.convert.RankedToCondorcetVotes().convert(votes)
    for one in everyone:
        for other in everyone:
            if one != other:
                pairs.setdefault((one, other), 0)
    (found,) = votelib.evaluate.condorcet.Schulze().evaluate(pairs, 1)
    return sorted(found) if isinstance(found, frozenset) else [found]


def _profile(asked: Question) -> ProfileWithTies:
    rankings = [
        {number: place for place, tier in enumerate(tiers) for number in tier}
        for tiers in asked["rankings"]
    ]
    profile = ProfileWithTies(
        rankings, rcounts=asked["times"], candidates=list(range(1, asked["options"] + 1))
    )
    profile.use_extended_strict_preference()
    return profile


def schulze_by_pref_voting(asked: Question) -> Answer:
    """Schulze by margins."""
    return sorted(beat_path(_profile(asked)))


def runoff_by_pref_voting(asked: Question) -> Answer:
    """Return everyone who would be elected by some way of breaking ties."""
    return sorted(instant_runoff_put(_profile(asked)))


def stv_by_pref_voting(asked: Question) -> Answer:
    """STV by the Scottish rules, with five decimals."""
    return sorted(stv_scottish(_profile(asked), num_seats=asked["seats"]))


def star_by_starvote(asked: Question) -> Answer:
    """STAR, with lots in the order of the numbers."""
    everyone = [str(number) for number in range(1, asked["options"] + 1)]
    lots = starvote.predefined_permutation_tiebreaker(everyone)
    ballots = [
        {number: given.get(number, 0) for number in everyone}
        for given, times in zip(asked["scores"], asked["times"], strict=True)
        for _turn in range(times)
    ]
    return [int(name) for name in starvote.star_voting(ballots, tiebreaker=lots, verbosity=0)]


def blt_by_votelib(asked: Question) -> Any:
    """Return the contents of a file: [ballots and their rankings], seats, [names and whether they
    withdrew], title.
    """
    votes, seats, people, title = votelib.io.blt.loads(asked["blt"])
    ballots = [
        [int(times), [person.number for person in ranking]] for ranking, times in votes.items()
    ]
    return [ballots, seats, [[person.name, person.withdrawn] for person in people], title]


PROGRAMS: dict[str, Callable[[Question], Any]] = {
    function.__name__: function
    for function in (
        *(
            schulze_by_votelib,
            schulze_by_pref_voting,
            runoff_by_pref_voting,
            stv_by_pref_voting,
            star_by_starvote,
        ),
        blt_by_votelib,
    )
}


def main() -> None:
    """Answer the questions on standard input."""
    name, questions = json.load(sys.stdin)
    json.dump([PROGRAMS[name](asked) for asked in questions], sys.stdout)


if __name__ == "__main__":
    main()
