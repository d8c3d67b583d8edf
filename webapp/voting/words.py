"""What a count found, in sentences and lines: for the page, the inbox and the letters."""

from typing import NamedTuple

from flask_babel import gettext as _

from . import choices
from .models import Vote
from .tally.outcome import Outcome


class Line(NamedTuple):
    """An option with its sum; `share` is percent of the valid ballots. First are all with the greatest sum."""

    title: str
    total: int
    share: int
    is_first: bool
    is_winner: bool


def lines(vote: Vote, outcome: Outcome) -> list[Line]:
    """The options as the question names them; once counted, the winner and the greatest sums on top."""
    most, winner = max(outcome.totals.values()), outcome.winner if vote.is_counted else None
    numbers = sorted(outcome.totals)
    if vote.is_counted:
        numbers.sort(key=lambda number: (number != winner, -outcome.totals[number]))
    return [
        Line(
            title=vote.options[number - 1].title,
            total=outcome.totals[number],
            share=outcome.share(number),
            is_first=number == winner or (winner is None and 0 < most == outcome.totals[number]),
            is_winner=number == winner,
        )
        for number in numbers
    ]


def finding(vote: Vote, outcome: Outcome) -> str:
    """What the sums say, in a sentence: who won or is ahead, and who tied and what broke it."""
    if outcome.winner is None:
        return _("Nobody chose anything: there is no result.") if vote.is_counted else _("Nobody has chosen anything yet.")
    most, title = outcome.totals[outcome.winner], _title(vote, outcome.winner)
    if outcome.tied:
        tied = _(" and ").join(_title(vote, number) for number in outcome.tied)
        if not vote.is_counted:
            return _("%(options)s are level with %(most)s each. If it stays so, the lot decides.", options=tied, most=most)
        return _("%(options)s tied with %(most)s each. The lot decided: %(option)s.", options=tied, most=most, option=title)
    numbers = {"option": title, "most": most, "valid": outcome.valid}
    if vote.is_counted:
        return _("%(option)s was chosen, by %(most)s of %(valid)s.", **numbers)
    return _("%(option)s is ahead, with %(most)s of %(valid)s.", **numbers)


def chosen(vote: Vote, choice: str) -> str:
    """A choice string in words."""
    if choice == choices.BLANK:
        return _("You abstained.")
    return ", ".join(_title(vote, number) for number in choices.numbers_of(choice))


def limits(vote: Vote) -> str:
    """How many options a ballot may name."""
    if vote.choices_max == 1:
        return _("Choose one.")
    if vote.choices_max == len(vote.options):
        if vote.choices_min == 1:
            return _("Choose as many as you like.")
        return _("Choose at least %(least)s.", least=vote.choices_min)
    if vote.choices_min == vote.choices_max:
        return _("Choose exactly %(most)s.", most=vote.choices_max)
    return _("Choose %(least)s to %(most)s.", least=vote.choices_min, most=vote.choices_max)


def _title(vote: Vote, number: int) -> str:
    return vote.options[number - 1].title
