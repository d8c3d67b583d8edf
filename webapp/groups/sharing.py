"""The picture that other sites show with a link to a group."""

from uuid import UUID

import sqlalchemy as sa

from ..core import site_settings
from ..core.extensions import db
from ..core.http import links
from ..core.storage import pictures
from ..core.ui import share_cards
from ..core.ui.artwork import scene_for
from .models import SECRET, Group


def image_of(group: Group) -> str:
    """Return the absolute URL of the group's picture, or of its drawn card."""
    id = group.picture or card_id(group)
    return links.absolute(f"{group.path}/picture/{id}/{pictures.SHARE}")


def may_be_shared(group: Group) -> bool:
    """Whether anyone with the link sees its name and summary."""
    return group.visibility != SECRET and group.deleted_at is None


def card_id(group: Group) -> UUID:
    """Return the id of the group's drawn card, which changes with what the card shows."""
    site = site_settings.value("SITE_NAME")
    return share_cards.id_of(group.id, group.name, group.location, group.summary, site)


def drawn_card(group: Group) -> bytes:
    """Return the card as PNG: location, name, summary."""
    site = site_settings.value("SITE_NAME")
    words = (group.location, group.name, group.summary, site)
    return share_cards.draw(share_cards.Card(*words, scene_for(group.id)))


def add_cards(kind: str, ids: set[str]) -> None:
    """Add the cards of all groups to the pictures in use."""
    if kind == "picture":
        shared = sa.select(Group).where(Group.picture.is_(None), Group.deleted_at.is_(None))
        groups = db.session.scalars(shared.execution_options(yield_per=500))
        ids.update(card_id(group).hex for group in groups if may_be_shared(group))
