"""Without the database everyone gets 503 and a time to retry, visitors and guests too."""

import pytest

from scripts.services import free_port
from tests import sample_site, snapshots
from tests.core.test_page_cache import event as event, group as group
from webapp import create_app
from webapp.core.http.page_cache import CommitState

pytestmark = pytest.mark.usefixtures("context")

ORIGIN = "http://127.0.0.1:8000"


@pytest.fixture
def away(app, tmp_path):
    """The same site, whose PostgreSQL is down."""
    same = {
        name: app.config[name]
        for name in ("SITE_URL", "SECRET_KEY", "LIMIT_READING", "LIMIT_CHANGES")
    }
    gone = f"postgresql://postgres@127.0.0.1:{free_port()}/postgres"
    return create_app(
        DATABASE_URL=gone, INSTANCE=str(tmp_path), REDIS_URL="", MAIL_SERVER="", **same
    )


@pytest.mark.parametrize("role", ["visitor", "member"])
def test_no_page_returns_500_while_the_database_is_down(app, away, role):
    """Including the pages that guests and others open by an emailed link."""
    here = snapshots.sample_site_of(app, secret=False)
    browser = away.test_client()
    browser._cookies = here.browser(app, role).client._cookies
    answers = {
        rule.rule: browser.get(here.path(rule), base_url=ORIGIN)
        for rule in sample_site.rules(app, "GET")
    }

    assert [rule for rule, answer in answers.items() if answer.status_code == 500] == []
    unsaid = [
        rule
        for rule, answer in answers.items()
        if answer.status_code == 503 and "Retry-After" not in answer.headers
    ]
    assert [rule for rule in unsaid if not rule.startswith("/health")] == []
    for path in ("/", "/events", "/events/<slug>", "/guests/<uuid:guest_id>/<token>"):
        assert answers[path].status_code == 503, path


def test_cached_pages_are_not_served_while_the_commit_state_is_unknown(
    app, away, event, visitor, monkeypatch
):
    assert visitor.get("/events/seed-swap").status_code == 200

    monkeypatch.setattr(app.extensions["page_cache"], "state", CommitState(away))

    assert visitor.get("/events/seed-swap").headers["Cache-Control"] == "private, no-store"


def test_errors_outside_flask_get_a_page_and_log_no_url(app, visitor, monkeypatch, capsys):
    def fail(environ):
        raise RuntimeError("a part that nobody foresaw")

    monkeypatch.setattr(app.extensions["page_cache"], "has_session", fail)

    answer = visitor.get("/guests/1/marked?words=marked")

    said = capsys.readouterr()
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "a part that nobody foresaw" in said.out + said.err
    assert "marked" not in answer.text + said.out + said.err
