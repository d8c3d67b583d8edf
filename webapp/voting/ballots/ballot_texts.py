"""The texts of ballot forms, and choices as text."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from ...core.i18n import locale_here
from ...core.text.strings import listed
from ...core.time import time_zones
from ...events import date_format
from ..models import Option, Vote
from ..tally.rules import DATES, KINDS, LEVELS, POINTS, RANKING, SPREAD, STARS, STV, WORD
from . import choices

#: The answers on a ballot of one word.
ANSWERS: dict[str, Any] = {
    "agree": _l("Agree"),
    "abstain": _l("Abstain"),
    "disagree": _l("Disagree"),
    "block": _l("Block"),
}
DATE_ANSWERS: dict[str, Any] = {"y": _l("Yes"), "m": _l("If need be"), "n": _l("No")}


def answers_of(vote: Vote) -> dict[str, Any]:
    """Return the answers that a ballot of this vote can give, with their labels."""
    return {word: ANSWERS[word] for word in KINDS[vote.kind].words}


def chosen(vote: Vote, choice: str) -> str:
    """Return a choice as text: “1. Ada, 2. Ben”."""
    named = [title(vote, option) for option in vote.options]
    return _("You abstained.") if choice == choices.BLANK else in_words(vote.kind, named, choice)


def in_words(kind: str, titles: Sequence[str], choice: str) -> str:
    """Return a choice string of this kind as text, for options with these titles."""
    marks = choices.read(kind, choice)
    if choice == choices.BLANK:
        return _("Abstained")
    ballot = KINDS[kind].ballot
    if ballot == WORD:
        return str(ANSWERS[choice])
    if ballot in choices.TICKED:
        return listed(titles[number - 1] for number in marks)
    if KINDS[kind].is_ranked:
        ranked = sorted(marks.items(), key=lambda mark: (int(mark[1]), mark[0]))
        return ", ".join(
            _("%(place)s. %(option)s", place=place, option=titles[number - 1])
            for number, place in ranked
        )
    values = [
        (number, str(DATE_ANSWERS[value]) if ballot == DATES else value)
        for number, value in marks.items()
    ]
    return ", ".join(
        _("%(option)s: %(mark)s", option=titles[number - 1], mark=mark) for number, mark in values
    )


#: A language's ordinal form -> the text; English has all four.
_ORDINALS: dict[str, Any] = {
    "one": _l("%(number)sst"),
    "two": _l("%(number)snd"),
    "few": _l("%(number)srd"),
    "other": _l("%(number)sth"),
}


def ordinal(number: int) -> str:
    """Return “1st”, “2nd” and so on, in the reader's language."""
    locale = locale_here()
    form = locale.ordinal_form(number) if locale is not None else "other"
    return str(_ORDINALS.get(form, _ORDINALS["other"])) % {"number": number}


def hint(vote: Vote) -> str:
    """Return instructions for filling in a ballot, in a sentence or two."""
    return HINTS.get(vote.ballot_type, _choices)(vote)


def _choices(vote: Vote) -> str:
    if vote.choices_max == 1:
        return _("Choose one.")
    if vote.choices_max == len(vote.options):
        if vote.choices_min == 1:
            return _("Choose as many as you like.")
        return _("Choose at least %(least)s.", least=vote.choices_min)
    if vote.choices_min == vote.choices_max:
        return _("Choose exactly %(most)s.", most=vote.choices_max)
    return _("Choose %(least)s to %(most)s.", least=vote.choices_min, most=vote.choices_max)


def _scores(vote: Vote) -> str:
    return _(
        "Give each option a score from 0 to %(most)s. Higher is better. Options you leave out get "
        "0.",
        most=vote.score_max,
    )


def _stars(_vote: Vote) -> str:
    return _(
        "Give each option 0 to 5 stars. The top two go to a final. There, your ballot counts "
        "for the one you gave more stars."
    )


def _dots(vote: Vote) -> str:
    sentences = [
        ngettext(
            "You have one dot.",
            "You have %(num)d dots. Put them on one option or spread them.",
            vote.budget,
        )
    ]
    if vote.per_option is not None and vote.per_option < vote.budget:
        sentences.append(
            ngettext("At most one per option.", "At most %(num)d per option.", vote.per_option)
        )
    sentences.append(
        _("You must use all of them.") if vote.spend_all else _("Unused dots are lost.")
    )
    return " ".join(sentences)


def _ranking(vote: Vote) -> str:
    if vote.ballot_type == LEVELS:
        return _("Rank the options. Ties are fine; anything you leave unranked counts as last.")
    sentence = _(
        "Rank the options, best first. Leave options you can’t support blank. They get nothing "
        "from you."
    )
    if vote.kind != STV:
        return sentence
    elected = ngettext(
        "One option will be elected.", "%(num)s options will be elected.", vote.seats
    )
    return f"{sentence} {elected}"


def _answers(vote: Vote) -> str:
    return _("Choose one answer. Read what each means, especially a block.")


def _dates(_vote: Vote) -> str:
    return _("Answer for each date. Dates you leave blank count as “No”.")


HINTS: dict[str, Callable[[Vote], str]] = {
    POINTS: _scores,
    STARS: _stars,
    SPREAD: _dots,
    RANKING: _ranking,
    LEVELS: _ranking,
    WORD: _answers,
    DATES: _dates,
}


def meanings(vote: Vote) -> dict[str, str]:
    """Return what each answer to a proposal means; a block's meaning depends on the vote's
    settings.
    """
    if vote.blocks is None:
        block = _("I’m strongly against it. This counts as disagreeing, and people should know.")
    elif vote.blocks == 1:
        block = _("This must not happen. One block is enough to stop it.")
    else:
        block = _("This must not happen. %(count)s blocks stop it.", count=vote.blocks)
    return {
        "agree": _("I’m for it."),
        "abstain": _("I take no side, and accept what the others decide."),
        "disagree": _("I’m against it, but I can live with it if it’s carried."),
        "block": block,
    }


def title(vote: Vote, option: Option) -> str:
    """Return “Open kitchen”, or “Sat 27 Feb, 18:00–20:00” in the vote's zone."""
    return option.title if option.starts_at is None else date_in_words(vote, option)


def date_in_words(vote: Vote, option: Option, zone: str = "") -> str:
    """Return the option's date in this zone, or in the vote's zone."""
    assert option.starts_at is not None
    assert option.ends_at is not None
    zone = zone or vote.zone
    span = date_format.TimeSpan(option.starts_at, option.ends_at, zone, is_all_day=False)
    return date_format.brief(span, zone)


def elsewhere(vote: Vote, option: Option, zone: str | None) -> str:
    """Return the date in the reader's zone, if the clocks there differ; otherwise ""."""
    if zone is None or option.starts_at is None:
        return ""
    if time_zones.wall(option.starts_at, zone) == time_zones.wall(option.starts_at, vote.zone):
        return ""
    return _("%(date)s your time", date=date_in_words(vote, option, zone))
