"""Every page of every role: no problems in the browser, in axe or in the HTML, on narrow screens
and with little data.
"""

import pytest

from .looking import look_at_everything
from .reach import ROLES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.deep,
]  # `test_each_route.py` checks one page of each route


@pytest.mark.parametrize("role", ROLES)
def test_no_page_has_problems(role, visit_as, first, urls, reached):
    look_at_everything(role, visit_as, first, urls, reached)
