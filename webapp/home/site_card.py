"""The picture that other sites show with a link to the site, and to pages without a picture."""

from uuid import UUID

from flask_babel import gettext as _

from ..core import i18n, site_settings
from ..core.http import links
from ..core.storage import pictures
from ..core.ui import share_cards

#: A ring of people on a meadow.
ART = ("ring", "")


def url() -> str:
    """Return the absolute URL of the drawn card."""
    return links.absolute(f"/picture/{card_id()}/{pictures.SHARE}")


def card_id() -> UUID:
    """Return the id of the card, which changes with the site's name."""
    return share_cards.id_of(site_settings.value("SITE_NAME"))


def drawn_card() -> bytes:
    """Return the card as PNG."""
    with i18n.force_locale(i18n.SOURCE):
        words = _("Groups, events and votes")
    return share_cards.draw(share_cards.Card("", site_settings.value("SITE_NAME"), words, "", ART))


def add_card(kind: str, ids: set[str]) -> None:
    """Add the card to the pictures in use."""
    if kind == "picture":
        ids.add(card_id().hex)
