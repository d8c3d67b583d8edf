"""Single choice: each ballot names one option; the greatest sum wins, then the lot."""

from collections.abc import Sequence

from . import reading, sums
from .outcome import Outcome
from .pile import Pile
from .rules import Rules


def count(pile: Pile, rules: Rules, lots: Sequence[int]) -> Outcome:
    """The outcome of ballots such as `3`."""
    return sums.greatest(
        pile, rules, lots, lambda choice: dict.fromkeys(reading.numbers(choice), 1)
    )
