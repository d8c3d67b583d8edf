"""Each process starts with its share of slow tests."""

import pytest

from .slow_tests_first import spread

pytestmark = pytest.mark.any_database

LONG = {"d": 5, "g": 9, "h": 7}


def spread_over(stretches, items="abcdefgh"):
    return "".join(spread(list(items), lambda one: LONG.get(one, 0), stretches))


def test_the_longest_tests_are_distributed_and_the_others_stay_in_order():
    assert spread_over(1) == "ghdabcef"
    assert spread_over(2) == "gdabhcef"
    assert spread_over(3) == "gahbcdef"
    assert spread_over(4) == "gahbdcef"


def test_no_test_is_lost_with_more_processes_than_tests():
    assert spread_over(8) == "ghdabcef"
    assert spread_over(2, "dg") == "gd"
    assert spread_over(4, "abc") == "abc"
    assert spread_over(3, "") == ""
