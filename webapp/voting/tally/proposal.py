"""A proposal, as groups that seek consent take it: agree, abstain, disagree or block.

Whether it is carried is a matter of threshold and blocks: see `thresholds`.
"""

from collections.abc import Sequence

from .outcome import Outcome
from .pile import BallotPile
from .rules import Rules

AGREE, ABSTAIN, DISAGREE, BLOCK = WORDS = ("agree", "abstain", "disagree", "block")


def count(pile: BallotPile, rules: Rules, lots: Sequence[int]) -> Outcome:
    """The outcome of ballots such as `agree`; nobody wins, and no lot is drawn."""
    answers = {word: pile.choices.get(word, 0) for word in WORDS}
    return Outcome(kind=rules.kind, cast=pile.cast, blank=pile.blank, answers=answers)
