"""Ties as sentences: who tied for what, and what decided.

`described` gives a tie without a language, as the inbox stores it in a finding; `sentence_of` in
the reader's language.
"""

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from ...core.i18n import enumerated
from ...core.text.strings import listed
from ..tally.outcome import (
    EARLIER,
    EXCLUDED,
    FINAL,
    FIVES,
    LOT,
    NUMBER,
    PAIR,
    SEAT,
    START,
    SUM,
    SURPLUS_FIRST,
    WINNER,
    YES,
    Outcome,
    Tie,
)
from ..tally.rules import IRV
from .question import VoteQuestion

#: The last two of an instant runoff: no round follows, as its single seat is decided.
LAST = "last"
_LEVEL: dict[str, Any] = {
    WINNER: _l("%(options)s tied for first place."),
    FINAL: _l("%(options)s tied for a place in the runoff."),
    SEAT: _l("%(options)s tied for the last seat."),
    LAST: _l("%(options)s tied in the last round."),
    SURPLUS_FIRST: _l("%(options)s had the same surplus, and one moves on first."),
    EXCLUDED: _l("%(options)s tied for the fewest votes, and one drops out."),
}
_BROKEN: dict[str, Any] = {
    SUM: _l("The higher total decided: %(picked)s."),
    PAIR: _l("More ballots score it higher: %(picked)s."),
    FIVES: _l("More ballots give it five stars: %(picked)s."),
    EARLIER: _l("Decided by more votes at the end of an earlier round: %(picked)s."),
    YES: _l("More yes answers decided: %(picked)s."),
    START: _l("The earlier start decided: %(picked)s."),
    NUMBER: _l("They start at the same time, so the first in the list was chosen: %(picked)s."),
    LOT: _l("Decided by lot: %(picked)s."),
}
#: The same if the tie decides who is eliminated.
_OUT: dict[str, Any] = {
    EARLIER: _l("Decided by fewer votes at the end of an earlier round: %(picked)s drops out."),
    LOT: _l("Decided by lot: %(picked)s drops out."),
}
#: What broke ties, where several are named at once.
_BY: dict[str, Any] = {
    SUM: _l("by the higher total"),
    PAIR: _l("by which one more ballots score higher"),
    FIVES: _l("by five-star ratings"),
    EARLIER: _l("by earlier rounds"),
    YES: _l("by more yes answers"),
    START: _l("by the earlier start"),
    NUMBER: _l("by the order of the list"),
    LOT: _l("by lot"),
}


def described(question: VoteQuestion, outcome: Outcome, tie: Tie) -> dict[str, Any]:
    """Return a tie as it is stored. Of few secret ballots only what broke it is known."""
    if not tie.who:
        return {"by": tie.broken_by, "round": 0}
    is_last = tie.where == SEAT and outcome.kind == IRV
    return {
        "by": tie.broken_by,
        "round": 0 if is_last else tie.stage,
        "for": LAST if is_last else tie.where,
        "options": question.named(tie.who),
        "picked": question.named(tie.picked),
    }


def sentence_of(tie: dict[str, Any]) -> str:
    """Return two sentences about a tie that `described` returned."""
    drops_out = tie["for"] in (EXCLUDED, SEAT, LAST)
    broken = (_OUT if drops_out else _BROKEN)[tie["by"]]
    level = str(_LEVEL[tie["for"]]) % {"options": enumerated(tie["options"])}
    words = f"{level} {str(broken) % {'picked': enumerated(tie['picked'])}}"
    if not tie["round"]:
        return words
    return _("Round %(number)s: %(words)s", number=tie["round"], words=words)


def headline_of(ties: list[dict[str, Any]], is_open: bool) -> str:
    """Return what a finding says of the ties that decided: one with its options, several only by
    what broke them.
    """
    if not is_open and len(ties) == 1 and "for" in ties[0]:
        return sentence_of(ties[0])
    how = enumerated(_ways(ties))
    if is_open:
        return _("There are ties. If it stays that way, they’ll be decided %(how)s.", how=how)
    return ngettext("A tie was decided %(how)s.", "Ties were decided %(how)s.", len(ties), how=how)


def _ways(ties: list[dict[str, Any]]) -> list[str]:
    """Return each thing that broke ties, with the rounds: “by lot (rounds 1 and 2)”."""
    ways: dict[str, list[str]] = {}
    for tie in ties:
        rounds = ways.setdefault(tie["by"], [])
        if tie["round"]:
            rounds.append(str(tie["round"]))
    return [_way(by, rounds) for by, rounds in ways.items()]


def _way(by: str, rounds: list[str]) -> str:
    if not rounds:
        return str(_BY[by])
    return ngettext(
        "%(by)s (round %(rounds)s)",
        "%(by)s (rounds %(rounds)s)",
        len(rounds),
        by=_BY[by],
        rounds=enumerated(rounds),
    )


def sentences(question: VoteQuestion, outcome: Outcome) -> list[str]:
    """Return every tie in the order in which they came up; of a lot, with the order drawn. While
    voting is open and the lot isn't drawn yet, a note instead.
    """
    if question.is_few:
        return []
    if question.is_counted:
        return [_with_lots(question, outcome, tie) for tie in outcome.ties]
    if question.rules.seed or all(tie.broken_by != LOT for tie in outcome.ties):
        return []
    return [
        _(
            "Some options are tied. Their order is provisional: the lot is drawn after voting "
            "closes."
        )
    ]


def _with_lots(question: VoteQuestion, outcome: Outcome, tie: Tie) -> str:
    words = sentence_of(described(question, outcome, tie))
    if not tie.lots:
        return words
    order = _("Order drawn: %(lots)s.", lots=listed(question.named(tie.lots)))
    return f"{words} {order}"
