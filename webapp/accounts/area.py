"""The pages of one's own account, in the order of their navigation.

A page that the application doesn't have isn't listed.
"""

from collections.abc import Container
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _


class Place(NamedTuple):
    """A page of the account: its endpoint, its icon, what it is called, and what one finds
    there.
    """

    endpoint: str
    icon: str
    words: Any
    about: Any


PLACES = [
    Place("account.show", "home", _("Overview"), _("Who you are here")),
    Place("profile.edit", "people", _("Profile"), _("What others see of you")),
    Place(
        "settings.edit", "settings", _("Settings"), _("Time zone, language, colours and text size")
    ),
    Place(
        "preferences.edit",
        "bell",
        _("What we tell you"),
        _("What reaches you by mail, and what in your inbox"),
    ),
    Place(
        "subscriptions.show",
        "calendar",
        _("Calendar"),
        _("Your events in the calendar that you use"),
    ),
    Place("distances.index", "cross", _("Muted and blocked"), _("People of whom you hear less")),
    Place(
        "my_reports.index",
        "flag",
        _("Reports"),
        _("What you reported, and what was decided about you"),
    ),
    Place("security.show", "key", _("Safety"), _("Your address and your password")),
    Place("sign_ins.index", "lock", _("Sign-ins"), _("The browsers in which you are signed in")),
    Place("your_data.show", "download", _("Your data"), _("Take it home, or leave")),
]


def places(endpoints: Container[str]) -> list[Place]:
    """Those pages that an application with these endpoints has."""
    return [place for place in PLACES if place.endpoint in endpoints]
