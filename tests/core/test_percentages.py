"""Percentages as people read them: whole, adding up to 100, and never past a limit."""

from fractions import Fraction

import pytest

from webapp.core.ui.charts import percentages

HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("parts", "written"),
    [
        ((5, 3, 1), ["56", "33", "11"]),
        ((1, 1, 1), ["34", "33", "33"]),
        ((2, 0), ["100", "0"]),
        ((0, 0), ["0", "0"]),
    ],
)
def test_parts_of_a_whole_add_up_to_a_hundred(parts, written):
    assert percentages(parts, sum(parts)) == written


def test_parts_that_overlap_are_each_rounded():
    assert percentages([4, 5, 2], 6) == ["67", "83", "33"]


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
