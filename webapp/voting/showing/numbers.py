"""Exact numbers as people read them.

Decimals are for the eye alone: nothing is counted with them.
"""

from fractions import Fraction

from ..tally.sheets import PLACES, cut


def decimal(number: int | Fraction, places: int = PLACES) -> str:
    """The number with five decimals, the rest cut off; whole numbers without any."""
    return cut(number, places).replace("-", "−")


def signed(number: int | Fraction) -> str:
    """The same with its sign: what moved to an option, or away from it."""
    return f"+{decimal(number)}" if number > 0 else decimal(number)


def share(part: int | Fraction, whole: int | Fraction) -> int:
    """Percent of the whole, cut off; 0 of nothing."""
    return int(100 * Fraction(part) / Fraction(whole)) if whole else 0


def mean_of(number: Fraction) -> str:
    """A mean with two decimals, the rest cut off."""
    return f"{int(100 * number) // 100}.{int(100 * number) % 100:02d}"
