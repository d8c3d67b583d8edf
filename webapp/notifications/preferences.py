"""Notification settings: the channel of each type, and the level of each group."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core.db.session import locked
from ..core.extensions import db
from ..core.http.errors import UserError
from .models import DIGEST, INBOX, LEVELS, NOTHING, NOW, OFF, GroupLevel, Notification, Preference
from .notification_types import DIGEST_EMAIL, NOTIFICATION_TYPES, NotificationType


def _everything(kind: NotificationType) -> str:
    """Return the channel of the preset "everything": at once, except for small things."""
    return NOW if kind.usual == DIGEST and NOW in kind.channels else kind.usual


def _important(kind: NotificationType) -> str:
    """Return the default channel."""
    return kind.usual


def _digest_only(kind: NotificationType) -> str:
    """Return the channel of the preset "digest": no email but the digest.

    What would come too late is in the inbox only.
    """
    if kind.is_fixed or kind.usual == INBOX:
        return kind.usual
    return next(channel for channel in (DIGEST, INBOX, OFF) if channel in kind.channels)


def _nothing(kind: NotificationType) -> str:
    """Return the channel of the preset "nothing": off, except for what can't be turned off."""
    return kind.usual if kind.is_fixed else OFF


#: name -> function that returns a type's channel, in the order of the settings page
PRESETS: dict[str, Callable[[NotificationType], str]] = {
    "everything": _everything,
    "important": _important,
    "digest": _digest_only,
    "nothing": _nothing,
}
#: The name of choices that match no preset.
OWN = "own"


class PresetMatch(NamedTuple):
    """The preset closest to someone's choices, and the types that differ from it."""

    nearest: str
    differing: frozenset[str]

    @property
    def name(self) -> str:
        """The preset, or OWN if any type differs."""
        return OWN if self.differing else self.nearest


def match(chosen: Mapping[str, str]) -> PresetMatch:
    """Compare the channels, by type, with each preset.

    How often the digest comes belongs to no preset; without a digest, no preset matches that fills
    it.
    """
    found = []
    for name in ("important", *PRESETS):
        preset = of_preset(name, chosen)
        differing = frozenset(kind for kind in chosen if preset[kind] != chosen[kind])
        found.append(PresetMatch(name, differing))
    return min(found, key=lambda one: len(one.differing))


def of_preset(name: str, chosen: Mapping[str, str]) -> dict[str, str]:
    """Return the channels of the types in `chosen` with that preset."""
    channels = {kind: PRESETS[name](NOTIFICATION_TYPES[kind]) for kind in chosen}
    channels[DIGEST_EMAIL] = chosen[DIGEST_EMAIL]
    if channels[DIGEST_EMAIL] == OFF and DIGEST in channels.values():
        channels[DIGEST_EMAIL] = NOTIFICATION_TYPES[DIGEST_EMAIL].usual
    return channels


def channels(
    users: Sequence[User], kind: NotificationType, group_id: uuid.UUID | None = None
) -> dict[uuid.UUID, str]:
    """Return the channel of this type, and this group if any, for each user by id."""
    ids = [user.id for user in users]
    reach = dict.fromkeys(ids, kind.usual)
    if kind.is_fixed or not ids:
        return reach
    silent = []
    for is_level, user_id, word in db.session.execute(
        _chosen(group_id is not None), {"people": ids, "kind": kind.name, "group": group_id}
    ):
        if is_level and (word == NOTHING or not kind.is_important):
            silent.append(user_id)
        elif not is_level and word in kind.channels:
            reach[user_id] = word
    return reach | dict.fromkeys(silent, OFF)


@cache
def _chosen(in_group: bool) -> sa.Executable:
    """Select people's choices for the type and the group in one statement: rows are locked
    meanwhile.
    """
    channels = sa.select(sa.false().label("is_level"), Preference.user_id, Preference.channel)
    people = sa.bindparam("people", type_=sa.Uuid, expanding=True)
    channels = channels.where(
        Preference.kind == sa.bindparam("kind"), Preference.user_id.in_(people)
    )
    if not in_group:
        return channels
    levels = sa.select(sa.true(), GroupLevel.user_id, GroupLevel.level)
    return channels.union_all(
        levels.where(
            GroupLevel.group_id == sa.bindparam("group", type_=sa.Uuid),
            GroupLevel.user_id.in_(people),
        )
    )


def of(user: User) -> dict[str, str]:
    """Return the channel of each type offered to `user`, by name."""
    rows = db.session.execute(
        sa.select(Preference.kind, Preference.channel).where(Preference.user_id == user.id)
    )
    chosen = {
        kind: channel
        for kind, channel in rows
        if kind in NOTIFICATION_TYPES and channel in NOTIFICATION_TYPES[kind].channels
    }
    return {kind.name: chosen.get(kind.name, kind.usual) for kind in offered_to(user)}


