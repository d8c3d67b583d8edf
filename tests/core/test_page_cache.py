"""The cache of visitors' pages: valid until something is committed, and for visitors only."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories
from webapp.attendance import rsvps
from webapp.core.extensions import db
from webapp.core.http.page_cache import PUBLIC, VARY, CachedPages, CommitMoment
from webapp.core.time import clock
from webapp.events import planning
from webapp.events.models import Event

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def group(ana, ben):
    """Ana's group, to which Ben belongs."""
    return factories.group(ana, ben, name="Weir friends", location="Ghent", zone="Europe/Brussels")


@pytest.fixture
def event(ana, group):
    """An event of the group for everyone, with four seats."""
    return factories.event(ana, group, title="Seed swap", capacity=4)


@pytest.fixture
def drawn(app, monkeypatch):
    """The paths that the application itself has rendered, in order."""
    front, asked = app.extensions["page_cache"], []
    ask = front.application

    def note(environ, start_response):
        asked.append(environ["PATH_INFO"])
        return ask(environ, start_response)

    monkeypatch.setattr(front, "application", note)
    return asked


PAGES = ["/", "/events", "/groups", "/roles", "/events/seed-swap", "/groups/weir-friends"]


@pytest.mark.parametrize("path", PAGES)
def test_the_second_visitor_gets_the_cached_page(event, browser, drawn, undisturbed, path):
    def looks():
        drawn.clear()
        return browser().get(path), browser().get(path)

    first, second = undisturbed(looks)

    assert drawn == [path]
    assert first.status_code == second.status_code == 200
    assert first.data == second.data
    kept_apart = {"X-Request-Id", "Date"}
    assert {h for h in first.headers if h[0] not in kept_apart} == {
        h for h in second.headers if h[0] not in kept_apart
    }
    assert second.headers["Cache-Control"] == "public, max-age=0, s-maxage=1, must-revalidate"
    assert "Set-Cookie" not in second.headers


@pytest.mark.parametrize("path", PAGES)
def test_a_matching_etag_gets_304_from_the_cache_and_the_application(
    event, visitor, drawn, undisturbed, path
):
    tag = visitor.get(path).headers["ETag"]

    def asks_again():
        visitor.get(path)
        drawn.clear()
        return visitor.get(path, headers={"If-None-Match": tag})

    kept = undisturbed(asks_again)
    assert drawn == []
    factories.user()
    anew = visitor.get(path, headers={"If-None-Match": tag})

    assert drawn == [path]
    for answer in (kept, anew):
        assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", tag)
        assert "Cookie" in answer.headers["Vary"]
        assert "Content-Length" not in answer.headers or answer.headers["Content-Length"] == "0"


def rename_the_event(event, group, ana, ben):
    event.title = "Seeds and stories"


def answer(event, group, ana, ben):
    rsvps.answer(event, by=ben)


def cancel_it(event, group, ana, ben):
    planning.cancel(event, ana, "Rain")


def rename_the_group(event, group, ana, ben):
    group.name = "Friends of the weir"


def rename_the_host(event, group, ana, ben):
    ana.last_name = "Silva"


def close_the_group(event, group, ana, ben):
    group.visibility, group.join_policy = "closed", "approve"


def only_for_the_group(event, group, ana, ben):
    event.audience = "group"


def take_it_away(event, group, ana, ben):
    event.deleted_at = clock.now()


CHANGES = [
    rename_the_event,
    answer,
    cancel_it,
    rename_the_group,
    rename_the_host,
    close_the_group,
    only_for_the_group,
    take_it_away,
]


@pytest.mark.parametrize("change", CHANGES)
def test_the_next_visitor_sees_every_change(event, group, ana, ben, visitor, change):
    path = "/events/seed-swap"
    before = visitor.get(path)
    assert visitor.get(path).data == before.data

    change(event, group, ana, ben)
    db.session.commit()

    after = visitor.get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code in {200, 404}
    assert after.data != before.data
    assert after.headers.get("ETag") != before.headers["ETag"]


