"""What a fetch stores: the last good copy, and when the feed is fetched again."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from tests.news.conftest import chosen, says
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.news import feeds, reads, store
from webapp.news.access import NewsScope
from webapp.news.feeds import Feed, FeedEntry
from webapp.news.fetch_errors import FetchError
from webapp.news.fetching import FetchResponse
from webapp.news.models import FAILING, GONE, GOOD, NewsItem

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def items(source, *conditions):
    db.session.expire_all()
    query = sa.select(NewsItem).where(NewsItem.source_id == source.id, *conditions)
    return list(
        db.session.scalars(query.order_by(NewsItem.published_at.desc(), NewsItem.id.desc()))
    )


def titles(source, *conditions):
    return [item.title for item in items(source, *conditions)]


def test_entries_are_stored_in_feed_order_with_the_current_time(source):
    says(source, "Eels are back", "Low water", when=NOW)
    assert titles(source) == ["Eels are back", "Low water"]
    assert (source.state, source.kind, source.title, source.display_name) == (
        GOOD,
        "rss",
        "The weir",
        "The weir",
    )
    assert (source.fetched_at, source.checked_at, source.due_at) == (NOW, NOW, NOW + store.EVERY)


def test_entries_are_sanitized_and_shortened_when_stored(source):
    entry = FeedEntry(
        "1",
        "<b>A</b> &amp;\u202e b",
        "https://weir.example.org/1",
        "<i>Mere</i>",
        "<script>x</script><p>w</p>" + "word " * 9000,
    )
    says(source, entry, when=NOW)
    item = items(source)[0]
    assert (item.title, item.author, item.url) == ("A & b", "Mere", "https://weir.example.org/1")
    assert item.body.startswith("<p>w</p>word")
    assert "script" not in item.body
    assert len(item.body) <= 20_000
    assert item.summary.startswith("w word")
    assert len(item.summary) <= 300


def test_changed_entries_are_updated_and_new_ones_added(source):
    says(source, FeedEntry("1", "Eels"), FeedEntry("2", "Low water"), when=NOW)
    first = {item.title: item.id for item in items(source)}
    says(
        source,
        FeedEntry("3", "High water"),
        FeedEntry("1", "Eels, forty"),
        FeedEntry("2", "Low water"),
        when=NOW + timedelta(hours=1),
    )
    second = {item.title: item.id for item in items(source)}
    assert set(second) == {"High water", "Eels, forty", "Low water"}
    assert (second["Eels, forty"], second["Low water"]) == (first["Eels"], first["Low water"])


def test_unlisted_entries_stay_marked_until_they_are_listed_again(source):
    says(source, "Eels", "Low water", when=NOW)
    says(source, "Eels", when=NOW + timedelta(hours=1))
    says(source, "Eels", when=NOW + timedelta(hours=2))
    assert [item.unlisted_at for item in items(source, NewsItem.title == "Low water")] == [
        NOW + timedelta(hours=1)
    ]
    says(source, "Eels", "Low water", when=NOW + timedelta(hours=3))
    assert titles(source, NewsItem.unlisted_at.is_not(None)) == []


def test_duplicate_entries_are_stored_once_and_empty_ones_skipped(source):
    says(
        source,
        FeedEntry("1", "Eels"),
        FeedEntry("1", "Eels again"),
        FeedEntry("2", " "),
        FeedEntry("3", "", html="<p>No title, but words.</p>"),
    )
    assert titles(source) == ["Eels", "No title, but words."]


def test_characters_no_column_can_store_are_removed(source):
    said = (
        '[{"id": "\\u0000", "title": "E\\u0000el\\ud800s", "author": "\\udfff", "url": '
        '"https://x.org/\\u0000"'
    )
    said += ', "body": "<p>\\ud800\\u0000F<img src=\'/%00%ff\'></p>"}]'
    store.save_items(
        source,
        feeds.read(said.encode(), source.url),
        FetchResponse(True, source.url, source.url),
        NOW,
    )
    db.session.commit()
    item = items(source)[0]
    assert (item.title, item.author, item.url) == ("Eels", "", "")
    assert item.summary.startswith("F")


def test_publication_dates_in_the_future_become_now(source):
    coming, past = (
        FeedEntry(name, name, published=NOW + timedelta(days=days))
        for name, days in [("Tomorrow", 400), ("Then", -2)]
    )
    says(source, coming, past, when=NOW)
    assert [(item.title, item.published_at) for item in items(source)] == [
        ("Tomorrow", NOW),
        ("Then", NOW - timedelta(days=2)),
    ]


def test_an_entry_dated_in_the_future_does_not_stay_on_top(source):
    coming = FeedEntry("Always on top", "Always on top", published=NOW + timedelta(days=400))
    says(source, coming, when=NOW)
    newer = FeedEntry("Newer", "Newer", published=NOW + timedelta(minutes=30))
    says(source, coming, newer, when=NOW + timedelta(hours=1))
    assert titles(source) == ["Newer", "Always on top"]


def test_items_per_feed_are_limited_but_listed_ones_stay(source, monkeypatch):
    monkeypatch.setattr(store, "MOST_ITEMS", 3)
    says(source, "a", "b", "c", when=NOW)
    says(
        source,
        FeedEntry("d", "d", published=NOW - timedelta(days=900)),
        "c",
        when=NOW + timedelta(hours=1),
    )
    assert sorted(titles(source)) == ["a", "c", "d"]


def test_an_unchanged_feed_updates_its_time_and_keeps_its_etag(source):
    says(source, "Eels", when=NOW)
    source.etag, source.last_modified = '"1"', "Monday"
    store.mark_answered(
        source, FetchResponse(False, source.url, source.url), NOW + timedelta(hours=1)
    )
    assert (source.etag, source.last_modified, source.fetched_at) == (
        '"1"',
        "Monday",
        NOW + timedelta(hours=1),
    )
    store.mark_answered(
        source, FetchResponse(True, source.url, source.url, etag='"2"'), NOW + timedelta(hours=2)
    )
    assert (source.etag, source.last_modified) == ('"2"', "")


def test_a_failing_feed_is_fetched_less_and_less_often_and_keeps_its_copy(source):
    says(source, "Eels", when=NOW)
    pauses = []
    for _time in range(12):
        store.mark_failed(source, FetchError("silent"), NOW)
        pauses.append((source.due_at - NOW).total_seconds() / 60)
    assert pauses[:4] == [5, 10, 20, 40]
    assert pauses[-1] == 24 * 60
    assert (source.state, source.error, source.failing_since, source.fetched_at) == (
        FAILING,
        "silent",
        NOW,
        NOW,
    )
    assert titles(source) == ["Eels"]
    assert reads.state_of([source]).silent == [source]

    says(source, "Eels", when=NOW + timedelta(days=1))
    assert (source.state, source.error, source.failing_since, source.failures) == (
        GOOD,
        "",
        None,
        0,
    )


def test_retry_after_is_respected(source):
    store.mark_failed(source, FetchError("busy", wait=7200), NOW)
    assert source.due_at == NOW + timedelta(hours=2)


def test_a_feed_that_is_gone_is_no_longer_fetched(source):
    says(source, "Eels", when=NOW)
    store.mark_failed(source, FetchError("gone"), NOW)
    assert (source.state, source.due_at) == (GONE, None)
    assert titles(source) == ["Eels"]


def test_a_permanently_moved_feed_is_fetched_at_its_new_url(source):
    store.mark_answered(source, FetchResponse(False, "https://new.example.org/feed", ""), NOW)
    assert source.url == "https://new.example.org/feed"


@pytest.mark.parametrize("at_site", [False, True])
def test_a_moved_feed_does_not_become_a_duplicate_of_another(group, at_site):
    where = None if at_site else group
    one, two = chosen(where, "https://one.example.org/"), chosen(where, "https://two.example.org/")
    store.mark_answered(one, FetchResponse(False, two.url, ""), NOW)
    assert one.url == "https://one.example.org/"


def test_news_can_be_searched_by_words_and_feed_in_pages(group, monkeypatch):
    monkeypatch.setattr(reads, "SIZE", 2)
    one, two = chosen(group), chosen(group, "https://two.example.org/")
    says(
        one,
        *(FeedEntry(str(n), f"Eel no {n}", published=NOW - timedelta(days=n)) for n in range(3)),
        when=NOW,
    )
    says(
        two,
        FeedEntry("1", "Ärger am Wehr", html="<p>Trout</p>", published=NOW - timedelta(days=9)),
        when=NOW,
    )
    scope = NewsScope(group)
    assert [row.title for row in reads.listed(scope).items] == ["Eel no 0", "Eel no 1"]
    assert [row.title for row in reads.listed(scope, "arger tro").items] == ["Ärger am Wehr"]
    assert [row.title for row in reads.listed(scope, source_id=two.id).items] == ["Ärger am Wehr"]
    assert reads.listed(scope, "salmon").items == []
    assert reads.listed(scope).next.startswith("after=")


def test_a_group_shows_only_its_own_news(group, ben):
    other = factories.group(ben)
    says(chosen(other), "Theirs")
    says(chosen(None), "The site's")
    says(chosen(group), "Ours")
    shown = [
        [row.title for row in reads.listed(scope).items]
        for scope in (NewsScope(group), NewsScope(other), NewsScope())
    ]
    assert shown == [["Ours"], ["Theirs"], ["The site's"]]


def test_a_feeds_entries_are_stored_with_few_statements(source, statements_of):
    feed = Feed("rss", "", entries=[FeedEntry(str(n), f"Eel no {n}") for n in range(50)])
    answer = FetchResponse(True, source.url, source.url)
    first = statements_of(
        lambda: (store.save_items(source, feed, answer, clock.now()), db.session.commit())
    )
    again = statements_of(
        lambda: (store.save_items(source, feed, answer, clock.now()), db.session.commit())
    )
    assert first <= 12
    assert again <= 6
