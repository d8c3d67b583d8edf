"""Feeds are added, fetched by the job, retried and removed."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from tests.news.conftest import chosen, says
from tests.news.hosts import RSS, Host, answer, feed
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.core.jobs import queue
from webapp.core.observability import audit
from webapp.core.time import clock
from webapp.groups import groups
from webapp.groups.models import Group
from webapp.news import jobs, polling, reads, sources, store
from webapp.news.access import SITE, NewsScope
from webapp.news.models import FAILING, GOOD, NEW, NewsItem, NewsSource

pytestmark = pytest.mark.any_database


@pytest.fixture
def waiting(app):
    """Return the waiting jobs by name."""
    line = app.extensions["queue"]
    line.clear()
    return lambda: [line.take()[0] for _one in range(len(line))]


def count(model):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def looked(app):
    """Run the job, as often as it has queued itself."""
    db.session.commit()
    queue.enqueue(polling.JOB)
    db.session.commit()
    queue.drain(app, raising=True)
    db.session.expire_all()


def test_a_new_feed_is_fetched_after_the_commit(ana, group, waiting):
    source = sources.add(NewsScope(group), ana, "weir.example.org/Feed#top", "The weir")
    assert waiting() == []
    db.session.commit()
    assert waiting() == [polling.JOB]
    assert (source.url, source.display_name, source.state) == (
        "https://weir.example.org/Feed",
        "The weir",
        NEW,
    )
    assert group.has_news
    assert [entry.details for entry, _address in audit.entries(action="news_source.added")] == [
        {"host": "weir.example.org"}
    ]


def test_the_sites_feeds_are_separate_from_groups(dia, ana, group):
    sources.add(SITE, dia, "https://weir.example.org/")
    sources.add(NewsScope(group), ana, "https://weir.example.org/")
    db.session.commit()
    assert [len(reads.sources(scope)) for scope in (SITE, NewsScope(group))] == [1, 1]
    assert reads.sources(SITE)[0].display_name == "weir.example.org"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "ftp://weir.example.org/", "weir", "http://[::1]/", "x@y.org"]
)
def test_a_url_the_site_would_not_visit_is_refused_at_its_field(ana, group, url):
    with pytest.raises(UserError) as broken:
        sources.add(NewsScope(group), ana, url)
    assert broken.value.field == "url"


def test_a_feed_is_added_once_however_its_url_is_written(ana, group):
    sources.add(NewsScope(group), ana, "feed://Weir.example.org")
    with pytest.raises(UserError):
        sources.add(NewsScope(group), ana, "https://weir.example.org:443/")


def test_at_most_twenty_feeds_can_be_added(ana, group):
    for number in range(sources.MOST):
        sources.add(NewsScope(group), ana, f"https://weir.example.org/{number}")
    with pytest.raises(UserError):
        sources.add(NewsScope(group), ana, "https://weir.example.org/more")


def test_removing_a_feed_deletes_its_news(ana, group):
    one, two = chosen(group), chosen(group, "https://two.example.org/")
    says(one, "Eels")
    sources.remove(NewsScope(group), one, by=ana)
    db.session.commit()
    assert (count(NewsItem), group.has_news) == (0, True)
    sources.remove(NewsScope(group), two, by=ana)
    db.session.commit()
    assert (count(NewsSource), group.has_news) == (0, False)


def test_removing_a_feed_already_removed_is_a_conflict(ana, group, source):
    db.session.refresh(source)
    db.session.execute(sa.delete(NewsSource), execution_options={"synchronize_session": False})
    for act in (
        lambda: sources.remove(NewsScope(group), source, by=ana),
        lambda: sources.rename(source, "x", by=ana),
    ):
        with pytest.raises(Conflict):
            act()


def test_a_feed_has_its_own_title_unless_it_is_renamed(ana, source):
    says(source, "Eels")
    assert source.display_name == "The weir"
    sources.rename(source, "Our weir", by=ana)
    assert source.display_name == "Our weir"
    sources.rename(source, "", by=ana)
    assert source.display_name == "The weir"


def test_a_feed_can_be_retried_but_not_too_often(ana, source, waiting):
    store.mark_failed(source, polling.FetchError("gone"), clock.now() - timedelta(minutes=5))
    sources.ask_again(source, by=ana)
    db.session.commit()
    assert waiting() == [polling.JOB]
    assert source.due_at <= clock.now()
    store.mark_failed(source, polling.FetchError("gone"), clock.now())
    with pytest.raises(UserError):
        sources.ask_again(source, by=ana)


def test_the_job_stores_news_and_makes_a_conditional_request_next_time(app, group, monkeypatch):
    with Host(
        lambda head: (
            answer(status="304 Not Modified", length="")
            if "If-None-Match" in head
            else feed(ETag='"1"')
        )
    ) as host:
        monkeypatch.setattr(jobs, "guard", host.guard)
        source = chosen(group, host.url)
        looked(app)
        assert (source.state, source.etag) == (GOOD, '"1"')
        assert [row.title for row in reads.listed(NewsScope(group)).items] == [
            "Eels are back",
            "Low water",
        ]
        assert "User-Agent: Folkmoot/" in host.asked[0]

        looked(app)
        assert len(host.asked) == 1

        source.due_at = clock.now()
        looked(app)
        assert len(host.asked) == 2
        assert '\r\nIf-None-Match: "1"\r\n' in host.asked[1]
        assert source.state == GOOD
        assert count(NewsItem) == 2


def test_an_unexpected_error_affects_only_its_own_feed(app, group, monkeypatch):
    def look_up(name, port, seconds):
        if name == "odd.example.org":
            raise RuntimeError("odd")
        return known(name, port, seconds)

    with Host(feed()) as host:
        known = host.guard().look_up
        monkeypatch.setattr(jobs, "guard", lambda: host.guard()._replace(look_up=look_up))
        odd, source = chosen(group, host.url.replace("weir.", "odd.")), chosen(group, host.url)
        looked(app)
    assert (odd.state, odd.error, odd.failures) == (FAILING, "failed", 1)
    assert source.state == GOOD


def test_a_feed_that_breaks_keeps_its_last_good_copy(app, group, monkeypatch):
    broken = []
    with Host(
        lambda _head: answer("<rss><channel>", Content_Type="text/xml") if broken else feed()
    ) as host:
        monkeypatch.setattr(jobs, "guard", host.guard)
        source = chosen(group, host.url)
        looked(app)
        broken.append(True)
        source.due_at = clock.now()
        looked(app)
    assert (source.state, source.error, source.failures) == (FAILING, "broken", 1)
    assert count(NewsItem) == 2


def page(at="/rss"):
    """Return a host with a web page that names a feed, and a feed at `/rss`."""
    html = f"<!doctype html><html><head><link rel=alternate type='application/rss+xml' href='{at}'>"
    said = answer(html, Content_Type="text/html", ETag='"page"')
    return Host(lambda head: feed(ETag='"feed"') if " /rss " in head else said)


def test_a_web_page_is_replaced_by_the_feed_it_names(app, group, monkeypatch):
    with page() as host:
        monkeypatch.setattr(jobs, "guard", host.guard)
        source = chosen(group, host.url)
        looked(app)
        assert (source.state, source.url, source.title) == (
            GOOD,
            host.url.replace("/feed", "/rss"),
            "The weir",
        )
        source.due_at = clock.now()
        looked(app)
        assert [head.split()[1] for head in host.asked] == ["/feed", "/rss", "/rss"]
    assert count(NewsItem) == 2


@pytest.mark.parametrize(
    "inside", ["http://10.0.0.1/rss", "http://localhost/rss", "http://169.254.169.254/rss", "/feed"]
)
def test_a_web_page_cannot_name_a_feed_the_site_would_not_visit(app, group, monkeypatch, inside):
    with page(inside) as host:
        monkeypatch.setattr(jobs, "guard", host.guard)
        source = chosen(group, host.url)
        looked(app)
        assert len(host.asked) == (2 if inside == "/feed" else 1)
    assert (source.state, source.error, source.url) == (FAILING, "page", host.url)


def test_a_web_page_whose_feed_is_already_added_says_so(app, group, monkeypatch):
    with page() as host:
        monkeypatch.setattr(jobs, "guard", host.guard)
        chosen(group, host.url.replace("/feed", "/rss"))
        source = chosen(group, host.url)
        looked(app)
    assert (source.state, source.error, source.url) == (FAILING, "known", host.url)
    assert count(NewsItem) == 2


def test_a_web_page_in_place_of_a_known_feed_is_not_followed(app, group, monkeypatch):
    with page() as host:
        monkeypatch.setattr(jobs, "guard", host.guard)
        source = chosen(group, host.url)
        source.kind = "rss"
        looked(app)
        assert [head.split()[1] for head in host.asked] == ["/feed"]
    assert (source.state, source.error, source.url) == (FAILING, "page", host.url)


def test_a_feed_that_crashes_the_job_delays_no_other_and_is_retried_later(app, group, monkeypatch):
    settle = polling.store_result
    with Host(feed()) as host:
        monkeypatch.setattr(jobs, "guard", host.guard)
        bad, good = chosen(group, host.url), chosen(None, host.url)
        bad_id = bad.id

        def breaking(held, said):
            if held.id == bad_id and not isinstance(said, polling.FetchError):
                raise ZeroDivisionError
            return settle(held, said)

        monkeypatch.setattr(polling, "store_result", breaking)
        looked(app)
    assert (bad.state, bad.lease, good.state) == (FAILING, None, GOOD)
    assert bad.due_at > clock.now()


def test_due_feeds_are_fetched_in_batches(app, group, monkeypatch):
    with Host(feed()) as host:
        monkeypatch.setattr(jobs, "guard", host.guard)
        for number in range(polling.AT_ONCE + 2):
            chosen(group, f"{host.url}/{number}")
        looked(app)
        assert len(host.asked) == polling.AT_ONCE + 2
    assert {source.state for source in reads.sources(NewsScope(group))} == {GOOD}


def test_feeds_of_a_deleted_group_are_not_fetched(app, ana, group, source):
    groups.delete(group, by=ana)
    db.session.commit()
    assert polling.take() == []
    groups.restore(group, by=ana)
    db.session.commit()
    assert [held.id for held in polling.take()] == [source.id]


def test_purging_a_group_deletes_its_feeds_and_news(group, source):
    says(source, "Eels")
    db.session.execute(sa.delete(Group).where(Group.id == group.id))
    db.session.commit()
    assert (count(NewsSource), count(NewsItem)) == (0, 0)


def test_an_expired_lease_is_taken_over_and_the_late_job_writes_nothing(source):
    late = polling.take()[0]
    db.session.commit()
    assert polling.take() == []
    db.session.execute(
        sa.update(NewsSource).values(leased_until=clock.now() - timedelta(seconds=1))
    )
    again = polling.take()[0]
    db.session.commit()
    assert polling.store_result(late, polling.FetchError("silent")) is False
    assert polling.store_result(again, fetched()) is True
    db.session.commit()
    assert (source.state, source.lease) == (GOOD, None)


def test_a_feed_removed_meanwhile_is_skipped(source):
    held = polling.take()[0]
    db.session.delete(source)
    db.session.commit()
    assert polling.store_result(held, fetched()) is False
    assert count(NewsItem) == 0


def fetched():
    return polling.FetchResponse(
        True, "https://weir.example.org/feed", "https://weir.example.org/feed", RSS.encode()
    )


def test_feeds_are_polled_every_minute(app):
    assert queue.SCHEDULES[polling.JOB] == 60


def test_a_setting_allows_other_ports(app, context, monkeypatch):
    assert jobs.guard().ports == {80, 443}
    monkeypatch.setitem(app.config, "NEWS_PORTS", frozenset({8080}))
    assert jobs.guard().ports == {8080}


def test_audit_log_records_feeds_by_host_only(ana, group):
    """The log names only the host, because a URL may contain a secret."""
    sources.add(NewsScope(group), ana, "https://weir.example.org/feed?token=canary")
    db.session.commit()
    assert "canary" not in str([entry.details for entry, _address in audit.entries()])


def test_other_groups_are_not_affected(ana, ben, group):
    other = factories.group(ben)
    sources.add(NewsScope(group), ana, "https://weir.example.org/")
    db.session.commit()
    assert not other.has_news
