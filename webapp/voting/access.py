"""Who can see a vote and what they can do in it. The code checks `ACTIONS`, and `/roles` shows it.

A function below asks the table first where more than the role decides.

Votes are visible to the group's members. A vote among an event's attendees is also visible to
everyone on its electoral roll. People who left the group see votes in which they keep their vote.
Being a site admin gives no rights in a vote.
`visible_to` and `visible` are conditions on Vote joined with its Group. They use indexes.
"""

from functools import cache
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased, joinedload
from werkzeug.exceptions import Forbidden, NotFound

from ..accounts.models import User
from ..attendance import attendee_filter
from ..attendance.models import Attendance
from ..core.db.session import cached_statement
from ..core.extensions import db
from ..core.http.permissions import TABLES, PermissionTable
from ..events.models import DRAFT, GOING as RSVP_GOING, GROUP as FOR_GROUP, Event, Rsvp
from ..groups import access as groups
from ..groups.models import (
    MEMBER,
    MODERATOR,
    OPEN as OPEN_GROUP,
    ORGANIZER,
    OWNER,
    Group,
    Membership,
)
from ..groups.reads import has_ban
from .models import (
    AFTER_CLOSE,
    AFTER_VOTING,
    ALWAYS,
    ATTENDED,
    CLOSE,
    GOING,
    HOLDERS,
    INVITED,
    KEEP,
    OF_EVENT,
    Invitee,
    Vote,
    Voter,
    ballot_is_in,
)


def visible_to(user: Any) -> sa.ColumnElement[bool]:
    """Return the condition for the votes that `user` may see."""
    if user.id is None:
        return sa.false()
    return visible(user.id, list(groups.roles_of(user)), list(groups.banned_from(user)))


def visible(reader: Any, in_groups: Any, banned_from: Any) -> sa.ColumnElement[bool]:
    """`visible_to` for ids: the reader's, and those of their groups and bans. Bind parameters work
    too.
    """
    living = sa.and_(Vote.deleted_at.is_(None), Group.deleted_at.is_(None))
    outside = Vote.id.in_(sa.union_all(*_outside(reader, banned_from)))
    return sa.and_(living, sa.or_(Vote.group_id.in_(in_groups), outside))


def _outside(reader: Any, banned_from: Any) -> list[sa.Select[Any]]:
    """Select the votes visible to people outside the group.

    First, votes among attendees of an event that outsiders may see: if the reader is on the
    electoral roll, or is going and the roll isn't final yet. Second, votes that people keep after
    leaving the group. People banned from the group see none of them.
    """
    vote, group = aliased(Vote), aliased(Group)
    open_to_all = (
        Event.deleted_at.is_(None),
        Event.hidden_at.is_(None),
        Event.state != DRAFT,
        Event.audience != FOR_GROUP,
    )
    query = sa.select(vote.id).where(vote.group_id.not_in(banned_from))
    kept = query.join(Voter, Voter.vote_id == vote.id)
    kept = kept.where(vote.leavers == KEEP, Voter.user_id == reader, Voter.left_at.is_(None))
    query = query.join(Event, Event.id == vote.event_id).join(group, group.id == vote.group_id)
    query = query.where(vote.electorate.in_(OF_EVENT), *open_to_all, group.visibility == OPEN_GROUP)
    on_roll = query.join(Voter, Voter.vote_id == vote.id).where(Voter.user_id == reader)
    goes = query.join(Rsvp, Rsvp.event_id == vote.event_id).where(
        Rsvp.user_id == reader, Rsvp.state == RSVP_GOING
    )
    not_for_good = sa.or_(
        vote.opened_at.is_(None), sa.and_(vote.roll_at == CLOSE, vote.closed_at.is_(None))
    )
    return [on_roll, goes.where(vote.electorate == GOING, not_for_good), kept]


ORGANIZES, MODERATES, AUTHOR, ON_ROLL, INSIDE = ROLES = (
    "organizes",
    "moderates",
    "author",
    "on_roll",
    "inside",
)

ACTIONS: dict[str, frozenset[str]] = {
    "vote:view": frozenset(ROLES),
    "vote:view_voters": frozenset(ROLES),
    "vote:cast": frozenset({ON_ROLL}),
    "vote:comment": frozenset(ROLES),
    "vote:moderate": frozenset({ORGANIZES, MODERATES}),
    "vote:view_names": frozenset(ROLES),
    "vote:download": frozenset(ROLES),
    "vote:edit": frozenset({ORGANIZES, AUTHOR}),
    "vote:cancel": frozenset({ORGANIZES, AUTHOR}),
    "vote:delete": frozenset({ORGANIZES, AUTHOR}),
    "vote:invite": frozenset({ORGANIZES, AUTHOR}),
    "vote:remind": frozenset({ORGANIZES, AUTHOR}),
    "vote:conclude": frozenset({ORGANIZES, AUTHOR}),
    "vote:schedule_event": frozenset({ORGANIZES}),
}

