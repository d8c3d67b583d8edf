"""Functions that every template can call."""

from collections.abc import Hashable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from babel.dates import format_date
from flask import Flask
from markupsafe import Markup

from ..http.forms import form_errors_of
from ..i18n import language_of, locale_code, locale_here
from .artwork import hue_for, initials_of, scene_for
from .cached_macro import cached_macro, placeholder
from .charts import ring_stones, stones_each
from .look_alikes import name_in, name_of
from .template_engine import Drawing


class Leaf(NamedTuple):
    """A calendar leaf: the date for machines, then three words for people."""

    iso: str
    weekday: str
    date: str
    month: str


def leaf(wall: date) -> Leaf:
    """Return the calendar leaf of a date or of a wall time, in the reader's language."""
    return _leaf(wall.year, wall.month, wall.day, locale_code())


@lru_cache(maxsize=4096)
def _leaf(year: int, month: int, day: int, locale: str) -> Leaf:
    day_of_year = date(year, month, day)
    weekday, month_name = (format_date(day_of_year, part, locale=locale) for part in ("EEE", "LLL"))
    return Leaf(day_of_year.isoformat(), weekday, str(day), month_name)


@lru_cache(maxsize=8192, typed=True)
def avatar(
    id: Hashable, name: str, size: str = "", alone: bool = False, src: str = "", srcset: str = ""
) -> Markup:
    """Return the picture at `src`, or two initials.

    Beside a written name it is decoration; `alone`, it names the person to screen readers.
    """
    label = (
        Markup('role="img" aria-label="{}"').format(name) if alone else Markup('aria-hidden="true"')
    )
    picture = (
        _portrait(src, srcset) if src else ""
    )  # above the initials, which stay until it has loaded
    html = Markup('<span class="av a{} {}" {}>{}{}</span>').format(
        hue_for(id), size, label, initials_of(name), picture
    )
    return Drawing(html)


def _portrait(src: str, srcset: str) -> Markup:
    fine = Markup(' srcset="{}"').format(srcset) if srcset else ""
    return Markup('<img src="{}"{} alt="" loading="lazy" decoding="async">').format(src, fine)


@lru_cache(maxsize=512)
def ring_svg(total: int, taken: int, mine: int = 0, waiting: int = 0) -> Markup:
    """Return the stones of a seat ring as SVG. There are up to 120 of them."""
    stones = "".join(_stone(*stone) for stone in ring_stones(total, taken, mine, waiting))
    return Markup(stones)  # noqa: S704 - our own numbers


def _stone(x: float, y: float, angle: int, kind: str, width: float, height: float) -> str:
    looks, turned = (
        f' class="{kind}"' if kind else "",
        f' transform="rotate({angle} {x} {y})"' if angle else "",
    )
    corner = f'x="{round(x - width / 2, 1)}" y="{round(y - height / 2, 1)}"'
    return f'<rect{looks} {corner} width="{width}" height="{height}" rx="{width / 2}"{turned}/>'


def page_language() -> tuple[str, str]:
    """Return the language code and the direction of writing for the page's root element."""
    locale = locale_here()
    if not locale:
        return "en", "ltr"
    return language_of(str(locale)).replace("_", "-"), locale.text_direction


def register(app: Flask) -> None:
    """Give the functions to every template."""
    helpers = (
        avatar,
        ring_stones,
        ring_svg,
        stones_each,
        scene_for,
        hue_for,
        initials_of,
        leaf,
        page_language,
        form_errors_of,
        name_in,
        name_of,
        placeholder,
    )
    app.jinja_env.globals.update({helper.__name__: helper for helper in helpers})
    for part in ("start", "scripts", "prefetch", "brand", "top", "foot"):
        app.jinja_env.globals[f"page_{part}"] = cached_macro(app, "layout/_parts.html", part, 200)
