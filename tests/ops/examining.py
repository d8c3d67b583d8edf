"""Helpers for tests of the doctor."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.mail.conftest import post_office as post_office
from webapp.ops.doctor.findings import GOOD


@pytest.fixture(autouse=True)
def _inside(context):
    """Run in an application context, as commands do."""


@pytest.fixture
def setting(app, monkeypatch) -> Callable[..., None]:
    """A function that changes a setting."""

    def change(**values: Any) -> None:
        for name, value in values.items():
            monkeypatch.setitem(app.config, name, value)

    return change


def of(look: Callable[[], Any]) -> tuple[str, str]:
    """Return (state, words) of the only finding."""
    (found,) = list(look())
    assert bool(found.remedy) == (found.state != GOOD), found
    return found.state, f"{found.what} {found.remedy}"
