"""The pages of one's own account, in the order of their navigation.

Pages that the application doesn't have aren't listed.
"""

from collections.abc import Container
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _


class AccountPage(NamedTuple):
    """A page of the account: its endpoint, icon, label and description."""

    endpoint: str
    icon: str
    words: Any
    about: Any


ACCOUNT_PAGES = [
    AccountPage("account.show", "home", _("Overview"), _("Your account at a glance")),
    AccountPage("profile.edit", "people", _("Profile"), _("What others see about you")),
    AccountPage(
        "settings.edit", "settings", _("Settings"), _("Time zone, language, colours and text size")
    ),
    AccountPage(
        "preferences.edit",
        "bell",
        _("Notifications"),
        _("What you get by email and in your inbox"),
    ),
    AccountPage(
        "calendar_links.show",
        "calendar",
        _("Calendar"),
        _("Your events in your own calendar"),
    ),
    AccountPage(
        "blocks.index", "block", _("Muted and blocked"), _("People you don’t want to hear from")
    ),
    AccountPage(
        "my_reports.index",
        "flag",
        _("Reports"),
        _("What you reported, and decisions about you"),
    ),
    AccountPage("security.show", "key", _("Security"), _("Your email address and password")),
    AccountPage("sign_ins.index", "lock", _("Sign-ins"), _("Browsers where you’re signed in")),
    AccountPage(
        "your_data.show", "download", _("Your data"), _("Download it, or delete your account")
    ),
]


def available_pages(endpoints: Container[str]) -> list[AccountPage]:
    """Return the pages whose endpoints exist."""
    return [place for place in ACCOUNT_PAGES if place.endpoint in endpoints]
