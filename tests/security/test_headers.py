"""The headers of every kind of response, and who can cache it. For every route:
`tests/test_matrix.py`.
"""

from typing import Any

import pytest
from flask import Flask, abort

from tests.browser_like import Browser
from webapp import create_app
from webapp.config import ROOT
from webapp.core.http.security_headers import CSP, HEADERS

from .answers import weak_in

pytestmark = pytest.mark.any_database

STATUSES = (400, 403, 404, 405, 409, 413, 422, 429, 500, 503)


@pytest.fixture(scope="module")
def breaking(tmp_path_factory) -> Flask:
    """An application with one URL for each error."""
    folder = str(tmp_path_factory.mktemp("breaking"))
    app = create_app(
        DATABASE_URL="sqlite://", INSTANCE=folder, REDIS_URL="", MAIL_SERVER="", TESTING=True
    )
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def breaks(status: int) -> Any:
        if status == 500:
            raise RuntimeError("canary-word")
        abort(status)

    breaks.permission = "public"  # type: ignore[attr-defined]
    app.add_url_rule("/breaks/<int:status>", view_func=breaks)
    return app


@pytest.mark.parametrize("status", STATUSES)
def test_error_pages_have_security_headers_and_reveal_nothing(breaking, status):
    answer = breaking.test_client().get(f"/breaks/{status}")

    assert answer.status_code == status
    assert weak_in(answer) == []
    assert "no-store" in answer.headers["Cache-Control"]
    assert "canary-word" not in answer.text
    assert "Traceback" not in answer.text


def test_https_responses_send_hsts(tmp_path):
    url = "https://moot.example.org"
    app = create_app(
        DATABASE_URL="sqlite://", INSTANCE=str(tmp_path), REDIS_URL="", SITE_URL=url, TESTING=True
    )
    client = app.test_client()
    for path in ("/sign-in", "/nothing-here", "/health/live"):
        answer = client.get(path, base_url=url)
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000"), path
    answer = client.get("/sign-in?next=/inbox", base_url="http://moot.example.org")
    assert (answer.status_code, answer.headers["Location"]) == (308, f"{url}/sign-in?next=/inbox")


def test_no_page_hides_its_referrer_from_the_site():
    """The header tells no other site where someone was. A page that hid it from us, too,
    would send forms of which older browsers don't say where they come from.
    """
    hiding = [
        path.name
        for path in (ROOT / "templates").rglob("*.html")
        if 'name="referrer"' in path.read_text()
    ]

    assert HEADERS["Referrer-Policy"] == "same-origin"
    assert not hiding


def test_the_csp_allows_nothing_from_other_origins():
    parts = dict(part.strip().split(" ", 1) for part in CSP.split(";"))

    assert {
        "default-src",
        "base-uri",
        "object-src",
        "form-action",
        "frame-ancestors",
        "script-src",
        "style-src",
    } <= set(parts)
    assert set(parts.values()) == {"'self'", "'none'"}


def test_hashed_static_files_are_cached_forever(app):
    tab = Browser.of(app)
    answer = tab.get(app.extensions["assets"].url("css/site.css"))

    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer.close()
