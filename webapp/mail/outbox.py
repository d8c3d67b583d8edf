"""The outbox: a letter's row commits with the change that caused it, or not at all."""

from typing import Any

from ..core import clock
from ..core.extensions import db
from ..core.ids import new_message_id
from .models import Letter


def post(template: str, to: str, locale: str = "en", **ids: Any) -> Letter:
    """A letter from `template` to the address `to` goes out soon after the caller's transaction commits.

    `ids` are what the template's letter function needs to find its words again: ids as strings, never words or secrets.
    """
    letter = Letter(
        template=template,
        address=to,
        locale=locale,
        ids={name: str(value) for name, value in ids.items()},
        message_id=new_message_id(),
        due_at=clock.now(),
    )
    db.session.add(letter)
    db.session.flush()
    return letter
