"""Ana's group: Ben plans an event, Mo moderates, and Oda organizes; Cem is a stranger, Dia a site
admin.
"""

import pytest

from tests import factories
from webapp.groups.models import MODERATOR, ORGANIZER


@pytest.fixture
def group(ana, ben):
    """River walkers, an open group."""
    return factories.group(ana, ben, name="River walkers")


@pytest.fixture
def mo(group):
    """Mo Sato, a moderator."""
    user = factories.user("Mo", "Sato")
    factories.membership(group, user, MODERATOR)
    return user


@pytest.fixture
def oda(group):
    """Oda Lund, an organizer."""
    user = factories.user("Oda", "Lund")
    factories.membership(group, user, ORGANIZER)
    return user


@pytest.fixture
def event(group, ben):
    """An event of Ben's that everyone can see."""
    return factories.event(
        ben, group, title="Cheap watches", slug="watches", description="Buy here"
    )