def test_changes_by_other_programs_are_seen(app, event, visitor):
    visitor.get("/events/seed-swap")
    apart = sa.create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    with apart.begin() as connection:
        connection.execute(sa.update(Event).values(title="Written by hand"))
    apart.dispose()
    db.session.rollback()  # the test's own session would keep what it has read

    visitor.get("/events/seed-swap")

    assert visitor.page.select_one("h1").get_text() == "Written by hand"


def test_uncommitted_and_rolled_back_changes_are_not_seen(app, event, visitor):
    before = visitor.get("/events/seed-swap").data
    db.session.rollback()
    apart = sa.create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    with apart.connect() as connection:
        connection.execute(sa.update(Event).values(title="Not yet"))
        during = visitor.get("/events/seed-swap").data
        connection.rollback()
    apart.dispose()

    assert during == visitor.get("/events/seed-swap").data == before


def test_control_without_the_commit_check_an_old_page_is_served(app, event, visitor, monkeypatch):
    monkeypatch.setattr(
        app.extensions["page_cache"].state, "now", lambda: CommitMoment(0, 0, "always the same", "")
    )
    before = visitor.get("/events/seed-swap").data
    event.title = "Seeds and stories"
    db.session.commit()

    assert visitor.get("/events/seed-swap").data == before


def test_changes_caused_by_time_are_seen_within_the_minute(ana, visitor):
    with time_machine.travel(clock.now(), tick=False) as traveller:
        event = factories.event(
            ana,
            title="Short",
            starts_at=clock.now() + timedelta(minutes=30),
            ends_at=clock.now() + timedelta(hours=1),
        )
        visitor.get("/events")
        assert "Short" in visitor.text
        visitor.get(event.path)
        assert "Sign in to answer" in visitor.text

        traveller.shift(timedelta(minutes=31))
        visitor.get(event.path)
        assert "Answers are closed" in visitor.text

        traveller.shift(timedelta(minutes=31))
        visitor.get("/events")
        assert "Short" not in visitor.text


def test_a_members_page_is_never_cached_or_shown_to_a_visitor(
    event, group, ana, browser, visitor, drawn
):
    event.audience = "group"
    db.session.commit()
    member = browser(ana)

    for _ in range(2):
        answer = member.get("/events/seed-swap")
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
        assert "ETag" not in answer.headers
    assert visitor.get("/events/seed-swap").status_code == 404
    assert len(drawn) == 3


@pytest.mark.parametrize(
    "shape", ["folkmoot ={}", "a=b; folkmoot\t={}", "\tfolkmoot={}", "folkmoot={}; folkmoot=x"]
)
def test_a_members_page_is_not_cached_however_the_cookie_is_written(
    app, event, ana, browser, visitor, shape
):
    event.audience = "group"
    db.session.commit()
    member = browser(ana)
    member.get(
        "/events/seed-swap"
    )  # its form puts a token into the session, which doesn't change afterwards
    secret = member.client.get_cookie("folkmoot", domain="127.0.0.1").value

    bare = app.test_client(use_cookies=False)
    headers = {"Cookie": shape.format(secret)}
    answer = bare.get("/events/seed-swap", base_url="http://127.0.0.1:8000", headers=headers)

    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    assert visitor.get("/events/seed-swap").status_code == 404


def test_a_page_rendered_for_a_session_is_not_cached_if_its_cookie_is_missed(
    app, event, ana, browser, monkeypatch
):
    member = browser(ana)
    monkeypatch.setattr(app.extensions["page_cache"], "has_session", lambda environ: False)

    for _ in range(2):
        assert member.get("/events/seed-swap").headers["Cache-Control"] == "private, no-store"


def test_a_visitors_page_is_never_shown_to_a_member(event, ana, browser, visitor):
    visitor.get("/events/seed-swap")
    member = browser(ana)

    member.get("/events/seed-swap")

    assert member.page.select_one("#account-menu")


