"""Personal settings: language, time zone and appearance of pages and emails."""

from typing import NamedTuple

from ..core import i18n, site_settings
from .models import User

#: "" follows the operating system
THEMES = ("", "light", "dark")
#: hues of static/css/tokens.css; the first is the default until admins choose another
ACCENTS = ("meadow", "river", "loch", "bluebell", "heather", "clay", "gorse", "slate")
TEXT_SIZES = ("normal", "large")
#: hours on a clock
CLOCKS = ("24", "12")


class PersonalSettings(NamedTuple):
    """Everything on the settings page."""

    zone: str
    locale: str
    clock: str = CLOCKS[0]
    theme: str = ""
    accent: str = ACCENTS[0]
    text_size: str = TEXT_SIZES[0]


def site_accent() -> str:
    """Return the site's own hue, for people who haven't chosen another."""
    accent = site_settings.value("ACCENT")
    return accent if accent in ACCENTS else ACCENTS[0]


def apply_settings(user: User, chosen: PersonalSettings) -> None:
    """Save the settings; following pages and emails use them."""
    user.zone, user.locale = chosen.zone, i18n.with_clock(chosen.locale, chosen.clock)
    user.theme = chosen.theme or None
    user.accent = None if chosen.accent == site_accent() else chosen.accent
    user.text_size = chosen.text_size


def current_settings(user: User) -> PersonalSettings:
    """Return the current settings of `user`."""
    accent = user.accent if user.accent in ACCENTS else site_accent()
    return PersonalSettings(
        user.zone,
        i18n.language_of(user.locale),
        i18n.clock_of(user.locale),
        user.theme or "",
        accent,
        user.text_size or TEXT_SIZES[0],
    )
