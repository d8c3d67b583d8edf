"""The clock shows another moment only where a past is invented."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from webapp.core.db import database_clock
from webapp.core.time import clock

NOON = datetime(2025, 5, 1, 12, tzinfo=UTC)
WEBAPP = Path(__file__).parents[2] / "webapp"


def test_all_clocks_show_the_moment_until_the_end_even_after_an_error(context):
    with clock.at(NOON):
        assert {clock.now(), database_clock.now(), database_clock.now_or_default()} == {NOON}
    with pytest.raises(ZeroDivisionError), clock.at(NOON):
        1 / 0  # noqa: B018

    assert clock.now() > NOON
    assert database_clock.now() > NOON


def test_only_the_demos_builder_turns_the_clock_back():
    callers = {
        str(path.relative_to(WEBAPP))
        for path in WEBAPP.rglob("*.py")
        if "clock.at(" in path.read_text()
    }
    assert callers == {"ops/demo/world.py"}
