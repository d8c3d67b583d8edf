"""Parsers of feeds, chosen by content: RSS, Atom, JSON Feed, and a list of posts as JSON.

Nothing here uses the network.
"""

from .detect import named_feed as named_feed
from .detect import read as read
from .feed import Feed as Feed
from .feed import FeedEntry as FeedEntry
