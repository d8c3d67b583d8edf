"""BLT files as other programs read them.

The reader here follows the format's description and shares no code with ours.
"""

import re

import pytest
from hypothesis import given, strategies as st

from webapp.voting.tally import choice_strings, exports

from .profiles import OPTIONS, profiles, ranked, some

pytestmark = pytest.mark.any_database

TOKEN = re.compile(r'"([^"]*)"|(\S+)')


def read(text):
    """Return (options, seats, withdrawn, ballots with their weights, titles) from a stream of
    words, in which line ends don't matter.
    """
    words = [(quoted, bare) for quoted, bare in TOKEN.findall(text)]
    at = iter(words)

    def number():
        return int(next(at)[1])

    options, seats, withdrawn, ballots = number(), number(), [], []
    weight = number()
    while weight < 0:
        withdrawn.append(-weight)
        weight = number()
    while weight:
        ranking = []
        while option := number():
            ranking.append(option)
        ballots.append((weight, tuple(ranking)))
        weight = number()
    return options, seats, withdrawn, ballots, [quoted for quoted, _bare in at]


def test_an_election_is_written_in_the_blt_format():
    profile = [*ranked("2 C>A, 3 B, 1 C>A, 1 A>B>C"), ("", 4)]

    assert exports.blt_text(
        profile, ["Ada", 'Ben "the boat" Ó', "Cem\nCan"], 2, "Who speaks for us?", withdrawn=[3, 2]
    ) == (
        '3 2\n-2 -3\n3 2 0\n3 3 1 0\n1 1 2 3 0\n0\n"Ada"\n"Ben \'the boat\' Ó"\n"Cem Can"\n"Who '
        'speaks for us?"\n'
    )


def test_ballots_with_equal_ranks_cannot_be_written_as_blt():
    assert not exports.fits_blt([("1", 1), ("3>1=2", 1)])
    assert exports.fits_blt([("1", 1), ("", 2), ("3>1", 1)])
    with pytest.raises(ValueError, match="equal ranks"):
        exports.blt_text([("3>1=2", 1)], ["a", "b", "c"], 1, "d")


titles = st.lists(st.text(alphabet="aÓ #'\"\n-0", max_size=6), min_size=OPTIONS, max_size=OPTIONS)


@some
@given(profiles("stv"), titles, st.sets(st.integers(1, OPTIONS)))
def test_an_independent_reader_finds_the_same_election(profile, titles, withdrawn):
    options, seats, gone, ballots, names = read(
        exports.blt_text(profile, titles, 3, "Title", withdrawn=list(withdrawn))
    )

    assert (options, seats, gone) == (OPTIONS, 3, sorted(withdrawn))
    assert {
        ">".join(map(str, ranking)): times for times, ranking in ballots
    } == choice_strings.pile_of(profile).choices
    assert [times for times, _ranking in ballots] == sorted(
        (times for times, _ranking in ballots), reverse=True
    )
    assert len(names) == OPTIONS + 1
    assert names == [" ".join(title.replace('"', "'").split()) for title in [*titles, "Title"]]
