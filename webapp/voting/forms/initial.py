"""Initial values of the vote form: defaults of the kind, or those of an existing vote."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from ...core.time import time_zones
from ..models import CLOSE, Vote
from ..planning.plan import OWN, spans_of, stamp
from ..results import quorum_text
from ..tally.rules import PROPOSAL, VALID, VOICES

#: Fields whose values are those of the columns.
ALIKE = (
    "title",
    "description",
    "choices_min",
    "results",
    "electorate",
    "roles",
    "roll_at",
    "leavers",
    "quorum",
    "reasons",
)


def usual(kind: str) -> dict[str, str]:
    """Return the default threshold: a proposal needs more than half of those who take a side, other
    kinds nothing.
    """
    if kind == PROPOSAL:
        return {"threshold": "more-1-2", "threshold_of": VOICES}
    return {"threshold": quorum_text.NONE, "threshold_of": VALID}


def of(vote: Vote) -> dict[str, Any]:
    """Return the fields' values for an existing vote."""
    own = (*ALIKE, *OWN)
    everything = vote.choices_max == len(vote.options)
    dated = [span for span in spans_of(vote) if span]
    more: dict[str, Any] = (
        {"threshold": quorum_text.code_of(vote), "threshold_of": vote.threshold_of}
        if vote.threshold_of
        else {}
    )
    if dated:
        more |= {"dates": [_wall(starts, vote.zone) for starts, _ends in dated]}
        more |= {"lasts": minutes(*(time_zones.wall(moment, vote.zone) for moment in dated[0]))}
    return (
        more
        | {name: getattr(vote, name) for name in own}
        | {
            "options": "" if dated else "\n".join(option.title for option in vote.options),
            "choices_max": None if everything else vote.choices_max,
            "begins": "later",
            "opens": time_zones.wall(time_zones.whole_minute(vote.opens_at), vote.zone),
            "closes": time_zones.wall(time_zones.whole_minute(vote.closes_at), vote.zone),
            "seen": stamp(vote),
            "names": "secret" if vote.is_secret else "hidden" if vote.is_anonymous else "named",
        }
    )


def minutes(starts: datetime, ends: datetime) -> int:
    """Return the minutes between two wall-clock times."""
    return int((ends - starts).total_seconds()) // 60


def _wall(moment: datetime, zone: str) -> tuple[datetime, str]:
    """The wall-clock time in the zone, and its fold if clocks show it twice."""
    here = time_zones.in_zone(time_zones.whole_minute(moment), zone)
    try:
        time_zones.to_utc(here.replace(tzinfo=None), zone)
    except time_zones.AmbiguousTime:
        return here.replace(tzinfo=None), str(here.fold)
    return here.replace(tzinfo=None), ""


_VOTERS = {
    "members": _l("All members vote"),
    "roles": _l("Some roles vote"),
    "invited": _l("Invited members vote"),
    "going": _l("People who are going vote"),
    "attended": _l("People who attended vote"),
}
_SECRECY = {
    "hidden": _l("names hidden"),
    "named": _l("names shown"),
    "secret": _l("secret ballot"),
}
_RESULTS = {
    "always": _l("results always shown"),
    "after_voting": _l("results after voting"),
    "after_close": _l("results after closing"),
}


def in_words(form: Any) -> str:
    """Return a summary of a new vote's settings, such as “names hidden”."""
    quorum = form.quorum.data
    parts = (
        _VOTERS.get(form.electorate.data),
        _("people who join can vote too") if form.roll_at.data == CLOSE else "",
        _SECRECY.get(form.names.data),
        _RESULTS.get(form.results.data),
        _("quorum of %(share)s%%", share=quorum) if quorum else _("no quorum"),
    )
    return " · ".join(str(part) for part in parts if part)