def offered_to(user: User) -> list[NotificationType]:
    """Return the types that `user` can get."""
    return [kind for kind in NOTIFICATION_TYPES.values() if user.is_admin or not kind.for_admins]


def choose(user: User, channels: dict[str, str]) -> None:
    """Set the channel of each type named; leave the others.

    Raises UserError for a channel that the type doesn't have.
    """
    locked(User, user.id)
    kept = {
        row.kind: row
        for row in db.session.scalars(sa.select(Preference).where(Preference.user_id == user.id))
    }
    for name, channel in channels.items():
        kind = NOTIFICATION_TYPES.get(name)
        if kind is None or channel not in kind.channels:
            raise UserError(_("You can’t choose that for this notification."), field=name)
        _keep(user, kind, channel, kept.get(name))
    _leave_out_of_digest(
        user,
        Notification.kind.in_([name for name, channel in channels.items() if channel != DIGEST]),
    )
    db.session.flush()


def choose_preset(
    user: User, preset: str, was: Mapping[str, str], details: Mapping[str, str]
) -> None:
    """Set the preset; those of `details` that the person changed on their page (`was`) apply on
    top.

    If the page already showed this preset, the other types stay as they are now. So a page that is
    sent twice, or is older than another page's choice, undoes nothing.
    """
    if preset not in (*PRESETS, OWN):
        raise UserError(_("Choose one of the presets."), field="preset")
    chosen = of(user)
    base = chosen if preset in (OWN, match(was).name) else of_preset(preset, chosen)
    choose(user, base | {kind: how for kind, how in details.items() if how != was.get(kind)})


def _keep(user: User, kind: NotificationType, channel: str, row: Preference | None) -> None:
    """Store a channel; the default needs no row."""
    if row is not None and channel == kind.usual:
        db.session.delete(row)
    elif row is not None:
        row.channel = channel
    elif channel != kind.usual:
        db.session.add(Preference(user_id=user.id, kind=kind.name, channel=channel))


def _leave_out_of_digest(user: User, *which: sa.ColumnElement[bool]) -> None:
    """Move matching lines from the next digest to the inbox."""
    waiting = sa.update(Notification).where(Notification.user_id == user.id, *which)
    db.session.execute(
        waiting.where(Notification.channel == DIGEST, Notification.digest_id.is_(None)).values(
            channel=INBOX
        )
    )


def level_of(user: User, group_id: uuid.UUID) -> str | None:
    """Return the user's level for the group; None if their settings apply."""
    return levels_of(user, [group_id]).get(group_id)


def levels_of(user: User, group_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the levels of several groups, without those that have none."""
    chosen = sa.select(GroupLevel.group_id, GroupLevel.level)
    chosen = chosen.where(GroupLevel.user_id == user.id, GroupLevel.group_id.in_(list(group_ids)))
    return {row.group_id: row.level for row in db.session.execute(chosen)}


def choose_level(user: User, group_id: uuid.UUID, level: str | None) -> None:
    """Set the user's level for the group; None makes their settings apply.

    Lines that wait for the digest and wouldn't be sent any more stay in the inbox only.
    """
    if level is not None and level not in LEVELS:
        raise UserError(_("Choose one of the three."), field="level")
    choose_levels(user, {group_id: level})


def choose_levels(user: User, levels: Mapping[uuid.UUID, str | None]) -> None:
    """Set the levels of several groups."""
    locked(User, user.id)
    mine = GroupLevel.user_id == user.id
    db.session.execute(sa.delete(GroupLevel).where(mine, GroupLevel.group_id.in_(levels)))
    chosen = {group_id: level for group_id, level in levels.items() if level is not None}
    db.session.add_all(
        GroupLevel(user_id=user.id, group_id=group_id, level=level)
        for group_id, level in chosen.items()
    )
    for one in set(chosen.values()):
        silent = [
            kind.name
            for kind in NOTIFICATION_TYPES.values()
            if one == NOTHING or not kind.is_important
        ]
        groups = [group_id for group_id, level in chosen.items() if level == one]
        _leave_out_of_digest(user, Notification.group_id.in_(groups), Notification.kind.in_(silent))
    db.session.flush()


def forget_level(user: User, group_id: uuid.UUID) -> None:
    """Delete the user's level for the group."""
    db.session.execute(
        sa.delete(GroupLevel).where(GroupLevel.user_id == user.id, GroupLevel.group_id == group_id)
    )


def erase(user: User) -> None:
    """Delete the user's choices."""
    for model in (Preference, GroupLevel):
        db.session.execute(sa.delete(model).where(model.user_id == user.id))
