"""What was asked, as far as a result names it: of a vote that stands, or of an example on a page
of help.
"""

from collections.abc import Iterable
from typing import NamedTuple

from .. import rules
from ..models import Vote
from ..tally.rules import Rules
from ..titles import title


class Question(NamedTuple):
    """The options by name, and the rules by which they are counted; `is_counted`: the result is
    final; `is_few`: so few secret ballots came that there is no figure of them."""

    titles: tuple[str, ...]
    rules: Rules
    is_counted: bool = True
    is_few: bool = False

    @property
    def kind(self) -> str:
        """The kind of the vote."""
        return self.rules.kind

    def title(self, number: int) -> str:
        """The name of the option with this number."""
        return self.titles[number - 1]

    def named(self, numbers: Iterable[int]) -> list[str]:
        """The names of these options, in this order."""
        return [self.title(number) for number in numbers]


def of(vote: Vote) -> Question:
    """What this vote asks."""
    return Question(titles(vote), rules.of(vote), vote.is_counted, vote.is_few)


def titles(vote: Vote) -> tuple[str, ...]:
    """The options by name; a date as the reader's language writes it."""
    return tuple(title(vote, option) for option in vote.options)
