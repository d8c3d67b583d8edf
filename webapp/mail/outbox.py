"""The outbox: a letter's row commits with the change that caused it, or not at all."""

from typing import Any

from ..core import clock, queue
from ..core.database import new_id
from ..core.extensions import db
from ..core.ids import new_message_id
from .models import Letter


def post(template: str, to: str, locale: str = "en", **ids: Any) -> Letter:
    """A letter from `template` to the address `to` goes out soon after the caller's transaction commits.

    `ids` are what the template's letter function needs to find its words again: ids as strings, never words or secrets.
    """
    letter = Letter(
        id=new_id(),  # known without asking: all letters of a transaction travel to the database together
        template=template,
        address=to,
        locale=locale,
        ids={name: str(value) for name, value in ids.items()},
        message_id=new_message_id(),
        due_at=clock.database_moment(),
    )
    db.session.add(letter)
    wake(letter.id, attempts=0)
    return letter


def wake(letter_id: Any, attempts: int) -> None:
    """The queue is asked to deliver the letter once this transaction has committed.

    The job's id counts the attempts: the job of a killed worker keeps its id, and must not stand in the next one's way.
    """
    queue.enqueue("mail.deliver", str(letter_id), job_id=f"letter-{letter_id}-{attempts}")
