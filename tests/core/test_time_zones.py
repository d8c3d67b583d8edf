"""Wall times that exist, that don't exist, and that are ambiguous."""

from datetime import UTC, datetime

import pytest

from webapp.core.http.errors import UserError
from webapp.core.time import time_zones

pytestmark = pytest.mark.any_database


def test_an_unambiguous_wall_time_converts_to_utc():
    assert time_zones.to_utc(datetime(2026, 7, 1, 18), "Europe/Lisbon") == datetime(
        2026, 7, 1, 17, tzinfo=UTC
    )


def test_a_nonexistent_wall_time_names_the_two_nearest_times():
    with pytest.raises(time_zones.NonexistentTime) as skipped:
        time_zones.to_utc(datetime(2027, 9, 26, 2, 30), "Pacific/Auckland")

    assert skipped.value.nearest == (datetime(2027, 9, 26, 1, 30), datetime(2027, 9, 26, 3, 30))


@pytest.mark.parametrize(
    ("wall", "zone", "early", "late"),
    [
        (datetime(2027, 9, 26, 2, 30), "Pacific/Auckland", "01:30", "03:30"),
        (datetime(2027, 9, 5, 0, 30), "America/Santiago", "Sat 4 Sep, 23:30", "01:30"),
        (datetime(2027, 3, 28, 0, 0), "Asia/Beirut", "Sat 27 Mar, 23:00", "01:00"),
        (datetime(2027, 3, 14, 0, 15), "America/Havana", "Sat 13 Mar, 23:15", "01:15"),
        (datetime(2011, 12, 30, 9, 0), "Pacific/Apia", "Thu 29 Dec, 09:00", "Sat 31 Dec, 09:00"),
    ],
)
def test_a_suggested_time_on_another_day_says_the_day(context, wall, zone, early, late):
    with pytest.raises(UserError) as refused:
        time_zones.to_moment(wall, zone, None, "starts")

    assert refused.value.message.endswith(f"Did you mean {early} or {late}?")


def test_an_ambiguous_wall_time_names_both_moments():
    wall = datetime(2026, 10, 25, 1, 30)

    with pytest.raises(time_zones.AmbiguousTime) as doubled:
        time_zones.to_utc(wall, "Europe/Lisbon")

    assert doubled.value.moments == (
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    )
    assert time_zones.to_utc(wall, "Europe/Lisbon", fold=1) == doubled.value.moments[1]


def test_utc_converts_to_wall_time():
    moment = datetime(2026, 7, 1, 17, tzinfo=UTC)

    assert time_zones.wall(moment, "Europe/Lisbon") == datetime(2026, 7, 1, 18)
