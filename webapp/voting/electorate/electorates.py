"""Electorates: the people a vote's roll is written from, and their description in words."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import contains_eager

from ...accounts.models import User
from ...core import i18n
from ...core.extensions import db
from ...core.http.errors import UserError
from ...events.access import is_announced, is_open_to_others
from ...events.models import Event
from ...groups.access import ROLE_NAMES
from ...groups.models import ROLES as GROUP_ROLES, Membership
from ...groups.reads import has_ban
from ..models import (
    ATTENDED,
    CLOSE,
    FEWEST,
    GOING,
    HOLDERS,
    INVITED,
    KEEP,
    MEMBERS,
    OF_EVENT,
    OPENING,
    Invitee,
    Vote,
    Voter,
)
from ..planning.plan import VotePlan


def on_roll(vote: Vote) -> sa.Select[Any]:
    """Select the Voter rows of people to notify, with their users.
    People who left, or can't see the vote any more, are excluded.
    """
    lines = sa.select(Voter).join(Voter.user).options(contains_eager(Voter.user))
    lines = lines.where(
        Voter.vote_id == vote.id, Voter.left_at.is_(None), User.deactivated_at.is_(None)
    )
    if has_outsiders(vote):
        return lines.where(~has_ban(vote.group_id, User.id))
    return lines.where(
        User.id.in_(sa.select(Membership.user_id).where(Membership.group_id == vote.group_id))
    )


def has_outsiders(vote: Vote) -> bool:
    """Whether people outside the group may see the vote."""
    if vote.leavers == KEEP:
        return True
    event = vote.event if vote.electorate in OF_EVENT else None
    return event is not None and is_announced(event) and is_open_to_others(event)


def has_no_invitees(vote: Any = Vote) -> sa.ColumnElement[bool]:
    """The condition that a vote among invited people lacks invitations: at least one, or enough for
    a secret vote. Until then it doesn't open.
    """
    invited = sa.select(sa.func.count()).where(Invitee.vote_id == vote.id).scalar_subquery()
    return sa.and_(vote.electorate == INVITED, invited < sa.case((vote.is_secret, FEWEST), else_=1))


def needs_invitees(vote: Vote) -> bool:
    """`has_no_invitees` for one vote that hasn't opened."""
    if vote.electorate != INVITED or vote.opened_at is not None:
        return False
    invited = sa.select(sa.func.count()).where(Invitee.vote_id == vote.id)
    return (db.session.scalar(invited) or 0) < (FEWEST if vote.is_secret else 1)


def check(plan: VotePlan, now: datetime, event: Event | None) -> None:
    """Raises UserError if the plan's electorate can't exist."""
    if plan.electorate in OF_EVENT and event is None:
        raise UserError(
            _("Only a vote about an event can be for the people at that event."), "electorate"
        )
    if plan.electorate == HOLDERS and not set(plan.roles) <= set(GROUP_ROLES):
        raise UserError(_("This role doesn’t exist."), "roles")
    if plan.electorate == HOLDERS and not plan.roles:
        raise UserError(_("Tick at least one role."), "roles")
    if plan.roll_at == CLOSE and plan.leavers == KEEP:
        raise UserError(
            _(
                "If the list of voters is fixed at closing, it lists the people who are there "
                "then. People who leave earlier lose their vote."
            ),
            "leavers",
        )
    early = plan.electorate == ATTENDED and plan.roll_at == OPENING
    if early and event is not None and (plan.opens_at or now) < event.starts_at:
        raise UserError(
            _(
                "No one has attended yet. Let voting open after the event begins, or fix the list "
                "of voters at closing."
            ),
            "opens",
        )


