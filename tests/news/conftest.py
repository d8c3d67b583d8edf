"""Feeds, and their contents."""

import pytest

from tests import factories
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.news import store
from webapp.news.feeds import Feed, FeedEntry
from webapp.news.fetching import FetchResponse
from webapp.news.models import NewsSource


@pytest.fixture
def group(ana, ben):
    """Ana's group, to which Ben belongs."""
    return factories.group(ana, ben, name="Weir friends")


@pytest.fixture
def source(group):
    """A feed of the group's that hasn't been requested yet."""
    return chosen(group)


def chosen(group=None, url="https://weir.example.org/feed", **values):
    """Create a feed, and commit."""
    made = NewsSource(group_id=group and group.id, url=url, due_at=clock.now(), **values)
    if group is not None:
        group.has_news = True
    db.session.add(made)
    db.session.commit()
    return made


def says(source, *titles, when=None, **about):
    """Add these news items to the feed, the newest first; commit."""
    entries = [
        title
        if isinstance(title, FeedEntry)
        else FeedEntry(id=title, title=title, html=f"<p>{title}.</p>")
        for title in titles
    ]
    feed = Feed(
        "rss", "https://weir.example.org/", about.pop("title", "The weir"), entries=entries, **about
    )
    store.save_items(source, feed, FetchResponse(True, source.url, source.url), when or clock.now())
    db.session.commit()
