"""The pieces of an outcome as JSON has them, and back."""

from fractions import Fraction
from typing import Any

from .parts import Answers, Bar, Stage, Tie


def written(value: Any) -> Any:
    """The value as JSON can hold it: fractions as “178/57”, numbers as keys in words, pieces by
    the names of their fields.
    """
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else str(value)
    if isinstance(value, dict):
        return {str(key): written(one) for key, one in value.items()}
    if hasattr(value, "_asdict"):
        return written(value._asdict())
    return [written(one) for one in value] if isinstance(value, tuple) else value


def read(name: str, value: Any) -> Any:
    """The field of an outcome with this name, from what was `written` of it."""
    return READERS[name](value) if name in READERS else value


def _by_number(found: dict[str, int]) -> dict[int, int]:
    return {int(number): value for number, value in found.items()}


def _fractions(found: dict[str, Any]) -> dict[int, Fraction]:
    return {int(number): Fraction(value) for number, value in found.items()}


def _tie(found: dict[str, Any]) -> Tie:
    numbers = [tuple(found[name]) for name in ("who", "lots", "picked")]
    return Tie(
        found["where"], numbers[0], found["broken_by"], numbers[1], numbers[2], found["stage"]
    )


def _stage(found: dict[str, Any]) -> Stage:
    return Stage(
        action=found["action"],
        option=found["option"],
        totals=_fractions(found["totals"]),
        transfers=_fractions(found["transfers"]),
        lost=Fraction(found["lost"]),
        non_transferable=Fraction(found["non_transferable"]),
        elected=tuple(found["elected"]),
    )


def _table(rows: list[list[int]]) -> tuple[tuple[int, ...], ...]:
    return tuple(map(tuple, rows))


#: field of an outcome -> what reads it, where plain values are not the same
READERS: dict[str, Any] = {
    "totals": _by_number,
    "fives": _by_number,
    "places": _by_number,
    "leaders": tuple,
    "winners": tuple,
    "ties": lambda found: tuple(map(_tie, found)),
    "bar": lambda found: Bar(**found),
    "dates": lambda found: {int(number): Answers(**answers) for number, answers in found.items()},
    "stages": lambda found: tuple(map(_stage, found)),
    "pairs": _table,
    "paths": _table,
}
