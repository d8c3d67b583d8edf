"""Elections that took place, with their published counts.

Burlington 2009, mayor: ballots as they rank the three who remained in the last two rounds.
Published: each pair, and Montroll's votes (2,554), from electowiki's “2009 Burlington mayoral
election”, based on the city's ballot file; the official last round has 4,313 and 4,061.

Alaska 2022, special election to the House of Representatives: the last two rounds as counted on 31
August 2022, according to The Washington Post (“How second-choice votes pushed a Democrat to victory
in Alaska”): 11,222 exhausted, and 47 with two second choices.
"""

import pytest

from .profiles import count, ranked

pytestmark = pytest.mark.any_database

BURLINGTON = ranked(
    "1332 MKW, 767 MWK, 455 M, 2043 KMW, 371 KWM, 568 K, 1513 WMK, 495 WKM, 1289 W",
    "MKW",
)
ALASKA = ranked("27042 BP, 15445 BM, 11269 B, 58945 P, 75761 M", "BPM")


def test_burlington_by_instant_runoff():
    found = count("irv", BURLINGTON, 3)

    assert found.totals == {1: 2554, 2: 2982, 3: 3297}
    assert found.stages[-1].totals == {1: 0, 2: 4314, 3: 4064}
    assert found.winners == (2,)


def test_burlington_pairwise():
    found = count("schulze", BURLINGTON, 3)
    montroll, kiss, wright = found.pairs

    assert (montroll[1], kiss[0]) == (4067, 3477)
    assert (montroll[2], wright[0]) == (4597, 3668)
    assert (kiss[2], wright[1]) == (4314, 4064)
    assert (found.condorcet, found.winners, found.places) == (1, (1,), {1: 1, 2: 2, 3: 3})


def test_alaska_by_instant_runoff():
    found = count("irv", ALASKA, 3)

    assert found.totals == {1: 53_756, 2: 58_945, 3: 75_761}
    assert found.stages[1].non_transferable == 11_222 + 47
    assert found.stages[1].totals == {1: 0, 2: 85_987, 3: 91_206}
    assert found.winners == (3,)
