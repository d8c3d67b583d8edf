"""Percentages as people read them: whole, equal for equal parts, and never past a limit."""

from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from webapp.core.ui.charts import percentages

HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("parts", "written"),
    [
        ((5, 3, 1), ["56", "33", "11"]),
        ((1, 1, 1), ["33", "33", "33"]),
        ((3, 1, 1, 1), ["50", "17", "17", "17"]),
        ((5, 3), ["63", "38"]),
        ((2, 0), ["100", "0"]),
        ((0, 0), ["0", "0"]),
    ],
)
def test_parts_of_a_whole_are_each_rounded(parts, written):
    assert percentages(parts, sum(parts)) == written


def test_parts_that_overlap_are_each_rounded():
    assert percentages([4, 5, 2], 6) == ["67", "83", "33"]


@given(st.lists(st.integers(0, 40), min_size=2, max_size=8), st.sampled_from([(), (HALF,)]))
def test_equal_parts_look_equal_and_greater_ones_never_smaller(parts, limits):
    written = [float(share) for share in percentages(parts, sum(parts), limits)]
    drawn = list(zip(parts, written, strict=True))

    pairs = [(one, other) for one in drawn for other in drawn]
    assert all(share == like for (part, share), (same, like) in pairs if part == same)
    assert all(share >= less for (part, share), (fewer, less) in pairs if part > fewer)


@pytest.mark.parametrize(
    ("part", "whole", "limit", "written"),
    [
        (499, 1000, HALF, "49.9"),
        (501, 1000, HALF, "50.1"),
        (4999, 10000, HALF, "49.99"),
        (1, 2, HALF, "50"),
        (666, 1000, Fraction(2, 3), "66.6"),
        (999, 1000, HALF, "99.9"),
        (1, 1000, HALF, "0.1"),
    ],
)
def test_rounding_never_reaches_or_crosses_a_limit(part, whole, limit, written):
    assert percentages([part], whole, [limit]) == [written]
