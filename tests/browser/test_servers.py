"""The three sites that the journeys travel on do stand."""

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", ["small", "large", "secure"])
def test_a_site_serves_a_browser(size, people, request):
    visitor = people(request.getfixturevalue(f"{size}_site"), "Vera Visitor")

    answer = visitor.page.goto("/health/ready")

    assert answer.status == 200
    assert not visitor.complaints
