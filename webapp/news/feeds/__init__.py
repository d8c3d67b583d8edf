"""Parsers of feeds, chosen by content: RSS, Atom, JSON Feed, and a list of posts as JSON.

Nothing here uses the network.
"""

from .detect import named_feed as named_feed, read as read
from .feed import Feed as Feed, FeedEntry as FeedEntry
