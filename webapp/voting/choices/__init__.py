"""Choice strings: what a ballot says, in the one way of writing it that tallies and exports read.
One file a family of kinds.

3   1+4         single, approval: the options, ascending
1:5 3:2         score, STAR, dots: each option's points, ascending; what has none is left out
3>1>2           instant runoff, STV: from the top, may stop early
3>1=2           Schulze: the same with equal ranks
agree           proposal: or abstain, disagree, block
1:y 2:m 3:n     date poll: yes, if need be, no
"""

from collections.abc import Sequence

from ..tally import reading
from ..tally.rules import APPROVAL, DATE, IRV, PROPOSAL, SCHULZE, SINGLE, STV, Rules
from . import answers, names, points, ranks
from .typed import Mark

BLANK = ""
TICKED = (SINGLE, APPROVAL)
FAMILIES = {
    SINGLE: names.checked,
    APPROVAL: names.checked,
    IRV: ranks.checked,
    STV: ranks.checked,
    SCHULZE: ranks.checked,
    PROPOSAL: answers.checked,
    DATE: answers.checked,
}


def checked(rules: Rules, marks: Sequence[Mark], blank: bool = False) -> tuple[str, list[str]]:
    """The choice string of these marks (nothing for a blank), and the codes of everything that
    stands against it.

    A mark is an option's number and what was entered for it, both as typed or as numbers: points, a
    rank from 1, an answer. Where the kind asks for no more than a tick, the second is ignored; a
    proposal has one mark, whose second is the answer. Fields that were left empty are no marks.
    Nonsense never raises.
    """
    asked = 0 if rules.kind in TICKED else 1
    marks = [mark for mark in marks if str(mark[asked]).strip()]
    if blank:
        return BLANK, ["blank_and_choice"] if marks else []
    if not marks:
        return BLANK, ["empty"]
    return FAMILIES.get(rules.kind, points.checked)(rules, marks)


def read(kind: str, choice: str) -> dict[int, str]:
    """The marks that make this choice, by option, to fill a ballot again.

    A tick is “1”; a blank has none.
    """
    if not choice:
        return {}
    if kind == PROPOSAL:
        return {answers.THE_ONE: choice}
    if kind in TICKED:
        return dict.fromkeys(reading.numbers(choice), names.TICK)
    if kind in (IRV, STV, SCHULZE):
        return {
            number: str(rank)
            for rank, tier in enumerate(reading.tiers(choice), 1)
            for number in tier
        }
    return reading.answers(choice)


def is_one(rules: Rules, choice: str) -> bool:
    """Whether this is a choice string that a ballot of these rules can bear, written in the one
    way there is.
    """
    if choice == BLANK:
        return True
    try:
        marks = list(read(rules.kind, choice).items())
    except ValueError:
        return False
    return checked(rules, marks) == (choice, [])
