"""What protects a page stands on every answer of every route, whoever asks and however it ends."""

import pytest

from tests import world
from webapp import create_app
from webapp.core import limits
from webapp.core.security import CSP, HEADERS

pytestmark = pytest.mark.any_database

#: Routes whose Content-Security-Policy is another: mails in frames, and pages in others' eyes, which may send nothing.
OWN_POLICY = {"event_views.show", "frames.show", "views.show"}


def problems(answer):
    """The headers that are not as they should be."""
    wrong = [name for name, value in HEADERS.items() if answer.headers.get(name) != value]
    return wrong + [name for name in ("Access-Control-Allow-Origin", "Server") if name in answer.headers]


def test_every_route_answers_with_them(app, context):
    here = world.build(app)
    wrong = []
    for role in ("visitor", "owner"):
        tab = here.browser(app, role)
        for method in ("GET", "POST"):
            for rule in world.rules(app, method):
                answer = (
                    tab.get(here.path(rule)) if method == "GET" else tab.post(here.path(rule), {"csrf_token": "none"}, csrf=False)
                )
                answer.close()
                if rule.endpoint not in OWN_POLICY and problems(answer):
                    wrong.append((method, rule.rule, answer.status_code, problems(answer)))

    assert not wrong


def test_nothing_inline_and_nothing_foreign_is_let_in():
    assert "unsafe" not in CSP
    assert "http" not in CSP
    assert "data:" not in CSP
    for wanted in ("default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "object-src 'none'"):
        assert wanted in CSP


@pytest.fixture
def secure(database_url, tmp_path, app):
    """The application as behind https."""
    yield create_app(
        DATABASE_URL=database_url, INSTANCE=str(tmp_path), REDIS_URL="", MAIL_SERVER="", SITE_URL="https://moot.example.org"
    ).test_client()
    limits.limiter.init_app(app)


@pytest.mark.parametrize("path", ["/", "/nothing-here", "/sign-in"])
def test_https_is_kept_and_http_is_led_there(secure, path):
    kept = secure.get(path, base_url="https://moot.example.org")
    led = secure.get(path, base_url="http://moot.example.org")

    assert kept.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert (led.status_code, led.headers["Location"]) == (308, f"https://moot.example.org{path}")


@pytest.mark.parametrize("path", ["/health", "/health/live", "/metrics"])
def test_who_watches_from_inside_the_house_needs_no_https(secure, path):
    assert secure.get(path, base_url="http://moot.example.org").status_code in (200, 404)
