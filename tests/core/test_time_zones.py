"""Wall times that exist, that don't exist, and that are ambiguous."""

from datetime import UTC, datetime

import pytest

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
