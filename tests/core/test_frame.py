"""What every response has, error pages too."""

import pytest

from tests import factories
from webapp.core.extensions import db
from webapp.core.http.security_headers import CSP


@pytest.mark.parametrize("path", ["/", "/nothing-here", "/static/none.css"])
def test_every_response_has_the_security_headers(visitor, path):
    answer = visitor.get(path)

    assert answer.headers["Content-Security-Policy"] == CSP
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_an_unknown_path_gets_a_404_page_with_a_reference(visitor):
    answer = visitor.get("/nothing-here")

    assert answer.status_code == 404
    assert "Page not found" in visitor.text
    assert answer.headers["X-Request-Id"] in visitor.text


def test_htmx_requests_get_errors_as_a_message_partial(visitor):
    answer = visitor.fragment("/nothing-here", "rsvp")

    assert answer.status_code == 404
    assert '<hx-partial id="messages">' in answer.text
    assert "<html" not in answer.text


def test_a_forged_host_is_refused(visitor):
    assert visitor.client.get("/", base_url="http://evil.example").status_code == 400


def test_test_data_is_written_and_refreshed(ana, ben):
    group = factories.group(ana, ben)

    db.session.refresh(group)
    assert group.member_count == 2
