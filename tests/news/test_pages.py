"""The news pages: for everyone, for organizers and for the site's admins."""

from datetime import timedelta

import pytest
import time_machine

from tests import factories
from tests.news.conftest import chosen, says
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.groups.models import CLOSED
from webapp.news import polling, reads, store
from webapp.news.access import SITE, NewsScope
from webapp.news.feeds import FeedEntry
from webapp.news.fetch_errors import FetchError
from webapp.news.models import NewsItem, NewsSource

EELS = FeedEntry(
    "1",
    "Eels are back",
    "https://weir.example.org/eels",
    "Mere",
    '<p>Forty.</p><img src="/eel.jpg" alt="An eel">',
)


@pytest.fixture
def manage(group):
    """Return the path of the page for managing the group's feeds."""
    return f"{group.path}/manage/news"


def test_a_visitor_can_read_the_news_of_an_open_group(visitor, group, source):
    says(source, EELS, when=clock.now() - timedelta(minutes=10))
    visitor.get(group.path)
    visitor.get(visitor.page.find("a", string="News", href=f"{group.path}/news")["href"])
    assert "Updated 10 minutes ago." in visitor.text
    visitor.get(visitor.page.find("a", string="Eels are back")["href"])
    assert visitor.page.h1.text == "Eels are back"
    assert visitor.page.find("a", string="An eel")["href"] == "https://weir.example.org/eel.jpg"
    assert visitor.page.find("a", href="https://weir.example.org/eels")["rel"] == [
        "nofollow",
        "ugc",
        "noopener",
        "noreferrer",
    ]
    assert not visitor.page.select("article img")


def test_a_group_without_news_has_no_news_link(visitor, group):
    visitor.get(group.path)
    assert visitor.page.find("a", href=f"{group.path}/news") is None
    assert visitor.get(f"{group.path}/news").status_code == 200
    assert "No news yet" in visitor.text


def test_the_page_shows_the_age_of_its_copy_when_a_feed_is_silent(visitor, group, source):
    says(source, EELS, when=clock.now() - timedelta(hours=3))
    store.mark_failed(source, FetchError("silent"), clock.now() - timedelta(hours=2))
    db.session.commit()
    visitor.get(f"{group.path}/news")
    assert "This is an older copy of “The weir”" in visitor.text
    assert "Updated 3 hours ago." in visitor.text
    assert "Eels are back" in visitor.text


def test_loading_a_page_never_fetches_a_feed(visitor, group, source, monkeypatch):
    monkeypatch.setattr(
        polling, "fetch_all", lambda *_held: pytest.fail("a page has asked a source")
    )
    monkeypatch.setattr(
        "socket.getaddrinfo", lambda *_asked, **_how: pytest.fail("a page has looked a name up")
    )
    visitor.get(f"{group.path}/news")
    assert "for the first time" in visitor.text


def test_news_can_be_filtered_by_words_and_feed(visitor, group, source):
    says(source, EELS, "Low water")
    says(chosen(group, "https://two.example.org/", name="Two"), "Road works")
    visitor.get(f"{group.path}/news?q=eel")
    assert [one.text for one in visitor.page.select("#news h2")] == ["Eels are back"]
    visitor.get(f"{group.path}/news?q=salmon")
    assert "No news found" in visitor.text
    visitor.get(f"{group.path}/news")
    visitor.get(visitor.page.find("a", string="Two")["href"])
    assert [one.text for one in visitor.page.select("#news h2")] == ["Road works"]
    assert visitor.get(f"{group.path}/news?source=nobody").status_code == 200


def test_the_list_is_a_partial_with_further_pages(visitor, group, source, monkeypatch):
    monkeypatch.setattr(reads, "SIZE", 2)
    says(source, *(f"Eel no {number}" for number in range(3)))
    answer = visitor.fragment(f"{group.path}/news", "news")
    assert "<html" not in answer.text
    visitor.get(f"{group.path}/news?q=eel")
    following = visitor.page.find("a", rel="next")["href"]
    assert "q=eel" in following
    visitor.get(following)
    assert [one.text for one in visitor.page.select("#news h2")] == ["Eel no 2"]


def test_a_visitors_page_is_cached_and_takes_few_statements(
    app, visitor, group, source, statements_of
):
    says(source, *(f"Eel no {number}" for number in range(10)))
    for number in range(5):
        says(chosen(group, f"https://two.example.org/{number}"), "Road works")
    answer = visitor.get(f"{group.path}/news")
    assert answer.headers["Cache-Control"].startswith("public")
    assert (
        visitor.get(
            f"{group.path}/news", headers={"If-None-Match": answer.headers["ETag"]}
        ).status_code
        == 304
    )
    with app.app_context():
        db.session.rollback()
    assert statements_of(lambda: visitor.get(f"{group.path}/news?source=x")) <= 5


def test_news_of_a_closed_group_is_for_its_members(browser, visitor, group, source, ben, cem):
    says(source, EELS)
    group.visibility, group.join_policy = CLOSED, "approve"
    db.session.commit()
    item = db.session.query(NewsItem).one()
    for page, status in ((visitor, 404), (browser(cem), 404), (browser(ben), 200)):
        for path in (f"{group.path}/news", f"{group.path}/news/{item.id}"):
            assert page.get(path).status_code == status


