"""Score, STAR and dots: a whole number of points for each option."""

from collections.abc import Sequence

from ..tally.rules import DOTS, Rules
from . import typed
from .typed import Mark


def checked(rules: Rules, marks: Sequence[Mark]) -> tuple[str, list[str]]:
    """`1:5 3:2`, and what stands against it.

    Nothing but zeros is `empty`: no ballot, and no blank one either.
    """
    found, reasons = typed.options(rules, marks)
    values = [typed.whole(value) for _option, value in marks]
    numbers = [value for value in values if value is not None]
    reasons["not_integer"] = len(numbers) < len(values) or (
        rules.kind == DOTS and min(numbers, default=0) < 0
    )
    reasons |= _of_dots(rules, numbers) if rules.kind == DOTS else _of_scores(rules, numbers)
    reasons["empty"] = not any(reasons.values()) and not any(numbers)
    given = {
        number: value
        for number, value in zip(found, values, strict=True)
        if number is not None and value
    }
    return typed.strings(list(given.items())), typed.codes(reasons)


def _of_scores(rules: Rules, scores: list[int]) -> dict[str, bool]:
    return {"score_range": any(not 0 <= score <= rules.highest for score in scores)}


def _of_dots(rules: Rules, dots: list[int]) -> dict[str, bool]:
    """Dots are counted from 0 up: taken away from an option they would be more for the others."""
    given = sum(max(0, number) for number in dots)
    return {
        "over_budget": given > rules.budget,
        "over_per_option": rules.per_option is not None
        and any(number > rules.per_option for number in dots),
        "under_budget": rules.spend_all and 0 < given < rules.budget,
    }