SENTENCES = {
    "vote:view": _l("View the vote and, if its settings allow, the results"),
    "vote:view_voters": _l("See who can vote"),
    "vote:cast": _l("Cast a ballot, and change it until closing"),
    "vote:comment": _l("Comment on the vote"),
    "vote:moderate": _l("Close the discussion, and hide or remove comments"),
    "vote:view_names": _l(
        "See who chose what, if the vote shows names and its results are visible"
    ),
    "vote:download": _l("Download the ballots and the result once they’re counted"),
    "vote:edit": _l("Edit what can still be changed"),
    "vote:cancel": _l("Cancel the vote, giving a reason"),
    "vote:delete": _l("Delete the vote before it opens"),
    "vote:invite": _l("Invite people, if the vote is for invited members"),
    "vote:remind": _l("Remind people who haven’t voted, once a day"),
    "vote:conclude": _l("Write the outcome"),
    "vote:schedule_event": _l(
        "Make the winning date the event’s time (the event’s hosts can do this too)"
    ),
}

ROLE_NAMES = {
    ORGANIZES: _l("Owner or organizer"),
    MODERATES: _l("Moderator"),
    AUTHOR: _l("Started the vote"),
    ON_ROLL: _l("Can vote"),
    INSIDE: _l("Group member"),
}

TABLES["vote"] = PermissionTable(_l("In a vote"), list(ROLE_NAMES.items()), ACTIONS, SENTENCES)

#: What a role in the group makes of someone in its votes. Only the roll shows one to outsiders.
_ROLES_IN = {
    None: frozenset({ON_ROLL}),
    OWNER: frozenset({ORGANIZES, INSIDE}),
    ORGANIZER: frozenset({ORGANIZES, INSIDE}),
    MODERATOR: frozenset({MODERATES, INSIDE}),
    MEMBER: frozenset({INSIDE}),
}


def roles_in(user: Any, vote: Vote) -> frozenset[str]:
    """Return the roles of `user`, who can see the vote. Whether a member can vote isn't looked up:
    it makes a difference only to casting.
    """
    role = groups.role_of(user, vote.group)
    is_author = role is not None and vote.author_id == user.id
    return _ROLES_IN[role] | {AUTHOR} if is_author else _ROLES_IN[role]


def can(user: Any, action: str, vote: Vote) -> bool:
    """Whether a role of `user`, who can see the vote, allows `action`."""
    return bool(ACTIONS[action] & roles_in(user, vote))


def actions_of(user: Any, vote: Vote) -> frozenset[str]:
    """Return all actions of `user` in the vote, for templates that show buttons."""
    roles = roles_in(user, vote)
    return frozenset([action for action, allowed in ACTIONS.items() if allowed & roles])


def vote_to(user: Any, action: str, slug: str) -> Vote:
    """Return the vote with this slug if `user` may do `action`.

    Raises Forbidden, or what `vote_for` raises.
    """
    return _required(user, action, vote_for(user, slug))


def listed_vote_to(user: Any, action: str, slug: str) -> Vote:
    """Like `vote_to`, but also return a hidden vote, of which only the title may be shown."""
    return _required(user, action, listed_vote_for(user, slug))


def vote_to_cast(user: Any, action: str, slug: str) -> Vote:
    """Return the vote with this slug if people on the roll may do `action`. Casting checks, with
    its lock held, whether `user` is one of them. Raises what `vote_to` raises.
    """
    vote = vote_for(user, slug)
    if ON_ROLL not in ACTIONS[action]:
        raise Forbidden()
    return vote


def _required(user: Any, action: str, vote: Vote) -> Vote:
    if not can(user, action, vote):
        raise Forbidden()
    return vote


def vote_for(user: Any, slug: str) -> Vote:
    """Return the vote with this slug, with its group, event and options.
    Raises NotFound if `user` may not see it or an admin hid it.
    """
    vote = listed_vote_for(user, slug)
    if vote.hidden_at is not None:
        raise NotFound()
    return vote


def listed_vote_for(user: Any, slug: str) -> Vote:
    """Like `vote_for`, but also return a hidden vote, of which only the title may be shown.
    Raises NotFound if `user` may not see it.
    """
    if "\x00" in slug or user.id is None:
        raise NotFound()
    its = {"slug": slug, "reader": user.id}
    its |= {"inside": list(groups.roles_of(user)), "banned": list(groups.banned_from(user))}
    vote = db.session.scalar(_of_slug(), its)
    if vote is None:
        raise NotFound()
    return vote


@cache
def _of_slug() -> sa.Select[Vote]:
    """The statement for a vote by slug and reader. Cached: building it costs more than
    running it.
    """
    inside: Any = sa.bindparam("inside", expanding=True)
    banned: Any = sa.bindparam("banned", expanding=True)
    is_visible = visible(sa.bindparam("reader", type_=sa.Uuid), inside, banned)
    return with_context().where(Vote.slug == sa.bindparam("slug"), is_visible)


