"""What a ballot says, in words."""

from collections.abc import Sequence

from flask_babel import gettext as _

from .. import marks
from ..tally import reading
from .figures import Cell, Row, Table
from .question import Question


def in_words(question: Question, choice: str) -> str:
    """A choice string with the options by name; of a blank ballot, that it abstains."""
    return marks.in_words(question.kind, question.titles, choice)


def grid(question: Question, cast: Sequence[tuple[str, str]]) -> Table:
    """Who can come when: a row for each person (name and choice string), a column for each date."""
    rows = []
    for name, choice in cast:
        answers = reading.answers(choice)
        said = [answers.get(number, "n") if choice else "" for number in question.rules.numbers]
        rows.append(
            Row(
                name,
                [
                    Cell(
                        str(marks.DATES[answer]) if answer else "",
                        kind="win" if answer == "y" else "",
                    )
                    for answer in said
                ],
            )
        )
    return Table(_("Who can come when"), "", list(question.titles), rows, "pairs", _("Voter"))
