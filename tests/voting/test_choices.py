"""Choice strings and every reason against one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.voting import choices

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("numbers", "blank", "choice", "reasons"),
    [
        ([3], False, "3", []),
        ([4, 1], False, "1+4", []),
        ([], True, "", []),
        ([], False, "", ["empty"]),
        ([2], True, "", ["blank_and_choice"]),
        ([1, 2, 3, 4], False, "1+2+3+4", ["too_many"]),
        ([2, 2], False, "2", ["duplicate_option"]),
        ([0], False, "0", ["unknown_option"]),
        ([6, 6, 1, 2, 3], False, "1+2+3+6", ["duplicate_option", "unknown_option", "too_many"]),
    ],
)
def test_all_reasons_at_once(numbers, blank, choice, reasons):
    assert choices.checked(numbers, blank, options=5, least=1, most=3) == (choice, reasons)


def test_too_few():
    assert choices.checked([1], False, options=5, least=2, most=3) == ("1", ["too_few"])


@given(st.sets(st.integers(1, 50)))
def test_a_choice_string_is_read_as_it_was_written(numbers):
    assert choices.numbers_of(choices.written(list(numbers))) == sorted(numbers)
