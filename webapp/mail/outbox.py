"""The outbox: an email's row commits with the change that causes it, or not at all."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from ..core.db import database_clock
from ..core.db.base import new_id, new_message_id
from ..core.extensions import db
from ..core.jobs import queue
from .models import DROPPED, SENT, OutgoingEmail


def enqueue_email(template: str, to: str, locale: str = "en", **ids: Any) -> OutgoingEmail:
    """Send an email from `template` to the address `to`, soon after the caller's transaction
    commits.

    `ids` are what the template's function needs to collect the contents: ids as strings, or the
    path of a page, never texts or secrets.
    """
    email = OutgoingEmail(
        # set here, so that all emails of a transaction are inserted together
        id=new_id(),
        template=template,
        address=to,
        locale=locale,
        ids={name: str(value) for name, value in ids.items()},
        message_id=new_message_id(),
        due_at=database_clock.now_or_default(),
    )
    db.session.add(email)
    wake(email.id, attempts=0)
    return email


def readdress(user_id: UUID, before: str, after: str, but: Collection[str]) -> None:
    """Send the person's pending emails to their new address, except those of the templates
    `but`.
    """
    theirs = OutgoingEmail.address == before, OutgoingEmail.ids["user"].as_string() == str(user_id)
    waiting = OutgoingEmail.state.not_in((SENT, DROPPED)), OutgoingEmail.template.not_in(but)
    moved = sa.update(OutgoingEmail).where(*theirs, *waiting).values(address=after)
    db.session.execute(moved.execution_options(synchronize_session=False))


def wake(email_id: Any, attempts: int) -> None:
    """Queue the delivery after this transaction commits.

    The job's id contains the attempt: a killed worker's job keeps its id, and must not block the
    next.
    """
    queue.enqueue("mail.deliver", str(email_id), job_id=f"email-{email_id}-{attempts}")
