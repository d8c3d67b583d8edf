"""What some people of the demo have chosen to hear, and how."""

from ...groups.models import Group
from ...notifications import preferences
from ...notifications.models import DAILY, IMPORTANT, INBOX, OFF
from . import people
from .people import Cast


def create(cast: Cast, groups: dict[str, Group]) -> None:
    """One hears of new things in the daily mail, one likes few mails, one only wants what matters from a group."""
    preferences.choose(cast[people.MEMBER], {"event.published": DAILY, "vote.closed": DAILY, "rsvp.answered": OFF})
    preferences.choose(cast[people.ORGANIZER], {"request.arrived": DAILY, "vote.opened": INBOX})
    preferences.choose_level(cast[people.ADMIN], groups["garden"].id, IMPORTANT)
