"""Every page that an admin comes to: no complaint of the browser, of axe or about the HTML; narrow and light."""

import pytest

from .looking import look_at_everything

pytestmark = [pytest.mark.browser, pytest.mark.deep]  # beside an organizer's, they see little else


def test_nothing_is_wrong_with_any_page(visit_as, first, urls, reached):
    look_at_everything("admin", visit_as, first, urls, reached)
