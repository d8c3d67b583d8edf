"""What was asked, as far as a result names it: of a vote that stands, or of an example on a page of help."""

from collections.abc import Iterable
from typing import NamedTuple

from ...core.language import span
from .. import rules
from ..models import Option, Vote
from ..tally.rules import Rules


class Question(NamedTuple):
    """The options by name, and the rules by which they are counted; `is_counted`: the result is final."""

    titles: tuple[str, ...]
    rules: Rules
    is_counted: bool = True

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
    return Question(titles(vote), rules.of(vote), vote.is_counted)


def titles(vote: Vote) -> tuple[str, ...]:
    """The options by name; a date in the reader's language, as clocks show it there."""
    return tuple(_title(option, vote.zone) for option in vote.options)


def _title(option: Option, zone: str) -> str:
    if option.starts_at is None or option.ends_at is None:
        return option.title
    return span(option.starts_at, option.ends_at, zone)
