"""The whole demo: whether it may be installed, and in which order."""

import random
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from ...accounts.models import User
from ...core.db.after_commit import forget
from ...core.extensions import db
from ...core.http.errors import UserError
from ...core.time import clock
from ...events.calendar import subscriptions
from ...mail.models import OutgoingEmail
from ...notifications.models import Notification
from . import (
    agenda,
    conversations,
    event_details,
    events as gatherings,
    groups as communities,
    invitations,
    people,
    pictures,
    reports,
    site_content,
    votes,
    world,
)
from .people import DOMAIN


def hush() -> None:
    """Delete this transaction's emails to the demo's people, and drop its calls after commit.

    The rules have enqueued hundreds. They are deleted before the commit, so that no worker sees
    them.
    """
    db.session.flush()
    db.session.execute(sa.delete(OutgoingEmail).where(OutgoingEmail.address.endswith(f"@{DOMAIN}")))
    forget()


Step = Callable[[], object]
#: Notifications older than this have been read.
READ_AFTER = timedelta(days=3)
#: The same community every time; only the dates move.
SEED = 20


def seed(kept: Callable[[], None]) -> people.Cast:
    """Create the community, without sending email.

    `kept` is called after each step, and may commit it.
    """

    def done() -> None:
        world.settle()  # otherwise a running site would notify people by email
        hush()
        kept()

    chance = random.Random(SEED)  # noqa: S311 -- nothing here is secret
    cast = people.create(chance)
    groups = communities.create(cast, chance)
    done()
    pictures.create(cast, groups, random.Random(7))
    done()
    events = gatherings.create(cast, groups, chance)
    done()
    for step in _steps(cast, groups, events, chance):
        step()
        done()
    _read_old_notifications()
    kept()
    return cast


def _read_old_notifications() -> None:
    """Mark older notifications as read."""
    until = clock.now() - READ_AFTER
    old = sa.update(Notification).where(Notification.created_at < until)
    db.session.execute(old.where(Notification.read_at.is_(None)).values(read_at=until))


def _steps(
    cast: people.Cast, groups: communities.Groups, events: gatherings.Events, chance: random.Random
) -> list[Step]:
    """Return the steps, in order."""
    return [
        lambda: event_details.create(cast, events, random.Random(31)),  # noqa: S311
        lambda: agenda.create(cast, events[agenda.KEY]),
        lambda: event_details.create_tasks(cast, events),
        lambda: event_details.create_evenings(cast, groups, random.Random(43)),  # noqa: S311
        lambda: votes.create(cast, groups, chance),
        lambda: invitations.create(cast, groups),
        lambda: invitations.create_event_invitations(events),
        lambda: conversations.create(cast, groups, random.Random(11)),
        lambda: site_content.create_feeds(cast, groups),
        lambda: votes.create_outcomes(cast),
        lambda: conversations.create_keepsakes(cast, events, random.Random(12)),  # noqa: S311
        lambda: site_content.create_preferences(cast, groups),
        lambda: communities.create_neighbours(cast, people.MEMBER, random.Random(24)),  # noqa: S311
        lambda: site_content.create(cast),
        lambda: subscriptions.create(cast[people.MEMBER], None),
        lambda: reports.create(cast, groups, events),
    ]


def refuse_here(production: bool, force: bool) -> None:
    """Check that the demo may be installed.

    Raises UserError if it is already installed and, unless `force`, if there are accounts or this
    is production.
    """
    if _exists(User.email.endswith(f"@{people.DOMAIN}")):
        raise UserError(_("The demo is already installed."))
    if force:
        return
    if production:
        raise UserError(
            _(
                "This is a production site, and the demo has an admin whose password everyone "
                "knows. Use --force to install it anyway."
            )
        )
    if _exists(sa.true()):
        raise UserError(_("People already have accounts here. Use --force to add the demo anyway."))


def _exists(condition: sa.ColumnElement[bool]) -> bool:
    return db.session.scalar(sa.select(sa.exists().where(User.id.is_not(None), condition))) or False
