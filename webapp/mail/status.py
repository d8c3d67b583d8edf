"""Outbox status: emails waiting, their age, and failures."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from ..core.db import database_clock
from ..core.extensions import db
from ..core.time import clock
from .leases import is_waiting
from .models import DEAD, DROPPED, QUEUED, SENDING, SENT, STATES, OutgoingEmail


def outbox_status() -> dict[str, Any]:
    """Return emails by state, the age of the oldest due one, failures in 24 hours, and when one was
    last sent.
    """
    now = database_clock.now()
    unended = (
        sa.select(
            OutgoingEmail.state, sa.func.count(), sa.func.count().filter(OutgoingEmail.attempts > 0)
        )
        .where(OutgoingEmail.state.in_((QUEUED, SENDING, DEAD)))
        .group_by(OutgoingEmail.state)
    )
    numbers = {state: (number, tried) for state, number, tried in db.session.execute(unended)}
    oldest = db.session.scalar(sa.select(sa.func.min(OutgoingEmail.due_at)).where(is_waiting(now)))
    last_sent = (
        sa.select(OutgoingEmail.ended_at)
        .where(OutgoingEmail.state == SENT)
        .order_by(OutgoingEmail.id.desc())
        .limit(1)
    )
    died = sa.select(sa.func.count()).where(
        OutgoingEmail.state == DEAD, OutgoingEmail.ended_at > now - timedelta(days=1)
    )
    return {
        "waiting": numbers.get(QUEUED, (0, 0))[0],
        "sending": numbers.get(SENDING, (0, 0))[0],
        "dead": numbers.get(DEAD, (0, 0))[0],
        "tried_in_vain": numbers.get(QUEUED, (0, 0))[1],
        "oldest_seconds": round((now - oldest).total_seconds()) if oldest else 0,
        "died_today": db.session.scalar(died) or 0,
        "last_sent_at": db.session.scalar(last_sent),
    }


def by_state() -> dict[str, int]:
    """Return the number of emails in each state; of those sent or dropped, only those due in the
    last 24 hours.
    """
    day_ago = database_clock.now() - timedelta(days=1)
    recent = sa.or_(OutgoingEmail.state.not_in((SENT, DROPPED)), OutgoingEmail.due_at > day_ago)
    counted = db.session.execute(
        sa.select(OutgoingEmail.state, sa.func.count().label("number"))
        .where(recent)
        .group_by(OutgoingEmail.state)
    )
    return dict.fromkeys(STATES, 0) | {row.state: row.number for row in counted}


def recently_sent_count(_user: Any = None) -> sa.ScalarSelect[int]:
    """Return how many emails that were due in the last 24 hours have been sent, as a subquery."""
    since = clock.now() - timedelta(days=1)
    sent = (OutgoingEmail.state == SENT, OutgoingEmail.due_at > since)
    return sa.select(sa.func.count()).where(*sent).scalar_subquery()
