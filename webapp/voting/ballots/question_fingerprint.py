"""What the marks of a ballot mean: a few digits for the question and for each option, which a form
carries along.

When the question is another one by the time the ballot comes, they tell which marks still mean what
they did.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from ..models import Vote
from ..planning import plan
from ..tally.rules import KINDS
from . import choices

#: So many digits: two options of one vote are hardly ever the same.
DIGITS = 8


def of(vote: Vote) -> list[str]:
    """The question's, and one for each option in their order, which are others under another
    question.

    How many may be chosen or are elected, and what is enough to win, is no part of what a mark
    means.
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
    """The number then of every option that a form knew by `before`, with its number now where there
    still is one; None under another question."""
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
    """What was entered for the options of these numbers, under the new ones; a ranking moves up
    into places that came free.
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
