"""Previews of links for other sites: a cover with a title, a date and a place, as a picture.

It is the same for every reader, so its words are in the source code's language.
"""

from hashlib import blake2b
from typing import Any, NamedTuple
from uuid import UUID

from .artwork import Art

#: Change this when the drawing changes: then every card has a new URL.
VERSION = 1


class Card(NamedTuple):
    """What a card says, from top to bottom, and its cover. Any text may be empty."""

    kicker: str
    title: str
    place: str
    site: str
    art: Art


def id_of(*facts: Any) -> UUID:
    """Return the id of a card that is drawn from these facts: others have another."""
    return UUID(bytes=blake2b(repr((VERSION, facts)).encode(), digest_size=16).digest())


def draw(card: Card) -> bytes:
    """Return the card as PNG."""
    from . import card_drawing  # slow to import: only when a card is drawn

    return card_drawing.draw(*card)
