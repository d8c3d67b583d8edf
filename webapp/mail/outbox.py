"""The outbox: an email's row commits with the change that caused it, or not at all."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from ..core.db.session import new_id, new_message_id
from ..core.extensions import db
from ..core.jobs import queue
from ..core.time import clock
from .models import DROPPED, SENT, OutgoingEmail


def enqueue_email(template: str, to: str, locale: str = "en", **ids: Any) -> OutgoingEmail:
    """An email from `template` to the address `to` goes out soon after the caller's transaction
    commits.

    `ids` are what the template's email function needs to find its words again: ids as strings,
    never words or secrets.
    """
    email = OutgoingEmail(
        # known without asking: all emails of a transaction travel to the database together
        id=new_id(),
        template=template,
        address=to,
        locale=locale,
        ids={name: str(value) for name, value in ids.items()},
        message_id=new_message_id(),
        due_at=clock.database_moment(),
    )
    db.session.add(email)
    wake(email.id, attempts=0)
    return email


def readdress(user_id: UUID, before: str, after: str, but: Collection[str]) -> None:
    """Emails to the person that have not gone out yet go to their new address, `but` those of
    these templates.
    """
    theirs = OutgoingEmail.address == before, OutgoingEmail.ids["user"].as_string() == str(user_id)
    waiting = OutgoingEmail.state.not_in((SENT, DROPPED)), OutgoingEmail.template.not_in(but)
    moved = sa.update(OutgoingEmail).where(*theirs, *waiting).values(address=after)
    db.session.execute(moved.execution_options(synchronize_session=False))


def wake(email_id: Any, attempts: int) -> None:
    """The queue is asked to deliver the email once this transaction has committed.

    The job's id counts the attempts: the job of a killed worker keeps its id, and must not be in
    the next one's way.
    """
    queue.enqueue("mail.deliver", str(email_id), job_id=f"email-{email_id}-{attempts}")
