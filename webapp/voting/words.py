"""What a count found, in sentences and lines: for the page, the inbox and the letters."""

from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

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


FINDINGS: dict[str, Any] = {
    "nothing": _l("Nobody chose anything: there is no result."),
    "tied": _l("%(options)s tied with %(most)s each. The lot decided: %(option)s."),
    "chosen": _l("%(option)s was chosen, by %(most)s of %(valid)s."),
    "nothing yet": _l("Nobody has chosen anything yet."),
    "level": _l("%(options)s are level with %(most)s each. If it stays so, the lot decides."),
    "ahead": _l("%(option)s is ahead, with %(most)s of %(valid)s."),
}


def finding(vote: Vote, outcome: Outcome) -> str:
    """What the sums say, in a sentence: who won or is ahead, and who tied and what broke it."""
    return said(found(vote, outcome))


def found(vote: Vote, outcome: Outcome) -> dict[str, Any]:
    """The same in no language: which of FINDINGS it is, and what that names."""
    if outcome.winner is None:
        return {"is": "nothing" if vote.is_counted else "nothing yet"}
    numbers = {"option": _title(vote, outcome.winner), "most": outcome.totals[outcome.winner], "valid": outcome.valid}
    if outcome.tied:
        tied = [_title(vote, number) for number in outcome.tied]
        return {"is": "tied" if vote.is_counted else "level", "options": tied, **numbers}
    return {"is": "chosen" if vote.is_counted else "ahead", **numbers}


def said(finding: dict[str, Any]) -> str:
    """The sentence of what was `found`, in the reader's language."""
    return str(FINDINGS[finding["is"]]) % {**finding, "options": _(" and ").join(finding.get("options", ()))}


def _title(vote: Vote, number: int) -> str:
    return vote.options[number - 1].title
