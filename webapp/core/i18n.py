"""Text and dates in the reader's language and time zone."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache, wraps
from typing import Any

import flask_babel
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_time
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, get_currency_precision
from flask import Flask, current_app, g, request
from flask_babel import Domain, get_locale, get_translations, gettext as _, ngettext
from flask_login import current_user
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape
from sqlalchemy import Row
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from .extensions import babel
from .text.bidi import isolated
from .text.strings import listed
from .time import clock, time_zones
from .time.typed_times import read_day

#: the language of the source code's strings
SOURCE = "en"


def init_app(app: Flask) -> None:
    """Add gettext to templates, and filters for dates: `day`, `clock_time`, `moment`, `since`, each
    with a zone.
    """
    babel.init_app(app, locale_selector=_locale, timezone_selector=reader_zone)
    babel.domain_instance = LoadedCatalogues()
    with app.app_context():
        found = {str(locale) for locale in babel.list_translations()}
    app.extensions["languages"] = (SOURCE, *sorted(found - {SOURCE}))
    app.jinja_env.add_extension("jinja2.ext.i18n")
    jinja: Any = app.jinja_env  # its extension adds the method
    jinja.install_gettext_callables(_translated, _counted, newstyle=True)
    app.jinja_env.globals.update(_=_make_gettext(), ngettext=_make_ngettext())
    app.jinja_env.filters.update(
        day=day,
        day_of_week=day_of_week,
        short_day=short_day,
        soon=soon,
        clock_time=clock_time,
        moment=moment,
        span=span,
        since=since,
    )
    app.jinja_env.filters["enumerated"] = enumerated
    app.jinja_env.filters["listed"] = listed
    app.jinja_env.filters["short_date"] = short_date
    app.jinja_env.globals.update(
        reader_zone=reader_zone,
        place_of=time_zones.place_of,
        in_zone=time_zones.in_zone,
        full_hour=full_hour,  # no filter: Jinja would fill in that of a constant once for all
    )


def _make_gettext() -> Callable[..., str]:
    """Return the `_` of templates, which caches translated sentences by locale."""

    @lru_cache(maxsize=8192)
    def translated(text: str, _locale: Locale | None, is_html: bool) -> str:
        sentence = _translated(text)
        return Markup(sentence) if is_html else sentence  # noqa: S704 - a catalogue's sentence

    @lru_cache(maxsize=8192)
    def without_values(text: str, locale: Locale | None, is_html: bool) -> str:
        return translated(text, locale, is_html) % {}

    @pass_eval_context
    def gettext(context: EvalContext, text: str, /, **variables: Any) -> str:
        if variables:
            return _format(translated(text, locale_here(), context.autoescape), variables)
        return without_values(text, locale_here(), context.autoescape)

    return gettext


def _make_ngettext() -> Callable[..., str]:
    """Return the `ngettext` of templates, which caches sentences by number and locale."""

    @lru_cache(maxsize=8192)
    def translated(one: str, more: str, number: int, _locale: Locale | None, is_html: bool) -> str:
        sentence = _counted(one, more, number)
        return Markup(sentence) if is_html else sentence  # noqa: S704 - a catalogue's sentence

    @pass_eval_context
    def counted(context: EvalContext, one: str, more: str, num: int, /, **variables: Any) -> str:
        variables.setdefault("num", num)
        return _format(translated(one, more, num, locale_here(), context.autoescape), variables)

    return counted


def _format(text: str, variables: dict[str, Any]) -> str:
    """Return `text % variables`, as Markup does it, in half of the calls. Values are isolated."""
    variables = isolate(variables)
    if type(text) is not Markup:
        return text % variables
    safe = {name: it if type(it) in _NUMBERS else escape(it) for name, it in variables.items()}
    return Markup(str.__mod__(text, safe))  # noqa: S704 - a catalogue's sentence


_NUMBERS = {int, float, bool, Decimal}


def isolate(variables: dict[str, Any]) -> dict[str, Any]:
    """Isolate the texts that are written from right to left, for a sentence."""
    if all(type(it) is not str or it.isascii() for it in variables.values()):
        return variables
    return {name: isolated(it) if type(it) is str else it for name, it in variables.items()}


class LoadedCatalogues(Domain):
    """The catalogues, found by the reader's locale alone once they are loaded; values of sentences
    are isolated.
    """

    def gettext(self, string: str, **variables: Any) -> str:
        """Return the sentence in the reader's language, with its values."""
        return str(super().gettext(string, **isolate(variables)))

    def ngettext(self, singular: str, plural: str, num: int, **variables: Any) -> str:
        """Return the form for this number."""
        return str(super().ngettext(singular, plural, num, **isolate(variables)))

    def __init__(self) -> None:
        super().__init__()
        self.loaded: dict[Locale, Any] = {}

    def get_translations(self) -> Any:
        """Return the catalogue of the reader's language."""
        locale = locale_here()
        if locale is None:
            return super().get_translations()
        found = self.loaded.get(locale)
        if found is None:
            found = self.loaded[locale] = super().get_translations()
        return found


