"""Whom a vote is for: the people its roll is written from, and how that is said."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import contains_eager

from ...accounts.models import User
from ...core.extensions import db
from ...core.http.errors import UserError
from ...core.i18n import language
from ...events.access import is_announced, lets_in_others
from ...events.models import Event
from ...groups.access import ROLE_NAMES
from ...groups.models import ROLES as GROUP_ROLES
from ...groups.models import Membership
from ...groups.reads import kept_out
from ..models import (
    ATTENDED,
    CLOSE,
    FEWEST,
    GOING,
    HOLDERS,
    INVITED,
    KEEP,
    OF_EVENT,
    OPENING,
    Invitee,
    Vote,
    Voter,
)
from ..planning.plan import VotePlan


def on_roll(vote: Vote) -> sa.Select[Any]:
    """The lines of those who are on the roll and here, with their people: a statement of Voter.
    The person who left, or does not find the vote any more, is told nothing."""
    lines = sa.select(Voter).join(Voter.user).options(contains_eager(Voter.user))
    lines = lines.where(
        Voter.vote_id == vote.id, Voter.left_at.is_(None), User.deactivated_at.is_(None)
    )
    if has_outsiders(vote):
        return lines.where(~kept_out(vote.group_id, User.id))
    return lines.where(
        User.id.in_(sa.select(Membership.user_id).where(Membership.group_id == vote.group_id))
    )


def has_outsiders(vote: Vote) -> bool:
    """Whether someone who does not belong to the group may see the vote."""
    if vote.leavers == KEEP:
        return True
    event = vote.event if vote.electorate in OF_EVENT else None
    return event is not None and is_announced(event) and lets_in_others(event)


def nobody_yet(vote: Any = Vote) -> sa.ColumnElement[bool]:
    """The condition on Vote that it is for invited people and nobody has been invited, or too few
    for a secret one: such a vote waits to open."""
    invited = sa.select(sa.func.count()).where(Invitee.vote_id == vote.id).scalar_subquery()
    return sa.and_(vote.electorate == INVITED, invited < sa.case((vote.is_secret, FEWEST), else_=1))


def waits_for_people(vote: Vote) -> bool:
    """The same of one vote."""
    if vote.electorate != INVITED or vote.opened_at is not None:
        return False
    invited = sa.select(sa.func.count()).where(Invitee.vote_id == vote.id)
    return (db.session.scalar(invited) or 0) < (FEWEST if vote.is_secret else 1)


def check(plan: VotePlan, now: datetime, event: Event | None) -> None:
    """Returns when there is someone whom such a vote could be for. Raises UserError."""
    if plan.electorate in OF_EVENT and event is None:
        raise UserError(_("Only a vote about an event can be put to its people."), "electorate")
    if plan.electorate == HOLDERS and not set(plan.roles) <= set(GROUP_ROLES):
        raise UserError(_("There is no such role."), "roles")
    if plan.electorate == HOLDERS and not plan.roles:
        raise UserError(_("Tick at least one role."), "roles")
    if plan.roll_at == CLOSE and plan.leavers == KEEP:
        raise UserError(
            _(
                "A roll that is written at closing holds those who are there then: nobody keeps a "
                "vote who leaves before."
            ),
            "leavers",
        )
    early = plan.electorate == ATTENDED and plan.roll_at == OPENING
    if early and event is not None and (plan.opens_at or now) < event.starts_at:
        raise UserError(
            _(
                "Nobody has come yet: let voting open after the event begins, or write the roll "
                "at closing."
            ),
            "opens",
        )


def in_words(vote: Vote) -> str:
    """Who may vote, in a sentence that says when that is settled."""
    at_close = vote.roll_at == CLOSE
    when = (
        _("when voting closes")
        if at_close
        else _("when voting opened")
        if vote.opened_at
        else _("when voting opens")
    )
    event = vote.event.title if vote.event and is_announced(vote.event) else _("an event")
    return {
        GOING: _("Those who are going to %(event)s, as it is %(when)s.", event=event, when=when),
        ATTENDED: _(
            "Those who came to %(event)s, as it is known %(when)s.", event=event, when=when
        ),
        INVITED: _("Those who were invited to it one by one, %(when)s.", when=when),
        HOLDERS: _(
            "In the group: %(roles)s, as it is %(when)s.",
            roles=roles_in_words(vote.roles),
            when=when,
        ),
    }.get(vote.electorate, _("Everyone who is a member %(when)s.", when=when))


def roles_in_words(roles: list[str]) -> str:
    """“Owner, Organizer”, in the order of the roles."""
    return ", ".join(str(ROLE_NAMES[role]) for role in GROUP_ROLES if role in roles)


def leavers_in_words(vote: Vote, only_unusual: bool = False) -> str:
    """What becomes of the vote of someone who leaves the group before closing; nothing where the
    group has no part in it, nor of what is usual where that is not asked for."""
    if vote.electorate in OF_EVENT:
        return ""
    if vote.leavers == KEEP:
        return _("Who leaves the group meanwhile keeps their vote.")
    return (
        ""
        if only_unusual
        else _(
            "Who leaves the group before they voted has no vote any more; a ballot that is in "
            "counts."
        )
    )


def written_in_words(vote: Vote) -> str:
    """When the roll was, or will be, written for good."""
    if vote.roll_at == CLOSE:
        if vote.closed_at is not None:
            return _(
                "Written %(moment)s, when voting closed.",
                moment=language.moment(vote.closed_at, vote.zone),
            )
        return _(
            "It goes with those whom the vote is for until voting closes, %(moment)s.",
            moment=language.moment(vote.closes_at, vote.zone),
        )
    if vote.opened_at is not None:
        moment = language.moment(vote.opened_at, vote.zone)
        return _(
            "Written %(moment)s, when voting opened; nobody has been added since.", moment=moment
        )
    return _(
        "It is written when voting opens, %(moment)s.",
        moment=language.moment(vote.opens_at, vote.zone),
    )
