"""Approval (Brams and Fishburn 1978): each ballot names every option it can live with; the
greatest sum wins, then the lot.
"""

from collections.abc import Sequence

from . import reading, sums
from .outcome import Outcome
from .pile import Pile
from .rules import Rules


def count(pile: Pile, rules: Rules, lots: Sequence[int]) -> Outcome:
    """The outcome of ballots such as `1+4`."""
    return sums.greatest(
        pile, rules, lots, lambda choice: dict.fromkeys(reading.numbers(choice), 1)
    )
