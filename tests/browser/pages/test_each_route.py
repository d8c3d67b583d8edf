"""The HTML of a page of every route, and every kind of element in the browser: no problems in axe
or Chromium, on narrow screens too.
"""

import pytest

from .looking import look_at_what_is_new
from .reach import ROLES

pytestmark = pytest.mark.browser
EACH = [pytest.param(role, marks=pytest.mark.xdist_group(f"crawl-{role}")) for role in ROLES]


@pytest.mark.parametrize("role", EACH)
def test_no_problems_on_pages_not_yet_checked_for_another_role(
    role, visit_as, first, urls, reached
):
    look_at_what_is_new(role, visit_as, first, urls, reached)
