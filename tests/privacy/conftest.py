"""A life on the site, created once in a run of these tests and restored for each test that uses
it.
"""

from typing import Any

import pytest

from tests import snapshots
from webapp.accounts.models import User
from webapp.core.extensions import db

from . import life
from .canaries import Canaries


@pytest.fixture
def left(app: Any, context: None) -> life.Life:
    """Cara's life."""

    def lived() -> life.Life:
        canaries = Canaries()
        return life.Life(canaries, life.lived(app, canaries).id)

    return snapshots.load(app, "life", lived)


@pytest.fixture
def cara(left: life.Life) -> User:
    """Cara, whose life it is."""
    return db.session.get_one(User, left.cara_id)
