import pytest

from webapp.core.ui.charts import ring_stones, stones_each

pytestmark = pytest.mark.any_database


def kinds(stones):
    return "".join(stone[3] or "-" for stone in stones)


def test_up_to_120_seats_have_one_stone_each():
    for total in (1, 2, 18, 19, 48, 49, 84, 85, 120):
        assert len(ring_stones(total, 0)) == total


def test_stones_are_filled_from_the_gap_with_my_own_first():
    assert kinds(ring_stones(5, taken=3, mine=1)) == "mtt--"


def test_a_ring_without_seats_has_no_stones():
    assert ring_stones(0, 0) == []


def test_above_120_seats_a_stone_means_a_round_number():
    assert [stones_each(total) for total in (120, 121, 240, 241, 601, 1201, 100_000)] == [
        1,
        2,
        2,
        5,
        10,
        20,
        1000,
    ]


def test_a_large_ring_keeps_below_120_stones():
    for total in (121, 599, 600, 601, 12_345, 1_000_000):
        assert 40 <= len(ring_stones(total, 0)) <= 120


def test_a_large_ring_looks_full_only_when_every_seat_is_taken():
    assert kinds(ring_stones(1000, taken=999)).count("-") == 1
    assert kinds(ring_stones(1000, taken=1000)).count("-") == 0


def test_one_person_is_visible_in_a_large_ring():
    assert kinds(ring_stones(1000, taken=1, mine=1)).count("m") == 1


def test_overbooking_fills_the_ring_and_adds_no_stones():
    assert kinds(ring_stones(4, taken=6)) == "tttt"


def test_the_waiting_list_is_outside_the_ring_and_shows_at_most_seven():
    stones = ring_stones(3, taken=3, waiting=12)
    queue = [stone for stone in stones if stone[3] == "w"]
    assert len(queue) == 7
    assert all(stone[1] > 200 for stone in queue)


def test_every_stone_is_inside_the_box_and_outside_the_gap():
    for total in (1, 7, 30, 60, 120):
        for x, y, angle, *_ in ring_stones(total, 0):
            assert 0 < x < 200
            assert 0 < y < 200
            assert not 158 < angle < 202
