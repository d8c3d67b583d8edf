"""When someone was last seen: written after the request, without delaying it."""

from datetime import timedelta
from threading import Thread

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories
from tests.browser_like import Browser
from webapp import config, create_app
from webapp.accounts import loader
from webapp.accounts.models import SignIn
from webapp.core.extensions import db
from webapp.core.time import clock


@pytest.fixture
def narrow(app, tmp_path, monkeypatch):
    """The application with a single database connection, for which requests wait at most a
    second.
    """
    options = {"pool_size": 1, "max_overflow": 0, "pool_timeout": 1, "hide_parameters": True}
    monkeypatch.setattr(config, "_engine_options", lambda url: options)
    made = create_app(
        DATABASE_URL=app.config["SQLALCHEMY_DATABASE_URI"],
        INSTANCE=str(tmp_path),
        SITE_URL=app.config["SITE_URL"],
        SECRET_KEY=app.config["SECRET_KEY"],
        REDIS_URL="",
        MAIL_SERVER="",
        LIMIT_READING=0,
        LIMIT_CHANGES=0,
    )
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def page(narrow):
    """The browser of someone signed in there; `page.her` is the person."""
    with narrow.app_context():
        her = factories.user("Ana")
        page = Browser.of(narrow, her)
        page.her = her.id
        return page


def grow_old(app):
    """Make every sign-in due for a new stamp; return when it was last seen."""
    before = clock.now() - timedelta(minutes=6)
    with app.app_context():
        db.session.execute(sa.update(SignIn).values(last_seen_at=before))
        db.session.commit()
    return before


def seen(app):
    with app.app_context():
        return db.session.scalar(sa.select(SignIn.last_seen_at))


def while_it_holds_a_connection(monkeypatch, app):
    """Stamp at once when the person is found, next to the request's own transaction, as earlier
    versions did.
    """
    find = loader._load

    def load(secret):
        user = find(secret)
        monkeypatch.setattr(loader, "_is_busy", lambda pool: False)
        loader._stamp()
        return user

    monkeypatch.setattr(app.login_manager, "_user_callback", load)


def test_last_seen_is_updated_at_most_every_five_minutes(narrow, page):
    start = seen(narrow)
    for minutes, changed in ((4, False), (6, True)):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            page.get("/account")
        assert (seen(narrow) > start + timedelta(minutes=5)) == changed


def test_updating_last_seen_needs_no_second_connection(narrow, page):
    before = grow_old(narrow)

    assert page.get("/account").status_code == 200
    assert seen(narrow) > before


def test_control_updating_last_seen_during_the_request_blocks_it(narrow, page, monkeypatch):
    before = grow_old(narrow)
    while_it_holds_a_connection(monkeypatch, narrow)
    page.get("/account")

    assert seen(narrow) == before, "there was no second connection"


def test_updating_last_seen_does_not_block_a_request_that_writes(narrow, page):
    with narrow.app_context():
        slug = factories.event(factories.user("Ben")).slug
        db.session.commit()
    before = grow_old(narrow)

    assert page.post(f"/events/{slug}/rsvp", {"answer": "going", "party": "1"}).status_code == 303
    assert seen(narrow) > before


def test_updating_last_seen_does_not_wait_for_another_writer(narrow, page, app):
    before = grow_old(narrow)
    with app.app_context(), db.engine.connect() as other:
        other.execute(sa.update(SignIn).values(device="held"))
        answers = []
        asking = Thread(target=lambda: answers.append(page.get("/account").status_code))
        asking.start()
        asking.join(5)

        assert answers == [200], "the row is held, on SQLite the whole database"
        other.rollback()
    assert seen(narrow) == before
    page.get("/account")
    assert seen(narrow) > before, "the next request stamps"


def test_a_stream_updates_no_last_seen_and_holds_no_connection(narrow, page):
    before = grow_old(narrow)
    stream = page.get("/live", query_string={"t": f"user:{page.her}:inbox"}, buffered=False)
    parts = iter(stream.response)

    assert b"retry" in next(parts)
    with narrow.app_context():
        assert db.engine.pool.checkedout() == 0
    assert seen(narrow) == before
    stream.close()
