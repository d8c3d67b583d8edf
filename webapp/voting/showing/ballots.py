"""What a ballot says, in words."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..models import DATE, DOTS, IRV, PROPOSAL, SCHULZE, SCORE, STAR, STV
from ..tally import reading
from .figures import Cell, Row, Table
from .question import Question
from .sums import ANSWERS

SAID: dict[str, Any] = {"y": _l("Yes"), "m": _l("If need be"), "n": _l("No")}


def in_words(question: Question, choice: str) -> str:
    """A choice string with the options by name; of a blank ballot, that it abstains."""
    if not choice:
        return _("Abstained")
    if question.kind == PROPOSAL:
        return str(ANSWERS[choice])
    if question.kind in (IRV, SCHULZE, STV):
        tiers = reading.tiers(choice)
        return ", ".join(f"{place}. {' = '.join(question.named(tier))}" for place, tier in enumerate(tiers, 1))
    if question.kind in (SCORE, STAR, DOTS):
        points = reading.points(choice)
        return ", ".join(f"{question.title(number)}: {given}" for number, given in points.items())
    if question.kind == DATE:
        answers = reading.answers(choice)
        return ", ".join(f"{question.title(number)}: {SAID[answer]}" for number, answer in answers.items())
    return ", ".join(question.named(reading.numbers(choice)))


def grid(question: Question, cast: Sequence[tuple[str, str]]) -> Table:
    """Who can come when: a row for each person (name and choice string), a column for each date."""
    rows = []
    for name, choice in cast:
        answers = reading.answers(choice)
        said = [answers.get(number, "n") if choice else "" for number in question.rules.numbers]
        rows.append(Row(name, [Cell(str(SAID[answer]) if answer else "", kind="win" if answer == "y" else "") for answer in said]))
    return Table(_("Who can come when"), "", list(question.titles), rows, "pairs", _("Voter"))
