"""A result as a sentence: on the page, in the inbox and in emails.

`found` gives it without a language, as the inbox stores it; `sentence_of` in the reader's language.
"""

from typing import Any

from flask_babel import lazy_gettext as _l, ngettext

from ...core.i18n import enumerated
from ..models import FEWEST_TOLD
from ..tally.outcome import (
    BLOCKED,
    CARRIED,
    LOT,
    NO_QUORUM,
    NO_RESULT,
    NOT_CARRIED,
    SEAT,
    TIE,
    TIED_FOR,
    WINNER,
    Outcome,
)
from ..tally.rules import DATE, IRV, PRESENT, PROPOSAL, ROLL, SCHULZE, STAR, STV, Rules
from ..tally.thresholds import deciding
from . import ties
from .decisive import deciding_ties
from .figures import mean_of
from .question import VoteQuestion
from .quorum_text import left_in_words, needed, of_whom, threshold_of

#: Code -> (sentence for the final result, sentence while voting is open).
FINDINGS: dict[str, tuple[Any, Any]] = {
    "nothing": (
        _l("No one chose anything, so there’s no result."),
        _l("No one has chosen anything yet."),
    ),
    "quorum": (
        _l("No quorum: %(needed)s of %(roll)s needed, %(cast)s voted."),
        _l("No quorum yet: %(needed)s of %(roll)s needed, %(cast)s so far."),
    ),
    "blocked": (
        _l("Not carried: %(blocks)s blocked it, and %(limit)s is enough to stop it."),
        _l(
            "It wouldn’t be carried now: %(blocks)s blocked it, and %(limit)s is enough to stop it."
        ),
    ),
    "silent": (
        _l("Not carried: no one voted for or against it."),
        _l("No one has voted for or against it yet."),
    ),
    "agreed": (
        _l("Carried: %(measure)s agreed. Needed: %(rule)s."),
        _l("It would be carried now: %(measure)s agree. Needed: %(rule)s."),
    ),
    "too few agreed": (
        _l("Not carried: %(measure)s agreed. Needed: %(rule)s."),
        _l("It wouldn’t be carried now: %(measure)s agree. Needed: %(rule)s."),
    ),
    "half agreed": (
        _l("A tie: %(measure)s agreed, exactly half. Needed: %(rule)s."),
        _l("It would be a tie now: %(measure)s agree, exactly half. Needed: %(rule)s."),
    ),
    "carried": (
        _l("Carried: %(option)s, with %(measure)s. Needed: %(rule)s."),
        _l("%(option)s is ahead and would be carried now, with %(measure)s. Needed: %(rule)s."),
    ),
    "not carried": (
        _l("Not carried: %(option)s came first, with %(measure)s. Needed: %(rule)s."),
        _l("%(option)s is ahead, with %(measure)s. Needed: %(rule)s."),
    ),
    "half": (
        _l("A tie: %(option)s came first, with %(measure)s, exactly half. Needed: %(rule)s."),
        _l("%(option)s is ahead, with %(measure)s, exactly half. Needed: %(rule)s."),
    ),
    "single": (
        _l("%(option)s was chosen, with %(most)s of %(valid)s."),
        _l("%(option)s is ahead, with %(most)s of %(valid)s."),
    ),
    "score": (
        _l("%(option)s was chosen, with %(points)s, an average of %(mean)s."),
        _l("%(option)s is ahead, with %(points)s, an average of %(mean)s."),
    ),
    "dots": (
        _l("%(option)s was chosen, with %(dots)s."),
        _l("%(option)s is ahead, with %(dots)s."),
    ),
    "star": (
        _l("%(option)s was chosen: %(scores)s higher than “%(other)s”, %(less)s lower."),
        _l("%(option)s is ahead: %(scores)s higher than “%(other)s”, %(less)s lower."),
    ),
    "irv": (
        _l("%(option)s was chosen, with %(most)s of the %(ballots)s that still counted."),
        _l(
            "%(option)s would be chosen now, with %(most)s of the %(ballots)s that would still "
            "count."
        ),
    ),
    "stv": (_l("Elected: %(options)s."), _l("These would be elected now: %(options)s.")),
    "condorcet": (
        _l("%(option)s was chosen: it beats every other option head to head."),
        _l("%(option)s is ahead: it beats every other option head to head."),
    ),
    "schulze": (
        _l("%(option)s was chosen: it wins or ties against every other option by strongest paths."),
        _l("%(option)s is ahead: it wins or ties against every other option by strongest paths."),
    ),
    "date": (
        _l("%(option)s was chosen: %(yes)s can come, %(maybe)s more if need be."),
        _l("%(option)s is ahead: %(yes)s can come, %(maybe)s more if need be."),
    ),
    "no date": (
        _l("No one can come on any of these dates."),
        _l("So far no one can come on any of these dates."),
    ),
    "tied": (
        _l("%(options)s tied with %(most)s each. Decided by lot: %(option)s."),
        _l(
            "%(options)s are tied with %(most)s each. If it stays that way, it’ll be decided by "
            "lot."
        ),
    ),
    "tied places": (
        _l("%(options)s share first place. Decided by lot: %(option)s."),
        _l("%(options)s share first place. If it stays that way, it’ll be decided by lot."),
    ),
    # With few secret ballots: the result without figures; with fewer, nothing. The last refers
    # readers elsewhere to the vote's page.
    "withheld": (
        _l("Fewer than %(fewest)s people voted. To keep their votes secret, nothing is published."),
        "",
    ),
    "plainly": (_l("%(option)s was chosen."), ""),
    "plainly drawn": (_l("There was a tie. Decided by lot: %(options)s."), ""),
    "plainly carried": (_l("Carried."), ""),
    "plainly carried option": (_l("Carried: %(option)s."), ""),
    "plainly blocked": (_l("Not carried: it was blocked."), ""),
    "plainly missed": (_l("Not carried. Needed: %(rule)s."), ""),
    "plainly half": (_l("A tie: exactly half. Needed: %(rule)s."), ""),
    "plainly no quorum": (_l("No quorum: too few people voted."), ""),
    "plainly nothing": (_l("There’s no result."), ""),
    "on its page": (_l("See the vote’s page for what is published."), ""),
    # stored in inbox lines by earlier releases
    "plainly not carried": (_l("Not carried."), ""),
    "plainly tied": (_l("A tie: nothing was decided."), ""),
    "chosen": (_l("%(option)s was chosen, with %(most)s of %(valid)s."), ""),
}


