"""Short hashes of the question and each option, carried in ballot forms.

If the question changes before a form is submitted, they tell which marks still mean the same.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from ..models import Vote
from ..planning import plan
from ..tally.rules import KINDS
from . import choices

#: Digits of a hash: enough that options of one vote hardly ever collide.
DIGITS = 8


def of(vote: Vote) -> list[str]:
    """Return the hash of the question, then one per option. The options' hashes depend on the
    question.
    Limits on choices, seats and thresholds aren't included: they don't change what a mark means.
    """
    question = _digits(vote.kind, vote.title, plan.text_of(vote), vote.score_max, vote.blocks)
    return [
        question,
        *(
            _digits(question, option.title, option.starts_at, option.ends_at)
            for option in vote.options
        ),
    ]


def kept(before: Sequence[str], vote: Vote) -> dict[str, str] | None:
    """Map the option numbers of an earlier form to today's numbers, without options that are gone.
    Returns None if the question itself changed.
    """
    now = of(vote)
    if not before or before[0] != now[0]:
        return None
    return {
        str(number): str(now.index(digits))
        for number, digits in enumerate(before)
        if number and digits in now
    }


def moved(
    vote: Vote, entered: Sequence[tuple[str, str]], numbers: dict[str, str]
) -> list[tuple[str, str]]:
    """Move what was entered to the options' new numbers. Rankings close the gaps of removed
    options.
    """
    found = [(numbers[option], value) for option, value in entered if option in numbers]
    if not KINDS[vote.kind].is_ranked:
        return found
    places = sorted(
        {place for _option, value in found if (place := choices.whole_number(value)) is not None}
    )
    return [
        (option, str(places.index(place) + 1))
        for option, value in found
        if (place := choices.whole_number(value)) is not None
    ]


def _digits(*words: Any) -> str:
    return hashlib.sha256(json.dumps(words, default=str).encode()).hexdigest()[:DIGITS]
