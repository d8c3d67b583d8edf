"""Read numbers as people write them, in any language's digits, separators and signs."""

import re
from decimal import Decimal

from babel import Locale
from babel.numbers import get_currency_symbol, get_decimal_symbol

from .typed import single_line

_ALIKE = str.maketrans("−–－﹣＋．，،’٬", "----+.,,''", "\u061c\u200e\u200f")
_DECIMAL = "٫"
#: 1234, 1 234, 1'234'567, and 12,34,567 as in India.
_WHOLE = re.compile(r"\d+|\d{1,3}([ .,'])(?:\d{3}\1)*\d{3}|\d{1,2}([.,])(?:\d\d\2)+\d{3}", re.ASCII)
_NUMBER = re.compile(rf"([+-]?) ?([\d .,'{_DECIMAL}]*?)(?:[.,]-+)?", re.ASCII)
#: No number that we ask for is longer.
_LONGEST = 40


def in_ascii(text: str) -> str:
    """Return the text on one line, with the digits 0 to 9 and ASCII signs for those of other
    scripts.
    """
    line = (single_line(text) or "").translate(_ALIKE)
    return "".join(str(int(sign)) if sign.isdecimal() else sign for sign in line)


def read_number(text: str, locale: Locale | str) -> Decimal | None:
    """Return the number with the decimals that were typed; None for anything else.

    In “1.500” the reader's language decides whether the point begins decimals. “7,50” can be
    read in one way only.
    """
    found = _NUMBER.fullmatch(in_ascii(text)) if len(text) <= _LONGEST else None
    if found is None:
        return None
    whole, point, decimals = _parted(found[2], get_decimal_symbol(locale))
    if not _WHOLE.fullmatch(whole or "0") or not (decimals if point else whole):
        return None
    if not re.fullmatch(r"\d*", decimals):
        return None
    return Decimal(f"{found[1]}{re.sub('[^0-9]', '', whole) or 0}{point and '.'}{decimals}")


def read_whole_number(text: str, locale: Locale | str) -> int | None:
    """Return the whole number; None for anything else, decimals included."""
    number = read_number(text, locale)
    return int(number) if number is not None and number.as_tuple().exponent == 0 else None


def read_amount(text: str, currency: str, locale: Locale | str) -> Decimal | None:
    """Return the amount, also if it is typed with the sign of this currency, before or after it."""
    line = single_line(text) or ""
    for sign in (currency, *(get_currency_symbol(currency, one) for one in (locale, "en"))):
        line = line.removeprefix(sign).removesuffix(sign).strip()
    return read_number(line, locale)


def _parted(text: str, decimal_sign: str) -> tuple[str, str, str]:
    """The whole part, the sign that begins decimals, and the decimals."""
    mark = next((sign for sign in reversed(text) if sign in f".,{_DECIMAL}"), "")
    head, _mark, tail = text.rpartition(mark) if mark else (text, "", "")
    is_alone = mark not in head and not re.search(r"\D", head)
    groups = mark in head or (
        is_alone and mark not in (decimal_sign, _DECIMAL) and len(tail) == 3 and head.strip("0")
    )
    return (text, "", "") if not mark or groups else (head, mark, tail)