def locale_here() -> Locale | None:
    """Return `get_locale()`, asked once: pages need it hundreds of times."""
    try:
        here: Any = g._get_current_object()
    except RuntimeError:  # no request, job or command
        return None
    try:
        locale: Locale = here.locale
    except AttributeError:
        locale = here.locale = get_locale()
    return locale


@contextmanager
def force_locale(locale: Locale | str) -> Iterator[None]:
    """Write in another language for the duration of the block."""
    g.pop("locale", None)
    try:
        with flask_babel.force_locale(locale):
            yield
    finally:
        g.pop("locale", None)


def forget_locale() -> None:
    """Ask for the reader's language and zone again: they have changed them."""
    g.pop("locale", None)
    g.pop("reader", None)
    flask_babel.refresh()


def locale_code() -> str:
    """Return the code of the reader's language; of the source's outside of requests."""
    return str(locale_here() or SOURCE)


def parse_day(text: str) -> date | None:
    """Return the day that someone typed, within the years that people plan in; else None."""
    day = read_day(text, locale_code())
    return day if day is not None and time_zones.is_near(day) else None


def _translated(text: str) -> str:
    return str(get_translations().ugettext(text))


def _counted(one: str, more: str, number: int) -> str:
    return str(get_translations().ungettext(one, more, number))


def _locale() -> Locale:
    if not request:
        return _locale_of(SOURCE)
    chosen = getattr(current_user, "locale", None)
    if chosen and language_of(chosen) in installed():
        return _locale_of(chosen)
    return _locale_of(best_for(request.headers.get("Accept-Language", ""), installed()))


class _KeptLocale(Locale):
    """The only object for its locale, so that caches find it without comparing its parts."""

    __eq__, __ne__, __hash__ = object.__eq__, object.__ne__, object.__hash__


@lru_cache(maxsize=256)
def _locale_of(locale: str) -> Locale:
    return _KeptLocale.parse(locale)


def installed() -> tuple[str, ...]:
    """Return the languages with a catalogue, that of the source code first."""
    languages: tuple[str, ...] = current_app.extensions["languages"]
    return languages


def name_of(locale: str) -> str:
    """Return the language's own name."""
    return (Locale.parse(locale).get_display_name() or locale).capitalize()


@lru_cache(maxsize=1024)
def best_for(accepted: str, languages: tuple[str, ...]) -> str:
    """Return the locale that suits an Accept-Language header best: one of our languages, with the
    clock of the first region named.
    """
    wanted = parse_accept_header(accepted, LanguageAccept)
    return with_clock(wanted.best_match(languages) or SOURCE, _clock_in(wanted.best or ""))


def _clock_in(tag: str) -> str:
    """Return the clock of the language tag's region; without a region, the 24-hour clock."""
    try:
        region = Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return "24"
    has_halves = region.territory and "a" in region.time_formats["short"].pattern
    return time_zones.TWELVE_HOURS if has_halves else "24"


def with_clock(language: str, clock: str) -> str:
    """Return the locale of this language and clock (“12” or “24”)."""
    return f"{language}@{clock}" if clock == time_zones.TWELVE_HOURS else language


def language_of(locale: str) -> str:
    """Return the language of one of our locales, without its clock."""
    return locale.partition("@")[0]


def clock_of(locale: str) -> str:
    """Return “12” or “24”."""
    return locale.partition("@")[2] or "24"


def reader_zone() -> str | None:
    """Return the reader's time zone, None for a visitor."""
    known = g.get("reader") if g else None  # as they were loaded: dates ask dozens of times
    return known.zone if known else getattr(current_user, "zone", None)


