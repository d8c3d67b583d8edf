"""Keys: any spelling is accepted, and typos are detected."""

import random
from collections import Counter

import pytest
from hypothesis import example, given, settings, strategies as st

from webapp.voting.secret import keys
from webapp.voting.secret.keys import KeyTypo

from .making import key_of

pytestmark = pytest.mark.any_database

KEY = "0123456789ABCDEFGHJKMNPQRSWS"
numbers = st.integers(0, 10**26 - 1).map(key_of)


def is_read(text):
    try:
        return bool(keys.read(text))
    except KeyTypo:
        return False


def test_the_published_test_vector_matches():
    assert keys.read(KEY) == KEY
    assert keys.tracker_of("p1", KEY) == "add3b0c30e0dd210dc76bd09034f33c8"
    found = keys.commitment_of("p1", KEY, "3>1=2")
    assert (found[:8], found[-8:]) == ("73d86996", "6ce2daeb")


def test_generated_keys_are_valid_and_unique():
    many = {keys.fresh() for _turn in range(200)}

    assert len(many) == 200
    assert all(keys.read(key) == key and len(key) == 28 for key in many)
    assert set("".join(many)) == set(keys.LETTERS)


def test_a_key_is_shown_in_seven_groups():
    assert keys.spelled(KEY) == "0123 4567 89AB CDEF GHJK MNPQ RSWS"


@settings(max_examples=60)
@given(key=numbers, chance=st.randoms(use_true_random=False))
def test_a_key_is_read_however_it_is_typed(key, chance):
    alike = {"0": "0oO", "1": "1iIlL"}
    typed = "".join(
        chance.choice(alike.get(letter, letter.lower() + letter))
        + chance.choice(["", "", " ", "-", "\u2013", "\xa0", "\r\n", "\u200b"])
        for letter in key
    )

    assert keys.read(typed) == key


@settings(max_examples=60)
@given(st.text(st.sampled_from("01OIlLUzßé–ſı２\x00 "), max_size=40))
@example("")
@example(KEY + "0")
@example(KEY[:-1])
@example("U" * 28)
@example("ß" * 14)
@example("\ud800" * 28)
def test_an_invalid_key_is_reported_as_a_typo(text):
    assert not is_read(text)


def test_one_in_a_thousand_wrong_characters_goes_undetected():
    """Ten bits can't do better. A mistyped key that passes finds no ballot, least of all someone
    else's.
    """
    tried: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for number in range(20):
        key = key_of(number * 7**29 % 10**26)
        for place, right in enumerate(key):
            for wrong in keys.LETTERS.replace(right, "") + "U":
                where = "drawn" if place < keys.DRAWN else "checking"
                tried[where] += 1
                missed[where] += is_read(key[:place] + wrong + key[place + 1 :])

    assert tried["drawn"] == 20 * 26 * 32
    assert missed["drawn"] * 1000 <= 2 * tried["drawn"]
    assert missed["checking"] == 0


def test_swapped_characters_are_detected_about_as_often():
    chance = random.Random(9)
    turned = 0
    for number in range(400):
        key = key_of(number * 7**29 % 10**26)
        place = chance.randrange(keys.DRAWN - 1)
        other = key[:place] + key[place + 1] + key[place] + key[place + 2 :]
        turned += key != other and is_read(other)

    assert turned <= 2


def test_the_same_key_gives_different_trackers_in_different_votes():
    assert keys.tracker_of("p1", KEY) != keys.tracker_of("p2", KEY)
    assert keys.commitment_of("p1", KEY, "1") != keys.commitment_of("p2", KEY, "1")
