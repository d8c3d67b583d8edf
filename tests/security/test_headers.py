"""What stands on every answer: headers, and who may keep it (TRUST 3.4, 14.3.2)."""

from typing import Any

import pytest
from flask import Flask, abort

from tests import world
from tests.browser_like import Browser
from webapp import create_app
from webapp.config import ROOT
from webapp.core.extensions import db
from webapp.core.limits import limiter
from webapp.core.security import CSP, HEADERS

pytestmark = pytest.mark.any_database

STATUSES = (400, 403, 404, 405, 409, 413, 422, 429, 500, 503)


_CSP, _FEATURES = "Content-Security-Policy", "Permissions-Policy"
#: Headers that routes have of their own: mails in frames and pages in others' eyes may send nothing, files to take home may do
#: nothing at all, and the door may ask for the camera.
OWN = {
    **dict.fromkeys(("event_views.show", "frames.show", "views.show", "event_files.show"), _CSP),
    **dict.fromkeys(("door.show", "door.create"), _FEATURES),
}


def weak_in(answer: Any, its_own: str | None = None) -> list[str]:
    """What a header of this answer lacks or gives away; one of them some routes have of their own."""
    wrong = [name for name in HEADERS if name not in answer.headers]
    wrong += [name for name, value in HEADERS.items() if answer.headers.get(name) != value and name != its_own]
    wrong += [name for name in dict(answer.headers) if name.lower().startswith("access-control-") or name == "Server"]
    csp = answer.headers.get("Content-Security-Policy", "")
    wrong += [word for word in ("unsafe-inline", "unsafe-eval", "*", "data:", "http:") if word in csp]
    return wrong


def test_every_route_is_hardened_for_everybody(app, context):
    here, wrong = world.build(app), []
    for role in ("visitor", "owner", "admin"):
        tab = here.browser(app, role)
        for rule in world.rules(app):
            for method in sorted(rule.methods & {"GET", "POST"}):
                limiter.reset()
                answer = (tab.get if method == "GET" else tab.post)(here.path(rule), buffered=False)
                wrong += [f"{method} {rule} {answer.status_code}: {what}" for what in weak_in(answer, OWN.get(rule.endpoint))]
                answer.close()
                db.session.rollback()
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def breaking(tmp_path) -> Flask:
    """An application in which an address answers each error."""
    app = create_app(DATABASE_URL="sqlite://", INSTANCE=str(tmp_path), REDIS_URL="", MAIL_SERVER="", TESTING=True)
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def breaks(status: int) -> Any:
        if status == 500:
            raise RuntimeError("canary-word")
        abort(status)

    breaks.permission = "public"  # type: ignore[attr-defined]
    app.add_url_rule("/breaks/<int:status>", view_func=breaks)
    return app


@pytest.mark.parametrize("status", STATUSES)
def test_every_error_page_is_hardened_private_and_says_nothing_of_itself(breaking, status):
    answer = breaking.test_client().get(f"/breaks/{status}")

    assert answer.status_code == status
    assert weak_in(answer) == []
    assert "no-store" in answer.headers["Cache-Control"]
    assert "canary-word" not in answer.text
    assert "Traceback" not in answer.text


def test_over_https_browsers_are_told_to_stay_there(tmp_path):
    url = "https://moot.example.org"
    app = create_app(DATABASE_URL="sqlite://", INSTANCE=str(tmp_path), REDIS_URL="", SITE_URL=url, TESTING=True)
    client = app.test_client()
    for path in ("/sign-in", "/nothing-here", "/health/live"):
        answer = client.get(path, base_url=url)
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000"), path
    answer = client.get("/sign-in?next=/inbox", base_url="http://moot.example.org")
    assert (answer.status_code, answer.headers["Location"]) == (308, f"{url}/sign-in?next=/inbox")


def test_no_page_keeps_its_address_from_us():
    """The header tells nobody else where one was; a page that hid it from us, too, could send no form over https."""
    hiding = [path.name for path in (ROOT / "templates").rglob("*.html") if 'name="referrer"' in path.read_text()]

    assert HEADERS["Referrer-Policy"] == "same-origin"
    assert not hiding


def test_the_policy_allows_nothing_from_elsewhere():
    parts = dict(part.strip().split(" ", 1) for part in CSP.split(";"))

    assert {"default-src", "base-uri", "object-src", "form-action", "frame-ancestors", "script-src", "style-src"} <= set(parts)
    assert set(parts.values()) == {"'self'", "'none'"}


def test_pages_are_kept_by_their_class(app, context):
    """Private ones by nobody, visitors' pages until they are asked for again, hashed files for good."""
    here = world.build(app)
    for role in ("visitor", "owner"):
        tab = here.browser(app, role)
        for rule in world.rules(app, "GET"):
            answer = tab.get(here.path(rule), buffered=False)
            kept, vary = answer.headers.get("Cache-Control", ""), answer.headers.get("Vary", "")
            status, kind = answer.status_code, answer.mimetype
            answer.close()
            db.session.rollback()
            if status == 304 or rule.endpoint == "streams.show":
                continue
            if kind == "image/webp":  # another picture has another address (decision 19)
                assert kept == "private, max-age=31536000, immutable", (role, rule, kept)
            elif role == "owner" or status != 200:
                assert "no-store" in kept, (role, rule, kept)
            elif kind in {"text/html", "text/calendar"} and "public" in kept:
                assert "no-cache" in kept or {"max-age=0", "must-revalidate"} <= set(kept.split(", ")), (rule, kept)
                assert "Cookie" in vary, rule
                assert {"HX-Request", "HX-Target"} <= {word.strip() for word in vary.split(",")}, rule
            else:
                assert "no-store" in kept, (role, rule, kept)


def test_static_files_are_kept_for_good_under_their_hash(app):
    tab = Browser.of(app)
    answer = tab.get(app.extensions["assets"].url("css/site.css"))

    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer.close()
