"""What an option is called: as its author wrote it, or by its date as the reader's language
writes dates.
"""

from typing import NamedTuple

from flask_babel import gettext as _

from ...core.time import time_zones
from ...events import date_format
from ..models import Option, Vote


class Dated(NamedTuple):
    """From when to when, by the clocks of a place."""

    starts_at: object
    ends_at: object
    zone: str
    is_all_day: bool = False


def title(vote: Vote, option: Option) -> str:
    """“Open kitchen”, or “Saturday 27 February 2027, 18:00 to 20:00” by the clocks of the vote."""
    return option.title if option.starts_at is None else date(vote, option)


def date(vote: Vote, option: Option, zone: str = "") -> str:
    """The date by the clocks of this zone; without one by those of the vote."""
    return date_format.both_ends(
        Dated(option.starts_at, option.ends_at, zone or vote.zone), zone or vote.zone
    )


def elsewhere(vote: Vote, option: Option, zone: str | None) -> str:
    """The same by the reader's own clocks, where they show another time; nothing where they do
    not.
    """
    if zone is None or option.starts_at is None:
        return ""
    if time_zones.wall(option.starts_at, zone) == time_zones.wall(option.starts_at, vote.zone):
        return ""
    return _("your time: %(date)s", date=date(vote, option, zone))
