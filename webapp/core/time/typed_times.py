"""Read dates and times that people type, where a browser has no calendar to choose from."""

import re
from datetime import date, datetime

from babel import Locale

from ..text.numbers import in_ascii

_BETWEEN = re.compile(r"[\d\s.,:/T年月日년월일г-]+")
#: No part of a date or time has more digits; microseconds have six.
_MOST_DIGITS = 6


def read_day(text: str, locale: Locale | str) -> date | None:
    """Return the day, written year first or as the language does in figures; None for anything
    else, and for what could be two days, such as 3/4/2027 in English.
    """
    line = in_ascii(text)
    numbers = _numbers_in(line)
    if len(numbers) != 3 or _BETWEEN.sub("", line):
        return None
    return _day(numbers, Locale.parse(locale))


def read_moment(text: str, locale: Locale | str) -> datetime | None:
    """Return the wall-clock time, to the minute: a day as `read_day` reads it, then the time of the
    24- or the 12-hour clock. None for anything else.
    """
    line, known = in_ascii(text), Locale.parse(locale)
    numbers = _numbers_in(line)
    day = _day(numbers[:3], known) if len(numbers) in (5, 6, 7) else None
    if day is None:
        return None
    hour, minute = int(numbers[3]), int(numbers[4])
    half = _BETWEEN.sub("", line).casefold()
    if half:
        if half not in _halves(known) or not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half in _halves(known, "pm") else 0)
    try:
        return datetime(day.year, day.month, day.day, hour, minute)
    except ValueError:
        return None


def _numbers_in(line: str) -> list[str]:
    """The numbers of the line; none if one is too long for a date."""
    found = re.findall(r"\d+", line)
    return found if all(len(number) <= _MOST_DIGITS for number in found) else []


def _day(numbers: list[str], locale: Locale) -> date | None:
    """The day of three numbers: the year first, or in the order of the language."""
    order = re.sub("[^yMd]", "", re.sub(r"(.)\1+", r"\1", locale.date_formats["short"].pattern))
    if len(numbers[0]) == 4:
        order = "yMd"
    elif len(numbers[2]) == 4 and order[0] == "y":
        return None
    typed = dict(zip(order, numbers, strict=True))
    parts = {name: int(number) for name, number in typed.items()}
    if locale.language == "en" and order != "yMd":  # some write the day first, others the month
        if parts["M"] > 12:
            parts["M"], parts["d"] = parts["d"], parts["M"]
        elif parts["d"] <= 12 and parts["d"] != parts["M"]:
            return None
    century = 2000 if len(typed["y"]) == 2 else 0
    try:
        return date(century + parts["y"], parts["M"], parts["d"])
    except ValueError:
        return None


def _halves(locale: Locale, *which: str) -> set[str]:
    """What the language calls the halves of the day, or one of them, as English does too."""
    periods = locale.day_periods["format"]
    names = which or ("am", "pm")
    return {
        re.sub(r"[\s.]", "", width[name]).casefold()
        for width in periods.values()
        for name in names
        if name in width
    } | set(names)
