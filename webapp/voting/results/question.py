"""The question of a vote, or of an example on a help page, as results need it.

It also renders single ballots as text.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from flask_babel import gettext as _

from ..ballots import ballot_texts
from ..ballots.ballot_texts import title
from ..models import Vote
from ..tally import choice_strings
from ..tally.rules import Rules
from . import counting as rules
from .figures import ResultTable, TableCell, TableRow


class VoteQuestion(NamedTuple):
    """The options' titles and the rules for counting. `is_counted`: the result is final; `is_few`:
    with so few secret ballots there are no figures.
    """

    titles: tuple[str, ...]
    rules: Rules
    is_counted: bool = True
    is_few: bool = False

    @property
    def kind(self) -> str:
        """The kind of the vote."""
        return self.rules.kind

    def title(self, number: int) -> str:
        """Return the title of the option with this number."""
        return self.titles[number - 1]

    def named(self, numbers: Iterable[int]) -> list[str]:
        """Return the titles of these options, in this order."""
        return [self.title(number) for number in numbers]


def of(vote: Vote) -> VoteQuestion:
    """Return the question of a vote."""
    return VoteQuestion(titles(vote), rules.rules_of(vote), vote.is_counted, vote.is_few)


def titles(vote: Vote) -> tuple[str, ...]:
    """Return the options' titles; dates in the reader's language."""
    return tuple(title(vote, option) for option in vote.options)


def ballot_in_words(question: VoteQuestion, choice: str) -> str:
    """Return a choice string as text; a blank ballot is an abstention."""
    return ballot_texts.in_words(question.kind, question.titles, choice)


def ballot_grid(question: VoteQuestion, cast: Sequence[tuple[str, str]]) -> ResultTable:
    """Return a table of who can come when: a row for each person (name and choice string), a column
    for each date.
    """
    rows = []
    for name, choice in cast:
        answers = choice_strings.answers(choice)
        marks = [answers.get(number, "n") if choice else "" for number in question.rules.numbers]
        rows.append(
            TableRow(
                name,
                [
                    TableCell(
                        str(ballot_texts.DATE_ANSWERS[answer]) if answer else "",
                        kind="win" if answer == "y" else "",
                    )
                    for answer in marks
                ],
            )
        )
    return ResultTable(_("Who can come when"), "", list(question.titles), rows, "pairs", _("Voter"))
