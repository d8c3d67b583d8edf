"""What the macros call: gathered here and given to every template."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from babel.dates import format_date
from flask import Flask
from flask_babel import get_locale

from webapp.core.problems import problems_of
from webapp.core.ring import ring_stones, stones_each
from webapp.core.scenes import hue_for, initials_of, scene_for


class Leaf(NamedTuple):
    """A calendar leaf: the date for machines, then three words for people."""

    iso: str
    weekday: str
    date: str
    month: str


def leaf(wall: date) -> Leaf:
    """The calendar leaf of a date or of a wall time, in the reader's language."""
    return _leaf(wall.year, wall.month, wall.day, str(get_locale() or "en"))


@lru_cache(maxsize=4096)
def _leaf(year: int, month: int, day: int, locale: str) -> Leaf:
    day_of_year = date(year, month, day)
    weekday, month_name = (format_date(day_of_year, part, locale=locale) for part in ("EEE", "LLL"))
    return Leaf(day_of_year.isoformat(), weekday, str(day), month_name)


def page_language() -> tuple[str, str]:
    """(code, direction) for the page's root element."""
    locale = get_locale()
    return (str(locale).replace("_", "-"), locale.text_direction) if locale else ("en", "ltr")


def register(app: Flask) -> None:
    """Every template can draw rings, scenes, avatars and calendar leaves, and sum up a form's problems."""
    helpers = (ring_stones, stones_each, scene_for, hue_for, initials_of, leaf, page_language, problems_of)
    app.jinja_env.globals.update({helper.__name__: helper for helper in helpers})