def with_context() -> sa.Select[Vote]:
    """Select votes with the group, event, author and thread that all their pages need."""
    named = (
        joinedload(Vote.group),
        joinedload(Vote.event),
        joinedload(Vote.author),
        joinedload(Vote.thread),
    )
    return sa.select(Vote).join(Vote.group).options(*named)


def electors(vote: Vote) -> sa.Select[User]:
    """Select the people who are entitled to vote at this moment."""
    people = sa.select(User).where(User.deactivated_at.is_(None))
    if vote.electorate in OF_EVENT:
        return people.where(User.id.in_(_who_were_there(vote)), ~has_ban(vote.group_id, User.id))
    people = people.join(Membership, Membership.user_id == User.id).where(
        Membership.group_id == vote.group_id
    )
    if vote.electorate == HOLDERS:
        return people.where(Membership.role.in_(vote.roles))
    if vote.electorate == INVITED:
        return people.join(Invitee, Invitee.user_id == User.id).where(Invitee.vote_id == vote.id)
    return people


def _who_were_there(vote: Vote) -> sa.Select[Any]:
    """Select an event's attendees. For a vote among those who attended: the people checked in, or
    everyone who was going if nobody was checked in.
    """
    going = sa.select(Rsvp.user_id).where(
        Rsvp.event_id == vote.event_id, Rsvp.state == RSVP_GOING, Rsvp.user_id.is_not(None)
    )
    if (
        vote.electorate == ATTENDED
        and vote.event is not None
        and attendee_filter.had_check_in(vote.event)
    ):
        return going.where(sa.exists().where(Attendance.rsvp_id == Rsvp.id).correlate(Rsvp))
    return going


def is_elector(user: Any, vote: Vote) -> bool:
    """Whether `user` is entitled to vote at this moment."""
    return db.session.scalar(electors(vote).where(User.id == user.id)) is not None


def voter_of(user: Any, vote: Vote) -> Voter | None:
    """Return `user`'s entry on the electoral roll, if any."""
    return db.session.scalar(
        sa.select(Voter).where(Voter.vote_id == vote.id, Voter.user_id == user.id)
    )


def is_entitled(user: Any, vote: Vote) -> bool:
    """Whether `user` may vote: according to the electoral roll once it's final, before that to the
    current electorate.
    """
    if vote.opened_at is None or vote.is_roll_open:
        return is_elector(user, vote)
    voter = voter_of(user, vote)
    return voter is not None and voter.left_at is None


def can_vote(user: Any, vote: Vote) -> bool:
    """Whether a ballot of `user` would be accepted now. Casting checks again by the database's
    clock.
    """
    return ON_ROLL in ACTIONS["vote:cast"] and vote.is_open and is_entitled(user, vote)


def can_create(user: Any, group: Group) -> bool:
    """Whether `user` may start a vote in the group."""
    return groups.can(user, "group:create_vote", group)


def can_see_results(user: Any, vote: Vote) -> bool:
    """Whether `user` may see results now: before counting by the vote's setting, afterwards always.
    Nobody sees results of a cancelled vote.
    """
    if vote.is_cancelled or vote.opened_at is None or vote.hidden_at is not None:
        return False
    if vote.is_counted or vote.results == ALWAYS:
        return True
    if vote.results == AFTER_CLOSE:
        return False
    assert vote.results == AFTER_VOTING
    return has_voted(user, vote)


def can_see_names(user: Any, vote: Vote) -> bool:
    """Whether `user` may see who chose what: never in an anonymous vote, otherwise with the
    results.
    """
    shows = can(user, "vote:view_names", vote) and not vote.is_anonymous
    return shows and can_see_results(user, vote)


def can_take(user: Any, vote: Vote) -> bool:
    """Whether `user` may download the ballots: after counting, unless so few are in that they would
    reveal who chose what.
    """
    may = can(user, "vote:download", vote) and vote.is_counted
    return may and can_see_results(user, vote) and not vote.is_few


def has_voted(user: Any, vote: Vote) -> bool:
    """Whether `user` has cast a ballot."""
    return bool(db.session.scalar(sa.select(ballot_is_in(vote.id, user.id))))


def groups_for_votes(user: Any) -> list[Group]:
    """Return the groups in which `user` may start a vote, by name."""
    mine = list(groups.roles_of(user))
    if not mine:
        return []
    query = (
        sa.select(Group)
        .where(Group.id.in_(mine), Group.deleted_at.is_(None))
        .order_by(Group.name, Group.id)
    )
    return [group for group in db.session.scalars(query) if can_create(user, group)]


def creates_somewhere(user: Any) -> bool:
    """Whether there is a group in which `user` may start a vote."""
    roles = groups.roles_of(user)
    settled = _settled(user, groups=list(roles)) if roles else []
    return any(roles[one.id] in groups.allowed_roles("group:create_vote", one) for one in settled)


@cached_statement
def _settled(_reader: Any, _now: Any) -> Any:
    group_ids = sa.bindparam("groups", type_=sa.Uuid, expanding=True)
    living = (Group.id.in_(group_ids), Group.deleted_at.is_(None))
    return sa.select(Group.id, Group.may_create_votes).where(*living)
