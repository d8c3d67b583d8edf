import pytest

from webapp.core.ui.charts import ring_stones, stones_each

pytestmark = pytest.mark.any_database


def kinds(stones):
    return "".join(stone[3] or "-" for stone in stones)


def test_one_stone_stands_for_one_seat_up_to_120():
    for total in (1, 2, 18, 19, 48, 49, 84, 85, 120):
        assert len(ring_stones(total, 0)) == total


def test_stones_are_filled_from_the_doorway_on_mine_first():
    assert kinds(ring_stones(5, taken=3, mine=1)) == "mtt--"


def test_a_ring_of_nothing_has_no_stones():
    assert ring_stones(0, 0) == []


def test_past_120_a_stone_stands_for_a_round_number():
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


def test_a_large_ring_is_full_only_when_it_is_full():
    assert kinds(ring_stones(1000, taken=999)).count("-") == 1
    assert kinds(ring_stones(1000, taken=1000)).count("-") == 0


def test_one_person_in_a_large_ring_is_seen():
    assert kinds(ring_stones(1000, taken=1, mine=1)).count("m") == 1


def test_more_taken_than_there_are_seats_fills_the_ring_and_no_more():
    assert kinds(ring_stones(4, taken=6)) == "tttt"


def test_the_queue_stands_outside_and_shows_seven():
    stones = ring_stones(3, taken=3, waiting=12)
    queue = [stone for stone in stones if stone[3] == "w"]
    assert len(queue) == 7
    assert all(stone[1] > 200 for stone in queue)


def test_every_stone_of_the_ring_stands_inside_the_box_and_off_the_doorway():
    for total in (1, 7, 30, 60, 120):
        for x, y, angle, *_ in ring_stones(total, 0):
            assert 0 < x < 200
            assert 0 < y < 200
            assert not 158 < angle < 202
