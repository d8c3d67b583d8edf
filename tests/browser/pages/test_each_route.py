"""A page of every route, for whoever first comes to it: no complaint of the browser, axe or about the HTML; narrow and light."""

import pytest

from .looking import look_at_everything
from .reach import ROLES

pytestmark = pytest.mark.browser
EACH = [pytest.param(role, marks=pytest.mark.xdist_group(f"crawl-{role}")) for role in ROLES]


@pytest.mark.parametrize("role", EACH)
def test_nothing_is_wrong_with_pages_that_nobody_before_has_seen(role, visit_as, first, urls, reached):
    look_at_everything(role, visit_as, first, urls, reached, at_each=True)
