"""The demo as a whole: may it be made here, and in which order."""

import random

import sqlalchemy as sa
from flask_babel import gettext as _

from ...accounts.models import User
from ...core.errors import RuleBroken
from ...core.extensions import db
from ...events import subscriptions
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

#: The same community each time; only the days move along.
SEED = 20


def seed() -> people.Cast:
    """The community stands in this transaction, and no letter of it goes out."""
    chance = random.Random(SEED)  # noqa: S311 -- nothing here is secret
    cast = people.create(chance)
    groups = communities.create(cast, chance)
    portraits.create(cast, groups, random.Random(7))
    events = gatherings.create(cast, groups, chance)
    furnishing.create(cast, events, random.Random(31))  # noqa: S311 -- nor here
    agendas.create(cast, events[agendas.KEY])
    helping.create(cast, events)
    evenings.create(cast, groups, random.Random(43))  # noqa: S311 -- nor here
    questions.create(cast, groups, chance)
    invitations.create(cast, groups)
    letters.create(events)
    conversations.create(cast, groups, random.Random(11))
    outside.create(cast, groups)
    outcomes.create(cast)
    keepsakes.create(cast, events, random.Random(12))  # noqa: S311 -- nor here
    choices.create(cast, groups)
    neighbours.create(cast, people.MEMBER, random.Random(24))  # noqa: S311 -- nor here
    papers.create(cast)
    subscriptions.make(cast[people.MEMBER], None)
    reports.create(cast, groups, events)
    gatherings.tell()
    quiet.hush()
    return cast


def refuse_here(production: bool, force: bool) -> None:
    """Returns when the demo may be made. Raises RuleBroken where it stands, and unless `force` among people or in production."""
    if _exists(User.email.endswith(f"@{people.DOMAIN}")):
        raise RuleBroken(_("The demo stands here already."))
    if force:
        return
    if production:
        raise RuleBroken(
            _("This is a production site, and the demo has an admin whose password everybody knows. --force makes it.")
        )
    if _exists(sa.true()):
        raise RuleBroken(_("People have accounts here already. --force puts the demo beside them."))


def _exists(condition: sa.ColumnElement[bool]) -> bool:
    return db.session.scalar(sa.select(sa.exists().where(User.id.is_not(None), condition))) or False
