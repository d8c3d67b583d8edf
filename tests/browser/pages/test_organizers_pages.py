"""Every page that an organizer comes to, and what else members and admins see: no complaint; narrow and light."""

import pytest

from .looking import look_at_everything

pytestmark = pytest.mark.browser


def test_nothing_is_wrong_with_any_page(visit_as, first, urls, reached):
    look_at_everything("organizer", visit_as, first, urls, reached)


@pytest.mark.parametrize("role", ["admin", "member"])
def test_nothing_is_wrong_with_pages_that_others_see_alone_or_see_otherwise(role, visit_as, first, urls, reached):
    look_at_everything(role, visit_as, first, urls, reached, known=reached.by("organizer"))
