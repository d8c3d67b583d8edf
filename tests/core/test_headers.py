"""What the content security policy allows, and the headers of responses that no route gives. For
every route: tests/security.
"""

import pytest

from webapp import create_app
from webapp.core.http.security_headers import CSP

pytestmark = pytest.mark.any_database


def test_csp_allows_nothing_inline_and_nothing_from_other_sites():
    assert "unsafe" not in CSP
    assert "http" not in CSP
    assert "data:" not in CSP
    for wanted in (
        "default-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "object-src 'none'",
    ):
        assert wanted in CSP


@pytest.fixture
def secure(database_url, tmp_path, app):
    """The application as behind https."""
    return create_app(
        DATABASE_URL=database_url,
        INSTANCE=str(tmp_path),
        REDIS_URL="",
        MAIL_SERVER="",
        SITE_URL="https://moot.example.org",
    ).test_client()


@pytest.mark.parametrize("path", ["/", "/nothing-here", "/sign-in"])
def test_https_sends_hsts_and_http_redirects_to_https(secure, path):
    kept = secure.get(path, base_url="https://moot.example.org")
    led = secure.get(path, base_url="http://moot.example.org")

    assert kept.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert (led.status_code, led.headers["Location"]) == (308, f"https://moot.example.org{path}")


@pytest.mark.parametrize("path", ["/health", "/health/live", "/metrics"])
def test_local_health_checks_need_no_https(secure, path):
    assert secure.get(path, base_url="http://moot.example.org").status_code in (200, 404)
