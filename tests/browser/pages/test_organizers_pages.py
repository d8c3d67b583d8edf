"""Every page that an organizer comes to: no complaint of the browser, of axe or about the HTML; narrow and light."""

import pytest

from .looking import look_at_everything

pytestmark = pytest.mark.browser


def test_nothing_is_wrong_with_any_page(visit_as, first, urls, reached):
    look_at_everything("organizer", visit_as, first, urls, reached)
