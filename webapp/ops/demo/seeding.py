"""The demo as a whole: may it be made here, and in which order."""

import random
from collections.abc import Callable

import sqlalchemy as sa
from flask_babel import gettext as _

from ...accounts.models import User
from ...core.errors import RuleBroken
from ...core.extensions import db
from ...events.calendar import subscriptions
from . import (
    agendas,
    choices,
    communities,
    conversations,
    evenings,
    furnishing,
    gatherings,
    helping,
    invitations,
    keepsakes,
    letters,
    neighbours,
    outcomes,
    outside,
    papers,
    people,
    portraits,
    questions,
    quiet,
    reports,
)

Step = Callable[[], object]
#: The same community each time; only the days move along.
SEED = 20


def seed(kept: Callable[[], None]) -> people.Cast:
    """Create the community, and no email of it is sent.

    `kept` is called after each step, and may commit it.
    """

    def done() -> None:
        gatherings.tell()  # now, or a site that runs beside us would do it, by email
        quiet.hush()
        kept()

    chance = random.Random(SEED)  # noqa: S311 -- nothing here is secret
    cast = people.create(chance)
    groups = communities.create(cast, chance)
    done()
    portraits.create(cast, groups, random.Random(7))
    done()
    events = gatherings.create(cast, groups, chance)
    done()
    for step in _steps(cast, groups, events, chance):
        step()
        done()
    return cast


def _steps(
    cast: people.Cast, groups: communities.Groups, events: gatherings.Events, chance: random.Random
) -> list[Step]:
    """Return what happens in the community, in order."""
    return [
        lambda: furnishing.create(cast, events, random.Random(31)),  # noqa: S311 -- nor here
        lambda: agendas.create(cast, events[agendas.KEY]),
        lambda: helping.create(cast, events),
        lambda: evenings.create(cast, groups, random.Random(43)),  # noqa: S311 -- nor here
        lambda: questions.create(cast, groups, chance),
        lambda: invitations.create(cast, groups),
        lambda: letters.create(events),
        lambda: conversations.create(cast, groups, random.Random(11)),
        lambda: outside.create(cast, groups),
        lambda: outcomes.create(cast),
        lambda: keepsakes.create(cast, events, random.Random(12)),  # noqa: S311 -- nor here
        lambda: choices.create(cast, groups),
        lambda: neighbours.create(cast, people.MEMBER, random.Random(24)),  # noqa: S311 -- nor here
        lambda: papers.create(cast),
        lambda: subscriptions.make(cast[people.MEMBER], None),
        lambda: reports.create(cast, groups, events),
    ]


def refuse_here(production: bool, force: bool) -> None:
    """Returns when the demo may be made.

    Raises RuleBroken where it stands, and unless `force` among people or in production.
    """
    if _exists(User.email.endswith(f"@{people.DOMAIN}")):
        raise RuleBroken(_("The demo stands here already."))
    if force:
        return
    if production:
        raise RuleBroken(
            _(
                "This is a production site, and the demo has an admin whose password everybody "
                "knows. --force makes it."
            )
        )
    if _exists(sa.true()):
        raise RuleBroken(_("People have accounts here already. --force puts the demo beside them."))


def _exists(condition: sa.ColumnElement[bool]) -> bool:
    return db.session.scalar(sa.select(sa.exists().where(User.id.is_not(None), condition))) or False