def finding(question: VoteQuestion, outcome: Outcome) -> str:
    """Return the result as a sentence."""
    return sentence_of(found(question, outcome))


def sentence_of(finding: dict[str, Any]) -> str:
    """Return the sentence of what `found` returned, in the reader's language."""
    values = {**finding, **_counted(finding), "options": enumerated(finding.get("options", ()))}
    is_open = bool(finding.get("open"))
    if "bar" in finding:
        values["measure"] = of_whom(*finding["bar"], is_open=is_open)
    if "rule" in finding:
        values["rule"] = needed(*finding["rule"])
    words = str(FINDINGS[finding["is"]][is_open]) % values
    if "left" in finding:
        words = f"{words} {left_in_words(finding['left'])}"
    if "ties" in finding:
        return f"{words} {ties.headline_of(finding['ties'], is_open)}"
    return words


def _counted(finding: dict[str, Any]) -> dict[str, str]:
    """Return its numbers with their units."""
    most, valid = finding.get("most"), finding.get("valid")
    values = {}
    if most is not None:
        values["points"] = ngettext("%(num)s point", "%(num)s points", most)
        values["dots"] = ngettext("%(num)s dot", "%(num)s dots", most)
        values["scores"] = ngettext("%(num)s ballot scores it", "%(num)s ballots score it", most)
    if valid is not None:
        values["ballots"] = ngettext("%(num)s ballot", "%(num)s ballots", valid)
    return values


def found(question: VoteQuestion, outcome: Outcome) -> dict[str, Any]:
    """Return which of FINDINGS applies, and its values."""
    if question.is_few:
        what = _plainly(question, outcome)
    else:
        what = _verdict(question, outcome) or _winner(question, outcome)
    decided = _ties(question, outcome, what["is"])
    what = {**what, "ties": decided} if decided else what
    return what if question.is_counted else {**what, "open": True}


#: Findings that say themselves of which ties the lot decided.
_DRAWN = {
    "tied": (WINNER, SEAT),
    "tied places": (WINNER,),
    "plainly drawn": TIED_FOR,
}
#: Findings in which no tie mattered.
_WITHOUT_TIES = ("quorum", "plainly no quorum")


def _ties(question: VoteQuestion, outcome: Outcome, what: str) -> list[dict[str, Any]]:
    """The ties that decided, without those that the finding `what` names itself."""
    if what in _WITHOUT_TIES:
        return []
    return [
        ties.described(question, outcome, tie)
        for tie in deciding_ties(outcome)
        if tie.broken_by != LOT or tie.where not in _DRAWN.get(what, ())
    ]


def _plainly(question: VoteQuestion, outcome: Outcome) -> dict[str, Any]:
    """The result of few secret ballots, without figures."""
    if outcome.verdict is None and not outcome.winners:
        return {"is": "withheld", "fewest": FEWEST_TOLD}
    if not outcome.winners:
        return {"is": _NOT_WON[outcome.verdict], "rule": list(threshold_of(question.rules))}
    titles = question.named(outcome.winners)
    if outcome.kind == STV and outcome.verdict != TIE:
        return {"is": "stv", "options": titles}
    how = {CARRIED: "plainly carried option", TIE: "plainly drawn"}
    return {"is": how.get(outcome.verdict or "", "plainly"), "option": titles[0], "options": titles}


