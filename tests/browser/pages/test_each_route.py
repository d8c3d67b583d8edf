"""A page of every route, for whoever first comes to it: no complaint of the browser, axe or about the HTML; narrow and light."""

import pytest

from .looking import look_at_everything

pytestmark = pytest.mark.browser
#: Who looks first: most of what there is, is a visitor's, then an organizer's.
ROLES = ("visitor", "organizer", "admin", "member")


@pytest.mark.parametrize("role", ROLES)
def test_nothing_is_wrong_with_pages_that_nobody_before_has_seen(role, visit_as, first, urls, reached):
    before = ROLES[: ROLES.index(role)]
    look_at_everything(role, visit_as, first, urls, reached, known=set().union(*map(reached.by, before)))