@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-up", "/forgotten", "/nothing", "/health/live", "/dev/emails"]
)
def test_all_other_pages_forbid_caching(app, visitor, path):
    answer = visitor.get(path)

    assert "no-store" in answer.headers["Cache-Control"]
    assert "public" not in answer.headers["Cache-Control"]


def test_a_refusal_in_place_of_a_page_is_public_and_kept_by_shared_caches_alone(app, visitor):
    """So that a page that was there before doesn't come back from them; by its language."""
    before = app.extensions["page_cache"].pages.size
    answer = visitor.get("/events/nothing")

    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, PUBLIC)
    assert {"Accept-Language", "HX-Request"} <= set(answer.vary)
    assert list(answer.vary) != list(VARY)
    assert "ETag" not in answer.headers
    assert app.extensions["page_cache"].pages.size == before


# nine requests: on a PostgreSQL shared with other tests, someone else often commits
@pytest.mark.any_database
def test_head_requests_fragments_and_encodings_are_cached_separately(
    event, visitor, drawn, undisturbed
):
    part = {"HX-Request": "true", "HX-Target": "section#event-list", "HX-Request-Type": "partial"}

    def looks():
        drawn.clear()
        whole = visitor.get("/events")
        for _ in range(2):
            assert visitor.get("/events", headers=part).data.lstrip().startswith(b"<section")
            assert (
                visitor.get("/events", headers={"Accept-Encoding": "gzip"}).headers[
                    "Content-Encoding"
                ]
                == "gzip"
            )
            assert visitor.get("/events").data == whole.data
            head = visitor.client.head("/events", base_url="http://127.0.0.1:8000")
            assert (head.status_code, head.data, head.headers["ETag"]) == (
                200,
                b"",
                whole.headers["ETag"],
            )
        return whole

    whole = undisturbed(looks)
    assert drawn == ["/events"] * 3
    vary = whole.headers["Vary"]
    assert all(
        name in vary
        for name in (
            "Cookie",
            "Accept-Language",
            "Accept-Encoding",
            "HX-Request",
            "HX-Target",
            "HX-Request-Type",
        )
    )


def test_another_host_is_not_served_from_the_cache(event, visitor):
    visitor.get("/events")

    assert visitor.client.get("/events", base_url="http://evil.example").status_code == 400


def test_cached_pages_count_towards_the_rate_limit(app, event, visitor, monkeypatch):
    allowance = app.extensions["allowances"].addresses["reading"]
    monkeypatch.setattr(allowance, "most", 3)
    monkeypatch.setattr(allowance, "handful", 1)
    statuses = [visitor.get("/events").status_code for _ in range(5)]

    assert statuses[:1] == [200]
    assert statuses[-1] == 429


def test_cached_pages_are_not_trusted_without_the_database(app, event, visitor, monkeypatch):
    visitor.get("/events")
    monkeypatch.setattr(app.extensions["page_cache"].state, "now", lambda: None)

    answer = visitor.get("/events")

    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_cache_is_limited_in_bytes_and_drops_the_least_recently_used():
    pages = CachedPages(10_000)
    for name in "abc":
        pages.put(name, name.upper(), 2000)
    pages.get("a")
    pages.put("d", "D", 2000)

    assert [pages.get(name) for name in "abcd"] == ["A", None, "C", "D"]
    pages.put("a", "again", 9500)
    assert pages.size <= 10_000
    assert pages.get("b") is None


def test_cache_keys_count_towards_the_size_limit(app, event, visitor, monkeypatch):
    front = app.extensions["page_cache"]
    monkeypatch.setattr(front, "pages", CachedPages(200_000))
    for number in range(30):
        visitor.get(f"/events?q={number}", headers={"HX-Target": "x" * 20_000})

    assert len(front.pages._pages) < 10