#: A verdict without a winner -> its code in FINDINGS without figures.
_NOT_WON: dict[str | None, str] = {
    CARRIED: "plainly carried",
    NOT_CARRIED: "plainly missed",
    BLOCKED: "plainly blocked",
    TIE: "plainly half",
    NO_QUORUM: "plainly no quorum",
    NO_RESULT: "plainly nothing",
}


def _verdict(question: VoteQuestion, outcome: Outcome) -> dict[str, Any] | None:
    """Return what quorum, threshold and blocks decide; None if none of them does."""
    rules = question.rules
    if outcome.verdict == NO_QUORUM:
        reached = {"needed": outcome.quorum, "roll": rules.entitled, "cast": outcome.cast}
        return {"is": "quorum", **reached, **_left(rules)}
    if outcome.verdict == NO_RESULT:
        return {"is": "no date" if outcome.valid else "nothing"}
    if outcome.verdict == BLOCKED:
        return {"is": "blocked", "blocks": outcome.answers["block"], "limit": rules.blocks}
    if outcome.verdict == NOT_CARRIED and outcome.kind == PROPOSAL and not outcome.voices:
        return {"is": "silent"}
    if outcome.verdict not in (CARRIED, NOT_CARRIED, TIE) or outcome.bar is None:
        return None
    bar = {
        "bar": [outcome.bar.of, outcome.bar.votes, outcome.bar.base],
        "rule": list(threshold_of(question.rules)),
        **(_left(rules) if outcome.bar.of in (ROLL, PRESENT) else {}),
    }
    if outcome.kind == PROPOSAL:
        return {
            "is": {CARRIED: "agreed", NOT_CARRIED: "too few agreed", TIE: "half agreed"}[
                outcome.verdict
            ],
            **bar,
        }
    verdicts = {CARRIED: "carried", NOT_CARRIED: "not carried", TIE: "half"}
    return {"is": verdicts[outcome.verdict], "option": question.title(outcome.leaders[0]), **bar}


def _left(rules: Rules) -> dict[str, Any]:
    """How many left without having voted, if that changed how many were needed."""
    return {"left": rules.left} if rules.left else {}


def _winner(question: VoteQuestion, outcome: Outcome) -> dict[str, Any]:
    if not outcome.leaders:
        return {"is": "nothing"}
    first = outcome.leaders[0]
    named = {"option": question.title(first)}
    return _SAYING.get(outcome.kind, _sum)(question, outcome, first, named)


def _sum(
    question: VoteQuestion, outcome: Outcome, first: int, named: dict[str, Any]
) -> dict[str, Any]:
    """The sentence of FINDINGS for the kind, or that of a single choice."""
    numbers = {"most": outcome.totals[first], "valid": outcome.valid}
    if outcome.tied:
        options = question.named(outcome.tied)
        return {"is": "tied", **named, "options": options, "most": numbers["most"]}
    kind = outcome.kind if outcome.kind in FINDINGS else "single"
    return {"is": kind, **named, **numbers, "mean": mean_of(outcome.mean(first))}


def _star(
    question: VoteQuestion, outcome: Outcome, first: int, named: dict[str, Any]
) -> dict[str, Any]:
    runoff = outcome.stages[-1].totals
    other = next(number for number in runoff if number != first)
    return {
        "is": "star",
        **named,
        "other": question.title(other),
        "most": int(runoff[first]),
        "less": int(runoff[other]),
    }


def _irv(
    question: VoteQuestion, outcome: Outcome, first: int, named: dict[str, Any]
) -> dict[str, Any]:
    last = outcome.stages[deciding(outcome)].totals
    if outcome.verdict == TIE:
        level = [number for number in question.rules.numbers if last[number] == last[first]]
        return {"is": "tied", **named, "options": question.named(level), "most": int(last[first])}
    return {"is": "irv", **named, "most": int(last[first]), "valid": int(sum(last.values()))}


def _stv(
    question: VoteQuestion, outcome: Outcome, first: int, named: dict[str, Any]
) -> dict[str, Any]:
    return {"is": "stv", "options": question.named(outcome.leaders)}


def _schulze(
    question: VoteQuestion, outcome: Outcome, first: int, named: dict[str, Any]
) -> dict[str, Any]:
    if outcome.tied:
        return {"is": "tied places", **named, "options": question.named(outcome.tied)}
    return {"is": "condorcet" if outcome.condorcet == first else "schulze", **named}


def _date(
    question: VoteQuestion, outcome: Outcome, first: int, named: dict[str, Any]
) -> dict[str, Any]:
    answers = outcome.dates[first]
    return {"is": "date", **named, "yes": answers.yes, "maybe": answers.maybe}


#: Kinds whose sentence isn't about a sum.
_SAYING = {
    STAR: _star,
    IRV: _irv,
    STV: _stv,
    SCHULZE: _schulze,
    DATE: _date,
}
