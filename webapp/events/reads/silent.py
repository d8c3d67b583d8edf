"""The members of an event's group who have neither answered nor been invited, for whoever would
invite some of them.
"""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from ...accounts.models import User
from ...core.extensions import db
from ...core.text import containing, folded
from .. import inviting
from ..models import Event, EventNews

#: So many are shown beside those who are chosen.
SHOWN = 40


def members_called(
    event: Event, by: User, words: str, chosen: Sequence[UUID]
) -> tuple[list[User], bool]:
    """Those who are chosen, then those whom the words find, by name; and whether there are more
    than are shown. One statement.
    """
    is_chosen = User.id.in_(chosen)
    called = sa.and_(
        *(User.search_text.like(containing(word), escape="\\") for word in folded(words).split()),
        sa.true(),
    )
    wanted = inviting.silent_members(event, EventNews(event_id=event.id, by_id=by.id)).where(
        sa.or_(is_chosen, called)
    )
    first = sa.case((is_chosen, 0), else_=1)
    most = SHOWN + len(chosen)
    found = list(
        db.session.scalars(wanted.order_by(first, User.search_text, User.id).limit(most + 1))
    )
    return found[:most], len(found) > most
