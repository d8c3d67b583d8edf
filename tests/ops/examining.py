"""What the doctor's tests share."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.mail.conftest import post_office as post_office
from webapp.ops.doctor.findings import GOOD


@pytest.fixture(autouse=True)
def _inside(context):
    """The doctor looks as a command does."""


@pytest.fixture
def setting(app, monkeypatch) -> Callable[..., None]:
    """The configuration has other values."""

    def change(**values: Any) -> None:
        for name, value in values.items():
            monkeypatch.setitem(app.config, name, value)

    return change


def of(look: Callable[[], Any]) -> tuple[str, str]:
    """(state, words) of the one finding."""
    (found,) = list(look())
    assert bool(found.remedy) == (found.state != GOOD), found
    return found.state, f"{found.what} {found.remedy}"
