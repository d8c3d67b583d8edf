"""What other sites say: read once from what stands here, as if they had said it, and never asked.

One of them is silent.
"""

from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import NamedTuple

from ...core import clock
from ...groups import reads
from ...groups.models import OWNER
from ...news import feeds, sources, store
from ...news.access import SITE, NewsShelf
from ...news.fetch_errors import FetchError
from ...news.fetching import FetchResponse
from ...news.models import NewsSource
from . import people
from .communities import Groups
from .people import Cast


class Said(NamedTuple):
    """Something that a site said so many hours ago."""

    hours: int
    title: str
    words: str


SOIL = [
    Said(
        3,
        "Frost on Thursday night",
        "<p>Clear skies and no wind: cover the beans, or take them in. <b>-2 °C</b>.</p>",
    ),
    Said(
        30,
        "What your nettles tell you",
        "<p>Where they stand tall there is nitrogen. Cut them before they flower, and let them stand in rain water:</p>"
        "<ul><li>one part nettles</li><li>ten parts water</li><li>two weeks, and a lid</li></ul>"
        '<p><img src="https://soil.demo.example.org/nettles.jpg" alt="Nettles behind a shed, as tall as a child"></p>',
    ),
    Said(
        75,
        "Seed potatoes are in",
        "<p>Fifteen kinds, by the half kilo. Open on Saturday until noon.</p>",
    ),
    Said(
        170,
        "Slugs: what worked last year",
        "<p>Boards to hide under, and a torch at ten in the evening. Beer did not.</p>",
    ),
]
WATER = [
    Said(
        50,
        "Water quality at the town bridge",
        "<p>Good after a dry week. Swim above the weir; wait for two days after rain.</p>",
    ),
    Said(
        120,
        "Works at the Aramoho bank",
        "<p>The path is closed until the end of the month. A way round is signed.</p>",
    ),
]
COMMONS = [
    Said(
        20,
        "Twelve community kitchens share one van",
        "<p>They found each other through a list of who needs it when.</p>",
    ),
    Said(
        96,
        "A letter to whoever starts a garden",
        "<p>Begin with the bench. People who sit down come back.</p>",
    ),
]


def create(cast: Cast, made: Groups) -> None:
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


def _say(source: NewsSource, title: str, said: list[Said], when: datetime) -> None:
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
