"""Legal pages, personal settings and news feeds; the imprint stays a draft."""

from dataclasses import dataclass
from typing import Any

from ...accounts import blocks
from ...accounts.models import BLOCK, MUTE
from ...news import sources, store
from ...news.access import SITE, NewsScope
from ...news.fetch_errors import FetchError
from ...news.models import NewsSource
from ...notifications import preferences
from ...notifications.models import IMPORTANT
from ...privacy import pages, reads as page_reads
from ...privacy.models import PRIVACY, TERMS
from . import people, texts, world
from .groups import Groups, owner_of
from .people import Cast

TEXTS = texts.load("site")


def create(cast: Cast) -> None:
    """Publish the third version of the house rules, and the second of the privacy page."""
    admin, rules = cast[people.ADMIN], TEXTS["rules"]
    versions = ((TERMS, rules.partition("## When")[0]), (TERMS, rules), (PRIVACY, TEXTS["privacy"]))
    for page, body in versions:
        pages.publish(page, body, admin, page_reads.newest(page))


def create_preferences(cast: Cast, groups: Groups) -> None:
    """Set some notification settings: a weekly digest, few emails, a group's level, a mute and a
    block.
    """
    for name, chosen in TEXTS["preferences"].items():
        preferences.choose(cast[name], chosen)
    preferences.choose_level(cast[people.ADMIN], groups["garden"].id, IMPORTANT)
    blocks.block_or_mute(cast[people.MEMBER], cast["Callum Reid"], MUTE)
    blocks.block_or_mute(cast[people.ORGANIZER], cast["Sione Latu"], BLOCK)


@dataclass(frozen=True)
class DemoFeed:
    """A news feed of a group or the site, last read `read_ago` minutes ago; items are that many
    hours older.
    """

    url: str
    title: str
    read_ago: int
    items: list[dict[str, Any]]
    group: str = ""
    name: str = ""
    failed_ago: int | None = None


def create_feeds(cast: Cast, made: Groups) -> None:
    """Add feeds: a garden's, a river's that has failed since yesterday, and the site's."""
    for feed in texts.rows(DemoFeed, TEXTS["feeds"]):
        with world.at(world.ago(minutes=feed.read_ago)):
            source = _source(feed, cast, made)
            world.news(source, feed.items, feed.title)
        if feed.failed_ago is not None:
            store.mark_failed(source, FetchError("silent"), world.ago(minutes=feed.failed_ago))
            source.due_at = None  # never poll it: it doesn't exist


def _source(feed: DemoFeed, cast: Cast, made: Groups) -> NewsSource:
    if not feed.group:
        return sources.add(SITE, cast[people.ADMIN], feed.url, feed.name)
    group = made[feed.group]
    return sources.add(NewsScope(group), owner_of(group), feed.url, feed.name)
