"""A result as a page shows it: a sentence, quorum and threshold, ties, and the figures of its kind.

Takes an outcome and a question, so that a help page shows its example just as a vote shows its
result.
"""

from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ...core.i18n import enumerated
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
from . import findings, ranking_views, sum_views
from . import question as question
from .figures import ResultSection
from .question import VoteQuestion
from .quorum_text import needed, of_whom, threshold_of

_LEVEL: dict[str, Any] = {
    WINNER: _l("%(options)s tied for first place."),
    FINAL: _l("%(options)s tied for a place in the runoff."),
    SEAT: _l("%(options)s tied for the last seat, and one drops out."),
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
    LOT: _l("Decided by lot: %(picked)s. Order drawn: %(lots)s."),
}
#: the same where what it picks goes out
_OUT: dict[str, Any] = {
    EARLIER: _l("Decided by fewer votes at the end of an earlier round: %(picked)s drops out."),
    LOT: _l("Decided by lot: %(picked)s drops out, as the last in the order drawn: %(lots)s."),
}


def tie_sentence(question: VoteQuestion, outcome: Outcome) -> list[str]:
    """A sentence or two for every tie, in the order in which they came up."""
    return [_how_broken(question, tie) for tie in outcome.ties]


def provisional(outcome: Outcome) -> list[str]:
    """What is said while ballots come, and the lot is not drawn yet, where it would decide."""
    if all(tie.broken_by != LOT for tie in outcome.ties):
        return []
    return [
        _(
            "Some options are tied. Their order is provisional: the lot is drawn after voting "
            "closes."
        )
    ]


def _how_broken(question: VoteQuestion, tie: Tie) -> str:
    level = str(_LEVEL[tie.where]) % {"options": enumerated(question.named(tie.who))}
    names = {
        "picked": enumerated(question.named(tie.picked)),
        "lots": ", ".join(question.named(tie.lots)),
    }
    broken = (_OUT if tie.where in (EXCLUDED, SEAT) else _BROKEN)[tie.broken_by]
    words = f"{level} {str(broken) % names}"
    return _("Round %(number)s: %(words)s", number=tie.stage, words=words) if tie.stage else words


class ResultView(NamedTuple):
    """What there is to see.

    `asked`: quorum and threshold, each as a term and what was found; `ties` a sentence or two each.
    """

    finding: str
    asked: list[tuple[str, str]]
    sections: list[ResultSection]
    ties: list[str]


def shown(question: VoteQuestion, outcome: Outcome) -> ResultView:
    """The outcome in words, bars and tables."""
    finding, asked = findings.finding(question, outcome), _asked(question, outcome)
    return ResultView(
        finding, asked, _sections(question, outcome), _tie_sentences(question, outcome)
    )


def _sections(question: VoteQuestion, outcome: Outcome) -> list[ResultSection]:
    if not outcome.valid and not outcome.answers:
        return []
    staged = ranking_views.stage_sections(question, outcome) + ranking_views.pairwise_sections(
        question, outcome
    )
    return [*sum_views.sections(question, outcome), *staged]


def _tie_sentences(question: VoteQuestion, outcome: Outcome) -> list[str]:
    if question.is_counted:
        return tie_sentence(question, outcome)
    return provisional(outcome) if not question.rules.seed else []


def _asked(question: VoteQuestion, outcome: Outcome) -> list[tuple[str, str]]:
    asked = []
    if outcome.quorum is not None:
        came = {"needed": outcome.quorum, "roll": question.rules.roll, "cast": outcome.cast}
        asked.append((_("Quorum"), _("%(needed)s of %(roll)s needed, %(cast)s voted", **came)))
    if outcome.bar is not None:
        rule = needed(*threshold_of(question.rules))
        bar = of_whom(outcome.bar.of, outcome.bar.votes, outcome.bar.base)
        said = _(
            "%(rule)s, so %(needed)s. Reached: %(bar)s",
            rule=rule,
            needed=outcome.bar.needed,
            bar=bar,
        )
        asked.append((_("Majority"), said))
    return asked