def in_words(vote: Vote) -> str:
    """Return who can vote, as a sentence that says when the list is fixed; afterwards in the past
    tense.
    """
    if _never_opened(vote):
        return _("No one. The vote was cancelled before it opened.")
    event = vote.event.title if vote.event and is_announced(vote.event) else _("an event")
    values = {"event": event, "roles": roles_in_words(vote.roles)}
    if vote.roll_at != CLOSE:
        is_fixed = vote.opened_at is not None
        values["when"] = _("when voting opened") if is_fixed else _("when voting opens")
    else:
        is_fixed = vote.is_over
        values["when"] = _("when voting closed") if is_fixed else _("when voting closes")
        if vote.is_cancelled:
            values["when"] = _("when the vote was cancelled")
    before, after = _ELECTORATES[vote.electorate]
    return str(after if is_fixed else before) % values


def _never_opened(vote: Vote) -> bool:
    return vote.is_cancelled and vote.opened_at is None


#: Electorate -> its description before and after the list of voters is fixed.
_ELECTORATES: dict[str, tuple[Any, Any]] = {
    MEMBERS: (_l("Everyone who’s a member %(when)s."), _l("Everyone who was a member %(when)s.")),
    GOING: (
        _l("Everyone who’s going to “%(event)s” %(when)s."),
        _l("Everyone who was going to “%(event)s” %(when)s."),
    ),
    ATTENDED: (
        _l("Everyone who attends “%(event)s”, as recorded %(when)s."),
        _l("Everyone who attended “%(event)s”, as recorded %(when)s."),
    ),
    INVITED: (
        _l("Members who are on the invitation list %(when)s."),
        _l("Members who were on the invitation list %(when)s."),
    ),
    HOLDERS: (
        _l("Members who have these roles %(when)s: %(roles)s."),
        _l("Members who had these roles %(when)s: %(roles)s."),
    ),
}


def roles_in_words(roles: list[str]) -> str:
    """Return “Owner, Organizer”, in the order of the roles."""
    return ", ".join(str(ROLE_NAMES[role]) for role in GROUP_ROLES if role in roles)


def leavers_in_words(vote: Vote, only_unusual: bool = False) -> str:
    """Return what happens to the votes of people who leave the group before closing.
    "" if the group has no part in it or no ballots count. With `only_unusual` also "" for the
    default.
    """
    if vote.electorate in OF_EVENT or vote.is_cancelled:
        return ""
    if vote.leavers == KEEP:
        if vote.is_over:
            return _("Anyone who left the group before closing kept their vote.")
        return _("Anyone who leaves the group before closing keeps their vote.")
    if only_unusual:
        return ""
    if vote.is_over:
        lost = _("Anyone who left the group before voting lost their vote.")
        uncounted = _("Unless they were removed, they aren’t counted among the voters.")
    else:
        lost = _("Anyone who leaves the group before voting can’t vote any more.")
        uncounted = _("Unless they’re removed, they aren’t counted among the voters.")
    parts = [lost, uncounted] if vote.leavers_are_uncounted else [lost]
    return " ".join([*parts, _("Ballots already cast still count.")])


def written_in_words(vote: Vote) -> str:
    """Return when the electoral roll was or will be fixed, as a sentence."""
    if vote.is_cancelled and (vote.roll_at == CLOSE or vote.opened_at is None):
        return _("The vote was cancelled before the list of voters was fixed.")
    if vote.roll_at == CLOSE:
        if vote.closed_at is not None:
            return _(
                "The list of voters was fixed when voting closed on %(moment)s.",
                moment=i18n.moment(vote.closed_at, vote.zone),
            )
        return _(
            "The list of voters can still change until voting closes on %(moment)s.",
            moment=i18n.moment(vote.closes_at, vote.zone),
        )
    if vote.opened_at is not None:
        moment = i18n.moment(vote.opened_at, vote.zone)
        return _(
            "The list of voters was fixed when voting opened on %(moment)s. No one has been "
            "added since.",
            moment=moment,
        )
    return _(
        "The list of voters will be fixed when voting opens on %(moment)s.",
        moment=i18n.moment(vote.opens_at, vote.zone),
    )