def test_an_item_is_shown_only_where_its_feed_was_added(visitor, group, source, ben):
    says(source, EELS)
    says(chosen(None), "The site's")
    ours, sites = (
        db.session.query(NewsItem).filter_by(title=title).one().id
        for title in ("Eels are back", "The site's")
    )
    other = factories.group(ben)
    for path, status in (
        (f"{group.path}/news/{ours}", 200),
        (f"{other.path}/news/{ours}", 404),
        (f"/news/{ours}", 404),
        (f"/news/{sites}", 200),
        (f"{group.path}/news/{sites}", 404),
    ):
        assert visitor.get(path).status_code == status, path


def test_every_footer_links_to_the_sites_news(visitor, context):
    says(chosen(None), EELS)
    visitor.get("/")
    visitor.get(visitor.page.select_one("footer a[href='/news']")["href"])
    assert "Eels are back" in visitor.text


def test_an_organizer_can_add_rename_and_remove_a_feed(browser, ana, group, manage):
    page = browser(ana)
    page.get(f"{group.path}/manage")
    page.get(page.page.select_one(f"a[href='{manage}']")["href"])
    assert "No feeds yet" in page.text
    page.submit(f"{manage}", url="https://weir.example.org/feed")
    assert "Not checked yet" in page.text
    source = db.session.query(NewsSource).one()
    page.get(f"{manage}/{source.id}")
    page.submit(f"{manage}/{source.id}", name="Our weir")
    assert "Our weir" in page.text
    page.get(f"{manage}/{source.id}/removal")
    page.submit(f"{manage}/{source.id}/removal")
    assert "“Our weir” removed." in page.text
    assert reads.sources(NewsScope(group)) == []


def test_an_invalid_url_is_returned_with_a_message(browser, ana, manage):
    page = browser(ana)
    page.get(manage)
    answer = page.submit(manage, url="http://169.254.169.254/latest", name="Inside")
    assert answer.status_code == 422
    assert page.page.find("input", {"name": "url"})["value"] == "http://169.254.169.254/latest"
    assert page.page.find("input", {"name": "name"})["value"] == "Inside"
    assert "Enter a public link" in page.page.select_one("#url-err").text


def test_organizers_see_why_a_feed_fails_and_can_retry_it(app, browser, ana, source, manage):
    says(source, EELS, when=clock.now() - timedelta(days=2))
    store.mark_failed(source, FetchError("certificate"), clock.now() - timedelta(hours=1))
    db.session.commit()
    page = browser(ana)
    page.get(f"{source.group.path}/manage")
    page.get(page.page.select_one(".attention a")["href"])
    assert "Its security certificate can’t be trusted" in page.text
    assert "Not working" in page.text
    app.extensions["queue"].clear()
    page.submit(f"{manage}/{source.id}/attempt")
    assert "We’re checking the feed." in page.text
    assert app.extensions["queue"].take()[0] == polling.JOB


def test_retrying_twice_in_a_minute_is_refused_with_a_message(browser, ana, source, manage):
    store.mark_failed(source, FetchError("silent"), clock.now())
    db.session.commit()
    page = browser(ana)
    assert page.post(f"{manage}/{source.id}/attempt").status_code == 422
    assert "We’ve just checked this feed." in page.text


def test_a_feed_that_is_gone_says_that_it_is_no_longer_fetched(browser, ana, source, manage):
    store.mark_failed(source, FetchError("gone"), clock.now() - timedelta(hours=1))
    db.session.commit()
    page = browser(ana)
    page.get(manage)
    assert (
        "It says it’s gone for good. We’ve stopped checking it. Choose “Try again” to retry."
        in page.text
    )


def test_a_feed_of_another_group_gets_404(browser, ana, group, manage, ben):
    other = chosen(factories.group(ben))
    sites = chosen(None)
    page = browser(ana)
    for source in (other, sites):
        assert page.get(f"{manage}/{source.id}").status_code == 404
        for act in ("", "/attempt", "/removal"):
            assert page.post(f"{manage}/{source.id}{act}").status_code == 404


def test_admins_can_add_the_sites_feeds(browser, dia):
    page = browser(dia)
    page.get("/news")
    page.get(page.page.find("a", string="Add a feed")["href"])
    page.submit("/admin/news", url="https://weir.example.org/feed", name="The weir")
    assert [source.display_name for source in reads.sources(SITE)] == ["The weir"]
    assert "The weir" in page.text


def test_feed_urls_are_shown_only_to_those_who_manage_them(visitor, group):
    says(chosen(group, "https://weir.example.org/feed?token=canary"), EELS)
    visitor.get(f"{group.path}/news")
    assert "canary" not in visitor.answer.text


def test_the_page_shows_the_current_age_of_its_copy(visitor, group, source):
    says(source, EELS)
    visitor.get(f"{group.path}/news")
    with time_machine.travel(clock.now() + timedelta(minutes=5)):
        visitor.get(f"{group.path}/news")
        assert "Updated 5 minutes ago." in visitor.text
