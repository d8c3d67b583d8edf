"""What people settle for themselves: how the site, and its emails, look and speak to them."""

from typing import NamedTuple

from ..core import i18n, site_settings
from .models import User

#: how it looks: empty follows the person's own system
THEMES = ("", "light", "dark")
#: hues of static/css/tokens.css; the first one is the site's until its admins choose
ACCENTS = ("meadow", "river", "loch", "bluebell", "heather", "clay", "gorse", "slate")
TEXT_SIZES = ("normal", "large")
#: how many hours a clock has
CLOCKS = ("24", "12")


class PersonalSettings(NamedTuple):
    """Everything that a person settles on one page."""

    zone: str
    locale: str
    clock: str = CLOCKS[0]
    theme: str = ""
    accent: str = ACCENTS[0]
    text_size: str = TEXT_SIZES[0]


def site_accent() -> str:
    """The site's own hue, which people see who have chosen no other."""
    accent = site_settings.value("ACCENT")
    return accent if accent in ACCENTS else ACCENTS[0]


def apply_settings(user: User, wanted: PersonalSettings) -> None:
    """From now on every page and every new email of theirs is as `user` wants it."""
    user.zone, user.locale = wanted.zone, i18n.with_clock(wanted.locale, wanted.clock)
    user.theme = wanted.theme or None
    user.accent = None if wanted.accent == site_accent() else wanted.accent
    user.text_size = wanted.text_size


def current_settings(user: User) -> PersonalSettings:
    """What holds for `user` today."""
    accent = user.accent if user.accent in ACCENTS else site_accent()
    return PersonalSettings(
        user.zone,
        i18n.language_of(user.locale),
        i18n.clock_of(user.locale),
        user.theme or "",
        accent,
        user.text_size or TEXT_SIZES[0],
    )
