"""A group that Ana owns and Ben belongs to, and a way to move the database's clock."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests import factories
from webapp.core.db import database_clock
from webapp.core.time import clock


@pytest.fixture
def group(ana: Any, ben: Any) -> Any:
    """Ana's group, to which Ben belongs."""
    return factories.group(ana, ben, name="Leith Commons", zone="Europe/Lisbon")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """A function: `at(moment)` sets both clocks to this time."""

    def stand(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)
        monkeypatch.setattr(database_clock, "now", lambda: moment)

    return stand


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The signals that have been requested so far."""
    sent: list[str] = []
    monkeypatch.setattr("webapp.core.live.signal", sent.append)
    return sent
