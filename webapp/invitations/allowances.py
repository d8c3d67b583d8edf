"""How many addresses one account may invite in 24 hours, to groups and events together.

New accounts may invite few: those that were made to send spam are found within days.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _, ngettext

from ..accounts.models import User
from ..core.extensions import db
from ..core.http.errors import UserError
from ..core.time import clock
from .models import Mailing

DAY = timedelta(days=1)
#: Age of an account, from its confirmation -> addresses a day until then; MOST for older accounts
#: and admins.
BY_AGE = ((DAY, 10), (timedelta(days=7), 50), (timedelta(days=30), 200))
MOST = 500


def _to_groups(user: User, since: datetime) -> sa.ScalarSelect[int]:
    sent = sa.select(sa.func.coalesce(sa.func.sum(Mailing.number), 0))
    return sent.where(Mailing.by_id == user.id, Mailing.created_at > since).scalar_subquery()


#: How many addresses someone has invited since then, by what to; features add theirs.
COUNTED: dict[str, Callable[[User, datetime], sa.ScalarSelect[int]]] = {"groups": _to_groups}


def most_a_day(user: User) -> int:
    """Return how many addresses the account may invite in 24 hours."""
    if user.is_admin:
        return MOST
    age = clock.now() - (user.verified_at or clock.now())
    return next((most for until, most in BY_AGE if age < until), MOST)


def sent_today(user: User) -> int:
    """Return how many addresses the account has invited in the last 24 hours."""
    since = clock.now() - DAY
    counts = sa.select(*(count(user, since) for count in COUNTED.values()))
    return sum(db.session.execute(counts).one())


def refuse_more(user: User, number: int) -> None:
    """Raises UserError if the account can't invite so many more addresses today.

    The caller has locked the account.
    """
    most = most_a_day(user)
    left = most - sent_today(user)
    if number > left:
        sentence = too_many_today(most, left)
        if most < MOST:
            sentence += " " + _("The number grows with the age of your account.")
        raise UserError(sentence, "addresses")


def too_many_today(most: int, left: int) -> str:
    """Return the message for more addresses than can be invited in 24 hours."""
    return ngettext(
        "You can invite up to %(most)s addresses a day. You have %(num)s left for now. Invite the "
        "others tomorrow.",
        "You can invite up to %(most)s addresses a day. You have %(num)s left for now. Invite the "
        "others tomorrow.",
        max(0, left),
        most=most,
    )
