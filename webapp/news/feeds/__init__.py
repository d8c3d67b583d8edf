"""What sources say, read by its content: RSS, Atom, JSON Feed, and a list of posts as JSON.

Nothing here asks the network.
"""

from .pages import named_feed as named_feed
from .reading import read as read
from .said import Entry as Entry
from .said import Feed as Feed
