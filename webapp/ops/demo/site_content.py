"""The pages that the people who run the demo have made their own; the imprint is still the
draft.
"""

from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import NamedTuple

from ...accounts import blocks
from ...accounts.models import BLOCK, MUTE
from ...core.time import clock
from ...groups import reads
from ...groups.models import OWNER, Group
from ...news import feeds, sources, store
from ...news.access import SITE, NewsShelf
from ...news.fetch_errors import FetchError
from ...news.fetching import FetchResponse
from ...news.models import NewsSource
from ...notifications import preferences
from ...notifications.models import DAILY, IMPORTANT, INBOX, OFF
from ...privacy import pages
from ...privacy import reads as page_reads
from ...privacy.models import PRIVACY, TERMS
from . import people
from .groups import Groups
from .people import Cast

RULES = """## What this is

A place for our gardeners, river people and co-operative to meet and decide. It is run by a
few of us and costs nothing.

## How we treat each other

- **Be yourself**, under a name by which people know you.
- **Be civil.** Argue about the matter.
- **Come if you say that you come.** If you cannot, give your seat back early:
  somebody waits for it.
- **Leave others their privacy.** What you learn in a group stays there.

## When something goes wrong

Those who lead a group may remove what breaks these rules. You can object: write to Ingrid.
"""
PAPER = """## Who is responsible

Ingrid Solheim, for the people of this demo. Nobody here is real, and neither is this page.

## What we keep

Your account, what you do here, and in which browsers you are signed in. We sell
nothing and count nobody.

## What you can do

Under *Your account* you take your data along, correct it, or leave.
"""


def create(cast: Cast) -> None:
    """House rules in their third version, a privacy page in its second."""
    admin = cast[people.ADMIN]
    for page, body in [(TERMS, RULES.partition("## When")[0]), (TERMS, RULES), (PRIVACY, PAPER)]:
        pages.publish(page, body, admin, page_reads.newest(page))


def create_preferences(cast: Cast, groups: dict[str, Group]) -> None:
    """One hears of new things in the daily mail, one likes few mails, one only wants what matters
    from a group; two keep someone at a distance."""
    preferences.choose(
        cast[people.MEMBER], {"event.published": DAILY, "vote.closed": DAILY, "rsvp.answered": OFF}
    )
    preferences.choose(cast[people.ORGANIZER], {"request.arrived": DAILY, "vote.opened": INBOX})
    preferences.choose_level(cast[people.ADMIN], groups["garden"].id, IMPORTANT)
    blocks.block_or_mute(cast[people.MEMBER], cast["Callum Reid"], MUTE)
    blocks.block_or_mute(cast[people.ORGANIZER], cast["Sione Latu"], BLOCK)


class FeedItem(NamedTuple):
    """Something that a site said so many hours ago."""

    hours: int
    title: str
    words: str


SOIL = [
    FeedItem(
        3,
        "Frost on Thursday night",
        "<p>Clear skies and no wind: cover the beans, or take them in. <b>-2 °C</b>.</p>",
    ),
    FeedItem(
        30,
        "What your nettles tell you",
        "<p>Where they stand tall there is nitrogen. Cut them before they flower, and let them "
        "stand in rain water:</p>"
        "<ul><li>one part nettles</li><li>ten parts water</li><li>two weeks, and a lid</li></ul>"
        '<p><img src="https://soil.demo.example.org/nettles.jpg" alt="Nettles behind a shed, as '
        'tall as a child"></p>',
    ),
    FeedItem(
        75,
        "Seed potatoes are in",
        "<p>Fifteen kinds, by the half kilo. Open on Saturday until noon.</p>",
    ),
    FeedItem(
        170,
        "Slugs: what worked last year",
        "<p>Boards to hide under, and a torch at ten in the evening. Beer did not.</p>",
    ),
]
WATER = [
    FeedItem(
        50,
        "Water quality at the town bridge",
        "<p>Good after a dry week. Swim above the weir; wait for two days after rain.</p>",
    ),
    FeedItem(
        120,
        "Works at the Aramoho bank",
        "<p>The path is closed until the end of the month. A way round is signed.</p>",
    ),
]
COMMONS = [
    FeedItem(
        20,
        "Twelve community kitchens share one van",
        "<p>They found each other through a list of who needs it when.</p>",
    ),
    FeedItem(
        96,
        "A letter to whoever starts a garden",
        "<p>Begin with the bench. People who sit down come back.</p>",
    ),
]


def create_feeds(cast: Cast, made: Groups) -> None:
    """A garden's news, a river's whose source fails since yesterday, and the site's."""
    lead = {key: reads.members(made[key], OWNER)[0] for key in ("garden", "river")}
    garden, river = NewsShelf(made["garden"]), NewsShelf(made["river"])
    now = clock.now()
    soil = sources.add(garden, lead["garden"], "https://soil.demo.example.org/feed.xml")
    water = sources.add(
        river, lead["river"], "https://water.demo.example.org/notes.xml", "Water at the bridge"
    )
    commons = sources.add(SITE, cast[people.ADMIN], "https://commons.demo.example.org/rss")
    _say(soil, "Soil and Weather", SOIL, now - timedelta(minutes=10))
    _say(water, "Regional water notes", WATER, now - timedelta(hours=26))
    _say(commons, "Commons Weekly", COMMONS, now - timedelta(minutes=40))
    store.failed(water, FetchError("silent"), now - timedelta(hours=25))
    for source in (soil, water, commons):
        source.due_at = None  # nobody lives there


def _say(source: NewsSource, title: str, said: list[FeedItem], when: datetime) -> None:
    home = f"https://{source.host}/"
    items = "".join(
        f"<item><title>{one.title}</title><link>{home}{number}</link><description>{escape(one.words)}</description>"
        f"<pubDate>{format_datetime(when - timedelta(hours=one.hours))}</pubDate></item>"
        for number, one in enumerate(said, 1)
    )
    text = (
        "<rss "
        f"version='2.0'><channel><title>{title}</title><link>{home}</link>{items}</channel></rss>"
    )
    store.keep(
        source,
        feeds.read(text.encode(), source.url),
        FetchResponse(True, source.url, source.url),
        when,
    )
