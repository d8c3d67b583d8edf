"""What people typed, as numbers; and what may be wrong with any ballot."""

import re
from collections.abc import Iterable, Sequence

from ..tally.rules import Rules

#: an option and what was entered for it, as typed or as numbers
Mark = tuple[str | int, str | int]
WHOLE = re.compile(r"[+-]?[0-9]+")
#: No number that a ballot can hold has more digits; Python itself refuses to read very many.
DIGITS = 12


def whole(typed: str | int) -> int | None:
    """The whole number that was typed; None for anything else.

    What is beyond all bounds stays beyond them.
    """
    text = str(typed).strip()
    return int(text[:DIGITS]) if WHOLE.fullmatch(text) else None


def options(rules: Rules, marks: Iterable[Mark]) -> tuple[list[int | None], dict[str, bool]]:
    """The option of each mark, None for one that does not exist; and what stands against them."""
    found = [
        number if (number := whole(option)) in rules.numbers else None for option, _value in marks
    ]
    known = [number for number in found if number is not None]
    return found, {
        "duplicate_option": len(set(known)) < len(known),
        "unknown_option": len(known) < len(found),
    }


def codes(reasons: dict[str, bool]) -> list[str]:
    """Those that apply."""
    return [code for code, applies in reasons.items() if applies]


def strings(values: Sequence[tuple[int, object]]) -> str:
    """`1:5 3:2` of these options, ascending."""
    return " ".join(
        f"{number}:{value}" for number, value in sorted(values, key=lambda pair: pair[0])
    )