def cached_text(write: Callable[..., Any], most: int = 4096) -> Callable[..., Any]:
    """Cache what `write(*values)` returns, which nobody may change, by its arguments, and by the
    reader's locale and zone, which it may use.

    It may use the clock only to leave out this year in dates: the key has the quarter of an hour,
    and in every zone a year begins with one. Of a row of the database the key has the columns'
    names, too.
    """

    @lru_cache(most, typed=True)
    def cached(_key: tuple[Any, ...], *values: Any) -> Any:
        return write(*values)

    @wraps(write)
    def text(*values: Any) -> Any:
        columns = values[0]._fields if isinstance(values[0], Row) else None
        quarter = int(clock.now().timestamp()) // 900
        return cached((locale_here(), reader_zone(), quarter, columns), *values)

    return text


@lru_cache(maxsize=4096)
def _written(kind: str, value: datetime | date, form: str, locale: str) -> str:
    writer: Any = {"date": format_date, "time": format_time, "datetime": format_datetime}[kind]
    return writer(value, form, locale=locale)


def _here(value: datetime, zone: str | None) -> datetime:
    return time_zones.in_zone(value, zone or reader_zone() or "UTC").replace(
        second=0, microsecond=0
    )


def day(value: datetime, zone: str | None = None) -> str:
    """Return “Saturday 27 February 2027” in the zone."""
    return _written("date", _here(value, zone).date(), "EEEE d MMMM y", locale_code())


def short_day(value: datetime, zone: str | None = None) -> str:
    """Return “Sat 27 Feb”, with the year if it isn't this one."""
    local = _here(value, zone)
    form = "EEE d MMM" if local.year == _here(clock.now(), zone).year else "EEE d MMM y"
    return _written("date", local.date(), form, locale_code())


def day_of_week(value: date) -> str:
    """Return “Saturday”."""
    return _written("date", value, "EEEE", locale_code())


def short_day_of_week(value: date) -> str:
    """Return “Sat”."""
    return _written("date", value, "EEE", locale_code())


def enumerated(words: Sequence[str]) -> str:
    """Return “Music, Books and Games”."""
    return format_list([*map(isolated, words)], locale=locale_code())


def short_date(value: date) -> str:
    """Return “27 Feb”, with the year if it isn't this one, for a date without a time zone."""
    form = "d MMM" if value.year == clock.now().year else "d MMM y"
    return _written("date", value, form, locale_code())


def clock_time(value: datetime, zone: str | None = None) -> str:
    """Return “18:00” in the zone, or “6:00 PM”."""
    return time_zones.clock_face(_here(value, zone), locale_here())


def full_hour(hour: int) -> str:
    """Return “08:00” or “8:00 AM”."""
    return time_zones.clock_face(datetime.min.replace(hour=hour), locale_here())


def moment(value: datetime, zone: str | None = None) -> str:
    """Return “Saturday 27 February 2027, 18:00” in the zone."""
    return f"{day(value, zone)}, {clock_time(value, zone)}"


def soon(value: datetime, zone: str | None = None) -> str:
    """Return “Sat 27 Feb, 18:00” in the zone."""
    return f"{short_day(value, zone)}, {clock_time(value, zone)}"


def span(start: datetime, end: datetime, zone: str | None = None) -> str:
    """Return “11:00–16:00”, with the day if the end is on another one."""
    if _here(start, zone).date() == _here(end, zone).date():
        return _("%(start)s–%(end)s", start=clock_time(start, zone), end=clock_time(end, zone))
    return _(
        "%(start)s – %(end)s",
        start=clock_time(start, zone),
        end=f"{short_day(end, zone)}, {clock_time(end, zone)}",
    )


def money(amount: int, currency: str) -> str:
    """Return an amount in hundredths of a currency, in the reader's language: “€10.50”."""
    return format_currency(Decimal(amount) / 100, currency, locale=locale_code())


def plain_amount(amount: int, currency: str) -> str:
    """Return an amount in hundredths of a currency as people type it: “10.50”."""
    digits = "0" if get_currency_precision(currency) == 0 else "0.00"
    return format_decimal(Decimal(amount) / 100, digits, locale=locale_code())


def since(value: datetime) -> str:
    """Return “5 minutes ago”, or the day after a week."""
    passed = clock.now() - value
    if passed < timedelta(minutes=1):
        return _("just now")
    if passed < timedelta(hours=1):
        return ngettext("%(num)s minute ago", "%(num)s minutes ago", passed.seconds // 60)
    if passed < timedelta(days=1):
        return ngettext("%(num)s hour ago", "%(num)s hours ago", passed.seconds // 3600)
    if passed < timedelta(days=7):
        return ngettext("%(num)s day ago", "%(num)s days ago", passed.days)
    return short_day(value)
