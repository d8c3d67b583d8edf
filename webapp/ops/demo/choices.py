"""What some people of the demo have chosen to hear, and how."""

from ...accounts import distances
from ...accounts.models import BLOCK, MUTE
from ...groups.models import Group
from ...notifications import preferences
from ...notifications.models import DAILY, IMPORTANT, INBOX, OFF
from . import people
from .people import Cast


def create(cast: Cast, groups: dict[str, Group]) -> None:
    """One hears of new things in the daily mail, one likes few mails, one only wants what matters
    from a group; two keep somebody at a distance."""
    preferences.choose(
        cast[people.MEMBER], {"event.published": DAILY, "vote.closed": DAILY, "rsvp.answered": OFF}
    )
    preferences.choose(cast[people.ORGANIZER], {"request.arrived": DAILY, "vote.opened": INBOX})
    preferences.choose_level(cast[people.ADMIN], groups["garden"].id, IMPORTANT)
    distances.keep(cast[people.MEMBER], cast["Callum Reid"], MUTE)
    distances.keep(cast[people.ORGANIZER], cast["Sione Latu"], BLOCK)
